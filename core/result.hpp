// Expected failures are values. Result<T> carries either a T or an Error that names the thing, what is
// wrong with it, and the mend. Exceptions stop at the edge of the library that threw them.
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace entitywatch {

// What kind of failure it is; callers branch on it, users see `to_string` of it as `code`.
enum class ErrorCode {
  invalid_argument,  // the caller's or the user's input is wrong
  invalid_config,    // a configuration file is wrong
  malformed,         // bytes that should have been a known format are not
  implausible,       // well-formed, but cannot be true (shrunken list, challenge page)
  unavailable,       // the far side does not answer, or answers that it cannot
  timeout,           // no answer within the time allowed
  too_large,         // larger than the cap set for it
  refused,           // we will not do this (private address, newer database)
  in_use,            // another process holds it
  damaged,           // stored data fails its own checks
  not_found,         // asked for by name and absent
  io,                // the disk or the operating system failed
  internal,          // our own mistake
};

[[nodiscard]] const char* to_string(ErrorCode code);

// `message` is one sentence for a user: the thing, what is wrong, the mend. `context` says where: a
// source's name, a URL, a document number, a file; empty when the message says it all.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string context;

  // "message (context)".
  [[nodiscard]] std::string describe() const;
  bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string context = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(context)});
}

}  // namespace entitywatch
