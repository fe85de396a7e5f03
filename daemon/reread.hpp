// Documents read again from stored bytes, as a newer reader does it: what it reads otherwise is recorded, and
// told to nobody unless that is asked for.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>

#include "core/result.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/readings.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

struct RereadOptions {
  std::function<Result<Reading>(const Observation&)> read = daemon::read;
  Telling telling = Telling::nobody;
  std::stop_token stop;
};

struct RereadReport {
  std::size_t observations = 0;
  std::size_t changes = 0;     // new, or amended by what is read otherwise
  std::size_t unreadable = 0;  // the reader refuses bytes that an older one took
  bool complete = false;       // false: stopped
};

// Every document from the bytes it was last read from, in order of publication. Doing it twice changes
// nothing more.
[[nodiscard]] Result<RereadReport> reread_documents(const storage::Archive& archive, Pipeline& pipeline,
                                                    const RereadOptions& options);

// Whether documents were last read by this version of the reader, and noting that they were.
[[nodiscard]] Result<bool> documents_are_read_by(const storage::Archive& archive, const std::string& version);
[[nodiscard]] Result<void> note_documents_read_by(storage::Archive& archive, const std::string& version);

}  // namespace entitywatch::daemon
