// Records that only the storage room knows: how an observation came, the links of the chain, and where
// the counters stand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/observation.hpp"
#include "storage/digest.hpp"
#include "storage/store.hpp"

namespace entitywatch::storage {

// One part of an observation without its bytes, which lie in the evidence table under `sha256`.
struct StoredPart {
  std::string role;
  std::string url;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  Digest sha256{};
  std::uint64_t bytes = 0;
  bool operator==(const StoredPart&) const = default;
};

struct StoredObservation {
  std::string source;
  ObservationKind kind = ObservationKind::ecfr_part;
  std::string key;
  std::optional<Date> as_of;
  Time fetched_at{};
  std::uint64_t chain_number = 0;
  std::vector<StoredPart> parts;
  bool operator==(const StoredObservation&) const = default;
};

// One write the chain vouches for. `digest` is the SHA-256 of the stored value; in the evidence table of
// the bytes before compression, so that it equals the key; all zero where the row was deleted.
struct LinkItem {
  Table table = Table::meta;
  std::string key;
  Digest digest{};
  bool operator==(const LinkItem&) const = default;
};

struct Link {
  std::uint64_t number = 0;
  Digest previous{};            // hash of the link before; all zero in link 1
  std::vector<LinkItem> items;  // in the order written
  bool operator==(const Link&) const = default;
};

// What the next commit counts on from. Rewritten by every commit that moves it.
struct Head {
  std::uint64_t seq = 0;       // of the newest change
  std::uint64_t position = 0;  // the last one given out; new changes take both from it
  std::uint64_t observation = 0;
  std::uint64_t link = 0;
  Digest link_hash{};
  bool operator==(const Head&) const = default;
};

// Text of others that the archive keeps as it came: subscriptions and notes.
struct StoredText {
  std::string text;
  bool operator==(const StoredText&) const = default;
};

// What the next reading of one thing (a source, a key, a role) is compressed against, and what that has
// cost since it was stored whole.
struct EvidenceBase {
  Digest address{};
  std::uint64_t frame_bytes = 0;  // of its own frame
  std::uint64_t delta_bytes = 0;  // of the frames that rest on it, together
  bool operator==(const EvidenceBase&) const = default;
};

// Compressed evidence; `size` is that of the bytes themselves.
struct StoredEvidence {
  std::uint64_t size = 0;
  std::string zstd;
  // The evidence whose bytes are the dictionary of this frame, itself without a base; absent: none.
  std::optional<Digest> base;
  bool operator==(const StoredEvidence&) const = default;
};

}  // namespace entitywatch::storage
