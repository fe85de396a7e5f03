#include "parsers/federal_register.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/denial_order.hpp"
#include "parsers/fr_corrections.hpp"
#include "parsers/fr_counts.hpp"
#include "parsers/fr_front.hpp"
#include "parsers/fr_metadata.hpp"
#include "parsers/fr_preamble.hpp"
#include "parsers/fr_reconcile.hpp"
#include "parsers/fr_regtext.hpp"
#include "parsers/fr_topic.hpp"
#include "parsers/fr_tree.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::string_view bis_slug = "industry-and-security-bureau";

// ---- the document itself: metadata first, the XML where that is silent ----

template <class T>
void prefer(T& field, const T& other) {
  if (field == T{}) field = other;
}

void merge_front(Document& d, const FrFront& front, const FrSource& source) {
  prefer(d.number, front.number);
  prefer(d.title, front.title);
  prefer(d.type, front.type);
  prefer(d.action, front.action);
  prefer(d.abstract, front.summary);
  prefer(d.dates_text, front.dates);
  prefer(d.dockets, front.dockets);
  prefer(d.rins, front.rins);
  prefer(d.filed_at, front.filed_at);
  prefer(d.volume, source.volume);
  prefer(d.start_page, source.page.value_or(0));
  prefer(d.publication_date, source.issue_date);
  d.authority = front.authority;
  if (d.agencies.empty())
    for (const std::string& printed : front.agencies)
      if (std::string slug = agency_slug(printed);
          !slug.empty() && std::ranges::find(d.agencies, slug) == d.agencies.end())
        d.agencies.push_back(std::move(slug));
}

// The placeholders of the table name volume and day; enough to date a document that came as XML alone.
void learn_from_placeholders(Document& d, const std::vector<FrTable>& tables) {
  for (const FrTable& table : tables)
    for (const FrTableRow& row : table.rows) {
      if (d.volume != 0 && d.publication_date) return;
      Listing cell = read_row(row, {}).front();
      for (const Citation& c : cell.citations) {
        if (c.page != 0) continue;
        if (d.volume == 0) d.volume = c.volume;
        if (!d.publication_date) d.publication_date = c.date;
      }
    }
}

void settle_dates(Document& d) {
  d.effective_dates = effective_dates(d.dates_text, d.publication_date);
  // The API's date comes first; it is the first of several.
  if (d.effective_on) {
    std::erase(d.effective_dates, *d.effective_on);
    d.effective_dates.insert(d.effective_dates.begin(), *d.effective_on);
  } else if (!d.effective_dates.empty()) {
    d.effective_on = d.effective_dates.front();
  }
}

void settle_citation(Document& d) {
  if (d.citation.empty() && d.volume != 0 && d.start_page != 0)
    d.citation = fmt::format("{} FR {}", d.volume, d.start_page);
}

void settle_topic(Document& d, const FrNode* root) {
  d.topic = fr_topic(d);
  if (root == nullptr || d.topic != "denial-order") return;
  const std::string matter = matter_of(*root);
  if (matter.empty() || text::fold(d.title).find("matterof") != std::string::npos) return;
  // "Order Denying Export Privileges" alone does not say whom; a title with an address does.
  const bool names_nobody = d.title.find(',') == std::string::npos && d.title.find(';') == std::string::npos;
  if (names_nobody) d.title += "; " + matter;
}

// ---- checks of the whole ----

void check_identity(Document& d, const FrFront& front, bool has_metadata) {
  if (has_metadata && !front.number.empty())
    d.checks.push_back({"document_number", d.number, front.number, d.number == front.number, {}});
  if (!d.citation.empty() && d.volume != 0 && d.start_page != 0) {
    const std::string own = fmt::format("{} FR {}", d.volume, d.start_page);
    d.checks.push_back({"citation", d.citation, own, d.citation == own, {}});
  }
  if (d.start_page == 0 || d.end_page < d.start_page || front.pages.empty()) return;
  const auto [low, high] = std::ranges::minmax(front.pages);
  const bool inside = low >= d.start_page && high <= d.end_page;
  d.checks.push_back(
      {"pages", fmt::format("{}-{}", d.start_page, d.end_page), fmt::format("{}-{}", low, high), inside, {}});
}

// ---- operations ----

// Text that was read instead of instructions: a correction mends a published rule in words.
void add_corrections(const Document& d, const std::vector<FrParagraph>& body,
                     InstructionReading& instructions) {
  if (!is_correction_document(d) || !instructions.entries.empty() || !instructions.touched.empty()) return;
  InstructionReading corrections = read_correction_paragraphs(body);
  std::ranges::move(corrections.entries, std::back_inserter(instructions.entries));
  std::ranges::move(corrections.touched, std::back_inserter(instructions.touched));
  std::ranges::move(corrections.findings, std::back_inserter(instructions.findings));
}

void add_relations(Document& d, const std::vector<Relation>& more) {
  for (const Relation& r : more)
    if (std::ranges::find(d.relations, r) == d.relations.end()) d.relations.push_back(r);
}

