// Comma- and tab-separated files: RFC 4180 and what publishers make of it. Cells may hold separators, line
// breaks and doubled quotes; lines end in LF or CRLF; a byte-order mark at the start is skipped.
// Reads from bytes that the caller keeps; never throws for any bytes; linear in their number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace entitywatch::parsers {

struct CsvFormat {
  char separator = ',';
  std::size_t max_cells = 1024;              // a record with more is malformed; the cells past it are dropped
  std::size_t max_cell_bytes = 1u << 20;  // a quoted cell that does not end before is no quoted cell
};

// One record. Valid until the next one is read.
struct CsvRecord {
  std::span<const std::string_view> cells;
  std::size_t line = 0;    // in the file, from 1, where the record starts
  std::string_view bytes;  // as printed, without its line break
  // Text behind a closing quote, a quote that never closes, or too many cells: the cells may be wrong.
  bool malformed = false;

  // Empty past the end.
  [[nodiscard]] std::string_view cell(std::size_t index) const {
    return index < cells.size() ? cells[index] : std::string_view{};
  }
};

class CsvReader {
 public:
  explicit CsvReader(std::string_view bytes, CsvFormat format = {});

  // The next record that is not an empty line; nullptr at the end.
  [[nodiscard]] const CsvRecord* next();

 private:
  enum class CellEnd { cell, record };

  CellEnd read_cells();
  CellEnd read_plain_cells();
  // nullopt where no quote closes the cell within bounds.
  std::optional<CellEnd> read_quoted_cell();
  CellEnd after_cell(std::size_t end);
  void add_cell(std::string_view cell);
  [[nodiscard]] bool ends_record(std::size_t end) const {
    return end >= bytes_.size() || bytes_[end] == '\n';
  }
  [[nodiscard]] std::size_t find_end(std::size_t from);
  void load_block(std::size_t base);
  std::string_view unescaped(std::string_view quoted);

  std::string_view bytes_;
  CsvFormat format_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t block_ = static_cast<std::size_t>(-1);  // where the block begins whose separators are known
  std::uint64_t ends_ = 0;                            // separators and line feeds in it, a bit a byte
  std::vector<std::string_view> cells_;               // of the record; the first count_ are in use
  std::size_t count_ = 0;
  std::vector<std::unique_ptr<std::string>> unescaped_;  // cells that held doubled quotes
  std::size_t unescaped_used_ = 0;
  CsvRecord record_;
};

// The separator of a file whose first line is its header: tab where the line has more tabs than commas.
[[nodiscard]] char csv_separator(std::string_view bytes);

// The column of each name in a header, matched without regard to case, spaces and underscores;
// nullopt where the header lacks it.
class CsvHeader {
 public:
  explicit CsvHeader(const CsvRecord& record);
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
};

}  // namespace entitywatch::parsers
