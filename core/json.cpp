#include "core/json.hpp"

#include "core/text.hpp"

namespace entitywatch {
namespace {

template <class T>
Json array_of(const std::vector<T>& items) {
  Json out = Json::array();
  for (const T& item : items) {
    if constexpr (std::is_convertible_v<T, Json>) {
      out.push_back(item);
    } else {
      out.push_back(to_json(item));
    }
  }
  return out;
}

Json string_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// A check's value is a number where it is one, so that {"expected": 28, "found": 28} reads as such.
Json check_value(const std::string& text) {
  const bool number = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  return number ? Json(std::stoll(text)) : Json(text);
}

Json to_json_or_null(const std::optional<Entry>& entry) { return entry ? to_json(*entry) : Json(nullptr); }

void add_listing(Json& out, const Listing& l) {
  out["country"] = l.country;
  out["country_code"] = string_or_null(l.country_code);
  out["name"] = l.name;
  out["aliases"] = l.aliases;
  out["former_names"] = l.former_names;
  out["addresses"] = l.addresses;
  out["cross_references"] = l.cross_references;
  out["license_requirement"] = l.license_requirement;
  out["license_requirement_form"] = string_or_null(l.requirement_form);
  out["license_review_policy"] = l.license_review_policy;
  out["license_review_policy_form"] = string_or_null(l.policy_form);
  out["citations"] = array_of(l.citations);
  out["footnotes"] = l.footnotes;
  out["parent"] = string_or_null(l.parent);
  if (!l.programs.empty()) out["programs"] = l.programs;
  if (!l.remarks.empty()) out["remarks"] = l.remarks;
  if (l.start_date) out["start_date"] = format_date(*l.start_date);
  if (l.end_date) out["end_date"] = format_date(*l.end_date);
}

}  // namespace

Json date_or_null(const std::optional<Date>& date) { return date ? Json(format_date(*date)) : Json(nullptr); }

Json time_or_null(const std::optional<Time>& time) { return time ? Json(format_time(*time)) : Json(nullptr); }

Json to_json(const Citation& c) {
  Json out{{"volume", c.volume}, {"page", c.page == 0 ? Json(nullptr) : Json(c.page)}, {"date", date_or_null(c.date)}};
  if (c.repaired) out["repaired"] = true;
  return out;
}

Json to_json(const Check& c) {
  Json out{{"name", c.name}, {"expected", check_value(c.expected)}, {"found", check_value(c.found)}, {"ok", c.ok}};
  if (!c.detail.empty()) out["detail"] = c.detail;
  return out;
}

Json to_json(const Finding& f) {
  Json out{{"code", f.code},
           {"severity", f.severity == Finding::Severity::review ? "review" : "note"},
           {"message", f.message}};
  if (!f.excerpt.empty()) out["excerpt"] = f.excerpt;
  return out;
}

Json to_json(const Entry& e) {
  Json out{{"id", e.id}, {"list", to_string(e.list)}};
  add_listing(out, e.listing);
  out["status"] = to_string(e.status);
  out["effective_on"] = date_or_null(e.effective_on);
  out["source"] = e.source;
  out["document"] = string_or_null(e.document);
  out["first_seen"] = format_time(e.first_seen);
  out["last_confirmed"] = format_time(e.last_confirmed);
  out["checks"] = array_of(e.listing.checks);
  out["findings"] = array_of(e.listing.findings);
  return out;
}

Json to_json(const EntryVersion& v) {
  Json out{{"number", v.number},
           {"status", to_string(v.status)},
           {"effective_on", date_or_null(v.effective_on)},
           {"known_at", format_time(v.known_at)},
           {"change", string_or_null(v.change_id)},
           {"source", string_or_null(v.source)},
           {"document", string_or_null(v.document)}};
  add_listing(out, v.listing);
  return out;
}

Json to_json(const DocumentRef& d) {
  return Json{{"number", d.number},
              {"citation", string_or_null(d.citation)},
              {"title", d.title},
              {"url", d.url},
              {"filed_at", time_or_null(d.filed_at)},
              {"publication_date", date_or_null(d.publication_date)},
              {"effective_on", date_or_null(d.effective_on)}};
}

Json to_json(const Document& d) {
  Json out = to_json(reference(d));
  out["stage"] = to_string(d.stage);
  out["type"] = d.type;
  out["action"] = d.action;
  out["abstract"] = d.abstract;
  out["topic"] = string_or_null(d.topic);
  out["agencies"] = d.agencies;
  out["xml_url"] = string_or_null(d.xml_url);
  out["pdf_url"] = string_or_null(d.pdf_url);
  Json dates = Json::array();
  for (const Date date : d.effective_dates) dates.push_back(format_date(date));
  out["effective_dates"] = std::move(dates);
  out["dates_text"] = d.dates_text;
  out["savings_until"] = date_or_null(d.savings_until);
  out["dockets"] = d.dockets;
  out["rins"] = d.rins;
  out["authority"] = d.authority;
  Json relations = Json::array();
  for (const Relation& r : d.relations) relations.push_back(Json{{"kind", r.kind}, {"target", r.target}, {"from", date_or_null(r.from)}, {"until", date_or_null(r.until)}});
  out["relations"] = std::move(relations);
  Json touched = Json::array();
  for (const Touched& t : d.touched)
    touched.push_back(Json{{"title", t.title}, {"part", t.part}, {"section", t.section}, {"what", t.what}, {"action", t.action}});
  out["touched"] = std::move(touched);
  out["checks"] = array_of(d.checks);
  out["findings"] = array_of(d.findings);
  out["source"] = d.source;
  out["first_seen"] = format_time(d.first_seen);
  out["evidence"] = d.evidence;
  return out;
}

Json to_json(const Sighting& s) {
  return Json{{"source", s.source},
              {"role", s.role},
              {"seen_at", format_time(s.seen_at)},
              {"document", string_or_null(s.document)},
              {"as_of", date_or_null(s.as_of)},
              {"note", string_or_null(s.note)},
              {"sha256", string_or_null(s.sha256)}};
}

Json to_json(const Change& c) {
  Json out{{"id", c.id},
           {"seq", c.seq},
           {"revision", c.revision},
           {"kind", to_string(c.kind)},
           {"list", c.list ? Json(to_string(*c.list)) : Json(nullptr)},
           {"entry", to_json_or_null(c.entry)},
           {"before", to_json_or_null(c.before)},
           {"fields", c.fields},
           {"document", c.document ? to_json(*c.document) : Json(nullptr)},
           {"effective_on", date_or_null(c.effective_on)},
           {"detected_at", format_time(c.detected_at)},
           {"source", c.source},
           {"confirmed_by", confirmed_by(c)},
           {"sightings", array_of(c.sightings)},
           {"verification", c.review ? "review" : "verified"},
           {"checks", array_of(c.checks)},
           {"findings", array_of(c.findings)},
           {"evidence", Json{{"sha256", c.evidence.sha256}, {"url", c.evidence.url}, {"fetched_at", format_time(c.evidence.fetched_at)}}}};
  Json decisions = Json::array();
  for (const Decision& d : c.decisions) decisions.push_back(Json{{"field", d.field}, {"verdict", d.verdict}, {"rule", d.rule}});
  out["decisions"] = std::move(decisions);
  if (c.kind == ChangeKind::discrepancy) out["open"] = is_open(c);
  if (!c.note.empty()) out["note"] = c.note;
  return out;
}

Json to_json(const Delivery& d) {
  Json response = nullptr;
  if (d.last_response)
    response = Json{{"status", d.last_response->status}, {"excerpt", d.last_response->excerpt}, {"latency_ms", d.last_response->latency_ms}};
  return Json{{"id", d.id},
              {"alert_id", d.alert_id},
              {"channel", d.channel},
              {"subscription", string_or_null(d.subscription)},
              {"status", to_string(d.status)},
              {"attempts", d.attempts},
              {"created_at", format_time(d.created_at)},
              {"next_attempt_at", time_or_null(d.next_attempt_at)},
              {"delivered_at", time_or_null(d.delivered_at)},
              {"last_response", std::move(response)}};
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace entitywatch
