#include <fmt/format.h>

#include <filesystem>

#include "storage/archive.hpp"
#include "storage/directory.hpp"

namespace entitywatch::storage {
namespace {

Result<void> check_backup(const std::string& backup) {
  const auto archive = Archive::open({.directory = backup, .read_only = true, .must_exist = true});
  if (!archive) return tl::unexpected(archive.error());
  const auto report = (*archive)->verify_chain();
  if (!report) return tl::unexpected(report.error());
  if (!report->ok)
    return fail(ErrorCode::damaged,
                fmt::format("backup {} does not verify ({}): take an older one", backup, report->problem));
  return {};
}

}  // namespace

Result<void> restore_backup(const std::string& backup, const std::string& directory) {
  const auto state = inspect_directory(directory);
  if (!state) return tl::unexpected(state.error());
  if (*state != DirectoryState::absent && *state != DirectoryState::empty)
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("directory {} is not empty: move what is in it aside, then restore again", directory));
  if (auto checked = check_backup(backup); !checked) return checked;
  if (auto copied = copy_database(backup, directory); !copied) return copied;
  const auto restored = Archive::open({.directory = directory, .read_only = true, .must_exist = true});
  if (!restored) return tl::unexpected(restored.error());
  return {};
}

}  // namespace entitywatch::storage
