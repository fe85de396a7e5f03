// Polling a publication that is one file at one URL.
#pragma once

#include <string>
#include <string_view>

#include "daemon/source.hpp"

namespace entitywatch::daemon {

struct SingleFile {
  std::string url;
  std::string_view expect;  // as in FetchRequest
  ObservationKind kind = ObservationKind::csl;
  std::string_view key;
  std::string_view noun;  // "list": for the summary
};

// A conditional request; bytes that are new are handed over with the validators they came with.
[[nodiscard]] PollReport poll_single_file(PollContext& context, const SingleFile& file);

}  // namespace entitywatch::daemon
