// The text exposition format of Prometheus, version 0.0.4: one HELP and TYPE a family, then its samples.
// Names are given without the prefix "entitywatch_".
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace entitywatch::daemon {

// name="value", escaped and with nothing in it that a terminal would obey.
[[nodiscard]] std::string label(std::string_view name, std::string_view value);

class Exposition {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help);
  // Of the family before; `labels` joined by commas, empty for none.
  void sample(std::string_view name, std::string_view labels, double value);
  void add(std::string_view more) { text_ += more; }
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

// Durations by upper bound, from a millisecond to a minute. Thread safe.
class Histogram {
 public:
  static constexpr std::array<double, 15> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                 0.5,   1,      2.5,   5,    10,    30,   60};
  void note(std::chrono::nanoseconds duration);
  // The samples of a family that was begun; `labels` as for Exposition::sample.
  void write(Exposition& out, std::string_view name, std::string_view labels) const;

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

}  // namespace entitywatch::daemon
