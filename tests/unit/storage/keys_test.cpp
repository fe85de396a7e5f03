#include "storage/keys.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace entitywatch::storage {
namespace {

TEST_CASE("numbers in keys sort as numbers", "[keys]") {
  const std::vector<std::uint64_t> values{0,         1, 255, 256, 65535, 1u << 31, std::uint64_t{1} << 63,
                                          UINT64_MAX};
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(keys::last_number(keys::number(values[i])) == values[i]);
    if (i > 0) CHECK(keys::number(values[i - 1]) < keys::number(values[i]));
  }
  CHECK_FALSE(keys::last_number("1234567"));
}

TEST_CASE("times in keys sort as times, before 1970 too", "[keys]") {
  const auto ms = [](std::int64_t n) { return Time{std::chrono::milliseconds{n}}; };
  const std::vector<Time> values{Time::min(),           ms(-1000),  ms(-1), ms(0), ms(1),
                                 ms(1'700'000'000'000), Time::max()};
  for (std::size_t i = 1; i < values.size(); ++i) CHECK(keys::time(values[i - 1]) < keys::time(values[i]));
  for (const Time& value : values) {
    CHECK(keys::delivery_time(keys::delivery_due(value, "id")) == value);
    CHECK(keys::delivery_id(keys::delivery_due(value, "id")) == "id");
  }
}

TEST_CASE("text in keys keeps its order and is never the beginning of another text", "[keys]") {
  using namespace std::string_literals;
  std::vector<std::string> texts{"",       "a",  "a\0"s, "a\0\0"s, "a\0b"s, "a\1"s,
                                 "a\xff"s, "aa", "b",    "\xff"s,  "\0"s,   "\0\xff"s};
  std::sort(texts.begin(), texts.end());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = 0; j < texts.size(); ++j) {
      if (i == j) continue;
      CHECK((keys::text(texts[i]) < keys::text(texts[j])) == (i < j));
      CHECK_FALSE(keys::text(texts[j]).starts_with(keys::text(texts[i])));
    }
  }
}

TEST_CASE("the rows of one entry do not mix with those of an entry whose id goes on", "[keys]") {
  const std::string prefix = keys::versions_of("abc");
  CHECK(keys::version("abc", 7).starts_with(prefix));
  CHECK_FALSE(keys::version("abcd", 7).starts_with(prefix));
  CHECK_FALSE(keys::change_of_document("2024-1", 1).starts_with(keys::changes_of_document("2024-")));
}

TEST_CASE("messages show keys readably", "[keys]") {
  CHECK(describe(Table::documents, "2019-22210") == "documents 2019-22210");
  CHECK(describe(Table::changes, keys::number(1)) == "changes \\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01");
}

TEST_CASE("the layout of keys is pinned", "[keys]") {
  using namespace std::string_literals;
  CHECK(keys::entry(ListId::unverified_list, "id") == "l\1id"s);
  CHECK(keys::entry_list("id") == "iid");
  CHECK(keys::version("id", 2) == "id\0\0\0\0\0\0\0\0\0\2"s);
  CHECK(keys::source_row("csl", ListId::meu_list, "id") == "csl\0\0\2id"s);
  CHECK(keys::change_id("c") == "ic");
  CHECK(keys::position(3) == "p\0\0\0\0\0\0\0\3"s);
  CHECK(keys::change_of_document("d", 1) == "dd\0\0\0\0\0\0\0\0\0\1"s);
  CHECK(keys::change_of_entry("e", 1) == "ee\0\0\0\0\0\0\0\0\0\1"s);
  CHECK(keys::observation(1) == "o\0\0\0\0\0\0\0\1"s);
  CHECK(keys::delivery_by_time(Time{}, "x") == "t\x80\0\0\0\0\0\0\0x"s);
  CHECK(keys::note("n") == "note/n");
}

}  // namespace
}  // namespace entitywatch::storage
