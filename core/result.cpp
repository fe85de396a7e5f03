#include "core/result.hpp"

namespace entitywatch {

const char* to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::invalid_config: return "invalid_config";
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::implausible: return "implausible";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::timeout: return "timeout";
    case ErrorCode::too_large: return "too_large";
    case ErrorCode::refused: return "refused";
    case ErrorCode::in_use: return "in_use";
    case ErrorCode::damaged: return "damaged";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::io: return "io";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

std::string Error::describe() const { return context.empty() ? message : message + " (" + context + ")"; }

}  // namespace entitywatch
