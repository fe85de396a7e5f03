#include "daemon/door.hpp"

#include <curl/curl.h>
#include <unistd.h>

#include <fstream>

#include "core/text.hpp"
#include "daemon/api_actions.hpp"
#include "daemon/curl_handle.hpp"
#include "daemon/database_path.hpp"
#include "daemon/http_access.hpp"
#include "storage/archive.hpp"
#include "storage/directory.hpp"

namespace entitywatch::daemon {
namespace {

class ArchiveDoor final : public Door {
 public:
  ArchiveDoor(std::unique_ptr<storage::Archive> archive, const Config& config, const Clock& clock, Access access)
      : archive_(std::move(archive)), api_(*archive_, config, clock, access == Access::write ? archive_actions(*archive_, clock) : ApiActions{}) {}

  Result<ApiResponse> ask(const ApiRequest& request) override { return api_.handle(request); }

  Result<ApiResponse> stream(const ApiRequest& request, const std::function<void(std::string_view)>& take) override {
    ApiResponse response = api_.handle(request);
    if (response.status != 200) return response;
    if (!response.source) {
      take(response.body);
      return response;
    }
    for (;;) {
      const BodySource::Piece piece = response.source->next();
      if (piece.after == BodySource::After::failed)
        return fail(ErrorCode::damaged, "the answer broke off: a record could not be read; `entitywatch verify` says which");
      take(piece.bytes);
      if (piece.after != BodySource::After::more) return response;
    }
  }

 private:
  std::unique_ptr<storage::Archive> archive_;
  Api api_;
};

std::string escaped(CURL* easy, const std::string& text) {
  char* raw = curl_easy_escape(easy, text.c_str(), static_cast<int>(text.size()));
  std::string out = raw == nullptr ? "" : raw;
  curl_free(raw);
  return out;
}

// The path with each segment escaped, and the query.
std::string target_of(CURL* easy, const ApiRequest& request) {
  std::string out;
  for (const std::string& segment : text::split(request.path.substr(1), '/')) out += '/' + escaped(easy, segment);
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    out += separator + escaped(easy, name) + '=' + escaped(easy, value);
    separator = '&';
  }
  return out;
}

struct Receiving {
  CURL* easy;
  const std::function<void(std::string_view)>* take;
  std::string body;  // of answers other than 200, and of all when nobody takes
};

std::size_t receive(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& to = *static_cast<Receiving*>(user);
  long status = 0;
  curl_easy_getinfo(to.easy, CURLINFO_RESPONSE_CODE, &status);
  const std::string_view piece(bytes, size * count);
  if (to.take != nullptr && status == 200) {
    (*to.take)(piece);
  } else {
    to.body += piece;
  }
  return size * count;
}

class DaemonDoor final : public Door {
 public:
  explicit DaemonDoor(const Config& config) : access_(http_access(config)) {
    const std::string& listen = config.daemon.listen;
    if (listen.starts_with("unix:")) {
      socket_ = listen.substr(5);
      base_ = "http://localhost";
    } else {
      base_ = "http://" + listen;
    }
  }

  Result<ApiResponse> ask(const ApiRequest& request) override { return transfer(request, nullptr); }
  Result<ApiResponse> stream(const ApiRequest& request, const std::function<void(std::string_view)>& take) override { return transfer(request, &take); }

 private:
  Result<ApiResponse> transfer(const ApiRequest& request, const std::function<void(std::string_view)>* take) {
    CurlSession session;
    session.reset();
    CURL* easy = session.easy();
    const std::string url = base_ + target_of(easy, request);
    Receiving receiving{easy, take, {}};
    CurlList headers;
    if (!request.content_type.empty()) headers.append("Content-Type: " + request.content_type);
    if (const Token* token = widest_token()) headers.append("Authorization: Bearer " + token->secret);
    set_option(easy, CURLOPT_URL, url.c_str());
    set_option(easy, CURLOPT_PROXY, "");
    set_option(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (request.method == "POST") {
      set_option(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
      set_option(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    set_option(easy, CURLOPT_HTTPHEADER, headers.get());
    if (!socket_.empty()) set_option(easy, CURLOPT_UNIX_SOCKET_PATH, socket_.c_str());
    set_option(easy, CURLOPT_CONNECTTIMEOUT_MS, 5'000L);
    set_option(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set_option(easy, CURLOPT_LOW_SPEED_TIME, 60L);
    set_option(easy, CURLOPT_WRITEFUNCTION, &receive);
    set_option(easy, CURLOPT_WRITEDATA, static_cast<void*>(&receiving));
    const CURLcode code = session.run({});
    if (code != CURLE_OK)
      return fail(ErrorCode::unavailable, "a running daemon holds the database, but does not answer at " + base_ + ": " + session.failure(code));
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    ApiResponse response;
    response.status = static_cast<int>(status);
    response.body = std::move(receiving.body);
    return response;
  }

  // The first that may write, else the first.
  [[nodiscard]] const Token* widest_token() const {
    for (const Token& token : access_.tokens)
      if (token.scope == Token::Scope::write) return &token;
    return access_.tokens.empty() ? nullptr : &access_.tokens.front();
  }

  const HttpAccess access_;
  std::string base_;
  std::string socket_;
};

// Whether another process has the database open for writing. Reading beside it is possible, but it knows more:
// what its sources do, and what it committed since.
bool is_held_elsewhere(const std::string& directory) {
  const auto holder = storage::lock_holder(directory + "/LOCK");
  return holder && *holder != ::getpid();
}

bool answers(Door& door) {
  ApiRequest probe;
  probe.path = "/readyz";
  const auto response = door.ask(probe);
  return response && response->status == 200 && response->body.find("\"ready\"") != std::string::npos;
}

}  // namespace

Result<std::unique_ptr<Door>> Door::open(const Config& config, const Clock& clock, Access access) {
  // A command that writes for a while (backfill, replay) holds it too, and serves nobody.
  if (access == Access::read && is_held_elsewhere(database_directory(config))) {
    auto daemon = std::make_unique<DaemonDoor>(config);
    if (answers(*daemon)) return daemon;
  }
  storage::ArchiveOptions options;
  options.directory = database_directory(config);
  options.must_exist = true;
  options.read_only = access == Access::read;
  auto archive = storage::Archive::open(options);
  if (archive) return std::make_unique<ArchiveDoor>(std::move(*archive), config, clock, access);
  if (archive.error().code == ErrorCode::in_use) return std::make_unique<DaemonDoor>(config);
  return tl::unexpected(archive.error());
}

}  // namespace entitywatch::daemon
