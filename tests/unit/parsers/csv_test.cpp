#include "parsers/csv.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

using namespace entitywatch::parsers;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read_all(std::string_view bytes, CsvFormat format = {}) {
  CsvReader reader(bytes, format);
  Rows out;
  while (const CsvRecord* record = reader.next())
    out.emplace_back(record->cells.begin(), record->cells.end());
  return out;
}

// The grammar of RFC 4180 a character at a time.
Rows read_plainly(std::string_view bytes) {
  Rows out;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  bool any = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    any = true;
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < bytes.size() && bytes[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      row.push_back(std::move(cell));
      cell.clear();
    } else if (c == '\n') {
      row.push_back(std::move(cell));
      cell.clear();
      out.push_back(std::move(row));
      row.clear();
      any = false;
    } else {
      cell += c;
    }
  }
  if (any) {
    row.push_back(std::move(cell));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

TEST_CASE("cells of RFC 4180") {
  CHECK(read_all("a,b\nc,d\n") == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(read_all("a,b\r\nc,d\r\n") == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(read_all("a,b\nc,d") == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(read_all("\"a,1\",\"say \"\"no\"\"\"\n") == Rows{{"a,1", "say \"no\""}});
  CHECK(read_all("\"two\nlines\",x\r\ny,z") == Rows{{"two\nlines", "x"}, {"y", "z"}});
  CHECK(read_all("a,,\n,\n") == Rows{{"a", "", ""}, {"", ""}});
  CHECK(read_all("\"\",\"\"\r\n") == Rows{{"", ""}});
  CHECK(read_all("a,") == Rows{{"a", ""}});
  CHECK(read_all("\"a\",") == Rows{{"a", ""}});
  CHECK(read_all("\xEF\xBB\xBFname,x\n") == Rows{{"name", "x"}});
  CHECK(read_all("\xEF\xBB\xBF\"name\",x\n") == Rows{{"name", "x"}});
  CHECK(read_all("a\n\n\r\nb\n") == Rows{{"a"}, {"b"}});
  CHECK(read_all("").empty());
  CHECK(read_all("\n\n").empty());
}

TEST_CASE("tabs part the cells of the older files") {
  CHECK(read_all("\"a, b\"\t\"c\"\n", {.separator = '\t'}) == Rows{{"a, b", "c"}});
  CHECK(csv_separator("Name\tStreet, City\tx\n1,2,3,4\n") == '\t');
  CHECK(csv_separator("Name,Street\n1\t2\t3\n") == ',');
}

TEST_CASE("a quote inside a cell that is not quoted is text") {
  CHECK(read_all("5\" pipe,b\n") == Rows{{"5\" pipe", "b"}});
}

TEST_CASE("records that are quoted wrongly say so, and the next one is read") {
  CsvReader reader("a,\"b\"c,d\ne,f\n\"never closed,g\nh,i\n");
  const CsvRecord* record = reader.next();
  REQUIRE(record != nullptr);
  CHECK(record->malformed);
  CHECK(std::vector<std::string_view>(record->cells.begin(), record->cells.end()) ==
        std::vector<std::string_view>{"a", "\"b\"c", "d"});
  record = reader.next();
  REQUIRE(record != nullptr);
  CHECK_FALSE(record->malformed);
  CHECK(record->cell(1) == "f");
  record = reader.next();
  REQUIRE(record != nullptr);
  CHECK(record->malformed);
  CHECK(record->cell(1) == "g");
  record = reader.next();
  REQUIRE(record != nullptr);
  CHECK_FALSE(record->malformed);
  CHECK(record->cell(0) == "h");
  CHECK(reader.next() == nullptr);
}

TEST_CASE("a quote that opens a cell without end costs one record") {
  std::string bytes = "a,\"open\n";
  for (int i = 0; i < 100; ++i) bytes += "x,y\n";
  CHECK(read_all(bytes, {.max_cell_bytes = 64}).size() == 101);
}

TEST_CASE("cells past the cap are dropped and the record is malformed") {
  CsvReader reader("1,2,3,4\n5,6\n", {.max_cells = 3});
  const CsvRecord* record = reader.next();
  REQUIRE(record != nullptr);
  CHECK(record->malformed);
  CHECK(record->cells.size() == 3);
  CHECK(record->cell(7).empty());
  record = reader.next();
  REQUIRE(record != nullptr);
  CHECK_FALSE(record->malformed);
  CHECK(record->cell(1) == "6");
}

TEST_CASE("records know their line and their bytes") {
  CsvReader reader("h\n\"a\nb\",c\r\n\nd\n");
  CHECK(reader.next()->line == 1);
  const CsvRecord* second = reader.next();
  CHECK(second->line == 2);
  CHECK(second->bytes == "\"a\nb\",c");
  CHECK(reader.next()->line == 5);
}

TEST_CASE("headers are found without regard to case, spaces and underscores") {
  CsvReader reader("Name_and_Address,\"Type of Denial\",FR Citation\n");
  const CsvHeader header(*reader.next());
  CHECK(header.size() == 3);
  CHECK(header.column("name and address") == 0);
  CHECK(header.column("TYPE_OF_DENIAL") == 1);
  CHECK_FALSE(header.column("Name").has_value());
}

// Cells of every length around the blocks the reader looks at.
TEST_CASE("reads what a reader a character at a time reads") {
  constexpr std::string_view letters = "ab \r;x";
  unsigned state = 1;
  const auto random = [&](unsigned below) {
    state = state * 1103515245u + 12345u;
    return (state >> 10) % below;
  };
  for (int round = 0; round < 400; ++round) {
    std::string bytes;
    const unsigned cells = 1 + random(120);
    for (unsigned c = 0; c < cells; ++c) {
      const bool quoted = random(3) == 0;
      std::string cell;
      const unsigned length = random(random(9) == 0 ? 200 : 12);
      for (unsigned i = 0; i < length; ++i) {
        if (quoted && random(9) == 0)
          cell += random(2) == 0 ? "\"\"" : "\n";
        else
          cell += letters[random(quoted ? 6 : 3)];
      }
      bytes += quoted ? '"' + cell + '"' : cell + '.';
      bytes += random(6) == 0 ? '\n' : ',';
    }
    bytes += "end\n";
    INFO(bytes);
    REQUIRE(read_all(bytes) == read_plainly(bytes));
  }
}
