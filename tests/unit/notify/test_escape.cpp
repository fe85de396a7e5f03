#include <catch2/catch_test_macros.hpp>

#include "notify/escape.hpp"
#include "notify/redact.hpp"

using namespace entitywatch::notify;

TEST_CASE("clean text is one line without invisible tricks") {
  CHECK(clean("  Acme\r\n\tTrading \xC2\xA0 Co. ") == "Acme Trading Co.");
  CHECK(clean("safe\xE2\x80\xAEgnp.exe") == "safegnp.exe");  // right-to-left override
  CHECK(clean("\xE2\x81\xA6isolate\xE2\x81\xA9") == "isolate");
  CHECK(clean("Ac\xE2\x80\x8Bme") == "Acme");          // zero width
  CHECK(clean("tag\xF3\xA0\x81\x81ged") == "tagged");  // U+E0041
  CHECK(clean("bad\xFFutf8") == "bad\xEF\xBF\xBDutf8");
  CHECK(clean(std::string("nul\0l", 5)) == "null");
  CHECK(clean("杭州海康威视") == "杭州海康威视");
}

TEST_CASE("escapes of each channel") {
  CHECK(escape_html("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  CHECK(escape_mrkdwn("<!channel> & *b* _i_ ~s~ `c`") == "&lt;!channel&gt; &amp; ∗b∗ ＿i＿ ∼s∼ ˋcˋ");
  CHECK(escape_markdown("**b** [x](y) <@1> `c` # h") ==
        "\\*\\*b\\*\\* \\[x\\](y) \\<@\xE2\x80\x8B"
        "1\\> \\`c\\` \\# h");
  CHECK(escape_markdown("https://evil.example") == "https\\://evil.example");
  CHECK(escape_markdown("www.evil.example") == "www\\.evil.example");
  CHECK(escape_markdown("- item") == "\\- item");
  CHECK(escape_markdown("1. item") == "1\\. item");
  CHECK(escape_markdown("Name: Acme, 4:15 p.m.") == "Name: Acme, 4:15 p.m.");
  CHECK(escape_google_chat("<users/all> *b*") == "‹users/all› ∗b∗");
}

TEST_CASE("csv cells are text to a spreadsheet") {
  CHECK(csv_cell("Acme, Ltd.") == "\"Acme, Ltd.\"");
  CHECK(csv_cell("say \"hi\"") == "\"say \"\"hi\"\"\"");
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|cmd", "%x"})
    CHECK(csv_cell(formula).starts_with("\"'"));
  CHECK(csv_cell("") == "\"\"");
}

TEST_CASE("only plain web addresses are linked") {
  CHECK(safe_url("https://www.federalregister.gov/d/2019-22210") ==
        "https://www.federalregister.gov/d/2019-22210");
  CHECK(safe_url("http://127.0.0.1:8744/#/documents/2019-22210") != "");
  for (const char* bad :
       {"javascript:alert(1)", "data:text/html,x", "https://a b", "https://a\"onclick=", "https://a>b",
        "https://a|b", "ftp://a", "", "https://a)b", "https://a\nb", "file:///etc/passwd"})
    CHECK(safe_url(bad).empty());
}

TEST_CASE("characters are counted as UTF-16 units, and texts shortened at characters") {
  CHECK(characters("abc") == 3);
  CHECK(characters("Ü杭") == 2);
  CHECK(characters("😀") == 2);
  CHECK(shorten("abcdef", 6) == "abcdef");
  CHECK(shorten("abcdef", 5) == "abcd…");
  CHECK(shorten("杭州海康", 3) == "杭州…");
  CHECK(characters(shorten("😀😀😀😀", 4)) <= 4);
}

TEST_CASE("excerpts hold no secret") {
  ChannelConfig config;
  config.url =
      "https://user:pw@hooks.example/services/T0/B0/kXs8eCrEtToKeN1234567890?token=abcdefghijklmnopqrst";
  config.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  config.password = "hunter22";
  const std::vector<std::string> secrets = secrets_of(config);
  const auto shown = [&](const std::string& text) { return redacted_excerpt(text, secrets); };
  for (const std::string& secret :
       {std::string("kXs8eCrEtToKeN1234567890"), std::string("hunter22"),
        std::string("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), std::string("abcdefghijklmnopqrst")}) {
    CHECK(shown("no route for " + config.url).find(secret) == std::string::npos);
    CHECK(shown("echo: " + secret + " and " + secret).find(secret) == std::string::npos);
    CHECK(shown("POST /services/T0/B0/" + secret + " failed").find(secret) == std::string::npos);
  }
  CHECK(shown("see https://other.example/path?key=1 for help") ==
        "see https://other.example/[redacted] for help");
  CHECK(shown("http://a:b@c.example") == "http://c.example");
  CHECK(shown(std::string(5000, 'x')).size() <= 300);
  CHECK(shown("line\r\nbreak\x1b[31m") == "line break[31m");
}
