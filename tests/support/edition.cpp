#include "tests/support/edition.hpp"

#include <fmt/format.h>

#include "core/time.hpp"

namespace entitywatch::test {

std::string party_name(int n) { return fmt::format("Party {:06} Optique", n); }

std::string entity_row(const std::string& name, const std::string& note) {
  return fmt::format(
      "<TR>\n<TD class=\"left\"> </TD>\n<TD class=\"left\">{}, {}12 Rue du Lac, 74000 Annecy, France.</TD>\n"
      "<TD class=\"left\">For all items subject to the EAR. (See &#xA7; 744.11 of the EAR)</TD>\n"
      "<TD class=\"left\">Presumption of denial</TD>\n<TD class=\"left\">84 FR 54004, "
      "10/9/19.\n</TD>\n</TR>\n",
      name, note);
}

std::string part_744(const std::vector<std::string>& rows) {
  std::string out =
      "<?xml version=\"1.0\"?>\n<DIV5 N=\"744\" TYPE=\"PART\" VOLUME=\"2\">\n<HEAD>PART 744&#x2014;CONTROL "
      "POLICY\n</HEAD>\n"
      "<DIV9 N=\"Supplement No. 4 to Part 744\" TYPE=\"APPENDIX\">\n<HEAD>Supplement No. 4 to Part "
      "744&#x2014;Entity List\n</HEAD>\n"
      "<DIV width=\"100%\"><DIV class=\"gpotbl_div\">\n<TABLE border=\"1\" "
      "class=\"gpo_table\">\n<THEAD>\n<TR>\n"
      "<TH>Country</TH><TH>Entity</TH><TH>License requirement</TH><TH>License "
      "review<br/>policy</TH><TH>Federal Register citation\n</TH>\n"
      "</TR>\n</THEAD>\n<TBODY>\n";
  bool first = true;
  for (const std::string& row : rows) {
    std::string text = row;
    if (first) text.replace(text.find("<TD class=\"left\"> </TD>"), 23, "<TD class=\"left\">FRANCE</TD>");
    first = false;
    out += text;
  }
  return out + "</TBODY>\n</TABLE></DIV></DIV>\n</DIV9>\n</DIV5>\n";
}

void publish_edition(LoopbackServer& server, int day, const std::string& part) {
  const std::string date = format_date(*parse_iso_date("2019-01-01") + std::chrono::days{day});
  LoopbackAnswer body;
  body.body = part;
  body.content_type = "application/xml";
  body.etag = "\"" + date + "\"";
  server.set("/api/versioner/v1/full/" + date + "/title-15.xml", body);
  LoopbackAnswer titles;
  titles.body = fmt::format(
      R"({{"titles":[{{"number":15,"name":"Commerce","latest_amended_on":"{0}","latest_issue_date":"{0}","up_to_date_as_of":"{0}","reserved":false}}]}})",
      date);
  server.set("/api/versioner/v1/titles.json", titles);
}

}  // namespace entitywatch::test
