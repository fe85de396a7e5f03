// Short ways to write listings, snapshots and rules in tests of tracking.
#pragma once

#include "core/countries.hpp"
#include "core/track.hpp"
#include "tests/support/plain_knowledge.hpp"

namespace entitywatch::test {

inline Date day(const char* iso) { return *parse_iso_date(iso); }

inline Listing listing(const std::string& country, const std::string& name, const std::string& address = "1 Main Road, Town") {
  Listing l;
  l.country = country;
  l.country_code = country_code(country);
  l.name = name;
  l.addresses = {address};
  l.license_requirement = "For all items subject to the EAR. (See § 744.11 of the EAR)";
  l.license_review_policy = "Presumption of denial";
  l.citations = {{84, 100, day("2019-01-02"), false}};
  l.raw = {name + ", " + address + ".", l.license_requirement, l.license_review_policy, "84 FR 100, 1/2/19."};
  return l;
}

inline ListReading snapshot(std::vector<Listing> rows, ListId list = ListId::entity_list) {
  ListReading r;
  r.list = list;
  r.rows_in_file = rows.size();
  r.rows = std::move(rows);
  return r;
}

inline TrackContext context(std::string_view source, const char* seen, Mode mode = Mode::live, const char* as_of = nullptr) {
  TrackContext c;
  c.source = source;
  c.seen_at = *parse_time(seen);
  c.mode = mode;
  c.evidence = {std::string("sha-") + seen, "http://publisher/", c.seen_at};
  if (as_of != nullptr) c.as_of = day(as_of);
  return c;
}

inline Operation operation(OperationKind kind, const Listing& row) {
  Operation op;
  op.kind = kind;
  op.name = row.name;
  op.listing = row;
  op.has_row = kind != OperationKind::remove;
  return op;
}

inline DocumentReading rule(const std::string& number, std::vector<Operation> operations, const char* date = "2019-10-09") {
  DocumentReading r;
  r.document.number = number;
  r.document.citation = "84 FR 54002";
  r.document.volume = 84;
  r.document.start_page = 54002;
  r.document.end_page = 54009;
  r.document.title = "Additions to the Entity List";
  r.document.publication_date = day(date);
  r.document.effective_on = day(date);
  r.document.content_digest = "digest";
  r.document.touched.push_back({15, "744", "Supplement No. 4", "", "revise"});
  r.operations = std::move(operations);
  return r;
}

// Ten unremarkable rows, so that one row more or less is a plausible change.
inline std::vector<Listing> ten_rows() {
  std::vector<Listing> rows;
  for (int i = 0; i < 10; ++i)
    rows.push_back(listing("IRAN", "Company " + std::string(1, static_cast<char>('A' + i)) + " Trading", std::to_string(i) + " Valiasr Street, Tehran"));
  return rows;
}

}  // namespace entitywatch::test
