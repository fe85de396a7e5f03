#include <array>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "parsers/federal_register.hpp"
#include "parsers/fr_json.hpp"

namespace entitywatch::parsers {
namespace {

// What the publisher changes without changing the document.
constexpr std::array volatile_fields{"page_views", "regulations_dot_gov_info", "excerpts",
                                     "public_inspection_pdf_url"};

std::string digest_of(const FrJson& item) {
  // Keys in alphabetical order: their order in the answer is no change.
  nlohmann::json sorted = nlohmann::json::object();
  for (const auto& [key, value] : item.items()) sorted[key] = nlohmann::json(value);
  for (const char* field : volatile_fields) sorted.erase(field);
  return sha256_hex(sorted.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

Result<DocumentsPage> read_documents_page(std::string_view json) {
  auto parsed = parse_fr_json(json);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->is_object() || !parsed->contains("count"))
    return fail(ErrorCode::malformed, "the answer is no documents listing: it has no count");
  const auto results = parsed->find("results");
  if (results == parsed->end() && json_number(*parsed, "count") != 0)
    return fail(ErrorCode::malformed, "the documents listing counts documents and lists none");
  DocumentsPage out;
  out.count = static_cast<std::size_t>(json_number(*parsed, "count"));
  out.total_pages = static_cast<std::size_t>(json_number(*parsed, "total_pages"));
  out.next_page_url = json_text(*parsed, "next_page_url");
  for (const FrJson& item : json_list(*parsed, "results")) {
    DocumentsPage::Item one;
    one.number = json_text(item, "document_number");
    if (one.number.empty())
      return fail(ErrorCode::malformed, "the documents listing has an item without a number");
    one.json_url = json_text(item, "json_url");
    one.full_text_xml_url = json_text(item, "full_text_xml_url");
    one.raw_text_url = json_text(item, "raw_text_url");
    one.publication_date = json_date(item, "publication_date");
    one.digest = digest_of(item);
    one.json = dump(item);
    out.items.push_back(std::move(one));
  }
  return out;
}

}  // namespace entitywatch::parsers
