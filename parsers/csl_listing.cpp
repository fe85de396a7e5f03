#include <re2/re2.h>

#include <algorithm>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/cell_text.hpp"
#include "parsers/csl_record.hpp"
#include "parsers/denied_person.hpp"
#include "parsers/entity_cell.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/list_date.hpp"
#include "parsers/notice_citations.hpp"
#include "parsers/place_codes.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::string_view crimea = "CRIMEA REGION OF UKRAINE";

struct CodedAddress {
  std::string text;  // without the code
  std::string code;  // empty: none printed
};

// "…, Minsk, 222512, BY": the code is the last segment.
CodedAddress take_code(std::string_view address) {
  const std::size_t comma = address.rfind(',');
  const std::string last = text::trim(comma == std::string_view::npos ? address : address.substr(comma + 1));
  const std::string code = country_of_code(last);
  if (code.empty()) return {std::string(address), {}};
  return {comma == std::string_view::npos ? std::string{} : text::trim(address.substr(0, comma)), code};
}

std::string last_segment(std::string_view address) {
  const std::size_t comma = address.rfind(',');
  return text::trim(comma == std::string_view::npos ? address : address.substr(comma + 1));
}

// For people: the country in words, where the address does not name it (or an island of it) already.
std::string spelled_out(const CodedAddress& address) {
  if (address.text.empty()) return {};
  std::string last = last_segment(address.text);
  while (!last.empty() && last.back() == '.') last.pop_back();
  if (address.code.empty() || (last.size() > 2 && !country_code(last).empty())) return address.text;
  return address.text + ", " + country_display_name(address.code);
}

bool names_crimea(const CslRecord& record) {
  static const re2::RE2 word("(?i)\\b(Crimea|Sevastopol|Simferopol)\\b");
  return std::any_of(record.addresses.begin(), record.addresses.end(),
                     [](const std::string& a) { return re2::RE2::PartialMatch(a, word); });
}

bool is_supplement(ListId list) { return supplement_of_list(list).has_value(); }

// Addresses whose code the publisher left out belong to the destination named in words, else to that of the
// next coded one, as the code then stands behind the last of them; else to that of the one before.
void fill_codes(std::vector<CodedAddress>& addresses) {
  for (CodedAddress& a : addresses)
    if (a.code.empty()) a.code = country_at_end_of(a.text);
  for (std::size_t i = addresses.size(); i-- > 1;)
    if (addresses[i - 1].code.empty()) addresses[i - 1].code = addresses[i].code;
  for (std::size_t i = 1; i < addresses.size(); ++i)
    if (addresses[i].code.empty()) addresses[i].code = addresses[i - 1].code;
}

std::vector<CodedAddress> coded_addresses(const CslRecord& record) {
  std::vector<CodedAddress> out;
  for (const std::string& a : record.addresses) out.push_back(take_code(a));
  fill_codes(out);
  return out;
}

void add_unique(std::vector<std::string>& texts, std::string text) {
  if (!text.empty() && std::find(texts.begin(), texts.end(), text) == texts.end())
    texts.push_back(std::move(text));
}

// "CETC 13. Subordinate Institution - Envoltek", "Huawei (Huawei). Affiliated Entity: X", "PAEC, and
// subordinate entity NDC": the member's name, and whose member it is.
PartyName read_member_name(const std::string& printed) {
  static const re2::RE2 member(
      "(?i)^(.+?)[.,]?\\s+(?:"
      "(?:affiliated|subordinate)\\s+(?:entity|institution|institute)\\s*[:\\-\\x{2013}\\x{2014}]|"
      "and\\s+subordinate\\s+entity\\b|entity:)\\s*(.+)$");
  std::string parent;
  std::string name;
  if (re2::RE2::FullMatch(printed, member, &parent, &name))
    return {words::without_closing(name), words::without_closing(parent)};
  return read_party_name(printed);
}

