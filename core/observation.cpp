#include "core/observation.hpp"

#include <array>

namespace entitywatch {
namespace {

constexpr std::array<std::pair<ObservationKind, std::string_view>, 8> names{{
    {ObservationKind::federal_register_document, "federal_register_document"},
    {ObservationKind::federal_register_issue, "federal_register_issue"},
    {ObservationKind::public_inspection_document, "public_inspection_document"},
    {ObservationKind::ecfr_part, "ecfr_part"},
    {ObservationKind::csl, "csl"},
    {ObservationKind::dpl, "dpl"},
    {ObservationKind::news, "news"},
    {ObservationKind::document_withdrawn, "document_withdrawn"},
}};

}  // namespace

std::string_view to_string(ObservationKind kind) {
  for (const auto& [k, name] : names)
    if (k == kind) return name;
  return "";
}

std::optional<ObservationKind> parse_observation_kind(std::string_view text) {
  for (const auto& [k, name] : names)
    if (name == text) return k;
  return std::nullopt;
}

const ObservationPart* Observation::part(std::string_view role) const {
  for (const ObservationPart& p : parts)
    if (p.role == role) return &p;
  return nullptr;
}

}  // namespace entitywatch
