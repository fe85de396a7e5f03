#include "core/identity.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/countries.hpp"
#include "core/hash.hpp"
#include "core/identity_evidence.hpp"
#include "core/text.hpp"

namespace entitywatch {
namespace {

std::string country_key(std::string_view country) {
  const std::string code = country_code(country);
  return code.empty() || code == "UA" ? text::fold(country) : code;
}

std::string group_key(const Listing& l) { return country_key(l.country) + '|' + text::fold(l.name); }

// Pairs the rows of one name on either side, likeliest first, then in order.
void pair_namesakes(const std::vector<const Listing*>& before, const std::vector<const Listing*>& after,
                    const std::vector<std::size_t>& olds, const std::vector<std::size_t>& news, Matching& out) {
  struct Candidate {
    int score;
    std::size_t old_index;
    std::size_t new_index;
  };
  std::vector<Candidate> candidates;
  for (std::size_t o : olds)
    for (std::size_t n : news) candidates.push_back({likeness(*before[o], *after[n]), o, n});
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& x, const Candidate& y) { return x.score > y.score; });
  std::set<std::size_t> used_old;
  std::set<std::size_t> used_new;
  for (const Candidate& c : candidates) {
    if (used_old.contains(c.old_index) || used_new.contains(c.new_index)) continue;
    used_old.insert(c.old_index);
    used_new.insert(c.new_index);
    out.pairs.push_back({c.old_index, c.new_index, "name"});
  }
  for (std::size_t o : olds)
    if (!used_old.contains(o)) out.gone.push_back(o);
  for (std::size_t n : news)
    if (!used_new.contains(n)) out.fresh.push_back(n);
}

// Rows of one country are compared; a source that does not know the country says nothing against any.
void pair_renames(const std::vector<const Listing*>& before, const std::vector<const Listing*>& after, Matching& out) {
  std::multimap<std::string, RowWords> gone_by_country;
  std::map<const Listing*, std::size_t> index;
  for (std::size_t o : out.gone) {
    gone_by_country.emplace(country_key(before[o]->country), RowWords(*before[o]));
    index.emplace(before[o], o);
  }
  std::vector<std::size_t> still_fresh;
  std::set<const Listing*> found;
  for (std::size_t n : out.fresh) {
    const RowWords row(*after[n]);
    std::string reason;
    const Listing* hit = nullptr;
    int most = -1;
    const auto try_one = [&](const RowWords& old) {
      if (found.contains(old.listing)) return;
      std::string why = rename_reason(old, row);
      // Several may fit, parties of one order say: the one that shares most is the one.
      const int alike = why.empty() ? -1 : likeness(*old.listing, *after[n]);
      if (alike <= most) return;
      most = alike;
      reason = std::move(why);
      hit = old.listing;
    };
    if (after[n]->country.empty()) {
      for (const auto& [country, old] : gone_by_country) try_one(old);
    } else {
      for (const std::string& country : {country_key(after[n]->country), country_key("")}) {
        const auto [first, last] = gone_by_country.equal_range(country);
        for (auto it = first; it != last; ++it) try_one(it->second);
      }
    }
    if (hit == nullptr) {
      still_fresh.push_back(n);
    } else {
      found.insert(hit);
      out.pairs.push_back({index.at(hit), n, reason});
    }
  }
  std::erase_if(out.gone, [&](std::size_t o) { return found.contains(before[o]); });
  out.fresh = std::move(still_fresh);
}

}  // namespace

std::string entry_id(ListId list, std::string_view country, std::string_view name, std::size_t ordinal) {
  return stable_id({"entry", to_string(list), country_key(country), text::fold(name), std::to_string(ordinal)}, 20);
}

std::string name_key(ListId list, std::string_view country, std::string_view name) {
  return std::string(to_string(list)) + '|' + country_key(country) + '|' + text::fold(name);
}

Matching match_rows(const std::vector<const Listing*>& before, const std::vector<const Listing*>& after) {
  struct Sides {
    std::vector<std::size_t> olds;
    std::vector<std::size_t> news;
  };
  std::map<std::string, Sides> by_name;
  for (std::size_t i = 0; i < before.size(); ++i) by_name[group_key(*before[i])].olds.push_back(i);
  for (std::size_t i = 0; i < after.size(); ++i) by_name[group_key(*after[i])].news.push_back(i);
  Matching out;
  for (auto& [key, sides] : by_name) pair_namesakes(before, after, sides.olds, sides.news, out);
  std::sort(out.gone.begin(), out.gone.end());
  std::sort(out.fresh.begin(), out.fresh.end());
  pair_renames(before, after, out);
  std::sort(out.pairs.begin(), out.pairs.end(), [](const Match& a, const Match& b) { return a.after < b.after; });
  return out;
}

}  // namespace entitywatch
