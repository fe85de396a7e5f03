// public_inspection: documents of the watched agencies from the moment they are filed, and their withdrawal.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "daemon/sources/factories.hpp"
#include "daemon/sources/public_inspection_listing.hpp"
#include "daemon/sources/publisher.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::string_view document_prefix = "document ";
constexpr std::string_view missing_prefix =
    "missing ";  // first seen to be gone at the time that is its value

// What is known of a document on file. Its text may come later than its listing.
struct Filed {
  std::string digest;
  std::optional<Date> publication_date;
  bool has_text = false;
  bool awaits_text = false;
};

std::string key_of(std::string_view prefix, const std::string& number) {
  return std::string(prefix) + number;
}

std::string encode(const Filed& filed) {
  return fmt::format("{} {} {}", filed.digest,
                     filed.publication_date ? format_date(*filed.publication_date) : "-",
                     filed.awaits_text ? "awaits-text"
                     : filed.has_text  ? "text"
                                       : "no-text");
}

std::optional<Filed> decode(std::string_view value) {
  const auto words = text::split(value, ' ');
  if (words.size() != 3) return std::nullopt;
  return Filed{words[0], parse_iso_date(words[1]), words[2] == "text", words[2] == "awaits-text"};
}

std::map<std::string, Filed> remembered(const Memory& memory) {
  std::map<std::string, Filed> all;
  for (const auto& [key, value] : memory)
    if (key.rfind(document_prefix, 0) == 0)
      if (auto filed = decode(value)) all.emplace(key.substr(document_prefix.size()), std::move(*filed));
  return all;
}

bool is_watched(const FiledDocument& document, const SourceConfig& config) {
  return std::any_of(document.agencies.begin(), document.agencies.end(), [&](const std::string& slug) {
    return std::find(config.agencies.begin(), config.agencies.end(), slug) != config.agencies.end();
  });
}

void forget_document(Memory& memory, const std::string& number) {
  memory.erase(key_of(document_prefix, number));
  memory.erase(key_of(missing_prefix, number));
}

// One thing to hand over: the observation and what is remembered once it went through.
struct Step {
  Observation observation;
  Memory sets;
  std::vector<std::string> erases;
};

void record(const Step& step, Memory& memory) {
  for (const std::string& key : step.erases) memory.erase(key);
  for (const auto& [key, value] : step.sets) memory[key] = value;
}

class Poll {
 public:
  explicit Poll(PollContext& context)
      : context_(context),
        publisher_(publisher_of(context)),
        known_(remembered(context.state.memory)),
        url_(context.config.base_url + "/api/v1/public-inspection-documents/current.json") {}

  PollReport run() {
    auto answer = ask(publisher_, url_, "json", RequestClass::api,
                      needs_reading() ? Validators{} : recall(context_.state.memory, url_));
    if (!answer) return with_failure({}, std::move(answer.error()));
    if (const auto* same = std::get_if<Unchanged>(&*answer)) {
      validators_ = same->validators;
    } else {
      listing_ = std::move(std::get<Changed>(*answer));
      validators_ = listing_.validators;
      if (auto failure = plan()) return with_failure({}, std::move(*failure));
    }
    return hand_over_all();
  }

 private:
  // Someone waits for a text, or for a second look at who is gone: "not modified" would be no answer.
  bool needs_reading() const {
    const bool awaits =
        std::any_of(known_.begin(), known_.end(), [](const auto& k) { return k.second.awaits_text; });
    const auto at = context_.state.memory.lower_bound(std::string(missing_prefix));
    return awaits || (at != context_.state.memory.end() && at->first.rfind(missing_prefix, 0) == 0);
  }

  std::optional<FetchFailure> plan() {
    auto documents = read_inspection_listing(listing_.part.bytes);
    if (!documents) {
      documents.error().context = url_;
      return FetchFailure{std::move(documents.error()), std::nullopt};
    }
    if (documents->empty() && !known_.empty())
      return FetchFailure{
          {ErrorCode::implausible,
           "the listing is empty and held watched documents before; it is not believed", url_},
          std::nullopt};
    std::map<std::string, const FiledDocument*> present;
    for (const FiledDocument& d : *documents)
      if (d.publication_date && is_watched(d, context_.config)) present.emplace(d.number, &d);
    for (const auto& [number, document] : present)
      if (!go_on(plan_present(*document))) return std::nullopt;
    for (const auto& [number, filed] : known_)
      if (!present.contains(number) && !go_on(plan_absent(number, filed))) return std::nullopt;
    return std::nullopt;
  }

