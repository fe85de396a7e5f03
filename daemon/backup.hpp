// A backup on its way from the running daemon to whoever asked for it: the files of a checkpoint as a tar,
// which the asker writes with its own rights. The daemon needs no right to write elsewhere and is told no
// path.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "daemon/api.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// Where the checkpoint lies while it is sent, beside the database so that it shares its blocks; removed when
// the source goes. One at a time: unavailable while there is another.
[[nodiscard]] Result<std::shared_ptr<BodySource>> send_backup(const storage::Archive& archive,
                                                              const std::string& data_dir);
// What a daemon that was killed while sending left behind.
void clear_unsent_backup(const std::string& data_dir);

// Takes the tar piece by piece and writes its files into a directory that is absent or empty. What makes it a
// database comes last, so that one cut short is damaged; unless finish() was reached, all written is removed.
class BackupReceiver {
 public:
  [[nodiscard]] static Result<std::unique_ptr<BackupReceiver>> open(const std::string& directory);
  BackupReceiver(const BackupReceiver&) = delete;
  BackupReceiver& operator=(const BackupReceiver&) = delete;
  ~BackupReceiver();
  // After a failure the rest is ignored.
  void take(std::string_view piece);
  // Everything came and is on disk; the first failure otherwise.
  [[nodiscard]] Result<void> finish();

 private:
  struct State;
  explicit BackupReceiver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace entitywatch::daemon
