#include "tests/support/api_world.hpp"

#include <stdlib.h>

#include <stdexcept>

#include "core/hash.hpp"
#include "daemon/api_actions.hpp"

namespace entitywatch::test {
namespace {

Document document(std::string number, std::string citation, const char* date) {
  Document d;
  d.number = std::move(number);
  d.citation = std::move(citation);
  d.title = "Additions to the Entity List <" + d.number + ">";
  d.type = "Rule";
  d.url = "https://www.example.gov/d/" + d.number;
  d.publication_date = day(date);
  d.effective_on = day(date);
  d.effective_dates = {day(date)};
  d.source = "federal_register";
  d.first_seen = Time{day(date)};
  d.checks = {{"stated_entries", "2", "2", true, ""}};
  return d;
}

Delivery delivery(std::string id, DeliveryStatus status, int minute) {
  Delivery d;
  d.id = std::move(id);
  d.alert_id = "alert-1";
  d.channel = "grc";
  d.subscription = "everything";
  d.status = status;
  d.attempts = 3;
  d.created_at = time("2026-03-20T10:00:00Z") + std::chrono::minutes{minute};
  if (status == DeliveryStatus::pending) d.next_attempt_at = time("2026-03-25T13:00:00Z");
  if (status == DeliveryStatus::delivered) d.delivered_at = time("2026-03-20T11:00:00Z");
  d.last_response = DeliveryResponse{status == DeliveryStatus::delivered ? 200 : 503, "excerpt", 12};
  return d;
}

void hex(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
}

}  // namespace

daemon::ApiRequest request_of(const std::string& target) {
  daemon::ApiRequest out;
  out.base_url = "http://127.0.0.1:8744";
  const std::size_t mark = target.find('?');
  hex(target.substr(0, mark), out.path);
  if (mark == std::string::npos) return out;
  std::string rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string pair = rest.substr(0, rest.find('&'));
    rest.erase(0, std::min(rest.size(), pair.size() + 1));
    std::string name;
    std::string value;
    hex(pair.substr(0, pair.find('=')), name);
    if (pair.find('=') != std::string::npos) hex(pair.substr(pair.find('=') + 1), value);
    out.query.emplace(name, value);
  }
  return out;
}

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "entitywatch-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory of its own for a test");
  path_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Date day(const char* iso) { return parse_iso_date(iso).value(); }

Time time(const char* rfc3339) { return parse_time(rfc3339).value(); }

Listing listing(std::string name, std::string code) {
  Listing l;
  l.name = std::move(name);
  l.country_code = code;
  l.country = code == "CN"   ? "CHINA, PEOPLE'S REPUBLIC OF"
              : code == "DE" ? "GERMANY"
              : code == "RU" ? "RUSSIA"
                             : code;
  l.addresses = {"1 First Road", "=2+5 Second Road"};
  l.license_requirement = "For all items subject to the EAR";
  l.license_review_policy = "Presumption of denial";
  l.citations = {{84, 54004, day("2019-10-09"), false}};
  return l;
}

Entry entry(ListId list, std::string name, std::string code) {
  Entry e;
  e.id = stable_id({to_string(list), code, name}, 20);
  e.list = list;
  e.listing = listing(std::move(name), std::move(code));
  e.source = "ecfr";
  e.first_seen = e.last_confirmed = time("2026-03-01T06:00:00Z");
  e.versions = 1;
  return e;
}

EntryVersion version(const Entry& e, std::uint64_t number, const char* effective_on, const char* known_at) {
  EntryVersion v;
  v.entry_id = e.id;
  v.number = number;
  if (effective_on != nullptr) v.effective_on = day(effective_on);
  v.known_at = time(known_at);
  v.listing = e.listing;
  return v;
}

Change added(const Entry& e, const Document& d, const char* detected_at) {
  Change c;
  c.id = stable_id({"change", e.id, d.number});
  c.kind = ChangeKind::added;
  c.list = e.list;
  c.entry = e;
  c.document = reference(d);
  c.effective_on = e.effective_on;
  c.detected_at = time(detected_at);
  c.source = "federal_register";
  c.sightings = {{"federal_register", "first", c.detected_at, d.number, std::nullopt, "", ""}};
  c.evidence = {sha256_hex("<RULE/>"), d.url + ".xml", c.detected_at};
  return c;
}

ApiWorld::ApiWorld() {
  auto opened = storage::Archive::open({.directory = scratch.path("db")});
  if (!opened) throw std::runtime_error(opened.error().describe());
  archive = std::move(*opened);
  config = daemon::default_config();
  config.daemon.data_dir = scratch.path(".");
  notify::ChannelConfig grc;
  grc.name = "grc";
  grc.type = "webhook";
  grc.url = "http://127.0.0.1:1/";
  config.channels = {grc};
  notify::Subscription everything;
  everything.name = "everything";
  config.subscriptions = {everything};
  daemon::ApiActions actions = daemon::archive_actions(*archive, clock);
  actions.poll_now = [this](std::string_view source) {
    polled.emplace_back(source);
    return poll_answer;
  };
  api = std::make_unique<daemon::Api>(*archive, config, clock, std::move(actions));
}

