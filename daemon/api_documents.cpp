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

}  // namespace

namespace answer {

ApiResponse documents(const Ask& ask) {
  const auto limit = limit_parameter(ask.request);
  if (!limit) return problem_of(limit.error());
  std::string last;
  if (const std::string cursor = text_parameter(ask.request, "cursor"); !cursor.empty()) {
    auto place = decode_cursor(CursorKind::documents, cursor);
    if (!place) return problem_of(place.error());
    last = std::move(*place);
  }
  const std::vector<std::string> words = words_parameter(ask.request);
  std::vector<Document> found;
  const auto scanned = ask.reader.documents(last, [&](const Document& document) {
    const std::string key =
        words.empty() ? ""
                      : text::search_key(document.number + " " + document.citation + " " + document.title);
    const bool wanted = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return key.find(word) != std::string::npos;
    });
    if (wanted) found.push_back(document);
    return found.size() < *limit;
  });
  if (!scanned) return problem_of(scanned.error());

  Json items = Json::array();
  for (const Document& document : found) {
    const auto changed = changes_of(ask.reader, document.number);
    if (!changed) return problem_of(changed.error());
    Json item = to_json(document);
    item["counts"] = counts_of(changed->by_kind);
    items.push_back(std::move(item));
    last = document.number;
  }
  return answer_json(
      Json{{"documents", std::move(items)}, {"next_cursor", encode_cursor(CursorKind::documents, last)}});
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
  return answer_json(out);
}

}  // namespace answer
}  // namespace entitywatch::daemon
