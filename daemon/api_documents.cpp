#include <algorithm>
#include <map>

#include "core/text.hpp"
#include "daemon/api_params.hpp"
#include "daemon/cursor.hpp"

namespace entitywatch::daemon {
namespace {

struct DocumentChanges {
  Json changes = Json::array();
  std::map<ChangeKind, std::size_t> by_kind;
};

Result<DocumentChanges> changes_of(const storage::Reader& reader, const std::string& number) {
  DocumentChanges out;
  const auto scanned = reader.changes_of_document(number, [&](const Change& change) {
    ++out.by_kind[change.kind];
    out.changes.push_back(to_json(change));
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return out;
}

Json counts_of(const std::map<ChangeKind, std::size_t>& by_kind) {
  Json out = Json::object();
  for (const auto& [kind, count] : by_kind) out[std::string(to_string(kind))] = count;
  return out;
}

// Of documents in order of publication: the day it was published, filed or first seen, then its number.
std::string newest_key(const Document& document) {
  const Date day =
      document.publication_date
          ? *document.publication_date
          : std::chrono::floor<std::chrono::days>(document.filed_at.value_or(document.first_seen));
  return format_date(day) + ' ' + document.number;
}

bool has_words(const Document& document, const std::vector<std::string>& words) {
  if (words.empty()) return true;
  const std::string key = text::search_key(document.number + " " + document.citation + " " + document.title);
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return key.find(word) != std::string::npos; });
}

Result<std::vector<Document>> by_number(const storage::Reader& reader, const std::string& after,
                                        std::size_t limit, const std::vector<std::string>& words) {
  std::vector<Document> found;
  const auto scanned = reader.documents(after, [&](const Document& document) {
    if (has_words(document, words)) found.push_back(document);
    return found.size() < limit;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return found;
}

// They are few: a decade of rules and notices is some thousands.
Result<std::vector<Document>> newest(const storage::Reader& reader, const std::string& before,
                                     std::size_t limit, const std::vector<std::string>& words) {
  std::map<std::string, Document> found;
  const auto scanned = reader.documents("", [&](const Document& document) {
    std::string key = newest_key(document);
    if ((before.empty() || key < before) && has_words(document, words))
      found.emplace(std::move(key), document);
    if (found.size() > limit) found.erase(found.begin());
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  std::vector<Document> out;
  for (auto at = found.rbegin(); at != found.rend(); ++at) out.push_back(std::move(at->second));
  return out;
}

}  // namespace

namespace answer {

ApiResponse documents(const Ask& ask) {
  const auto limit = limit_parameter(ask.request);
  if (!limit) return problem_of(limit.error());
  const auto order = order_parameter(ask.request);
  if (!order) return problem_of(order.error());
  const CursorKind kind = *order == Order::newest ? CursorKind::documents_newest : CursorKind::documents;
  std::string last;
  if (const std::string cursor = text_parameter(ask.request, "cursor"); !cursor.empty()) {
    auto place = decode_cursor(kind, cursor);
    if (!place) return problem_of(place.error());
    last = std::move(*place);
  }
  const auto found =
      (*order == Order::newest ? newest : by_number)(ask.reader, last, *limit, words_parameter(ask.request));
  if (!found) return problem_of(found.error());

  Json items = Json::array();
  for (const Document& document : *found) {
    const auto changed = changes_of(ask.reader, document.number);
    if (!changed) return problem_of(changed.error());
    Json item = to_json(document);
    item["counts"] = counts_of(changed->by_kind);
    items.push_back(std::move(item));
    last = *order == Order::newest ? newest_key(document) : document.number;
  }
  return answer_json(Json{{"documents", std::move(items)}, {"next_cursor", encode_cursor(kind, last)}});
}

ApiResponse document(const Ask& ask) {
  const auto found = ask.reader.document(ask.path[0]);
  if (!found) return problem_of(found.error());
  if (!*found) return not_found("document", ask.path[0]);
  auto changed = changes_of(ask.reader, ask.path[0]);
  if (!changed) return problem_of(changed.error());
  Json out = to_json(**found);
  out["counts"] = counts_of(changed->by_kind);
  out["changes"] = std::move(changed->changes);
  return answer_standing(ask, out);
}

}  // namespace answer
}  // namespace entitywatch::daemon
