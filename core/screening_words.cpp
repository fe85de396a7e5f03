#include "core/screening_words.hpp"

#include <algorithm>
#include <cctype>
#include <rapidfuzz/distance/OSA.hpp>
#include <unordered_set>

#include "core/text.hpp"

namespace entitywatch::screening {
namespace {

const std::unordered_set<std::string_view> legal_forms{"co",
                                                       "company",
                                                       "companies",
                                                       "ltd",
                                                       "limited",
                                                       "llc",
                                                       "inc",
                                                       "incorporated",
                                                       "corp",
                                                       "corporation",
                                                       "gmbh",
                                                       "ag",
                                                       "kg",
                                                       "sa",
                                                       "sas",
                                                       "sarl",
                                                       "srl",
                                                       "spa",
                                                       "bv",
                                                       "nv",
                                                       "plc",
                                                       "pte",
                                                       "pvt",
                                                       "private",
                                                       "ooo",
                                                       "oao",
                                                       "zao",
                                                       "ao",
                                                       "pao",
                                                       "jsc",
                                                       "ojsc",
                                                       "cjsc",
                                                       "pjsc",
                                                       "fze",
                                                       "fzco",
                                                       "fzc",
                                                       "fzo",
                                                       "fz",
                                                       "sdn",
                                                       "bhd",
                                                       "kk",
                                                       "oy",
                                                       "oyj",
                                                       "ab",
                                                       "as",
                                                       "aps",
                                                       "ltda",
                                                       "lp",
                                                       "llp",
                                                       "joint",
                                                       "stock",
                                                       "liability",
                                                       "tic",
                                                       "sti",
                                                       "sirketi",
                                                       "anonim",
                                                       "ve",
                                                       "san",
                                                       "est",
                                                       "establishment",
                                                       "cv",
                                                       "sl",
                                                       "doo",
                                                       "ood",
                                                       "eood",
                                                       "ie",
                                                       "obshchestvo",
                                                       "obshestvo",
                                                       "ogranichennoy",
                                                       "ogranichennoi",
                                                       "ogranicennoj",
                                                       "otvetstvennostyu",
                                                       "otvetstvennostiu",
                                                       "otvetstvennostju",
                                                       "aktsionernoe",
                                                       "aktsionernoye",
                                                       "akcionernoe",
                                                       "publichnoe",
                                                       "publichnoye",
                                                       "zakrytoe",
                                                       "zakrytoye",
                                                       "otkrytoe",
                                                       "otkrytoye"};

const std::unordered_set<std::string_view> joining_words{"the", "of",  "and", "for", "in",  "a",  "an",
                                                         "de",  "la",  "al",  "el",  "und", "et", "der",
                                                         "des", "von", "van", "del", "du"};

constexpr std::size_t most_words = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "13th" and "13" are said of the same thing.
void drop_ordinal(std::string& word) {
  if (word.size() < 3 || !is_digit(word.front())) return;
  const std::string_view ending = std::string_view(word).substr(word.size() - 2);
  if (ending != "th" && ending != "st" && ending != "nd" && ending != "rd") return;
  if (std::all_of(word.begin(), word.end() - 2, is_digit)) word.resize(word.size() - 2);
}

// "l l c" at the end of a name, further legal forms behind it allowed.
void join_spelt_forms(std::vector<std::string>& words) {
  std::size_t end = words.size();
  while (end > 0) {
    std::size_t begin = end;
    while (begin > 0 && words[begin - 1].size() == 1) --begin;
    std::string joined;
    for (std::size_t i = begin; i < end; ++i) joined += words[i];
    if (end - begin >= 2 && begin > 0 && legal_forms.contains(joined)) {
      words[begin] = std::move(joined);
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(begin) + 1,
                  words.begin() + static_cast<std::ptrdiff_t>(end));
      end = begin;
    } else if (begin == end && legal_forms.contains(words[end - 1])) {
      --end;
    } else {
      return;
    }
  }
}

// Two letters for one sound, and what they are written as here; longer ones first.
struct Sound {
  std::string_view letters;
  char as;
};
constexpr Sound sounds[] = {{"shch", 's'}, {"tch", 'c'}, {"sch", 's'}, {"dzh", 'j'}, {"sh", 's'},
                            {"ch", 'c'},   {"ts", 's'},  {"tz", 's'},  {"zh", 'z'},  {"kh", 'h'},
                            {"gh", 'g'},   {"ph", 'v'},  {"th", 't'},  {"dh", 'd'},  {"ck", 'k'},
                            {"dj", 'j'},   {"ks", 'x'},  {"ee", 'i'}};

char sound_of_letter(char c, char next) {
  switch (c) {
    case 'e':
      return 'a';
    case 'u':
      return 'o';
    case 'y':
      return 'i';
    case 'w':
    case 'f':
      return 'v';
    case 'q':
      return 'k';
    case 'c':
      return next == 'e' || next == 'i' || next == 'y' ? 's' : 'k';
    default:
      return c;
  }
}

// The sounds of a word, one after the other; j for what j is written for.
std::string sounds_in(std::string_view word) {
  std::string out;
  for (std::size_t i = 0; i < word.size();) {
    const std::string_view rest = word.substr(i);
    const auto* pair = std::find_if(std::begin(sounds), std::end(sounds), [&](const Sound& s) {
      return rest.substr(0, s.letters.size()) == s.letters;
    });
    out += pair != std::end(sounds) ? pair->as : sound_of_letter(rest[0], rest.size() > 1 ? rest[1] : ' ');
    i += pair != std::end(sounds) ? pair->letters.size() : 1;
  }
  return out;
}

bool is_latin(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_vowel(char c) { return c == 'a' || c == 'o' || c == 'i'; }

std::string digits_of(std::string_view word) {
  std::string out;
  std::copy_if(word.begin(), word.end(), std::back_inserter(out), is_digit);
  return out;
}

}  // namespace

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> out;
  for (std::string& word : text::split(text::search_key(name), ' ')) {
    if (word.empty()) continue;
    drop_ordinal(word);
    out.push_back(std::move(word));
    if (out.size() == most_words) break;
  }
  join_spelt_forms(out);
  return out;
}

