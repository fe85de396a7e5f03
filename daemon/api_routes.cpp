#include <array>

#include "daemon/api_route.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view string_schema = R"({"type": "string"})";
constexpr std::string_view flag_schema = R"({"type": "boolean", "default": false})";
constexpr std::string_view date_schema = R"({"type": "string", "format": "date"})";
constexpr std::string_view list_schema =
    R"({"type": "array", "items": {"$ref": "#/components/schemas/ListId"}})";
constexpr std::string_view kind_schema =
    R"({"type": "array", "items": {"$ref": "#/components/schemas/ChangeKind"}})";
constexpr std::string_view strings_schema = R"({"type": "array", "items": {"type": "string"}})";
constexpr std::string_view moment_schema =
    R"({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]})";
constexpr std::string_view some_schema = R"({"type": "string", "minLength": 1})";
constexpr std::string_view limit_schema =
    R"({"type": "integer", "minimum": 1, "maximum": 1000, "default": 100})";

constexpr Param limit{"limit", limit_schema, "At most this many."};
constexpr Param cursor{"cursor", string_schema, "next_cursor of an earlier answer: go on from there."};
constexpr Param list{"list", list_schema, "Only these lists; several separated by commas."};
constexpr Param country{"country", strings_schema,
                        "Only these countries: ISO 3166-1 codes or names; several separated by commas."};
constexpr Param search{
    "q", string_schema,
    "Words that all have to stand in one name, whatever the case, accents and punctuation."};
constexpr Param as_of{"as_of", date_schema, "The list as it was in force on this day."};
constexpr Param known_at{"known_at", moment_schema,
                         "As far as this system knew it at this time (RFC 3339 or a date)."};
constexpr Param status{
    "status", R"({"type": "string", "enum": ["listed", "pending", "removed", "all"], "default": "listed"})",
    "listed: in force; pending: announced and not yet effective; removed: no longer in force."};
constexpr Param since{"since", moment_schema, "Detected at this time or later (RFC 3339 or a date)."};
constexpr Param until{"until", moment_schema, "Detected before this time (RFC 3339 or a date)."};
constexpr Param kind{"kind", kind_schema, "Only these kinds; several separated by commas."};
constexpr Param document{"document", string_schema,
                         "Only what this document did: its number or its citation."};
constexpr Param updates{"updates", flag_schema,
                        "Show a change again, at a new place, when something about it was learned later."};
constexpr Param pending{"pending", flag_schema, "only what is announced for a day to come"};
constexpr Param open{"open", flag_schema, "only discrepancies that last"};
constexpr Param order{"order", R"({"type": "string", "enum": ["oldest", "newest"], "default": "oldest"})",
                      "Which end to begin at."};
constexpr Param part{
    "part", string_schema,
    "Which of several stored parts: its number, its role (metadata, xml, text) or its SHA-256."};
constexpr Param meta{
    "meta", flag_schema,
    "Where and when the bytes came from, and their place in the chain, instead of the bytes."};

constexpr std::array changes_query{since,  until,   list,  kind,   country, document,
                                   search, updates, pending, open, order, cursor, limit};
constexpr std::array stream_query{since, until, list, kind, country, document, search, cursor};
constexpr std::array feed_query{since, until, list, kind, country, document, search, limit};
constexpr std::array calendar_query{since, until, list, kind, country, document, search};
constexpr Param entry_order{"order", R"({"type": "string", "enum": ["list", "name"], "default": "list"})",
                            "list: by list and id, the cheapest; name: by name."};
constexpr std::array entries_query{list, country, search, status, as_of, known_at, entry_order, cursor, limit};
constexpr std::array export_query{list, country, search, status, as_of, known_at};
constexpr std::array documents_query{
    Param{"q", string_schema, "Words of the title, the number or the citation."},
    Param{"order", order.schema, "oldest: by number; newest: by day of publication, the latest first."}, cursor, limit};
