// The history as feeds: Atom (RFC 4287) and JSON Feed 1.1, newest first.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/text.hpp"
#include "daemon/api_changes.hpp"
#include "daemon/api_words.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view feed_title = "entitywatch: changes to BIS export control lists";

std::string urn(const Change& change) { return "urn:entitywatch:change:" + change.id; }

Time updated_at(const Change& change) {
  Time out = change.detected_at;
  for (const Sighting& sighting : change.sightings) out = std::max(out, sighting.seen_at);
  return out;
}

std::string page_url(const Ask& ask, const Change& change) {
  if (change.entry) return ask.request.base_url + "/#/entries/" + change.entry->id;
  if (change.document) return ask.request.base_url + "/#/documents/" + change.document->number;
  return ask.request.base_url + "/#/changes";
}

std::string summary(const Change& change) {
  std::vector<std::string> lines;
  if (change.document)
    lines.push_back(text::join({change.document->title, change.document->citation},
                               change.document->citation.empty() ? "" : ", "));
  if (change.effective_on) lines.push_back("Effective " + format_date_long(*change.effective_on) + ".");
  if (change.entry && !change.entry->listing.license_requirement.empty() &&
      change.kind != ChangeKind::removed)
    lines.push_back("License requirement: " + change.entry->listing.license_requirement);
  if (change.entry && !change.entry->listing.aliases.empty())
    lines.push_back("Also known as " + text::join(change.entry->listing.aliases, "; ") + ".");
  if (change.review)
    lines.emplace_back("A self-check did not hold: read the document before relying on this.");
  if (!change.note.empty()) lines.push_back(change.note);
  return text::join(lines, "\n");
}

// Editorial changes are recorded and, unless asked for, not pushed at anyone.
Result<std::vector<Change>> latest(const Ask& ask) {
  auto filter = change_filter(ask.request);
  if (!filter) return tl::unexpected(filter.error());
  const auto limit = limit_parameter(ask.request);
  if (!limit) return tl::unexpected(limit.error());
  if (filter->kinds.empty())
    filter->kinds = {ChangeKind::added,     ChangeKind::removed,  ChangeKind::withdrawn,  ChangeKind::revised,
                     ChangeKind::corrected, ChangeKind::document, ChangeKind::discrepancy, ChangeKind::effective};
  auto page = history_page(ask.reader, *filter, HistoryOrder::newest,
                           std::numeric_limits<std::uint64_t>::max(), *limit);
  if (!page) return tl::unexpected(page.error());
  return std::move(page->changes);
}

std::string atom_entry(const Ask& ask, const Change& change) {
  std::string out = fmt::format(
      "  <entry>\n    <id>{}</id>\n    <title>{}</title>\n    <published>{}</published>\n    "
      "<updated>{}</updated>\n"
      "    <link rel=\"alternate\" href=\"{}\"/>\n",
      urn(change), xml_words(headline(change)), format_time(change.detected_at),
      format_time(updated_at(change)), xml_words(page_url(ask, change)));
  if (change.document && !change.document->url.empty())
    out += fmt::format("    <link rel=\"via\" href=\"{}\"/>\n", xml_words(change.document->url));
  out += fmt::format("    <category term=\"{}\"/>\n", to_string(change.kind));
  if (change.list) out += fmt::format("    <category term=\"{}\"/>\n", to_string(*change.list));
  return out + fmt::format("    <summary>{}</summary>\n  </entry>\n", xml_words(summary(change)));
}

}  // namespace

ApiResponse answer::feed_atom(const Ask& ask) {
  const auto changes = latest(ask);
  if (!changes) return problem_of(changes.error());
  Time updated{};
  for (const Change& change : *changes) updated = std::max(updated, updated_at(change));
  ApiResponse out;
  out.content_type = "application/atom+xml; charset=utf-8";
  out.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "  <id>urn:entitywatch:feed</id>\n  <title>{}</title>\n  <updated>{}</updated>\n"
      "  <author><name>entitywatch</name></author>\n  <generator>entitywatch</generator>\n"
      "  <link rel=\"self\" href=\"{}/feed.atom\"/>\n  <link rel=\"alternate\" href=\"{}/\"/>\n",
      feed_title, format_time(updated), xml_words(ask.request.base_url), xml_words(ask.request.base_url));
  for (const Change& change : *changes) out.body += atom_entry(ask, change);
  out.body += "</feed>\n";
  return out;
}

ApiResponse answer::feed_json(const Ask& ask) {
  const auto changes = latest(ask);
  if (!changes) return problem_of(changes.error());
  Json items = Json::array();
  for (const Change& change : *changes) {
    Json tags = Json::array({to_string(change.kind)});
    if (change.list) tags.push_back(to_string(*change.list));
    Json item{{"id", urn(change)},
              {"url", page_url(ask, change)},
              {"title", headline(change)},
              {"content_text", text::sanitize(summary(change))},
              {"date_published", format_time(change.detected_at)},
              {"date_modified", format_time(updated_at(change))},
              {"tags", std::move(tags)}};
    if (change.document && !change.document->url.empty()) item["external_url"] = change.document->url;
    items.push_back(std::move(item));
  }
  ApiResponse out = answer_json(Json{{"version", "https://jsonfeed.org/version/1.1"},
                                     {"title", feed_title},
                                     {"home_page_url", ask.request.base_url + "/"},
                                     {"feed_url", ask.request.base_url + "/feed.json"},
                                     {"authors", Json::array({Json{{"name", "entitywatch"}}})},
                                     {"items", std::move(items)}});
  out.content_type = "application/feed+json";
  return out;
}

}  // namespace entitywatch::daemon
