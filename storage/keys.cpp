#include "storage/keys.hpp"

#include <fmt/format.h>

namespace entitywatch::storage {

std::string describe(Table table, std::string_view key) {
  std::string out = fmt::format("{} ", name_of(table));
  for (char c : key) {
    if (c > ' ' && c < '\x7f')
      out += c;
    else
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace entitywatch::storage

namespace entitywatch::storage::keys {
namespace {

constexpr std::size_t number_size = 8;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

std::string join(std::string_view a, std::string_view b, std::string_view c = {}) {
  std::string out;
  out.reserve(a.size() + b.size() + c.size());
  return out.append(a).append(b).append(c);
}

// The time that the first 8 bytes hold.
std::optional<Time> read_time(std::string_view bytes) {
  if (bytes.size() < number_size) return std::nullopt;
  const auto bits = last_number(bytes.substr(0, number_size));
  return Time{std::chrono::milliseconds{static_cast<std::int64_t>(*bits ^ sign_bit)}};
}

std::string list_byte(ListId list) { return std::string(1, static_cast<char>(list)); }

}  // namespace

std::string number(std::uint64_t value) {
  std::string out(number_size, '\0');
  for (std::size_t i = number_size; i-- > 0; value >>= 8) out[i] = static_cast<char>(value & 0xff);
  return out;
}

std::optional<std::uint64_t> last_number(std::string_view bytes) {
  if (bytes.size() < number_size) return std::nullopt;
  std::uint64_t value = 0;
  for (char byte : bytes.substr(bytes.size() - number_size))
    value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string time(Time value) {
  return number(static_cast<std::uint64_t>(value.time_since_epoch().count()) ^ sign_bit);
}

std::string text(std::string_view value) {
  std::string out;
  out.reserve(value.size() + 2);
  for (char c : value) {
    out += c;
    if (c == '\0') out += '\xff';
  }
  return out.append(2, '\0');
}

std::string after(std::string_view key) { return std::string{key} + '\0'; }

std::string note(std::string_view name) { return join("note/", name); }

std::string evidence_base(std::string_view source, std::string_view key, std::string_view role) {
  return join("base/", text(source) + text(key), role);
}

std::string observation(std::uint64_t n) { return join(observations, number(n)); }
std::string observations_with(const Digest& sha256) { return join("e", bytes_of(sha256)); }
std::string observation_with(const Digest& sha256, std::uint64_t n) {
  return join(observations_with(sha256), number(n));
}

std::string entries_of(ListId list) { return join(entries, list_byte(list)); }
std::string entry(ListId list, std::string_view id) { return join(entries, list_byte(list), id); }
std::string entry_list(std::string_view id) { return join("i", id); }

std::string versions_of(std::string_view entry_id) { return text(entry_id); }
std::string version(std::string_view entry_id, std::uint64_t n) { return join(text(entry_id), number(n)); }

std::string source_rows_of(std::string_view source) { return text(source); }
std::string source_row(std::string_view source, ListId list, std::string_view entry_id) {
  return join(text(source), list_byte(list), entry_id);
}

std::string change_id(std::string_view id) { return join("i", id); }
std::string position(std::uint64_t n) { return join(positions, number(n)); }
std::string changes_of_document(std::string_view n) { return join("d", text(n)); }
std::string change_of_document(std::string_view n, std::uint64_t seq) {
  return join("d", text(n), number(seq));
}
std::string changes_of_entry(std::string_view id) { return join("e", text(id)); }
std::string change_of_entry(std::string_view id, std::uint64_t seq) {
  return join("e", text(id), number(seq));
}

std::string delivery_by_time(Time created_at, std::string_view id) {
  return join(deliveries_by_time, time(created_at), id);
}
std::string delivery_due(Time due_at, std::string_view id) { return join(deliveries_due, time(due_at), id); }
std::string waiting_value(Time created_at, std::string_view channel) {
  return join(time(created_at), channel);
}
std::optional<WaitingValue> waiting_value(std::string_view value) {
  const auto created_at = read_time(value);
  if (!created_at) return std::nullopt;
  return WaitingValue{*created_at, std::string(value.substr(number_size))};
}
std::string_view delivery_id(std::string_view key) {
  return key.size() > number_size ? key.substr(1 + number_size) : std::string_view{};
}
std::optional<Time> delivery_time(std::string_view key) {
  return key.empty() ? std::nullopt : read_time(key.substr(1));
}

}  // namespace entitywatch::storage::keys
