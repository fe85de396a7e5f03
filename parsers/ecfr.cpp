#include "parsers/ecfr.hpp"

#include <re2/re2.h>

#include <map>
#include <memory>

#include "core/text.hpp"
#include "parsers/ecfr_rows.hpp"
#include "parsers/re2_view.hpp"
#include "parsers/xml_sax.hpp"

namespace entitywatch::parsers {
namespace {

// Part 744 has 3 MB; a file many times as large is not it.
constexpr XmlLimits part_limits{64u << 20, 100};
constexpr std::string_view fraction_slash = "⁄";  // U+2044

int span(std::string_view value) {
  int out = 0;
  for (const char c : value) {
    if (c < '0' || c > '9' || out > 1000) return 1;
    out = out * 10 + (c - '0');
  }
  return out == 0 ? 1 : out;
}

// How many table rows stand between each <DIV9 and the next: a list that grows by doubling needs twice its
// room at its end.
std::vector<std::size_t> rows_by_division(std::string_view xml) {
  std::vector<std::size_t> out;
  for (std::size_t at = xml.find("<DIV9"); at != std::string_view::npos;) {
    const std::size_t next = xml.find("<DIV9", at + 1);
    const std::string_view division = xml.substr(at, next - at);
    std::size_t rows = 0;
    for (std::size_t row = division.find("<TR"); row != std::string_view::npos; row = division.find("<TR", row + 3)) ++rows;
    out.push_back(rows);
    at = next;
  }
  return out;
}

class PartHandler final : public XmlHandler {
 public:
  explicit PartHandler(std::vector<std::size_t> rows) : rows_by_division_(std::move(rows)) {}

  bool saw_part = false;
  std::map<int, ListReading> lists;  // by supplement
  std::vector<int> repeated;

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "DIV5") saw_part = saw_part || attributes.get("N") == "744";
    if (name == "DIV9") {
      open_supplement(attributes.get("N"));
      ++division_;
    }
    if (!builder_) return;
    if (name == "DIV9") return;
    if (name == "TR") row_.clear();
    if (name == "TD" || name == "TH") open_cell(name, attributes);
    if (!in_cell_) return;
    if (name == "br" || name == "BR" || name == "P" || name == "LI" || name == "DIV") line_break();
    if (name == "sup" || name == "SU" || name == "FTREF") open_raised();
  }

  void end(std::string_view name) override {
    if (name == "DIV9") close_supplement();
    if (!builder_) return;
    if (in_cell_ && (name == "sup" || name == "SU")) close_raised();
    if (in_cell_ && (name == "P" || name == "LI" || name == "DIV")) line_break();
    if (name == "TD" || name == "TH") close_cell();
    if (name == "TR") builder_->add(row_);
  }

  void text(std::string_view characters) override {
    if (!in_cell_) return;
    if (in_raised_) {
      raised_.append(characters);
      return;
    }
    settle_raised(characters);
    for (const char c : characters) cell_.text += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }

 private:
  void open_supplement(std::string_view number) {
    static const RE2 re(R"((?i)^supplement\s+no\.?\s*(\d+)\s+to\s+part\s+744$)");
    int supplement = 0;
    if (!RE2::FullMatch(re2_view(number), re, &supplement)) return;
    const auto list = list_of_supplement(supplement);
    if (!list) return;
    supplement_ = supplement;
    builder_ = std::make_unique<ListBuilder>(*list);
    if (division_ < rows_by_division_.size()) builder_->expect(rows_by_division_[division_]);
  }

  void close_supplement() {
    if (!builder_) return;
    if (!lists.emplace(supplement_, builder_->finish()).second) repeated.push_back(supplement_);
    builder_.reset();
  }

  void open_cell(std::string_view name, const XmlAttributes& attributes) {
    cell_ = {};
    cell_.is_header = name == "TH";
    cell_.columns = span(attributes.get("colspan"));
    cell_.rows = span(attributes.get("rowspan"));
    in_cell_ = true;
  }

  void close_cell() {
    settle_raised({});
    in_cell_ = false;
    row_.push_back(std::move(cell_));
    cell_ = {};
  }

  void line_break() {
    settle_raised({});
    cell_.text += '\n';
  }

  void open_raised() {
    settle_raised({});
    in_raised_ = true;
    raised_.clear();
  }

  void close_raised() {
    in_raised_ = false;
    has_raised_ = !raised_.empty();
  }

  // What stood raised is a footnote's designation, the numerator of a fraction ("1¹⁄₂"), or letters ("3rd"):
  // only the next characters tell.
  void settle_raised(std::string_view next) {
    if (!has_raised_) return;
    has_raised_ = false;
    const bool digits = raised_.find_first_not_of("0123456789, *") == std::string::npos;
    if (next.starts_with(fraction_slash)) {
      if (!cell_.text.empty() && cell_.text.back() >= '0' && cell_.text.back() <= '9') cell_.text += ' ';
      cell_.text += raised_;
    } else if (digits) {
      cell_.footnotes.push_back(raised_);
      if (raised_.front() == ',') cell_.text += ',';
    } else {
      cell_.text += raised_;
    }
  }

  std::vector<std::size_t> rows_by_division_;
  std::size_t division_ = 0;
  std::unique_ptr<ListBuilder> builder_;
  int supplement_ = 0;
  TableRow row_;
  TableCell cell_;
  std::string raised_;
  bool in_cell_ = false;
  bool in_raised_ = false;
  bool has_raised_ = false;
};

}  // namespace

Result<EcfrReading> read_ecfr_part(std::string_view xml) {
  PartHandler handler(rows_by_division(xml));
  if (auto parsed = parse_xml(xml, handler, part_limits); !parsed)
    return tl::unexpected<Error>(std::move(parsed.error()));
  if (!handler.saw_part)
    return fail(ErrorCode::malformed, "the XML is not part 744 as the eCFR versioner serves it");
  EcfrReading out;
  using enum Finding::Severity;
  for (const int supplement : {4, 6, 7}) {
    const auto found = handler.lists.find(supplement);
    if (found == handler.lists.end()) {
      out.findings.push_back({supplement == 4 ? review : note,
                              "supplement_missing",
                              "the part has no Supplement No. " + std::to_string(supplement),
                              {}});
      continue;
    }
    if (found->second.rows_in_file == 0)
      out.findings.push_back(
          {review, "supplement_empty", "Supplement No. " + std::to_string(supplement) + " has no rows", {}});
    out.lists.push_back(std::move(found->second));
  }
  for (const int supplement : handler.repeated)
    out.findings.push_back({review,
                            "supplement_repeated",
                            "Supplement No. " + std::to_string(supplement) + " stands in the part twice",
                            {}});
  return out;
}

}  // namespace entitywatch::parsers
