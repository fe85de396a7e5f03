#include "core/screening.hpp"

#include <algorithm>
#include <cmath>
#include <rapidfuzz/distance/JaroWinkler.hpp>
#include <set>
#include <unordered_map>

#include "core/screening_words.hpp"
#include "core/text.hpp"

namespace entitywatch {
namespace {

using WordId = std::uint32_t;
using NameId = std::uint32_t;
using screening::word_factor;
using screening::word_likeness;

// How many postings a search walks at most before it scores what it has, and how many names it scores
// exactly. They bound the cost of a search whatever the length of the lists.
constexpr std::size_t posting_budget = 6'000;
constexpr std::size_t exact_budget = 48;
constexpr std::size_t alike_words = 12;

// Three-letter pieces of a word, its ends marked, packed into a number.
std::vector<std::uint32_t> pieces_of(std::string_view word) {
  std::string padded = "^" + std::string(word) + "$";
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i + 3 <= padded.size(); ++i) {
    const auto byte = [&](std::size_t k) { return static_cast<std::uint32_t>(static_cast<unsigned char>(padded[i + k])); };
    out.push_back(byte(0) << 16 | byte(1) << 8 | byte(2));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string run_together(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view w : words)
    if (word_factor(w) == 1.0) out += w;
  return out;
}

struct Weighed {
  std::vector<std::string_view> words;
  std::vector<double> weights;
  double total = 0;
};

// Pairs words of either side greedily, likeliest first, and says how much of the weight of each was met.
double overlap(const Weighed& query, const Weighed& name, std::string& reason) {
  struct Pair {
    double likeness;
    std::size_t q;
    std::size_t n;
  };
  std::vector<Pair> pairs;
  for (std::size_t q = 0; q < query.words.size(); ++q)
    for (std::size_t n = 0; n < name.words.size(); ++n)
      if (const double likeness = word_likeness(query.words[q], name.words[n]); likeness > 0) pairs.push_back({likeness, q, n});
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.likeness > b.likeness; });
  std::vector<bool> used_q(query.words.size());
  std::vector<bool> used_n(name.words.size());
  double met_q = 0;
  double met_n = 0;
  std::string alike;
  for (const Pair& p : pairs) {
    if (used_q[p.q] || used_n[p.n]) continue;
    used_q[p.q] = used_n[p.n] = true;
    met_q += query.weights[p.q] * p.likeness;
    met_n += name.weights[p.n] * p.likeness;
    if (p.likeness < 1) alike.append(alike.empty() ? "" : ", ").append(query.words[p.q]).append(" ~ ").append(name.words[p.n]);
  }
  const double of_query = query.total > 0 ? met_q / query.total : 0;
  const double of_name = name.total > 0 ? met_n / name.total : 0;
  reason = alike.empty() ? (of_query > 0.999 && of_name > 0.999 ? "same words" : "words in common") : "similar: " + alike;
  return 0.7 * of_query + 0.3 * of_name;
}

}  // namespace

struct ScreeningIndex::Impl {
  struct Name {
    std::uint32_t party;
    std::uint32_t first_word;  // into name_words
    std::uint16_t words;
    std::uint16_t listed;  // which of the party's names
  };
  std::vector<ScreenParty> parties;
  std::vector<Name> all_names;
  std::vector<WordId> name_words;
  std::vector<std::string> vocabulary;
  std::unordered_map<std::string, WordId> word_ids;
  std::vector<std::uint32_t> posting_starts;  // by word, one past the last at the end
  std::vector<NameId> postings;
  std::vector<float> word_weights;            // by word
  std::unordered_map<std::uint32_t, std::vector<WordId>> words_by_piece;

  WordId id_of(const std::string& word) {
    const auto [it, fresh] = word_ids.try_emplace(word, static_cast<WordId>(vocabulary.size()));
    if (fresh) vocabulary.push_back(word);
    return it->second;
  }

  [[nodiscard]] std::size_t frequency(WordId word) const { return posting_starts[word + 1] - posting_starts[word]; }

  // Rare words weigh more; what is not in the vocabulary is as rare as can be.
  [[nodiscard]] double weight(std::string_view word, std::size_t seen) const {
    const double rarity = std::log((static_cast<double>(all_names.size()) + 2.0) / (static_cast<double>(seen) + 1.0)) + 1.0;
    return rarity * word_factor(word);
  }

