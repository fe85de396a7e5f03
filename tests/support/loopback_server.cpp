#include "tests/support/loopback_server.hpp"

#include <httplib.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace entitywatch::test {
namespace {

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

LoopbackRequest copy_of(const httplib::Request& from) {
  LoopbackRequest request;
  request.method = from.method;
  request.path = from.path;
  request.target = from.target;
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  for (const auto& [name, value] : from.headers) request.headers.emplace(lower(name), value);
  request.body = from.body;
  return request;
}

}  // namespace

std::string LoopbackRequest::header(const std::string& lower_case_name) const {
  const auto at = headers.find(lower_case_name);
  return at == headers.end() ? std::string() : at->second;
}

class LoopbackServer::Impl {
 public:
  Impl() {
    server_.set_tcp_nodelay(true);
    server_.set_keep_alive_timeout(1);
    server_.set_keep_alive_max_count(10'000);
    const auto handler = [this](const httplib::Request& from, httplib::Response& to) { answer(from, to); };
    server_.Get(".*", handler);
    server_.Post(".*", handler);
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ <= 0) throw std::runtime_error("no free port on 127.0.0.1");
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    server_.wait_until_ready();
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    ended_.notify_all();
    server_.stop();
  }

  void set(const std::string& path, Handler handler) {
    const std::lock_guard lock(mutex_);
    if (handler)
      handlers_[path] = std::move(handler);
    else
      handlers_.erase(path);
  }

  template <class Count>
  auto under_lock(Count&& count) const {
    const std::lock_guard lock(mutex_);
    return count();
  }

  int port_ = 0;
  std::vector<LoopbackRequest> requests_;
  std::map<std::string, std::size_t> not_modified_;
  std::set<int> client_ports_;

 private:
  void answer(const httplib::Request& from, httplib::Response& to) {
    LoopbackRequest request = copy_of(from);
    Handler handler;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      client_ports_.insert(from.remote_port);
      if (const auto at = handlers_.find(request.path); at != handlers_.end()) handler = at->second;
    }
    LoopbackAnswer answer;
    if (handler)
      answer = handler(request);
    else
      answer.status = 404;
    to.status = answer.status;
    for (const auto& [name, value] : answer.headers) to.set_header(name, value);
    if (!answer.etag.empty()) {
      to.set_header("ETag", answer.etag);
      if (request.header("if-none-match") == answer.etag) {
        to.status = 304;
        const std::lock_guard lock(mutex_);
        ++not_modified_[request.path];
        return;
      }
    }
    send(std::move(answer), to);
  }

  void send(LoopbackAnswer answer, httplib::Response& to) {
    const auto body = std::make_shared<std::string>(std::move(answer.body));
    switch (answer.transfer) {
      case Transfer::whole:
        to.set_content(*body, answer.content_type);
        break;
      case Transfer::chunked:
        to.set_chunked_content_provider(
            answer.content_type, [body](std::size_t offset, httplib::DataSink& sink) {
              const std::size_t size =
                  std::min<std::size_t>(std::max<std::size_t>(body->size() / 3, 1), body->size() - offset);
              sink.write(body->data() + offset, size);
              if (offset + size >= body->size()) sink.done();
              return true;
            });
        break;
      case Transfer::unannounced:
        to.set_content_provider(answer.content_type, [body](std::size_t, httplib::DataSink& sink) {
          sink.write(body->data(), body->size());
          sink.done();
          return true;
        });
        break;
      case Transfer::cut:
        to.set_content_provider(body->size() * 2, answer.content_type,
                                [body](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                  if (offset > 0) return false;
                                  sink.write(body->data(), body->size());
                                  return true;
                                });
        break;
      case Transfer::stalled:
        to.set_content_provider(body->size(), answer.content_type,
                                [this, body](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                  if (offset == 0)
                                    return sink.write(body->data(),
                                                      std::max<std::size_t>(body->size() / 2, 1));
                                  std::unique_lock lock(mutex_);
                                  ended_.wait(lock, [this] { return ending_; });
                                  return false;
                                });
        break;
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool ending_ = false;
  std::map<std::string, Handler> handlers_;
  httplib::Server server_;
  std::jthread thread_;
};

LoopbackServer::LoopbackServer() : impl_(std::make_unique<Impl>()) {}
LoopbackServer::~LoopbackServer() = default;

void LoopbackServer::set(const std::string& path, LoopbackAnswer answer) {
  impl_->set(path, [answer = std::move(answer)](const LoopbackRequest&) { return answer; });
}
void LoopbackServer::set(const std::string& path, Handler handler) { impl_->set(path, std::move(handler)); }
void LoopbackServer::remove(const std::string& path) { impl_->set(path, Handler{}); }

std::string LoopbackServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(impl_->port_) + path;
}
int LoopbackServer::port() const { return impl_->port_; }
std::size_t LoopbackServer::hits() const {
  return impl_->under_lock([&] { return impl_->requests_.size(); });
}
std::size_t LoopbackServer::hits(const std::string& path) const {
  return impl_->under_lock([&] {
    std::size_t n = 0;
    for (const LoopbackRequest& r : impl_->requests_) n += r.path == path ? 1U : 0U;
    return n;
  });
}
std::size_t LoopbackServer::not_modified(const std::string& path) const {
  return impl_->under_lock([&] {
    const auto at = impl_->not_modified_.find(path);
    return at == impl_->not_modified_.end() ? std::size_t{0} : at->second;
  });
}
std::vector<LoopbackRequest> LoopbackServer::requests() const {
  return impl_->under_lock([&] { return impl_->requests_; });
}
std::size_t LoopbackServer::connections() const {
  return impl_->under_lock([&] { return impl_->client_ports_.size(); });
}
void LoopbackServer::forget_requests() {
  impl_->under_lock([&] {
    impl_->requests_.clear();
    impl_->not_modified_.clear();
    impl_->client_ports_.clear();
    return 0;
  });
}

}  // namespace entitywatch::test
