// Federal Register documents: the API's metadata JSON and the GPO's full-text XML, read together.
// Pure functions over untrusted bytes: no DOCTYPE, no entities beyond the predefined, no network, bounded
// depth and memory; never throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "core/result.hpp"

namespace entitywatch::parsers {

// Either may be absent. With metadata alone: the document without operations. With XML alone: number,
// filing date, title, docket, RIN come from the XML; the publication date from the citation placeholders
// or `publication_date`, when given by the caller.
struct FederalRegisterInput {
  std::optional<std::string_view> metadata_json;
  std::optional<std::string_view> xml;
  std::optional<Date> publication_date;
};

[[nodiscard]] Result<DocumentReading> read_federal_register_document(const FederalRegisterInput& input);

// A whole day's issue: every RULE, NOTICE and PRORULE of BIS in it (others are skipped); empty when none.
[[nodiscard]] Result<std::vector<DocumentReading>> read_federal_register_issue(std::string_view xml);

// One page of /api/v1/documents.json.
struct DocumentsPage {
  std::size_t count = 0;
  std::size_t total_pages = 0;
  std::string next_page_url;
  struct Item {
    std::string number;
    std::string json_url;
    std::string full_text_xml_url;  // empty: null
    std::string raw_text_url;
    std::optional<Date> publication_date;
    std::string digest;  // over the item's metadata; differs when the publisher changed anything in it
    std::string json;    // the item as the page has it
  };
  std::vector<Item> items;
};
// malformed when it is not a documents listing; `{"count":0}` without results is an empty page.
[[nodiscard]] Result<DocumentsPage> read_documents_page(std::string_view json);

}  // namespace entitywatch::parsers
