#include "daemon/cli_ask.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "core/json.hpp"
#include "core/text.hpp"

namespace entitywatch::daemon {

int with_door(const Config& config, Door::Access access, const std::function<int(Door&)>& what) {
  const SystemClock clock;
  const auto door = Door::open(config, clock, access);
  if (!door) return report(door.error());
  return what(**door);
}

int with_door(const CommandOptions& options, Door::Access access, const std::function<int(Door&)>& what) {
  const auto config = configuration(options);
  if (!config) return report(config.error());
  return with_door(*config, access, what);
}

int ask(Door& door, const ApiRequest& request, const std::function<int(const ApiResponse&)>& good) {
  const auto response = door.ask(request);
  if (!response) return report(response.error());
  return response->status < 400 ? good(*response) : refused(*response);
}

int ask(const CommandOptions& options, Door::Access access, const ApiRequest& request,
        const std::function<int(const ApiResponse&)>& good) {
  return with_door(options, access, [&](Door& door) { return ask(door, request, good); });
}

int refused(const ApiResponse& response) {
  const Json problem = Json::parse(response.body, nullptr, false);
  const auto words = [&](const char* key) {
    return problem.is_object() && problem.contains(key) && problem[key].is_string()
               ? problem[key].get<std::string>()
               : std::string();
  };
  std::string said = words("detail");
  if (said.empty()) said = words("title");
  if (said.empty()) said = text::excerpt(response.body, 200);
  fmt::print(stderr, "entitywatch: {}\n", text::sanitize(said));
  return response.status == 404 || response.status == 400 ? 2 : 1;
}

}  // namespace entitywatch::daemon
