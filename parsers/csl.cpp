#include "parsers/csl.hpp"

#include "parsers/csl_record.hpp"

namespace entitywatch::parsers {

Result<CslReading> read_csl(std::string_view bytes) {
  constexpr std::string_view blank = " \t\r\n\xEF\xBB\xBF";
  const std::size_t first = bytes.find_first_not_of(blank);
  if (first != std::string_view::npos && (bytes[first] == '{' || bytes[first] == '['))
    return read_csl_json(bytes.substr(first));
  return read_csl_csv(bytes);
}

}  // namespace entitywatch::parsers
