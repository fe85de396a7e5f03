#include "daemon/api_route.hpp"
#include "daemon/page_files.hpp"

namespace entitywatch::daemon {
namespace {

ApiResponse file(std::string_view content_type, std::string_view content) {
  ApiResponse out;
  out.content_type = content_type;
  out.body = content;
  return out;
}

}  // namespace

// Nothing from elsewhere, nothing inline: markup that a publisher's text might carry has no way to run.
ApiResponse answer::page(const Ask&) {
  ApiResponse out = file("text/html; charset=utf-8", embedded::page_html());
  out.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  return out;
}

ApiResponse answer::page_script(const Ask&) {
  return file("text/javascript; charset=utf-8", embedded::page_js());
}

ApiResponse answer::page_style(const Ask&) { return file("text/css; charset=utf-8", embedded::page_css()); }

}  // namespace entitywatch::daemon
