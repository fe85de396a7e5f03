#include "parsers/inspection_text.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/inspection_paragraphs.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

std::string block(std::string_view name, std::string_view words) {
  return words.empty()
             ? std::string{}
             : '<' + std::string(name) + '>' + xml_element("P", words) + "</" + std::string(name) + ">\n";
}

// What stands in the front of the document.
struct Front {
  std::vector<std::string> before;  // paragraphs above AGENCY
  std::string action, summary, dates;
};

std::string without_label(std::string_view paragraph) {
  const std::size_t colon = paragraph.find(':');
  return colon == std::string_view::npos ? std::string(paragraph) : text::trim(paragraph.substr(colon + 1));
}

// Takes the front off the pieces; what remains begins behind "SUPPLEMENTARY INFORMATION:".
Front take_front(std::vector<InspectionPiece>& pieces) {
  Front front;
  std::string* field = nullptr;
  std::string elsewhere;
  bool labelled = false;
  std::size_t at = 0;
  for (; at < pieces.size(); ++at) {
    const InspectionPiece& p = pieces[at];
    if (p.kind == InspectionPiece::Kind::table || is_heading_line(p.text)) break;
    if (p.text.starts_with("SUPPLEMENTARY INFORMATION:")) {
      ++at;
      break;
    }
    if (starts_label(p.text)) {
      labelled = true;
      field = p.text.starts_with("ACTION")                                          ? &front.action
              : p.text.starts_with("SUMMARY")                                       ? &front.summary
              : p.text.starts_with("DATES") || p.text.starts_with("EFFECTIVE DATE") ? &front.dates
                                                                                    : &elsewhere;
      *field = without_label(p.text);
    } else if (field != nullptr) {
      *field += ' ' + p.text;
    } else if (!labelled) {
      front.before.push_back(p.text);
    }
  }
  // Without any label there is no front: everything is body.
  if (labelled) pieces.erase(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(at));
  return front;
}

std::string preamble_xml(const Front& front) {
  static const re2::RE2 cfr("^\\d+ CFR (?:Part|Chapter)");
  static const re2::RE2 docket("(?i)^\\[?Docket");
  static const re2::RE2 rin("^RIN\\b");
  static const re2::RE2 noise(
      "(?i)^(?:BILLING CODE|This document is scheduled|\\[Federal Register|\\[Rules and|\\[Pages?|From the "
      "Federal|\\[FR Doc)");
  std::string out = "<PREAMB>\n";
  std::string title;
  for (const std::string& p : front.before) {
    if (re2::RE2::PartialMatch(p, noise)) continue;
    const std::string fold = text::fold_words(p);
    if (fold.starts_with("department of")) {
      out += xml_element("AGENCY", p);
    } else if (fold.starts_with("bureau of") || fold.starts_with("office of")) {
      out += xml_element("SUBAGY", p);
    } else if (re2::RE2::PartialMatch(p, cfr)) {
      out += xml_element("CFR", p);
    } else if (re2::RE2::PartialMatch(p, docket)) {
      out += xml_element("DEPDOC", p);
    } else if (re2::RE2::PartialMatch(p, rin)) {
      out += xml_element("RIN", p);
    } else if (title.empty()) {
      title = p;
    }
  }
  if (!title.empty()) out += xml_element("SUBJECT", title);
  out += block("ACT", front.action) + block("SUM", front.summary) + block("EFFDATE", front.dates);
  return out + "</PREAMB>\n";
}

// The amendatory part: from "PART 744—…" on. Instructions are numbered in sequence; what stands between them
// is regulation text.
class Body {
 public:
  std::string read(const std::vector<InspectionPiece>& pieces) {
    for (const InspectionPiece& p : pieces) {
      if (p.kind == InspectionPiece::Kind::table) {
        flush_instruction();
        among_ = false;
        out_ += p.text;
      } else {
        paragraph(p.text);
      }
    }
    leave();
    return std::move(out_);
  }

 private:
  void paragraph(std::string words) {
    static const re2::RE2 part("^PART (\\d+)\\b");
    std::string number;
    if (re2::RE2::PartialMatch(words, part, &number)) {
      leave();
      out_ += "<REGTEXT TITLE=\"15\" PART=\"" + number + "\">\n" + xml_element("HD", words);
      inside_ = true;
      next_ = next_ == 0 ? 1 : next_;
      return;
    }
    if (words.starts_with("[FR Doc") || words.starts_with("BILLING CODE")) return;
    if (is_star_line(words)) {
      flush_instruction();
      among_ = false;
      out_ += "<STARS/>\n";
    } else if (!inside_) {
      out_ += xml_element(is_heading_line(words) ? "HD" : "P", words);
    } else {
      inside(std::move(words));
    }
  }

