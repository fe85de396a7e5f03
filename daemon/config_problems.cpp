#include "daemon/config_problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace entitywatch::daemon {
namespace {

std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

void ConfigProblems::add(std::size_t line, std::string key, std::string text) {
  problems_.push_back({line, std::move(key), std::move(text)});
}

Error ConfigProblems::error() const {
  std::vector<Problem> ordered = problems_;
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const Problem& a, const Problem& b) { return a.line < b.line; });
  std::string message;
  for (const Problem& p : ordered) {
    if (!message.empty()) message += '\n';
    message += fmt::format("{}:{}: {}{}{}", file_, p.line, p.key, p.key.empty() ? "" : ": ", p.text);
  }
  return {ErrorCode::invalid_config, std::move(message), {}};
}

std::string nearest_word(std::string_view word, std::span<const std::string_view> known) {
  std::string_view best;
  std::size_t fewest = std::max<std::size_t>(2, word.size() / 2) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t n = edits(word, candidate);
    if (n < fewest) {
      fewest = n;
      best = candidate;
    }
  }
  return std::string(best);
}

}  // namespace entitywatch::daemon
