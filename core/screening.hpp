// The screening index: which listed parties a name may mean. Names, aliases and former names of all lists,
// transliterated to Latin, token order free, legal forms weighed down; misspelt, missing, joined and
// initialled words found. Scores lie between 0 and 1.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/current.hpp"
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
  std::string country_code;   // empty: any
  std::vector<ListId> lists;  // empty: any
  double min_score = 0.8;
  std::size_t limit = 10;
};

struct ScreenHit {
  std::string entry_id;
  double score = 0;
  std::string matched_name;  // as listed
  std::string reason;        // "same words", "similar: hikvison ~ hikvision", …
};

// Immutable once built; searched from any number of threads. Every name that shares a word with the query, or
// a spelling of one, and reaches its least score is found: names are left out only where no arrangement of
// what has not been looked at could reach it. Initials and three-letter words with an error lift a name's
// score and bring in no names by themselves.
class ScreeningIndex {
 public:
  // Rarity of words is that of `background` and of these parties together: scores of a small index beside
  // a large one then mean the same.
  explicit ScreeningIndex(std::vector<ScreenParty> parties,
                          std::shared_ptr<const ScreeningIndex> background = nullptr);
  ~ScreeningIndex();
  ScreeningIndex(const ScreeningIndex&) = delete;
  ScreeningIndex& operator=(const ScreeningIndex&) = delete;

  using Hidden = std::function<bool(std::string_view entry_id)>;
  // Best first; equal scores by entry id. One hit an entry, by its best name. Entries that `hidden` names
  // count as absent.
  [[nodiscard]] std::vector<ScreenHit> search(const ScreenQuery& query, const Hidden& hidden = {}) const;
  // The parties as they were given, by entry id.
  void each_party(const std::function<void(ScreenParty)>& visit) const;
  [[nodiscard]] std::size_t names() const;
  [[nodiscard]] std::size_t memory_bytes() const;

  struct Impl;

 private:
  std::unique_ptr<const Impl> impl_;
  std::shared_ptr<const ScreeningIndex> background_;
};

// The index over the archive's entries in force, kept up to date. Readers never wait: they search the
// state that was current when they began. An update costs what changed since the large index was built,
// which happens anew once a tenth of it has changed.
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
  Current<State> state_;
};

[[nodiscard]] ScreenParty screen_party(const Entry& entry);

}  // namespace entitywatch
