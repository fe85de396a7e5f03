// Scores the reader on real rules (rebuilt in the publisher's XML) against their answer keys. A field that
// differs from its key without a review mark is a silent error, and none may happen.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "core/text.hpp"
#include "parsers/federal_register.hpp"

namespace entitywatch::parsers {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::optional<fs::path> corpus() {
  const char* given = std::getenv("ENTITYWATCH_CORPUS");
  const fs::path at =
      given != nullptr ? fs::path(given) : fs::path(ENTITYWATCH_SOURCE_DIR) / ".." / "shared" / "corpus";
  if (fs::is_directory(at)) return at;
  std::cerr << "\n*** SKIPPED: the corpus is absent (" << at
            << "); set ENTITYWATCH_CORPUS. Nothing was measured. ***\n";
  return std::nullopt;
}

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// As the keys ask: one trailing full stop and runs of spaces do not count.
std::string plain(std::string_view words) {
  std::string out = text::collapse(words);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

std::multiset<std::string> plain_set(const json& list) {
  std::multiset<std::string> out;
  for (const json& item : list) out.insert(plain(item.get<std::string>()));
  return out;
}

std::multiset<std::string> plain_set(const std::vector<std::string>& list) {
  std::multiset<std::string> out;
  for (const std::string& item : list) out.insert(plain(item));
  return out;
}

bool in_review(const Operation& op, const Document& d) {
  const auto failed = [](const std::vector<Check>& checks) {
    return std::any_of(checks.begin(), checks.end(), [](const Check& c) { return !c.ok; });
  };
  const auto reviewed = [](const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& f) { return f.severity == Finding::Severity::review; });
  };
  return failed(op.checks) || failed(op.listing.checks) || failed(d.checks) || reviewed(op.findings) ||
         reviewed(op.listing.findings) || reviewed(d.findings);
}

std::string op_name(OperationKind kind) { return std::string(to_string(kind)); }

struct Score {
  int in_key = 0, found = 0, fields = 0, exact = 0, flagged = 0, reviewed = 0, read = 0;
  std::vector<std::string> silent;
  std::vector<std::string> shown;
};

// The addresses joined as the cell prints them, compared by letters and figures: the key has the running
// text, joining words and cross-references included.
std::string address_letters(std::string text) {
  for (const std::string_view drop : {"; and", "; or", " and "})
    for (std::size_t i = text.find(drop); i != std::string::npos; i = text.find(drop, i))
      text.replace(i, drop.size(), " ");
  if (const std::size_t see = text.find("(See alternate"); see != std::string::npos) text.resize(see);
  return text::fold(text);
}

struct FieldResult {
  std::string field;
  bool ok;
  std::string want;
  std::string got;
};

std::vector<FieldResult> compare_fields(const json& key, const Operation& op) {
  std::vector<FieldResult> out;
  const Listing& l = op.listing;
  const auto add = [&](std::string field, bool ok, std::string want, std::string got) {
    out.push_back({std::move(field), ok, std::move(want), std::move(got)});
  };
  add("country", key["country"] == l.country, key["country"], l.country);
  if (key.contains("name") && key["name"].is_string()) {
    std::set<std::string> names{plain(key["name"].get<std::string>())};
    if (key.contains("also_acceptable_names"))
      for (const json& n : key["also_acceptable_names"]) names.insert(plain(n.get<std::string>()));
    add("name", names.contains(plain(l.name)), key["name"], l.name);
  }
  if (!key.contains("aliases")) return out;
  std::vector<std::multiset<std::string>> aliases{plain_set(key["aliases"])};
  if (key.contains("also_acceptable_aliases"))
    for (const json& also : key["also_acceptable_aliases"])
      if (also.is_array()) aliases.push_back(plain_set(also));
  std::vector<std::string> all = l.aliases;
  all.insert(all.end(), l.former_names.begin(), l.former_names.end());
  const bool alias_ok = std::find(aliases.begin(), aliases.end(), plain_set(l.aliases)) != aliases.end() ||
                        std::find(aliases.begin(), aliases.end(), plain_set(all)) != aliases.end();
  add("aliases", alias_ok, key["aliases"].dump(), text::join(l.aliases, " | "));
  if (key.contains("address_text") && key["address_text"].is_string()) {
    const std::string want = key["address_text"];
    const std::string got = text::join(l.addresses, "; and ");
    add("address_text", address_letters(want) == address_letters(got), want, got);
  }
  if (key.contains("license_requirement"))
    add("requirement", plain(key["license_requirement"].get<std::string>()) == plain(l.license_requirement),
        key["license_requirement"], l.license_requirement);
  if (key.contains("license_review_policy"))
    add("policy", plain(key["license_review_policy"].get<std::string>()) == plain(l.license_review_policy),
        key["license_review_policy"], l.license_review_policy);
  if (key.contains("footnotes"))
    add("footnotes", key["footnotes"] == json(l.footnotes), key["footnotes"].dump(),
        json(l.footnotes).dump());
  if (key.contains("citations") && !l.citations.empty() && key["citations"].back()["date"].is_string()) {
    const json& c = key["citations"].back();
    const std::string want = std::to_string(c["volume"].get<int>()) + " " + c["date"].get<std::string>();
    const Citation& have = l.citations.back();
    add("citation", want == std::to_string(have.volume) + " " + (have.date ? format_date(*have.date) : ""),
        want, have.date ? format_date(*have.date) : "");
  }
  return out;
}

