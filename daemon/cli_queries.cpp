#include "daemon/cli_queries.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "daemon/cli_query.hpp"
#include "daemon/cli_screen.hpp"
#include "daemon/cli_show.hpp"
#include "daemon/cli_subscriptions.hpp"

namespace entitywatch::daemon {
namespace {

int changes(const CommandOptions& options, const Asked& asked) {
  const Query query(options, asked);
  return query.run(query.list_request("/v1/changes"), Door::Access::read, [&](const Json& page) {
    const Rows rows = change_rows(nested(page, "changes"));
    query.table(change_columns(), rows, page);
  });
}

int entries(const CommandOptions& options, const Asked& asked) {
  const Query query(options, asked);
  return query.run(query.list_request("/v1/entries"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& e : nested(page, "entries"))
      rows.push_back({field(e, "name"), field(e, "country_code"), field(e, "list"), joined(nested(e, "aliases"), "; "), field(e, "status"), field(e, "effective_on"), field(e, "id")});
    if (field(page, "complete") == "false") std::fputs("incomplete: that day lies before the first reading\n", stderr);
    query.table({{"name", true}, {"cc", false, 1}, {"list", false, 2}, {"aliases", true, 6}, {"status", false, 5, Tint::by_word}, {"effective", false, 4}, {"id", false, 3}}, rows, page);
  });
}

int documents(const CommandOptions& options, const Asked& asked) {
  const Query query(options, asked);
  return query.run(query.list_request("/v1/documents"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& d : nested(page, "documents"))
      rows.push_back({field(d, "number"), field(d, "citation"), field(d, "publication_date"), field(d, "effective_on"), field(d, "topic"), field(d, "title")});
    query.table({{"number"}, {"citation", false, 1}, {"published", false, 2}, {"effective", false, 3}, {"topic", true, 4}, {"title", true}}, rows, page);
  });
}

int sources(const CommandOptions& options, const Asked& asked) {
  const Query query(options, asked);
  return query.run(query.list_request("/v1/sources"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& s : nested(page, "sources")) {
      const Json error = nested(s, "last_error");
      const Json held = nested(s, "held");
      const std::string trouble = !held.is_null() ? "held: " + field(held, "reason") : field(s, "status") == "ok" ? "" : field(error, "message");
      rows.push_back({field(s, "name"), field(s, "status"), minute_of(field(s, "last_success_at")), minute_of(field(s, "last_change_at")), minute_of(field(s, "next_poll_at")), trouble});
    }
    query.table({{"source"}, {"status", false, 0, Tint::by_word}, {"last success", false, 1}, {"last change", false, 3}, {"next poll", false, 4}, {"trouble", true, 2}}, rows, page);
  });
}

int deliveries(const CommandOptions& options, const Asked& asked) {
  const Query query(options, asked);
  return query.run(query.list_request("/v1/deliveries"), Door::Access::read, [&](const Json& page) {
    Rows rows;
    for (const Json& d : nested(page, "deliveries")) {
      const Json response = nested(d, "last_response");
      rows.push_back({minute_of(field(d, "created_at")), field(d, "channel"), field(d, "subscription"), field(d, "status"), field(d, "attempts"), field(response, "status"),
                      field(response, "excerpt"), field(d, "id")});
    }
    query.table({{"created", false, 1}, {"channel", true}, {"subscription", true, 3}, {"status", false, 0, Tint::by_word}, {"tries", false, 5}, {"answer", false, 2}, {"text", true, 4}, {"id", false, 6}}, rows, page);
  });
}

int redeliver(const CommandOptions& options, const Asked& asked) {
  const ApiRequest request = request_to("POST", "/v1/deliveries/" + asked.id + "/redeliver");
  return Query(options, asked).run(request, Door::Access::write, [&](const Json&) { fmt::print("{} will be sent again\n", asked.id); });
}

int export_list(const CommandOptions& options, const Asked& asked) {
  ApiRequest request = Query(options, asked).list_request("/v1/export/entries." + asked.format);
  request.query.erase("limit");
  return with_door(options, Door::Access::read, [&](Door& door) {
    const auto response = door.stream(request, [](std::string_view piece) { std::fwrite(piece.data(), 1, piece.size(), stdout); });
    if (!response) return report(response.error());
    return response->status == 200 ? 0 : refused(*response);
  });
}

