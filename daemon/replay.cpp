#include "daemon/replay.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "core/lists.hpp"
#include "parsers/federal_register.hpp"

namespace entitywatch::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 256u << 20;

Result<std::string> read_file(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return fail(ErrorCode::io, path.string() + " cannot be read: " + error.message());
  if (size > largest_file) return fail(ErrorCode::too_large, path.string() + " is larger than 256 MB; no publication replayed here is");
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.good() && !in.eof()) return fail(ErrorCode::io, path.string() + " cannot be read");
  return bytes;
}

std::optional<Date> date_in_name(const fs::path& path) {
  static const re2::RE2 day("(\\d{4}-\\d{2}-\\d{2})");
  static const re2::RE2 month("(\\d{4}-\\d{2})");
  const std::string name = path.filename().string();
  std::string found;
  if (re2::RE2::PartialMatch(name, day, &found)) return parse_iso_date(found);
  if (re2::RE2::PartialMatch(name, month, &found)) return parse_iso_date(found + "-01");
  return std::nullopt;
}

// The name of the first element, whatever comes before it.
std::string root_element(std::string_view xml) {
  static const re2::RE2 element("<([A-Za-z][A-Za-z0-9]*)");
  std::string name;
  re2::RE2::PartialMatch(re2::StringPiece(xml.data(), std::min<std::size_t>(xml.size(), 4096)), element, &name);
  return name;
}

bool begins_with_field(std::string_view bytes, std::string_view field) {
  const std::string_view head = bytes.substr(0, 2048);
  const std::string_view line = head.substr(0, head.find('\n'));
  return line.find(field) != std::string_view::npos;
}

enum class Form { register_document, register_issue, ecfr, metadata, csl, dpl, unknown };

Form form_of(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (first == std::string_view::npos) return Form::unknown;
  if (bytes[first] == '<') {
    const std::string root = root_element(bytes);
    static const std::set<std::string> documents{"RULE", "NOTICE", "PRORULE"};
    static const std::set<std::string> parts{"DIV1", "DIV3", "DIV5", "ECFR", "DLPSTEXTCLASS"};
    if (documents.contains(root)) return Form::register_document;
    if (root == "FEDREG" || root == "RULES") return Form::register_issue;
    if (parts.contains(root)) return Form::ecfr;
    return Form::unknown;
  }
  if (bytes[first] == '{' && bytes.substr(first, 1u << 20).find("\"document_number\"") != std::string_view::npos) return Form::metadata;
  if (begins_with_field(bytes, "entity_number") || begins_with_field(bytes, "source_list_url")) return Form::csl;
  if (bytes[first] == '{' && bytes.substr(first, 4096).find("\"results\"") != std::string_view::npos) return Form::csl;
  if (begins_with_field(bytes, "Name_and_Address") || begins_with_field(bytes, "Type of Denial")) return Form::dpl;
  if (begins_with_field(bytes, "Street_Address") || begins_with_field(bytes, "Standard_Order") || begins_with_field(bytes, "FR_Citation")) return Form::dpl;
  if (begins_with_field(bytes, "Denied") || begins_with_field(bytes, "Standard Order")) return Form::dpl;
  return Form::unknown;
}

// "2019-22210" for 2019-22210.xml, 2019-22210.api.json, 2019-22210.json.
std::string stem_of(const fs::path& path) {
  std::string name = path.filename().string();
  return (path.parent_path() / name.substr(0, name.find('.'))).string();
}