// Town and province behind the legal form, as in "Huawei Service Co., Ltd., Dongguan, Guangdong" where the
// address is Dongguan: they are part of the address.
std::string without_town(const std::string& name, const std::vector<std::string>& addresses) {
  const std::vector<std::string> parts = text::split(name, ',');
  std::string kept = parts.front();
  std::size_t next = 1;
  while (next < parts.size() && !words::ends_with_legal_form(kept)) kept += ',' + parts[next++];
  while (next < parts.size() && words::is_legal_form(text::trim(parts[next]))) kept += ',' + parts[next++];
  if (next >= parts.size()) return name;
  const std::string town = text::fold(parts[next]);
  for (const std::string& address : addresses)
    for (const std::string& segment : text::split(address, ','))
      if (!town.empty() && text::fold(segment) == town) return kept;
  return name;
}

void set_names(const CslRecord& record, Listing& listing) {
  const PartyName party = read_member_name(mend_question_marks(record.name));
  listing.name = words::without_closing(without_town(party.name, record.addresses));
  listing.parent = party.parent;
  for (const std::string& alias : record.alt_names)
    add_unique(listing.aliases, words::without_closing(mend_question_marks(alias)));
}

std::string remarks_of(const CslRecord& record) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view label, const std::string& what) {
    if (!what.empty()) parts.push_back(std::string(label) + what);
  };
  add("", record.title);
  add("", record.remarks);
  add("Born: ", text::join(record.dates_of_birth, ", "));
  add("Born in: ", text::join(record.places_of_birth, "; "));
  return text::join(parts, "; ");
}

// What all listings of one record share.
Listing common_listing(const CslRecord& record) {
  Listing l;
  l.programs = record.programs;
  l.start_date = read_list_date(record.start_date, "start date", l);
  l.end_date = read_list_date(record.end_date, "end date", l);
  l.raw.entity =
      text::join({record.name, text::join(record.alt_names, "; "), text::join(record.addresses, "; ")}, "\n");
  l.raw.license_requirement = record.requirement;
  l.raw.license_review_policy = record.policy;
  l.raw.citation = record.notice;
  NoticeCitations citations = read_notice_citations(record.notice);
  l.citations = std::move(citations.citations);
  l.findings.insert(l.findings.end(), citations.findings.begin(), citations.findings.end());
  return l;
}

void find_lost_characters(Listing& listing) {
  std::string names = listing.name;
  for (const std::string& alias : listing.aliases) names += '\n' + alias;
  const std::size_t at = names.find('?');
  if (at == std::string::npos) return;
  listing.findings.push_back({Finding::Severity::note, "lost_character",
                              "The file prints a question mark for a character it lost.",
                              text::excerpt(names, 200)});
}

// "STREET, CITY, STATE, POSTAL, CC" as one text, columns left out where they are empty.
DeniedPlace parse_flat_address(std::string_view address) {
  std::vector<std::string> parts;
  for (const std::string& p : text::split(address, ',')) parts.push_back(text::trim(p));
  const auto has_digit = [](std::string_view t) {
    return t.find_first_of("0123456789") != std::string_view::npos;
  };
  const auto take_last = [&] {
    std::string last = parts.back();
    parts.pop_back();
    return last;
  };
  const auto is_postal = [&] {
    return parts.size() > 1 && parts.back().size() <= 10 && has_digit(parts.back());
  };
  DeniedPlace place;
  if (!parts.empty() && !country_of_code(parts.back()).empty()) place.country = take_last();
  // The state stands last where its code is no country's.
  if (place.country.empty() && !parts.empty() && is_us_state(parts.back())) place.state = take_last();
  if (is_postal()) place.postal = take_last();
  // Before the postal code stands the state, or the code of a country that was left in its column.
  const auto may_be_state = [&](const std::string& part) {
    return is_us_state(part) || (place.country.empty() && !country_of_code(part).empty());
  };
  if (place.state.empty() && (place.country.empty() || place.country == "US") && !parts.empty() &&
      may_be_state(parts.back()))
    place.state = take_last();
  if (!parts.empty()) place.city = take_last();
  place.street = text::join(parts, ", ");
  return place;
}

