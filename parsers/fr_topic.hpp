// What a document of BIS is about, and what it does to other documents.
#pragma once

#include <string>
#include <vector>

#include "core/document.hpp"
#include "parsers/fr_front.hpp"

namespace entitywatch::parsers {

// entity-list, unverified-list, meu-list, denial-order, commerce-control-list, licensing-policy,
// country-policy, information-collection, advisory-committee, correction, enforcement,
// chemical-weapons, industrial-base, information-technology, other: from title, action and abstract.
// BIS's documents only.
[[nodiscard]] std::string fr_topic(const Document& document);

// A document that corrects another as a whole: numbered C1-…, R1-…, or named a correction by its title or
// action.
[[nodiscard]] bool is_correction_document(const Document& document);

// corrects, suspends, delays, stays, ends, extends, withdraws, renews: by what the title, action, summary and
// dates say, with the document numbers or citations they name; where these name none, with those the
// first paragraphs name as the rule concerned. With the days they move effects to, where these are said.
[[nodiscard]] std::vector<Relation> fr_relations(const Document& document,
                                                 const std::vector<FrParagraph>& body);

// Orders are titled by their kind alone at times: the parties stand under "In the Matter of:".
[[nodiscard]] std::string matter_of(const FrNode& root);

}  // namespace entitywatch::parsers
