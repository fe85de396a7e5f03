#include "parsers/denial_terms.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/entity_cell_words.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

using namespace std::chrono;

#define ENTITYWATCH_DAY                                                                                   \
  "((?:Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)?|Apr(?:il|\\.)?|May|June?|July?|Aug(?:ust|\\.)?|" \
  "Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?) \\d{1,2},? \\d{4})"

// The day a pattern with one group for a printed day finds first.
std::optional<Date> day_by(std::string_view words, const RE2& pattern) {
  std::string printed;
  if (!RE2::PartialMatch(re2_view(words), pattern, &printed))
    return std::nullopt;
  if (printed.find(',') == std::string::npos) printed.insert(printed.rfind(' '), ",");
  return parse_printed_date(printed);
}

// "this 12th day of October, 2021".
std::optional<Date> day_of_month(std::string_view words) {
  static const RE2 form("(?i)\\b(\\d{1,2}) ?(?:st|nd|rd|th)? day of ([a-z]+),? (?:of )?(\\d{4})");
  std::string day, month, year;
  if (!RE2::PartialMatch(re2_view(words), form, &day, &month, &year))
    return std::nullopt;
  return parse_printed_date(month + " " + day + ", " + year);
}

std::optional<Date> signing_day(std::string_view signature, const OrderBody& order) {
  static const RE2 day("(?i)" ENTITYWATCH_DAY);
  static const RE2 signed_day(
      "(?i)\\b(?:dated|issued|entered|signed|so ordered)\\b[^.]{0,30}?" ENTITYWATCH_DAY);
  if (auto found = day_of_month(signature)) return found;
  if (auto found = day_by(signature, day)) return found;
  // The last words of the order, where no signature block holds them.
  const std::size_t count = order.ordered.size();
  for (std::size_t i = count; i > 0 && i + 3 > count; --i) {
    const std::string& p = order.ordered[i - 1];
    static const RE2 marked("(?i)\\b(?:dated|issued|entered|signed)\\b[^.]{0,20}\\bday of\\b");
    if (RE2::PartialMatch(p, marked))
      if (auto found = day_of_month(p)) return found;
    if (auto found = day_by(p, signed_day)) return found;
  }
  return std::nullopt;
}

std::vector<Date> days_until(const OrderBody& order) {
  static const RE2 until(
      "(?i)\\b(?:until|through)(?: and including)?(?: midnight)?(?:,? (?:of|on))?,? " ENTITYWATCH_DAY);
  std::vector<Date> out;
  for (const std::string& p : order.ordered) {
    re2::StringPiece rest(p);
    std::string printed;
    while (RE2::FindAndConsume(&rest, until, &printed)) {
      if (printed.find(',') == std::string::npos) printed.insert(printed.rfind(' '), ",");
      if (const auto day = parse_printed_date(printed)) out.push_back(*day);
    }
  }
  return out;
}

std::optional<Date> stated_start(const OrderBody& order, const std::optional<Date>& signed_on,
                                 const std::optional<Date>& published) {
  static const RE2 on(
      "(?i)\\border (?:is|shall be|shall become|will be|becomes)(?: hereby)? effective (?:on |as of |from "
      "|beginning (?:on )?)?" ENTITYWATCH_DAY);
  static const RE2 on_publication(
      "(?i)\\border (?:is|shall be|shall become|will be|becomes)(?: hereby)? effective (?:on|upon)(?: the "
      "date of)?(?: its)? publication");
  static const RE2 since("(?i)\\b(?:from|beginning(?: on)?|commencing(?: on)?) " ENTITYWATCH_DAY
                         "(?:,)? (?:and continuing )?(?:until|through)");
  for (const std::string& p : order.ordered) {
    if (const auto day = day_by(p, on)) return day;
    if (const auto day = day_by(p, since)) return day;
    if (published && RE2::PartialMatch(p, on_publication)) return published;
  }
  return signed_on;
}

// A period from the order on, as the ordering paragraphs state it.
std::optional<DenialPeriod> stated_period(const OrderBody& order) {
  static const RE2 in_effect("(?i)\\bremain in (?:full force and )?effect (?:for|through) (.{0,80})");
  static const RE2 from_order(
      "(?i)\\bfor (?:a |an )?(?:additional )?(?:period of )?(.{0,60}?) from (?:the )?(?:date|effective "
      "date|issuance|entry) (?:of|on which)[^.]{0,40}\\border\\b");
  std::string words;
  for (const std::string& p : order.ordered)
    if (RE2::PartialMatch(p, in_effect, &words) || RE2::PartialMatch(p, from_order, &words))
      if (const auto period = period_in(words)) return period;
  return std::nullopt;
}

