// Text of a cell in a file that does not say how it is encoded.
#pragma once

#include <string>
#include <string_view>

namespace entitywatch::parsers {

// UTF-8 where the bytes are that, Windows-1252 where they are not; fit to be shown, white space collapsed.
[[nodiscard]] std::string cell_text(std::string_view bytes);

// Puts back what an export replaced by a question mark where the words around it leave no doubt what it
// was: "Xi?an" is "Xi'an", "People?s" is "People's", "?Morye?" at the ends of words is quotes, "1001 ? 1002"
// a dash. A mark that may stand for a lost letter stays.
[[nodiscard]] std::string mend_question_marks(std::string_view text);

}  // namespace entitywatch::parsers
