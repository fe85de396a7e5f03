// Which network addresses count as ours or our neighbours': deliveries do not go there unless a channel
// says so, and publishers there are not rate limited.
#pragma once

#include <string_view>

struct sockaddr;

namespace entitywatch::daemon {

// "localhost", 127.0.0.0/8, ::1 (with or without brackets), as written; no name is resolved.
[[nodiscard]] bool is_loopback_host(std::string_view host);

// Loopback, private, link-local (with it the metadata address 169.254.169.254), carrier-grade NAT, multicast,
// reserved and unspecified addresses, also inside IPv4-mapped, NAT64 and 6to4 addresses. True for anything
// that is not IPv4 or IPv6: what we cannot judge is not public.
[[nodiscard]] bool is_private_address(const sockaddr& address);

}  // namespace entitywatch::daemon
