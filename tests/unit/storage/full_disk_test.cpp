// A disk that fills up and is emptied again: refused, nothing half done, then on again without a restart.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "child.hpp"
#include "samples.hpp"

namespace entitywatch::storage {
namespace {

using namespace test;

TEST_CASE("a full disk refuses commits, and room lets them go on", "[disk]") {
  const TempDir dir;
  std::filesystem::create_directories(dir.path());
  const auto outcome = Child{{"fill-disk", dir.path()}}.wait();
  if (outcome == no_mount) SKIP("SKIPPED: no right to mount a small disk here");
  CHECK(outcome == all_well);
}

}  // namespace
}  // namespace entitywatch::storage
