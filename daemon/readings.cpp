#include "daemon/readings.hpp"

#include "core/hash.hpp"
#include "parsers/csl.hpp"
#include "parsers/dpl.hpp"
#include "parsers/ecfr.hpp"
#include "parsers/federal_register.hpp"
#include "parsers/news.hpp"
#include "parsers/public_inspection.hpp"

namespace entitywatch::daemon {
namespace {

const std::string* bytes_of(const Observation& o, std::string_view role) {
  const ObservationPart* part = o.part(role);
  return part == nullptr ? nullptr : &part->bytes;
}

Result<Reading> read_register_document(const Observation& o) {
  parsers::FederalRegisterInput input;
  if (const std::string* json = bytes_of(o, "metadata")) input.metadata_json = *json;
  if (const std::string* xml = bytes_of(o, "xml")) input.xml = *xml;
  input.publication_date = o.as_of;
  auto document = parsers::read_federal_register_document(input);
  if (!document) return tl::unexpected(document.error());
  Reading out;
  out.documents.push_back(std::move(*document));
  return out;
}

Result<Reading> read_register_issue(const Observation& o) {
  const std::string* xml = bytes_of(o, "xml");
  if (xml == nullptr) return fail(ErrorCode::internal, "an issue without its XML was observed", o.key);
  auto documents = parsers::read_federal_register_issue(*xml);
  if (!documents) return tl::unexpected(documents.error());
  return Reading{std::move(*documents), {}, {}};
}

Result<Reading> read_ecfr(const Observation& o) {
  const std::string* xml = bytes_of(o, "body");
  if (xml == nullptr) return fail(ErrorCode::internal, "an eCFR part without its bytes was observed", o.key);
  auto part = parsers::read_ecfr_part(*xml);
  if (!part) return tl::unexpected(part.error());
  return Reading{{}, std::move(part->lists), std::move(part->findings)};
}

Result<Reading> read_inspection(const Observation& o) {
  parsers::InspectionInput input;
  if (const std::string* json = bytes_of(o, "metadata")) input.metadata_json = *json;
  if (const std::string* text = bytes_of(o, "text")) input.text = *text;
  auto document = parsers::read_public_inspection_document(input);
  if (!document) return tl::unexpected(document.error());
  Reading out;
  out.documents.push_back(std::move(*document));
  return out;
}

Result<Reading> read_csl_file(const Observation& o) {
  auto csl = parsers::read_csl(o.parts.front().bytes);
  if (!csl) return tl::unexpected(csl.error());
  return Reading{{}, std::move(csl->lists), std::move(csl->findings)};
}

Result<Reading> read_dpl_file(const Observation& o) {
  auto dpl = parsers::read_dpl(o.parts.front().bytes);
  if (!dpl) return tl::unexpected(dpl.error());
  Reading out;
  out.lists.push_back(std::move(*dpl));
  return out;
}

Result<Reading> read_news_page(const Observation& o) {
  auto news = parsers::read_news(o.parts.front().bytes, o.parts.front().url);
  if (!news) return tl::unexpected(news.error());
  return Reading{std::move(news->items), {}, std::move(news->findings)};
}

// A document carries the addresses of the bytes it was read from.
void attach_evidence(const Observation& o, Reading& reading) {
  std::vector<std::string> addresses;
  std::string all;
  for (const ObservationPart& part : o.parts) {
    addresses.push_back(sha256_hex(part.bytes));
    all += addresses.back();
  }
  for (DocumentReading& d : reading.documents) {
    d.document.evidence = addresses;
    d.document.content_digest = sha256_hex(all);
  }
}

}  // namespace

Result<Reading> read(const Observation& observation) {
  Result<Reading> reading = fail(ErrorCode::internal, "no reader for this kind of observation", std::string(to_string(observation.kind)));
  switch (observation.kind) {
    case ObservationKind::federal_register_document: reading = read_register_document(observation); break;
    case ObservationKind::federal_register_issue: reading = read_register_issue(observation); break;
    case ObservationKind::ecfr_part: reading = read_ecfr(observation); break;
    case ObservationKind::public_inspection_document: reading = read_inspection(observation); break;
    case ObservationKind::csl: reading = read_csl_file(observation); break;
    case ObservationKind::dpl: reading = read_dpl_file(observation); break;
    case ObservationKind::news: reading = read_news_page(observation); break;
    case ObservationKind::document_withdrawn: reading = Reading{}; break;
  }
  if (!reading) {
    Error error = reading.error();
    error.context = error.context.empty() ? observation.source + ", " + observation.key : error.context;
    return tl::unexpected(std::move(error));
  }
  attach_evidence(observation, *reading);
  return reading;
}

}  // namespace entitywatch::daemon
