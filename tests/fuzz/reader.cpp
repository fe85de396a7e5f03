// One reader a program, chosen at compile time.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "parsers/csl.hpp"
#include "parsers/dpl.hpp"
#include "parsers/ecfr.hpp"
#include "parsers/entity_cell.hpp"
#include "parsers/federal_register.hpp"
#include "parsers/instructions.hpp"
#include "parsers/news.hpp"
#include "parsers/public_inspection.hpp"

using namespace entitywatch::parsers;

namespace {

void read(std::string_view bytes) {
#if defined(FUZZ_ECFR)
  (void)read_ecfr_part(bytes);
#elif defined(FUZZ_FEDERAL_REGISTER)
  (void)read_federal_register_document({std::nullopt, bytes, std::nullopt});
  (void)read_federal_register_issue(bytes);
#elif defined(FUZZ_FEDERAL_REGISTER_JSON)
  (void)read_federal_register_document({bytes, std::nullopt, std::nullopt});
  (void)read_documents_page(bytes);
  (void)read_ecfr_titles(bytes, 15);
#elif defined(FUZZ_CSL)
  (void)read_csl(bytes);
#elif defined(FUZZ_DPL)
  (void)read_dpl(bytes);
#elif defined(FUZZ_NEWS)
  (void)read_news(bytes, "https://publisher.example/news");
#elif defined(FUZZ_PUBLIC_INSPECTION)
  (void)read_public_inspection_document({std::nullopt, bytes});
  (void)read_public_inspection_document({bytes, std::nullopt});
#elif defined(FUZZ_ENTITY_CELL)
  const std::vector<std::string> lines = entitywatch::text::split(bytes, '\n');
  (void)read_entity_parties({lines}, {});
  (void)is_continuation({lines}, {{"Nobody Ltd., Nowhere, Iran."}});
  entitywatch::Listing cells;
  read_requirement_cell(bytes, cells);
  read_policy_cell(bytes, cells);
  read_citation_cell(bytes, cells);
#elif defined(FUZZ_INSTRUCTIONS)
  std::vector<AmendmentParagraph> paragraphs;
  for (std::string& line : entitywatch::text::split(bytes, '\n'))
    paragraphs.push_back({std::move(line), 15, "744"});
  (void)read_instructions(paragraphs);
#else
#error "name a reader"
#endif
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read({reinterpret_cast<const char*>(data), size});
  return 0;
}
