// Fixtures and the corpus for tests of the readers of files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "core/entry.hpp"
#include "core/reading.hpp"

namespace entitywatch::test {

inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string fixture(const std::string& name) {
  return read_whole(std::filesystem::path(ENTITYWATCH_SOURCE_DIR) / "tests/fixtures" / name);
}

// Empty where the corpus is absent, said loudly.
inline std::string corpus(const std::string& name) {
  const char* set = std::getenv("ENTITYWATCH_CORPUS");
  const std::filesystem::path root =
      set != nullptr ? set : (std::filesystem::path(ENTITYWATCH_SOURCE_DIR) / "../shared/corpus").string();
  std::string bytes = read_whole(root / name);
  if (bytes.empty()) std::cerr << "SKIPPED: the corpus lacks " << name << " (looked in " << root << ")\n";
  return bytes;
}

inline std::vector<const Listing*> rows_of(const ListReading& reading) {
  std::vector<const Listing*> out;
  for (const Listing& row : reading.rows) out.push_back(&row);
  return out;
}

inline bool has_finding(const std::vector<Finding>& findings, std::string_view code) {
  for (const Finding& f : findings)
    if (f.code == code) return true;
  return false;
}

// Every prefix in steps, and bytes of it replaced: readers must come back, whatever the bytes.
template <class Read>
void survives_damage(const std::string& bytes, Read read) {
  const std::size_t step = bytes.size() / 150 + 1;
  for (std::size_t size = 0; size < bytes.size(); size += step) read(std::string_view(bytes).substr(0, size));
  constexpr std::string_view replacements = "\"\t\n,;<>{}[]\\\x80\xFF\x00*";
  unsigned state = 12345;
  for (int round = 0; round < 300; ++round) {
    std::string damaged = bytes;
    for (int hit = 0; hit < 8 && !damaged.empty(); ++hit) {
      state = state * 1103515245u + 12345u;
      damaged[(state >> 8) % damaged.size()] = replacements[(state >> 4) % replacements.size()];
    }
    read(damaged);
  }
}

}  // namespace entitywatch::test
