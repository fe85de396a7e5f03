// The key that signs evidence is made once, whoever asks for it first.
#include "daemon/evidence_key.hpp"

#include <sys/stat.h>

#include <barrier>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <thread>

#include "tests/support/api_world.hpp"

namespace entitywatch::daemon {
namespace {

TEST_CASE("requests that come at once make one key", "[evidence]") {
  constexpr std::size_t askers = 8;
  for (int round = 0; round < 20; ++round) {
    const test::Scratch scratch;
    Config config = default_config();
    config.daemon.data_dir = scratch.path("data");
    std::filesystem::create_directory(config.daemon.data_dir);
    std::vector<std::string> seen(askers);
    {
      std::barrier together(askers);
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < askers; ++i)
        threads.emplace_back([&, i] {
          together.arrive_and_wait();
          const auto key = EvidenceKey::open(config);
          seen[i] = key ? key->fingerprint() : key.error().describe();
        });
    }
    REQUIRE(seen[0].size() == 64);
    for (const std::string& other : seen) CHECK(other == seen[0]);
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(config.daemon.data_dir)) {
      ++files;
      struct stat found {};
      REQUIRE(::stat(file.path().c_str(), &found) == 0);
      CHECK((found.st_mode & 0777u) == 0600);
    }
    CHECK(files == 1);
  }
}

}  // namespace
}  // namespace entitywatch::daemon