std::vector<std::string> spoken_names(std::string_view listed) {
  std::vector<std::string> out{std::string(listed)};
  std::string rest;
  std::size_t at = 0;
  while (at < listed.size()) {
    const std::size_t open = listed.find('(', at);
    const std::size_t close =
        open == std::string_view::npos ? std::string_view::npos : listed.find(')', open);
    if (close == std::string_view::npos) break;
    const std::string_view inside = listed.substr(open + 1, close - open - 1);
    const bool acronym =
        inside.size() >= 2 && inside.size() <= 12 && std::all_of(inside.begin(), inside.end(), [](char c) {
          return std::isupper(static_cast<unsigned char>(c)) || is_digit(c) || c == '-' || c == ' ' ||
                 c == '&';
        });
    rest += listed.substr(at, acronym ? open - at : close + 1 - at);
    if (acronym) out.emplace_back(inside);
    at = close + 1;
  }
  rest += listed.substr(std::min(at, listed.size()));
  if (out.size() > 1) out.push_back(std::move(rest));
  return out;
}

bool is_filler(std::string_view word) { return legal_forms.contains(word) || joining_words.contains(word); }

double word_factor(std::string_view word) {
  if (legal_forms.contains(word)) return 0.1;
  if (joining_words.contains(word)) return 0.2;
  return word.size() == 1 ? 0.4 : word.size() == 2 ? 0.5 : 1.0;
}

std::string sound_of(std::string_view word, LetterJ j) {
  if (word.size() < 4 || !is_latin(word)) return {};
  std::string out;
  for (char sound : sounds_in(word)) {
    if (sound == 'j') sound = j == LetterJ::as_y ? 'i' : 'z';
    const bool repeats = !out.empty() && (out.back() == sound || (is_vowel(out.back()) && is_vowel(sound)));
    if (!repeats) out += sound;
  }
  return out.size() < 3 ? std::string() : out;
}

std::string short_sound_of(std::string_view word) {
  if (word.size() < 2 || word.size() > 5 || !is_latin(word)) return {};
  std::string out = sounds_in(word);
  std::replace(out.begin(), out.end(), 'j', 'z');
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out.size() < 2 ? std::string() : out;
}

double letters_alike(std::string_view a, std::string_view b, double least) {
  const auto longer = static_cast<double>(std::max(a.size(), b.size()));
  if (longer == 0 || digits_of(a) != digits_of(b)) return 0;
  const auto allowed = static_cast<std::size_t>((1 - least) * longer);
  const auto edits = static_cast<std::size_t>(rapidfuzz::osa_distance(a, b, allowed));
  return edits > allowed ? 0 : 1 - static_cast<double>(edits) / longer;
}

struct Likeness::Word {
  explicit Word(std::string_view given)
      : letters(given),
        digits(digits_of(given)),
        sound(sound_of(given, LetterJ::as_y)),
        sound_with_zh(sound_of(given, LetterJ::as_zh)),
        short_sound(short_sound_of(given)),
        edits(given) {}
  // As alike as words are that sound the same.
  [[nodiscard]] double by_sound(std::string_view other) const {
    if (!sound.empty() &&
        (sound == sound_of(other, LetterJ::as_y) || sound_with_zh == sound_of(other, LetterJ::as_zh)))
      return 0.85;
    const bool is_short = std::min(letters.size(), other.size()) <= 3;
    return is_short && !short_sound.empty() && short_sound == short_sound_of(other) ? 0.78 : 0;
  }
  std::string letters;
  std::string digits;
  std::string sound;
  std::string sound_with_zh;
  std::string short_sound;
  rapidfuzz::CachedOSA<char> edits;
};

Likeness::Likeness(std::string_view word) : word_(std::make_unique<const Word>(word)) {}
Likeness::~Likeness() = default;

double Likeness::to(std::string_view other) const {
  const Word& w = *word_;
  if (w.letters == other) return 1.0;
  const std::size_t longer = std::max(w.letters.size(), other.size());
  const std::size_t shorter = std::min(w.letters.size(), other.size());
  if (shorter < 3) return w.by_sound(other);
  const std::size_t allowed = longer <= 6 ? 1 : 2;
  const std::string digits = digits_of(other);
  const bool serial = w.digits.size() >= 3 && digits.size() >= 3 && shorter >= 4;
  if (w.digits != digits && !serial) return 0;
  const auto edits =
      longer - shorter > allowed ? allowed + 1 : static_cast<std::size_t>(w.edits.distance(other, allowed));
  if (w.digits != digits) {
    if (edits != 1) return 0;
    return w.digits.size() != digits.size() ? 0.85 : shorter >= 5 ? 0.7 : 0;
  }
  if (edits > allowed || w.digits.size() >= shorter) return w.by_sound(other);
  if (longer == 3) return std::max(0.7, w.by_sound(other));
  return std::max(0.8, 1.0 - 0.6 * static_cast<double>(edits) / static_cast<double>(longer));
}

}  // namespace entitywatch::screening
