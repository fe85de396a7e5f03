// Knowledge over plain maps, for tests of tracking: apply() takes in what a commit says, as an archive
// would.
#pragma once

#include <algorithm>
#include <map>

#include "core/identity.hpp"
#include "core/track.hpp"

namespace entitywatch::test {

class PlainKnowledge final : public Knowledge {
 public:
  void apply(const Commit& commit) {
    for (const Entry& e : commit.entries) entries_[e.id] = e;
    for (const EntryVersion& v : commit.versions) versions_[v.entry_id].push_back(v);
    for (const SourceRow& r : commit.source_rows) {
      auto& rows = rows_[{r.source, r.list}];
      if (r.gone) {
        rows.erase(r.entry_id);
      } else {
        rows[r.entry_id] = r;
      }
    }
    for (Change c : commit.new_changes) {
      c.seq = changes_.size() + 1;
      changes_.push_back(std::move(c));
    }
    for (const Change& c : commit.updated_changes)
      *std::find_if(changes_.begin(), changes_.end(), [&](const Change& x) { return x.id == c.id; }) = c;
    for (const Document& d : commit.documents) documents_[d.number] = d;
  }

  [[nodiscard]] const Entry* entry(std::string_view id) const override {
    const auto found = entries_.find(std::string(id));
    return found == entries_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::vector<const Entry*> named(ListId list, std::string_view country, std::string_view name) const override {
    std::vector<const Entry*> out;
    for (const auto& [id, e] : entries_)
      if (e.list == list && name_key(list, e.listing.country, e.listing.name) == name_key(list, country, name)) out.push_back(&e);
    return out;
  }
  [[nodiscard]] std::vector<const Entry*> entries_of(ListId list) const override {
    std::vector<const Entry*> out;
    for (const auto& [id, e] : entries_)
      if (e.list == list) out.push_back(&e);
    return out;
  }
  [[nodiscard]] std::vector<const SourceRow*> rows(std::string_view source, ListId list) const override {
    std::vector<const SourceRow*> out;
    const auto found = rows_.find({std::string(source), list});
    if (found == rows_.end()) return out;
    for (const auto& [id, r] : found->second) out.push_back(&r);
    return out;
  }
  [[nodiscard]] std::vector<EntryVersion> versions(std::string_view id) const override {
    const auto found = versions_.find(std::string(id));
    return found == versions_.end() ? std::vector<EntryVersion>{} : found->second;
  }
  [[nodiscard]] std::vector<Change> changes_of_entry(std::string_view id) const override {
    std::vector<Change> out;
    for (const Change& c : changes_)
      if (c.entry && c.entry->id == id) out.push_back(c);
    return out;
  }
  [[nodiscard]] std::vector<Change> changes_of_document(std::string_view number) const override {
    std::vector<Change> out;
    for (const Change& c : changes_)
      if (c.document && c.document->number == number) out.push_back(c);
    return out;
  }
  [[nodiscard]] bool has_change(std::string_view id) const override {
    return std::any_of(changes_.begin(), changes_.end(), [&](const Change& c) { return c.id == id; });
  }
  [[nodiscard]] std::optional<Change> change(std::string_view id) const override {
    for (const Change& c : changes_)
      if (c.id == id) return c;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> document_at(int volume, int page) const override {
    for (const auto& [number, d] : documents_)
      if (d.volume == volume && d.start_page <= page && page <= std::max(d.start_page, d.end_page)) return number;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<Document> document(std::string_view number) const override {
    const auto found = documents_.find(std::string(number));
    return found == documents_.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }

 private:
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::vector<EntryVersion>> versions_;
  std::map<std::pair<std::string, ListId>, std::map<std::string, SourceRow>> rows_;
  std::vector<Change> changes_;
  std::map<std::string, Document> documents_;
};

}  // namespace entitywatch::test
