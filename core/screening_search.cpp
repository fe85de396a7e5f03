// One search. The words of the query are taken in turn, those with few names first; of each, the names are
// looked at in order of their weight. Both orders let whole stretches be left out: a name that none of the
// words before brought in can meet only what the rest of the query offers, and the heavier a name, the less
// of it the query covers. The least score asked for, then that of the last of the best hits so far, says
// where to stop. Nothing that would have been among the hits is left out.
//
// A word too damaged to be known as a spelling of another one counts as unmet that way. So where no good hit
// was found, some names with the rarest words are looked at once more, and what is left over on both sides is
// compared letter by letter.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/screening_pairs.hpp"

namespace entitywatch {
namespace {

using namespace screening;
using Impl = ScreeningIndex::Impl;

// The second look: at how many names at most, where the first found nothing as good as this.
constexpr std::size_t second_looks = 300;
constexpr int good = 900;

struct Found {
  int score;
  std::uint32_t party;
  NameId name;
  Reading reading;
};

class Search {
 public:
  Search(const Impl& index, const Impl* background, const ScreenQuery& query,
         const ScreeningIndex::Hidden& hidden)
      : index_(index),
        query_(query),
        hidden_(hidden),
        asked_(ask(index, background, query.name)),
        pairing_(index, asked_),
        least_(static_cast<int>(std::ceil(query.min_score * scale - 1e-6))) {}

  std::vector<ScreenHit> run() {
    if (asked_.words.empty() || query_.limit == 0) return {};
    std::vector<std::size_t> order(asked_.words.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    // Cheapest first, by the names to look at for the weight that is then settled.
    const auto cost = [&](std::size_t i) {
      return (static_cast<double>(asked_.words[i].names) + 1) / (asked_.words[i].most_of_query + 1e-9);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return cost(a) < cost(b); });
    Rest rest;
    for (const AskedWord& word : asked_.words) rest.add(word.most_of_query, word.most_of_name);
    for (const std::size_t i : order) {
      const AskedWord& word = asked_.words[i];
      rest.add(-word.most_of_query, -word.most_of_name);
      for (const Match& lead : word.leads) look_at(lead, rest);
      rest.add(word.unled_of_query, word.unled_of_name);
    }
    if (std::none_of(found_.begin(), found_.end(), [](const Found& f) { return f.score >= good; }))
      look_again(order);
    return hits();
  }

 private:
  // What a name may meet beside the word in hand.
  struct Rest {
    double of_query = 0;
    double of_name = 0;
    void add(double query, double name) {
      of_query += query;
      of_name += name;
    }
  };

  // The weight beyond which no name with this word can reach the least score.
  [[nodiscard]] double heaviest(const Match& lead, const Rest& rest) const {
    const double needed = (least_ - 0.5) / scale;
    const double by_query = query_share * std::min(1.0, (rest.of_query + lead.of_query) / asked_.weight);
    const double missing = needed - by_query;
    if (missing <= 0) return std::numeric_limits<double>::infinity();
    if (missing > name_share) return -1;
    // A little more, as the weights of names are kept with less precision.
    return name_share * (rest.of_name + lead.of_name) / missing * 1.0001;
  }

  // A word that leads to names for several words asked needs one look: the first allows for the others.
  void look_at(const Match& lead, const Rest& rest) {
    if (std::find(looked_at_.begin(), looked_at_.end(), lead.word) != looked_at_.end()) return;
    looked_at_.push_back(lead.word);
    double limit = heaviest(lead, rest);
    int limit_for = least_;
    const NameId* end = index_.postings.data() + index_.posting_starts[lead.word + 1];
    for (const NameId* at = index_.postings.data() + index_.posting_starts[lead.word]; at != end; ++at) {
      fetch_ahead(at, end);
      if (limit_for != least_) {
        limit = heaviest(lead, rest);
        limit_for = least_;
      }
      if (index_.names[*at].weight > limit) return;
      consider(*at);
    }
  }

  // Names lie far apart in memory: what the next ones need is asked for while this one is worked on.
  void fetch_ahead(const NameId* at, const NameId* end) const {
    constexpr std::ptrdiff_t name_ahead = 12;
    constexpr std::ptrdiff_t words_ahead = 5;
    if (end - at > name_ahead) __builtin_prefetch(&index_.names[at[name_ahead]]);
    if (end - at > words_ahead)
      __builtin_prefetch(&index_.name_words[index_.names[at[words_ahead]].first_word]);
  }

  void look_again(const std::vector<std::size_t>& order) {
    std::size_t looks = 0;
    for (const std::size_t i : order)
      for (const Match& lead : asked_.words[i].leads)
        for (std::uint32_t p = index_.posting_starts[lead.word]; p < index_.posting_starts[lead.word + 1];
             ++p) {
          if (++looks > second_looks) return;
          consider(index_.postings[p], Reading::leftovers);
        }
  }

  void consider(NameId id, Reading reading = Reading::words) {
    const Impl::Name& name = index_.names[id];
    const int score = pairing_.score_of(name, reading);
    if (score < least_ || !wanted(index_.parties[name.party])) return;
    if (hidden_ && hidden_(index_.entry_id(name.party))) return;
    found_.push_back({score, name.party, id, reading});
    if (found_.size() >= 4 * query_.limit + 64) keep_best();
  }

  [[nodiscard]] bool wanted(const Impl::Party& party) const {
    const std::string& country = query_.country_code;
    if (!country.empty() && country != std::string_view(party.country.data(), 2)) return false;
    return query_.lists.empty() ||
           std::find(query_.lists.begin(), query_.lists.end(), party.list) != query_.lists.end();
  }

  // One hit an entry, the best of them; with enough of them, the worst one kept is the least that others have
  // to reach.
  void keep_best() {
    std::sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
      return a.party != b.party   ? a.party < b.party
             : a.score != b.score ? a.score > b.score
                                  : a.name < b.name;
    });
    found_.erase(std::unique(found_.begin(), found_.end(),
                             [](const Found& a, const Found& b) { return a.party == b.party; }),
                 found_.end());
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Found& a, const Found& b) { return a.score > b.score; });
    if (found_.size() < query_.limit) return;
    found_.resize(query_.limit);
    least_ = std::max(least_, found_.back().score);
  }

  std::vector<ScreenHit> hits() {
    keep_best();
    std::vector<ScreenHit> out;
    for (const Found& f : found_) {
      const Impl::Name& name = index_.names[f.name];
      out.push_back({std::string(index_.entry_id(f.party)), static_cast<double>(f.score) / scale,
                     std::string(index_.printed(f.party, name.listed)), pairing_.reason(name, f.reading)});
    }
    return out;
  }

  const Impl& index_;
  const ScreenQuery& query_;
  const ScreeningIndex::Hidden& hidden_;
  const Asked asked_;
  Pairing pairing_;
  int least_;
  std::vector<WordId> looked_at_;
  std::vector<Found> found_;
};

}  // namespace

std::vector<ScreenHit> search_index(const Impl& index, const Impl* background, const ScreenQuery& query,
                                    const ScreeningIndex::Hidden& hidden) {
  return Search(index, background, query, hidden).run();
}

}  // namespace entitywatch
