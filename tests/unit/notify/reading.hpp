// Reads mails back, independently of what wrote them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "notify/encoding.hpp"

namespace entitywatch::notify::reading {

inline std::string quoted_printable(std::string_view encoded) {
  std::string out;
  const auto value = [](char c) { return c >= 'A' ? c - 'A' + 10 : c - '0'; };
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] == '\r') continue;
    if (encoded[i] != '=') {
      out += encoded[i];
    } else if (encoded.substr(i, 3) == "=\r\n") {
      i += 2;
    } else {
      out += static_cast<char>(value(encoded[i + 1]) * 16 + value(encoded[i + 2]));
      i += 2;
    }
  }
  return out;
}

// Only what header_text writes: B words of UTF-8, folded lines.
inline std::string encoded_words(std::string_view header) {
  std::string out;
  std::size_t at = 0;
  constexpr std::string_view start = "=?UTF-8?B?";
  while (at < header.size()) {
    if (header.substr(at, start.size()) == start) {
      const std::size_t end = header.find("?=", at + start.size());
      out += base64_decode(header.substr(at + start.size(), end - at - start.size())).value_or("(broken)");
      at = end + 2;
      if (header.substr(at, 3) == "\r\n ") at += 3;
    } else {
      out += header[at++];
    }
  }
  return out;
}

struct Part {
  std::map<std::string, std::string> headers;  // lower-case names, unfolded
  std::string body;                            // decoded
  std::vector<Part> parts;

  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
  // Depth first.
  [[nodiscard]] const Part* find(std::string_view type) const {
    if (header("content-type").starts_with(type)) return this;
    for (const Part& part : parts)
      if (const Part* found = part.find(type)) return found;
    return nullptr;
  }
};

inline Part message(std::string_view raw) {
  Part out;
  const std::size_t split = raw.find("\r\n\r\n");
  std::string last;
  for (std::string line : text::split(raw.substr(0, split), '\n')) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty() && (line[0] == ' ' || line[0] == '\t')) {
      out.headers[last] += "\r\n" + line;
      continue;
    }
    const std::size_t colon = line.find(':');
    last = line.substr(0, colon);
    for (char& c : last) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (out.headers.contains(last)) last += " (again)";
    out.headers[last] = colon == std::string::npos ? "(no colon)" : text::trim(line.substr(colon + 1));
  }
  const std::string_view body = raw.substr(split + 4);
  const std::string type = out.header("content-type");
  const std::size_t mark = type.find("boundary=\"");
  if (mark == std::string::npos) {
    const std::string encoding = out.header("content-transfer-encoding");
    if (encoding == "quoted-printable") {
      out.body = quoted_printable(body);
    } else {
      std::string joined;
      for (const char c : body)
        if (c != '\r' && c != '\n') joined += c;
      out.body = base64_decode(joined).value_or("(broken)");
    }
    return out;
  }
  const std::string boundary = "--" + type.substr(mark + 10, type.find('"', mark + 10) - mark - 10);
  std::size_t at = body.find(boundary);
  while (at != std::string_view::npos && body.substr(at + boundary.size(), 2) != "--") {
    const std::size_t begin = at + boundary.size() + 2;
    at = body.find(boundary, begin);
    out.parts.push_back(message(body.substr(begin, at == std::string_view::npos ? at : at - begin)));
  }
  return out;
}

}  // namespace entitywatch::notify::reading
