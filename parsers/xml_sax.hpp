// XML as a stream of events, hardened for untrusted bytes: any DOCTYPE is refused, no entity beyond the
// predefined is known, nothing is fetched, size and depth are capped. Safe from any thread; never throws
// (what a handler throws ends the parse as an internal error).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/result.hpp"

namespace entitywatch::parsers {

struct XmlAttribute {
  std::string_view name;   // without namespace prefix
  std::string_view value;  // decoded
};

// The attributes of one element, valid during the start event only.
class XmlAttributes {
 public:
  explicit XmlAttributes(std::span<const XmlAttribute> all) : all_(all) {}
  // The value of the attribute, empty where it is absent.
  [[nodiscard]] std::string_view get(std::string_view name) const {
    for (const XmlAttribute& a : all_)
      if (a.name == name) return a.value;
    return {};
  }
  [[nodiscard]] auto begin() const { return all_.begin(); }
  [[nodiscard]] auto end() const { return all_.end(); }
  [[nodiscard]] bool empty() const { return all_.empty(); }

 private:
  std::span<const XmlAttribute> all_;
};

// Receives the events in document order. All views are UTF-8 and valid during the call only.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  // `name` is without namespace prefix, capitals as in the file.
  virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  // Character data and CDATA, white space included; one text may come in several pieces.
  virtual void text(std::string_view characters) = 0;
};

struct XmlLimits {
  std::size_t max_bytes = 256u << 20;
  std::size_t max_depth = 200;  // elements inside each other
};

// malformed when the bytes are not well-formed XML or carry a DOCTYPE; too_large past the limits. The
// handler has then seen the events up to the fault.
[[nodiscard]] Result<void> parse_xml(std::string_view bytes, XmlHandler& handler,
                                     const XmlLimits& limits = {});

}  // namespace entitywatch::parsers
