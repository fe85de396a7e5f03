#include "storage/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "storage/chain.hpp"
#include "storage/keys.hpp"
#include "storage/observations.hpp"
#include "storage/reader.hpp"
#include "storage/scan.hpp"

namespace entitywatch::storage {
namespace {

// How far back the reading before the one in question is looked for.
constexpr std::uint64_t most_observations_back = 100'000;

tl::unexpected<Error> not_vouched(std::string_view change_id) {
  return fail(ErrorCode::damaged,
              fmt::format("the chain does not vouch for change {}: `entitywatch verify` says where it breaks",
                          change_id));
}

class Prover {
 public:
  Prover(const View& view, ChangeProof& proof) : view_(view), proof_(proof) {}

  Result<void> run() {
    const Change& change = proof_.change;
    if (auto added = add_bytes(change.evidence.sha256, change.evidence.fetched_at, "first"); !added)
      return added;
    for (const Sighting& s : change.sightings)
      if (auto added = add_bytes(s.sha256, s.seen_at, s.role); !added) return added;
    if (!proof_.observations.empty())
      if (auto added = add_reading_before(); !added) return added;
    for (const std::string& number : documents_of(change))
      if (auto added = add_document(number); !added) return added;
    return add_links();
  }

 private:
  static std::set<std::string> documents_of(const Change& change) {
    std::set<std::string> out;
    if (change.document) out.insert(change.document->number);
    for (const Sighting& s : change.sightings) out.insert(s.document);
    out.erase("");
    return out;
  }

  // The observation that brought these bytes at that time; where none did just then, the latest that did.
  Result<void> add_bytes(const std::string& sha256, Time at, const std::string& role) {
    const auto address = parse_digest(sha256);
    if (!address) return {};
    std::optional<std::uint64_t> chosen;
    const auto look = [&](std::string_view key, std::string_view) -> Result<bool> {
      const std::uint64_t number = keys::last_number(key).value_or(0);
      const auto stored =
          find_indexed<StoredObservation>(view_, Table::observations, keys::observation(number));
      if (!stored) return tl::unexpected(stored.error());
      chosen = number;
      return stored->fetched_at != at;
    };
    if (auto scanned = scan_rows(view_, Table::observations, keys::observations_with(*address), {}, look);
        !scanned)
      return scanned;
    return chosen ? add_observation(*chosen, role) : Result<void>{};
  }

  Result<void> add_observation(std::uint64_t number, const std::string& role) {
    if (!numbers_.insert(number).second) return {};
    const std::string key = keys::observation(number);
    const auto record = view_.get(Table::observations, key);
    if (!record) return tl::unexpected(record.error());
    const auto stored = decode_at<StoredObservation>(Table::observations, key, record->value_or(""));
    if (!stored) return tl::unexpected(stored.error());
    auto observation = load_observation(view_, *stored);
    if (!observation) return tl::unexpected(observation.error());
    proof_.observations.push_back({number, role, stored->chain_number, **record, std::move(*observation)});
    return {};
  }

  // What a list showed before: a revision and a removal lie between two readings of it.
  Result<void> add_reading_before() {
    const ProvenObservation& first = proof_.observations.front();
    const Observation& reading = first.observation;
    if (reading.kind != ObservationKind::ecfr_part && reading.kind != ObservationKind::csl &&
        reading.kind != ObservationKind::dpl)
      return {};
    const std::uint64_t last =
        first.number > most_observations_back ? first.number - most_observations_back : 1;
    for (std::uint64_t number = first.number; number-- > last;) {
      const auto stored = find<StoredObservation>(view_, Table::observations, keys::observation(number));
      if (!stored) return tl::unexpected(stored.error());
      if (*stored && (*stored)->source == reading.source && (*stored)->key == reading.key)
        return add_observation(number, "before");
    }
    return {};
  }

  Result<void> add_document(const std::string& number) {
    const auto document = find<Document>(view_, Table::documents, number);
    if (!document) return tl::unexpected(document.error());
    if (!*document) return {};
    for (const std::string& sha256 : (*document)->evidence)
      if (auto added = add_bytes(sha256, proof_.change.evidence.fetched_at, "document"); !added) return added;
    return {};
  }

  // From the end back to the earliest that records something of the proof; each must follow from the one
  // before.
  Result<void> add_links() {
    const auto head = read_head(view_);
    if (!head) return tl::unexpected(head.error());
    const std::string seq = keys::number(proof_.change.seq);
    const Digest digest = sha256(proof_.record);
    std::uint64_t earliest = head->link;
    for (const ProvenObservation& o : proof_.observations) earliest = std::min(earliest, o.link);
    Digest expected = head->link_hash;
    for (std::uint64_t number = head->link; number > 0 && (number >= earliest || proof_.link == 0);
         --number) {
      const auto value = view_.get(Table::chain, keys::number(number));
      if (!value) return tl::unexpected(value.error());
      const auto opened = open_link(value->value_or(""));
      if (!opened || opened->hash != expected) return not_vouched(proof_.change.id);
      expected = opened->link.previous;
      if (proof_.link == 0) {
        const auto names = [&](const LinkItem& item) {
          return item.table == Table::changes && item.key == seq;
        };
        const auto item = std::find_if(opened->link.items.begin(), opened->link.items.end(), names);
        if (item != opened->link.items.end()) {
          if (item->digest != digest) return not_vouched(proof_.change.id);
          proof_.link = number;
        }
      }
      const std::string_view record = std::string_view{**value}.substr(0, (*value)->size() - sizeof(Digest));
      proof_.links.push_back({number, std::string{record}, to_hex(opened->hash)});
    }
    if (proof_.link == 0) return not_vouched(proof_.change.id);
    std::reverse(proof_.links.begin(), proof_.links.end());
    return {};
  }

  const View& view_;
  ChangeProof& proof_;
  std::set<std::uint64_t> numbers_;
};

}  // namespace

Result<std::optional<ChangeProof>> prove_change(const View& view, std::string_view change_id) {
  const auto seq = view.get(Table::change_index, keys::change_id(change_id));
  if (!seq) return tl::unexpected(seq.error());
  if (!*seq) return std::nullopt;
  const auto record = view.get(Table::changes, **seq);
  if (!record) return tl::unexpected(record.error());
  auto change = decode_at<Change>(Table::changes, **seq, record->value_or(""));
  if (!change) return tl::unexpected(change.error());
  ChangeProof proof;
  proof.change = std::move(*change);
  proof.record = **record;
  if (auto proven = Prover{view, proof}.run(); !proven) return tl::unexpected(proven.error());
  return std::optional<ChangeProof>{std::move(proof)};
}

}  // namespace entitywatch::storage