  [[nodiscard]] std::optional<WordId> known(const std::string& word) const {
    const auto found = word_ids.find(word);
    return found == word_ids.end() ? std::nullopt : std::optional(found->second);
  }

  void add_names(std::vector<std::pair<WordId, NameId>>& pairs) {
    for (std::uint32_t p = 0; p < parties.size(); ++p) {
      for (std::size_t listed = 0; listed < parties[p].names.size(); ++listed)
        for (const std::string& spoken : screening::spoken_names(parties[p].names[listed])) {
          const std::vector<std::string> words = screening::words_of(spoken);
          if (words.empty()) continue;
          const auto name = static_cast<NameId>(all_names.size());
          const std::size_t count = std::min<std::size_t>(words.size(), 200);
          all_names.push_back({p, static_cast<std::uint32_t>(name_words.size()), static_cast<std::uint16_t>(count), static_cast<std::uint16_t>(listed)});
          for (std::size_t i = 0; i < count; ++i) {
            name_words.push_back(id_of(words[i]));
            pairs.emplace_back(name_words.back(), name);
            // "Hua Wei" is found by "Huawei".
            if (i + 1 < count && words[i].size() + words[i + 1].size() <= 14 && word_factor(words[i]) == 1.0 && word_factor(words[i + 1]) == 1.0)
              pairs.emplace_back(id_of(words[i] + words[i + 1]), name);
          }
        }
    }
  }

  void build() {
    std::vector<std::pair<WordId, NameId>> pairs;
    add_names(pairs);
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    posting_starts.assign(vocabulary.size() + 1, 0);
    for (const auto& [word, name] : pairs) ++posting_starts[word + 1];
    for (std::size_t w = 0; w < vocabulary.size(); ++w) posting_starts[w + 1] += posting_starts[w];
    postings.reserve(pairs.size());
    for (const auto& [word, name] : pairs) postings.push_back(name);
    for (WordId w = 0; w < vocabulary.size(); ++w) word_weights.push_back(static_cast<float>(weight(vocabulary[w], frequency(w))));
    for (WordId w = 0; w < vocabulary.size(); ++w)
      if (vocabulary[w].size() >= 3)
        for (const std::uint32_t piece : pieces_of(vocabulary[w])) words_by_piece[piece].push_back(w);
  }

  struct Alike {
    WordId word;
    double likeness;
  };

  // Words of the vocabulary that the query's word may be, likeliest first, by shared pieces.
  [[nodiscard]] std::vector<Alike> alike(const std::string& word) const {
    std::vector<Alike> out;
    const auto exact = known(word);
    if (exact) out.push_back({*exact, 1.0});
    if (word.size() < 4 || word_factor(word) < 1.0) return out;
    std::vector<WordId> shared;
    const std::vector<std::uint32_t> pieces = pieces_of(word);
    for (const std::uint32_t piece : pieces)
      if (const auto found = words_by_piece.find(piece); found != words_by_piece.end() && found->second.size() < 4'000)
        shared.insert(shared.end(), found->second.begin(), found->second.end());
    std::sort(shared.begin(), shared.end());
    // An edit spoils at most three pieces, a swap of neighbours four; a word has as many pieces as letters.
    const std::size_t spoilt = word.size() <= 6 ? 4 : 7;
    const std::size_t least = word.size() > spoilt ? word.size() - spoilt : 1;
    for (std::size_t i = 0; i < shared.size();) {
      std::size_t j = i;
      while (j < shared.size() && shared[j] == shared[i]) ++j;
      const std::string& other = vocabulary[shared[i]];
      const bool near_size = other.size() + 2 >= word.size() && word.size() + 2 >= other.size();
      if (j - i >= least && near_size && (!exact || shared[i] != *exact))
        if (const double likeness = word_likeness(word, other); likeness > 0) out.push_back({shared[i], likeness});
      i = j;
    }
    std::stable_sort(out.begin(), out.end(), [](const Alike& a, const Alike& b) { return a.likeness > b.likeness; });
    if (out.size() > alike_words) out.resize(alike_words);
    return out;
  }

  // Names that share rare words with the query, those with most weight in common first.
  [[nodiscard]] std::vector<NameId> candidates(const std::vector<std::string>& words) const {
    struct Lead {
      WordId word;
      double worth;
      std::size_t postings;
    };
    std::vector<Lead> leads;
    const auto add = [&](const std::string& word) {
      for (const Alike& a : alike(word)) leads.push_back({a.word, a.likeness * word_weights[a.word], frequency(a.word)});
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
      add(words[i]);
      if (i + 1 < words.size())
        if (const std::string joined = words[i] + words[i + 1]; known(joined)) add(joined);
    }
    std::stable_sort(leads.begin(), leads.end(), [](const Lead& a, const Lead& b) { return a.worth / static_cast<double>(a.postings + 8) > b.worth / static_cast<double>(b.postings + 8); });
    std::unordered_map<NameId, double> worth;
    std::size_t walked = 0;
    for (const Lead& lead : leads) {
      const std::uint32_t begin = posting_starts[lead.word];
      const std::uint32_t end = posting_starts[lead.word + 1];
      if (walked + lead.postings > posting_budget && walked > 0) {
        // Too common to bring in names of its own: it only lifts those that are in already.
        if (worth.size() < lead.postings)
          for (auto& [name, value] : worth)
            if (std::binary_search(postings.begin() + begin, postings.begin() + end, name)) value += lead.worth;
        continue;
      }
      const std::uint32_t stop = std::min<std::uint32_t>(end, begin + static_cast<std::uint32_t>(posting_budget));
      for (std::uint32_t i = begin; i < stop; ++i) worth[postings[i]] += lead.worth;
      walked += stop - begin;
    }
    return best_of(worth);
  }

  [[nodiscard]] std::vector<NameId> best_of(const std::unordered_map<NameId, double>& worth) const {
    std::vector<std::pair<double, NameId>> order;
    order.reserve(worth.size());
    for (const auto& [name, value] : worth)
      // A short name that holds the shared words is likelier than a long one.
      order.emplace_back(-value / std::sqrt(4.0 + all_names[name].words), name);
    const std::size_t keep = std::min(order.size(), exact_budget);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(keep), order.end());
    std::vector<NameId> out;
    for (std::size_t i = 0; i < keep; ++i) out.push_back(order[i].second);
    return out;
  }

