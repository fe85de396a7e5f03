// Publishers' text, and users' own names, as hostile as they come: no channel takes any of it for markup,
// a mention, a link, a header or a formula.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <regex>
#include <set>

#include "channels_under_test.hpp"
#include "core/text.hpp"
#include "reading.hpp"
#include "samples.hpp"

using namespace entitywatch;
using namespace entitywatch::notify;

namespace {

const Time now = samples::at("2019-10-09T12:48:00Z");

const std::vector<std::string> hostile{"<!channel> Acme",
                                       "<!here>",
                                       "<@U12345>",
                                       "<https://evil.example|click>",
                                       "*bold* Acme",
                                       "_it_ ~no~ `code`",
                                       "```block```",
                                       "&lt;!channel&gt;",
                                       "@everyone Acme",
                                       "@here",
                                       "@channel",
                                       "@all",
                                       "<@&123456>",
                                       "<#123>",
                                       "[click](https://evil.example)",
                                       "![x](https://evil.example/p.png)",
                                       "https://evil.example/login",
                                       "www.evil.example",
                                       "# Heading",
                                       "> quote",
                                       "| a | b |",
                                       "- item",
                                       "1. item",
                                       ":rotating_light: Acme",
                                       "||spoiler||",
                                       "<users/all> Acme",
                                       "<script>alert(1)</script>",
                                       "<img src=x onerror=alert(1)>",
                                       "\"><a href=\"https://evil.example\">x</a>",
                                       "' onmouseover='alert(1)",
                                       "</td></table><h1>x",
                                       "<style>*{display:none}</style>",
                                       "<!-- comment",
                                       "Acme\r\nBcc: victim@evil.example",
                                       "Acme\nSubject: forged",
                                       "Acme\r\n\r\n--boundary",
                                       "=?utf-8?q?forged?=",
                                       ".\r\nQUIT\r\n",
                                       "=HYPERLINK(\"https://evil.example\")",
                                       "+1+cmd|' /C calc'!A0",
                                       "-2+3",
                                       "@SUM(1+1)",
                                       "\t=1+1",
                                       "\r=1+1",
                                       "Acme \xE2\x80\xAE"
                                       "dtL .oC",
                                       "\xE2\x81\xA6hidden\xE2\x81\xA9",
                                       "Ac\xE2\x80\x8Bme\xEF\xBB\xBF",
                                       "tag\xF3\xA0\x81\x81",
                                       "\x1b[31mred\x07",
                                       "bad \xFF\xFE bytes",
                                       "{{7*7}} ${7*7} {title}",
                                       "\\*already escaped\\*",
                                       "*",
                                       "_",
                                       "`",
                                       "<",
                                       "&"};

// The hostile text wherever publishers or users have a say.
AlertView poisoned(const std::string& text) {
  AlertView view = samples::mixed(2, 1);
  for (Change& change : view.changes) {
    Listing& l = change.entry->listing;
    l.name = text;
    l.aliases = {text, "Harmless"};
    l.former_names = {text};
    l.addresses = {text};
    l.parent = text;
    l.license_requirement = text;
    l.license_review_policy = text;
    l.country = text;
    change.note = text;
    change.review = true;
    change.checks.push_back({"stated", text, text, false, text});
    change.findings.push_back({Finding::Severity::review, "code", text, text});
    change.document->title = text;
    change.document->url = "https://ok.example/" + text;
    change.sightings.push_back({"ecfr", "completes", now, "", std::nullopt, text, ""});
  }
  view.changes[0].entry->listing.country_code.clear();
  view.changes[2].before->listing.name = text + " before";
  view.document->title = text;
  view.document->url = "https://ok.example/" + text;
  view.document->abstract = text;
  view.document->relations = {{text, text}};
  view.document->citation = text;
  view.alert.subscription = text;
  view.alert.matches = {{view.changes[1].id, text, text, 0.9, text}};
  return view;
}

const std::set<std::string> allowed_urls{"http://127.0.0.1:8744/#/documents/2019-22210"};

void check_no_bidi(const std::string& body) {
  for (const char* control : {"\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6",
                              "\xE2\x81\xA7", "\xE2\x81\xA9", "\x1b", "\x07"})
    CHECK(body.find(control) == std::string::npos);
}

// Every "<…>" is one of our links.
void check_angle_links(const std::string& text) {
  static const std::regex angle("<([^>]*)>?");
  for (auto it = std::sregex_iterator(text.begin(), text.end(), angle); it != std::sregex_iterator(); ++it) {
    const std::string inside = (*it)[1];
    const std::string url = inside.substr(0, inside.find('|'));
    CAPTURE(inside);
    CHECK((allowed_urls.contains(url) || url.starts_with("https://ok.example/")));
    CHECK(url.find_first_of(" \"'<>*`") == std::string::npos);
  }
}

void check_markdown(const std::string& whole) {
  static const std::regex ours("https://ok\\.example/[^ )>]*");
  const std::string text = std::regex_replace(whole, ours, "https://ok.example/");
  CHECK(text.find("@everyone") == std::string::npos);
  CHECK(text.find("@here") == std::string::npos);
  CHECK(text.find("@channel") == std::string::npos);
  CHECK(text.find("@all") == std::string::npos);
  static const std::regex mention("(^|[^\\\\])<[@#]");
  CHECK_FALSE(std::regex_search(text, mention));
  // Unescaped links are ours.
  static const std::regex link("(^|[^\\\\])\\]\\(<?([^)>]*)>?\\)");
  for (auto it = std::sregex_iterator(text.begin(), text.end(), link); it != std::sregex_iterator(); ++it) {
    const std::string url = (*it)[2];
    CHECK((allowed_urls.contains(url) || url.starts_with("https://ok.example/")));
  }
  CHECK(text.find("https://evil") == std::string::npos);
  CHECK(text.find("www.evil") == std::string::npos);
  CHECK(text.find("||spoiler") == std::string::npos);
  CHECK(text.find("```") == std::string::npos);
}

void each_text(const Json& node, const std::function<void(const Json&)>& visit) {
  if (node.is_object()) visit(node);
  if (node.is_structured())
    for (const Json& child : node) each_text(child, visit);
}

}  // namespace

