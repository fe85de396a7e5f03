#include "daemon/api_entries.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "daemon/cursor.hpp"

namespace entitywatch::daemon {
namespace {

Result<std::set<EntryStatus>> statuses_parameter(const ApiRequest& request) {
  const std::string value = text_parameter(request, "status");
  if (value.empty()) return std::set<EntryStatus>{EntryStatus::listed};
  if (value == "all")
    return std::set<EntryStatus>{EntryStatus::listed, EntryStatus::pending, EntryStatus::removed};
  if (const auto status = parse_entry_status(value)) return std::set<EntryStatus>{*status};
  return fail(ErrorCode::invalid_argument,
              fmt::format("status: '{}' is not one of listed, pending, removed, all",
                          text::excerpt(text::sanitize(value), 40)));
}

void confirm(Entry& entry, const Proofs& proofs) {
  const auto proof = proofs.find(entry.source);
  if (entry.status == EntryStatus::listed && proof != proofs.end())
    entry.last_confirmed = std::max(entry.last_confirmed, proof->second);
}

// The day each list's earliest entry was first seen.
Result<std::map<ListId, Date>> first_sights(const storage::Reader& reader) {
  std::map<ListId, Date> out;
  const auto scanned = reader.entries(std::nullopt, {}, [&](const Entry& entry) {
    const Date day = std::chrono::floor<std::chrono::days>(entry.first_seen);
    const auto [at, fresh] = out.emplace(entry.list, day);
    if (!fresh) at->second = std::min(at->second, day);
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return out;
}

Result<std::map<ListId, Date>> first_readings(const Ask& ask) {
  std::map<ListId, Date> out;
  {
    const std::lock_guard lock(ask.memory.mutex);
    // A baseline adds entries without a change, so age counts beside the position.
    const bool fresh = ask.memory.first_sights_at == ask.reader.last_position() &&
                       ask.now >= ask.memory.first_sights_taken &&
                       ask.now < ask.memory.first_sights_taken + std::chrono::minutes{1};
    if (!fresh) {
      auto sights = first_sights(ask.reader);
      if (!sights) return sights;
      ask.memory.first_sights = std::move(*sights);
      ask.memory.first_sights_at = ask.reader.last_position();
      ask.memory.first_sights_taken = ask.now;
    }
    out = ask.memory.first_sights;
  }
  for (auto& [list, day] : out) {
    const auto note = ask.reader.note(first_reading_note(list));
    if (!note) return tl::unexpected(note.error());
    if (const auto noted = *note ? parse_iso_date(**note) : std::nullopt) day = *noted;
  }
  return out;
}

Json page_of(const EntryQuestion& question, Json entries, CursorKind kind, const std::string& last) {
  Json out{{"entries", std::move(entries)}, {"next_cursor", encode_cursor(kind, last)}};
  if (question.looks_back) {
    out["as_of"] = format_date(question.viewpoint.as_of);
    out["known_at"] = time_or_null(question.viewpoint.known_at);
  }
  return out;
}

Result<CursorKind> order_of(const ApiRequest& request) {
  const std::string order = text_parameter(request, "order");
  if (order.empty() || order == "list") return CursorKind::entries;
  if (order == "name") return CursorKind::entries_by_name;
  return fail(ErrorCode::invalid_argument,
              fmt::format("order: '{}' is neither list nor name", text::excerpt(text::sanitize(order), 40)));
}

Result<std::string> after_parameter(const ApiRequest& request, CursorKind kind) {
  const std::string cursor = text_parameter(request, "cursor");
  return cursor.empty() ? Result<std::string>("") : decode_cursor(kind, cursor);
}

// The place of the last one, and those up to it that come after `after`.
struct EntriesPage {
  Json items = Json::array();
  std::string last;
};

Result<EntriesPage> by_list(const Ask& ask, const EntryQuestion& question, const Proofs& proofs,
                            const std::string& after, std::size_t limit) {
  EntriesPage out{Json::array(), after};
  const auto visited = visit_entries(ask.reader, question, proofs, after, [&](const EntryView& view) {
    out.items.push_back(to_json(view));
    out.last = view.entry.id;
    return out.items.size() < limit;
  });
  if (!visited) return tl::unexpected(visited.error());
  return out;
}

// There is no index by name: all are looked at, and no more than a page is kept.
Result<EntriesPage> by_name(const Ask& ask, const EntryQuestion& question, const Proofs& proofs,
                            const std::string& after, std::size_t limit) {
  std::map<std::string, EntryView> found;
  const auto visited = visit_entries(ask.reader, question, proofs, "", [&](const EntryView& view) {
    std::string key = text::search_key(view.entry.listing.name) + '\n' + view.entry.id;
    if (key > after && (found.size() < limit || key < found.rbegin()->first))
      found.emplace(std::move(key), view);
    if (found.size() > limit) found.erase(std::prev(found.end()));
    return true;
  });
  if (!visited) return tl::unexpected(visited.error());
  EntriesPage out{Json::array(), found.empty() ? after : found.rbegin()->first};
  for (const auto& [key, view] : found) out.items.push_back(to_json(view));
  return out;
}

}  // namespace

std::string first_reading_note(ListId list) { return fmt::format("first-reading {}", to_string(list)); }

Result<EntryQuestion> entry_question(const Ask& ask) {
  auto filter = entry_filter(ask.request);
  if (!filter) return tl::unexpected(filter.error());
  auto statuses = statuses_parameter(ask.request);
  if (!statuses) return tl::unexpected(statuses.error());
  const auto as_of = date_parameter(ask.request, "as_of");
  if (!as_of) return tl::unexpected(as_of.error());
  const auto known_at = time_parameter(ask.request, "known_at");
  if (!known_at) return tl::unexpected(known_at.error());
  const Date day = *as_of ? **as_of : std::chrono::floor<std::chrono::days>(known_at->value_or(ask.now));
  return EntryQuestion{std::move(*filter), std::move(*statuses), Viewpoint{day, *known_at},
                       as_of->has_value() || known_at->has_value()};
}

Result<Proofs> proofs_of_life(const storage::Reader& reader) {
  const auto states = reader.sources();
  if (!states) return tl::unexpected(states.error());
  Proofs out;
  // A rule is read once and proves nothing later; a list proves it every time.
  const auto repeats = [](const std::string& name) { return name != source::federal_register && name != source::public_inspection && name != source::bis_news; };
  for (const SourceState& state : *states)
    if (state.last_success_at && repeats(state.name)) out.emplace(state.name, *state.last_success_at);
  return out;
}

Result<void> visit_entries(const storage::Reader& reader, const EntryQuestion& question, const Proofs& proofs,
                           std::string_view after_id, const storage::Visitor<EntryView>& visit) {
  const std::optional<ListId> only =
      question.filter.lists.size() == 1 ? std::optional(question.filter.lists.front()) : std::nullopt;
  Result<void> inner;
  const auto scanned = reader.entries(only, after_id, [&](const Entry& entry) {
    if (!wants_list(question.filter, entry.list)) return true;
    auto view = view_entry(reader, entry, question.viewpoint);
    if (!view) {
      inner = tl::unexpected(view.error());
      return false;
    }
    if (!*view || !question.statuses.contains((*view)->entry.status)) return true;
    if (!matches(question.filter, (*view)->entry.listing)) return true;
    if (!question.looks_back) confirm((*view)->entry, proofs);
    return visit(**view);
  });
  return scanned ? inner : scanned;
}

Result<bool> is_complete(const Ask& ask, const EntryQuestion& question) {
  const auto readings = first_readings(ask);
  if (!readings) return tl::unexpected(readings.error());
  const auto covered = [&](ListId list) {
    const auto at = readings->find(list);
    return at != readings->end() && at->second <= question.viewpoint.as_of;
  };
  if (!question.filter.lists.empty())
    return std::all_of(question.filter.lists.begin(), question.filter.lists.end(), covered);
  return !readings->empty() &&
         std::all_of(readings->begin(), readings->end(), [&](const auto& r) { return covered(r.first); });
}

namespace answer {

ApiResponse entries(const Ask& ask) {
  const auto question = entry_question(ask);
  if (!question) return problem_of(question.error());
  const auto limit = limit_parameter(ask.request);
  if (!limit) return problem_of(limit.error());
  const auto order = order_of(ask.request);
  if (!order) return problem_of(order.error());
  const auto after = after_parameter(ask.request, *order);
  if (!after) return problem_of(after.error());
  const auto proofs = proofs_of_life(ask.reader);
  if (!proofs) return problem_of(proofs.error());
  auto page =
      (*order == CursorKind::entries_by_name ? by_name : by_list)(ask, *question, *proofs, *after, *limit);
  if (!page) return problem_of(page.error());
  Json out = page_of(*question, std::move(page->items), *order, page->last);
  if (question->looks_back) {
    const auto complete = is_complete(ask, *question);
    if (!complete) return problem_of(complete.error());
    out["complete"] = *complete;
  }
  return answer_json(out);
}

ApiResponse entry(const Ask& ask) {
  const auto found = ask.reader.entry(ask.path[0]);
  if (!found) return problem_of(found.error());
  if (!*found) return not_found("entry", ask.path[0]);
  auto view = view_entry(ask.reader, **found, Viewpoint{ask.today(), std::nullopt});
  if (!view) return problem_of(view.error());
  const auto proofs = proofs_of_life(ask.reader);
  if (!proofs) return problem_of(proofs.error());
  const auto versions = ask.reader.versions(ask.path[0]);
  if (!versions) return problem_of(versions.error());

  EntryView shown = *view ? std::move(**view) : EntryView{**found, std::nullopt};
  confirm(shown.entry, *proofs);
  Json out = to_json(shown);
  Json version_list = Json::array();
  for (const EntryVersion& version : *versions) version_list.push_back(to_json(version));
  out["versions"] = std::move(version_list);
  Json changes = Json::array();
  const auto scanned = ask.reader.changes_of_entry(ask.path[0], [&](const Change& change) {
    changes.push_back(to_json(change));
    return true;
  });
  if (!scanned) return problem_of(scanned.error());
  out["changes"] = std::move(changes);
  return answer_standing(ask, out);
}

}  // namespace answer
}  // namespace entitywatch::daemon
