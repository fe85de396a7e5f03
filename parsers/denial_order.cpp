#include "parsers/denial_order.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/denial_terms.hpp"

namespace entitywatch::parsers {
namespace {

bool matches(const std::string& words, const RE2& pattern) { return RE2::PartialMatch(words, pattern); }

Finding review(std::string code, std::string message, std::string_view excerpt = {}) {
  return {Finding::Severity::review, std::move(code), std::move(message), text::excerpt(excerpt, 300)};
}

// "Order Renewing Order Temporarily Denying Export Privileges", wherever it stands in a title.
std::string without_order_words(std::string words) {
  static const RE2 matter("(?i)\\bin the matters? of\\b:?\\s*");
  static const RE2 seat("(?i)^\\s*washington,? d\\.?c\\.?,? ?(?:20230)?[;,]?\\s*");
  static const RE2 order(
      "(?i)[;:,.\\s—–-]*\\b(?:(?:final|amended|modified|corrected|recommended|default|consent|decision "
      "and|notice of(?: an?)?) )*(?:orders?|"
      "actions?|decisions?|denials?|modification|amendment|revocation|termination|renewal|extension)\\b(?: "
      "(?:[a-z]+|§+)){0,9}? (?:export "
      "privileges?|denial orders?|temporary denial(?: orders?| of export privileges?)?|related "
      "persons?)\\b(?: (?:of|against|as to|for|to|and naming|relating to)\\b)?[;:,.\\s—–-]*");
  static const RE2 bare(
      "(?i)[;:,.\\s]*\\b(?:applicable to (?:the )?related persons?|temporary denial orders?|denial of export "
      "privileges|order relating to|decision and order)\\b(?: (?:of|against|for)\\b)?[;:,.\\s]*");
  RE2::GlobalReplace(&words, seat, "");
  RE2::GlobalReplace(&words, matter, "");
  RE2::GlobalReplace(&words, order, "; ");
  RE2::GlobalReplace(&words, bare, "; ");
  return words;
}

// ---- the block of parties ----

// The first words of the findings: what stands before is the block.
bool is_narrative(const std::string& words) {
  static const RE2 opening(
      "^(?:On |In \\w+ (?:of )?\\d{4}|Pursuant|Section \\d|The |This |These |Upon |WHEREAS|Whereas|I\\. "
      "|A\\. |By |As |After |Having |Under "
      "|Accordingly|It is|BIS|Through |Before |For the reasons|Based |Background|An? |For (?:a|the) |To "
      "|Since |At )");
  static const RE2 telling(
      "(?i)\\b(?:was|were|has been|have been) convicted\\b|\\bhas requested\\b|\\bit is "
      "(?:hereby|therefore)\\b|\\bexport administration regulations\\b");
  return words.size() > 1500 || matches(words, opening) || matches(words, telling);
}

// The lines between heading and findings, "In the Matter of:" taken off.
std::vector<std::string> matter_lines(const std::vector<FrParagraph>& body) {
  static const RE2 matter("(?i)^(?:in the matters? of|matters? of):?\\s*");
  static const RE2 role(
      "(?i)^(?:respondents?|related persons?|docket|case no|\\[|washington,? d\\.?c)\\b.{0,60}$");
  std::vector<std::string> out;
  for (const FrParagraph& p : body) {
    std::string words = p.text;
    const bool opens = matches(words, matter);
    if (opens) RE2::Replace(&words, matter, "");
    if (!opens && is_narrative(words)) break;
    if (opens && is_narrative(words)) break;
    if (words.empty() || matches(words, role)) continue;
    words = without_order_words(words);
    if (text::fold(words).empty()) continue;
    out.push_back(std::move(words));
  }
  return out;
}

// ---- the ordering paragraphs ----

const RE2& denying_words() {
  static const RE2 denies(
      "(?i)\\bmay not,?(?: directly or indirectly,?)? participate\\b|\\bparticipate,? directly or "
      "indirectly,? in any way in any transaction");
  return denies;
}

// "First, from the date of this Order until …, NAME, with a last known address of …, and when acting for":
// the words that name whom it binds.
std::string bound_by(std::string clause) {
  static const RE2 number(
      "(?i)^(?:first|second|third|fourth|fifth|sixth|seventh|eighth|[ivx]+\\.|\\d+\\.|[a-h]\\.)[,:.]?\\s*");
  static const RE2 that("(?i)^(?:it is ordered )?that[,:]?\\s*");
  static const RE2 period(
      "(?i)^(?:(?:effective immediately|beginning on the date of this order and continuing|from the date "
      "(?:of|on which) this order(?: (?:is|became) "
      "(?:entered|effective|signed|issued))?|and|for (?:a |an )?(?:period of )?[^,]{0,80}? from "
      "[^,]{0,80}?(?:order|conviction|\\d{4})|(?:until|through) "
      "(?:and including )?[a-z]+\\.? \\d{1,2},? \\d{4}|for the period of this order)[,:]?\\s*)+");
  static const RE2 end(
      "(?i)[,;]?\\s*(?:and,? )?(?:,? ?when acting "
      "(?:for|on)|\\((?:each|collectively|both|together|hereinafter|the|individually|“|\")|(?:,|and) "
      "(?:(?:if|and) )?(?:its|his|her|their|all|any) "
      "(?:successors?|assigns|officers|agents|employees|representatives)|\\bmay not\\b|\\bshall (?:also "
      ")?be\\b)");
  RE2::Replace(&clause, number, "");
  RE2::Replace(&clause, that, "");
  RE2::Replace(&clause, period, "");
  RE2::Replace(&clause, that, "");
  re2::StringPiece found;
  if (end.Match(clause, 0, clause.size(), RE2::UNANCHORED, &found, 1))
    clause.resize(static_cast<std::size_t>(found.data() - clause.data()));
  // "A, with a last known address of …, and B, with a last known address of …"
  static const RE2 next(
      "(?i)[;,]? and ([^,;]+(?:, (?:jr|sr|inc|ltd|llc|co)[^,;]*)*,? with (?:an?|the) last known address)");
  RE2::GlobalReplace(&clause, next, "; \\1");
  return clause;
}

struct OrderedParties {
  std::vector<OrderedParty> denied;
  std::vector<OrderedParty> related;
  std::string words;  // of the paragraphs they were read from
};

OrderedParties parties_in_order(const OrderBody& order) {
  static const RE2 related("(?i)\\brelated persons?\\b");
  static const RE2 named("(?i)with (?:an?|the) (?:last known )?address");
  OrderedParties out;
  for (const std::string& p : order.ordered) {
    const bool denies = matches(p, denying_words()) && out.denied.empty();
    const bool adds = matches(p, related) && matches(p, named);
    if (!denies && !adds) continue;
    out.words += p + "\n";
    // "… the following person is also subject to this Order as a Related Person: NAME, …"
    static const RE2 introduction("(?i)^.{0,300}?\\brelated persons?\\b[^:]{0,80}:\\s*");
    std::string clause = p;
    if (!denies) RE2::Replace(&clause, introduction, "");
    std::vector<OrderedParty> read = read_ordered_parties({bound_by(std::move(clause))});
    auto& into = denies ? out.denied : out.related;
    std::move(read.begin(), read.end(), std::back_inserter(into));
  }
  return out;
}

bool same_name(const OrderedParty& a, const OrderedParty& b) {
  return text::fold(a.name) == text::fold(b.name);
}

bool has_party(const std::vector<OrderedParty>& parties, const OrderedParty& wanted) {
  return std::any_of(parties.begin(), parties.end(),
                     [&](const OrderedParty& p) { return same_name(p, wanted); });
}

bool names(std::string_view words, const OrderedParty& party) {
  const std::string folded = text::fold(words);
  return !party.name.empty() && folded.find(text::fold(party.name)) != std::string::npos;
}

// Whom the order is about: the block's words, else the title's, else the ordering paragraph's; addresses
// that the chosen place leaves out come from the others.
std::vector<OrderedParty> settle_parties(const std::vector<OrderedParty>& block,
                                         const std::vector<OrderedParty>& title,
                                         const OrderedParties& order) {
  std::vector<OrderedParty> out = !block.empty() ? block : !title.empty() ? title : order.denied;
  for (OrderedParty& party : out) {
    if (!party.addresses.empty()) continue;
    for (const auto* other : {&title, &order.denied, &order.related})
      for (const OrderedParty& p : *other)
        if (party.addresses.empty() && same_name(p, party)) party.addresses = p.addresses;
  }
  for (const OrderedParty& p : order.related)
    if (!p.addresses.empty() && !has_party(out, p)) out.push_back(p);
  return out;
}

void check_parties(const std::vector<OrderedParty>& parties, const std::vector<OrderedParty>& title,
                   const OrderedParties& order, const std::string& whole_text, DocumentReading& out) {
  for (const OrderedParty& p : title)
    out.document.checks.push_back({"title_in_text", p.name, names(whole_text, p) ? p.name : "not named",
                                   names(whole_text, p), "party of the title"});
  // A party that the operative words leave out, or one that only these name.
  for (const OrderedParty& p : order.denied)
    if (!has_party(parties, p) && !p.addresses.empty())
      out.document.findings.push_back(
          review("party_only_in_order",
                 fmt::format("The ordering paragraph names {}, whom title and heading do not.", p.name),
                 order.words));
}

// ---- relations ----

// Of an order that ends a denial: the order it ends is the last one cited before it.
void relate_ended(Document& d, const std::vector<FrParagraph>& body) {
  static const RE2 citation("\\b(\\d{2,3}) (?:FR|Fed\\. ?Reg\\.|F\\.R\\.) (\\d{1,6})\\b");
  static const RE2 of_order(
      "(?i)\\btdo\\b|temporary denial order|denial order|denying|denial of export privileges");
  std::erase_if(d.relations, [](const Relation& r) { return r.kind != "corrects" && r.kind != "ends"; });
  std::pair<int, int> last{0, 0};
  for (const FrParagraph& p : body) {
    if (!matches(p.text, of_order)) continue;
    re2::StringPiece rest(p.text);
    std::pair<int, int> at;
    while (RE2::FindAndConsume(&rest, citation, &at.first, &at.second)) {
      const bool own = d.volume != 0 && at >= std::pair(d.volume, d.start_page);
      if (!own) last = std::max(last, at);
    }
  }
  if (last.first == 0) return;
  Relation ends{"ends", fmt::format("{} FR {}", last.first, last.second)};
  if (std::find(d.relations.begin(), d.relations.end(), ends) == d.relations.end())
    d.relations.push_back(std::move(ends));
}

// What it does to other orders is said once, as renewing or ending.
void settle_relations(Document& d, const std::vector<FrParagraph>& body, OperationKind kind) {
  if (kind == OperationKind::remove) return relate_ended(d, body);
  std::erase_if(d.relations, [](const Relation& r) { return r.kind != "renews" && r.kind != "corrects"; });
}

// ---- operations ----

Operation operation_of(Listing listing, OperationKind kind, const DenialTerms& terms,
                       const std::string& clause, const Document& d) {
  Operation op;
  op.kind = kind;
  op.list = ListId::denied_persons;
  op.name = listing.name;
  op.effective_on = terms.starts;
  op.instruction = text::excerpt(clause, 300);
  if (d.volume != 0) listing.citations.push_back({d.volume, d.start_page, d.publication_date, false});
  listing.raw.entity =
      listing.name + (listing.addresses.empty() ? "" : ", " + text::join(listing.addresses, "; and "));
  if (kind != OperationKind::remove) {
    listing.start_date = terms.starts;
    listing.end_date = terms.ends;
    op.has_row = true;
    if (terms.end_is_computed)
      listing.findings.push_back(
          {Finding::Severity::note,
           "end_date_computed",
           "The order states a period; its last day is computed from the day of the order.",
           {}});
    if (!terms.ends && !terms.ends_by_further_order)
      listing.findings.push_back(
          review("end_date_unread", "Until when the denial lasts could not be read.", clause));
    if (!terms.starts)
      listing.findings.push_back(
          review("order_date_unread", "The day of the order could not be read.", clause));
  }
  op.listing = std::move(listing);
  return op;
}

std::string signature_of(const FrNode& root) {
  std::string out;
  for (const char* element : {"DATED", "SIG"})
    for (const FrNode* node : find_nodes(root, element)) out += running_text(*node) + " ";
  return out;
}

// Words of the order's kind that were taken for a name.
bool is_doubtful(const OrderedParty& party) {
  static const RE2 words(
      "(?i)\\bexport privileges?\\b|\\bdenial\\b|\\borders?\\b|\\brelated persons?\\b|\\bapplicable\\b");
  const bool lower = !party.name.empty() && party.name.front() >= 'a' && party.name.front() <= 'z' &&
                     party.name.find(' ') != std::string::npos;
  return lower || matches(party.name, words) || text::fold(party.name).size() < 2 || party.name.size() > 160;
}

void add_operations(const std::vector<OrderedParty>& parties, const OrderedParties& order, OperationKind kind,
                    const DenialTerms& terms, DocumentReading& out) {
  const std::string clause = order.words.empty() ? out.document.title : order.words;
  for (const OrderedParty& party : parties) {
    const bool bound = kind == OperationKind::remove || names(order.words, party);
    for (Listing& listing : listings_of(party)) {
      Operation op = operation_of(std::move(listing), kind, terms, clause, out.document);
      if (is_doubtful(party))
        op.findings.push_back(
            review("party_doubtful", "What was read as the party's name may be none.", party.name));
      if (kind != OperationKind::remove)
        op.checks.push_back({"party_in_order", party.name, bound ? party.name : "not named", bound,
                             "the ordering paragraph"});
      out.operations.push_back(std::move(op));
    }
  }
}

}  // namespace

std::vector<OrderedParty> parties_in_title(std::string_view title) {
  const std::string words = without_order_words(std::string(title));
  return text::fold(words).empty() ? std::vector<OrderedParty>{} : read_ordered_parties({words});
}

bool denies_privileges(const Document& d, const std::vector<FrParagraph>& body) {
  if (d.topic == "denial-order") return true;
  if (d.topic != "enforcement") return false;
  return std::any_of(body.begin(), body.end(),
                     [](const FrParagraph& p) { return matches(p.text, denying_words()); });
}

void read_denial_order(const FrNode& root, const std::vector<FrParagraph>& body, DocumentReading& out) {
  Document& d = out.document;
  const OrderBody order = split_order(body);
  const OperationKind kind = kind_of_order(d, order);
  settle_relations(d, body, kind);
  if (kind != OperationKind::remove && is_suspended(order)) {
    d.findings.push_back({Finding::Severity::note,
                          "denial_suspended",
                          "The denial is suspended as a whole; nobody is put on the list.",
                          {}});
    return;
  }
  const OrderedParties ordered = parties_in_order(order);
  const std::vector<OrderedParty> title = parties_in_title(d.title);
  const std::vector<OrderedParty> block = read_ordered_parties(matter_lines(body));
  const std::vector<OrderedParty> parties = settle_parties(block, title, ordered);
  if (parties.empty()) {
    d.findings.push_back(review(
        "parties_unread",
        "Whom the order concerns could not be read from its title, its heading or its ordering paragraphs.",
        d.title));
    return;
  }
  std::string whole;
  for (const FrParagraph& p : body) whole += p.text + "\n";
  check_parties(parties, title, ordered, whole, out);
  if (ordered.words.empty() && kind != OperationKind::remove)
    d.findings.push_back(
        review("order_unread", "The paragraph that denies export privileges could not be found.", d.title));
  static const RE2 modifies("(?i)\\b(?:modif(?:y|ies|ying|ied|ication)|amend(?:s|ing|ed|ment)?)\\b");
  if (kind == OperationKind::revise && matches(d.title + " " + d.action, modifies))
    d.findings.push_back(review(
        "order_modified",
        "The order modifies another; what it changes for each party is to be read in its words.", d.title));
  DenialTerms terms = read_terms(order, signature_of(root), d.publication_date);
  std::move(terms.checks.begin(), terms.checks.end(), std::back_inserter(d.checks));
  add_operations(parties, ordered, kind, terms, out);
}

}  // namespace entitywatch::parsers
