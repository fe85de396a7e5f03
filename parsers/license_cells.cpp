// License requirement and review policy: the printed words, and the small set of meanings behind their many
// spellings.
#include <re2/re2.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/entity_cell.hpp"
#include "parsers/re2_view.hpp"

namespace entitywatch::parsers {
namespace {

std::string raw_of(std::string_view printed) {
  return text::sanitize(text::join(text::collapse_lines(printed), "\n"));
}

void add_footnote(int designation, Listing& listing) {
  auto& all = listing.footnotes;
  const auto at = std::lower_bound(all.begin(), all.end(), designation);
  if (at == all.end() || *at != designation) all.insert(at, designation);
}

// Designations that lost their superscript: "734.9(g),3 746.8(a)(3)", "of the EAR) 4", "§ 744.11 3 of". A
// digit counts only behind a closing bracket, a bracket and a comma, "EAR", or a complete section number and
// a space; "744.11" itself, "Category 5" and "No. 7" are none.
std::string take_bare_footnotes(std::string_view flat, Listing& listing) {
  static const RE2 re(R"((\)|\),|\bEAR|\bEAR[).,]+|\b7\d\d\.\d{1,2}\s)\s?([1-9])(\s|[,;.)]|$))");
  // Text renditions print them between backslashes: "734.9(g),\3\ 746.8".
  static const RE2 marked(R"(\s*\\([1-9])\\)");
  std::string out(flat);
  std::string before, digit, after;
  while (out.find('\\') != std::string::npos && RE2::PartialMatch(out, marked, &digit)) {
    add_footnote(digit.front() - '0', listing);
    RE2::Replace(&out, marked, "");
  }
  while (RE2::PartialMatch(out, re, &before, &digit, &after)) {
    add_footnote(digit.front() - '0', listing);
    const bool spaced = before.back() == ' ' && after == " ";
    if (spaced) before.pop_back();
    RE2::Replace(&out, re, before + (after == " " ? " " : after));
  }
  return text::collapse(out);
}

bool has(std::string_view text, const RE2& re) { return RE2::PartialMatch(re2_view(text), re); }

std::string requirement_form(std::string_view text) {
  static const RE2 all(R"((?i)\ball items subjects? to (?:the )?EAR)");
  static const RE2 projects(R"((?i)\bwhen used in projects\b)");
  static const RE2 exceptions(
      R"((?i)\bexcept\b|\bapart from\b|\bother than\b|\bmay be overcome\b|\bexcluding\b)");
  static const RE2 listed(
      R"((?i)\bCCL\b|\bECCNs?\b|\bCommerce Control List\b|\bitems .*listed in supplement\b)");
  static const RE2 section(R"((?i)^\W*see\s+§)");
  if (has(text, all)) {
    if (has(text, projects)) return "all-items-in-projects";
    return has(text, exceptions) ? "all-items-with-exceptions" : "all-items";
  }
  if (has(text, listed)) return "listed-items";
  return has(text, section) ? "see-section" : "";
}

std::string policy_form(std::string_view text) {
  static const RE2 presumption(R"((?i)\bpresumption of denial\b)");
  static const RE2 policy(R"((?i)\bpolicy of denial\b)");
  static const RE2 case_by_case(R"((?i)\bcas[ea][- ]by[- ]cas[ea]\b)");
  static const RE2 approval(R"((?i)\bpresumption of approval\b)");
  static const RE2 exception(R"((?i)\bexcept\b|\bapart from\b|\bother than\b)");
  static const RE2 denial_first(R"((?i)^\W*(?:presumption|policy) of denial)");
  static const RE2 others_by_case(R"((?i)cas[ea][- ]by[- ]cas[ea] (?:\w+ )?for (?:all|any) other)");
  static const RE2 section(R"((?i)^\W*see\s+§|^\W*§)");
  const bool denied = has(text, presumption);
  const bool policy_denied = has(text, policy);
  const bool by_case = has(text, case_by_case);
  const bool approved = has(text, approval);
  if (denied || policy_denied) {
    if (approved || (denied && policy_denied)) return "mixed";
    const bool excepted = (by_case && has(text, denial_first) && !has(text, others_by_case)) ||
                          (!by_case && has(text, exception));
    if (by_case && !excepted) return "mixed";
    const std::string name = denied ? "presumption-of-denial" : "policy-of-denial";
    return excepted ? name + "-with-exceptions" : name;
  }
  if (by_case && approved) return "mixed";
  if (by_case) return "case-by-case";
  if (approved) return "presumption-of-approval";
  return has(text, section) ? "see-section" : "";
}

void note_unreduced(std::string_view what, std::string_view text, Listing& listing) {
  listing.findings.push_back({Finding::Severity::note, std::string(what) + "_not_reduced",
                              "the words of the " + std::string(what) + " fit none of the known forms",
                              text::excerpt(text, 300)});
}

}  // namespace

void add_footnotes(std::string_view designation, Listing& listing) {
  for (std::size_t i = 0; i < designation.size(); ++i) {
    const auto digit = [&](std::size_t at) {
      return at < designation.size() && designation[at] >= '0' && designation[at] <= '9';
    };
    if (!digit(i) || digit(i + 1) || (i > 0 && digit(i - 1)) || designation[i] == '0') continue;
    add_footnote(designation[i] - '0', listing);
  }
}

void read_requirement_cell(std::string_view text, Listing& listing) {
  listing.raw.license_requirement = raw_of(text);
  listing.license_requirement = take_bare_footnotes(text::collapse(listing.raw.license_requirement), listing);
  listing.requirement_form = requirement_form(listing.license_requirement);
  if (listing.requirement_form.empty() && !listing.license_requirement.empty())
    note_unreduced("license_requirement", listing.license_requirement, listing);
}

void read_policy_cell(std::string_view text, Listing& listing) {
  listing.raw.license_review_policy = raw_of(text);
  listing.license_review_policy = text::collapse(listing.raw.license_review_policy);
  listing.policy_form = policy_form(listing.license_review_policy);
  if (listing.policy_form.empty() && !listing.license_review_policy.empty())
    note_unreduced("license_review_policy", listing.license_review_policy, listing);
}

}  // namespace entitywatch::parsers
