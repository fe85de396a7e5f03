// The parties of one cell: the cell's lines parted into the main party and those listed under it.
// Internal to the entity cell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::parsers {

struct CellBlock {
  std::vector<std::string> lines;
  bool is_subordinate = false;
  bool is_description = false;  // a line of a list of facilities: all of it is the name
};

struct CellBlocks {
  std::vector<CellBlock> blocks;          // the main party first; it may have no lines of its own
  std::vector<std::string> shared_lines;  // addresses the cell gives to the whole institution
  std::string heading_parent;             // "The following … entities:" names no party of its own
};

[[nodiscard]] CellBlocks part_blocks(const std::vector<std::string>& lines);

// The line opens a subordinate institution, a list of affiliated entities, or shared addresses.
[[nodiscard]] bool opens_block(std::string_view line);

}  // namespace entitywatch::parsers
