#include <algorithm>

#include "core/identity.hpp"
#include "core/text.hpp"
#include "parsers/csl_record.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::size_t most_findings = 100;

bool holds(const std::vector<std::string>& texts, const std::string& text) {
  const std::string folded = text::fold(text);
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& t) { return text::fold(t) == folded; });
}

template <class T>
void add_missing(std::vector<T>& to, const std::vector<T>& from) {
  for (const T& item : from) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (!holds(to, item)) to.push_back(item);
    } else if (std::find(to.begin(), to.end(), item) == to.end()) {
      to.push_back(item);
    }
  }
}

// The file still has records for Hong Kong beside those for China, which the supplements have joined.
bool is_in_hong_kong(const CslRecord& record) {
  return std::any_of(record.addresses.begin(), record.addresses.end(), [](const std::string& a) {
    return a == "HK" || a.ends_with(", HK") || a.ends_with("Hong Kong");
  });
}

}  // namespace

CslCollector::Pending& CslCollector::pending(ListId list) {
  Pending& p = lists_[list];
  p.reading.list = list;
  return p;
}

// A party under several destinations is often printed twice: in one record with all its addresses, and in
// one of its own for a destination. Those two are one listing. Namesakes with records of their own are two.
void CslCollector::place(Pending& list, Listing listing, bool is_part) {
  std::vector<Listing>& rows = list.reading.rows;
  const std::string key = name_key(list.reading.list, listing.country, listing.name);
  const auto [known, is_new] = list.by_name.emplace(key, rows.size());
  if (is_new || (!is_part && !list.is_part[known->second])) {
    rows.push_back(std::move(listing));
    list.is_part.push_back(is_part);
    return;
  }
  Listing& present = rows[known->second];
  add_missing(present.addresses, listing.addresses);
  add_missing(present.aliases, listing.aliases);
  add_missing(present.citations, listing.citations);
  list.is_part[known->second] = list.is_part[known->second] && is_part;
}

void CslCollector::add(const CslRecord& record) {
  auto source = sources_.find(record.source);
  if (source == sources_.end()) source = sources_.emplace(record.source, csl_list(record.source)).first;
  if (!source->second) {
    ++unknown_sources_[record.source];
    return;
  }
  Pending& list = pending(*source->second);
  ++list.reading.rows_in_file;
  if (record.name.empty()) {
    if (list.reading.findings.size() < most_findings)
      list.reading.findings.push_back({Finding::Severity::review,
                                       "row_unread",
                                       "A row has no name and was not read (" + record.place + ").",
                                       {}});
    return;
  }
  std::vector<Listing> listings = read_csl_record(record, *source->second);
  const bool is_part =
      supplement_of_list(*source->second) && (listings.size() > 1 || is_in_hong_kong(record));
  for (Listing& l : listings) place(list, std::move(l), is_part);
}

void CslCollector::unread(std::string_view source, std::string message, std::string_view excerpt) {
  Finding finding{Finding::Severity::review, "row_unread", std::move(message),
                  text::excerpt(text::sanitize(excerpt), 200)};
  const auto list = csl_list(source);
  if (!list) {
    find(std::move(finding));
    return;
  }
  ListReading& reading = pending(*list).reading;
  ++reading.rows_in_file;
  if (reading.findings.size() < most_findings) reading.findings.push_back(std::move(finding));
}

void CslCollector::find(Finding finding) {
  if (findings_.size() < most_findings) findings_.push_back(std::move(finding));
}

CslReading CslCollector::finish(const std::vector<Check>& checks) {
  CslReading out;
  for (auto& [id, list] : lists_) {
    list.reading.checks.insert(list.reading.checks.end(), checks.begin(), checks.end());
    out.lists.push_back(std::move(list.reading));
  }
  for (const auto& [source, rows] : unknown_sources_)
    find({Finding::Severity::review, "source_unknown",
          std::to_string(rows) + " rows are of a list not known here and were not read.",
          text::excerpt(source, 200)});
  out.findings = std::move(findings_);
  return out;
}

}  // namespace entitywatch::parsers
