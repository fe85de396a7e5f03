#include "notify/differences.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "notify/escape.hpp"
#include "notify/words.hpp"

namespace entitywatch::notify {
namespace {

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// Those of `these` that `those` lacks, compared as the tracker does: editorial differences are none.
std::vector<std::string> lacking(const std::vector<std::string>& these,
                                 const std::vector<std::string>& those) {
  std::vector<std::string> folded;
  for (const std::string& text : those) folded.push_back(text::fold(text));
  std::vector<std::string> out;
  for (const std::string& text : these)
    if (std::find(folded.begin(), folded.end(), text::fold(text)) == folded.end()) out.push_back(clean(text));
  return out;
}

void add_lists(std::vector<Difference>& out, const std::string& label, const std::vector<std::string>& before,
               const std::vector<std::string>& after) {
  const std::vector<std::string> gone = lacking(before, after);
  const std::vector<std::string> come = lacking(after, before);
  if (!gone.empty()) out.push_back({label + " removed", text::join(gone, "; "), ""});
  if (!come.empty()) out.push_back({label + " added", "", text::join(come, "; ")});
  if (gone.empty() && come.empty())
    out.push_back({label, clean(text::join(before, "; ")), clean(text::join(after, "; "))});
}

std::vector<std::string> in_words(const std::vector<Citation>& citations) {
  std::vector<std::string> out;
  for (const Citation& citation : citations) out.push_back(notify::in_words(citation));
  return out;
}

std::string in_words(const std::vector<int>& footnotes) {
  std::vector<std::string> out;
  for (const int footnote : footnotes) out.push_back(std::to_string(footnote));
  return out.empty() ? "none" : enumerated(out);
}

std::string in_words(const std::optional<Date>& date) {
  return date ? format_date_long(*date) : std::string("none");
}

void add_scalar(std::vector<Difference>& out, const std::string& label, std::string_view before,
                std::string_view after) {
  const auto shown = [](std::string_view text) { return text.empty() ? std::string("none") : clean(text); };
  out.push_back({label, shown(before), shown(after)});
}

void add_field(std::vector<Difference>& out, const std::string& field, const Listing& before,
               const Listing& after) {
  const std::string label = capital(spoken(field));
  if (field == "name") return add_scalar(out, label, before.name, after.name);
  if (field == "country") return add_scalar(out, label, before.country, after.country);
  if (field == "license_requirement")
    return add_scalar(out, label, before.license_requirement, after.license_requirement);
  if (field == "license_review_policy")
    return add_scalar(out, label, before.license_review_policy, after.license_review_policy);
  if (field == "parent") return add_scalar(out, label, before.parent, after.parent);
  if (field == "remarks") return add_scalar(out, label, before.remarks, after.remarks);
  if (field == "footnotes")
    return add_scalar(out, label, in_words(before.footnotes), in_words(after.footnotes));
  if (field == "start_date")
    return add_scalar(out, label, in_words(before.start_date), in_words(after.start_date));
  if (field == "end_date") return add_scalar(out, label, in_words(before.end_date), in_words(after.end_date));
  if (field == "aliases") return add_lists(out, label, before.aliases, after.aliases);
  if (field == "former_names") return add_lists(out, label, before.former_names, after.former_names);
  if (field == "addresses") return add_lists(out, label, before.addresses, after.addresses);
  if (field == "programs") return add_lists(out, label, before.programs, after.programs);
  if (field == "citations")
    return add_lists(out, label, in_words(before.citations), in_words(after.citations));
  out.push_back({label, "", ""});
}

}  // namespace

std::string in_words(const Citation& citation) {
  std::string out = citation.page == 0 ? fmt::format("{} FR", citation.volume)
                                       : fmt::format("{} FR {}", citation.volume, citation.page);
  if (citation.date) out += " (" + format_date_long(*citation.date) + ")";
  return out;
}

std::vector<Difference> differences(const Change& change) {
  std::vector<Difference> out;
  for (const std::string& field : change.fields) {
    if (change.before && change.entry)
      add_field(out, field, change.before->listing, change.entry->listing);
    else
      out.push_back({capital(spoken(field)), "", ""});
  }
  return out;
}

}  // namespace entitywatch::notify
