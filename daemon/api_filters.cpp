#include "daemon/api_filters.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/track.hpp"

namespace entitywatch::daemon {
namespace {

template <class T, class U>
bool has(const std::vector<T>& values, const U& value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

bool contains_all(const std::string& key, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return key.find(word) != std::string::npos; });
}

// All words have to stand in one name: half of one alias and half of another is no match.
bool named(const Listing& listing, const std::vector<std::string>& words) {
  if (words.empty()) return true;
  const auto in = [&](const std::string& name) { return contains_all(text::search_key(name), words); };
  return in(listing.name) || std::any_of(listing.aliases.begin(), listing.aliases.end(), in) ||
         std::any_of(listing.former_names.begin(), listing.former_names.end(), in);
}

bool speaks_of(const Change& change, const std::vector<std::string>& words) {
  if (words.empty()) return true;
  if (change.entry && named(change.entry->listing, words)) return true;
  if (change.before && named(change.before->listing, words)) return true;
  return change.document &&
         contains_all(text::search_key(change.document->title + " " + change.document->number + " " +
                                       change.document->citation),
                      words);
}

bool in_countries(const Change& change, const std::vector<std::string>& countries) {
  if (countries.empty()) return true;
  const auto in = [&](const std::optional<Entry>& entry) {
    return entry && has(countries, entry->listing.country_code);
  };
  return in(change.entry) || in(change.before);
}

bool is_pending(const Change& c, Date today) {
  const bool called_off = std::any_of(c.sightings.begin(), c.sightings.end(), [](const Sighting& s) { return s.role == "withdraws"; });
  return awaits_effect(c) && *c.effective_on > today && !called_off;
}

}  // namespace

Result<ChangeFilter> change_filter(const ApiRequest& request) {
  const auto since = time_parameter(request, "since");
  if (!since) return tl::unexpected(since.error());
  const auto until = time_parameter(request, "until");
  if (!until) return tl::unexpected(until.error());
  auto lists = lists_parameter(request);
  if (!lists) return tl::unexpected(lists.error());
  auto kinds = kinds_parameter(request);
  if (!kinds) return tl::unexpected(kinds.error());
  auto countries = countries_parameter(request);
  if (!countries) return tl::unexpected(countries.error());
  return ChangeFilter{*since,
                      *until,
                      std::move(*lists),
                      std::move(*kinds),
                      std::move(*countries),
                      text_parameter(request, "document"),
                      words_parameter(request)};
}

bool matches(const ChangeFilter& f, const Change& c) {
  if (f.since && c.detected_at < *f.since) return false;
  if (f.until && c.detected_at >= *f.until) return false;
  if (!f.lists.empty() && !(c.list && has(f.lists, *c.list))) return false;
  if (!has(f.kinds, c.kind)) return false;
  if (!f.document.empty() &&
      !(c.document && (c.document->number == f.document || c.document->citation == f.document)))
    return false;
  if (f.open && !is_open(c)) return false;
  if (f.pending_on && !is_pending(c, *f.pending_on)) return false;
  return in_countries(c, f.countries) && speaks_of(c, f.words);
}

Result<EntryFilter> entry_filter(const ApiRequest& request) {
  auto lists = lists_parameter(request);
  if (!lists) return tl::unexpected(lists.error());
  auto countries = countries_parameter(request);
  if (!countries) return tl::unexpected(countries.error());
  return EntryFilter{std::move(*lists), std::move(*countries), words_parameter(request)};
}

bool wants_list(const EntryFilter& filter, ListId list) { return has(filter.lists, list); }

bool matches(const EntryFilter& filter, const Listing& listing) {
  return has(filter.countries, listing.country_code) && named(listing, filter.words);
}

}  // namespace entitywatch::daemon
