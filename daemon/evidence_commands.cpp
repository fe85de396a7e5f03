#include "daemon/evidence_commands.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/json.hpp"
#include "daemon/backup.hpp"
#include "daemon/cli_ask.hpp"
#include "daemon/database_path.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {
namespace {

Result<void> write_new_file(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return fail(ErrorCode::io, fmt::format("{} cannot be written: {}", path, std::strerror(errno)));
  int failed = 0;
  for (std::size_t done = 0; done < bytes.size() && failed == 0;) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n >= 0) done += static_cast<std::size_t>(n);
    if (n < 0 && errno != EINTR) failed = errno;
  }
  if (::close(fd) != 0 && failed == 0) failed = errno;
  if (failed == 0) return {};
  ::unlink(path.c_str());
  return fail(ErrorCode::io, fmt::format("{} cannot be written: {}", path, std::strerror(failed)));
}

int backup_through_daemon(const Config& config, const std::string& directory) {
  return with_door(config, Door::Access::write, [&](Door& door) {
    auto receiver = BackupReceiver::open(directory);
    if (!receiver) return report(receiver.error());
    ApiRequest request;
    request.method = "POST";
    request.path = "/v1/backup";
    const auto response = door.stream(request, [&](std::string_view piece) { (*receiver)->take(piece); });
    if (!response) return report(response.error());
    if (response->status != 200) return refused(*response);
    if (const auto done = (*receiver)->finish(); !done) return report(done.error());
    fmt::print("backed up to {} by the running daemon\n", directory);
    return 0;
  });
}

}  // namespace

int export_evidence(const CommandOptions& options, const std::string& change_id, const std::string& output) {
  ApiRequest request;
  request.path = "/v1/changes/" + change_id + "/evidence";
  return with_door(options, Door::Access::read, [&](Door& door) {
    std::string bytes;
    const auto response = door.stream(request, [&](std::string_view piece) { bytes += piece; });
    if (!response) return report(response.error());
    if (response->status != 200) return refused(*response);
    if (output == "-") return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() ? 0 : 1;
    const std::string path = output.empty() ? "evidence-" + change_id.substr(0, 12) + ".tar.gz" : output;
    if (const auto written = write_new_file(path, bytes); !written) return report(written.error());
    fmt::print("{}: {} bytes; the README.txt in it says how to check it\n", path, bytes.size());
    return 0;
  });
}

int show_evidence_key(const CommandOptions& options) {
  ApiRequest request;
  request.path = "/v1/evidence-key";
  return ask(options, Door::Access::read, request, [](const ApiResponse& response) {
    const Json key = Json::parse(response.body, nullptr, false);
    fmt::print("{}{}\n", key.value("public_key", std::string()), key.value("fingerprint", std::string()));
    return 0;
  });
}

int backup(const CommandOptions& options, const std::string& directory) {
  const auto config = configuration(options);
  if (!config) return report(config.error());
  auto archive = storage::Archive::open({.directory = database_directory(*config), .must_exist = true});
  if (!archive && archive.error().code == ErrorCode::in_use) return backup_through_daemon(*config, directory);
  if (!archive) return report(archive.error());
  if (const auto copied = (*archive)->backup(directory); !copied) return report(copied.error());
  fmt::print("backed up to {}\n", directory);
  return 0;
}

int restore(const CommandOptions& options, const std::string& directory) {
  const auto config = configuration(options);
  if (!config) return report(config.error());
  if (const auto restored = storage::restore_backup(directory, database_directory(*config)); !restored)
    return report(restored.error());
  fmt::print("restored {} to {}\n", directory, config->daemon.data_dir);
  return 0;
}

}  // namespace entitywatch::daemon
