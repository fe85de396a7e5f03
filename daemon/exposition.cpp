#include "daemon/exposition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"

namespace entitywatch::daemon {

std::string label(std::string_view name, std::string_view value) {
  std::string escaped;
  for (const char c : text::sanitize(value)) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return fmt::format("{}=\"{}\"", name, escaped);
}

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
  text_ += fmt::format("# HELP entitywatch_{0} {2}\n# TYPE entitywatch_{0} {1}\n", name, type, help);
}

void Exposition::sample(std::string_view name, std::string_view labels, double value) {
  text_ += fmt::format("entitywatch_{}{}{}{} {}\n", name, labels.empty() ? "" : "{", labels,
                       labels.empty() ? "" : "}", value);
}

void Histogram::note(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  const auto* const bound = std::lower_bound(bounds.begin(), bounds.end(), seconds);
  ++counts_[static_cast<std::size_t>(bound - bounds.begin())];
  nanoseconds_ += static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
}

void Histogram::write(Exposition& out, std::string_view name, std::string_view labels) const {
  const std::string bucket = fmt::format("{}_bucket", name);
  const std::string before = labels.empty() ? "" : fmt::format("{},", labels);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    below += counts_[i];
    out.sample(bucket, fmt::format("{}le=\"{}\"", before, bounds[i]), static_cast<double>(below));
  }
  below += counts_.back();
  out.sample(bucket, before + "le=\"+Inf\"", static_cast<double>(below));
  out.sample(fmt::format("{}_sum", name), labels, static_cast<double>(nanoseconds_) / 1e9);
  out.sample(fmt::format("{}_count", name), labels, static_cast<double>(below));
}

}  // namespace entitywatch::daemon
