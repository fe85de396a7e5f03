#include "core/screening_words.hpp"

#include <algorithm>
#include <cctype>
#include <rapidfuzz/distance/OSA.hpp>
#include <unordered_set>

#include "core/text.hpp"

namespace entitywatch::screening {
namespace {

const std::unordered_set<std::string_view> legal_forms{
    "co",    "company", "companies", "ltd",  "limited", "llc",  "inc",   "incorporated", "corp", "corporation", "gmbh", "ag",   "kg",
    "sa",    "sas",     "sarl",      "srl",  "spa",     "bv",   "nv",    "plc",          "pte",  "pvt",         "private", "ooo", "oao",
    "zao",   "ao",      "pao",       "jsc",  "ojsc",    "cjsc", "pjsc",  "fze",          "fzco", "fzc",         "fzo",  "fz",   "sdn",
    "bhd",   "kk",      "oy",        "oyj",  "ab",      "as",   "aps",   "ltda",         "lp",   "llp",         "joint", "stock", "liability",
    "tic",   "sti",     "sirketi",   "anonim", "ve",    "san",  "est",   "establishment", "cv",  "sl",          "doo",  "ood",  "eood", "ie"};

const std::unordered_set<std::string_view> joining_words{"the", "of", "and", "for", "in", "a", "an", "de", "la", "al", "el"};

}  // namespace

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> out;
  for (std::string& word : text::split(text::search_key(name), ' '))
    if (!word.empty()) out.push_back(std::move(word));
  return out;
}

std::vector<std::string> spoken_names(std::string_view listed) {
  std::vector<std::string> out;
  std::string rest;
  std::size_t at = 0;
  while (at < listed.size()) {
    const std::size_t open = listed.find('(', at);
    const std::size_t close = open == std::string_view::npos ? std::string_view::npos : listed.find(')', open);
    if (close == std::string_view::npos) break;
    const std::string_view inside = listed.substr(open + 1, close - open - 1);
    const bool acronym = inside.size() >= 2 && inside.size() <= 12 && std::all_of(inside.begin(), inside.end(), [](char c) {
      return std::isupper(static_cast<unsigned char>(c)) || std::isdigit(static_cast<unsigned char>(c)) || c == '-' || c == ' ' || c == '&';
    });
    rest += listed.substr(at, acronym ? open - at : close + 1 - at);
    if (acronym) out.emplace_back(inside);
    at = close + 1;
  }
  rest += listed.substr(std::min(at, listed.size()));
  out.insert(out.begin(), rest);
  return out;
}

double word_factor(std::string_view word) {
  if (legal_forms.contains(word)) return 0.1;
  return joining_words.contains(word) ? 0.2 : 1.0;
}

double word_likeness(std::string_view a, std::string_view b) {
  if (a == b) return 1.0;
  if (a.empty() || b.empty()) return 0;
  const std::string_view shorter = a.size() < b.size() ? a : b;
  const std::string_view longer = a.size() < b.size() ? b : a;
  if (shorter.size() == 1) return longer.front() == shorter.front() && longer.size() > 1 && std::isalpha(static_cast<unsigned char>(shorter[0])) ? 0.8 : 0;
  const std::size_t allowed = longer.size() <= 3 ? 0 : longer.size() <= 6 ? 1 : 2;
  if (longer.size() - shorter.size() > allowed) return 0;
  // Numbers are names of their own: institute 13 is not institute 18.
  const auto has_digit = [](std::string_view w) { return std::any_of(w.begin(), w.end(), [](unsigned char c) { return std::isdigit(c); }); };
  if (allowed == 0 || has_digit(a) || has_digit(b)) return 0;
  const auto edits = static_cast<std::size_t>(rapidfuzz::osa_distance(a, b, static_cast<std::int64_t>(allowed)));
  if (edits > allowed) return 0;
  return std::max(0.8, 1.0 - 0.6 * static_cast<double>(edits) / static_cast<double>(longer.size()));
}

}  // namespace entitywatch::screening
