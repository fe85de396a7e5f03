// A document: a rule, notice, order or news item of a publisher.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/entry.hpp"
#include "core/time.hpp"

namespace entitywatch {

enum class DocumentStage { inspection, published, withdrawn };
[[nodiscard]] std::string_view to_string(DocumentStage stage);

// A place in the regulations that a document touches without (or beside) changing an entry.
struct Touched {
  int title = 15;
  std::string part;     // "744"
  std::string section;  // "744.11", "Supplement No. 4"; empty: the part
  std::string what;     // "introductory text", "whole supplement", …; may be empty
  std::string action;   // "revise", "add", "remove", "correct", …
  bool operator==(const Touched&) const = default;
};

// What a document does to another: {"corrects", "2024-13148"}. `ends`: a suspension or stay is over.
struct Relation {
  std::string kind;    // corrects, suspends, delays, stays, extends, withdraws, renews, ends
  std::string target;  // a document number or a citation "90 FR 47201"
  // Of delays: `until` is the new effective date. Of suspends and stays: the first day without the target's
  // effect, and the first day with it again. Of ends: `from` is that day. nullopt: not said.
  std::optional<Date> from{};
  std::optional<Date> until{};
  bool operator==(const Relation&) const = default;
};

struct Document {
  std::string number;    // "2019-22210", "C1-2024-13148"; news: a stable id made from the link
  std::string citation;  // "84 FR 54002", empty until published
  int volume = 0;
  int start_page = 0;
  int end_page = 0;
  std::string title;
  std::string type;    // "Rule", "Notice", "Proposed Rule", "News"
  std::string action;  // "Final rule."
  std::string abstract;
  std::string topic;               // entity-list, unverified-list, meu-list, denial-order, …; may be empty
  std::vector<std::string> agencies;  // slugs: "industry-and-security-bureau"
  std::string url;      // for people
  std::string xml_url;  // full text
  std::string pdf_url;
  std::string text_url;
  DocumentStage stage = DocumentStage::published;
  std::optional<Time> filed_at;
  std::optional<Date> publication_date;
  std::optional<Date> effective_on;    // the first of effective_dates
  std::vector<Date> effective_dates;
  std::string dates_text;              // the DATES paragraph
  std::optional<Date> savings_until;   // goods en route may proceed until then
  std::vector<std::string> dockets;
  std::vector<std::string> rins;
  std::string authority;  // legal authority citation of the amended part
  std::vector<Relation> relations;
  std::vector<Touched> touched;
  std::vector<Check> checks;
  std::vector<Finding> findings;
  std::string source;  // that last shaped it
  Time first_seen{};
  std::vector<std::string> evidence;  // SHA-256 (hex) of the stored bytes, metadata first
  std::string content_digest;         // over the evidence it was read from; tells a changed reading
  bool operator==(const Document&) const = default;
};

// The part of a document that every change and alert carries.
struct DocumentRef {
  std::string number;
  std::string citation;
  std::string title;
  std::string url;
  std::optional<Time> filed_at;
  std::optional<Date> publication_date;
  std::optional<Date> effective_on;
  bool operator==(const DocumentRef&) const = default;
};

[[nodiscard]] DocumentRef reference(const Document& document);

}  // namespace entitywatch