// "for a period of 10 years from the date of Doe's conviction": what the findings say against the day
// that the order states.
std::optional<Check> check_conviction(const OrderBody& order, const std::optional<Date>& ends) {
  static const RE2 period(
      "(?i)export privileges[^.]{0,120}?\\bfor (?:a |an )?(?:period of )?(.{0,40}?) from the date of "
      "[^.]{0,80}conviction");
  static const RE2 convicted("(?i)^on(?: or about)? " ENTITYWATCH_DAY
                             ",.{0,300}?\\b(?:was|were)(?: \\w+)? convicted");
  std::optional<Date> day;
  std::optional<DenialPeriod> length;
  std::string words;
  for (const std::string& p : order.before) {
    if (!day) day = day_by(p, convicted);
    if (!length && RE2::PartialMatch(p, period, &words)) length = period_in(words);
  }
  if (!day || !length || !ends) return std::nullopt;
  const Date expected = after(*day, *length);
  return Check{"denial_period", format_date(expected), format_date(*ends), expected == *ends,
               "period stated from the conviction"};
}

}  // namespace

OrderBody split_order(const std::vector<FrParagraph>& body) {
  static const RE2 ordered(
      "(?i)\\b(?:it is|is|be it)(?: (?:hereby|therefore|accordingly|so))*,? ?(?:hereby "
      ")?ordered\\b[:,]?\\s*(?:that )?");
  static const RE2 first(
      "(?i)^(?:first|I\\.|1\\.|A\\.)[,:]? ?(?:that,? )?(?:from the date|for a "
      "period|until|beginning|effective)");
  OrderBody out;
  bool inside = false;
  for (const FrParagraph& p : body) {
    if (inside) {
      out.ordered.push_back(p.text);
      continue;
    }
    re2::StringPiece rest(p.text);
    if (RE2::PartialMatch(p.text, first)) {
      inside = true;
      out.ordered.push_back(p.text);
    } else if (RE2::FindAndConsume(&rest, ordered)) {
      inside = true;
      out.before.push_back(p.text);
      if (!rest.empty()) out.ordered.push_back(std::string(rest));
    } else {
      out.before.push_back(p.text);
    }
  }
  return out;
}

std::optional<DenialPeriod> period_in(std::string_view text) {
  static const RE2 figure("(?i)\\(?\\b(\\d{1,3})\\)?[ -](day|month|year)s?\\b");
  static const RE2 spelled("(?i)\\b((?:[a-z]+[ -]){1,4}?)(day|month|year)s?\\b");
  const re2::StringPiece words = re2_view(text);
  int count = 0;
  std::string unit, number;
  if (!RE2::PartialMatch(words, figure, &count, &unit)) {
    if (!RE2::PartialMatch(words, spelled, &number, &unit)) return std::nullopt;
    // "one hundred (and) eighty"
    static const RE2 hundred("(?i)\\b(\\w+) hundred(?:[ -]and)?[ -]*");
    std::string hundreds;
    std::string rest = text::trim(number);
    if (RE2::PartialMatch(rest, hundred, &hundreds)) {
      count = words::number(hundreds).value_or(0) * 100;
      RE2::Replace(&rest, hundred, "");
    }
    rest = text::trim(rest);
    // "a period of ten": the number stands last.
    std::string last = rest;
    while (!last.empty() && !words::number(last)) {
      const std::size_t space = last.find(' ');
      last = space == std::string::npos ? std::string{} : last.substr(space + 1);
    }
    while (!last.empty() && (last.back() == '-' || last.back() == ' ')) last.pop_back();
    count += words::number(last).value_or(0);
  }
  if (count == 0) return std::nullopt;
  switch (unit.front() | 0x20) {
    case 'd':
      return DenialPeriod{count, 0};
    case 'm':
      return DenialPeriod{0, count};
    default:
      return DenialPeriod{0, count * 12};
  }
}

