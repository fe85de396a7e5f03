// An archive with a small, known history and the query API on it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/commit.hpp"
#include "daemon/api.hpp"
#include "storage/archive.hpp"
#include "tests/unit/daemon/fixed_clock.hpp"

namespace entitywatch::test {

// A directory that goes with the test.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string path(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] Date day(const char* iso);
[[nodiscard]] Time time(const char* rfc3339);
[[nodiscard]] Listing listing(std::string name, std::string code = "CN");
// Its id is made from list, country and name.
[[nodiscard]] Entry entry(ListId list, std::string name, std::string code = "CN");
[[nodiscard]] EntryVersion version(const Entry& entry, std::uint64_t number, const char* effective_on,
                                   const char* known_at);
[[nodiscard]] Change added(const Entry& entry, const Document& document, const char* detected_at);

// A GET of "/path?query", percent-encoded.
[[nodiscard]] daemon::ApiRequest request_of(const std::string& target);

// Clock: 2026-03-25T12:00:00Z. What it holds is told by fill().
class ApiWorld {
 public:
  ApiWorld();
  storage::CommitReceipt commit(const Commit& commit);
  // - three entries of a baseline of 2026-03-01 (Entity List: Alpha Works CN, Béta Söhne DE; Unverified List:
  // Gamma Ltd RU)
  // - 2026-03-10: rule 2026-00010 adds Delta Optics (CN), in force at once, and announces Epsilon Radar (CN)
  // from
  //   2026-04-01 on
  // - 2026-03-20: rule 2026-00020 revises Alpha Works, in force from 2026-03-20, removes Béta Söhne from
  // 2026-05-01 on
  // - one delivery each that is pending, delivered and dead; source ecfr with a success at 11:55
  void fill();
  [[nodiscard]] daemon::ApiResponse get(const std::string& target) const;
  [[nodiscard]] daemon::ApiResponse send(const std::string& method, const std::string& target,
                                         const std::string& body = {}) const;
  // The body of a 200 as JSON.
  [[nodiscard]] Json json(const std::string& target) const;

  Scratch scratch;
  FixedClock clock{"2026-03-25T12:00:00Z"};
  std::unique_ptr<storage::Archive> archive;
  daemon::Config config;
  std::vector<std::string> polled;
  daemon::PollRequest poll_answer = daemon::PollRequest::queued;
  std::unique_ptr<daemon::Api> api;
  // Entries by the names above, once filled.
  Entry alpha, beta, gamma, delta, epsilon;
};

}  // namespace entitywatch::test
