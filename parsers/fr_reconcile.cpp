#include "parsers/fr_reconcile.hpp"

#include <algorithm>
#include <map>

#include "core/countries.hpp"
#include "core/text.hpp"
#include "parsers/entity_cell.hpp"
#include "parsers/fr_match.hpp"

namespace entitywatch::parsers {
namespace {

constexpr std::size_t words_kept = 300;

Finding review(std::string code, std::string message, std::string_view excerpt) {
  return {Finding::Severity::review, std::move(code), std::move(message), text::excerpt(excerpt, words_kept)};
}

Finding note(std::string code, std::string message, std::string_view excerpt) {
  return {Finding::Severity::note, std::move(code), std::move(message), text::excerpt(excerpt, words_kept)};
}

// A placeholder stands for the document itself; the metadata knows its volume, page and day.
void fill_placeholders(Listing& listing, const Document& d) {
  for (Citation& c : listing.citations) {
    if (c.page != 0) continue;
    if (d.volume != 0) c.volume = d.volume;
    c.page = d.start_page;
    if (!d.publication_date || c.date == d.publication_date) continue;
    if (c.date)
      listing.findings.push_back(note("citation_date_differs",
                                      "the row prints another day than that of publication",
                                      listing.raw.citation));
    c.date = d.publication_date;
  }
}

// A row that cites earlier rules is an entry that was listed before.
bool cites_earlier_rules(const FrTableRow& row, const Document& d) {
  Listing listing;
  read_citation_cell(row.citation, listing);
  return std::ranges::any_of(listing.citations, [&](const Citation& c) {
    const bool own =
        c.page == 0 ||
        (c.volume == d.volume && c.page >= d.start_page && c.page <= std::max(d.end_page, d.start_page)) ||
        (c.date && c.date == d.publication_date);
    return !own;
  });
}

class Reconciler {
 public:
  explicit Reconciler(const FrRule& rule) : rule_(rule) {
    for (const FrTable& table : rule.tables) rows_.insert(rows_.end(), table.rows.begin(), table.rows.end());
    row_taken_.resize(rows_.size());
    matches_ = match_rows_to_instructions(rule.instructions.entries, rows_);
    for (const auto& match : matches_)
      if (match) row_taken_[match->row] = true;
  }

  FrOperations run() {
    assign_counted_rows();
    const std::vector<EntryInstruction>& all = rule_.instructions.entries;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (is_open(all[i]))
        write_counted(i);
      else if (matches_[i])
        write_with_row(all[i], *matches_[i]);
      else
        write_without_row(all[i]);
    }
    write_rows_left();
    return std::move(out_);
  }

 private:
  // ---- rows that instructions only count, or leave to the table ----

  [[nodiscard]] static bool is_open(const EntryInstruction& e) { return e.count || e.from_table; }

  void assign_counted_rows() {
    const std::vector<EntryInstruction>& all = rule_.instructions.entries;
    counted_rows_.resize(all.size());
    doubtful_.resize(all.size());
    std::map<std::pair<ListId, std::string>, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (is_open(all[i]) && (all[i].kind == OperationKind::add || all[i].kind == OperationKind::revise))
        groups[{all[i].list, country_key(all[i].country)}].push_back(i);
    for (const auto& [where, counting] : groups) {
      std::vector<std::size_t> left;
      for (std::size_t r = 0; r < rows_.size(); ++r)
        if (!row_taken_[r] && rows_[r].list == where.first &&
            (where.second.empty() || country_key(rows_[r].country) == where.second))
          left.push_back(r);
      share(counting, left);
    }
  }

  // Where both additions and revisions are only counted, earlier citations tell a row of the one from the
  // other.
  void share(const std::vector<std::size_t>& counting, const std::vector<std::size_t>& left) {
    const std::vector<EntryInstruction>& all = rule_.instructions.entries;
    const bool one_kind = std::ranges::all_of(
        counting, [&](std::size_t i) { return all[i].kind == all[counting.front()].kind; });
    std::vector<std::size_t> rest = left;
    for (const std::size_t i : counting) {
      const std::size_t want =
          all[i].count ? static_cast<std::size_t>(std::max(0, *all[i].count)) : left.size();
      std::vector<std::size_t> mine;
      for (const std::size_t r : rest) {
        const bool earlier = cites_earlier_rules(rows_[r], rule_.document);
        const bool fits = one_kind || earlier == (all[i].kind == OperationKind::revise);
        if (fits && (mine.size() < want || i == counting.back())) mine.push_back(r);
      }
      std::erase_if(rest, [&](std::size_t r) { return std::ranges::find(mine, r) != mine.end(); });
      doubtful_[i] = !one_kind && (!all[i].count || mine.size() != want);
      for (const std::size_t r : mine) row_taken_[r] = true;
      counted_rows_[i] = std::move(mine);
    }
  }

