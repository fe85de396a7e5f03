// One way in for the command line: through the running daemon's endpoint when there is one, else straight
// to the archive. The same question gets the same answer either way.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "daemon/api.hpp"
#include "daemon/config.hpp"

namespace entitywatch::daemon {

class Door {
 public:
  enum class Access { read, write };
  // Through the daemon that holds the database, when one does and answers. To read, else the archive beside
  // whoever holds it; to write, the archive when nobody holds it.
  [[nodiscard]] static Result<std::unique_ptr<Door>> open(const Config& config, const Clock& clock, Access access);
  virtual ~Door() = default;
  // An answer of any status; Error when none came.
  [[nodiscard]] virtual Result<ApiResponse> ask(const ApiRequest& request) = 0;
  // As ask, handing over a long body piece by piece; `take` gets nothing unless the status is 200.
  [[nodiscard]] virtual Result<ApiResponse> stream(const ApiRequest& request, const std::function<void(std::string_view)>& take) = 0;
};

}  // namespace entitywatch::daemon
