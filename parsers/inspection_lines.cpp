#include <re2/re2.h>

#include <array>

#include "core/text.hpp"
#include "parsers/inspection_text.hpp"

namespace entitywatch::parsers {
namespace {

// No line of a rendition is longer; what is has lost its line breaks and is no table either way.
constexpr std::size_t longest_line = 20'000;

bool is_page_mark(const std::string& line) {
  static const re2::RE2 mark(
      "^\\s*(?:\\[\\[Page \\w+\\]\\]|\\(?printed page \\d+\\)?|-?\\s*\\d{1,3}\\s*-?|Page \\d+ of \\d+)\\s*$");
  return re2::RE2::FullMatch(line, mark);
}

struct Accent {
  std::string_view name;
  std::string_view letters;               // base letters
  std::array<std::string_view, 14> with;  // the same with the accent
};
constexpr std::array<Accent, 8> accents{{
    {"acute", "AEIOUYaeiouycn", {"Á", "É", "Í", "Ó", "Ú", "Ý", "á", "é", "í", "ó", "ú", "ý", "ć", "ń"}},
    {"grave", "AEIOUaeiou", {"À", "È", "Ì", "Ò", "Ù", "à", "è", "ì", "ò", "ù"}},
    {"uml", "AEIOUaeiou", {"Ä", "Ë", "Ï", "Ö", "Ü", "ä", "ë", "ï", "ö", "ü"}},
    {"circ", "AEIOUaeiou", {"Â", "Ê", "Î", "Ô", "Û", "â", "ê", "î", "ô", "û"}},
    {"tilde", "ANOano", {"Ã", "Ñ", "Õ", "ã", "ñ", "õ"}},
    {"cedil", "CScs", {"Ç", "Ş", "ç", "ş"}},
    {"caron", "CSZcszeE", {"Č", "Š", "Ž", "č", "š", "ž", "ě", "Ě"}},
    {"ring", "Aau", {"Å", "å", "ů"}},
}};

std::string_view accented(char letter, std::string_view accent) {
  for (const Accent& a : accents)
    if (a.name == accent)
      if (const std::size_t at = a.letters.find(letter); at != std::string_view::npos) return a.with[at];
  return {};
}

struct Sign {
  std::string_view name;
  std::string_view printed;
};
constexpr std::array<Sign, 11> signs{{{"szlig", "ß"},
                                      {"inodot", "ı"},
                                      {"ndash", "–"},
                                      {"mdash", "—"},
                                      {"deg", "°"},
                                      {"sect", "§"},
                                      {"reg", "®"},
                                      {"trade", "™"},
                                      {"oslash", "ø"},
                                      {"aelig", "æ"},
                                      {"lstrok", "ł"}}};

// "T[Uuml]RKIYE": the GPO names characters that its plain text lacks.
std::string with_named_characters(std::string line) {
  if (line.find('[') == std::string::npos) return line;
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t end = line[i] == '[' ? line.find(']', i) : std::string::npos;
    std::string_view printed;
    if (end != std::string::npos && end - i > 2 && end - i < 10) {
      const std::string_view name = std::string_view(line).substr(i + 1, end - i - 1);
      printed = accented(name.front(), name.substr(1));
      for (const Sign& s : signs)
        if (s.name == name) printed = s.printed;
    }
    if (printed.empty()) {
      out += line[i++];
    } else {
      out += printed;
      i = end + 1;
    }
  }
  return out;
}

bool is_table_line(std::string_view line) { return line.find("   ") != std::string_view::npos; }

// A manuscript set with double spacing has an empty line behind every line; there only two of them part
// paragraphs.
std::vector<std::string> single_spaced(std::vector<std::string> lines) {
  std::size_t filled = 0;
  std::size_t followed = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    ++filled;
    followed += i + 1 < lines.size() && !lines[i + 1].empty() ? 1 : 0;
  }
  if (filled < 20 || followed * 10 > filled) return lines;
  std::vector<std::string> out;
  bool after_text = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool before_text = i + 1 < lines.size() && !lines[i + 1].empty();
    const bool lone = lines[i].empty() && after_text && before_text;
    after_text = !lines[i].empty();
    if (!lone) out.push_back(std::move(lines[i]));
  }
  return out;
}

}  // namespace

std::string as_printed(std::string words) {
  static const re2::RE2 sections("\\bSec\\.\\s+Sec\\.\\s");
  static const re2::RE2 section("\\bSec\\.\\s+(\\d)");
  static const re2::RE2 page("\\(printed page \\d+\\)");
  static const re2::RE2 dash("(^\\s*|[^\\s-])--([^\\s-])");
  static const re2::RE2 ordinal("\\b(\\d+) (st|nd|rd|th)\\b");
  words = with_named_characters(std::move(words));
  re2::RE2::GlobalReplace(&words, "``", "“");
  re2::RE2::GlobalReplace(&words, "''", "”");
  re2::RE2::GlobalReplace(&words, sections, "§§ ");
  re2::RE2::GlobalReplace(&words, section, "§ \\1");
  re2::RE2::GlobalReplace(&words, page, "");
  re2::RE2::GlobalReplace(&words, dash, "\\1—\\2");
  re2::RE2::GlobalReplace(&words, ordinal, "\\1\\2");
  return words;
}

std::vector<std::string> inspection_lines(std::string_view bytes) {
  std::vector<std::string> out;
  // sanitize takes the tabs and form feeds of page breaks for what they are: controls.
  for (std::string& line : text::split(text::sanitize(bytes), '\n')) {
    std::erase(line, '\f');
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.pop_back();
    if (line.size() > longest_line) line.resize(longest_line);
    if (is_page_mark(line) || line == "0") continue;
    out.push_back(is_table_line(line) ? std::move(line) : as_printed(std::move(line)));
  }
  return single_spaced(std::move(out));
}

}  // namespace entitywatch::parsers