  void write_counted(std::size_t i) {
    const EntryInstruction& e = rule_.instructions.entries[i];
    if (e.kind == OperationKind::remove) {
      out_.findings.push_back(review("unnamed_removal",
                                     "the instruction removes " + std::to_string(*e.count) +
                                         " entries under " + e.country + " without naming them",
                                     e.words));
      return;
    }
    const int found = static_cast<int>(counted_rows_[i].size());
    const Check check{"instruction_count", e.count ? std::to_string(*e.count) : "as printed",
                      std::to_string(found), !e.count || *e.count == found,
                      text::excerpt(e.words, words_kept)};
    for (const std::size_t r : counted_rows_[i]) {
      Operation op = operation(e);
      op.checks.push_back(check);
      if (doubtful_[i])
        op.findings.push_back(review(
            "kind_uncertain",
            "the instruction only counts entries, and the table does not tell which are new", e.words));
      write_row(op, r, {});
    }
    if (found == 0)
      out_.findings.push_back(review(
          "rows_missing", "the instruction leaves entries to the table, which has none for it", e.words));
  }

  // ---- instructions that name their entry ----

  [[nodiscard]] Operation operation(const EntryInstruction& e) const {
    Operation op;
    op.kind = e.kind;
    op.list = e.list;
    op.name = e.name;
    op.is_correction = e.is_correction || rule_.is_correction;
    op.effective_on = e.effective_on;
    for (const InstructionDate& d : rule_.dates)
      if (e.number == d.number || e.number.starts_with(d.number + ".")) op.effective_on = d.date;
    op.instruction = text::excerpt(e.words, words_kept);
    op.findings = e.findings;
    return op;
  }

  static void settle(std::vector<Finding>& findings, std::string_view code) {
    for (Finding& f : findings)
      if (f.code == code) f.severity = Finding::Severity::note;
  }

  void write_with_row(const EntryInstruction& e, const RowMatch& match) {
    const FrTableRow& row = rows_[match.row];
    Operation op = operation(e);
    const std::string row_name =
        read_row(row, match.quality == MatchQuality::exact ? std::string_view(e.name) : std::string_view{})
            .front()
            .name;
    const bool same_name =
        match.quality == MatchQuality::exact || match.quality == MatchQuality::other_country;
    op.checks.push_back({"instruction_in_table", e.name, row_name, same_name, {}});
    if (!same_name)
      op.findings.push_back(review(
          "name_differs", "the instruction says “" + e.name + "” and the table “" + row_name + "”", e.words));
    if (match.quality == MatchQuality::other_country && !e.country.empty())
      op.findings.push_back(review(
          "country_differs",
          "the instruction places the entry under " + e.country + " and the table under " + row.country,
          e.words));
    if (same_name) {
      settle(op.findings, "quotes_repaired");
      settle(op.findings, "country_missing");
      settle(op.findings, "several_countries");
      if (!cites_earlier_rules(row, rule_.document)) settle(op.findings, "missing_verb");
    }
    const bool earlier = cites_earlier_rules(row, rule_.document);
    const bool either =
        std::ranges::any_of(e.findings, [](const Finding& f) { return f.code == "kind_uncertain"; });
    if (either && (e.kind == OperationKind::add || e.kind == OperationKind::revise)) {
      op.kind = earlier ? OperationKind::revise : OperationKind::add;
      settle(op.findings, "kind_uncertain");
    } else if (e.kind == OperationKind::add && earlier) {
      op.findings.push_back(review("cites_earlier_rules",
                                   "the row of an addition cites earlier rules, as a revision's does",
                                   row.citation));
    }
    write_row(op, match.row, match.quality == MatchQuality::exact ? e.name : std::string());
  }

