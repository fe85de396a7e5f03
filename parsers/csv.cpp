#include "parsers/csv.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace entitywatch::parsers {
namespace {

constexpr std::size_t block_bytes = 64;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::uint64_t marks_bytewise(const char* bytes, std::size_t count, char separator) {
  std::uint64_t marks = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (bytes[i] == separator || bytes[i] == '\n') marks |= std::uint64_t{1} << i;
  return marks;
}

// One bit for each separator and line feed among the 64 bytes.
std::uint64_t marks_of_block(const char* bytes, char separator) {
#if defined(__SSE2__)
  const __m128i separators = _mm_set1_epi8(separator);
  const __m128i feeds = _mm_set1_epi8('\n');
  std::uint64_t marks = 0;
  for (std::size_t part = 0; part < 4; ++part) {
    __m128i chunk;
    std::memcpy(&chunk, bytes + 16 * part, sizeof chunk);
    const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(chunk, separators), _mm_cmpeq_epi8(chunk, feeds));
    marks |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(hits))) << (16 * part);
  }
  return marks;
#else
  return marks_bytewise(bytes, block_bytes, separator);
#endif
}

std::size_t count_lines(std::string_view text) {
  std::size_t count = 0;
  std::size_t at = 0;
  for (; at + block_bytes <= text.size(); at += block_bytes)
    count += static_cast<std::size_t>(std::popcount(marks_of_block(text.data() + at, '\n')));
  return count +
         static_cast<std::size_t>(std::popcount(marks_bytewise(text.data() + at, text.size() - at, '\n')));
}

std::string_view without_return(std::string_view cell) {
  if (!cell.empty() && cell.back() == '\r') cell.remove_suffix(1);
  return cell;
}

std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name)
    if (c != ' ' && c != '_' && c != '\t' && c != '"' && c != '\r')
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

CsvReader::CsvReader(std::string_view bytes, CsvFormat format)
    : bytes_(bytes), format_(format), cells_(std::max<std::size_t>(format.max_cells, 1)) {
  if (bytes_.starts_with(byte_order_mark)) bytes_.remove_prefix(byte_order_mark.size());
}

const CsvRecord* CsvReader::next() {
  while (at_ < bytes_.size()) {
    const std::size_t start = at_;
    count_ = 0;
    unescaped_used_ = 0;
    record_.malformed = false;
    record_.line = line_;
    while (read_cells() == CellEnd::cell) {
    }
    std::string_view printed = bytes_.substr(start, at_ - start);
    if (printed.back() == '\n') {
      printed.remove_suffix(1);
      ++line_;
    }
    record_.bytes = without_return(printed);
    if (record_.bytes.empty()) continue;
    record_.cells = {cells_.data(), count_};
    return &record_;
  }
  return nullptr;
}

// One quoted cell, or plain cells up to the next quoted one or the end of the record.
CsvReader::CellEnd CsvReader::read_cells() {
  if (at_ < bytes_.size() && bytes_[at_] == '"') {
    if (const auto end = read_quoted_cell()) return *end;
    record_.malformed = true;
  }
  return read_plain_cells();
}

CsvReader::CellEnd CsvReader::read_plain_cells() {
  const char* const data = bytes_.data();
  const std::size_t size = bytes_.size();
  std::size_t at = at_;
  std::size_t count = count_;
  const std::size_t room = cells_.size();
  while (true) {
    const std::size_t end = find_end(at);
    const bool last = end >= size || data[end] == '\n';
    std::string_view cell(data + at, end - at);
    if (last) cell = without_return(cell);
    if (count < room) {
      cells_[count++] = cell;
    } else {
      record_.malformed = true;
    }
    at = end + 1;
    if (last || at >= size || data[at] == '"') break;
  }
  count_ = count;
  return after_cell(at - 1);
}

// Goes on behind the separator or line feed at `end`.
CsvReader::CellEnd CsvReader::after_cell(std::size_t end) {
  at_ = std::min(end + 1, bytes_.size());
  if (ends_record(end)) return CellEnd::record;
  if (at_ < bytes_.size()) return CellEnd::cell;
  // A separator at the very end of the file closes one more, empty cell.
  add_cell({});
  return CellEnd::record;
}

void CsvReader::add_cell(std::string_view cell) {
  if (count_ < cells_.size()) {
    cells_[count_++] = cell;
  } else {
    record_.malformed = true;
  }
}

std::optional<CsvReader::CellEnd> CsvReader::read_quoted_cell() {
  const std::size_t first = at_ + 1;
  const std::size_t limit = std::min(bytes_.size(), first + format_.max_cell_bytes);
  bool doubled = false;
  std::size_t from = first;
  while (from < limit) {
    const void* hit = std::memchr(bytes_.data() + from, '"', limit - from);
    if (hit == nullptr) return std::nullopt;
    const std::size_t quote = static_cast<std::size_t>(static_cast<const char*>(hit) - bytes_.data());
    if (quote + 1 < bytes_.size() && bytes_[quote + 1] == '"') {
      doubled = true;
      from = quote + 2;
      continue;
    }
    const std::string_view inside = bytes_.substr(first, quote - first);
    line_ += count_lines(inside);
    const bool closed =
        quote + 1 >= bytes_.size() || bytes_[quote + 1] == format_.separator || bytes_[quote + 1] == '\n';
    const std::size_t end = closed ? quote + 1 : find_end(quote + 1);
    const std::string_view behind = bytes_.substr(quote + 1, end - quote - 1);
    if (behind.find_first_not_of(" \r") == std::string_view::npos) {
      add_cell(doubled ? unescaped(inside) : inside);
    } else {
      record_.malformed = true;
      add_cell(without_return(bytes_.substr(at_, end - at_)));
    }
    return after_cell(end);
  }
  return std::nullopt;
}

std::size_t CsvReader::find_end(std::size_t from) {
  while (from < bytes_.size()) {
    const std::size_t base = from - from % block_bytes;
    if (base != block_) load_block(base);
    const std::uint64_t rest = ends_ >> (from - base);
    if (rest != 0) return from + static_cast<std::size_t>(std::countr_zero(rest));
    from = base + block_bytes;
  }
  return bytes_.size();
}

void CsvReader::load_block(std::size_t base) {
  block_ = base;
  const std::size_t count = std::min(block_bytes, bytes_.size() - base);
  ends_ = count == block_bytes ? marks_of_block(bytes_.data() + base, format_.separator)
                               : marks_bytewise(bytes_.data() + base, count, format_.separator);
}

std::string_view CsvReader::unescaped(std::string_view quoted) {
  if (unescaped_used_ == unescaped_.size()) unescaped_.push_back(std::make_unique<std::string>());
  std::string& out = *unescaped_[unescaped_used_++];
  out.clear();
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    out += quoted[i];
    if (quoted[i] == '"') ++i;
  }
  return out;
}

char csv_separator(std::string_view bytes) {
  const std::string_view header = bytes.substr(0, std::min(bytes.find('\n'), std::size_t{64} * 1024));
  return std::count(header.begin(), header.end(), '\t') > std::count(header.begin(), header.end(), ',') ? '\t'
                                                                                                        : ',';
}

CsvHeader::CsvHeader(const CsvRecord& record) {
  names_.reserve(record.cells.size());
  for (const std::string_view cell : record.cells) names_.push_back(plain(cell));
}

std::optional<std::size_t> CsvHeader::column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), plain(name));
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

}  // namespace entitywatch::parsers