TEST_CASE("at least forty hostile texts are tried") { CHECK(hostile.size() >= 40); }

TEST_CASE("slack shows hostile text as text") {
  for (const std::string& text : hostile) {
    CAPTURE(text);
    const std::string body = fakes::sent("slack", poisoned(text), now);
    check_no_bidi(body);
    const Json message = Json::parse(body);
    check_angle_links(message["text"].get<std::string>());
    each_text(message["blocks"], [&](const Json& node) {
      if (node.value("type", "") != "mrkdwn") return;
      const std::string shown = node["text"].get<std::string>();
      CHECK(node.value("verbatim", false));
      check_angle_links(shown);
      CHECK(shown.find("<!") == std::string::npos);
      CHECK(shown.find('`') == std::string::npos);
      CHECK(shown.find("*bold*") == std::string::npos);
    });
  }
}

TEST_CASE("discord and mattermost show hostile text as text and mention nobody") {
  for (const std::string& text : hostile) {
    CAPTURE(text);
    const std::string discord = fakes::sent("discord", poisoned(text), now);
    const Json message = Json::parse(discord);
    CHECK(message["allowed_mentions"]["parse"].empty());
    check_no_bidi(discord);
    check_markdown(message["content"].get<std::string>());
    check_markdown(message["embeds"][0]["title"].get<std::string>());
    check_markdown(message["embeds"][0]["description"].get<std::string>());
    const std::string mattermost = fakes::sent("mattermost", poisoned(text), now);
    check_no_bidi(mattermost);
    check_markdown(Json::parse(mattermost)["text"].get<std::string>());
  }
}

TEST_CASE("google chat shows hostile text as text") {
  for (const std::string& text : hostile) {
    CAPTURE(text);
    const std::string body = fakes::sent("googlechat", poisoned(text), now);
    check_no_bidi(body);
    const std::string shown = Json::parse(body)["text"].get<std::string>();
    check_angle_links(shown);
    CHECK(shown.find('`') == std::string::npos);
    CHECK(shown.find("*bold*") == std::string::npos);
  }
}

TEST_CASE("teams carries hostile text in runs, which know no markdown") {
  for (const std::string& text : hostile) {
    CAPTURE(text);
    const std::string body = fakes::sent("teams", poisoned(text), now);
    check_no_bidi(body);
    each_text(Json::parse(body)["attachments"][0]["content"], [&](const Json& node) {
      const std::string type = node.value("type", "");
      CHECK(type != "TextBlock");
      CHECK(type != "FactSet");
      if (type == "Action.OpenUrl")
        CHECK((allowed_urls.contains(node["url"].get<std::string>()) ||
               node["url"].get<std::string>().starts_with("https://ok.example/")));
    });
  }
}