  void inside(std::string words) {
    static const re2::RE2 bullet("^\\x{25A0}\\s*");
    static const re2::RE2 top("^(\\d{1,3})\\.\\s");
    static const re2::RE2 sub(
        "^(?:[a-z]{1,2}|[ivxl]{1,8}|[A-Z])\\.\\s|^\\((?:\\d{1,2}|[a-z]{1,2}|[ivxl]{1,8})\\)\\s");
    static const re2::RE2 quoted_result(
        "(?i)^The (?:additions?|revisions?|removals?|amendments?|corrections?)\\b");
    re2::RE2::Replace(&words, bullet, "");
    int number = 0;
    const bool is_top = re2::RE2::PartialMatch(words, top, &number) && number == next_;
    if (is_top || (among_ && re2::RE2::PartialMatch(words, sub))) {
      next_ += is_top ? 1 : 0;
      flush_instruction();
      among_ = true;
      instruction_ = std::move(words);
      return;
    }
    // A page that ends in the middle of an instruction.
    if (!instruction_.empty() && is_unfinished(instruction_) && !is_heading_line(words)) {
      instruction_ += ' ' + words;
      return;
    }
    flush_instruction();
    if (words.starts_with("Authority:")) {
      among_ = false;
      out_ += "<AUTH>" + xml_element("P", words) + "</AUTH>\n";
    } else if (is_heading_line(words)) {
      among_ = false;
      out_ += xml_element("HD", words);
    } else {
      if (!re2::RE2::PartialMatch(words, quoted_result)) among_ = false;
      out_ += xml_element("P", words);
    }
  }

  static bool is_unfinished(std::string_view words) {
    static const re2::RE2 end("(?:[.;:,]|[.;:,]?[”\"’]|; (?:and|or))\\s*$");
    return !re2::RE2::PartialMatch(re2_view(words), end);
  }

  void flush_instruction() {
    if (!instruction_.empty()) out_ += xml_element("AMDPAR", instruction_);
    instruction_.clear();
  }

  void leave() {
    flush_instruction();
    if (inside_) out_ += "</REGTEXT>\n";
    inside_ = false;
    among_ = false;
  }

  std::string out_;
  std::string instruction_;  // the last one, not yet written
  bool inside_ = false;
  bool among_ = false;  // the paragraph before was an instruction
  int next_ = 0;        // the number the next instruction has
};

std::string root_name(std::string_view type, std::string_view action) {
  const std::string words = text::fold_words(type.empty() ? action : type);
  if (words.find("proposed") != std::string::npos) return "PRORULE";
  if (words.find("notice") != std::string::npos) return "NOTICE";
  return "RULE";
}

void read_schedule(std::string_view text, InspectionText& out) {
  static const re2::RE2 date(
      "(?i)scheduled to be published in the\\s+Federal Register on\\s+(\\d{1,2}/\\d{1,2}/\\d{4})");
  static const re2::RE2 link("(?i)federalregister\\.gov/d/([A-Z]?\\d?-?\\d{4}-\\d{4,6})");
  static const re2::RE2 issue(
      "\\[Federal Register Volume \\d+, Number \\d+ \\([A-Z][a-z]+, ([A-Z][a-z]+ \\d{1,2}, \\d{4})\\)\\]");
  static const re2::RE2 line("(?i)\\[FR Doc\\.?\\s*(?:No:?\\.?\\s*)?([A-Z]?\\d?-?\\d{2,4}-\\d{4,6})");
  const re2::StringPiece all = re2_view(text);
  std::string found;
  if (re2::RE2::PartialMatch(all, date, &found) || re2::RE2::PartialMatch(all, issue, &found))
    out.publication_date = parse_printed_date(found);
  if (!re2::RE2::PartialMatch(all, link, &out.number)) re2::RE2::PartialMatch(all, line, &out.number);
}

// "[FR Doc. 2024-13695 Filed 6-20-24; 4:15 pm]" as it is printed, else made from the number.
std::string filing_line(std::string_view text, std::string_view number) {
  static const re2::RE2 filed("(?i)(Filed\\s+\\d{1,2}-\\d{1,2}-\\d{2,4}[^\\]]{0,40})\\]");
  std::string rest;
  re2::RE2::PartialMatch(re2_view(text), filed, &rest);
  return "[FR Doc. " + std::string(number) + (rest.empty() ? "" : " " + text::collapse(rest)) + "]";
}

}  // namespace

InspectionText structure_inspection_text(std::string_view text, std::string_view type,
                                         std::string_view number) {
  InspectionText out;
  const std::vector<std::string> lines = inspection_lines(text);
  read_schedule(text, out);
  InspectionPieces parts = split_inspection_text(lines);
  out.tables = parts.tables;
  out.findings = std::move(parts.findings);
  const Front front = take_front(parts.pieces);
  const std::string root = root_name(type, front.action);
  out.xml = '<' + root + ">\n" + preamble_xml(front) + Body().read(parts.pieces) +
            xml_element("FRDOC", filing_line(text, number.empty() ? std::string_view(out.number) : number)) +
            "</" + root + ">\n";
  return out;
}

}  // namespace entitywatch::parsers
