#include "daemon/sources/publisher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/hash.hpp"
#include "core/json_depth.hpp"
#include "core/text.hpp"

namespace entitywatch::daemon {
namespace {

constexpr int deepest_json = 64;
constexpr std::size_t digest_digits = 32;

std::string value_or_empty(const Memory& memory, const std::string& key) {
  const auto at = memory.find(key);
  return at == memory.end() ? std::string() : at->second;
}

void put(Memory& memory, const std::string& key, const std::string& value) {
  if (value.empty())
    memory.erase(key);
  else
    memory[key] = value;
}

// The host without port, in lower case; empty where the URL names an account.
std::string host_of(std::string_view url) {
  const std::size_t start = url.find("://");
  if (start == std::string_view::npos) return {};
  std::string host(url.substr(start + 3, url.find_first_of("/?", start + 3) - start - 3));
  if (host.find('@') != std::string::npos) return {};
  host = host.substr(0, host.find(':'));
  for (char& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return host;
}

// "federalregister.gov" of "www.federalregister.gov"; empty for addresses and single words.
std::string site_of(const std::string& host) {
  if (host.empty() || std::isalpha(static_cast<unsigned char>(host.back())) == 0) return {};
  const std::size_t last = host.rfind('.');
  if (last == std::string::npos || last == 0) return {};
  const std::size_t before = host.rfind('.', last - 1);
  return before == std::string::npos ? host : host.substr(before + 1);
}

bool is_same_site(std::string_view base_url, std::string_view url) {
  const std::string site = site_of(host_of(base_url));
  return !site.empty() && site == site_of(host_of(url)) &&
         text::starts_with_ignoring_case(base_url, "https:") &&
         text::starts_with_ignoring_case(url, "https:");
}

}  // namespace

Publisher publisher_of(const PollContext& context) {
  return {context.config, context.fetcher, context.clock, context.stop};
}

Validators recall(const Memory& memory, const std::string& url) {
  return {value_or_empty(memory, "etag " + url), value_or_empty(memory, "last-modified " + url),
          value_or_empty(memory, "sha256 " + url)};
}

void remember(Memory& memory, const std::string& url, const Validators& validators) {
  put(memory, "etag " + url, validators.etag);
  put(memory, "last-modified " + url, validators.last_modified);
  put(memory, "sha256 " + url, validators.sha256);
}

void forget(Memory& memory, const std::string& url) { remember(memory, url, {}); }

Fetched<Answer> ask(const Publisher& publisher, const std::string& url, std::string_view expect,
                    RequestClass rate, const Validators& known) {
  FetchRequest request;
  request.url = url;
  request.rate = rate;
  request.timeout = publisher.config.timeout;
  request.max_bytes = publisher.config.max_bytes;
  request.etag = known.etag;
  request.last_modified = known.last_modified;
  request.expect = expect;
  auto response = publisher.fetcher.get(request, publisher.stop);
  if (!response) return tl::unexpected(std::move(response.error()));
  if (response->not_modified()) return Unchanged{known};
  Changed changed;
  changed.validators = {response->header("etag"), response->header("last-modified"),
                        sha256_hex(response->body)};
  if (changed.validators.sha256 == known.sha256) return Unchanged{changed.validators};
  changed.part.url = url;
  changed.part.content_type = response->header("content-type");
  changed.part.headers = std::move(response->headers);
  changed.part.bytes = std::move(response->body);
  return changed;
}

std::string on_base_url(const std::string& base_url, std::string_view url) {
  const bool odd =
      std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
  if (odd) return {};
  url = url.substr(0, url.find('#'));
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    if (!text::starts_with_ignoring_case(url, "http")) return {};
    const std::size_t path = url.find('/', scheme + 3);
    if (path == std::string_view::npos) return {};
    if (is_same_site(base_url, url)) return std::string(url);
    url.remove_prefix(path);
  }
  if (url.empty() || url.front() != '/' || url.substr(0, 2) == "//") return {};
  return base_url + std::string(url);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~'))
      out += c;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

bool is_document_number(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '.' || c == '_';
         });
}

Result<Json> read_json(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xef\xbb\xbf") bytes.remove_prefix(3);
  if (nests_deeper_than(bytes, deepest_json)) return fail(ErrorCode::malformed, "the JSON is nested deeper than 64 levels");
  Json json = Json::parse(bytes, nullptr, false);
  if (json.is_discarded()) return fail(ErrorCode::malformed, "the answer is not JSON");
  return json;
}

Result<std::string> metadata_digest(std::string_view bytes) {
  auto json = read_json(bytes);
  if (!json) return tl::unexpected(json.error());
  if (json->is_object()) json->erase("page_views");
  return sha256_hex(dump(*json)).substr(0, digest_digits);
}

PollReport with_failure(PollReport report, FetchFailure failure) {
  report.summary = failure.error.message;
  report.failure = std::move(failure);
  return report;
}

bool hand_over(PollContext& context, const Observation& observation, const SourceState& after,
               PollReport& report) {
  auto accepted = context.sink.observe(observation, after);
  if (!accepted) {
    report = with_failure(std::move(report), {std::move(accepted.error()), std::nullopt});
    return false;
  }
  ++report.observations;
  report.changes += accepted->changes;
  report.held = report.held || accepted->held;
  context.state.memory = after.memory;
  if (!accepted->held) context.state.has_baseline = after.has_baseline;
  return true;
}

std::string summary_of(const PollReport& report, std::string_view noun) {
  if (report.observations == 0) return "unchanged";
  return fmt::format("{} {}{} read, {} change{}{}", report.observations, noun,
                     report.observations == 1 ? "" : "s", report.changes, report.changes == 1 ? "" : "s",
                     report.held ? ", held for an operator" : "");
}

}  // namespace entitywatch::daemon
