#include "daemon/api_words.hpp"

#include <fmt/format.h>

#include "core/countries.hpp"
#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

std::string deed(const Change& change) {
  const std::string list = change.list ? std::string(display_name(*change.list)) : "a watched part";
  switch (change.kind) {
    case ChangeKind::added:
      return "Added to the " + list;
    case ChangeKind::removed:
      return "Removed from the " + list;
    case ChangeKind::withdrawn:
      return "Withdrawn before it took effect";
    case ChangeKind::revised:
      return "Revised on the " + list;
    case ChangeKind::corrected:
      return "Corrected on the " + list;
    case ChangeKind::editorial:
      return "Editorial change on the " + list;
    case ChangeKind::document:
      return "Document";
    case ChangeKind::discrepancy:
      return is_open(change) ? "Sources disagree" : "Sources agree again";
    case ChangeKind::effective:
      return "In effect on the " + list;
  }
  return "Change";
}

std::string subject(const Change& change) {
  if (change.entry) {
    const Listing& listing = change.entry->listing;
    const std::string country =
        listing.country_code.empty() ? listing.country : country_display_name(listing.country_code);
    return country.empty() ? listing.name : fmt::format("{} ({})", listing.name, country);
  }
  if (change.document) return change.document->title;
  return change.note;
}

}  // namespace

std::string headline(const Change& change) {
  const std::string about = subject(change);
  std::string out = about.empty() ? deed(change) : deed(change) + ": " + about;
  if (change.kind == ChangeKind::revised && !change.fields.empty())
    out += " – " + text::join(change.fields, ", ");
  if (change.review) out += " [for review]";
  return text::sanitize(out);
}

std::string xml_words(std::string_view raw) { return text::xml_escape(text::sanitize(raw)); }

}  // namespace entitywatch::daemon
