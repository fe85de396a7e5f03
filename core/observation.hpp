// An observation: bytes as a publisher sent them, with how they came. Everything else is derived from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace entitywatch {

// What kind of bytes the first part holds, and with it which reader applies.
enum class ObservationKind {
  federal_register_document,  // parts: metadata JSON (may be absent), full text XML (may be absent)
  federal_register_issue,     // a whole day's issue as one XML file
  public_inspection_document, // parts: metadata JSON, text (may be absent)
  ecfr_part,                  // part 744 as of a date
  csl,
  dpl,
  news,
  document_withdrawn,  // a document left public inspection unpublished; parts: the listing that lacks it
};
[[nodiscard]] std::string_view to_string(ObservationKind kind);
[[nodiscard]] std::optional<ObservationKind> parse_observation_kind(std::string_view text);

struct ObservationPart {
  std::string role;  // "metadata", "xml", "text", "body"
  std::string url;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;  // lower-case names
  std::string bytes;
  bool operator==(const ObservationPart&) const = default;
};

struct Observation {
  std::string source;
  ObservationKind kind = ObservationKind::ecfr_part;
  std::string key;            // document number, "part-744", "list"
  std::optional<Date> as_of;  // of a dated snapshot
  Time fetched_at{};
  std::vector<ObservationPart> parts;

  [[nodiscard]] const ObservationPart* part(std::string_view role) const;
};

}  // namespace entitywatch
