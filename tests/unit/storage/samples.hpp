// Records with every field filled, each with a value of its own, and commits made of them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/commit.hpp"
#include "storage/archive.hpp"
#include "storage/records.hpp"

namespace entitywatch::storage::test {

// A directory that is gone with it.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();
  [[nodiscard]] std::string path(std::string_view name = "db") const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] Time at(int minute);
[[nodiscard]] Date day(int year, unsigned month, unsigned day_of_month);

[[nodiscard]] Listing full_listing();
[[nodiscard]] Entry full_entry();
[[nodiscard]] EntryVersion full_version();
[[nodiscard]] SourceRow full_source_row();
[[nodiscard]] Document full_document();
[[nodiscard]] Change full_change();
[[nodiscard]] Alert full_alert();
[[nodiscard]] Delivery full_delivery();
[[nodiscard]] SourceState full_source_state();
[[nodiscard]] StoredObservation full_stored_observation();
[[nodiscard]] Link full_link();
[[nodiscard]] Head full_head();

[[nodiscard]] Entry entry(std::string id, ListId list = ListId::entity_list);
[[nodiscard]] Change change(std::string id, std::string entry_id, std::string document);
[[nodiscard]] Document document(std::string number);
[[nodiscard]] Delivery delivery(std::string id, int created_minute, int due_minute);
[[nodiscard]] Observation observation(std::string key, std::string bytes);

// The n-th of a series of commits: evidence, a document, an entry with a version, a source row, a change
// and its alert, a delivery, the source's state, all named after n.
[[nodiscard]] Commit commit(int n);
[[nodiscard]] std::string numbered(std::string_view what, int n);  // "entry-000042"

[[nodiscard]] std::unique_ptr<Archive> open_archive(const std::string& directory);

// Flips one bit of a file; from the end where `offset` is negative.
void flip_bit(const std::filesystem::path& file, long offset);
// The files of a directory whose names end so, in order of name.
[[nodiscard]] std::vector<std::filesystem::path> files_ending(const std::string& directory,
                                                              std::string_view end);

}  // namespace entitywatch::storage::test
