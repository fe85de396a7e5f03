// Gives a fuzz target's seeds to it without the fuzzer: each file of the folders named on the command line
// whole, cut at 64 places, and with a damaged byte at 64 places. Ends with status 0, or with the crash.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t places = 64;

void give(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

void give_with_damage(const std::string& bytes) {
  give(bytes);
  const std::size_t step = std::max<std::size_t>(1, bytes.size() / places);
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    give(bytes.substr(0, at));
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(~damaged[at]);
    give(damaged);
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t files = 0;
  for (int i = 1; i < count; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream in(entry.path(), std::ios::binary);
      give_with_damage({std::istreambuf_iterator<char>(in), {}});
      ++files;
    }
  std::cout << files << " seeds\n";
  return files == 0 ? 1 : 0;
}
