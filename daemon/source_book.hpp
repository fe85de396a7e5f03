// The scheduler's view of the archive: the state of each source.
#pragma once

#include "daemon/operator_desk.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/scheduler.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// Thread safe. What the pipeline decides (a hold, the version of the reader, the last change) is kept
// when the scheduler saves what it knows (attempts, failures, the next poll).
class ArchiveSourceBook final : public SourceBook {
 public:
  ArchiveSourceBook(storage::Archive& archive, Pipeline& pipeline, OperatorDesk& desk)
      : archive_(archive), pipeline_(pipeline), desk_(desk) {}

  [[nodiscard]] Result<SourceState> load(const std::string& name) override;
  [[nodiscard]] Result<void> save(const SourceState& state) override;
  [[nodiscard]] Result<void> tell_operators(const std::string& source, const std::string& subject, const std::string& text, bool over) override;
  [[nodiscard]] Result<void> answered(const std::string& source) override;

 private:
  storage::Archive& archive_;
  Pipeline& pipeline_;
  OperatorDesk& desk_;
};

}  // namespace entitywatch::daemon
