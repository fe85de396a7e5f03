#include "parsers/entity_cell.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/entity_cell_addresses.hpp"
#include "parsers/entity_cell_aliases.hpp"
#include "parsers/entity_cell_blocks.hpp"
#include "parsers/entity_cell_name.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

void find(Listing& listing, Finding::Severity severity, std::string code, std::string message,
          std::string_view words) {
  listing.findings.push_back({severity, std::move(code), std::move(message), text::excerpt(words, 300)});
}
constexpr auto review = Finding::Severity::review;
constexpr auto note = Finding::Severity::note;

// Lines as given, cleaned: white space collapsed, runs of empty lines made one, none at the ends.
std::vector<std::string> clean_lines(const CellText& cell) {
  std::vector<std::string> out;
  for (const std::string& line : cell.lines) {
    for (const std::string& one : text::split(line, '\n')) {
      std::string clean = text::sanitize(text::collapse(one));
      if (clean.empty() && (out.empty() || out.back().empty())) continue;
      out.push_back(std::move(clean));
    }
  }
  while (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

// Ten times the longest cell of the lists; what is longer is no entity cell, and is read only so far.
constexpr std::size_t max_cell_bytes = 64u << 10;
constexpr std::size_t max_cell_lines = 1000;

bool cut_to_size(std::vector<std::string>& lines) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (bytes + lines[i].size() <= max_cell_bytes && i < max_cell_lines) {
      bytes += lines[i].size();
      continue;
    }
    lines[i] = text::excerpt(lines[i], i < max_cell_lines ? max_cell_bytes - bytes : 0);
    lines.resize(i + 1);
    return true;
  }
  return false;
}

std::string raw_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines)
    if (!line.empty()) out += (out.empty() ? "" : "\n") + line;
  return out;
}

// "Address 01, Unit D, 16/F One Capital Place, Hong Kong.": an entry that is an address.
bool is_address_entry(std::string_view name) {
  static const RE2 re(R"((?i)^address(?: no\.?)? \d{1,3}$)");
  return RE2::FullMatch(re2_view(name), re);
}

void take_parent(Listing& listing) {
  if (listing.name.find("ubordinate") == std::string::npos) return;
  const PartyName party = read_party_name(listing.name);
  listing.name = party.name;
  if (!party.parent.empty()) listing.parent = party.parent;
}

void take_addresses(std::string_view text, Listing& listing) {
  AddressReading reading = split_addresses(text);
  if (!reading.doubt.empty())
    find(listing, review, "uncertain_address", "the parting of the addresses is uncertain: " + reading.doubt,
         text);
  for (std::string& address : reading.addresses) listing.addresses.push_back(std::move(address));
}

void check_count(const AliasReading& aliases, Listing& listing) {
  if (!aliases.stated) return;
  const auto stated = static_cast<std::size_t>(*aliases.stated);
  const bool ok = stated == aliases.counted;
  listing.checks.push_back({"stated_alias_count", std::to_string(stated), std::to_string(aliases.counted), ok,
                            text::excerpt(aliases.introducer, 120)});
  if (!ok)
    find(listing, review, "alias_count",
         "the entry states " + std::to_string(stated) + " aliases and lists " +
             std::to_string(aliases.counted),
         aliases.introducer);
}

void read_name_and_rest(std::string_view text, Listing& listing) {
  NameSplit split = split_name(text);
  static const RE2 joint(R"(\s*[;,]\s*and$)");  // to the next subordinate institution
  RE2::Replace(&split.name, joint, "");
  listing.name = std::move(split.name);
  if (!split.doubt.empty())
    find(listing, review, "uncertain_name", "where the name ends is uncertain: " + split.doubt, text);
  take_addresses(split.rest, listing);
}

void read_with_aliases(AliasReading&& aliases, std::string_view text, Listing& listing) {
  listing.name = words::without_closing(text::collapse(aliases.head));
  check_count(aliases, listing);
  for (const std::string& doubt : aliases.doubts) find(listing, review, "uncertain_alias", doubt, text);
  for (const std::string& repair : aliases.repairs) find(listing, note, "alias_repaired", repair, text);
  listing.aliases = std::move(aliases.aliases);
  listing.former_names = std::move(aliases.former_names);
  take_addresses(aliases.rest, listing);
}

// A dash line among the addresses is something the publisher lists and we did not place.
void review_addresses(Listing& listing) {
  static const RE2 list(R"((?:^|\s)[—–]\S|(?i)\bthe following\b|\ba\.k\.a\b)");
  for (const std::string& address : listing.addresses)
    if (RE2::PartialMatch(address, list) || address.size() > 1500)
      return find(listing, review, "unplaced_words", "an address seems to hold more than an address",
                  address);
  static const RE2 torn(R"((?i)^(?:st|street|rd|road|ave|avenue)\.?,)");
  if (!listing.addresses.empty() && RE2::PartialMatch(listing.addresses.front(), torn))
    find(listing, review, "uncertain_address", "the first address seems to begin among the words before it",
         listing.addresses.front());
  const bool evident = std::all_of(listing.addresses.begin(), listing.addresses.end(),
                                   [](const std::string& a) { return looks_like_address(a); });
  if (!evident && listing.addresses.size() > 1)
    find(listing, review, "uncertain_address", "one of the addresses does not look like one",
         text::join(listing.addresses, "; "));
}

