#include "parsers/fr_metadata.hpp"

#include <algorithm>

#include "parsers/fr_json.hpp"

namespace entitywatch::parsers {
namespace {

// "https://www.federalregister.gov/api/v1/documents/2024-13148?publication_date=…" -> "2024-13148".
std::string number_in_url(std::string_view url) {
  url = url.substr(0, url.find('?'));
  std::string number(url.substr(url.find_last_of('/') + 1));
  if (number.ends_with(".json")) number.resize(number.size() - 5);
  return number;
}

void read_agencies(const FrJson& json, Document& document) {
  for (const FrJson& agency : json_list(json, "agencies")) {
    std::string slug = json_text(agency, "slug");
    if (!slug.empty() && std::ranges::find(document.agencies, slug) == document.agencies.end())
      document.agencies.push_back(std::move(slug));
  }
}

void read_dockets(const FrJson& json, Document& document) {
  document.dockets = json_texts(json, "docket_ids");
  if (const std::string one = json_text(json, "docket_id"); document.dockets.empty() && !one.empty())
    document.dockets = {one};
  document.rins = json_texts(json, "regulation_id_numbers");
}

}  // namespace

Result<FrMetadata> read_fr_metadata(std::string_view bytes) {
  auto parsed = parse_fr_json(bytes);
  if (!parsed) return tl::unexpected(parsed.error());
  const FrJson& json = *parsed;
  FrMetadata out;
  Document& d = out.document;
  d.number = json_text(json, "document_number");
  if (d.number.empty()) return fail(ErrorCode::malformed, "the metadata names no document number");
  d.title = json_text(json, "title");
  d.type = json_text(json, "type");
  d.action = json_text(json, "action");
  d.abstract = json_text(json, "abstract");
  d.citation = json_text(json, "citation");
  d.volume = json_number(json, "volume");
  d.start_page = json_number(json, "start_page");
  d.end_page = json_number(json, "end_page");
  d.publication_date = json_date(json, "publication_date");
  d.effective_on = json_date(json, "effective_on");
  d.dates_text = json_text(json, "dates");
  d.url = json_text(json, "html_url");
  d.xml_url = json_text(json, "full_text_xml_url");
  d.pdf_url = json_text(json, "pdf_url");
  d.text_url = json_text(json, "raw_text_url");
  read_agencies(json, d);
  read_dockets(json, d);
  if (const std::string corrected = number_in_url(json_text(json, "correction_of")); !corrected.empty())
    d.relations.push_back({"corrects", corrected});
  for (const FrJson& reference : json_list(json, "cfr_references")) {
    const int title = json_number(reference, "title");
    const int part = json_number(reference, "part");
    if (title != 0)
      out.cfr.push_back(std::to_string(title) + " CFR" + (part != 0 ? " " + std::to_string(part) : ""));
  }
  return out;
}

}  // namespace entitywatch::parsers
