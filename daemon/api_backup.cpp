// A backup of the running daemon's database.
#include "daemon/api_params.hpp"

namespace entitywatch::daemon::answer {

ApiResponse backup(const Ask& ask) {
  if (!ask.actions.backup)
    return problem(
        409, "Conflict",
        "this needs the running daemon; without it `entitywatch backup` opens the database itself");
  auto source = ask.actions.backup();
  if (!source) return problem_of(source.error());
  ApiResponse out;
  out.content_type = "application/x-tar";
  out.source = std::move(*source);
  return out;
}

}  // namespace entitywatch::daemon::answer
