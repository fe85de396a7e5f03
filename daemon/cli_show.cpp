#include "daemon/cli_show.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

// "84 FR 54004, 2019-10-09" for a citation, the text itself for anything else; several are joined.
std::string listed(const Json& value) {
  if (value.is_null()) return {};
  if (!value.is_array()) return in_words(value);
  std::vector<std::string> out;
  for (const Json& item : value)
    out.push_back(item.is_object() && item.contains("volume") ? fmt::format("{} FR {}, {}", field(item, "volume"), field(item, "page").empty() ? "(page to come)" : field(item, "page"), field(item, "date"))
                                                              : in_words(item));
  return text::join(out, "; ");
}

void show_listing(const Json& entry) {
  const std::string country = field(entry, "country");
  fmt::print("{}{}\n", field(entry, "name"), country.empty() ? "" : " (" + country + ")");
  const auto line = [&](const char* title, const std::string& value) {
    if (!value.empty()) fmt::print("  {:<12} {}\n", title, wrap(value, terminal_width(), 15));
  };
  line("list", field(entry, "list"));
  line("status", field(entry, "status"));
  line("aliases", joined(nested(entry, "aliases"), "; "));
  const char* title = "addresses";
  for (const Json& address : nested(entry, "addresses")) line(std::exchange(title, ""), in_words(address));
  line("requirement", field(entry, "license_requirement"));
  line("policy", field(entry, "license_review_policy"));
  line("citations", listed(nested(entry, "citations")));
  line("id", field(entry, "id"));
}

void show_change(const Json& c) {
  const Json entry = nested(c, "entry");
  const std::string effective = field(c, "effective_on");
  fmt::print("{} {} by {}{}, {}\n", day_of(field(c, "detected_at")), field(c, "kind"), field(c, "source"), effective.empty() ? "" : ", effective " + effective, field(c, "verification"));
  const Json document = nested(c, "document");
  if (!document.is_null()) fmt::print("  {} {} {}\n  {}\n", field(document, "number"), field(document, "citation"), field(document, "title"), field(document, "url"));
  const Json before = nested(c, "before");
  for (const Json& changed : nested(c, "fields")) {
    const std::string name = in_words(changed);
    fmt::print("  {}\n", name);
    const auto side = [&](const char* mark, const Json& value) {
      const std::string shown = listed(value);
      if (!shown.empty()) fmt::print("    {} {}\n", mark, wrap(shown, terminal_width(), 6));
    };
    side("-", nested(before, name.c_str()));
    side("+", nested(entry, name.c_str()));
  }
  if (!field(c, "note").empty()) fmt::print("  {}\n", field(c, "note"));
  const std::string confirmed = joined(nested(c, "confirmed_by"));
  if (!confirmed.empty()) fmt::print("  confirmed by {}\n", confirmed);
  for (const Json& check : nested(c, "checks"))
    fmt::print("  check {}: expected {}, found {}: {}\n", field(check, "name"), field(check, "expected"), field(check, "found"), field(check, "ok") == "true" ? "holds" : "FAILED");
  for (const Json& finding : nested(c, "findings")) fmt::print("  {}: {}\n", field(finding, "severity"), field(finding, "message"));
  if (!entry.is_null()) show_listing(entry);
}

void show_history(const Json& answer) {
  Rows rows = change_rows(nested(answer, "changes"));
  if (!rows.empty()) print_table(change_columns(), rows);
}

}  // namespace

// A change, an entry or a document: ids of entries have 20 digits, of changes 32, anything else is a
// document's number.
int show(const CommandOptions& options, const Asked& asked) {
  const Query query(options, asked);
  const bool hex = asked.id.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (hex && asked.id.size() == 32) return query.run(request_to("GET", "/v1/changes/" + asked.id), Door::Access::read, show_change);
  if (hex && asked.id.size() == 20) {
    return query.run(request_to("GET", "/v1/entries/" + asked.id), Door::Access::read, [](const Json& answer) {
      const Json entry = nested(answer, "entry");
      show_listing(entry.is_null() ? answer : entry);
      show_history(answer);
    });
  }
  return query.run(request_to("GET", "/v1/documents/" + asked.id), Door::Access::read, [](const Json& answer) {
    const Json inner = nested(answer, "document");
    const Json& d = inner.is_null() ? answer : inner;
    const std::size_t width = terminal_width();
    fmt::print("{}\n", wrap(field(d, "title"), width, 0));
    constexpr std::pair<const char*, const char*> lines[] = {{"number", "number"}, {"citation", "citation"}, {"published", "publication_date"}, {"effective", "effective_on"}, {"topic", "topic"}, {"url", "url"}, {"abstract", "abstract"}};
    for (const auto& [title, key] : lines)
      if (const std::string value = field(d, key); !value.empty()) fmt::print("  {:<10} {}\n", title, wrap(value, width, 13));
    for (const Json& finding : nested(d, "findings")) fmt::print("  {}: {}\n", field(finding, "severity"), field(finding, "message"));
    show_history(answer);
  });
}

}  // namespace entitywatch::daemon
