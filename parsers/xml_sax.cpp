#include "parsers/xml_sax.hpp"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace entitywatch::parsers {
namespace {

constexpr std::size_t chunk_bytes = 16u << 10;

struct FreeContext {
  void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};

std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }
std::string_view view(const xmlChar* first, const xmlChar* last) {
  return {reinterpret_cast<const char*>(first), static_cast<std::size_t>(last - first)};
}

// One parse: the handler, its limits, and why it was stopped.
struct Parse {
  XmlHandler& handler;
  const XmlLimits& limits;
  xmlParserCtxt* context = nullptr;
  std::size_t depth = 0;
  std::vector<XmlAttribute> attributes;
  std::vector<std::string> decoded;  // attribute values that held an ampersand
  Error stopped{};
  bool is_stopped = false;

  void stop(ErrorCode code, std::string message) {
    if (is_stopped) return;
    stopped = {code, std::move(message), {}};
    is_stopped = true;
    xmlStopParser(context);
  }

  // The handler is C++ and may throw; libxml2 is C and must not be thrown through.
  template <class Call>
  void guarded(Call call) noexcept {
    if (is_stopped) return;
    try {
      call();
    } catch (const std::exception& e) {
      stop_after_exception(e.what());
    } catch (...) {
      stop_after_exception("unknown");
    }
  }

  void stop_after_exception(const char* what) noexcept {
    try {
      stop(ErrorCode::internal, std::string("the XML reader failed: ") + what);
    } catch (...) {
      is_stopped = true;
      stopped.code = ErrorCode::internal;
      xmlStopParser(context);
    }
  }
};

Parse& parse_of(void* user) { return *static_cast<Parse*>(user); }

// Without entity replacement libxml2 hands "&amp;" in attributes over as "&#38;".
std::string decode_ampersands(std::string_view value) {
  constexpr std::string_view coded = "&#38;";
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    if (value.substr(at, coded.size()) == coded) {
      out += '&';
      at += coded.size();
    } else {
      out += value[at++];
    }
  }
  return out;
}

void on_start(void* user, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**,
              int count, int, const xmlChar** raw) {
  Parse& parse = parse_of(user);
  parse.guarded([&] {
    if (++parse.depth > parse.limits.max_depth)
      return parse.stop(ErrorCode::too_large,
                        "the XML nests deeper than " + std::to_string(parse.limits.max_depth) + " elements");
    parse.attributes.clear();
    parse.decoded.clear();
    parse.decoded.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      const xmlChar** a = raw + std::ptrdiff_t{5} * i;  // name, prefix, URI, value begin, value end
      std::string_view value = view(a[3], a[4]);
      if (value.find('&') != std::string_view::npos)
        value = parse.decoded.emplace_back(decode_ampersands(value));
      parse.attributes.push_back({view(a[0]), value});
    }
    parse.handler.start(view(name), XmlAttributes(parse.attributes));
  });
}

void on_end(void* user, const xmlChar* name, const xmlChar*, const xmlChar*) {
  Parse& parse = parse_of(user);
  parse.guarded([&] {
    --parse.depth;
    parse.handler.end(view(name));
  });
}

void on_text(void* user, const xmlChar* text, int length) {
  Parse& parse = parse_of(user);
  parse.guarded([&] { parse.handler.text(view(text, text + length)); });
}

void on_doctype(void* user, const xmlChar*, const xmlChar*, const xmlChar*) {
  Parse& parse = parse_of(user);
  parse.guarded([&] { parse.stop(ErrorCode::malformed, "the XML carries a DOCTYPE, which is refused"); });
}

xmlSAXHandler events() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = on_text;
  sax.ignorableWhitespace = on_text;
  sax.cdataBlock = on_text;
  sax.internalSubset = on_doctype;
  return sax;
}

Error fault_of(xmlParserCtxt* context) {
  const xmlError* error = xmlCtxtGetLastError(context);
  std::string what = error != nullptr && error->message != nullptr ? error->message : "unknown fault";
  while (!what.empty() && (what.back() == '\n' || what.back() == ' ')) what.pop_back();
  return {ErrorCode::malformed,
          "not well-formed XML: " + what.substr(0, 200) + " (line " +
              std::to_string(error != nullptr ? error->line : 0) + ")",
          {}};
}

}  // namespace

Result<void> parse_xml(std::string_view bytes, XmlHandler& handler, const XmlLimits& limits) {
  static const bool ready = [] {
    xmlInitParser();
    return true;
  }();
  static_cast<void>(ready);
  if (bytes.size() > limits.max_bytes)
    return fail(ErrorCode::too_large, "the XML has more than " + std::to_string(limits.max_bytes) + " bytes");

  Parse parse{handler, limits, nullptr, 0, {}, {}, {}, false};
  xmlSAXHandler sax = events();
  // The first four bytes decide the encoding.
  const std::size_t first = std::min<std::size_t>(bytes.size(), 4);
  const std::unique_ptr<xmlParserCtxt, FreeContext> context(
      xmlCreatePushParserCtxt(&sax, &parse, bytes.data(), static_cast<int>(first), nullptr));
  if (!context) return fail(ErrorCode::internal, "no memory for an XML parser");
  parse.context = context.get();
  xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

  for (std::size_t at = first; at < bytes.size() && !parse.is_stopped && context->wellFormed;
       at += chunk_bytes) {
    const std::size_t size = std::min(chunk_bytes, bytes.size() - at);
    xmlParseChunk(context.get(), bytes.data() + at, static_cast<int>(size), 0);
  }
  if (!parse.is_stopped && context->wellFormed) xmlParseChunk(context.get(), nullptr, 0, 1);
  if (parse.is_stopped) return tl::unexpected<Error>(std::move(parse.stopped));
  if (!context->wellFormed) return tl::unexpected<Error>(fault_of(context.get()));
  return {};
}

}  // namespace entitywatch::parsers
