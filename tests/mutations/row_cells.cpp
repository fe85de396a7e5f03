#include "row_cells.hpp"

#include <cstdlib>

namespace entitywatch::mutations {
namespace {

std::size_t length_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

void append_utf8(std::string& out, char32_t code) {
  const auto byte = [&](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      byte(0xE0 | (code >> 12));
    } else {
      byte(0xF0 | (code >> 18));
      byte(0x80 | ((code >> 12) & 0x3F));
    }
    byte(0x80 | ((code >> 6) & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

std::string resolved(const std::string& reference) {
  const bool hex = reference[2] == 'x';
  std::string out;
  append_utf8(out,
              static_cast<char32_t>(std::strtoul(reference.c_str() + (hex ? 3 : 2), nullptr, hex ? 16 : 10)));
  return out;
}

Row read_row(std::string_view xml, std::size_t begin, std::size_t end) {
  Row row{begin, end, {}, false};
  std::size_t at = begin;
  while ((at = xml.find("<TD", at)) < end) {
    const std::size_t inner = xml.find('>', at) + 1;
    const std::size_t close = xml.find("</TD>", inner);
    if (close > end) break;
    row.cells.push_back({inner, std::string(xml.substr(inner, close - inner))});
    at = close;
  }
  if (!row.cells.empty())
    row.names_country = row.cells[0].inner.find_first_not_of(" \n\t") != std::string::npos;
  return row;
}

}  // namespace

std::vector<Row> rows_of(std::string_view xml) {
  std::vector<Row> out;
  std::size_t at = xml.find("<DIV9 N=\"Supplement No. 4 ");
  const std::size_t stop = at == std::string_view::npos ? 0 : xml.find("</DIV9>", at);
  while (at != std::string_view::npos && (at = xml.find("<TR>", at)) < stop) {
    const std::size_t end = xml.find("</TR>", at) + 5;
    Row row = read_row(xml, at, end);
    if (row.cells.size() == 5 && row.cells[1].inner.size() > 20) out.push_back(std::move(row));
    at = end;
  }
  return out;
}

std::vector<Piece> pieces_of(std::string_view inner) {
  std::vector<Piece> out;
  for (std::size_t i = 0; i < inner.size();) {
    const char c = inner[i];
    const std::size_t close = c == '<'   ? inner.find('>', i)
                              : c == '&' ? inner.find(';', i)
                                         : std::string_view::npos;
    const std::size_t size = close == std::string_view::npos ? length_of(c) : close + 1 - i;
    const auto kind = close == std::string_view::npos ? Piece::Kind::character
                      : c == '<'                      ? Piece::Kind::tag
                                                      : Piece::Kind::reference;
    std::string text(inner.substr(i, size));
    if (kind == Piece::Kind::reference && text[1] == '#') {
      out.push_back({Piece::Kind::character, resolved(text)});
    } else {
      out.push_back({kind, std::move(text)});
    }
    i += size;
  }
  return out;
}

std::string joined(const std::vector<Piece>& pieces) {
  std::string out;
  for (const Piece& p : pieces) out += p.text;
  return out;
}

std::string shape_of(const std::vector<Piece>& pieces) {
  std::string out;
  for (const Piece& p : pieces)
    out += p.kind == Piece::Kind::character && p.text.size() == 1 ? p.text[0] : '\x01';
  return out;
}

std::string visible_text(std::string_view inner) {
  std::string out;
  for (const Piece& p : pieces_of(inner)) {
    if (p.kind == Piece::Kind::tag) {
      out += ' ';
    } else if (p.kind == Piece::Kind::character) {
      out += p.text;
    } else {
      out += p.text == "&amp;" ? '&' : ' ';
    }
  }
  return out;
}

}  // namespace entitywatch::mutations
