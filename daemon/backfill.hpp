// History from the Federal Register, walked in slices of publication dates, oldest first, without alerts.
// What was done is noted after each document and each slice: a run that was cut short goes on where it was,
// and a later run reads again only what the publisher changed since: what its listings show to be another, or,
// when every document is asked for again, what was replaced in place too.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/pipeline.hpp"
#include "daemon/sources/federal_register_documents.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// The first day on which the bureau's rules can be had in full text's metadata.
inline constexpr Date first_listed_day{std::chrono::year{1997} / 1 / 1};

// A listing does not tell of a text that was replaced in place: that costs a conditional request a document.
enum class Revisit { changed_listings, every_document };

struct BackfillProgress {
  DateSpan slice;
  std::size_t slice_number = 0;  // from 1
  std::size_t slices = 0;
  std::size_t documents = 0;     // of the slice, listed
  std::size_t done = 0;          // of them
};

struct BackfillReport {
  std::size_t listed = 0;
  std::size_t read = 0;       // whose bytes were new
  std::size_t known = 0;      // recorded before and unchanged
  std::size_t in_place = 0;   // changed by the publisher since they were recorded
  std::size_t changes = 0;    // recorded
  std::vector<Error> faults;  // of single documents; the others had their turn
};

struct BackfillWorld {
  Publisher publisher;
  Pipeline& pipeline;
  storage::Archive& archive;
};

// `each` is called before each slice and after each document. Fails where the publisher does, having waited
// when it asked to be let alone for a few minutes; what was done until then stays done.
[[nodiscard]] Result<BackfillReport> backfill(const BackfillWorld& world, DateSpan span, Revisit revisit,
                                              const std::function<void(const BackfillProgress&)>& each);

}  // namespace entitywatch::daemon
