// A change as an alert would show it.
#include "daemon/api_params.hpp"
#include "daemon/sample_alert.hpp"

namespace entitywatch::daemon::answer {

ApiResponse change_preview(const Ask& ask) {
  const std::string channel = text_parameter(ask.request, "channel");
  const auto view = load_preview(ask.reader, *ask.config, ask.path[0]);
  if (!view) return problem_of(view.error());
  auto text = preview_text(*view, channel.empty() ? "email" : channel);
  if (!text) return problem_of(text.error());
  ApiResponse out;
  out.body = std::move(*text);
  out.content_type = "text/plain; charset=utf-8";
  return out;
}

}  // namespace entitywatch::daemon::answer
