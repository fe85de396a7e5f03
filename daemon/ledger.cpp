#include "daemon/ledger.hpp"

#include <algorithm>

#include "core/identity.hpp"

namespace entitywatch::daemon {

template <class T>
T Ledger::keep(Result<T> result) const {
  if (result) return std::move(*result);
  read_error_ = result.error();
  return T{};
}

Result<std::unique_ptr<Ledger>> Ledger::load(const storage::Archive& archive) {
  std::unique_ptr<Ledger> ledger(new Ledger(archive));
  const auto reader = archive.reader();
  if (auto read = reader->entries(std::nullopt, "", [&](const Entry& e) { return ledger->put(e), true; }); !read)
    return tl::unexpected(read.error());
  if (auto read = reader->documents("", [&](const Document& d) { return ledger->put(d), true; }); !read) return tl::unexpected(read.error());
  const auto sources = reader->sources();
  if (!sources) return tl::unexpected(sources.error());
  for (const SourceState& source : *sources) {
    const auto take = [&](const SourceRow& row) {
      ledger->rows_[{row.source, row.list}].insert_or_assign(row.entry_id, row);
      return true;
    };
    if (auto read = reader->source_rows(source.name, take); !read) return tl::unexpected(read.error());
  }
  return ledger;
}

void Ledger::put(const Entry& entry) {
  const std::string key = name_key(entry.list, entry.listing.country, entry.listing.name);
  if (const auto old = entries_.find(entry.id); old != entries_.end()) {
    const Listing& was = old->second.listing;
    const auto [first, last] = ids_by_name_.equal_range(name_key(old->second.list, was.country, was.name));
    for (auto it = first; it != last; ++it)
      if (it->second == entry.id) {
        ids_by_name_.erase(it);
        break;
      }
  }
  ids_by_name_.emplace(key, entry.id);
  entries_.insert_or_assign(entry.id, entry);
}

void Ledger::put(const Document& document) {
  if (document.volume != 0 && document.start_page != 0)
    pages_.insert_or_assign({document.volume, document.start_page}, std::pair(document.end_page, document.number));
}

void Ledger::apply(const Commit& commit) {
  for (const Document& d : commit.documents) put(d);
  for (const Entry& e : commit.entries) put(e);
  for (const SourceRow& row : commit.source_rows) {
    auto& rows = rows_[{row.source, row.list}];
    if (row.gone) {
      rows.erase(row.entry_id);
    } else {
      rows.insert_or_assign(row.entry_id, row);
    }
  }
}

const Entry* Ledger::entry(std::string_view id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

std::vector<const Entry*> Ledger::named(ListId list, std::string_view country, std::string_view name) const {
  std::vector<const Entry*> out;
  const auto [first, last] = ids_by_name_.equal_range(name_key(list, country, name));
  for (auto it = first; it != last; ++it) out.push_back(&entries_.find(it->second)->second);
  std::sort(out.begin(), out.end(), [](const Entry* a, const Entry* b) { return a->id < b->id; });
  return out;
}

std::vector<const Entry*> Ledger::entries_of(ListId list) const {
  std::vector<const Entry*> out;
  for (const auto& [id, e] : entries_)
    if (e.list == list) out.push_back(&e);
  return out;
}

std::vector<const SourceRow*> Ledger::rows(std::string_view source, ListId list) const {
  std::vector<const SourceRow*> out;
  const auto found = rows_.find({std::string(source), list});
  if (found == rows_.end()) return out;
  for (const auto& [id, row] : found->second) out.push_back(&row);
  return out;
}

std::vector<EntryVersion> Ledger::versions(std::string_view entry_id) const { return keep(archive_.reader()->versions(entry_id)); }

std::vector<Change> Ledger::changes_of_entry(std::string_view entry_id) const {
  std::vector<Change> out;
  const auto read = archive_.reader()->changes_of_entry(entry_id, [&](const Change& c) { return out.push_back(c), true; });
  if (!read) read_error_ = read.error();
  return out;
}

std::vector<Change> Ledger::changes_of_document(std::string_view number) const {
  std::vector<Change> out;
  const auto read = archive_.reader()->changes_of_document(number, [&](const Change& c) { return out.push_back(c), true; });
  if (!read) read_error_ = read.error();
  return out;
}

std::optional<Change> Ledger::change(std::string_view id) const { return keep(archive_.reader()->change(id)); }

bool Ledger::has_change(std::string_view id) const { return keep(archive_.reader()->change(id)).has_value(); }

std::optional<Document> Ledger::document(std::string_view number) const { return keep(archive_.reader()->document(number)); }

std::optional<std::string> Ledger::document_at(int volume, int page) const {
  auto at = pages_.upper_bound({volume, page});
  if (at == pages_.begin()) return std::nullopt;
  --at;
  const auto& [first, last] = *at;
  const bool within = first.first == volume && (page == first.second || page <= last.first);
  return within ? std::optional(last.second) : std::nullopt;
}

std::optional<Error> Ledger::take_read_error() { return std::exchange(read_error_, std::nullopt); }

}  // namespace entitywatch::daemon
