#include "parsers/news.hpp"

#include <catch2/catch_test_macros.hpp>

#include "parsers/news_item.hpp"
#include "tests/unit/parsers/list_files.hpp"

using namespace entitywatch;
using namespace entitywatch::parsers;
using namespace entitywatch::test;

namespace {

constexpr std::string_view page_url = "https://www.news.example/news-updates";

}  // namespace

TEST_CASE("news as RSS") {
  const auto news = read_news(fixture("news/feed.rss"), page_url);
  REQUIRE(news);
  REQUIRE(news->items.size() == 2);
  const Document& first = news->items[0].document;
  CHECK(first.title == "Commerce Adds 11 Entities to the Entity List for Support of Navigation Jamming");
  CHECK(first.type == "News");
  CHECK(first.topic == "entity-list");
  CHECK(first.abstract == "WASHINGTON, D.C. – The Bureau added 11 entities to the Entity List.");
  // The day as printed, not the day it was in Greenwich.
  CHECK(first.publication_date == parse_iso_date("2030-04-11"));
  CHECK(first.number.starts_with("news-"));
  CHECK(first.number.size() == 21);
  const Document& second = news->items[1].document;
  CHECK(second.url == "http://news.example/press-release/bureau-removes-five/");
  CHECK(second.publication_date == parse_iso_date("2030-03-02"));
  CHECK(second.topic == "unverified-list");
  REQUIRE(news->findings.size() == 1);
  CHECK(news->findings[0].code == "item_unread");
}

TEST_CASE("the same news has the same number in every form") {
  const auto rss = read_news(fixture("news/feed.rss"), page_url);
  const auto atom = read_news(fixture("news/feed.atom"), page_url);
  const auto page = read_news(fixture("news/page.html"), page_url);
  REQUIRE(rss);
  REQUIRE(atom);
  REQUIRE(page);
  REQUIRE(atom->items.size() == 1);
  CHECK(atom->items[0].document.number == rss->items[0].document.number);
  CHECK(atom->items[0].document.publication_date == parse_iso_date("2030-04-11"));
  REQUIRE(page->items.size() == 3);
  CHECK(page->items[0].document.number == rss->items[0].document.number);
  CHECK(page->items[1].document.number == rss->items[1].document.number);
}

TEST_CASE("news as a page") {
  const auto page = read_news(fixture("news/page.html"), page_url);
  REQUIRE(page);
  REQUIRE(page->items.size() == 3);
  const Document& first = page->items[0].document;
  CHECK(first.title == "Commerce Adds 11 Entities to the Entity List for Support of Navigation Jamming");
  CHECK(first.publication_date == parse_iso_date("2030-04-11"));
  CHECK(first.url == "https://www.news.example/press-release/commerce-adds-11-entities");
  CHECK(first.abstract.starts_with("WASHINGTON, D.C."));
  const Document& second = page->items[1].document;
  CHECK(second.title == "Bureau Removes Five Persons from the Unverified List");
  CHECK(second.publication_date == parse_iso_date("2030-03-02"));
  const Document& third = page->items[2].document;
  CHECK(third.title == "Statement on the Denial of Export Privileges of Calypso Charters");
  CHECK_FALSE(third.publication_date);
  CHECK(has_finding(third.findings, "date_missing"));
}

TEST_CASE("links") {
  CHECK(resolve_link("/a/b", page_url) == "https://www.news.example/a/b");
  CHECK(resolve_link("c", page_url) == "https://www.news.example/c");
  CHECK(resolve_link("../../c?x=1", "https://h.example/a/b/d") == "https://h.example/c?x=1");
  CHECK(resolve_link("//other.example/z", page_url) == "https://other.example/z");
  CHECK(resolve_link("HTTPS://Other.Example", page_url) == "https://other.example/");
  CHECK(resolve_link("mailto:a@b.example", page_url).empty());
  CHECK(resolve_link("javascript:alert(1)", page_url).empty());
  CHECK(resolve_link("#top", page_url).empty());
  CHECK(resolve_link("relative", "").empty());
  CHECK(link_key("http://www.h.example/a/?utm_source=x&id=4#y") == link_key("https://h.example/a?id=4"));
  CHECK(link_key("https://h.example/a?id=4") != link_key("https://h.example/a?id=5"));
}

TEST_CASE("dates as news print them") {
  for (const char* printed : {"Thu, 11 Apr 2030 23:30:00 -0400", "2030-04-11T23:30:00-04:00", "2030-04-11",
                              "April 11, 2030", "Thursday, April 11, 2030 | Media Contact: press",
                              "Apr. 11, 2030", "April 11 2030", "11 April 2030", "4/11/2030"}) {
    INFO(printed);
    CHECK(read_news_date(printed) == parse_iso_date("2030-04-11"));
  }
  for (const char* printed : {"", "yesterday", "April 31, 2030", "FOR IMMEDIATE RELEASE |"}) {
    INFO(printed);
    CHECK_FALSE(read_news_date(printed));
  }
}

TEST_CASE("what is no news") {
  CHECK(read_news("", page_url).error().code == ErrorCode::malformed);
  CHECK(read_news("{\"items\": []}", page_url).error().code == ErrorCode::malformed);
  CHECK(read_news(
            "<html><body><h1>Request Access</h1><p>Due to aggressive automated scraping</p></body></html>",
            page_url)
            .error()
            .code == ErrorCode::implausible);
  CHECK(read_news("<?xml version=\"1.0\"?><rss><channel><item>", page_url).error().code ==
        ErrorCode::malformed);
  const auto empty = read_news("<rss version=\"2.0\"><channel><title>x</title></channel></rss>", page_url);
  REQUIRE(empty);
  CHECK(empty->items.empty());
}

TEST_CASE("a feed with entities of its own is refused") {
  CHECK_FALSE(
      read_news("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a "
                "\"b\">]><rss><channel><item><title>&a;</title></item></channel></rss>",
                page_url));
}

TEST_CASE("a page nested without end is read in bounds") {
  std::string deep = "<html><body>";
  for (int i = 0; i < 100'000; ++i) deep += "<div>";
  deep += "<a href='/press-release/x'>A title that is long enough</a>";
  static_cast<void>(read_news(deep, page_url));
  std::string wide = "<html><body>";
  for (int i = 0; i < 20'000; ++i)
    wide += "<p><a href='/press-release/" + std::to_string(i) + "'>A title that is long enough</a>";
  const auto news = read_news(wide, page_url);
  REQUIRE(news);
  CHECK(news->items.size() == 1000);
}

TEST_CASE("any bytes can be read as news") {
  for (const char* name : {"news/feed.rss", "news/feed.atom", "news/page.html"})
    survives_damage(fixture(name), [](std::string_view bytes) {
      if (const auto news = read_news(bytes, page_url))
        for (const DocumentReading& item : news->items) CHECK_FALSE(item.document.title.empty());
    });
}
