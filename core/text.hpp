// Text of publishers: cleaning for reading, folding for comparing, keys for searching. All UTF-8;
// invalid sequences become U+FFFD. Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::text {

// White space of every kind (no-break, thin, line breaks; zero-width removed) to single spaces, trimmed.
[[nodiscard]] std::string collapse(std::string_view text);
// As collapse, but keeps line breaks; empty lines are dropped.
[[nodiscard]] std::vector<std::string> collapse_lines(std::string_view text);

// For comparing: NFKC, case-folded, letters and digits only (marks kept), with a separator kept only
// between two digits that a separator parted, so that "1 23" and "12 3" stay different. Two texts with
// the same fold differ editorially at most: punctuation, spacing, dashes, quotes, capital letters.
[[nodiscard]] std::string fold(std::string_view text);

// As fold, but words stay apart by single spaces: for matching names between an instruction and a table
// or between sources.
[[nodiscard]] std::string fold_words(std::string_view text);

// For searching: transliterated to Latin ASCII, lower case, words apart by single spaces.
[[nodiscard]] std::string search_key(std::string_view text);

[[nodiscard]] std::string upper(std::string_view text);  // locale-independent, full Unicode
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

// At most `bytes` bytes, cut at a character boundary, "…" appended when something was cut.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t bytes);

[[nodiscard]] std::string trim(std::string_view text);  // ASCII white space
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);

// Valid UTF-8 without control characters other than '\n' and '\t' and without bidirectional controls
// (U+202A-202E, U+2066-2069, U+200E, U+200F): what may be shown to people.
[[nodiscard]] std::string sanitize(std::string_view text);

// As text or an attribute of XML: the four marks escaped, the control characters left out that XML has no place for.
[[nodiscard]] std::string xml_escape(std::string_view text);

}  // namespace entitywatch::text
