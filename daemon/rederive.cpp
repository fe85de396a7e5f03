#include "daemon/rederive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/hash.hpp"
#include "core/identity.hpp"
#include "daemon/readings.hpp"

namespace entitywatch::daemon {
namespace {

// What a reading says, in the keys by which entries are known.
struct Said {
  std::set<std::string> rows;             // listed in a snapshot, added or revised by a document
  std::set<std::string> removed;          // by a document
  std::set<std::string> emptied;          // countries whose listing a document removes
  std::set<std::string> documents;
  bool is_snapshot = false;
};

Said said_by(const Reading& reading) {
  Said out;
  out.is_snapshot = !reading.lists.empty();
  for (const ListReading& list : reading.lists)
    for (const Listing& row : list.rows) out.rows.insert(name_key(list.list, row.country, row.name));
  for (const DocumentReading& document : reading.documents) {
    out.documents.insert(document.document.number);
    for (const Operation& op : document.operations) {
      const std::string key = name_key(op.list, op.listing.country, op.listing.name);
      if (op.kind == OperationKind::remove) out.removed.insert(key);
      if (op.kind == OperationKind::remove_country) out.emptied.insert(name_key(op.list, op.listing.country, ""));
      if (op.kind != OperationKind::add && op.kind != OperationKind::revise) continue;
      out.rows.insert(key);
      if (!op.name.empty()) out.rows.insert(name_key(op.list, op.listing.country, op.name));
    }
  }
  return out;
}

bool follows(const Change& change, const Said& said) {
  // Rests on the absence of a document or an entry, or on the calendar.
  if (change.kind == ChangeKind::withdrawn || change.kind == ChangeKind::discrepancy || change.kind == ChangeKind::effective) return true;
  // What acts on another document's effects names that document.
  const auto acted_upon = [](const Check& check) { return check.name == "rule_acted_upon"; };
  if (std::any_of(change.checks.begin(), change.checks.end(), acted_upon)) return change.document && said.documents.contains(change.document->number);
  if (change.kind == ChangeKind::document) return change.document && said.documents.contains(change.document->number);
  if (!change.entry || !change.list) return false;
  const Listing& l = change.entry->listing;
  const std::string key = name_key(*change.list, l.country, l.name);
  if (change.kind == ChangeKind::removed) {
    if (said.is_snapshot) return !said.rows.contains(key);
    return said.removed.contains(key) || said.emptied.contains(name_key(*change.list, l.country, ""));
  }
  if (said.rows.contains(key)) return true;
  // A later source may have renamed it: then the text before stands in the evidence of the change.
  return change.before && said.rows.contains(name_key(*change.list, change.before->listing.country, change.before->listing.name));
}

}  // namespace

Result<RederiveReport> rederive(const storage::Archive& archive) {
  RederiveReport report;
  const auto reader = archive.reader();
  std::map<std::string, std::vector<std::string>> by_evidence;
  auto listed = reader->changes(0, [&](const Change& c) { return by_evidence[c.evidence.sha256].push_back(c.id), true; });
  if (!listed) return tl::unexpected(listed.error());
  std::optional<Error> fault;
  const auto unmatched = [&](std::string words) {
    if (report.unmatched++ == 0) report.first_unmatched = std::move(words);
  };
  auto read_all = reader->observations([&](const Observation& o) {
    std::vector<std::string> ids;
    for (const ObservationPart& part : o.parts)
      if (const auto found = by_evidence.find(sha256_hex(part.bytes)); found != by_evidence.end()) {
        ids.insert(ids.end(), found->second.begin(), found->second.end());
        by_evidence.erase(found);
      }
    if (ids.empty()) return true;
    ++report.observations;
    const auto reading = read(o);
    if (!reading) {
      unmatched("stored bytes can no longer be read: " + reading.error().describe());
      return true;
    }
    const Said said = said_by(*reading);
    for (const std::string& id : ids) {
      const auto change = reader->change(id);
      if (!change) {
        fault = change.error();
        return false;
      }
      if (*change && follows(**change, said)) {
        ++report.changes;
      } else {
        unmatched(fmt::format("change {} does not follow from its evidence ({})", id, o.key));
      }
    }
    return true;
  });
  if (!read_all) return tl::unexpected(read_all.error());
  if (fault) return tl::unexpected(std::move(*fault));
  for (const auto& [sha, ids] : by_evidence) unmatched(fmt::format("the evidence {} of {} changes is not in the archive", sha, ids.size()));
  return report;
}

}  // namespace entitywatch::daemon
