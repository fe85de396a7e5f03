#include "core/identity.hpp"

#include <algorithm>
#include <map>
#include <rapidfuzz/fuzz.hpp>
#include <set>

#include "core/compare.hpp"
#include "core/countries.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"

namespace entitywatch {
namespace {

std::string country_key(std::string_view country) {
  const std::string code = country_code(country);
  return code.empty() || code == "UA" ? text::fold(country) : code;
}

std::string group_key(const Listing& l) { return country_key(l.country) + '|' + text::fold(l.name); }

bool shares(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (const std::string& x : a)
    for (const std::string& y : b)
      if (text::fold(x) == text::fold(y)) return true;
  return false;
}

// Every citation of the earlier row stands in the later one too, and there is at least one.
bool keeps_citations(const Listing& before, const Listing& after) {
  return !before.citations.empty() &&
         std::all_of(before.citations.begin(), before.citations.end(), [&](const Citation& b) {
           return std::any_of(after.citations.begin(), after.citations.end(), [&](const Citation& a) { return same_rule(a, b); });
         });
}

// How alike two rows of one name are: used to pair namesakes.
int likeness(const Listing& a, const Listing& b) {
  if (!a.raw.entity.empty() && text::fold(a.raw.entity) == text::fold(b.raw.entity)) return 100;
  int score = 0;
  if (shares(a.addresses, b.addresses)) score += 40;
  if (shares(a.aliases, b.aliases)) score += 20;
  if (keeps_citations(a, b)) score += 20;
  return score;
}

// Why two rows with different names are one entry; empty when they are not.
std::string rename_reason(const Listing& before, const Listing& after) {
  if (!before.raw.entity.empty() && text::fold(before.raw.entity) == text::fold(after.raw.entity)) return "the printed cell is the same";
  const std::string old_name = text::fold(before.name);
  const std::string new_name = text::fold(after.name);
  const auto names = [](const Listing& l) {
    std::vector<std::string> out = l.aliases;
    out.insert(out.end(), l.former_names.begin(), l.former_names.end());
    return out;
  };
  const auto among = [](const std::string& folded, const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& n) { return text::fold(n) == folded; });
  };
  const bool cites = keeps_citations(before, after);
  const bool address = shares(before.addresses, after.addresses);
  if (among(old_name, names(after)) && (cites || address)) return "the former name is among the aliases";
  if (among(new_name, names(before)) && (cites || address)) return "the new name was among the aliases";
  const double ratio = rapidfuzz::fuzz::token_sort_ratio(text::fold_words(before.name), text::fold_words(after.name));
  if (address && cites && ratio >= 60) return "same address, same citations, similar name";
  if (cites && ratio >= 90) return "same citations, nearly the same name";
  if (address && ratio >= 85) return "same address, nearly the same name";
  if (address && cites && shares(before.aliases, after.aliases)) return "same address, citations and an alias";
  return {};
}

// Pairs the rows of one name on either side, likeliest first, then in order.
void pair_namesakes(const std::vector<const Listing*>& before, const std::vector<const Listing*>& after,
                    std::vector<std::size_t> olds, std::vector<std::size_t> news, Matching& out) {
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

void pair_renames(const std::vector<const Listing*>& before, const std::vector<const Listing*>& after, Matching& out) {
  std::multimap<std::string, std::size_t> gone_by_country;
  for (std::size_t o : out.gone) gone_by_country.emplace(country_key(before[o]->country), o);
  std::vector<std::size_t> still_fresh;
  std::set<std::size_t> found;
  for (std::size_t n : out.fresh) {
    const auto [first, last] = gone_by_country.equal_range(country_key(after[n]->country));
    std::string reason;
    auto hit = last;
    int most = -1;
    for (auto it = first; it != last; ++it) {
      if (found.contains(it->second)) continue;
      std::string why = rename_reason(*before[it->second], *after[n]);
      // Several may fit, parties of one order say: the one that shares most is the one.
      const int alike = why.empty() ? -1 : likeness(*before[it->second], *after[n]);
      if (alike <= most) continue;
      most = alike;
      reason = std::move(why);
      hit = it;
    }
    if (reason.empty()) {
      still_fresh.push_back(n);
    } else {
      found.insert(hit->second);
      out.pairs.push_back({hit->second, n, reason});
    }
  }
  std::erase_if(out.gone, [&](std::size_t o) { return found.contains(o); });
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