void score_rule(const json& key, const DocumentReading& reading, Score& score) {
  std::vector<bool> used(reading.operations.size());
  const std::string number = key["document_number"];
  score.read += static_cast<int>(reading.operations.size());
  for (const Operation& op : reading.operations) score.reviewed += in_review(op, reading.document) ? 1 : 0;
  for (const json& want : key["operations"]) {
    ++score.in_key;
    const std::string name =
        want.contains("name") && want["name"].is_string() ? want["name"].get<std::string>() : "";
    std::optional<std::size_t> at;
    for (std::size_t i = 0; i < used.size() && !at; ++i) {
      const Operation& op = reading.operations[i];
      if (used[i] || want["op"] != json(op_name(op.kind)) || want["list"] != json(to_string(op.list)) ||
          want["country"] != json(op.listing.country))
        continue;
      if (text::fold(op.listing.name) == text::fold(name) ||
          (want.contains("instruction_name") &&
           text::fold(op.name) == text::fold(want["instruction_name"].get<std::string>())))
        at = i;
    }
    if (!at) {
      score.silent.push_back(number + ": not found: " + want["op"].get<std::string>() + " " + name + " [" +
                             want["country"].get<std::string>() + "]");
      continue;
    }
    used[*at] = true;
    ++score.found;
    const Operation& op = reading.operations[*at];
    for (const FieldResult& f : compare_fields(want, op)) {
      ++score.fields;
      if (f.ok) {
        ++score.exact;
        continue;
      }
      const bool flagged = in_review(op, reading.document);
      score.flagged += flagged ? 1 : 0;
      const std::string line =
          number + ": " + name + ": " + f.field + "\n      key:  " + f.want + "\n      read: " + f.got;
      score.shown.push_back((flagged ? "[review] " : "[SILENT] ") + line);
      if (!flagged) score.silent.push_back(line);
    }
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i]) {
      const Operation& op = reading.operations[i];
      const std::string line = number + ": not in the key: " + op_name(op.kind) + " " + op.listing.name +
                               " [" + op.listing.country + "]";
      const bool flagged = in_review(op, reading.document);
      score.shown.push_back((flagged ? "[review] " : "[SILENT] ") + line);
      if (!flagged) score.silent.push_back(line);
    }
}

void show_doubts(const DocumentReading& reading) {
  const Document& d = reading.document;
  for (const Check& c : d.checks)
    if (!c.ok)
      std::cout << "  " << d.number << " check failed: " << c.name << " expected " << c.expected << " found "
                << c.found << "\n";
  for (const Finding& f : d.findings)
    std::cout << "  " << d.number << " finding: " << f.code << ": " << f.message << "\n";
  for (const Operation& op : reading.operations) {
    for (const auto* list : {&op.findings, &op.listing.findings})
      for (const Finding& f : *list)
        if (f.severity == Finding::Severity::review)
          std::cout << "  " << d.number << " " << op.listing.name << ": " << f.code << ": " << f.message
                    << "\n";
    for (const auto* list : {&op.checks, &op.listing.checks})
      for (const Check& c : *list)
        if (!c.ok)
          std::cout << "  " << d.number << " " << op.listing.name << ": check failed: " << c.name
                    << " expected " << c.expected << " found " << c.found << "\n";
  }
}

}  // namespace