  // A fault of one document leaves the others their turn, unless the publisher asked for quiet.
  bool go_on(std::optional<FetchFailure> failure) {
    if (!failure) return true;
    const bool quiet = failure->retry_at.has_value() || context_.stop.stop_requested();
    if (!failure_) failure_ = std::move(failure);
    return !quiet;
  }

  std::optional<FetchFailure> plan_present(const FiledDocument& document) {
    context_.state.memory.erase(key_of(missing_prefix, document.number));
    const auto at = known_.find(document.number);
    const bool same = at != known_.end() && at->second.digest == document.digest;
    if (same && !at->second.awaits_text) return std::nullopt;
    Filed filed{document.digest, document.publication_date, false, false};
    Observation observation{context_.config.name, ObservationKind::public_inspection_document,
                            document.number,      std::nullopt,
                            context_.clock.now(), {}};
    observation.parts.push_back(
        {"metadata", url_, listing_.part.content_type, listing_.part.headers, document.json});
    const std::string url = on_base_url(context_.config.base_url, document.raw_text_url);
    if (!url.empty()) {
      auto answer = ask(publisher_, url, "text", RequestClass::bulk, {});
      if (!answer && answer.error().error.code != ErrorCode::not_found) return std::move(answer.error());
      filed.awaits_text = !answer;
      filed.has_text = answer.has_value();
      if (answer) {
        observation.parts.push_back(std::move(std::get<Changed>(*answer).part));
        observation.parts.back().role = "text";
      }
    }
    if (same && filed.awaits_text) return std::nullopt;
    steps_.push_back(
        {std::move(observation), Memory{{key_of(document_prefix, document.number), encode(filed)}}, {}});
    return std::nullopt;
  }

  // Gone because it was published, or withdrawn: believed withdrawn when a second reading lacks it too and
  // the Federal Register has no such document.
  std::optional<FetchFailure> plan_absent(const std::string& number, const Filed& filed) {
    const Date today = std::chrono::floor<std::chrono::days>(context_.clock.now());
    if (filed.publication_date && *filed.publication_date <= today) {
      forget_document(context_.state.memory, number);
      return std::nullopt;
    }
    if (context_.state.memory.try_emplace(key_of(missing_prefix, number), format_time(context_.clock.now()))
            .second)
      return std::nullopt;
    auto published = ask(publisher_, context_.config.base_url + "/api/v1/documents/" + number + ".json",
                         "json", RequestClass::api, {});
    if (published) {
      forget_document(context_.state.memory, number);
      return std::nullopt;
    }
    if (published.error().error.code != ErrorCode::not_found) return std::move(published.error());
    Observation observation{context_.config.name,
                            ObservationKind::document_withdrawn,
                            number,
                            std::nullopt,
                            context_.clock.now(),
                            {}};
    observation.parts.push_back(listing_.part);
    observation.parts.back().role = "body";
    steps_.push_back({std::move(observation),
                      Memory{},
                      {key_of(document_prefix, number), key_of(missing_prefix, number)}});
    return std::nullopt;
  }

  PollReport hand_over_all() {
    PollReport report;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      SourceState after = context_.state;
      record(steps_[i], after.memory);
      if (i + 1 == steps_.size() && !failure_) finish(after);
      if (!hand_over(context_, steps_[i].observation, after, report)) return report;
    }
    if (failure_) return with_failure(std::move(report), std::move(*failure_));
    finish(context_.state);
    report.summary = summary_of(report, "document");
    return report;
  }

  void finish(SourceState& state) const {
    remember(state.memory, url_, validators_);
    state.has_baseline = true;
  }

  PollContext& context_;
  Publisher publisher_;
  std::map<std::string, Filed> known_;
  std::string url_;
  Changed listing_;
  Validators validators_;
  std::vector<Step> steps_;
  std::optional<FetchFailure> failure_;
};

class PublicInspectionSource final : public Source {
 public:
  PollReport poll(PollContext& context) override { return Poll(context).run(); }
};

}  // namespace

std::unique_ptr<Source> make_public_inspection_source() { return std::make_unique<PublicInspectionSource>(); }

}  // namespace entitywatch::daemon
