#include "notify/name_match.hpp"

#include "core/text.hpp"

namespace entitywatch::notify {
namespace {

std::size_t character_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

// Folds what stands between wildcards, keeping the gaps at their edges: "co., *ltd" -> "co *ltd".
std::string fold_around_wildcards(std::string_view pattern, std::string (*fold)(std::string_view)) {
  std::string out;
  std::size_t start = 0;
  const auto is_gap = [](char c) { return c == ' ' || c == '\t' || c == ',' || c == '.'; };
  while (start <= pattern.size()) {
    const std::size_t end = std::min(pattern.find_first_of("*?", start), pattern.size());
    const std::string_view piece = pattern.substr(start, end - start);
    const std::string folded = fold(piece);
    if (!piece.empty() && is_gap(piece.front()) && start != 0) out += ' ';
    out += folded;
    if (!folded.empty() && is_gap(piece.back()) && end != pattern.size()) out += ' ';
    if (end < pattern.size()) out += pattern[end];
    start = end + 1;
  }
  return out;
}

// Word boundaries are the spaces around words; the text gets one at each end.
std::string anchored(const std::string& folded) { return "* " + folded + " *"; }

bool has_letters(std::string_view folded) {
  return folded.find_first_not_of("*? ") != std::string_view::npos;
}

}  // namespace

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += character_at(text, t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

NamePatterns::NamePatterns(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    const std::string trimmed = text::trim(pattern);
    patterns_.push_back(
        {fold_around_wildcards(trimmed, text::fold_words), fold_around_wildcards(trimmed, text::search_key)});
  }
}

bool NamePatterns::matches(std::string_view name) const {
  if (patterns_.empty()) return true;
  const std::string folded = " " + text::fold_words(name) + " ";
  const std::string transliterated = " " + text::search_key(name) + " ";
  for (const Pattern& pattern : patterns_) {
    if (pattern.folded == "*") return true;
    if (has_letters(pattern.folded) && glob(anchored(pattern.folded), folded)) return true;
    if (has_letters(pattern.transliterated) && glob(anchored(pattern.transliterated), transliterated))
      return true;
  }
  return false;
}

}  // namespace entitywatch::notify
