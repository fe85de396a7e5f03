#include "daemon/address_rules.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

struct Range {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// The special-purpose IPv4 ranges of RFC 6890 that are not globally reachable.
constexpr std::array<Range, 15> closed{{
    {ip(0, 0, 0, 0), 8},
    {ip(10, 0, 0, 0), 8},
    {ip(100, 64, 0, 0), 10},
    {ip(127, 0, 0, 0), 8},
    {ip(169, 254, 0, 0), 16},
    {ip(172, 16, 0, 0), 12},
    {ip(192, 0, 0, 0), 24},
    {ip(192, 0, 2, 0), 24},
    {ip(192, 88, 99, 0), 24},
    {ip(192, 168, 0, 0), 16},
    {ip(198, 18, 0, 0), 15},
    {ip(198, 51, 100, 0), 24},
    {ip(203, 0, 113, 0), 24},
    {ip(224, 0, 0, 0), 4},
    {ip(240, 0, 0, 0), 4},
}};

bool is_private_v4(std::uint32_t address) {
  for (const Range& r : closed)
    if ((address ^ r.network) >> (32 - r.bits) == 0) return true;
  return false;
}

std::uint32_t v4_at(const std::uint8_t* bytes) { return ip(bytes[0], bytes[1], bytes[2], bytes[3]); }

bool starts_with(const std::array<std::uint8_t, 16>& address, std::initializer_list<std::uint8_t> prefix) {
  std::size_t i = 0;
  for (const std::uint8_t byte : prefix)
    if (address[i++] != byte) return false;
  return true;
}

bool is_private_v6(const std::array<std::uint8_t, 16>& a) {
  const bool mapped = starts_with(a, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff});
  const bool nat64 = starts_with(a, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0});
  if (mapped || nat64) return is_private_v4(v4_at(a.data() + 12));
  if (starts_with(a, {0x20, 0x02})) return is_private_v4(v4_at(a.data() + 2));  // 6to4
  // Global unicast is 2000::/3; the rest is loopback, unique local, link-local, multicast or reserved.
  if ((a[0] & 0xe0) != 0x20) return true;
  const bool teredo_or_special = starts_with(a, {0x20, 0x01}) && a[2] < 0x02;  // 2001::/23
  return teredo_or_special || starts_with(a, {0x20, 0x01, 0x0d, 0xb8});        // documentation
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string name(host);
  if (text::equals_ignoring_case(name, "localhost") || text::equals_ignoring_case(name, "localhost."))
    return true;
  in_addr v4{};
  if (inet_pton(AF_INET, name.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, name.c_str(), &v6) != 1) return false;
  const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6) != 0;
  return IN6_IS_ADDR_LOOPBACK(&v6) != 0 || (mapped && v6.s6_addr[12] == 127);
}

bool is_private_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_private_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return true;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return is_private_v6(bytes);
}

}  // namespace entitywatch::daemon
