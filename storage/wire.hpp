// The bytes of a record: one version byte, then the fields in order. Whole numbers are LEB128 varints
// (signed ones zigzag), text and lists are preceded by their length, an optional by 0 or 1, an enum is
// its number. No padding, no floating clock or hash order: equal values have equal bytes.
//
// Encoder and Decoder both walk the one `fields(io, value)` a type has (storage/fields.hpp), so that what
// is written is what is read.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "storage/digest.hpp"

namespace entitywatch::storage {

// How many values an enum has, from 0 without a gap: a stored number beyond is damage. Specialised
// beside the fields of the type that holds the enum.
template <class E>
inline constexpr std::uint64_t enum_size = 0;

class Encoder {
 public:
  explicit Encoder(std::uint8_t version) : out_(1, static_cast<char>(version)), version_(version) {}

  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  [[nodiscard]] std::uint8_t version() const { return version_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      out_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    out_ += static_cast<char>(value);
  }
  void zigzag(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void put(const std::string& text) {
    varint(text.size());
    out_ += text;
  }
  void put(const Digest& digest) { out_.append(reinterpret_cast<const char*>(digest.data()), digest.size()); }
  void put(Date date) { zigzag(date.time_since_epoch().count()); }
  void put(Time time) { zigzag(time.time_since_epoch().count()); }
  void put(double value) { varint(std::bit_cast<std::uint64_t>(value)); }
  template <class T>
  void put(const std::optional<T>& value) {
    out_ += value ? '\1' : '\0';
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    varint(values.size());
    for (const T& value : values) put(value);
  }
  template <class K, class V>
  void put(const std::map<K, V>& values) {
    varint(values.size());
    for (const auto& [key, value] : values) (*this)(key, value);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& value) {
    (*this)(value.first, value.second);
  }
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      static_assert(enum_size<T> != 0, "an enum without a stored range");
      varint(static_cast<std::uint64_t>(value));
    } else if constexpr (std::is_unsigned_v<T>) {  // bool among them
      varint(value);
    } else if constexpr (std::is_signed_v<T>) {
      zigzag(value);
    } else {
      fields(*this, value);
    }
  }

  std::string out_;
  std::uint8_t version_;
};

// Reads what Encoder wrote. Never reads past the end and never throws on bad bytes: the first fault
// makes it `failed`, and what it fills in after that is meaningless.
class Decoder {
 public:
  // `bytes` after the version byte.
  Decoder(std::uint8_t version, std::string_view bytes) : rest_(bytes), version_(version) {}

  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  // The version of the record being read, for fields that came later.
  [[nodiscard]] std::uint8_t version() const { return version_; }
  // Everything was there and nothing is left over.
  [[nodiscard]] bool complete() const { return !failed_ && rest_.empty(); }

 private:
  void fault() {
    failed_ = true;
    rest_ = {};
  }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      fault();
      return {};
    }
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = take(1);
      if (failed_) return 0;
      const auto bits = static_cast<std::uint64_t>(static_cast<unsigned char>(byte[0]));
      if (shift == 63 && bits > 1) break;
      value |= (bits & 0x7f) << shift;
      if (bits < 0x80) return value;
    }
    fault();
    return 0;
  }
  std::int64_t zigzag() {
    const std::uint64_t bits = varint();
    return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
  }
  // Every element takes at least one byte, so a larger count is damage, not a reason to allocate.
  std::uint64_t count() {
    const std::uint64_t n = varint();
    if (n > rest_.size()) fault();
    return failed_ ? 0 : n;
  }
  void get(std::string& text) { text = take(varint()); }
  void get(Digest& digest) {
    const std::string_view bytes = take(digest.size());
    if (!failed_) std::memcpy(digest.data(), bytes.data(), digest.size());
  }
  void get(Date& date) {
    const std::int64_t days = zigzag();
    if (days < std::numeric_limits<std::int32_t>::min() || days > std::numeric_limits<std::int32_t>::max())
      fault();
    else
      date = Date{std::chrono::days{days}};
  }
  void get(Time& time) { time = Time{std::chrono::milliseconds{zigzag()}}; }
  void get(double& value) { value = std::bit_cast<double>(varint()); }
  void get(bool& value) {
    const std::uint64_t bits = varint();
    if (bits > 1) fault();
    value = bits == 1;
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    value.reset();
    if (there && !failed_) get(value.emplace());
  }
  template <class T>
  void get(std::vector<T>& values) {
    const std::uint64_t n = count();
    values.clear();
    values.reserve(std::min<std::uint64_t>(n, 1024));
    for (std::uint64_t i = 0; i < n && !failed_; ++i) get(values.emplace_back());
  }
  template <class K, class V>
  void get(std::map<K, V>& values) {
    const std::uint64_t n = count();
    values.clear();
    for (std::uint64_t i = 0; i < n && !failed_; ++i) {
      std::pair<K, V> item;
      get(item);
      values.insert_or_assign(values.end(), std::move(item.first), std::move(item.second));
    }
  }
  template <class A, class B>
  void get(std::pair<A, B>& value) {
    (*this)(value.first, value.second);
  }
  template <class T>
  void get(T& value) {
    if constexpr (std::is_enum_v<T>) {
      const std::uint64_t number = varint();
      if (number >= enum_size<T>)
        fault();
      else
        value = static_cast<T>(number);
    } else if constexpr (std::is_unsigned_v<T>) {
      const std::uint64_t number = varint();
      if (number > std::numeric_limits<T>::max()) fault();
      value = static_cast<T>(number);
    } else if constexpr (std::is_signed_v<T>) {
      const std::int64_t number = zigzag();
      if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max()) fault();
      value = static_cast<T>(number);
    } else {
      fields(*this, value);
    }
  }

  std::string_view rest_;
  std::uint8_t version_;
  bool failed_ = false;
};

}  // namespace entitywatch::storage
