#include "daemon/api.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"
#include "daemon/api_params.hpp"
#include "daemon/api_route.hpp"

namespace entitywatch::daemon {
namespace {

using Segments = std::vector<std::string>;

// The values of {…} when the path has the pattern's shape. A literal segment is never taken for a value where
// the table has a route that spells it out: those stand first or have another length.
std::optional<Segments> match(const Segments& pattern, const Segments& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  Segments values;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!pattern[i].empty() && pattern[i].front() == '{') {
      if (path[i].empty()) return std::nullopt;
      values.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return values;
}

const std::vector<Segments>& patterns() {
  static const std::vector<Segments> table = [] {
    std::vector<Segments> out;
    for (const Route& route : routes()) out.push_back(text::split(route.pattern, '/'));
    return out;
  }();
  return table;
}

struct Found {
  const Route* route = nullptr;
  std::vector<std::string> values;
  std::vector<std::string> other_methods;  // that the path knows when it does not know the one asked for
};

Found find_route(std::string_view method, std::string_view path) {
  Found out;
  const Segments given = text::split(path, '/');
  for (std::size_t i = 0; i < routes().size(); ++i) {
    auto values = match(patterns()[i], given);
    if (!values) continue;
    const Route& route = routes()[i];
    if (route.method == method) return {&route, std::move(*values), {}};
    out.other_methods.emplace_back(route.method);
    if (route.method == "GET") out.other_methods.emplace_back("HEAD");
  }
  return out;
}

ApiResponse not_routed(const ApiRequest& request, std::vector<std::string> methods) {
  if (methods.empty())
    return problem(404, "Not Found",
                   "there is nothing at " + text::excerpt(text::sanitize(request.path), 120) +
                       "; /openapi.json lists what is there");
  std::sort(methods.begin(), methods.end());
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  const std::string allowed = text::join(methods, ", ");
  ApiResponse out = problem(405, "Method Not Allowed", "here you may use " + allowed);
  out.headers.emplace_back("Allow", allowed);
  return out;
}

// Ids are hexadecimal, numbers and names are short and printable: anything else names nothing.
bool is_plausible(const std::string& value) {
  return value.size() <= 200 && std::none_of(value.begin(), value.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

}  // namespace

Api::Api(const storage::Archive& archive, Config config, const Clock& clock, ApiActions actions)
    : archive_(archive),
      clock_(clock),
      actions_(std::move(actions)),
      config_(std::make_shared<const Config>(std::move(config))),
      memory_(std::make_unique<ApiMemory>()) {}

Api::~Api() = default;

void Api::reconfigure(Config config) { config_.set(std::make_shared<const Config>(std::move(config))); }

ApiResponse Api::handle(const ApiRequest& request) const {
  Found found = find_route(request.method == "HEAD" ? "GET" : request.method, request.path);
  if (found.route == nullptr) return not_routed(request, std::move(found.other_methods));
  for (const std::string& value : found.values)
    if (!is_plausible(value)) return not_found("resource", value);
  if (const auto checked = check_parameters(request, *found.route); !checked)
    return problem_of(checked.error());
  // Before the snapshot is taken: what a commit in between adds is then in the answer, which counts as older.
  const std::uint64_t state = archive_.state();
  const auto reader = archive_.reader();
  return found.route->handle(Ask{request, archive_, *reader, config_.get(), actions_, clock_, *memory_,
                                 clock_.now(), std::move(found.values), state});
}

bool Api::stands(const Standing& standing) const {
  return archive_.state() == standing.state &&
         std::chrono::floor<std::chrono::days>(clock_.now()) == standing.day;
}

}  // namespace entitywatch::daemon
