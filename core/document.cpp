#include "core/document.hpp"

namespace entitywatch {

std::string_view to_string(DocumentStage stage) {
  switch (stage) {
    case DocumentStage::inspection: return "inspection";
    case DocumentStage::published: return "published";
    case DocumentStage::withdrawn: return "withdrawn";
  }
  return "published";
}

DocumentRef reference(const Document& document) {
  return {document.number,   document.citation,         document.title,       document.url,
          document.filed_at, document.publication_date, document.effective_on};
}

}  // namespace entitywatch
