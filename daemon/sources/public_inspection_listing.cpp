#include "daemon/sources/public_inspection_listing.hpp"

#include <fmt/format.h>

#include <set>

#include "daemon/sources/publisher.hpp"

namespace entitywatch::daemon {
namespace {

// The bytes of each element of the array that is the member `name` of the outermost object. Only for JSON
// that a parser has accepted.
std::vector<std::string_view> raw_elements(std::string_view json, std::string_view name) {
  std::vector<std::string_view> elements;
  int depth = 0;
  bool inside = false;           // the array wanted
  std::size_t string_at = 0;     // start of the last string
  std::string_view last_string;  // of depth 1
  std::size_t element_at = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      string_at = i + 1;
      for (++i; i < json.size() && json[i] != '"'; ++i)
        if (json[i] == '\\') ++i;
      if (depth == 1) last_string = json.substr(string_at, i - string_at);
    } else if (c == '{' || c == '[') {
      if (inside && depth == 2) element_at = i;
      if (depth == 1 && c == '[' && last_string == name) inside = true;
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
      if (inside && depth == 2) elements.push_back(json.substr(element_at, i + 1 - element_at));
      if (inside && depth == 1) return elements;
    }
  }
  return elements;
}

std::string string_of(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::vector<std::string> agencies_of(const Json& item) {
  std::vector<std::string> slugs;
  const auto agencies = item.find("agencies");
  if (agencies == item.end() || !agencies->is_array()) return slugs;
  for (const Json& agency : *agencies)
    if (agency.is_object())
      if (std::string slug = string_of(agency, "slug"); !slug.empty()) slugs.push_back(std::move(slug));
  return slugs;
}

}  // namespace

Result<std::vector<FiledDocument>> read_inspection_listing(std::string_view bytes) {
  auto json = read_json(bytes);
  if (!json) return tl::unexpected(json.error());
  const auto count = json->is_object() ? json->find("count") : json->end();
  if (!json->is_object() || (!json->contains("results") && count == json->end()))
    return fail(ErrorCode::malformed, "the answer is not a listing of documents on public inspection");
  const auto results = json->find("results");
  std::vector<FiledDocument> documents;
  if (results != json->end() && results->is_array()) {
    const std::vector<std::string_view> raw = raw_elements(bytes, "results");
    if (raw.size() != results->size())
      return fail(ErrorCode::malformed, "the listing holds something that is no document");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const Json& item = (*results)[i];
      auto digest = metadata_digest(raw[i]);
      FiledDocument document{string_of(item, "document_number"),
                             agencies_of(item),
                             parse_iso_date(string_of(item, "publication_date")),
                             string_of(item, "raw_text_url"),
                             digest.value_or(""),
                             std::string(raw[i])};
      if (!is_document_number(document.number))
        return fail(ErrorCode::malformed, "the listing holds a document without a number");
      if (!seen.insert(document.number).second)
        return fail(ErrorCode::implausible,
                    fmt::format("the listing shows document {} twice", document.number));
      documents.push_back(std::move(document));
    }
  }
  if (count != json->end() && count->is_number_unsigned() && count->get<std::size_t>() != documents.size())
    return fail(ErrorCode::implausible,
                fmt::format("the listing counts {} documents and shows {}; nothing of it was used",
                            count->get<std::size_t>(), documents.size()));
  return documents;
}

}  // namespace entitywatch::daemon