storage::CommitReceipt ApiWorld::commit(const Commit& commit) {
  auto receipt = archive->commit(commit);
  if (!receipt) throw std::runtime_error(receipt.error().describe());
  return *receipt;
}

void ApiWorld::fill() {
  alpha = entry(ListId::entity_list, "Alpha Works");
  alpha.listing.aliases = {"AW", "Alpha Factory"};
  beta = entry(ListId::entity_list, "Béta Söhne", "DE");
  gamma = entry(ListId::unverified_list, "Gamma Ltd", "RU");
  Commit baseline;
  baseline.entries = {alpha, beta, gamma};
  for (const Entry& e : baseline.entries)
    baseline.versions.push_back(version(e, 1, nullptr, "2026-03-01T06:00:00Z"));
  commit(baseline);

  const Document first = [] {
    Document d = document("2026-00010", "91 FR 10000", "2026-03-10");
    d.evidence = {sha256_hex("{\"document_number\": \"2026-00010\"}"), sha256_hex("<RULE/>")};
    return d;
  }();
  delta = entry(ListId::entity_list, "Delta Optics");
  delta.source = "federal_register";
  delta.first_seen = delta.last_confirmed = time("2026-03-10T12:45:00Z");
  delta.effective_on = day("2026-03-10");
  epsilon = entry(ListId::entity_list, "Epsilon Radar");
  epsilon.status = EntryStatus::pending;
  epsilon.first_seen = epsilon.last_confirmed = time("2026-03-10T12:45:00Z");
  epsilon.effective_on = day("2026-04-01");
  Commit rule;
  rule.observation = Observation{"federal_register",
                                 ObservationKind::federal_register_document,
                                 first.number,
                                 std::nullopt,
                                 time("2026-03-10T12:45:00Z"),
                                 {{"metadata",
                                   first.url + ".json",
                                   "application/json",
                                   {{"etag", "\"1\""}},
                                   "{\"document_number\": \"2026-00010\"}"},
                                  {"xml", first.url + ".xml", "text/xml", {}, "<RULE/>"}}};
  rule.documents = {first};
  rule.entries = {delta, epsilon};
  rule.versions = {version(delta, 1, "2026-03-10", "2026-03-10T12:45:00Z"),
                   version(epsilon, 1, "2026-04-01", "2026-03-10T12:45:00Z")};
  rule.new_changes = {added(delta, first, "2026-03-10T12:45:00Z"),
                      added(epsilon, first, "2026-03-10T12:45:00Z")};
  commit(rule);

  const Document second = document("2026-00020", "91 FR 20000", "2026-03-20");
  const Entry alpha_before = alpha;
  alpha.listing.aliases.push_back("Alpha Werke");
  alpha.effective_on = day("2026-03-20");
  alpha.versions = 2;
  alpha.document = second.number;
  const Entry beta_before = beta;
  beta.status = EntryStatus::removed;
  beta.effective_on = day("2026-05-01");
  beta.versions = 2;
  EntryVersion gone = version(beta, 2, "2026-05-01", "2026-03-20T12:45:00Z");
  gone.status = EntryStatus::removed;
  Change revised = added(alpha, second, "2026-03-20T12:45:00Z");
  revised.kind = ChangeKind::revised;
  revised.before = alpha_before;
  revised.fields = {"aliases"};
  Change removed = added(beta, second, "2026-03-20T12:45:00Z");
  removed.kind = ChangeKind::removed;
  removed.entry = beta_before;
  removed.effective_on = day("2026-05-01");
  Commit next;
  next.documents = {second};
  next.entries = {alpha, beta};
  next.versions = {version(alpha, 2, "2026-03-20", "2026-03-20T12:45:00Z"), gone};
  next.new_changes = {revised, removed};
  next.deliveries = {delivery("delivery-a", DeliveryStatus::delivered, 0),
                     delivery("delivery-b", DeliveryStatus::pending, 1),
                     delivery("delivery-c", DeliveryStatus::dead, 2)};
  SourceState ecfr;
  ecfr.name = "ecfr";
  ecfr.last_attempt_at = ecfr.last_success_at = time("2026-03-25T11:55:00Z");
  ecfr.next_poll_at = time("2026-03-25T17:55:00Z");
  ecfr.has_baseline = true;
  next.sources = {ecfr};
  commit(next);
}

daemon::ApiResponse ApiWorld::get(const std::string& target) const { return api->handle(request_of(target)); }

daemon::ApiResponse ApiWorld::send(const std::string& method, const std::string& target,
                                   const std::string& body) const {
  daemon::ApiRequest request = request_of(target);
  request.method = method;
  request.content_type = "application/json";
  request.body = body;
  return api->handle(request);
}

Json ApiWorld::json(const std::string& target) const {
  const daemon::ApiResponse response = get(target);
  if (response.status != 200)
    throw std::runtime_error(target + " answered " + std::to_string(response.status) + " " +
                             response.body.substr(0, 400));
  return Json::parse(response.body);
}

}  // namespace entitywatch::test