TEST_CASE("rules of the corpus are read as their keys have them") {
  const auto at = corpus();
  if (!at) SKIP("the corpus is absent");
  Score score;
  for (const auto& entry : fs::directory_iterator(*at / "rules")) {
    if (!entry.path().string().ends_with(".expected.json")) continue;
    const json key = json::parse(slurp(entry.path()));
    const std::string number = key["document_number"];
    const std::string metadata = slurp(*at / "rules" / (number + ".api.json"));
    const std::string xml = slurp(*at / "rules" / (number + ".xml"));
    auto reading = read_federal_register_document({metadata, xml, std::nullopt});
    INFO(number << (reading ? "" : reading.error().describe()));
    REQUIRE(reading.has_value());
    CHECK(reading->document.number == number);
    CHECK(reading->document.effective_on == (key["effective_on"].is_string()
                                                 ? parse_iso_date(key["effective_on"].get<std::string>())
                                                 : std::nullopt));
    score_rule(key, *reading, score);
    show_doubts(*reading);
    for (const json& t : key["text_amendments"]) {
      const std::string section = "Supplement No. " + std::to_string(t["supplement"].get<int>());
      const bool there = std::any_of(
          reading->document.touched.begin(), reading->document.touched.end(), [&](const Touched& have) {
            return have.section == section && have.part == "744" && t["action"] == json(have.action) &&
                   (t["action"] == "correct" || t["what"] == json(have.what));
          });
      INFO(number << " " << section << " " << t.dump());
      CHECK(there);
    }
  }
  for (const std::string& line : score.shown) std::cout << "  " << line << "\n";
  std::cout << "operations: " << score.found << " of " << score.in_key
            << " in the keys found; fields exact: " << score.exact << " of " << score.fields << " ("
            << (score.fields != 0 ? 100.0 * score.exact / score.fields : 0) << " %), " << score.flagged
            << " more in review; " << score.reviewed << " of " << score.read
            << " operations marked for review\n";
  for (const std::string& line : score.silent) UNSCOPED_INFO("silent: " << line);
  CHECK(score.silent.empty());
  CHECK(score.in_key > 200);
}

TEST_CASE("other agencies' documents give nothing of BIS") {
  const auto at = corpus();
  if (!at) SKIP("the corpus is absent");
  const std::string other = slurp(*at / "federal-register" / "2016-12100_other-agency.xml");
  const auto issue = read_federal_register_issue(slurp(*at / "federal-register" / "FR-2016-04-15.xml"));
  REQUIRE(issue.has_value());
  CHECK(issue->empty());
  const auto one = read_federal_register_issue(other);
  REQUIRE(one.has_value());
  CHECK(one->empty());
  const auto reading = read_federal_register_document({std::nullopt, other, std::nullopt});
  REQUIRE(reading.has_value());
  CHECK(reading->document.number == "2016-12100");
  CHECK(reading->operations.empty());
  CHECK(reading->document.topic.empty());
}

TEST_CASE("a real listing of the API is paged") {
  const auto at = corpus();
  if (!at) SKIP("the corpus is absent");
  const auto page = read_documents_page(
      slurp(*at / "federal-register" / "api_documents_2024-01-02_to_01-17_all-fields.json"));
  REQUIRE(page.has_value());
  CHECK(page->items.size() == 1000);
  CHECK(page->items.front().digest.size() == 64);
  for (const DocumentsPage::Item& item : page->items) {
    const auto reading = read_federal_register_document({item.json, std::nullopt, std::nullopt});
    REQUIRE(reading.has_value());
    CHECK(reading->document.number == item.number);
    CHECK(reading->operations.empty());
  }
  CHECK(read_documents_page(slurp(*at / "federal-register" / "api_documents_2026_default-fields.json"))
            .has_value());
}

}  // namespace entitywatch::parsers