  [[nodiscard]] Weighed weigh(const std::vector<std::string>& words) const {
    Weighed out;
    for (const std::string& w : words) {
      const auto id = known(w);
      out.words.push_back(w);
      out.weights.push_back(id ? word_weights[*id] : weight(w, 0));
      out.total += out.weights.back();
    }
    return out;
  }

  [[nodiscard]] Weighed weigh(const Name& name) const {
    Weighed out;
    for (std::uint32_t i = 0; i < name.words; ++i) {
      const WordId id = name_words[name.first_word + i];
      out.words.push_back(vocabulary[id]);
      out.weights.push_back(word_weights[id]);
      out.total += out.weights.back();
    }
    return out;
  }

  [[nodiscard]] static bool wanted(const ScreenParty& party, const ScreenQuery& query) {
    if (!query.country_code.empty() && party.country_code != query.country_code) return false;
    return query.lists.empty() || std::find(query.lists.begin(), query.lists.end(), party.list) != query.lists.end();
  }
};

ScreeningIndex::ScreeningIndex(const std::vector<ScreenParty>& parties) : impl_(std::make_unique<Impl>()) {
  impl_->parties = parties;
  impl_->build();
}

ScreeningIndex::~ScreeningIndex() = default;

std::vector<ScreenHit> ScreeningIndex::search(const ScreenQuery& query) const {
  const std::vector<std::string> words = screening::words_of(query.name);
  if (words.empty()) return {};
  const Weighed asked = impl_->weigh(words);
  const std::string together = run_together(asked.words);
  std::map<std::string, ScreenHit> best;
  for (const NameId id : impl_->candidates(words)) {
    const Impl::Name& name = impl_->all_names[id];
    const ScreenParty& party = impl_->parties[name.party];
    if (!Impl::wanted(party, query)) continue;
    const Weighed listed = impl_->weigh(name);
    ScreenHit hit{party.entry_id, 0, party.names[name.listed], {}};
    hit.score = overlap(asked, listed, hit.reason);
    const std::string listed_together = run_together(listed.words);
    if (together.size() >= 6 && listed_together.size() >= 6) {
      const double whole = 0.97 * rapidfuzz::jaro_winkler_similarity(together, listed_together, 0.05, 0.9);
      if (whole > hit.score) {
        hit.score = whole;
        hit.reason = "similar when run together";
      }
    }
    if (hit.score < query.min_score) continue;
    hit.score = std::round(hit.score * 1000) / 1000;
    const auto [it, fresh] = best.try_emplace(party.entry_id, hit);
    if (!fresh && hit.score > it->second.score) it->second = hit;
  }
  std::vector<ScreenHit> out;
  for (auto& [id, hit] : best) out.push_back(std::move(hit));
  std::stable_sort(out.begin(), out.end(), [](const ScreenHit& a, const ScreenHit& b) { return a.score > b.score; });
  if (out.size() > query.limit) out.resize(query.limit);
  return out;
}