TEST_CASE("mail: no header, element, link or formula comes from hostile text") {
  static const std::set<std::string> known_headers{"date",
                                                   "from",
                                                   "to",
                                                   "subject",
                                                   "message-id",
                                                   "references",
                                                   "in-reply-to",
                                                   "list-id",
                                                   "auto-submitted",
                                                   "x-auto-response-suppress",
                                                   "importance",
                                                   "x-entitywatch-alert",
                                                   "mime-version",
                                                   "content-type"};
  const std::regex tag("<(/?)([a-zA-Z!][a-zA-Z0-9]*)");
  static const std::set<std::string> our_tags{"!DOCTYPE", "html", "head", "meta", "title",  "style", "body",
                                              "table",    "tr",   "td",   "div",  "strong", "span",  "a"};
  for (const std::string& text : hostile) {
    CAPTURE(text);
    const std::string raw = fakes::sent("email", poisoned(text), now);
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '\n') REQUIRE((i > 0 && raw[i - 1] == '\r'));
      if (raw[i] == '\r') REQUIRE((i + 1 < raw.size() && raw[i + 1] == '\n'));
      REQUIRE(static_cast<unsigned char>(raw[i]) < 0x80);
    }
    CHECK(raw.find("\r\n.\r\n") == std::string::npos);
    const reading::Part mail = reading::message(raw);
    for (const auto& [name, value] : mail.headers) CHECK(known_headers.contains(name));
    CHECK(mail.header("subject").find("victim") == std::string::npos);
    const std::string html = mail.find("text/html")->body;
    check_no_bidi(html);
    check_no_bidi(mail.find("text/plain")->body);
    for (auto it = std::sregex_iterator(html.begin(), html.end(), tag); it != std::sregex_iterator(); ++it)
      CHECK(our_tags.contains((*it)[2]));
    CHECK(html.find("<script") == std::string::npos);
    static const std::regex href("href=\"([^\"]*)\"");
    for (auto it = std::sregex_iterator(html.begin(), html.end(), href); it != std::sregex_iterator(); ++it)
      CHECK((allowed_urls.contains((*it)[1]) || std::string((*it)[1]).starts_with("https://ok.example/")));
    CHECK(html.find("49") == std::string::npos);  // {{7*7}} is nobody's template
  }
}

TEST_CASE("the CSV attachment has no cell a spreadsheet would run") {
  for (const std::string& text : hostile) {
    AlertView view = samples::additions(70);
    for (Change& change : view.changes) {
      change.entry->listing.name = text;
      change.entry->listing.aliases = {text};
      change.entry->listing.license_requirement = text;
    }
    const reading::Part mail = reading::message(fakes::sent("email", view, now));
    const reading::Part* csv = mail.find("text/csv");
    REQUIRE(csv != nullptr);
    CAPTURE(text);
    CHECK(std::count(csv->body.begin(), csv->body.end(), '\n') == 71);
    static const std::regex running("(^|,|\n)\"\\s*[=+\\-@\t\r]");
    CHECK_FALSE(std::regex_search(csv->body, running));
  }
}

TEST_CASE("webhook, file and command carry hostile text as JSON, whole") {
  const AlertView view = poisoned("\"}],\"data\":{\n\xE2\x80\xAE<script>");
  for (const std::string type : {"webhook", "file", "command"}) {
    const Json body = Json::parse(fakes::sent(type, view, now));
    CHECK(body["data"]["changes"][0]["entry"]["name"] == "\"}],\"data\":{\n\xE2\x80\xAE<script>");
    check_no_bidi(body["data"]["summary"].get<std::string>());
  }
}

TEST_CASE("operators' notices and samples are as harmless") {
  for (const std::string& text : hostile) {
    CAPTURE(text);
    AlertView view = samples::operator_notice();
    view.alert.subject = text;
    view.alert.text = text + "\n" + text;
    check_angle_links(Json::parse(fakes::sent("slack", view, now))["text"].get<std::string>());
    check_markdown(Json::parse(fakes::sent("mattermost", view, now))["text"].get<std::string>());
    const reading::Part mail = reading::message(fakes::sent("email", view, now));
    CHECK(mail.headers.size() <= 14);
  }
}