int screen_names(const CommandOptions& options, const Asked& asked) {
  return screen(options, {asked.id, asked.file, asked.filters, asked.limit, asked.format});
}

const std::vector<std::pair<const char*, const char*>> change_filters{
    {"since", "detected on this day or time, or later"}, {"until", "detected before"}, {"list", "entity-list, unverified-list, …"}, {"kind", "added, removed, revised, …"},
    {"country", "CN, HK, …"},                           {"document", "number or citation"}, {"q", "words in a name"},                {"order", "oldest or newest first"}};
const std::vector<std::pair<const char*, const char*>> entry_filters{{"list", "entity-list, unverified-list, …"},
                                                                     {"country", "CN, HK, …"},
                                                                     {"q", "words in a name"},
                                                                     {"status", "listed, pending, removed or all"},
                                                                     {"as_of", "as it was in force on this day"},
                                                                     {"known_at", "as this system knew it at this time"}};

}  // namespace

void add_query_commands(CLI::App& app, CommandOptions& options, std::function<int()>& chosen) {
  Registrar c(options, chosen);
  CLI::App* sub = c.add(app, "changes", "what happened, oldest first", changes);
  c.filters(sub, change_filters);
  sub->add_flag("--updates", c.asked().flags["updates"], "show changes again when something about them was learned later");
  sub->add_flag("--pending", c.asked().flags["pending"], "announced for a day to come");
  sub->add_flag("--open", c.asked().flags["open"], "discrepancies that last");
  c.paging(sub);
  Registrar e(options, chosen);
  sub = e.add(app, "entries", "the lists as they stand, or stood", entries);
  e.filters(sub, entry_filters);
  e.paging(sub);
  Registrar d(options, chosen);
  sub = d.add(app, "documents", "rules, notices and news", documents);
  d.filters(sub, {{"q", "words of the title, the number or the citation"}});
  d.paging(sub);
  Registrar s(options, chosen);
  s.id(s.add(app, "show", "one change, entry or document", show), "id", "its id or number");
  Registrar q(options, chosen);
  sub = q.add(app, "deliveries", "what was sent, what waits, what failed for good", deliveries);
  q.filters(sub, {{"status", "pending, delivered or dead"}, {"channel", "its name"}, {"subscription", "its name"}, {"alert", "id of the alert"}});
  q.paging(sub);
  Registrar r(options, chosen);
  r.id(r.add(app, "redeliver", "send a dead delivery again", redeliver), "id", "id of the delivery");
  Registrar x(options, chosen);
  sub = x.add(app, "export", "the list, now or as of a day", export_list);
  x.filters(sub, entry_filters);
  sub->add_option("--format", x.asked().format, "csv, jsonl or ftm")->check(CLI::IsMember({"csv", "jsonl", "ftm"}));
  Registrar n(options, chosen);
  sub = n.add(app, "screen", "match a name, or a CSV of names, against the lists", screen_names);
  sub->add_option("name", n.asked().id, "the name");
  sub->add_option("--file", n.asked().file, "CSV with a column name, optionally id and country");
  n.asked().format.clear();
  sub->add_option("--format", n.asked().format, "table, csv or json; default: a table for a name, CSV for a file")->check(CLI::IsMember({"table", "csv", "json"}));
  n.filters(sub, {{"country", "CN, HK, …"}, {"list", "entity-list, …"}, {"min_score", "from 0 to 1, default 0.8"}});
  n.asked().limit = 10;
  sub->add_option("--limit", n.asked().limit, "at most this many a name")->check(CLI::Range(1, 1000));
  Registrar o(options, chosen);
  CLI::App* listing = o.add(app, "sources", "freshness, last error, what a brake holds", sources);
  Registrar release(options, chosen);
  release.id(release.add(*listing, "release", "let a held reading through", [](const CommandOptions& opt, const Asked& a) { return release_source(opt, a.id); }), "name", "the source");
  add_subscription_commands(app, options, chosen);
}

}  // namespace entitywatch::daemon
