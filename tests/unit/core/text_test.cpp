#include <catch2/catch_test_macros.hpp>

#include "core/text.hpp"

using namespace entitywatch;

TEST_CASE("collapse makes every kind of white space one space") {
  CHECK(text::collapse("  a\u00a0\u2009b\n\tc\u200b ") == "a b c");
  CHECK(text::collapse("") == "");
}

TEST_CASE("fold keeps letters and digits and the border between two numbers") {
  CHECK(text::fold("Co., Ltd.") == "coltd");
  CHECK(text::fold("Rm 1 23") != text::fold("Rm 12 3"));
  CHECK(text::fold("No. 5-7") == text::fold("no 5 7"));
  CHECK(text::fold("\u201cXi\u2019an\u201d") == text::fold("Xi'an"));
  CHECK(text::fold("ÖZKAN") == text::fold("özkan"));
  CHECK(text::fold("Özkan") != text::fold("Ozkan"));
}

TEST_CASE("search keys are Latin, lower case, words apart") {
  CHECK(text::search_key("Хиквижн Ltd.") == "khikvizhn ltd");
  CHECK(text::search_key("Жуковский") == "zhukovskiy");
  CHECK(text::search_key("Société Générale, S.A.") == "societe generale s a");
}

TEST_CASE("sanitize drops controls and bidirectional tricks, keeps text") {
  CHECK(text::sanitize("a\u202eb\u2066c\x01" "d\ne") == "abcd\ne");
  CHECK(text::sanitize("bad\xff") == "bad\ufffd");
}

TEST_CASE("excerpt cuts at a character") {
  CHECK(text::excerpt("äöü", 3) == "ä…");
  CHECK(text::excerpt("abc", 3) == "abc");
}
