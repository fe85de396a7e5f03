#include "parsers/dpl.hpp"

#include <optional>
#include <set>
#include <string>

#include "core/text.hpp"
#include "parsers/cell_text.hpp"
#include "parsers/csv.hpp"
#include "parsers/denied_person.hpp"
#include "parsers/list_date.hpp"
#include "parsers/notice_citations.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::size_t most_findings = 100;

// Where the columns of one layout stand.
struct Layout {
  std::optional<std::size_t> name_and_address;  // the newer one
  std::optional<std::size_t> name, street, city, state, country, postal;
  std::optional<std::size_t> effective, expiration, standard, last_update, citation;
  std::size_t columns = 0;
};

std::optional<Layout> find_layout(const CsvHeader& header) {
  const auto first_of = [&](std::initializer_list<std::string_view> names) {
    std::optional<std::size_t> found;
    for (const std::string_view n : names)
      if (!found) found = header.column(n);
    return found;
  };
  Layout l;
  l.name_and_address = header.column("Name_and_Address");
  l.name = header.column("Name");
  l.street = header.column("Street_Address");
  l.city = header.column("City");
  l.state = header.column("State");
  l.country = header.column("Country");
  l.postal = header.column("Postal_Code");
  l.effective = first_of({"Effective_Date", "Beginning_Date", "Begin_Date"});
  l.expiration = first_of({"Expiration_Date", "Ending_Date", "End_Date"});
  l.standard = first_of({"Type of Denial", "Standard_Order", "Denial_Type"});
  l.last_update = header.column("Last_Update");
  l.citation = first_of({"FR_Citation", "Appropriate Federal Register Citations", "FR_Citations"});
  l.columns = header.size();
  const bool old_form = l.name && l.street && l.city && l.country;
  if ((!l.name_and_address && !old_form) || !l.effective) return std::nullopt;
  return l;
}

std::string text_of(const CsvRecord& record, const std::optional<std::size_t>& column) {
  return column ? cell_text(record.cell(*column)) : std::string{};
}

std::string remarks_of(std::string_view printed) {
  const std::string kind = text::upper(printed);
  if (kind == "Y" || kind == "YES" || kind == "STANDARD") return "Standard order";
  if (kind == "N" || kind == "NO" || kind == "NON-STANDARD" || kind == "NONSTANDARD")
    return "Non-standard order";
  return std::string(printed);
}

void read_party(const CsvRecord& record, const Layout& layout, Listing& listing) {
  if (layout.name_and_address) {
    NameAndPlace parts = split_name_and_address(text_of(record, layout.name_and_address));
    listing.raw.entity = text_of(record, layout.name_and_address);
    if (!parts.doubt.empty())
      listing.findings.push_back({Finding::Severity::note, "name_boundary",
                                  "Where the name ends is uncertain: " + parts.doubt + ".",
                                  text::excerpt(listing.raw.entity, 200)});
    set_denied_name(parts.name, listing);
    set_denied_place(std::move(parts.place), listing);
    return;
  }
  DeniedPlace place{text_of(record, layout.street), text_of(record, layout.city),
                    text_of(record, layout.state), text_of(record, layout.country),
                    text_of(record, layout.postal)};
  const std::string name = text_of(record, layout.name);
  listing.raw.entity =
      text::join({name, place.street, place.city, place.state, place.country, place.postal}, ", ");
  set_denied_name(name, listing);
  set_denied_place(std::move(place), listing);
}

Listing read_order(const CsvRecord& record, const Layout& layout) {
  Listing listing;
  read_party(record, layout, listing);
  listing.start_date = read_list_date(text_of(record, layout.effective), "effective date", listing);
  listing.end_date = read_list_date(text_of(record, layout.expiration), "expiration date", listing);
  // Not part of the entry; a misprint in it still tells that the row was edited by hand.
  static_cast<void>(read_list_date(text_of(record, layout.last_update), "date of the last update", listing));
  if (listing.start_date && listing.end_date && *listing.end_date < *listing.start_date)
    listing.findings.push_back({Finding::Severity::note, "expires_before_effective",
                                "The order expires before it takes effect.",
                                text::excerpt(record.bytes, 200)});
  listing.remarks = remarks_of(text_of(record, layout.standard));
  listing.raw.citation = text_of(record, layout.citation);
  NoticeCitations citations = read_notice_citations(listing.raw.citation);
  listing.citations = std::move(citations.citations);
  listing.findings.insert(listing.findings.end(), citations.findings.begin(), citations.findings.end());
  return listing;
}

// Rows are printed twice at times; which of them is dropped later says nothing about the person.
std::string what_it_says(const Listing& l) {
  const auto day = [](const std::optional<Date>& date) { return date ? format_date(*date) : std::string{}; };
  return text::join({text::fold_words(l.raw.entity), day(l.start_date), day(l.end_date), l.remarks,
                     text::fold_words(l.raw.citation)},
                    "|");
}

void find(ListReading& reading, Finding::Severity severity, std::string code, std::string message,
          const CsvRecord& record) {
  if (reading.findings.size() < most_findings)
    reading.findings.push_back({severity, std::move(code),
                                std::move(message) + " (line " + std::to_string(record.line) + ").",
                                text::excerpt(text::sanitize(record.bytes), 200)});
}

}  // namespace

Result<ListReading> read_dpl(std::string_view bytes) {
  CsvReader csv(bytes, {.separator = csv_separator(bytes)});
  const CsvRecord* record = csv.next();
  const auto layout = record == nullptr ? std::nullopt : find_layout(CsvHeader(*record));
  if (!layout)
    return fail(ErrorCode::malformed,
                "the file is no Denied Persons List: its first line has neither Name_and_Address nor Name, "
                "Street_Address and Effective_Date",
                "denied persons list");
  ListReading reading;
  reading.list = ListId::denied_persons;
  std::set<std::string> seen;
  while ((record = csv.next()) != nullptr) {
    ++reading.rows_in_file;
    if (record->malformed || record->cells.size() < layout->columns) {
      find(reading, Finding::Severity::review, "row_unread",
           "A row is cut or quoted wrongly and was not read", *record);
      continue;
    }
    Listing listing = read_order(*record, *layout);
    if (!seen.insert(what_it_says(listing)).second) {
      find(reading, Finding::Severity::note, "row_repeated", "A row repeats another", *record);
      continue;
    }
    if (listing.name.empty()) {
      find(reading, Finding::Severity::review, "row_unread", "A row has no name and was not read", *record);
      continue;
    }
    reading.rows.push_back(std::move(listing));
  }
  return reading;
}

}  // namespace entitywatch::parsers
