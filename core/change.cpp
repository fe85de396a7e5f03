#include "core/change.hpp"

#include <algorithm>
#include <array>

#include "core/reading.hpp"

namespace entitywatch {

std::string_view to_string(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::added: return "added";
    case ChangeKind::removed: return "removed";
    case ChangeKind::withdrawn: return "withdrawn";
    case ChangeKind::revised: return "revised";
    case ChangeKind::corrected: return "corrected";
    case ChangeKind::editorial: return "editorial";
    case ChangeKind::document: return "document";
    case ChangeKind::discrepancy: return "discrepancy";
    case ChangeKind::effective: return "effective";
  }
  return "document";
}

std::optional<ChangeKind> parse_change_kind(std::string_view text) {
  static constexpr std::array kinds{ChangeKind::added,     ChangeKind::removed,  ChangeKind::withdrawn,
                                    ChangeKind::revised,   ChangeKind::corrected, ChangeKind::editorial,
                                    ChangeKind::document,  ChangeKind::discrepancy, ChangeKind::effective};
  for (ChangeKind k : kinds)
    if (to_string(k) == text) return k;
  return std::nullopt;
}

std::string_view to_string(OperationKind kind) {
  switch (kind) {
    case OperationKind::add: return "add";
    case OperationKind::revise: return "revise";
    case OperationKind::remove: return "remove";
    case OperationKind::add_country: return "add_country";
    case OperationKind::remove_country: return "remove_country";
  }
  return "add";
}

std::vector<std::string> confirmed_by(const Change& change) {
  std::vector<std::string> out;
  for (const Sighting& s : change.sightings) {
    const bool counts = s.role == "confirms" || s.role == "completes";
    if (counts && s.source != change.source && std::find(out.begin(), out.end(), s.source) == out.end())
      out.push_back(s.source);
  }
  return out;
}

bool is_open(const Change& discrepancy) {
  return discrepancy.kind == ChangeKind::discrepancy && !discrepancy.sightings.empty() && discrepancy.sightings.back().role != "resolves";
}

}  // namespace entitywatch