constexpr std::array evidence_query{part, meta};
constexpr std::array address_query{meta};
constexpr std::array page_query{cursor, limit};
constexpr std::array deliveries_query{
    Param{"status", R"({"type": "string", "enum": ["pending", "delivered", "dead"]})",
          "Only those that stand so."},
    Param{"channel", string_schema, "Only those of this channel."},
    Param{"subscription", string_schema, "Only those of this subscription."},
    Param{"alert", string_schema, "Only those of this alert."},
    order,
    cursor,
    limit};
constexpr Param min_score{"min_score", R"({"type": "number", "minimum": 0, "maximum": 1, "default": 0.8})", "Only matches at least this good."};
constexpr Param hits{"limit", R"({"type": "integer", "minimum": 1, "maximum": 1000, "default": 10})", "At most this many a name."};
constexpr Param one_country{"country", string_schema, "Only parties of this country: ISO 3166-1 code or name."};
constexpr std::array screen_query{Param{"name", some_schema, "The name to screen.", Need::required}, one_country, list, min_score, hits};
constexpr std::array screen_many_query{one_country, list, min_score, hits};
constexpr std::array try_query{Param{"since", moment_schema, "From this time on; default: a year before until."},
                               Param{"until", moment_schema, "Before this time; default: now."}};
constexpr std::array preview_query{Param{"channel", string_schema, "Type of the channel: email, webhook, slack, …"}};
constexpr std::array name_query{Param{"name", some_schema, "Which one.", Need::required}};

constexpr std::string_view json = "application/json";
constexpr std::span<const Param> none{};

}  // namespace