void read_rule(const FrSource& source, const FrFront& front, const std::vector<FrParagraph>& body,
               DocumentReading& out) {
  Document& d = out.document;
  FrAmendments amendments = read_amendments(source.root);
  InstructionReading instructions = read_instructions(amendments.paragraphs);
  add_corrections(d, body, instructions);
  learn_from_placeholders(d, amendments.tables);
  settle_citation(d);
  settle_dates(d);
  d.savings_until = savings_end(body);
  d.touched = instructions.touched;
  add_relations(d, instructions.relations);
  for (const FrTable& table : amendments.tables)
    d.findings.insert(d.findings.end(), table.findings.begin(), table.findings.end());
  d.findings.insert(d.findings.end(), instructions.findings.begin(), instructions.findings.end());
  const std::vector<InstructionDate> dates = instruction_dates(d.dates_text);
  FrOperations operations = reconcile({d, instructions, amendments.tables, dates, is_correction_document(d)});
  d.findings.insert(d.findings.end(), operations.findings.begin(), operations.findings.end());
  const StatedCounts stated = read_stated_counts(front.summary.empty() ? d.abstract : front.summary);
  for (Check& check : check_counts(stated, operations.counted)) d.checks.push_back(std::move(check));
  out.operations = std::move(operations.operations);
  if (auto check = check_preamble(body, out.operations)) d.checks.push_back(std::move(*check));
}

// A proposed rule changes nothing yet.
void read_proposal(const FrSource& source, DocumentReading& out) {
  const FrAmendments amendments = read_amendments(source.root);
  if (read_instructions(amendments.paragraphs).entries.empty() && amendments.tables.empty()) return;
  out.document.findings.push_back({Finding::Severity::note,
                                   "proposed_only",
                                   "the document proposes changes of a list and makes none",
                                   {}});
}

DocumentReading read_source(const FrSource& source, std::optional<Document> metadata,
                            const std::optional<Date>& published) {
  const bool has_metadata = metadata.has_value();
  DocumentReading out;
  if (metadata) out.document = std::move(*metadata);
  Document& d = out.document;
  const FrFront front = read_front(source.root);
  prefer(d.publication_date, published);
  const bool bis = is_bis(front, d.agencies);
  merge_front(d, front, source);
  settle_citation(d);
  settle_dates(d);
  const std::vector<FrParagraph> body = body_paragraphs(source.root);
  if (bis) {
    if (d.agencies.empty()) d.agencies.emplace_back(bis_slug);
    d.relations = fr_relations(d, body);
    if (source.root.is("RULE") || source.root.is("CORRECT")) read_rule(source, front, body, out);
    if (source.root.is("PRORULE")) read_proposal(source, out);
    settle_topic(d, &source.root);
    if (source.root.is("NOTICE") && denies_privileges(d, body)) read_denial_order(source.root, body, out);
  }
  check_identity(d, front, has_metadata);
  return out;
}

}  // namespace

Result<DocumentReading> read_federal_register_document(const FederalRegisterInput& input) {
  std::optional<Document> metadata;
  if (input.metadata_json) {
    auto read = read_fr_metadata(*input.metadata_json);
    if (!read) return tl::unexpected(read.error());
    metadata = std::move(read->document);
  }
  if (!input.xml) {
    if (!metadata)
      return fail(ErrorCode::invalid_argument, "neither metadata nor text of the document is given");
    DocumentReading out;
    out.document = std::move(*metadata);
    prefer(out.document.publication_date, input.publication_date);
    settle_citation(out.document);
    settle_dates(out.document);
    if (std::ranges::find(out.document.agencies, bis_slug) != out.document.agencies.end()) {
      settle_topic(out.document, nullptr);
      out.document.relations = fr_relations(out.document, {});
    }
    return out;
  }
  std::vector<DocumentReading> found;
  const auto walked = walk_documents(
      *input.xml,
      [&](const FrSource& source) { found.push_back(read_source(source, metadata, input.publication_date)); },
      [&](const FrNode&) { return found.empty(); });
  const std::string context = metadata ? metadata->number : std::string{};
  if (!walked) return fail(walked.error().code, walked.error().message, context);
  if (found.empty())
    return fail(ErrorCode::malformed, "the XML holds no document of the Federal Register", context);
  if (found.front().document.number.empty())
    return fail(ErrorCode::malformed, "the document names no Federal Register document number", context);
  return std::move(found.front());
}

Result<std::vector<DocumentReading>> read_federal_register_issue(std::string_view xml) {
  std::vector<DocumentReading> out;
  const auto of_bis = [](const FrNode& root) { return is_bis(read_front(root), {}); };
  const auto walked = walk_documents(
      xml,
      [&](const FrSource& source) {
        if (!of_bis(source.root)) return;
        DocumentReading reading = read_source(source, std::nullopt, std::nullopt);
        if (!reading.document.number.empty()) out.push_back(std::move(reading));
      },
      of_bis);
  if (!walked) return tl::unexpected(walked.error());
  return out;
}

}  // namespace entitywatch::parsers
