#include "storage/chain.hpp"

#include <cstring>

#include "storage/codec.hpp"

namespace entitywatch::storage {

SealedLink seal(const Link& link) {
  SealedLink out{encode(link), {}};
  out.hash = sha256(out.value);
  out.value += bytes_of(out.hash);
  return out;
}

Result<OpenedLink> open_link(std::string_view value) {
  OpenedLink out;
  if (value.size() < out.hash.size()) return fail(ErrorCode::damaged, "its record is cut short");
  const std::string_view record = value.substr(0, value.size() - out.hash.size());
  out.hash = sha256(record);
  if (bytes_of(out.hash) != value.substr(record.size()))
    return fail(ErrorCode::damaged, "its content does not match its own hash");
  auto link = decode<Link>(record);
  if (!link) return tl::unexpected(link.error());
  out.link = std::move(*link);
  return out;
}

}  // namespace entitywatch::storage
