// Publishers' text is data. Whatever it holds, a channel shows it as text: no markup, no mention, no link,
// no formula, no header of its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace entitywatch::notify {

// One line that may be shown to people: valid UTF-8, white space collapsed, no control, bidirectional,
// zero-width or tag characters.
[[nodiscard]] std::string clean(std::string_view text);

[[nodiscard]] std::string escape_html(std::string_view text);

// Slack mrkdwn: & < > as entities; * _ ~ ` become look-alikes, for mrkdwn has no escape for them.
[[nodiscard]] std::string escape_mrkdwn(std::string_view text);

// Discord and Mattermost Markdown: backslash escapes; "@" is parted from the word it would mention.
[[nodiscard]] std::string escape_markdown(std::string_view text);

// Google Chat: its text has no escapes at all, so every character with a meaning becomes a look-alike.
[[nodiscard]] std::string escape_google_chat(std::string_view text);

// A cell of a CSV file that a spreadsheet takes as text: quoted, and preceded by an apostrophe where it
// would begin a formula (= + - @ tab carriage return).
[[nodiscard]] std::string csv_cell(std::string_view text);

// Only plain http and https addresses are ever linked: no white space, quotes, brackets, or "@" (which
// makes a host look like another); else empty.
[[nodiscard]] std::string safe_url(std::string_view url);

// Length in UTF-16 code units: never less than what any receiver counts as characters.
[[nodiscard]] std::size_t characters(std::string_view text);
// At most `limit` such characters, ending in "…" when something was left out.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t limit);

}  // namespace entitywatch::notify
