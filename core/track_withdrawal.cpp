#include "core/draft.hpp"
#include "core/hash.hpp"

namespace entitywatch {

Tracked track_withdrawal(const Knowledge& known, const std::string& number, const TrackContext& context) {
  Draft draft(known, context);
  std::optional<Document> document = known.document(number);
  if (!document || document->stage != DocumentStage::inspection) return draft.take();
  document->stage = DocumentStage::withdrawn;
  for (const Change& c : known.changes_of_document(number)) {
    if (c.kind == ChangeKind::withdrawn || c.kind == ChangeKind::document) continue;
    Change told = draft.make_change(ChangeKind::withdrawn, stable_id({"change", "withdrawn", c.id}));
    told.list = c.list;
    told.entry = c.entry;
    told.before = c.before;
    told.document = reference(*document);
    if (!known.has_change(told.id))
      draft.amend(c, draft.sighting("withdraws", "withdrawn before publication"), Draft::Tell::quietly);
    told.note =         "The document was withdrawn from public inspection before publication; what it announced does not "
        "happen.";
    const Entry* now = c.entry ? draft.entry(c.entry->id) : nullptr;
    const bool still_ours = now != nullptr && now->document == number;
    std::string id;
    if (still_ours) {
      Entry entry = *now;
      if (c.before) {
        entry = *c.before;
        entry.versions = now->versions;
        entry.effective_on = c.effective_on;  // on that day the former state goes on
      } else {
        entry.status = c.kind == ChangeKind::removed ? EntryStatus::listed : EntryStatus::removed;
      }
      entry.document.clear();
      entry.last_confirmed = context.seen_at;
      told.entry = entry;
      id = draft.raise(std::move(told));
      draft.put(std::move(entry), Draft::Versioning::new_version, id);
    } else {
      draft.raise(std::move(told));
    }
  }
  draft.put_document(std::move(*document));
  return draft.take();
}

}  // namespace entitywatch