std::vector<Listing> read_denied(const CslRecord& record, Listing common) {
  set_denied_name(record.name, common);
  common.remarks = record.standard_order == "Y"   ? "Standard order"
                   : record.standard_order == "N" ? "Non-standard order"
                                                  : "";
  std::vector<Listing> out;
  for (const std::string& address : record.addresses) {
    Listing l = common;
    DeniedPlace place = parse_flat_address(address);
    if (place.country == "RS" && place.state.empty()) std::swap(place.country, place.state);
    l.raw.entity = record.name + ", " + address;
    set_denied_place(std::move(place), l);
    out.push_back(std::move(l));
  }
  if (out.empty()) out.push_back(std::move(common));
  return out;
}

std::vector<Listing> read_supplement_row(const CslRecord& record, const Listing& common) {
  std::vector<Listing> out;
  for (CslPart& part : split_by_destination(record)) {
    Listing l = common;
    l.country = std::move(part.country);
    l.country_code = std::move(part.code);
    l.addresses = std::move(part.addresses);
    if (l.country.empty())
      l.findings.push_back({Finding::Severity::review, "country_unknown",
                            "The row names no country; its destination is not known.",
                            text::excerpt(l.raw.entity, 200)});
    out.push_back(std::move(l));
  }
  return out;
}

Listing read_other(const CslRecord& record, Listing l) {
  for (const CodedAddress& a : coded_addresses(record)) {
    if (l.country_code.empty()) l.country_code = a.code;
    add_unique(l.addresses, spelled_out(a));
  }
  for (const std::string& n : record.nationalities)
    if (l.country_code.empty()) l.country_code = country_of_code(n);
  l.country = country_name(l.country_code);
  l.remarks = remarks_of(record);
  return l;
}

}  // namespace

std::vector<CslPart> split_by_destination(const CslRecord& record) {
  const bool is_crimean = names_crimea(record);
  std::vector<CslPart> parts;
  for (const CodedAddress& a : coded_addresses(record)) {
    CslPart part{country_name(a.code), a.code, {}};
    // Hong Kong has stood under China in the supplements since December 23, 2020 (85 FR 83765).
    if (a.code == "HK") part = {country_name("CN"), "CN", {}};
    if (a.code == "UA" && is_crimean) part.country = crimea;
    auto found =
        std::find_if(parts.begin(), parts.end(), [&](const CslPart& p) { return p.country == part.country; });
    if (found == parts.end()) found = parts.insert(parts.end(), std::move(part));
    add_unique(found->addresses, spelled_out(a));
  }
  if (parts.empty()) parts.emplace_back();
  return parts;
}

std::vector<Listing> read_csl_record(const CslRecord& record, ListId list) {
  Listing common = common_listing(record);
  if (list == ListId::denied_persons) return read_denied(record, std::move(common));
  if (is_supplement(list)) {
    set_names(record, common);
    find_lost_characters(common);
    // The other supplements have no such columns; what the file prints there is its own.
    if (list == ListId::entity_list) {
      read_requirement_cell(record.requirement, common);
      read_policy_cell(record.policy, common);
    } else {
      common.license_requirement = record.requirement;
      common.license_review_policy = record.policy;
    }
    return read_supplement_row(record, common);
  }
  common.name = words::without_closing(mend_question_marks(record.name));
  for (const std::string& alias : record.alt_names) add_unique(common.aliases, mend_question_marks(alias));
  find_lost_characters(common);
  common.license_requirement = record.requirement;
  common.license_review_policy = record.policy;
  return {read_other(record, std::move(common))};
}

}  // namespace entitywatch::parsers
