#include "daemon/operator_desk.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/json.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view note_name = "operators troubles";
constexpr std::chrono::hours reminder{24};

Json to_json(const Trouble& trouble) {
  return Json{{"name", trouble.name},
              {"source", trouble.source},
              {"subject", trouble.subject},
              {"text", trouble.text},
              {"since", format_time(trouble.since)},
              {"told_at", format_time(trouble.told_at)}};
}

// Our own writing; what cannot be read is forgotten, and told again when it still lasts.
std::vector<Trouble> parse_troubles(const std::string& text) {
  std::vector<Trouble> out;
  const Json parsed = Json::parse(text, nullptr, false);
  if (!parsed.is_array()) return out;
  for (const Json& row : parsed) {
    if (!row.is_object()) continue;
    const auto field = [&](const char* key) { return row.value(key, std::string()); };
    const auto since = parse_time(field("since"));
    const auto told_at = parse_time(field("told_at"));
    if (!since || !told_at) continue;
    out.push_back({field("name"), field("source"), field("subject"), field("text"), *since, *told_at});
  }
  return out;
}

}  // namespace

OperatorDesk::OperatorDesk(storage::Archive& archive, const Clock& clock, Send send, Send send_directly)
    : archive_(archive), clock_(clock), send_(std::move(send)), send_directly_(std::move(send_directly)) {}

Result<std::unique_ptr<OperatorDesk>> OperatorDesk::create(storage::Archive& archive, const Clock& clock,
                                                           Send send, Send send_directly) {
  std::unique_ptr<OperatorDesk> desk(
      new OperatorDesk(archive, clock, std::move(send), std::move(send_directly)));
  const auto stored = archive.reader()->note(note_name);
  if (!stored) return tl::unexpected(stored.error());
  if (*stored) desk->troubles_ = parse_troubles(**stored);
  return desk;
}

Result<void> OperatorDesk::tell(const Notice& notice) const {
  auto sent = send_(notice);
  if (sent) return sent;
  spdlog::error("operators: the outbox takes no notice ({}); sending it directly", sent.error().describe());
  return send_directly_(notice);
}

void OperatorDesk::save() const {
  Json rows = Json::array();
  for (const Trouble& trouble : troubles_) rows.push_back(to_json(trouble));
  if (auto put = archive_.put_note(note_name, dump(rows)); !put)
    spdlog::error("operators: what lasts cannot be noted: {}", put.error().describe());
}

Result<void> OperatorDesk::begin(const std::string& name, const std::string& source,
                                 const std::string& subject, const std::string& text) {
  const std::scoped_lock lock(mutex_);
  const auto known =
      std::find_if(troubles_.begin(), troubles_.end(), [&](const Trouble& t) { return t.name == name; });
  if (known != troubles_.end() && known->subject == subject) return {};
  const Time now = clock_.now();
  auto told = tell({source, subject, text, fmt::format("trouble {} {}", name, format_time(now))});
  if (!told) return told;
  if (known != troubles_.end())
    *known = Trouble{name, source, subject, text, known->since, now};
  else
    troubles_.push_back({name, source, subject, text, now, now});
  save();
  return {};
}

Result<void> OperatorDesk::end(const std::string& name, const std::string& subject, const std::string& text) {
  const std::scoped_lock lock(mutex_);
  const auto known =
      std::find_if(troubles_.begin(), troubles_.end(), [&](const Trouble& t) { return t.name == name; });
  if (known == troubles_.end()) return {};
  auto told =
      tell({known->source, subject, text, fmt::format("over {} {}", name, format_time(known->since))});
  if (!told) return told;
  troubles_.erase(known);
  save();
  return {};
}

void OperatorDesk::remind() {
  const std::scoped_lock lock(mutex_);
  const Time now = clock_.now();
  bool any = false;
  for (Trouble& trouble : troubles_) {
    if (now - trouble.told_at < reminder) continue;
    const auto told = tell({trouble.source, "Still: " + trouble.subject,
                            fmt::format("Since {}. {}", format_time(trouble.since), trouble.text),
                            fmt::format("reminder {} {}", trouble.name, format_time(trouble.told_at))});
    if (!told) {
      spdlog::error("operators: {}", told.error().describe());
      continue;
    }
    trouble.told_at = now;
    any = true;
  }
  if (any) save();
}

void OperatorDesk::keep_only(const std::function<bool(std::string_view name)>& watched) {
  const std::scoped_lock lock(mutex_);
  if (std::erase_if(troubles_, [&](const Trouble& t) { return !watched(t.name); }) > 0) save();
}

std::vector<Trouble> OperatorDesk::lasting() const {
  const std::scoped_lock lock(mutex_);
  return troubles_;
}

}  // namespace entitywatch::daemon
