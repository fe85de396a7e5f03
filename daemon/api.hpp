// Questions and answers, apart from how they travel: the HTTP endpoint and the command line both ask here.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/current.hpp"
#include "core/json.hpp"
#include "core/result.hpp"
#include "core/screening.hpp"
#include "core/time.hpp"
#include "daemon/config.hpp"
#include "daemon/scheduler.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

struct ApiRequest {
  std::string method = "GET";
  std::string path;                               // "/v1/changes/abc", percent-decoded
  std::multimap<std::string, std::string> query;  // decoded
  std::string content_type;
  std::string last_event_id;  // of a stream that is taken up again
  std::string base_url;       // how the asker reaches us, "http://127.0.0.1:8744"; for links in feeds
  std::string body;
};

// A body made piece by piece, for answers too large to hold (exports) or without an end (streams).
// Used by one thread at a time; it may hold a snapshot, so it is not kept longer than the transfer.
class BodySource {
 public:
  enum class After {
    more,  // ask again once this piece is on its way
    wait,  // nothing more for now: ask again when something was committed, or for a sign of life
    end,
    failed  // the body cannot be completed: the transfer is cut, so that nobody takes the part for the whole
  };
  struct Piece {
    std::string bytes;  // may be empty
    After after = After::end;
  };
  virtual ~BodySource() = default;
  [[nodiscard]] virtual Piece next() = 0;
};

// What an answer rests on when it rests on nothing else: it may be given again while both stand.
struct Standing {
  std::uint64_t state = 0;  // of the archive
  Date day{};               // in UTC
};

struct ApiResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<BodySource> source;  // when set, the body comes from it and `body` is empty
  std::optional<Standing> stands;      // absent: to be asked for anew every time
};

// What the API may do beside reading the archive. An absent one (empty function) is answered 409: this
// needs the daemon, or a database opened for writing. `archive_actions` (api_actions.hpp) fills what needs
// the archive alone.
struct ApiActions {
  std::function<PollRequest(std::string_view source)> poll_now;
  // not_found: no such delivery; invalid_argument: it is not dead.
  std::function<Result<void>(std::string_view delivery_id)> redeliver;
  // not_found: nothing is held for this source.
  std::function<Result<void>(std::string_view source)> release_hold;
  std::function<Result<void>(std::string_view name, std::string_view json)> put_subscription;
  std::function<Result<bool>(std::string_view name)> delete_subscription;
  std::function<std::vector<ScreenHit>(const ScreenQuery&)> screen;  // absent: an index of its own
  // unavailable: one is being sent already.
  std::function<Result<std::shared_ptr<BodySource>>()> backup;
  std::function<bool()> healthy;              // absent: healthy
  std::function<bool()> ready;                // whether the database works; absent: it does
  std::function<std::string()> more_metrics;  // Prometheus text of other parts, appended to /metrics
};

struct ApiMemory;

// Thread safe: each call takes a snapshot of its own.
class Api {
 public:
  // The archive and the clock outlive the Api.
  Api(const storage::Archive& archive, Config config, const Clock& clock, ApiActions actions);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  [[nodiscard]] ApiResponse handle(const ApiRequest& request) const;
  // Whether the same question would be answered the same now. Quick.
  [[nodiscard]] bool stands(const Standing& standing) const;
  // SIGHUP: answers from now on speak of this configuration.
  void reconfigure(Config config);

 private:
  const storage::Archive& archive_;
  const Clock& clock_;
  const ApiActions actions_;
  Current<Config> config_;
  const std::unique_ptr<ApiMemory> memory_;
};

// RFC 9457.
[[nodiscard]] ApiResponse problem(int status, std::string_view title, std::string_view detail);

}  // namespace entitywatch::daemon
