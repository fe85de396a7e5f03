#include "tests/support/long_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <stdexcept>

#include "core/countries.hpp"
#include "core/track.hpp"
#include "daemon/ledger.hpp"

namespace entitywatch::test {
namespace {

constexpr const char* country = "CHINA, PEOPLE'S REPUBLIC OF";

Listing row(std::size_t number, const std::string& requirement) {
  Listing l;
  l.country = country;
  l.country_code = country_code(country);
  // Words of their own, so that no row is taken for another one renamed.
  l.name = fmt::format("Example{0}works Institute{0} Number {0}", number);
  l.addresses = {fmt::format("No. {} First Road, Beijing", number)};
  l.license_requirement = requirement;
  l.license_review_policy = "Presumption of denial";
  l.raw = {l.name, l.license_requirement, l.license_review_policy, ""};
  return l;
}

TrackContext context(Date day, Mode mode) {
  TrackContext c;
  c.source = "federal_register";
  c.seen_at = Time{day} + std::chrono::hours{13};
  c.mode = mode;
  c.evidence = {"sha", "http://publisher.example/", c.seen_at};
  return c;
}

void commit(storage::Archive& archive, daemon::Ledger& ledger, Tracked tracked) {
  const auto receipt = archive.commit(tracked.commit);
  if (!receipt) throw std::runtime_error(receipt.error().describe());
  ledger.apply(tracked.commit);
}

// The rules of the days, and what each row number then is.
class Rules {
 public:
  explicit Rules(std::size_t rows) : next_(rows) {
    for (std::size_t i = 0; i < rows; ++i) present_[i] = Date{};
  }

  DocumentReading of(Date day, std::size_t number) {
    const Date effective = day + std::chrono::days{random_() % 3 == 0 ? random_() % 40 : 0};
    DocumentReading reading;
    reading.document.number = fmt::format("2019-{:05}", number);
    reading.document.citation = fmt::format("84 FR {}", 1000 + number);
    reading.document.volume = 84;
    reading.document.start_page = reading.document.end_page = 1000 + static_cast<int>(number);
    reading.document.title = "Revisions to the Entity List";
    reading.document.publication_date = day;
    reading.document.effective_on = effective;
    reading.document.content_digest = reading.document.number;
    reading.document.touched.push_back({15, "744", "Supplement No. 4", "", "revise"});
    std::set<std::size_t> touched;
    const auto operate = [&](OperationKind kind, std::size_t which) {
      Operation op;
      op.kind = kind;
      op.listing = row(which, fmt::format("For all items, as of rule {}", number));
      op.name = op.listing.name;
      op.has_row = kind != OperationKind::remove;
      reading.operations.push_back(std::move(op));
      touched.insert(which);
    };
    for (std::size_t i = 1 + random_() % 2; i > 0; --i) {
      operate(OperationKind::add, next_);
      present_[next_++] = effective;
    }
    for (const OperationKind kind : {OperationKind::revise, OperationKind::remove}) {
      const auto at = std::next(present_.begin(), static_cast<std::ptrdiff_t>(random_() % present_.size()));
      // What is announced for a day to come is left alone until then.
      if (touched.contains(at->first) || at->second > day) continue;
      operate(kind, at->first);
      kind == OperationKind::remove ? static_cast<void>(present_.erase(at))
                                    : static_cast<void>(at->second = effective);
    }
    return reading;
  }

 private:
  std::mt19937 random_{11};
  std::size_t next_;
  std::map<std::size_t, Date> present_;  // row numbers, and since when they are as they are
};

std::string asked(const daemon::Api& api, std::string path, std::multimap<std::string, std::string> query) {
  daemon::ApiRequest request;
  request.path = std::move(path);
  request.query = std::move(query);
  daemon::ApiResponse response = api.handle(request);
  if (response.status != 200) throw std::runtime_error(response.body);
  return std::move(response.body);
}

// Without reading the whole answer: what reading costs is none of the endpoint's time.
std::string next_cursor(const std::string& page) {
  constexpr std::string_view key = "\"next_cursor\":\"";
  const std::size_t at = page.rfind(key);
  if (at == std::string::npos) throw std::runtime_error("a page without a cursor");
  const std::size_t begin = at + key.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

}  // namespace

LongHistory write_history(storage::Archive& archive, std::size_t rows, std::size_t days) {
  LongHistory out;
  out.first = *parse_iso_date("2019-01-01");
  auto ledger = daemon::Ledger::load(archive);
  if (!ledger) throw std::runtime_error(ledger.error().describe());
  ListReading first;
  for (std::size_t i = 0; i < rows; ++i) {
    first.rows.push_back(row(i, "For all items"));
    out.baseline[first.rows.back().name] = "For all items";
  }
  first.rows_in_file = rows;
  TrackContext baseline = context(out.first, Mode::baseline);
  baseline.source = "ecfr";
  baseline.as_of = out.first;
  commit(archive, **ledger, track_lists(**ledger, {first}, baseline));
  Rules rules(rows);
  for (std::size_t d = 1; d <= days; ++d, ++out.rules) {
    const Date day = out.first + std::chrono::days{d};
    commit(archive, **ledger, track_document(**ledger, rules.of(day, d), context(day, Mode::live)));
  }
  return out;
}

std::vector<std::string> asked_pages(const daemon::Api& api, const std::string& as_of,
                                     const std::string& known_at) {
  std::vector<std::string> out;
  std::multimap<std::string, std::string> query{{"limit", "1000"}};
  if (!as_of.empty()) query.emplace("as_of", as_of);
  if (!known_at.empty()) query.emplace("known_at", known_at);
  while (true) {
    out.push_back(asked(api, "/v1/entries", query));
    if (out.back().find("\"entries\":[]") != std::string::npos) return out;
    query.erase("cursor");
    query.emplace("cursor", next_cursor(out.back()));
  }
}

ListOnDay list_of(const std::vector<std::string>& pages) {
  ListOnDay out;
  for (const std::string& text : pages) {
    const Json page = Json::parse(text);
    for (const Json& entry : page["entries"])
      out[entry["name"].get<std::string>()] = entry["license_requirement"].get<std::string>();
  }
  return out;
}

std::vector<Json> change_log(const daemon::Api& api) {
  std::vector<Json> out;
  std::multimap<std::string, std::string> query{{"limit", "1000"}};
  while (true) {
    const Json page = Json::parse(asked(api, "/v1/changes", query));
    for (const Json& change : page["changes"]) out.push_back(change);
    if (page["changes"].empty()) return out;
    query.erase("cursor");
    query.emplace("cursor", page["next_cursor"].get<std::string>());
  }
}

ListOnDay recomputed(const LongHistory& history, const std::vector<Json>& log, const std::string& day,
                     const std::string& known_at) {
  std::vector<const Json*> begun;
  for (const Json& change : log)
    if (change["effective_on"].get<std::string>() <= day &&
        (known_at.empty() || change["detected_at"].get<std::string>() <= known_at))
      begun.push_back(&change);
  // In the order they took effect, those of one day in the order of the log.
  std::stable_sort(begun.begin(), begun.end(), [](const Json* a, const Json* b) {
    return (*a)["effective_on"].get<std::string>() < (*b)["effective_on"].get<std::string>();
  });
  ListOnDay out = history.baseline;
  for (const Json* change : begun) {
    const std::string name = (*change)["entry"]["name"].get<std::string>();
    if ((*change)["kind"] == "removed") {
      out.erase(name);
    } else {
      out[name] = (*change)["entry"]["license_requirement"].get<std::string>();
    }
  }
  return out;
}

}  // namespace entitywatch::test
