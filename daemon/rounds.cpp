#include "daemon/rounds.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>

namespace entitywatch::daemon {
namespace {

std::string megabytes(std::uint64_t bytes) { return fmt::format("{} MB", bytes >> 20); }

std::string certificate_name(const std::string& host) { return "certificate " + host; }

}  // namespace

void Rounds::begin(const std::string& name, const std::string& subject, const std::string& text) {
  if (auto told = world_.desk.begin(name, {}, subject, text); !told)
    spdlog::error("operators: {}: {}", subject, told.error().describe());
}

void Rounds::end(const std::string& name, const std::string& subject, const std::string& text) {
  if (auto told = world_.desk.end(name, subject, text); !told)
    spdlog::error("operators: {}: {}", subject, told.error().describe());
}

// A quarter more than the threshold must be free before it is over, so that it does not go to and fro.
void Rounds::look_at_disk(const OperatorsConfig& config) {
  const auto free = world_.free_bytes();
  if (!free) {
    spdlog::warn("operators: the disk cannot be asked: {}", free.error().describe());
    return;
  }
  if (*free < config.disk_free)
    begin(
        "disk", "The disk is nearly full",
        fmt::format("{} are left where the database lies; below {} operators are told. When nothing is left, "
                    "changes are no longer recorded and alerts wait. Make room, or move data_dir.",
                    megabytes(*free), megabytes(config.disk_free)));
  else if (*free >= config.disk_free + config.disk_free / 4)
    end("disk", "The disk has room again",
        fmt::format("{} are free where the database lies.", megabytes(*free)));
}

bool Rounds::look_at_database() {
  const auto tried = world_.try_database();
  if (tried) {
    end("database", "The database works again", "It was read and written.");
    return true;
  }
  begin("database", "The database is in trouble",
        fmt::format(
            "It could not be read and written: {}. Until it can, nothing is recorded and no alert is "
            "sent; what publishers show meanwhile is read when it works again. See the log; `entitywatch "
            "verify` checks it, `entitywatch restore` brings a backup back.",
            tried.error().describe()));
  return false;
}

void Rounds::look_at_certificates() {
  const Time now = world_.clock.now();
  for (const SeenCertificate& seen : world_.certificates.all()) {
    const std::string subject = fmt::format("The certificate of {} ends soon", seen.host);
    if (ends_soon(seen, now))
      begin(certificate_name(seen.host), subject,
            fmt::format(
                "It is valid until {}, as it was shown at the last connection. After that nothing is sent "
                "there or read from there. Whoever runs {} has to renew it.",
                format_time(seen.valid_until), seen.host));
    else
      end(certificate_name(seen.host), fmt::format("The certificate of {} was renewed", seen.host),
          fmt::format("It is valid until {}.", format_time(seen.valid_until)));
  }
}

bool Rounds::look(const OperatorsConfig& config) {
  look_at_disk(config);
  const bool database_works = look_at_database();
  look_at_certificates();
  world_.desk.remind();
  return database_works;
}

void Rounds::beat(const OperatorsConfig& config) {
  if (config.heartbeat_url.empty() || !world_.sources_well()) return;
  if (auto pinged = world_.ping(config.heartbeat_url); !pinged)
    spdlog::warn("the heartbeat did not arrive: {}", pinged.error().describe());
}

Result<std::uint64_t> free_bytes_at(const std::string& path) {
  std::error_code error;
  const auto space = std::filesystem::space(path, error);
  if (error) return fail(ErrorCode::io, error.message(), path);
  return space.available;
}

}  // namespace entitywatch::daemon