// One party from the lines of its block.
void read_party(const std::vector<std::string>& lines, Listing& listing) {
  WithoutReferences outside = take_cross_references(text::join(lines, "\n"));
  listing.cross_references = std::move(outside.references);
  static const RE2 inclusion(R"((?i)[\s,]+to include the following subordinates?\b)");
  std::string body = text::trim(outside.text);
  RE2::GlobalReplace(&body, inclusion, "");
  if (auto aliases = read_aliases(body))
    read_with_aliases(std::move(*aliases), body, listing);
  else
    read_name_and_rest(body, listing);
  take_parent(listing);
  if (listing.name.empty()) find(listing, review, "no_name", "no name could be read from the entry", body);
  if (is_address_entry(listing.name)) return;
  review_addresses(listing);
}

void check_subordinates(int stated, std::size_t found, Listing& listing) {
  const bool ok = static_cast<std::size_t>(stated) == found;
  listing.checks.push_back({"stated_subordinates", std::to_string(stated), std::to_string(found), ok, {}});
  if (!ok)
    find(listing, review, "subordinate_count",
         "the entry states " + std::to_string(stated) + " subordinate entities and lists " +
             std::to_string(found),
         listing.name);
}

std::optional<int> stated_subordinates(std::string_view text) {
  const auto aliases = read_aliases(text);
  return aliases ? aliases->stated_subordinates : std::nullopt;
}

// Addresses that stand behind the last of several institutions are those of all where the others have none.
void share_addresses(std::vector<Listing>& parties, const std::vector<std::string>& shared_lines) {
  if (!shared_lines.empty()) {
    for (Listing& party : parties)
      if (party.addresses.empty()) take_addresses(text::join(shared_lines, "\n"), party);
    return;
  }
  const auto without =
      std::count_if(parties.begin(), parties.end(), [](const Listing& p) { return p.addresses.empty(); });
  if (parties.size() < 2 || static_cast<std::size_t>(without) + 1 != parties.size() ||
      parties.back().addresses.empty())
    return;
  for (Listing& party : parties) {
    if (!party.addresses.empty()) continue;
    party.addresses = parties.back().addresses;
    find(party, review, "shared_addresses",
         "the addresses at the end are taken for those of every institution of the entry", party.name);
  }
}

}  // namespace

PartyName read_party_name(std::string_view words_in) {
  static const RE2 subordinate(R"((?i)^(.*?)[\s,;.]+subordinate\s+(?:institut?\w*|entity)\s*:\s*(.+)$)");
  const std::string flat = text::collapse(words_in);
  PartyName out;
  const auto aliases = read_aliases(flat);
  out.name = aliases ? words::without_closing(aliases->head) : words::without_closing(flat);
  std::string parent, name;
  if (RE2::FullMatch(out.name, subordinate, &parent, &name)) {
    out.parent = words::without_closing(parent);
    out.name = words::without_closing(name);
  }
  return out;
}

std::vector<Listing> read_entity_parties(const CellText& cell, const Listing& common) {
  std::vector<std::string> lines = clean_lines(cell);
  Listing base = common;
  base.raw.entity = raw_of(lines);
  if (cut_to_size(lines))
    find(base, review, "cell_too_long", "the entity cell is too long to be one and was read in part",
         base.raw.entity);
  const CellBlocks parted = part_blocks(lines);
  std::vector<Listing> out;
  for (const CellBlock& block : parted.blocks) {
    if (block.lines.empty() && (block.is_subordinate || parted.blocks.size() > 1)) continue;
    Listing& party = out.emplace_back(base);
    if (block.is_description)
      party.name = words::without_closing(text::join(block.lines, " "));
    else
      read_party(block.lines, party);
    if (block.is_subordinate && party.parent.empty())
      party.parent = !parted.heading_parent.empty() ? parted.heading_parent : out.front().name;
  }
  if (out.empty()) {
    out.push_back(base);
    find(out.back(), review, "no_name", "no name could be read from the entry", base.raw.entity);
    return out;
  }
  share_addresses(out, parted.shared_lines);
  if (out.front().raw.entity.find("ordinate") == std::string::npos && out.size() == 1) return out;
  if (const auto stated = stated_subordinates(text::join(parted.blocks.front().lines, "\n")))
    check_subordinates(*stated, out.size() - 1, out.front());
  return out;
}

void read_entity_cell(const CellText& cell, Listing& listing) {
  listing = read_entity_parties(cell, listing).front();
}

bool is_continuation(const CellText& cell, const CellText& above) {
  const std::vector<std::string> lines = clean_lines(cell);
  const std::vector<std::string> before = clean_lines(above);
  if (lines.empty() || before.empty()) return false;
  const std::string& first = lines.front();
  const std::string& last = before.back();
  if (opens_block(first) || first.starts_with("—") || first.starts_with("–") || first.starts_with("("))
    return true;
  if (first.starts_with("and ") || (first.front() >= 'a' && first.front() <= 'z')) return true;
  if (last.ends_with(';') || last.ends_with(" and") || last.ends_with(':') || last.ends_with(','))
    return true;
  const std::string head = first.substr(0, first.find(','));
  return (words::has_digit(head) || words::has_address_word(head)) && !words::has_organisation_word(head) &&
         looks_like_address(first);
}

}  // namespace entitywatch::parsers
