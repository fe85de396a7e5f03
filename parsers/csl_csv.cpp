#include <algorithm>
#include <limits>

#include "core/text.hpp"
#include "parsers/cell_text.hpp"
#include "parsers/csl_record.hpp"
#include "parsers/csv.hpp"

namespace entitywatch::parsers {
namespace {

// Where the columns stand; one the file lacks stands past the end and reads as empty.
struct Columns {
  std::size_t source, name, title, addresses, alt_names, programs, nationalities, citizenships;
  std::size_t dates_of_birth, places_of_birth, notice, start_date, end_date, standard_order;
  std::size_t requirement, policy, remarks;
};

Columns find_columns(const CsvHeader& header) {
  const auto at = [&](std::string_view column) {
    return header.column(column).value_or(std::numeric_limits<std::size_t>::max());
  };
  return {.source = at("source"),
          .name = at("name"),
          .title = at("title"),
          .addresses = at("addresses"),
          .alt_names = at("alt_names"),
          .programs = at("programs"),
          .nationalities = at("nationalities"),
          .citizenships = at("citizenships"),
          .dates_of_birth = at("dates_of_birth"),
          .places_of_birth = at("places_of_birth"),
          .notice = at("federal_register_notice"),
          .start_date = at("start_date"),
          .end_date = at("end_date"),
          .standard_order = at("standard_order"),
          .requirement = at("license_requirement"),
          .policy = at("license_policy"),
          .remarks = at("remarks")};
}

// "a; b; and c". A semicolon without a space belongs to the text.
std::vector<std::string> split_list(std::string_view cell) {
  std::vector<std::string> out;
  std::size_t from = 0;
  while (from <= cell.size()) {
    const std::size_t end = std::min(cell.find("; ", from), cell.size());
    std::string item = text::trim(cell.substr(from, end - from));
    if (text::starts_with_ignoring_case(item, "and ")) item = text::trim(std::string_view(item).substr(4));
    if (!item.empty() && item != ";") out.push_back(std::move(item));
    from = end + 2;
  }
  return out;
}

CslRecord read_record(const CsvRecord& row, const Columns& columns) {
  const auto cell = [&](std::size_t column) { return cell_text(row.cell(column)); };
  CslRecord record;
  record.source = cell(columns.source);
  record.name = cell(columns.name);
  record.title = cell(columns.title);
  record.addresses = split_list(cell(columns.addresses));
  record.alt_names = split_list(cell(columns.alt_names));
  record.programs = split_list(cell(columns.programs));
  record.nationalities = split_list(cell(columns.nationalities));
  const std::vector<std::string> citizenships = split_list(cell(columns.citizenships));
  record.nationalities.insert(record.nationalities.end(), citizenships.begin(), citizenships.end());
  record.dates_of_birth = split_list(cell(columns.dates_of_birth));
  record.places_of_birth = split_list(cell(columns.places_of_birth));
  record.notice = cell(columns.notice);
  record.start_date = cell(columns.start_date);
  record.end_date = cell(columns.end_date);
  record.standard_order = cell(columns.standard_order);
  record.requirement = cell(columns.requirement);
  record.policy = cell(columns.policy);
  record.remarks = cell(columns.remarks);
  record.place = "line " + std::to_string(row.line);
  return record;
}

}  // namespace

Result<CslReading> read_csl_csv(std::string_view bytes) {
  CsvReader csv(bytes, {.separator = csv_separator(bytes)});
  const CsvRecord* row = csv.next();
  if (row == nullptr) return fail(ErrorCode::malformed, "the file is empty", "consolidated screening list");
  const CsvHeader header(*row);
  if (!header.column("source") || !header.column("name"))
    return fail(ErrorCode::malformed,
                "the file is no Consolidated Screening List: its first line names no columns source and name",
                "consolidated screening list");
  const Columns columns = find_columns(header);
  CslCollector collector;
  while ((row = csv.next()) != nullptr) {
    // A row with more or fewer cells than the header has its cells in wrong places.
    if (row->malformed || row->cells.size() != header.size()) {
      collector.unread(
          row->cell(columns.source),
          "A row is cut or quoted wrongly and was not read (line " + std::to_string(row->line) + ").",
          row->bytes.substr(0, 400));
      continue;
    }
    collector.add(read_record(*row, columns));
  }
  return collector.finish({});
}

}  // namespace entitywatch::parsers
