// Alerts as they would come, made by hand in the publishers' form.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "notify/channel.hpp"

namespace entitywatch::notify::samples {

inline Time at(std::string_view text) { return *parse_time(text); }
inline Date day(std::string_view text) { return *parse_iso_date(text); }

inline Listing party(std::string name, std::string code, std::string country) {
  Listing out;
  out.name = std::move(name);
  out.country_code = std::move(code);
  out.country = std::move(country);
  out.license_requirement = "For all items subject to the EAR. (See § 744.11 of the EAR)";
  out.license_review_policy =
      "Case-by-case review for ECCNs 1A004.c and 1A995; presumption of denial for all other items subject to "
      "the EAR";
  return out;
}

inline Listing chinese_party(std::size_t number) {
  Listing out = party(fmt::format("Prefecture {} Public Security Bureau Electronics Co., Ltd.", number), "CN",
                      "CHINA, PEOPLE'S REPUBLIC OF");
  out.aliases = {fmt::format("PPSB {}", number),
                 fmt::format("Prefecture No. {} Bureau of Public Security", number)};
  out.addresses = {fmt::format("{} Yingbin Rd., Akesu City, XUAR 843000, China", 100 + number)};
  return out;
}

inline Document rule() {
  Document out;
  out.number = "2019-22210";
  out.citation = "84 FR 54002";
  out.title = "Addition of Certain Entities to the Entity List";
  out.type = "Rule";
  out.topic = "entity-list";
  out.url =
      "https://www.federalregister.gov/documents/2019/10/09/2019-22210/"
      "addition-of-certain-entities-to-the-entity-list";
  out.filed_at = at("2019-10-08T20:15:00Z");
  out.publication_date = day("2019-10-09");
  out.effective_on = day("2019-10-09");
  out.savings_until = day("2019-11-08");
  out.checks = {{"stated_entities", "28", "28", true, ""}};
  return out;
}

inline Change change(ChangeKind kind, const Listing& listing, const Document& document) {
  Change out;
  out.id = fmt::format("{:0>32}", std::hash<std::string>{}(listing.name + std::string(to_string(kind))) %
                                      1'000'000'000'000ULL);
  out.kind = kind;
  out.list = ListId::entity_list;
  out.entry = Entry{};
  out.entry->id = "entry";
  out.entry->listing = listing;
  out.document = reference(document);
  out.effective_on = document.effective_on;
  out.detected_at = at("2019-10-09T12:46:00Z");
  out.source = "federal_register";
  out.checks = {{"stated_alias_count", "2", "2", true, listing.name}};
  out.sightings = {{"federal_register", "first", out.detected_at, document.number, std::nullopt, "", "ab"}};
  out.evidence = {"ab", document.url, out.detected_at};
  return out;
}

inline AlertView view_of(std::vector<Change> changes, std::optional<Document> document) {
  AlertView out;
  out.alert.id = "5f2d1c0a9b8e7f6d5c4b3a2918070605";
  out.alert.subscription = "china-additions";
  out.alert.document = document ? document->number : "";
  out.alert.source = changes.empty() ? "" : changes.front().source;
  out.alert.created_at = out.alert.not_before = at("2019-10-09T12:47:00Z");
  for (const Change& c : changes) out.alert.change_ids.push_back(c.id);
  out.changes = std::move(changes);
  out.document = std::move(document);
  out.local_url = "http://127.0.0.1:8744";
  return out;
}

inline AlertView additions(std::size_t count) {
  const Document document = rule();
  std::vector<Change> changes;
  for (std::size_t i = 0; i < count; ++i)
    changes.push_back(change(ChangeKind::added, chinese_party(i + 1), document));
  return view_of(std::move(changes), document);
}

inline AlertView watched_additions(std::size_t count, std::size_t matched) {
  AlertView out = additions(count);
  out.alert.matches = {{out.changes[matched].id, "Prefecture Electronics", "V-1017", 0.973,
                        out.changes[matched].entry->listing.name}};
  return out;
}

inline AlertView removal() {
  Document document = rule();
  document.title = "Removal of an Entity From the Entity List";
  return view_of({change(ChangeKind::removed, chinese_party(7), document)}, document);
}

inline Change revision(std::size_t number, const Document& document) {
  Change out = change(ChangeKind::revised, chinese_party(number), document);
  out.before = out.entry;
  out.before->listing.name = fmt::format("Prefecture {} Security Electronics", number);
  out.before->listing.addresses = {"12 Old Rd., Urumqi, China"};
  out.before->listing.aliases = {fmt::format("PPSB {}", number), "PPSB Former"};
  out.before->listing.license_review_policy = "Presumption of denial";
  out.fields = {"name", "aliases", "addresses", "license_review_policy"};
  return out;
}

inline AlertView mixed(std::size_t added, std::size_t revised) {
  Document document = rule();
  document.title = "Additions and Revisions of Entries on the Entity List";
  std::vector<Change> changes;
  for (std::size_t i = 0; i < added; ++i) {
    Listing listing = chinese_party(i + 1);
    if (i % 5 == 0) {
      listing.country_code = "PK";
      listing.country = "PAKISTAN";
    }
    changes.push_back(change(ChangeKind::added, listing, document));
  }
  for (std::size_t i = 0; i < revised; ++i) changes.push_back(revision(1000 + i, document));
  return view_of(std::move(changes), document);
}

inline AlertView inspection(std::string_view effective) {
  Document document = rule();
  document.citation.clear();
  document.stage = DocumentStage::inspection;
  document.effective_on = day(effective);
  document.publication_date = day("2019-10-11");
  std::vector<Change> changes;
  for (std::size_t i = 0; i < 3; ++i)
    changes.push_back(change(ChangeKind::added, chinese_party(i + 1), document));
  for (Change& c : changes) c.source = "public_inspection";
  return view_of(std::move(changes), document);
}

inline AlertView withdrawn() {
  AlertView out = inspection("2019-10-12");
  out.document->stage = DocumentStage::withdrawn;
  for (Change& c : out.changes) c.kind = ChangeKind::withdrawn;
  return out;
}

inline AlertView ecfr_only() {
  Change only = change(ChangeKind::added, chinese_party(9), rule());
  only.document.reset();
  only.source = "ecfr";
  only.note = "seen only in the eCFR; no rule is known for it";
  only.sightings = {{"ecfr", "first", only.detected_at, "", day("2026-03-25"), "", "cd"}};
  only.checks.clear();
  only.evidence.url = "https://www.ecfr.gov/api/versioner/v1/full/2026-03-25/title-15.xml?part=744";
  return view_of({only}, std::nullopt);
}

inline AlertView review() {
  AlertView out = additions(3);
  out.document->checks = {{"stated_entities", "4", "3", false, "adding four entities"}};
  for (Change& c : out.changes) {
    c.review = true;
    c.checks.push_back({"stated_entities", "4", "3", false, "adding four entities"});
  }
  out.changes[1].findings = {{Finding::Severity::review, "row_unknown",
                              "The instruction names an entry that has no row in the table.",
                              "entries for “Prefecture 2”"}};
  return out;
}

inline AlertView correction() {
  AlertView out = view_of({revision(3, rule())}, rule());
  out.document->title = "Additions to the Entity List; Correction";
  out.document->relations = {{"corrects", "2019-22209"}};
  out.changes[0].kind = ChangeKind::corrected;
  return out;
}

inline AlertView document_only() {
  Document document = rule();
  document.number = "2025-19001";
  document.citation = "90 FR 47201";
  document.title = "Expansion of End-User Controls To Cover Affiliates of Certain Listed Entities";
  document.abstract = "In this interim final rule, the Bureau of Industry and Security amends the EAR.";
  document.touched = {{15, "744", "744.11", "paragraph (a)", "revise"},
                      {15, "744", "Supplement No. 4", "introductory text", "revise"}};
  document.relations = {{"delays", "90 FR 1"}};
  Change only = change(ChangeKind::document, Listing{}, document);
  only.entry.reset();
  only.list.reset();
  return view_of({only}, document);
}

inline AlertView update() {
  AlertView out = additions(1);
  out.alert.is_update = true;
  out.changes[0].sightings.push_back({"ecfr", "completes", at("2019-10-15T10:00:00Z"), "", day("2019-10-14"),
                                      "an address the rule did not print", "ef"});
  return out;
}

inline AlertView operator_notice() {
  AlertView out;
  out.alert.id = "operator1";
  out.alert.kind = Alert::Kind::operator_notice;
  out.alert.source = "ecfr";
  out.alert.subject = "ecfr has been failing for 3 polls";
  out.alert.text = "The last error: timeout: no answer within 30 s.\nThe next try is at 12:47 UTC.";
  out.alert.created_at = at("2019-10-09T12:47:00Z");
  return out;
}

}  // namespace entitywatch::notify::samples