  void write_without_row(const EntryInstruction& e) {
    Operation op = operation(e);
    op.listing.country = e.country;
    op.listing.country_code = country_code(e.country);
    op.listing.name = e.name;
    switch (e.kind) {
      case OperationKind::remove:
        name_of_removal(op);
        break;
      case OperationKind::remove_country:
        check_country_is_gone(op);
        break;
      case OperationKind::add_country:
        break;
      default:
        row_is_missing(e, op);
    }
    out_.counted.push_back({op.kind, op.list, op.listing.country, op.listing.name});
    out_.operations.push_back(std::move(op));
  }

  // A removal may quote the whole cell, address included.
  static void name_of_removal(Operation& op) {
    const PartyName party = read_party_name(op.name);
    op.listing.name = party.name;
    op.listing.parent = party.parent;
    if (op.name.find(',') == std::string::npos || op.name.find_first_of("0123456789") == std::string::npos)
      return;
    const Listing whole = read_entity_parties({{op.name}}, {}).front();
    if (whole.addresses.empty() || whole.name.empty() || whole.name == party.name) return;
    op.listing.name = whole.name;
    op.findings.push_back(review("name_with_address",
                                 "the removal quotes more than a name; where the name ends is uncertain",
                                 op.name));
  }

  void check_country_is_gone(Operation& op) const {
    const std::string key = country_key(op.listing.country);
    if (std::ranges::any_of(
            rows_, [&](const FrTableRow& r) { return r.list == op.list && country_key(r.country) == key; }))
      op.findings.push_back(review("country_removed_and_listed",
                                   "the rule removes the country's listing and prints entries under it",
                                   op.instruction));
  }

  static void row_is_missing(const EntryInstruction& e, Operation& op) {
    op.checks.push_back({"instruction_in_table", e.name, "", e.partial, {}});
    if (e.partial) {
      if (!e.becomes.empty()) op.listing.name = e.becomes;
      op.findings.push_back(
          review("partial_revision",
                 "the rule alters a part of the entry in words; read the instruction for the text", e.words));
    }
    op.findings.push_back(
        review("row_unknown", "the instruction names the entry and no row of the table carries it", e.words));
  }

  // ---- rows ----

  void write_row(const Operation& op, std::size_t r, std::string_view known_name) {
    const FrTableRow& row = rows_[r];
    std::vector<Listing> parties = read_row(row, known_name);
    for (std::size_t p = 0; p < parties.size(); ++p) {
      Operation one = op;
      one.listing = std::move(parties[p]);
      fill_placeholders(one.listing, rule_.document);
      one.has_row = true;
      // A subordinate institution is an entry of its own; the instruction names the main one only.
      if (p > 0 || one.name.empty()) one.name = one.listing.name;
      if (p == 0) out_.counted.push_back({one.kind, one.list, one.listing.country, one.listing.name});
      out_.operations.push_back(std::move(one));
    }
  }

  [[nodiscard]] std::optional<std::string> whole_list_action(ListId list) const {
    const auto supplement = supplement_of_list(list);
    if (!supplement) return std::nullopt;
    const std::string section = "Supplement No. " + std::to_string(*supplement);
    for (const Touched& t : rule_.instructions.touched)
      if (t.section == section && t.part == "744" && t.what == "whole supplement") return t.action;
    return std::nullopt;
  }

  void write_rows_left() {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (row_taken_[r]) continue;
      const FrTableRow& row = rows_[r];
      Operation op;
      op.list = row.list;
      op.is_correction = rule_.is_correction;
      const auto action = whole_list_action(row.list);
      const bool new_list = action == "add";
      op.kind =
          !new_list && cites_earlier_rules(row, rule_.document) ? OperationKind::revise : OperationKind::add;
      if (new_list)
        op.instruction = "the list is added as a whole";
      else
        op.findings.push_back(review("row_without_instruction",
                                     "the table prints the entry and no instruction names it",
                                     text::join(row.entity_lines, " ")));
      write_row(op, r, {});
    }
  }

  const FrRule& rule_;
  std::vector<FrTableRow> rows_;
  std::vector<bool> row_taken_;
  std::vector<std::optional<RowMatch>> matches_;
  std::vector<std::vector<std::size_t>> counted_rows_;
  std::vector<bool> doubtful_;
  FrOperations out_;
};

}  // namespace

FrOperations reconcile(const FrRule& rule) { return Reconciler(rule).run(); }

}  // namespace entitywatch::parsers