const std::vector<Route>& routes() {
  using namespace answer;
// clang-format off: one route a line
  static const std::vector<Route> table = {
      {"GET", "/v1/changes", changes, "listChanges", "The history, oldest first.", changes_query, json, "ChangePage", "", {200}},
      {"GET", "/v1/changes/stream", change_stream, "streamChanges", "The history as it grows, as server-sent events: `change`, and `update` when something was learned later. The id of an event is a cursor.", stream_query, "text/event-stream", "", "", {200, 503}},
      {"GET", "/v1/changes/{id}", change, "getChange", "One change.", none, json, "Change", "", {200, 404}},
      {"GET", "/v1/changes/{id}/evidence", change_evidence, "getChangeEvidence", "What a change rests on: bytes, headers, times and the chain, signed, as a gzipped tar with a README that says how to check it.", none, "application/gzip", "", "", {200, 404}},
      {"GET", "/v1/changes/{id}/preview", change_preview, "previewChange", "What a channel of a type would show for a change.", preview_query, "text/plain", "", "", {200, 404}},
      {"GET", "/v1/entries", entries, "listEntries", "The lists as they stand, stood on a day, or were known at a time.", entries_query, json, "EntryPage", "", {200}},
      {"GET", "/v1/entries/{id}", entry, "getEntry", "One entry with its versions and its changes.", none, json, "EntryHistory", "", {200, 404}},
      {"GET", "/v1/documents", documents, "listDocuments", "Rules and notices, by number.", documents_query, json, "DocumentPage", "", {200}},
      {"GET", "/v1/documents/{number}", answer::document, "getDocument", "One document with what it changed.", none, json, "DocumentHistory", "", {200, 404}},
      {"GET", "/v1/documents/{number}/evidence", document_evidence, "getDocumentEvidence", "The stored bytes of a document, as they came; with meta=true how they came.", evidence_query, "*/*", "", "", {200, 404}},
      {"GET", "/v1/evidence/{sha256}", evidence, "getEvidence", "Stored bytes by their SHA-256.", address_query, "*/*", "", "", {200, 404}},
      {"GET", "/v1/evidence-key", evidence_key, "getEvidenceKey", "The public key that evidence is signed for.", none, json, "EvidenceKey", "", {200}},
      {"POST", "/v1/backup", answer::backup, "backup", "A consistent copy of the database, as a tar of its files.", none, "application/x-tar", "", "", {200, 409, 503}},
      {"GET", "/v1/screen", answer::screen, "screen", "Which listed parties a name may mean.", screen_query, json, "Screened", "", {200}},
      {"POST", "/v1/screen", screen_many, "screenMany", "Many names in one call, as JSON, or as CSV with a header (name, optionally id, country) answered as CSV.", screen_many_query, json, "ScreenedMany", "ScreenMany", {200}, "text/csv"},
      {"GET", "/v1/sources", sources, "listSources", "Freshness and last error of each source.", page_query, json, "SourcePage", "", {200}},
      {"POST", "/v1/sources/{name}/poll", poll_source, "pollSource", "Poll a source now.", none, json, "Queued", "", {202, 404, 409, 429}},
      {"POST", "/v1/sources/{name}/release", release_source, "releaseSource", "Let through the reading that a brake holds.", none, json, "Released", "", {200, 404, 409}},
      {"GET", "/v1/deliveries", deliveries, "listDeliveries", "The outbox, oldest first.", deliveries_query, json, "DeliveryPage", "", {200}},
      {"POST", "/v1/deliveries/{id}/redeliver", redeliver, "redeliver", "Send a dead delivery again.", none, json, "Delivery", "", {202, 404, 409}},
      {"GET", "/v1/subscriptions", subscriptions, "listSubscriptions", "Who is told of what: from the file, and made here.", page_query, json, "SubscriptionPage", "", {200}},
      {"POST", "/v1/subscriptions", add_subscription, "addSubscription", "Add a subscription.", none, json, "Subscription", "NewSubscription", {201, 409}},
      {"POST", "/v1/subscriptions/try", try_subscription, "trySubscription", "What a subscription would have sent.", try_query, json, "SubscriptionTrial", "NewSubscription", {200}},
      {"GET", "/v1/subscriptions/{name}/try", try_named_subscription, "tryNamedSubscription", "What one of the subscriptions would have sent.", try_query, json, "SubscriptionTrial", "", {200, 404}},
      {"DELETE", "/v1/subscriptions", remove_subscription, "removeSubscriptionByName", "Remove a subscription made here.", name_query, "", "", "", {204, 404, 409}},
      {"DELETE", "/v1/subscriptions/{name}", remove_subscription, "removeSubscription", "Remove a subscription made here.", none, "", "", "", {204, 404, 409}},
      {"GET", "/v1/export/entries.csv", export_csv, "exportCsv", "The list as CSV (RFC 4180).", export_query, "text/csv", "", "", {200, 503}},
      {"GET", "/v1/export/entries.jsonl", export_jsonl, "exportJsonl", "The list as JSON Lines.", export_query, "application/x-ndjson", "", "", {200, 503}},
      {"GET", "/v1/export/entries.ftm", export_ftm, "exportFtm", "The list in the FollowTheMoney model, as JSON Lines.", export_query, "application/x-ndjson", "", "", {200, 503}},
      {"GET", "/feed.atom", feed_atom, "atomFeed", "The latest changes as an Atom feed.", feed_query, "application/atom+xml", "", "", {200}},
      {"GET", "/feed.json", feed_json, "jsonFeed", "The latest changes as a JSON Feed.", feed_query, "application/feed+json", "JsonFeed", "", {200}},
      {"GET", "/calendar.ics", calendar, "calendar", "Effective dates as a calendar.", calendar_query, "text/calendar", "", "", {200}},
      {"GET", "/healthz", healthz, "health", "Whether the loops make progress.", none, json, "Health", "", {200, 503}},
      {"GET", "/readyz", readyz, "ready", "Whether the database is open and questions are answered.", none, json, "Ready", "", {200, 503}},
      {"GET", "/metrics", metrics, "metrics", "Metrics for Prometheus.", none, "text/plain", "", "", {200}},
      {"GET", "/openapi.json", openapi, "openapi", "This description.", none, json, "OpenApi", "", {200}},
      {"GET", "/", page, "page", "The web page.", none, "text/html", "", "", {200}},
      {"GET", "/page.js", page_script, "pageScript", "Its script.", none, "text/javascript", "", "", {200}},
      {"GET", "/page.css", page_style, "pageStyle", "Its style sheet.", none, "text/css", "", "", {200}},
  };
  // clang-format on
  return table;
}

}  // namespace entitywatch::daemon
