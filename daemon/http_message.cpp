#include "daemon/http_message.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <cstring>

#include "core/text.hpp"
#include "daemon/http_response.hpp"
#include "daemon/version.hpp"

namespace entitywatch::daemon {
namespace {

// The header of a request that is already here, and the answer as it is written.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string input) : input_(std::move(input)) {}
  bool is_readable() const override { return at_ < input_.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t n = std::min(size, input_.size() - at_);
    std::memcpy(to, input_.data() + at_, n);
    at_ += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, std::size_t size) override {
    output_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  // There is none. The library asks only whether the number fits its select().
  socket_t socket() const override { return 0; }
  [[nodiscard]] std::string take() { return std::move(output_); }

 private:
  std::string input_;
  std::size_t at_ = 0;
  std::string output_;
};

bool is_field_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

std::string base_url(const httplib::Request& request) {
  const std::string host = request.get_header_value("Host");
  return "http://" + (host.empty() ? std::string("localhost") : host);
}

}  // namespace

// Reaches the library's reader and writer of messages, which it keeps for servers that derive from it.
class HttpMessages::Library final : public httplib::Server {
 public:
  explicit Library(const Api& api) : api_(api) {
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      handle(request, response);
      return HandlerResponse::Handled;
    });
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.has_header("Content-Type")) return HandlerResponse::Unhandled;
      const ApiResponse refused =
          problem(response.status, "Bad Request", "the request line or a header field could not be read");
      response.set_content(refused.body, refused.content_type);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      response.headers.erase("Keep-Alive");
      if (response.status == 204 || response.status == 304) response.headers.erase("Content-Length");
    });
    set_exception_handler([this](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
      const ApiResponse failed =
          problem(500, "Internal Server Error",
                  "the question could not be answered; the log of the daemon may say why");
      turn_.source.reset();
      turn_.stands.reset();
      response.status = failed.status;
      response.set_content(failed.body, failed.content_type);
    });
  }

  HttpAnswer answer(std::string_view request, const Frame& frame, const Peer& peer,
                    const HttpAccess& access) {
    const std::string_view header = request.substr(0, frame.header_size);
    turn_ = Turn{&peer,
                 &access,
                 std::string(field(header, "accept-encoding")),
                 std::string(field(header, "content-encoding")),
                 body_of(request, frame),
                 nullptr,
                 header.substr(0, header.find("\r\n")).ends_with("1.1"),
                 false,
                 400,
                 std::nullopt};
    MemoryStream stream(without_transfer_fields(header));
    bool closed = false;
    process_request(stream, peer.client, 0, peer.local, 0, !frame.keep_alive, closed, nullptr);
    const bool ends_by_closing = turn_.source && !turn_.http_1_1;
    return HttpAnswer{turn_.status,   stream.take(),   std::move(turn_.source),
                      turn_.http_1_1, turn_.is_stream, frame.keep_alive && !ends_by_closing,
                      turn_.stands};
  }

 private:
  // What belongs to the one request in hand.
  struct Turn {
    const Peer* peer = nullptr;
    const HttpAccess* access = nullptr;
    std::string accept_encoding;
    std::string content_encoding;
    std::string body;
    std::shared_ptr<BodySource> source;
    bool http_1_1 = true;
    bool is_stream = false;
    int status = 400;
    std::optional<Standing> stands;
  };

  ApiResponse ask(const httplib::Request& request) {
    const RequestOrigin origin{request.method,
                               request.path,
                               request.get_header_value("Host"),
                               request.get_header_value("Origin"),
                               request.get_header_value("Sec-Fetch-Site"),
                               request.get_header_value("Authorization"),
                               turn_.peer->local,
                               turn_.peer->listen_host};
    if (auto refused = refuse(*turn_.access, origin)) return std::move(*refused);
    if (!turn_.content_encoding.empty() && !text::equals_ignoring_case(turn_.content_encoding, "identity"))
      return problem(415, "Unsupported Media Type", "send the body as it is, without Content-Encoding");
    ApiRequest question;
    question.method = request.method;
    question.path = request.path;
    question.query = request.params;
    question.content_type = request.get_header_value("Content-Type");
    question.last_event_id = request.get_header_value("Last-Event-ID");
    question.base_url = base_url(request);
    question.body = std::move(turn_.body);
    return api_.handle(question);
  }

  void handle(const httplib::Request& request, httplib::Response& response) {
    ApiResponse answer = finish_response(
        ask(request), {request.method, request.get_header_value("If-None-Match"), turn_.accept_encoding});
    turn_.status = response.status = answer.status;
    turn_.stands = answer.stands;
    response.set_header("Server", fmt::format("entitywatch/{}", version));
    for (const auto& [name, value] : answer.headers)
      if (is_field_value(value)) response.set_header(name, value);
    const std::string type =
        is_field_value(answer.content_type) ? answer.content_type : "application/octet-stream";
    if (!answer.source) {
      if (!answer.body.empty() || !type.empty()) response.set_content(std::move(answer.body), type);
      return;
    }
    turn_.is_stream = type == "text/event-stream";
    if (request.method != "HEAD") turn_.source = std::move(answer.source);
    // The library writes the head; the body is ours to send, piece by piece, from outside this call.
    const auto no_body = [](std::size_t, httplib::DataSink&) { return false; };
    if (turn_.http_1_1) {
      response.set_chunked_content_provider(type, no_body);
    } else {
      response.set_content_provider(type, no_body);
    }
  }

  const Api& api_;
  Turn turn_;
};

HttpMessages::HttpMessages(const Api& api) : library_(std::make_unique<Library>(api)) {}

HttpMessages::~HttpMessages() = default;

HttpAnswer HttpMessages::answer(std::string_view request, const Frame& frame, const Peer& peer,
                                const HttpAccess& access) {
  return library_->answer(request, frame, peer, access);
}

std::string plain_refusal(int status, std::string_view title, std::string_view detail) {
  const ApiResponse refused = problem(status, title, detail);
  return fmt::format(
      "HTTP/1.1 {} {}\r\nServer: entitywatch/{}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}Connection: "
      "close\r\n\r\n{}",
      status, title, version, refused.content_type, refused.body.size(),
      status == 503 ? "Retry-After: 1\r\n" : "", refused.body);
}

}  // namespace entitywatch::daemon
