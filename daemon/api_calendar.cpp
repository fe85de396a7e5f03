// Effective dates as a calendar (RFC 5545): one all-day event a document and date, and one for the end of a
// savings clause.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "daemon/api_filters.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t line_octets = 75;

std::string escape(std::string_view raw) {
  std::string out;
  for (const char c : text::sanitize(raw)) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c != '\r') {
      out += c;
    }
  }
  return out;
}

// Content lines are folded at 75 octets, never inside a character.
std::string fold_line(const std::string& line) {
  std::string out;
  std::size_t used = 0;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t next = i + 1;
    while (next < line.size() && (static_cast<unsigned char>(line[next]) & 0xC0) == 0x80) ++next;
    if (used + (next - i) > line_octets) {
      out += "\r\n ";
      used = 1;
    }
    out.append(line, i, next - i);
    used += next - i;
    i = next;
  }
  return out + "\r\n";
}

std::string compact_date(Date date) {
  std::string out = format_date(date);
  std::erase(out, '-');
  return out;
}

std::string compact_time(Time time) {
  std::string out = format_time(std::chrono::floor<std::chrono::seconds>(time));
  std::erase(out, '-');
  std::erase(out, ':');
  return out;
}

struct Event {
  Date day{};
  std::string key;  // what makes it the same event on every reading
  std::string summary;
  std::string description;
  std::string url;
  Time stamp{};
};

std::string render(const Event& event) {
  std::string out = "BEGIN:VEVENT\r\n";
  out += fold_line("UID:" + stable_id({"calendar", event.key}) + "@entitywatch");
  out += fold_line("DTSTAMP:" + compact_time(event.stamp));
  out += fold_line("DTSTART;VALUE=DATE:" + compact_date(event.day));
  out += fold_line("DTEND;VALUE=DATE:" + compact_date(event.day + std::chrono::days{1}));
  out += fold_line("SUMMARY:" + escape(event.summary));
  if (!event.description.empty()) out += fold_line("DESCRIPTION:" + escape(event.description));
  if (!event.url.empty()) out += fold_line("URL:" + text::sanitize(event.url));
  out += "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";
  return out;
}

struct Group {
  std::optional<DocumentRef> document;
  std::optional<ListId> list;
  Date day{};
  Time stamp{};
  std::map<std::string, std::size_t> counts;
  std::vector<std::string> names;  // each once, in the order of the changes
};

constexpr std::size_t most_names = 50;

std::string in_lines(const std::vector<std::string>& names) {
  if (names.size() <= most_names) return text::join(names, "\n");
  const std::vector<std::string> first(names.begin(), names.begin() + most_names);
  return fmt::format("{}\nand {} more", text::join(first, "\n"), names.size() - most_names);
}

std::string in_words(const std::map<std::string, std::size_t>& counts) {
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts) parts.push_back(fmt::format("{} {}", count, kind));
  return text::join(parts, ", ");
}

Event event_of(const Group& group) {
  const std::string list = group.list ? std::string(display_name(*group.list)) : "Export rules";
  Event out;
  out.day = group.day;
  out.stamp = group.stamp;
  out.key = fmt::format("effective {} {} {}", group.document ? group.document->number : "", list,
                        format_date(group.day));
  out.summary = fmt::format(
      "{}: {}, effective{}", list, in_words(group.counts),
      group.document
          ? " (" + (group.document->citation.empty() ? group.document->number : group.document->citation) +
                ")"
          : "");
  if (group.document) {
    out.description = group.document->title + "\n";
    out.url = group.document->url;
  }
  out.description += in_lines(group.names);
  return out;
}

Result<std::vector<Group>> groups_of(const Ask& ask, const ChangeFilter& filter) {
  std::map<std::string, Group> groups;
  const auto scanned = ask.reader.changes(0, [&](const Change& change) {
    if (!change.effective_on || change.kind == ChangeKind::editorial ||
        change.kind == ChangeKind::withdrawn || change.kind == ChangeKind::discrepancy ||
        change.kind == ChangeKind::effective || !matches(filter, change))
      return true;
    const std::string key = fmt::format("{}|{}|{}", format_date(*change.effective_on),
                                        change.document ? change.document->number : "",
                                        change.list ? to_string(*change.list) : "");
    Group& group = groups[key];
    group.document = change.document;
    group.list = change.list;
    group.day = *change.effective_on;
    group.stamp = std::max(group.stamp, change.detected_at);
    ++group.counts[std::string(to_string(change.kind))];
    // A party may have a row for every name and address of it.
    if (change.entry &&
        std::find(group.names.begin(), group.names.end(), change.entry->listing.name) == group.names.end())
      group.names.push_back(change.entry->listing.name);
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  std::vector<Group> out;
  for (auto& [key, group] : groups) out.push_back(std::move(group));
  return out;
}

Result<std::string> savings_events(const storage::Reader& reader, const std::vector<Group>& groups) {
  std::map<std::string, Event> events;
  for (const Group& group : groups) {
    if (!group.document) continue;
    const auto document = reader.document(group.document->number);
    if (!document) return tl::unexpected(document.error());
    if (!*document || !(*document)->savings_until) continue;
    const Document& d = **document;
    events[d.number] = {*d.savings_until,
                        "savings " + d.number,
                        fmt::format("Savings clause ends ({})", d.citation.empty() ? d.number : d.citation),
                        d.title + "\nGoods en route on the effective date may proceed until this day.",
                        d.url,
                        group.stamp};
  }
  std::string out;
  for (const auto& [number, event] : events) out += render(event);
  return out;
}

}  // namespace

ApiResponse answer::calendar(const Ask& ask) {
  const auto filter = change_filter(ask.request);
  if (!filter) return problem_of(filter.error());
  const auto groups = groups_of(ask, *filter);
  if (!groups) return problem_of(groups.error());
  const auto savings = savings_events(ask.reader, *groups);
  if (!savings) return problem_of(savings.error());
  ApiResponse out;
  out.content_type = "text/calendar; charset=utf-8";
  out.body =
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//entitywatch//effective dates//EN\r\nCALSCALE:GREGORIAN\r\n"
      "X-WR-CALNAME:Export control lists: effective dates\r\n";
  for (const Group& group : *groups) out.body += render(event_of(group));
  out.body += *savings + "END:VCALENDAR\r\n";
  return out;
}

}  // namespace entitywatch::daemon
