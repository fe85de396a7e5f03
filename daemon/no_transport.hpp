// Transports that send nothing: for building channels only to check or to look at them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "notify/transport.hpp"

namespace entitywatch::daemon {

class NoHttp final : public notify::HttpTransport {
 public:
  Result<notify::HttpResponse> post(const notify::HttpRequest&) override {
    return fail(ErrorCode::refused, "nothing is sent while checking or previewing");
  }
};

class NoMail final : public notify::MailTransport {
 public:
  Result<std::vector<notify::RecipientResult>> send(const notify::MailRequest&) override {
    return fail(ErrorCode::refused, "nothing is sent while checking or previewing");
  }
};

}  // namespace entitywatch::daemon
