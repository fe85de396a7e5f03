// The stored bytes behind a statement, and how they came.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "daemon/api_params.hpp"
#include "daemon/evidence_bundle.hpp"
#include "daemon/evidence_key.hpp"

namespace entitywatch::daemon {
namespace {

Json headers_of(const storage::EvidenceRecord& record) {
  Json out = Json::object();
  for (const auto& [name, value] : record.headers) {
    const bool repeated = out.contains(name);
    out[name] = repeated ? out[name].get<std::string>() + ", " + value : value;
  }
  return out;
}

Json to_json(const storage::EvidenceRecord& r) {
  return Json{{"role", r.role},
              {"source", r.source},
              {"kind", r.kind},
              {"key", r.key},
              {"url", r.url},
              {"content_type", r.content_type},
              {"fetched_at", format_time(r.fetched_at)},
              {"as_of", date_or_null(r.as_of)},
              {"headers", headers_of(r)},
              {"bytes", r.bytes},
              {"chain_number", r.chain_number}};
}

// The latest fetch stands at the top, as most readers want just that one; `fetches` holds all.
Result<Json> describe(const storage::Reader& reader, const std::string& sha256) {
  const auto records = reader.evidence_records(sha256);
  if (!records) return tl::unexpected(records.error());
  Json out{{"sha256", sha256}};
  if (!records->empty()) out.update(to_json(records->back()));
  Json fetches = Json::array();
  for (const storage::EvidenceRecord& record : *records) fetches.push_back(to_json(record));
  out["fetches"] = std::move(fetches);
  return out;
}

// A part is asked for by its number (1, 2, …), its role ("xml") or its SHA-256.
Result<std::string> part_of(const Ask& ask, const Document& document) {
  const std::string wanted = text_parameter(ask.request, "part");
  std::vector<std::string> roles;
  for (std::size_t i = 0; i < document.evidence.size(); ++i) {
    const std::string& sha256 = document.evidence[i];
    if (wanted == sha256 || wanted == std::to_string(i + 1)) return sha256;
    const auto records = ask.reader.evidence_records(sha256);
    if (!records) return tl::unexpected(records.error());
    roles.push_back(records->empty() ? "?" : records->back().role);
    if (!wanted.empty() && wanted == roles.back()) return sha256;
  }
  if (!wanted.empty())
    return fail(ErrorCode::not_found, fmt::format("document {} has no part '{}'; it has {} ({})",
                                                  document.number, text::excerpt(text::sanitize(wanted), 80),
                                                  roles.size(), text::join(roles, ", ")));
  // The document itself, its full text, before the metadata about it.
  for (const std::string_view role : {"xml", "text", "body"})
    if (const auto at = std::find(roles.begin(), roles.end(), role); at != roles.end())
      return document.evidence[static_cast<std::size_t>(at - roles.begin())];
  return document.evidence.front();
}

ApiResponse bytes_of(const Ask& ask, const std::string& sha256) {
  auto bytes = ask.reader.evidence(sha256);
  if (!bytes) return problem_of(bytes.error());
  if (!*bytes) return not_found("evidence with the address", sha256);
  const auto records = ask.reader.evidence_records(sha256);
  if (!records) return problem_of(records.error());
  ApiResponse out;
  out.body = std::move(**bytes);
  out.content_type = records->empty() ? "" : records->back().content_type;
  if (out.content_type.empty()) out.content_type = "application/octet-stream";
  // Bytes of other parties are never run as part of this site.
  out.headers = {{"Content-Disposition", "attachment"},
                 {"Content-Security-Policy", "default-src 'none'; sandbox"},
                 {"X-Evidence-SHA256", sha256}};
  return out;
}

bool is_address(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

namespace answer {

ApiResponse document_evidence(const Ask& ask) {
  const auto meta = flag_parameter(ask.request, "meta");
  if (!meta) return problem_of(meta.error());
  const auto found = ask.reader.document(ask.path[0]);
  if (!found) return problem_of(found.error());
  if (!*found) return not_found("document", ask.path[0]);
  const Document& document = **found;
  if (document.evidence.empty()) return not_found("evidence for the document", ask.path[0]);
  const auto part = part_of(ask, document);
  if (!part) return problem_of(part.error());
  if (!*meta) return bytes_of(ask, *part);

  auto out = describe(ask.reader, *part);
  if (!out) return problem_of(out.error());
  Json parts = Json::array();
  for (std::size_t i = 0; i < document.evidence.size(); ++i) {
    auto described = describe(ask.reader, document.evidence[i]);
    if (!described) return problem_of(described.error());
    (*described)["part"] = i + 1;
    parts.push_back(std::move(*described));
  }
  (*out)["document"] = document.number;
  (*out)["parts"] = std::move(parts);
  return answer_json(*out);
}

ApiResponse evidence(const Ask& ask) {
  const auto meta = flag_parameter(ask.request, "meta");
  if (!meta) return problem_of(meta.error());
  if (!is_address(ask.path[0]))
    return problem(400, "Bad Request", "evidence is addressed by a SHA-256 in 64 lower-case hex digits");
  if (!*meta) return bytes_of(ask, ask.path[0]);
  const auto records = ask.reader.evidence_records(ask.path[0]);
  if (!records) return problem_of(records.error());
  if (records->empty()) return not_found("evidence with the address", ask.path[0]);
  const auto out = describe(ask.reader, ask.path[0]);
  return out ? answer_json(*out) : problem_of(out.error());
}

ApiResponse change_evidence(const Ask& ask) {
  const auto proof = ask.reader.proof(ask.path[0]);
  if (!proof) return problem_of(proof.error());
  if (!*proof) return not_found("change", ask.path[0]);
  const auto key = EvidenceKey::open(*ask.config);
  if (!key) return problem_of(key.error());
  auto bundle = make_evidence_bundle(**proof, *key);
  if (!bundle) return problem_of(bundle.error());
  ApiResponse out;
  out.body = std::move(bundle->bytes);
  out.content_type = "application/gzip";
  out.headers = {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", bundle->file_name)}};
  return out;
}

ApiResponse evidence_key(const Ask& ask) {
  const auto key = EvidenceKey::open(*ask.config);
  if (!key) return problem_of(key.error());
  return answer_json(
      Json{{"algorithm", "Ed25519"}, {"public_key", key->public_pem()}, {"fingerprint", key->fingerprint()}});
}

}  // namespace answer
}  // namespace entitywatch::daemon
