#include <simdjson.h>

#include <algorithm>

#include "core/text.hpp"
#include "parsers/cell_text.hpp"
#include "parsers/csl_record.hpp"

namespace entitywatch::parsers {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t most_bytes = 512u << 20;
constexpr std::size_t most_depth = 16;

Result<CslReading> malformed(const std::string& what) {
  return fail(ErrorCode::malformed, "the file is no Consolidated Screening List: " + what,
              "consolidated screening list");
}

// The text of a field; a number as printed; empty where it is null, absent or something else.
std::string text_of(const element& value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return cell_text(text);
  std::int64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) return std::to_string(number);
  return {};
}

std::string text_of(const object& record, std::string_view field) {
  element value;
  return record[field].get(value) == simdjson::SUCCESS ? text_of(value) : std::string{};
}

// A list of texts; one text stands for a list of one, as in "a; b" of older answers.
std::vector<std::string> texts_of(const object& record, std::string_view field) {
  std::vector<std::string> out;
  element value;
  if (record[field].get(value) != simdjson::SUCCESS) return out;
  array list;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const element& item : list)
      if (std::string text = text_of(item); !text.empty()) out.push_back(std::move(text));
  } else if (std::string text = text_of(value); !text.empty()) {
    out.push_back(std::move(text));
  }
  for (std::string& item : out)
    if (item.starts_with("and ")) item.erase(0, 4);
  return out;
}

// {"address": …, "city": …, "state": …, "postal_code": …, "country": "CN"} as the CSV prints it.
std::vector<std::string> addresses_of(const object& record) {
  std::vector<std::string> out;
  array list;
  if (record["addresses"].get(list) != simdjson::SUCCESS) return texts_of(record, "addresses");
  for (const element& item : list) {
    object address;
    if (item.get(address) != simdjson::SUCCESS) {
      out.push_back(text_of(item));
      continue;
    }
    std::vector<std::string> parts;
    for (const char* field : {"address", "city", "state", "postal_code", "country"})
      if (std::string part = text_of(address, field); !part.empty()) parts.push_back(std::move(part));
    out.push_back(text::join(parts, ", "));
  }
  std::erase(out, std::string{});
  return out;
}

// "source": "Entity List (EL) - …", or {"code": "EL", "full_name": …}.
std::string source_of(const object& record) {
  object source;
  if (record["source"].get(source) != simdjson::SUCCESS) return text_of(record, "source");
  std::string name = text_of(source, "full_name");
  return name.empty() ? text_of(source, "code") : name;
}

CslRecord read_record(const object& json) {
  CslRecord record;
  record.source = source_of(json);
  record.name = text_of(json, "name");
  record.title = text_of(json, "title");
  record.addresses = addresses_of(json);
  record.alt_names = texts_of(json, "alt_names");
  record.programs = texts_of(json, "programs");
  record.nationalities = texts_of(json, "nationalities");
  const std::vector<std::string> citizenships = texts_of(json, "citizenships");
  record.nationalities.insert(record.nationalities.end(), citizenships.begin(), citizenships.end());
  record.dates_of_birth = texts_of(json, "dates_of_birth");
  record.places_of_birth = texts_of(json, "places_of_birth");
  record.notice = text_of(json, "federal_register_notice");
  record.start_date = text_of(json, "start_date");
  record.end_date = text_of(json, "end_date");
  record.standard_order = text_of(json, "standard_order");
  record.requirement = text_of(json, "license_requirement");
  record.policy = text_of(json, "license_policy");
  record.remarks = text_of(json, "remarks");
  return record;
}

// A search answer says how many records there are in all; a page of them is not the list.
std::vector<Check> stated_total(const element& root, std::size_t found) {
  std::int64_t total = 0;
  object answer;
  if (root.get(answer) != simdjson::SUCCESS || answer["total"].get(total) != simdjson::SUCCESS || total < 0)
    return {};
  const bool ok = static_cast<std::size_t>(total) == found;
  return {{"stated_total", std::to_string(total), std::to_string(found), ok,
           "records the answer says there are"}};
}

// The records: under "results", or the whole text is their list.
bool find_records(const element& root, array& records) {
  if (root.get(records) == simdjson::SUCCESS) return true;
  object answer;
  return root.get(answer) == simdjson::SUCCESS && answer["results"].get(records) == simdjson::SUCCESS;
}

// The lists the answer says it was made from and has no record of: a list that vanished is not an empty one.
void find_missing_sources(const element& root, const CslReading& reading, std::vector<Finding>& findings) {
  object answer;
  array sources;
  if (root.get(answer) != simdjson::SUCCESS) return;
  for (const char* field : {"sources", "sources_used"}) {
    if (answer[field].get(sources) != simdjson::SUCCESS) continue;
    for (const element& item : sources) {
      object source;
      const bool is_object = item.get(source) == simdjson::SUCCESS;
      std::string name = is_object ? text_of(source, "source") : text_of(item);
      if (name.empty() && is_object) name = text_of(source, "value");
      const auto list = csl_list(name);
      const bool shown = list && std::any_of(reading.lists.begin(), reading.lists.end(),
                                             [&](const ListReading& r) { return r.list == *list; });
      if (list && !shown)
        findings.push_back({Finding::Severity::review, "source_without_rows",
                            "The answer names a list of which it holds no record.", name});
    }
  }
}

}  // namespace

Result<CslReading> read_csl_json(std::string_view bytes) {
  if (bytes.size() > most_bytes)
    return fail(ErrorCode::too_large, "the Consolidated Screening List has more than 512 MB",
                "consolidated screening list");
  simdjson::dom::parser parser;
  if (parser.allocate(bytes.size(), most_depth) != simdjson::SUCCESS)
    return fail(ErrorCode::internal, "no memory to read the Consolidated Screening List");
  const simdjson::padded_string padded(bytes);
  element root;
  if (const auto fault = parser.parse(padded).get(root); fault != simdjson::SUCCESS)
    return malformed(std::string("it is no JSON: ") + simdjson::error_message(fault));
  array records;
  if (!find_records(root, records)) return malformed("it has no \"results\"");
  CslCollector collector;
  std::size_t count = 0;
  for (const element& item : records) {
    ++count;
    object json;
    if (item.get(json) != simdjson::SUCCESS) {
      collector.unread({}, "A record is no JSON object (record " + std::to_string(count) + ").", {});
      continue;
    }
    CslRecord record = read_record(json);
    record.place = "record " + std::to_string(count);
    collector.add(record);
  }
  CslReading reading = collector.finish(stated_total(root, count));
  find_missing_sources(root, reading, reading.findings);
  return reading;
}

}  // namespace entitywatch::parsers