Date after(Date day, const DenialPeriod& period) {
  year_month_day moved = year_month_day(day) + months(period.months);
  if (!moved.ok()) moved = moved.year() / moved.month() / last;
  return sys_days(moved) + days(period.days);
}

DenialTerms read_terms(const OrderBody& order, std::string_view signature,
                       const std::optional<Date>& published) {
  DenialTerms out;
  out.signed_on = signing_day(signature, order);
  out.starts = stated_start(order, out.signed_on, published);
  const std::vector<Date> until = days_until(order);
  const std::optional<DenialPeriod> period = stated_period(order);
  if (!until.empty()) {
    out.ends = until.front();
    if (until.size() > 1) {
      const bool agree = std::all_of(until.begin(), until.end(), [&](Date d) { return d == until.front(); });
      const auto other = std::find_if(until.begin(), until.end(), [&](Date d) { return d != until.front(); });
      out.checks.push_back({"denial_until", format_date(until.front()),
                            format_date(agree ? until.back() : *other), agree,
                            "the end as stated more than once"});
    }
    if (period && out.starts) {
      const Date expected = after(*out.starts, *period);
      out.checks.push_back({"denial_period", format_date(expected), format_date(*out.ends),
                            expected == *out.ends, "period stated from the order"});
    }
  } else if (period && out.starts) {
    out.ends = after(*out.starts, *period);
    out.end_is_computed = true;
  }
  static const RE2 further("(?i)\\buntil further (?:order|notice)|\\bindefinite");
  out.ends_by_further_order =
      !out.ends && std::any_of(order.ordered.begin(), order.ordered.end(),
                               [](const std::string& p) { return RE2::PartialMatch(p, further); });
  if (auto check = check_conviction(order, out.ends)) out.checks.push_back(std::move(*check));
  return out;
}

OperationKind kind_of_order(const Document& d, const OrderBody& order) {
  static const RE2 of_order("(?i)export privileges|denial|\\btdo\\b|\\border");
  static const RE2 ends(
      "(?i)\\b(?:vacat(?:e|es|ing|ed|ur)|terminat(?:e|es|ing|ed|ion)|revok(?:e|es|ing|ed)|revocation|rescind("
      "?:s|ing|ed)?|rescission|lift(?:s|ing|ed)|set(?:s|ting)? "
      "aside|remov(?:e|es|ing|ed|al)|withdraw(?:s|ing|n|al)?)\\b");
  static const RE2 renews("(?i)\\b(?:renew(?:s|ing|ed|al)?|extend(?:s|ing|ed)?|extension)\\b");
  static const RE2 modifies(
      "(?i)\\b(?:modif(?:y|ies|ying|ied|ication)|amend(?:s|ing|ed|ment)?|clarif(?:y|ies|ying|ied|ication))"
      "\\b");
  static const RE2 ended(
      "(?i)\\b(?:temporary denial order|tdo|denial order|denial of (?:[^.;]{0,40})export privileges|order "
      "(?:temporarily )?denying[^.;]{0,160})"
      "[^.;]{0,160}?\\b(?:is|are|be|was)(?: hereby)? (?:vacated|terminated|revoked|rescinded|lifted|set "
      "aside|withdrawn)\\b");
  std::string head;
  for (const std::string& part : text::split(d.title + ";" + d.action, ';'))
    if (RE2::PartialMatch(part, of_order)) head += part + "; ";
  if (RE2::PartialMatch(head, ends)) return OperationKind::remove;
  if (RE2::PartialMatch(head, renews) || RE2::PartialMatch(head, modifies)) return OperationKind::revise;
  const bool is_ended = std::any_of(order.ordered.begin(), order.ordered.end(),
                                    [](const std::string& p) { return RE2::PartialMatch(p, ended); });
  return is_ended ? OperationKind::remove : OperationKind::add;
}

bool is_suspended(const OrderBody& order) {
  static const RE2 suspended(
      "(?i)\\b(?:denial (?:period|order|of export privileges)|export privileges|period of "
      "denial)[^.]{0,200}\\bshall be (?:hereby )?suspended (?:in its entirety|for (?:a|the) "
      "|during|subject)");
  return std::any_of(order.ordered.begin(), order.ordered.end(),
                     [](const std::string& p) { return RE2::PartialMatch(p, suspended); });
}

}  // namespace entitywatch::parsers
