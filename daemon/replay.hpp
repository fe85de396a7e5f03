// Archived files back through the pipeline, in date order: Federal Register XML (documents, with their
// API metadata beside them as NAME.json or NAME.api.json, and whole-day issues), eCFR part 744, CSL, DPL.
// What a file is, is told by its content.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/observation.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "daemon/pipeline.hpp"

namespace entitywatch::daemon {

struct ReplayFile {
  std::string path;
  Observation observation;
  std::optional<Date> date;  // publication or snapshot date; nullopt: none could be told
};

// Reads the files and the files below the folders named, in date order (without a date: behind the file
// given before). Files that are none of the known formats are an error when named and skipped, with a call
// of `skipped`, when found in a folder.
[[nodiscard]] Result<std::vector<ReplayFile>> load_replay(const std::vector<std::string>& paths, const Clock& clock,
                                                          const std::function<void(const std::string& path)>& skipped);

struct ReplayLine {
  std::string path;
  std::string source;
  std::optional<Date> date;
  std::size_t changes = 0;
  bool held = false;
  std::optional<Error> error;
};

// Every file is tried; one that fails does not stop the others.
[[nodiscard]] std::vector<ReplayLine> replay(Pipeline& pipeline, const std::vector<ReplayFile>& files,
                                             const std::function<void(const ReplayLine&)>& each);

}  // namespace entitywatch::daemon