std::size_t ScreeningIndex::names() const { return impl_->all_names.size(); }

std::size_t ScreeningIndex::memory_bytes() const {
  std::size_t bytes = impl_->all_names.size() * sizeof(Impl::Name) + impl_->name_words.size() * 4 + impl_->postings.size() * 4;
  for (const std::string& w : impl_->vocabulary) bytes += 2 * (sizeof(std::string) + w.capacity()) + 24;
  for (const auto& [piece, words] : impl_->words_by_piece) bytes += words.capacity() * 4 + 32;
  for (const ScreenParty& p : impl_->parties)
    for (const std::string& n : p.names) bytes += sizeof(std::string) + n.capacity();
  return bytes;
}

ScreenParty screen_party(const Entry& entry) {
  ScreenParty party{entry.id, entry.list, entry.listing.country_code, {entry.listing.name}};
  party.names.insert(party.names.end(), entry.listing.aliases.begin(), entry.listing.aliases.end());
  party.names.insert(party.names.end(), entry.listing.former_names.begin(), entry.listing.former_names.end());
  return party;
}

// A large index built seldom and a small one of what changed since: the small one hides the large one's
// idea of the same entries.
struct Screener::State {
  std::shared_ptr<const ScreeningIndex> base;
  std::shared_ptr<const ScreeningIndex> recent;
  std::map<std::string, std::optional<ScreenParty>> changed;  // nullopt: left the lists
};

Screener::Screener() { load({}); }

void Screener::load(const std::vector<Entry>& entries) {
  const std::scoped_lock lock(writer_);
  parties_.clear();
  for (const Entry& e : entries)
    if (e.status != EntryStatus::removed) parties_.insert_or_assign(e.id, screen_party(e));
  std::vector<ScreenParty> all;
  for (const auto& [id, party] : parties_) all.push_back(party);
  auto state = std::make_shared<State>();
  state->base = std::make_shared<ScreeningIndex>(all);
  state->recent = std::make_shared<ScreeningIndex>(std::vector<ScreenParty>{});
  state_.store(std::move(state));
}

void Screener::update(const std::vector<Entry>& entries) {
  if (entries.empty()) return;
  constexpr std::size_t rebuild_at = 2'000;
  const std::scoped_lock lock(writer_);
  auto state = std::make_shared<State>(*state_.load());
  for (const Entry& e : entries) {
    if (e.status == EntryStatus::removed) {
      parties_.erase(e.id);
      state->changed[e.id] = std::nullopt;
    } else {
      parties_.insert_or_assign(e.id, screen_party(e));
      state->changed[e.id] = screen_party(e);
    }
  }
  std::vector<ScreenParty> part;
  if (state->changed.size() > rebuild_at) {
    for (const auto& [id, party] : parties_) part.push_back(party);
    state->base = std::make_shared<ScreeningIndex>(part);
    state->changed.clear();
    part.clear();
  }
  for (const auto& [id, party] : state->changed)
    if (party) part.push_back(*party);
  state->recent = std::make_shared<ScreeningIndex>(part);
  state_.store(std::move(state));
}

std::vector<ScreenHit> Screener::search(const ScreenQuery& query) const {
  const std::shared_ptr<const State> state = state_.load();
  std::vector<ScreenHit> out;
  for (ScreenHit& hit : state->base->search(query))
    if (!state->changed.contains(hit.entry_id)) out.push_back(std::move(hit));
  for (ScreenHit& hit : state->recent->search(query)) out.push_back(std::move(hit));
  std::stable_sort(out.begin(), out.end(), [](const ScreenHit& a, const ScreenHit& b) { return a.score != b.score ? a.score > b.score : a.entry_id < b.entry_id; });
  if (out.size() > query.limit) out.resize(query.limit);
  return out;
}

std::size_t Screener::names() const {
  const std::shared_ptr<const State> state = state_.load();
  return state->base->names() + state->recent->names();
}

}  // namespace entitywatch
