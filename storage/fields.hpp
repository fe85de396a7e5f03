// Which fields of a type are stored, in which order: the one description that both Encoder and Decoder
// walk. Binding every member by position makes the compiler refuse a type that gained or lost a field;
// the pinned bytes in tests/fixtures/storage refuse one whose fields changed places.
//
// To add a field: raise record_version (codec.hpp), read it only when `io.version()` is new enough, pin a
// fixture of the version left behind.
#pragma once

#include <concepts>

#include "core/commit.hpp"
#include "storage/records.hpp"
#include "storage/wire.hpp"

namespace entitywatch::storage {

// T is R or const R.
template <class T, class R>
concept Like = std::same_as<std::remove_const_t<T>, R>;

// Stored as numbers: a new value goes to the end and is counted here, none changes its place.
template <>
inline constexpr std::uint64_t enum_size<ListId> = 14;
template <>
inline constexpr std::uint64_t enum_size<EntryStatus> = 3;
template <>
inline constexpr std::uint64_t enum_size<ChangeKind> = 9;
template <>
inline constexpr std::uint64_t enum_size<DocumentStage> = 3;
template <>
inline constexpr std::uint64_t enum_size<ObservationKind> = 8;
template <>
inline constexpr std::uint64_t enum_size<Finding::Severity> = 2;
template <>
inline constexpr std::uint64_t enum_size<Alert::Kind> = 3;
template <>
inline constexpr std::uint64_t enum_size<DeliveryStatus> = 3;
template <>
inline constexpr std::uint64_t enum_size<Table> = table_count;

template <class Io, Like<Citation> T>
void fields(Io& io, T& value) {
  auto& [volume, page, date, repaired] = value;
  io(volume, page, date, repaired);
}

template <class Io, Like<Check> T>
void fields(Io& io, T& value) {
  auto& [name, expected, found, ok, detail] = value;
  io(name, expected, found, ok, detail);
}

template <class Io, Like<Finding> T>
void fields(Io& io, T& value) {
  auto& [severity, code, message, excerpt] = value;
  io(severity, code, message, excerpt);
}

template <class Io, Like<Decision> T>
void fields(Io& io, T& value) {
  auto& [field, verdict, rule] = value;
  io(field, verdict, rule);
}

template <class Io, Like<RawCells> T>
void fields(Io& io, T& value) {
  auto& [entity, license_requirement, license_review_policy, citation] = value;
  io(entity, license_requirement, license_review_policy, citation);
}

template <class Io, Like<Listing> T>
void fields(Io& io, T& value) {
  auto& [country, country_code, name, aliases, former_names, addresses, cross_references, license_requirement,
         license_review_policy, requirement_form, policy_form, citations, footnotes, parent, programs,
         remarks, start_date, end_date, raw, checks, findings] = value;
  io(country, country_code, name, aliases, former_names, addresses, cross_references, license_requirement,
     license_review_policy, requirement_form, policy_form, citations, footnotes, parent, programs, remarks,
     start_date, end_date, raw, checks, findings);
}

template <class Io, Like<Entry> T>
void fields(Io& io, T& value) {
  auto& [id, list, listing, status, source, first_seen, last_confirmed, effective_on, document, versions] =
      value;
  io(id, list, listing, status, source, first_seen, last_confirmed, effective_on, document, versions);
}

template <class Io, Like<EntryVersion> T>
void fields(Io& io, T& value) {
  auto& [entry_id, number, status, effective_on, known_at, change_id, listing, source, document, as_of, past] =
      value;
  io(entry_id, number, status, effective_on, known_at, change_id, listing);
  if (io.version() >= 3) io(source, document, as_of, past);
}

template <class Io, Like<SourceRow> T>
void fields(Io& io, T& value) {
  auto& [source, list, entry_id, listing, gone] = value;
  static_cast<void>(gone);  // an order to the archive, not part of the row
  io(source, list, entry_id, listing);
}

template <class Io, Like<Touched> T>
void fields(Io& io, T& value) {
  auto& [title, part, section, what, action] = value;
  io(title, part, section, what, action);
}

template <class Io, Like<Relation> T>
void fields(Io& io, T& value) {
  auto& [kind, target, from, until] = value;
  io(kind, target);
  if (io.version() >= 3) io(from, until);
}

template <class Io, Like<Document> T>
void fields(Io& io, T& value) {
  auto& [number, citation, volume, start_page, end_page, title, type, action, abstract, topic, agencies, url,
         xml_url, pdf_url, text_url, stage, filed_at, publication_date, effective_on, effective_dates,
         dates_text, savings_until, dockets, rins, authority, relations, touched, checks, findings, source,
         first_seen, evidence, content_digest] = value;
  io(number, citation, volume, start_page, end_page, title, type, action, abstract, topic, agencies, url,
     xml_url, pdf_url, text_url, stage, filed_at, publication_date, effective_on, effective_dates, dates_text,
     savings_until, dockets, rins, authority, relations, touched, checks, findings, source, first_seen,
     evidence, content_digest);
}

template <class Io, Like<DocumentRef> T>
void fields(Io& io, T& value) {
  auto& [number, citation, title, url, filed_at, publication_date, effective_on] = value;
  io(number, citation, title, url, filed_at, publication_date, effective_on);
}

template <class Io, Like<Sighting> T>
void fields(Io& io, T& value) {
  auto& [source, role, seen_at, document, as_of, note, sha256] = value;
  io(source, role, seen_at, document, as_of, note, sha256);
}

template <class Io, Like<Evidence> T>
void fields(Io& io, T& value) {
  auto& [sha256, url, fetched_at] = value;
  io(sha256, url, fetched_at);
}

template <class Io, Like<Change> T>
void fields(Io& io, T& value) {
  auto& [id, seq, revision, position, kind, list, entry, before, changed, document, effective_on, detected_at,
         source, sightings, review, checks, findings, evidence, note, decisions] = value;
  io(id, seq, revision, position, kind, list, entry, before, changed, document, effective_on, detected_at,
     source, sightings, review, checks, findings, evidence, note);
  if (io.version() >= 3) io(decisions);
}

template <class Io, Like<WatchlistMatch> T>
void fields(Io& io, T& value) {
  auto& [change_id, counterparty, counterparty_id, score, matched_name] = value;
  io(change_id, counterparty, counterparty_id, score, matched_name);
}

template <class Io, Like<Alert> T>
void fields(Io& io, T& value) {
  auto& [id, kind, subscription, document, source, created_at, not_before, is_update, change_ids, matches,
         subject, text] = value;
  io(id, kind, subscription, document, source, created_at, not_before, is_update, change_ids, matches,
     subject, text);
}

template <class Io, Like<DeliveryResponse> T>
void fields(Io& io, T& value) {
  auto& [status, excerpt, latency_ms] = value;
  io(status, excerpt, latency_ms);
}

template <class Io, Like<Delivery> T>
void fields(Io& io, T& value) {
  auto& [id, alert_id, channel, subscription, order_key, status, attempts, created_at, next_attempt_at,
         delivered_at, last_response, done_recipients, first_attempt_at] = value;
  io(id, alert_id, channel, subscription, order_key, status, attempts, created_at, next_attempt_at,
     delivered_at, last_response, done_recipients, first_attempt_at);
}

template <class Io, Like<SourceError> T>
void fields(Io& io, T& value) {
  auto& [code, message, at] = value;
  io(code, message, at);
}

template <class Io, Like<SourceHold> T>
void fields(Io& io, T& value) {
  auto& [reason, since, digest] = value;
  io(reason, since, digest);
}

template <class Io, Like<SourceState> T>
void fields(Io& io, T& value) {
  auto& [name, last_attempt_at, last_success_at, last_change_at, next_poll_at, last_error, held,
         failures_in_row, operators_told, has_baseline, released_digest, reader_version, memory] = value;
  io(name, last_attempt_at, last_success_at, last_change_at, next_poll_at, last_error, held, failures_in_row,
     operators_told, has_baseline, released_digest, reader_version, memory);
}

template <class Io, Like<StoredPart> T>
void fields(Io& io, T& value) {
  auto& [role, url, content_type, headers, sha256, bytes] = value;
  io(role, url, content_type, headers, sha256, bytes);
}

template <class Io, Like<StoredObservation> T>
void fields(Io& io, T& value) {
  auto& [source, kind, key, as_of, fetched_at, chain_number, parts] = value;
  io(source, kind, key, as_of, fetched_at, chain_number, parts);
}

template <class Io, Like<LinkItem> T>
void fields(Io& io, T& value) {
  auto& [table, key, digest] = value;
  io(table, key, digest);
}

template <class Io, Like<Link> T>
void fields(Io& io, T& value) {
  auto& [number, previous, items] = value;
  io(number, previous, items);
}

template <class Io, Like<Head> T>
void fields(Io& io, T& value) {
  auto& [seq, position, observation, link, link_hash] = value;
  io(seq, position, observation, link, link_hash);
}

template <class Io, Like<StoredText> T>
void fields(Io& io, T& value) {
  auto& [text] = value;
  io(text);
}

template <class Io, Like<StoredEvidence> T>
void fields(Io& io, T& value) {
  auto& [size, zstd, base] = value;
  io(size, zstd);
  if (io.version() >= 2) io(base);
}

template <class Io, Like<EvidenceBase> T>
void fields(Io& io, T& value) {
  auto& [address, frame_bytes, delta_bytes] = value;
  io(address, frame_bytes, delta_bytes);
}

}  // namespace entitywatch::storage