std::optional<Date> publication_date(std::string_view metadata) {
  const auto json = nlohmann::json::parse(metadata, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto found = json.find("publication_date");
  return found != json.end() && found->is_string() ? parse_iso_date(found->get<std::string>()) : std::nullopt;
}

struct Loaded {
  fs::path path;
  Form form;
  std::string bytes;
};

ObservationPart part(const Loaded& file, std::string role) {
  const bool json = file.form == Form::metadata;
  return {std::move(role), "file://" + fs::absolute(file.path).string(), json ? "application/json" : "application/octet-stream", {}, file.bytes};
}

ReplayFile snapshot(const Loaded& file, std::string_view source, ObservationKind kind, std::string key, Time now) {
  const auto date = date_in_name(file.path);
  ReplayFile out{file.path.string(), {std::string(source), kind, std::move(key), date, now, {}}, date};
  out.observation.parts.push_back(part(file, "body"));
  return out;
}

ReplayFile register_document(const Loaded& xml, const Loaded* metadata, Time now) {
  ReplayFile out{xml.path.string(), {std::string(source::federal_register), ObservationKind::federal_register_document, {}, std::nullopt, now, {}}, std::nullopt};
  parsers::FederalRegisterInput input;
  input.xml = xml.bytes;
  if (metadata != nullptr) {
    out.observation.parts.push_back(part(*metadata, "metadata"));
    input.metadata_json = metadata->bytes;
    out.date = publication_date(metadata->bytes);
  }
  out.observation.parts.push_back(part(xml, "xml"));
  // A reading that fails is told when the file's turn comes; here only number and date are wanted.
  if (const auto reading = parsers::read_federal_register_document(input)) {
    out.observation.key = reading->document.number;
    if (!out.date) out.date = reading->document.publication_date;
    if (!out.date && reading->document.filed_at) out.date = std::chrono::floor<std::chrono::days>(*reading->document.filed_at);
  }
  if (out.observation.key.empty()) out.observation.key = xml.path.filename().string();
  out.observation.as_of = out.date;
  return out;
}

ReplayFile metadata_only(const Loaded& file, Time now) {
  ReplayFile out{file.path.string(), {std::string(source::federal_register), ObservationKind::federal_register_document, stem_of(file.path), std::nullopt, now, {}}, publication_date(file.bytes)};
  out.observation.parts.push_back(part(file, "metadata"));
  out.observation.as_of = out.date;
  return out;
}

ReplayFile to_replay(const Loaded& file, const Loaded* metadata, Time now) {
  switch (file.form) {
    case Form::register_document: return register_document(file, metadata, now);
    case Form::ecfr: return snapshot(file, source::ecfr, ObservationKind::ecfr_part, "part-744", now);
    case Form::csl: return snapshot(file, source::csl, ObservationKind::csl, "list", now);
    case Form::dpl: return snapshot(file, source::dpl, ObservationKind::dpl, "list", now);
    case Form::metadata: return metadata_only(file, now);
    case Form::register_issue:
    case Form::unknown: break;
  }
  ReplayFile out = snapshot(file, source::federal_register, ObservationKind::federal_register_issue, file.path.filename().string(), now);
  out.observation.parts.front().role = "xml";
  return out;
}

Result<std::vector<std::pair<fs::path, bool>>> expand(const std::vector<std::string>& paths) {
  std::vector<std::pair<fs::path, bool>> out;  // path, named by the caller
  for (const std::string& given : paths) {
    std::error_code error;
    if (!fs::exists(given, error)) return fail(ErrorCode::invalid_argument, given + " does not exist; name a file or a folder to replay");
    if (!fs::is_directory(given, error)) {
      out.emplace_back(given, true);
      continue;
    }
    std::vector<fs::path> found;
    for (auto it = fs::recursive_directory_iterator(given, error); !error && it != fs::recursive_directory_iterator(); it.increment(error))
      if (it->is_regular_file(error)) found.push_back(it->path());
    if (error) return fail(ErrorCode::io, given + " cannot be listed: " + error.message());
    std::sort(found.begin(), found.end());
    for (fs::path& p : found) out.emplace_back(std::move(p), false);
  }
  return out;
}

}  // namespace

Result<std::vector<ReplayFile>> load_replay(const std::vector<std::string>& paths, const Clock& clock,
                                            const std::function<void(const std::string& path)>& skipped) {
  const auto expanded = expand(paths);
  if (!expanded) return tl::unexpected(expanded.error());
  std::vector<Loaded> files;
  std::map<std::string, Loaded> metadata;
  for (const auto& [path, named] : *expanded) {
    auto bytes = read_file(path);
    if (!bytes) return tl::unexpected(bytes.error());
    const Form form = form_of(*bytes);
    if (form == Form::unknown) {
      if (named)
        return fail(ErrorCode::invalid_argument,
                    path.string() + " is none of the formats that can be replayed: Federal Register XML or its metadata JSON, eCFR XML, CSL, DPL");
      skipped(path.string());
      continue;
    }
    Loaded file{path, form, std::move(*bytes)};
    if (form == Form::metadata) {
      metadata.insert_or_assign(stem_of(path), std::move(file));
    } else {
      files.push_back(std::move(file));
    }
  }
  const Time now = clock.now();
  std::vector<ReplayFile> out;
  for (const Loaded& file : files) {
    const auto beside = metadata.find(stem_of(file.path));
    const bool pairs = beside != metadata.end() && file.form == Form::register_document;
    out.push_back(to_replay(file, pairs ? &beside->second : nullptr, now));
    if (pairs) metadata.erase(beside);
  }
  for (const auto& [stem, file] : metadata) out.push_back(to_replay(file, nullptr, now));
  // A file without a date keeps its place behind the one given before it.
  std::vector<std::pair<std::optional<Date>, std::size_t>> order;
  std::optional<Date> last;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i].date) last = out[i].date;
    order.emplace_back(last, i);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ReplayFile> sorted;
  for (const auto& [date, i] : order) sorted.push_back(std::move(out[i]));
  return sorted;
}

std::vector<ReplayLine> replay(Pipeline& pipeline, const std::vector<ReplayFile>& files, const std::function<void(const ReplayLine&)>& each) {
  std::vector<ReplayLine> lines;
  for (const ReplayFile& file : files) {
    ReplayLine line{file.path, file.observation.source, file.date, 0, false, std::nullopt};
    const auto accepted = pipeline.replay(file.observation);
    if (accepted) {
      line.changes = accepted->changes;
      line.held = accepted->held;
    } else {
      line.error = accepted.error();
    }
    each(line);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace entitywatch::daemon
