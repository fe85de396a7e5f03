// The changes of an alert as a CSV file (RFC 4180, with a byte-order mark so that spreadsheets read UTF-8):
// what is attached to mails whose body cannot hold them all.
#pragma once

#include <string>

#include "notify/channel.hpp"

namespace entitywatch::notify {

[[nodiscard]] std::string changes_csv(const AlertView& view);

}  // namespace entitywatch::notify
