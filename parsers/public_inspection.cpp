#include "parsers/public_inspection.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "parsers/federal_register.hpp"
#include "parsers/fr_json.hpp"
#include "parsers/fr_topic.hpp"
#include "parsers/inspection_text.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::string_view bis_slug = "industry-and-security-bureau";
// No rule is larger; a text past it is no rendition of one.
constexpr std::size_t most_text = 64u << 20;

std::vector<std::string> slugs_of(const FrJson& item) {
  std::vector<std::string> out;
  for (const FrJson& agency : json_list(item, "agencies"))
    if (std::string slug = json_text(agency, "slug");
        !slug.empty() && std::ranges::find(out, slug) == out.end())
      out.push_back(std::move(slug));
  return out;
}

// Titles are given as the table of contents prints them: "Entity List:" and below it "Additions".
std::string title_of(const FrJson& item) {
  if (std::string title = json_text(item, "title"); !title.empty()) return title;
  std::vector<std::string> parts;
  for (const char* field : {"toc_subject", "toc_doc", "subject_1", "subject_2", "subject_3"})
    if (std::string part = json_text(item, field);
        !part.empty() && std::ranges::find(parts, part) == parts.end())
      parts.push_back(std::move(part));
  return text::join(parts, " ");
}

bool is_revoked(const FrJson& json) {
  const auto date = json.find("publication_date");
  return date != json.end() && date->is_null();
}

Document document_of(const FrJson& json) {
  Document d;
  d.number = json_text(json, "document_number");
  d.title = title_of(json);
  d.type = json_text(json, "type");
  d.agencies = slugs_of(json);
  d.stage = is_revoked(json) ? DocumentStage::withdrawn : DocumentStage::inspection;
  d.filed_at = parse_time(json_text(json, "filed_at"));
  d.publication_date = json_date(json, "publication_date");
  d.pdf_url = json_text(json, "pdf_url");
  d.text_url = json_text(json, "raw_text_url");
  d.url = json_text(json, "html_url");
  if (d.url.empty()) d.url = d.pdf_url;
  d.dockets = json_texts(json, "docket_numbers");
  if (std::string note = json_text(json, "editorial_note"); !note.empty())
    d.findings.push_back({Finding::Severity::note, "editorial_note",
                          "The Office of the Federal Register added a note to the document.",
                          text::excerpt(note, 300)});
  return d;
}

template <class T>
void prefer(T& field, T other) {
  if (!(other == T{})) field = std::move(other);
}

// What the text says, with what the listing says where that speaks.
Document merge(Document text, Document listed) {
  prefer(text.number, std::move(listed.number));
  prefer(text.title, std::move(listed.title));
  prefer(text.type, std::move(listed.type));
  prefer(text.agencies, std::move(listed.agencies));
  prefer(text.filed_at, listed.filed_at);
  prefer(text.publication_date, listed.publication_date);
  prefer(text.pdf_url, std::move(listed.pdf_url));
  prefer(text.text_url, std::move(listed.text_url));
  prefer(text.url, std::move(listed.url));
  prefer(text.dockets, std::move(listed.dockets));
  text.stage = listed.stage;
  text.findings.insert(text.findings.begin(), listed.findings.begin(), listed.findings.end());
  return text;
}

Finding early_text() {
  return {
      Finding::Severity::note,
      "early_text",
      "Read from the text on public inspection, before the document was published; publication may differ.",
      {}};
}

bool is_bis(const Document& d) { return std::ranges::find(d.agencies, bis_slug) != d.agencies.end(); }

// The page of the citation is not known before publication.
void forget_citation(Document& d) {
  d.citation.clear();
  d.start_page = 0;
  d.end_page = 0;
}

DocumentReading without_text(Document d) {
  DocumentReading out;
  out.document = std::move(d);
  if (is_bis(out.document)) out.document.topic = fr_topic(out.document);
  return out;
}

Result<DocumentReading> read_text(std::string_view text, std::optional<Document> listed) {
  const std::string context = listed ? listed->number : std::string{};
  if (text.size() > most_text)
    return fail(ErrorCode::too_large, "the text on public inspection has more than 64 MB", context);
  InspectionText structured = structure_inspection_text(text, listed ? listed->type : std::string{},
                                                        listed ? listed->number : std::string{});
  const auto date =
      listed && listed->publication_date ? listed->publication_date : structured.publication_date;
  auto reading = read_federal_register_document({std::nullopt, structured.xml, date});
  if (!reading) return tl::unexpected(reading.error());
  Document& d = reading->document;
  d.stage = DocumentStage::inspection;
  if (listed) d = merge(std::move(d), std::move(*listed));
  forget_citation(d);
  if (is_bis(d)) d.topic = fr_topic(d);
  d.findings.push_back(early_text());
  d.findings.insert(d.findings.end(), structured.findings.begin(), structured.findings.end());
  for (Operation& operation : reading->operations) operation.findings.push_back(early_text());
  return std::move(*reading);
}

}  // namespace

Result<DocumentReading> read_public_inspection_document(const InspectionInput& input) {
  std::optional<Document> listed;
  if (input.metadata_json) {
    auto json = parse_fr_json(*input.metadata_json);
    if (!json) return tl::unexpected(json.error());
    if (!json->is_object() || json_text(*json, "document_number").empty())
      return fail(ErrorCode::malformed, "the item of the listing names no document", "public inspection");
    listed = document_of(*json);
  }
  if (input.text) return read_text(*input.text, std::move(listed));
  if (!listed)
    return fail(ErrorCode::invalid_argument, "neither the item nor the text of the document is given");
  return without_text(std::move(*listed));
}

}  // namespace entitywatch::parsers
