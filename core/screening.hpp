// The screening index: which listed parties a name may mean. Names, aliases and former names of all lists,
// transliterated to Latin, token order free, legal forms weighed down; misspelt, missing, joined and
// initialled words found. Scores lie between 0 and 1.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <atomic>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/entry.hpp"

namespace entitywatch {

struct ScreenParty {
  std::string entry_id;
  ListId list = ListId::entity_list;
  std::string country_code;
  std::vector<std::string> names;  // as listed: the name first, then aliases and former names
};

struct ScreenQuery {
  std::string name;
  std::string country_code;    // empty: any
  std::vector<ListId> lists;   // empty: any
  double min_score = 0.8;
  std::size_t limit = 10;
};

struct ScreenHit {
  std::string entry_id;
  double score = 0;
  std::string matched_name;  // as listed
  std::string reason;        // "same words", "similar: hikvison ~ hikvision", …
};

// Immutable once built; searched from any number of threads. The cost of a search is bounded by the
// rarest words of the query, not by the length of the lists.
class ScreeningIndex {
 public:
  explicit ScreeningIndex(const std::vector<ScreenParty>& parties);
  ~ScreeningIndex();
  ScreeningIndex(const ScreeningIndex&) = delete;
  ScreeningIndex& operator=(const ScreeningIndex&) = delete;

  // Best first; equal scores by entry id. One hit an entry, by its best name.
  [[nodiscard]] std::vector<ScreenHit> search(const ScreenQuery& query) const;
  [[nodiscard]] std::size_t names() const;
  [[nodiscard]] std::size_t memory_bytes() const;  // approximate

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The index over the archive's entries in force, kept up to date. Readers never wait: they search the
// state that was current when they began.
class Screener {
 public:
  Screener();
  // Replaces everything.
  void load(const std::vector<Entry>& entries);
  // Entries as a commit left them; removed ones leave the index.
  void update(const std::vector<Entry>& entries);
  [[nodiscard]] std::vector<ScreenHit> search(const ScreenQuery& query) const;
  [[nodiscard]] std::size_t names() const;

 private:
  struct State;
  std::mutex writer_;
  std::map<std::string, ScreenParty> parties_;
  std::atomic<std::shared_ptr<const State>> state_;
};

[[nodiscard]] ScreenParty screen_party(const Entry& entry);

}  // namespace entitywatch
