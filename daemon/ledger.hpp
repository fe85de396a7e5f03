// What is known, held in memory for tracking: entries and what each source last showed, loaded once from
// the archive and kept up to date with every commit. History stays in the archive.
//
// Not thread safe: the pipeline uses it under its own lock.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/knowledge.hpp"
#include "core/result.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

class Ledger final : public Knowledge {
 public:
  // `archive` must outlive the ledger.
  [[nodiscard]] static Result<std::unique_ptr<Ledger>> load(const storage::Archive& archive);

  // After the archive has accepted the commit.
  void apply(const Commit& commit);

  [[nodiscard]] const Entry* entry(std::string_view id) const override;
  [[nodiscard]] std::vector<const Entry*> named(ListId list, std::string_view country, std::string_view name) const override;
  [[nodiscard]] std::vector<const Entry*> entries_of(ListId list) const override;
  [[nodiscard]] std::vector<const SourceRow*> rows(std::string_view source, ListId list) const override;
  [[nodiscard]] std::vector<EntryVersion> versions(std::string_view entry_id) const override;
  [[nodiscard]] std::vector<Change> changes_of_entry(std::string_view entry_id) const override;
  [[nodiscard]] std::vector<Change> changes_of_document(std::string_view number) const override;
  [[nodiscard]] bool has_change(std::string_view id) const override;
  [[nodiscard]] std::optional<Change> change(std::string_view id) const override;
  [[nodiscard]] std::optional<Document> document(std::string_view number) const override;
  [[nodiscard]] std::optional<std::string> document_at(int volume, int page) const override;

  // A read of the archive failed while tracking: what was tracked rests on less than is known and must
  // not be committed. Clears itself.
  [[nodiscard]] std::optional<Error> take_read_error();

 private:
  explicit Ledger(const storage::Archive& archive) : archive_(archive) {}
  void put(const Entry& entry);
  void put(const Document& document);
  template <class T>
  T keep(Result<T> result) const;

  const storage::Archive& archive_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::multimap<std::string, std::string> ids_by_name_;
  std::map<std::pair<std::string, ListId>, std::map<std::string, SourceRow>> rows_;
  // First page -> last page and number, by volume.
  std::map<std::pair<int, int>, std::pair<int, std::string>> pages_;
  mutable std::optional<Error> read_error_;
};

}  // namespace entitywatch::daemon
