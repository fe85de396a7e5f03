// What is known, as tracking sees it. The daemon implements it over the archive and an index in memory;
// tests over plain maps. One thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.hpp"
#include "core/commit.hpp"
#include "core/document.hpp"
#include "core/entry.hpp"

namespace entitywatch {

class Knowledge {
 public:
  virtual ~Knowledge() = default;
  // Pointers stay valid until the next commit.
  [[nodiscard]] virtual const Entry* entry(std::string_view id) const = 0;
  // Entries of the list whose present name is this one, editorially; removed ones too. Ascending by id.
  [[nodiscard]] virtual std::vector<const Entry*> named(ListId list, std::string_view country, std::string_view name) const = 0;
  // All entries of a list, removed ones too, ascending by id.
  [[nodiscard]] virtual std::vector<const Entry*> entries_of(ListId list) const = 0;
  // What the source last showed of the list, ascending by entry id.
  [[nodiscard]] virtual std::vector<const SourceRow*> rows(std::string_view source, ListId list) const = 0;
  [[nodiscard]] virtual std::vector<EntryVersion> versions(std::string_view entry_id) const = 0;
  [[nodiscard]] virtual std::vector<Change> changes_of_entry(std::string_view entry_id) const = 0;  // in seq order
  [[nodiscard]] virtual std::vector<Change> changes_of_document(std::string_view number) const = 0;
  [[nodiscard]] virtual bool has_change(std::string_view id) const = 0;
  [[nodiscard]] virtual std::optional<Change> change(std::string_view id) const = 0;
  [[nodiscard]] virtual std::optional<Document> document(std::string_view number) const = 0;
  // The number of the document that volume and page lie in ("90 FR 47201"); nullopt: none is known.
  [[nodiscard]] virtual std::optional<std::string> document_at(int volume, int page) const = 0;
};

}  // namespace entitywatch
