#include "daemon/evidence_bundle.hpp"

#include <fmt/format.h>

#include <map>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "core/text.hpp"
#include "daemon/http_response.hpp"
#include "daemon/page_files.hpp"
#include "daemon/tar.hpp"
#include "daemon/version.hpp"

namespace entitywatch::daemon {
namespace {

using storage::ChangeProof;
using storage::ProvenLink;
using storage::ProvenObservation;

std::string link_file(std::uint64_t number) { return fmt::format("chain/{:012}.link", number); }
std::string observation_file(std::uint64_t number, std::string_view end) {
  return fmt::format("observations/{:012}.{}", number, end);
}

Json describe(const ProvenObservation& proven) {
  const Observation& o = proven.observation;
  Json parts = Json::array();
  for (const ObservationPart& part : o.parts) {
    Json headers = Json::array();
    for (const auto& [name, value] : part.headers) headers.push_back(Json{{"name", name}, {"value", value}});
    parts.push_back(Json{{"role", part.role},
                         {"url", part.url},
                         {"content_type", part.content_type},
                         {"headers", std::move(headers)},
                         {"bytes", part.bytes.size()},
                         {"sha256", sha256_hex(part.bytes)}});
  }
  return Json{{"number", proven.number},
              {"seen_as", proven.role},
              {"source", o.source},
              {"kind", to_string(o.kind)},
              {"key", o.key},
              {"as_of", date_or_null(o.as_of)},
              {"fetched_at", format_time(o.fetched_at)},
              {"link", proven.link},
              {"parts", std::move(parts)}};
}

std::string summary_of(const Change& c) {
  const std::string what = c.entry ? fmt::format("{} ({})", c.entry->listing.name, c.entry->listing.country)
                           : c.document ? c.document->title
                                        : "";
  const std::string by =
      c.document ? c.document->number + (c.document->citation.empty() ? "" : ", " + c.document->citation)
                 : c.source;
  return text::sanitize(fmt::format("{} {}, by {}", to_string(c.kind), what, by));
}

std::string readme(const ChangeProof& proof, const EvidenceKey& key) {
  const ProvenLink& head = proof.links.back();
  const std::string file = link_file(head.number);
  const std::map<std::string, std::string> values{{"{CHANGE}", proof.change.id},
                                                  {"{SUMMARY}", summary_of(proof.change)},
                                                  {"{VERSION}", version},
                                                  {"{FINGERPRINT}", key.fingerprint()},
                                                  {"{HEAD_NUMBER}", std::to_string(head.number)},
                                                  {"{HEAD}", head.hash},
                                                  {"{HEAD_FILE}", file.substr(file.find('/') + 1)}};
  std::string out{embedded::evidence_readme()};
  for (const auto& [name, value] : values)
    for (std::size_t at = out.find(name); at != std::string::npos; at = out.find(name, at + value.size()))
      out.replace(at, name.size(), value);
  return out;
}

// By name, so that order follows from content.
using Files = std::map<std::string, std::string>;

Files files_of(const ChangeProof& proof) {
  Files out;
  std::string held;
  const auto holds = [&](const std::string& holder, const std::string& file) {
    held += fmt::format("{} {}\n", holder, file);
  };
  out["change.json"] = dump(to_json(proof.change), 2) + "\n";
  out["change.record"] = proof.record;
  holds(link_file(proof.link), "change.record");
  for (const ProvenObservation& o : proof.observations) {
    const std::string record = observation_file(o.number, "record");
    out[observation_file(o.number, "json")] = dump(describe(o), 2) + "\n";
    out[record] = o.record;
    holds(link_file(o.link), record);
    for (const ObservationPart& part : o.observation.parts) {
      const std::string file = "evidence/" + sha256_hex(part.bytes);
      out[file] = part.bytes;
      holds(record, file);
      holds(link_file(o.link), file);
    }
  }
  for (std::size_t i = 0; i < proof.links.size(); ++i) {
    out[link_file(proof.links[i].number)] = proof.links[i].record;
    if (i > 0) holds(link_file(proof.links[i].number), link_file(proof.links[i - 1].number));
  }
  out["proof.txt"] = std::move(held);
  return out;
}

Result<void> sign(Files& files, const EvidenceKey& key) {
  files["public-key.pem"] = key.public_pem();
  std::string sums;
  for (const auto& [name, bytes] : files) sums += fmt::format("{}  {}\n", sha256_hex(bytes), name);
  auto signature = key.sign(sums);
  if (!signature) return tl::unexpected(signature.error());
  files["SHA256SUMS"] = std::move(sums);
  files["SHA256SUMS.sig"] = std::move(*signature);
  return {};
}

}  // namespace

Result<EvidenceBundle> make_evidence_bundle(const ChangeProof& proof, const EvidenceKey& key) {
  Files files = files_of(proof);
  files["README.txt"] = readme(proof, key);
  if (auto signed_all = sign(files, key); !signed_all) return tl::unexpected(signed_all.error());
  const std::string folder = "evidence-" + proof.change.id.substr(0, 12);
  EvidenceBundle out{folder + ".tar.gz", {}};
  Gzip gzip;
  for (const auto& [name, bytes] : files) {
    const auto header = tar_header(fmt::format("{}/{}", folder, name), bytes.size());
    if (!header) return tl::unexpected(header.error());
    out.bytes += gzip.add(*header);
    out.bytes += gzip.add(bytes);
    out.bytes += gzip.add(tar_padding(bytes.size()));
  }
  out.bytes += gzip.add(tar_end());
  out.bytes += gzip.finish();
  return out;
}

}  // namespace entitywatch::daemon
