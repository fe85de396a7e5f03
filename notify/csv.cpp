#include "notify/csv.hpp"

#include <array>

#include "core/text.hpp"
#include "notify/differences.hpp"
#include "notify/escape.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::array columns{"kind",
                             "list",
                             "country",
                             "country_code",
                             "name",
                             "aliases",
                             "former_names",
                             "addresses",
                             "license_requirement",
                             "license_review_policy",
                             "citations",
                             "what_changed",
                             "effective_on",
                             "document",
                             "citation",
                             "source",
                             "verification",
                             "watchlist",
                             "change_id"};

std::string joined(const std::vector<std::string>& parts) {
  std::vector<std::string> out;
  for (const std::string& part : parts) out.push_back(clean(part));
  return text::join(out, "; ");
}

std::string citations_of(const Listing& listing) {
  std::vector<std::string> out;
  for (const Citation& citation : listing.citations) out.push_back(in_words(citation));
  return joined(out);
}

std::string revised_words(const Change& change) {
  std::vector<std::string> out;
  for (const Difference& d : differences(change)) {
    std::string text = d.label + ": ";
    if (!d.before.empty()) text += d.before;
    if (!d.before.empty() && !d.after.empty()) text += " -> ";
    out.push_back(text + d.after);
  }
  return joined(out);
}

std::string matches_of(const Alert& alert, const Change& change) {
  std::vector<std::string> out;
  for (const WatchlistMatch& match : alert.matches)
    if (match.change_id == change.id)
      out.push_back(match.counterparty +
                    (match.counterparty_id.empty() ? "" : " (" + match.counterparty_id + ")"));
  return joined(out);
}

std::vector<std::string> row_of(const AlertView& view, const Change& change) {
  const Listing empty;
  const Listing& l = change.entry ? change.entry->listing : change.before ? change.before->listing : empty;
  return {std::string(to_string(change.kind)),
          change.list ? std::string(to_string(*change.list)) : "",
          l.country,
          l.country_code,
          l.name,
          joined(l.aliases),
          joined(l.former_names),
          joined(l.addresses),
          l.license_requirement,
          l.license_review_policy,
          citations_of(l),
          revised_words(change),
          change.effective_on ? format_date(*change.effective_on) : "",
          change.document ? change.document->number : "",
          change.document ? change.document->citation : "",
          change.source,
          change.review ? "review" : "verified",
          matches_of(view.alert, change),
          change.id};
}

}  // namespace

std::string changes_csv(const AlertView& view) {
  std::string out = "\xEF\xBB\xBF";
  for (std::size_t i = 0; i < columns.size(); ++i) out += (i == 0 ? "" : ",") + std::string(columns[i]);
  out += "\r\n";
  for (const Change& change : view.changes) {
    const std::vector<std::string> row = row_of(view, change);
    for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(clean(row[i]));
    out += "\r\n";
  }
  return out;
}

}  // namespace entitywatch::notify
