// Chat messages: the summary as lines of a channel's own markup, packed under its limit. Nothing is cut in
// the middle: what does not fit is counted, and the link leads to the whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "notify/summary.hpp"

namespace entitywatch::notify {

// How a channel writes. `escape` makes publishers' text harmless; the rest is ours.
struct Markup {
  std::string (*escape)(std::string_view text);
  std::string bold;  // before and after
  std::string (*link)(std::string_view url, std::string_view escaped_label);
};

struct PackedItems {
  std::vector<std::string> shown;
  std::size_t left = 0;
};

struct CompactLimits {
  std::size_t total = 4000;      // characters of the whole text
  std::size_t most_items = 25;   // more make a message nobody reads
  std::size_t most_in_full = 8;  // with aliases, addresses and differences; all of them where there are few
};

[[nodiscard]] std::vector<std::string> watchlist_lines(const Summary& summary, const Markup& markup,
                                                       std::size_t most);
[[nodiscard]] std::vector<std::string> warning_lines(const Summary& summary, const Markup& markup);
[[nodiscard]] std::vector<std::string> fact_lines(const Summary& summary, const Markup& markup);

// As many as fit `budget` characters and `limits`, by fair_share(): some in full, others by name.
[[nodiscard]] PackedItems pack_items(const Summary& summary, const Markup& markup, std::size_t budget,
                                     const CompactLimits& limits);

// "…and 132 more: <link>", the link to the publisher's page; empty where there is neither.
[[nodiscard]] std::string closing_line(const Summary& summary, const Markup& markup, std::size_t left);

// The whole message as one text; without the headline where the channel shows it elsewhere.
enum class Headline { in_text, elsewhere };
[[nodiscard]] std::string compact_text(const Summary& summary, const Markup& markup, Headline headline,
                                       const CompactLimits& limits);

}  // namespace entitywatch::notify
