// ecfr: 15 CFR part 744 as the eCFR's versioner has it on its latest complete day.
#include <fmt/format.h>

#include "daemon/sources/factories.hpp"
#include "daemon/sources/publisher.hpp"
#include "parsers/ecfr.hpp"

namespace entitywatch::daemon {
namespace {

constexpr int title = 15;
// Of the last reading: the day it shows, and where it was read.
constexpr const char* date_key = "date";
constexpr const char* sha256_key = "sha256";
constexpr const char* url_key = "url";

std::string value_or_empty(const Memory& memory, const char* key) {
  const auto at = memory.find(key);
  return at == memory.end() ? std::string() : at->second;
}

// The day up to which the title is complete. Later days, and "current", are refused by the publisher.
Fetched<Date> latest_day(const Publisher& publisher, const std::string& url, const Memory& memory,
                         Validators& validators) {
  const std::optional<Date> last = parse_iso_date(value_or_empty(memory, date_key));
  auto answer = ask(publisher, url, "json", RequestClass::api, last ? recall(memory, url) : Validators{});
  if (!answer) return tl::unexpected(std::move(answer.error()));
  const auto* changed = std::get_if<Changed>(&*answer);
  validators = changed != nullptr ? changed->validators : std::get<Unchanged>(*answer).validators;
  if (changed == nullptr) return *last;
  auto titles = parsers::read_ecfr_titles(changed->part.bytes, title);
  if (!titles) {
    titles.error().context = url;
    return tl::unexpected(FetchFailure{std::move(titles.error()), std::nullopt});
  }
  if (!last || titles->up_to_date_as_of >= *last) return titles->up_to_date_as_of;
  return tl::unexpected(FetchFailure{
      {ErrorCode::implausible,
       fmt::format(
           "the eCFR says title {} is complete up to {}, and said {} before; time does not run backwards, so "
           "nothing is read until it does better",
           title, format_date(titles->up_to_date_as_of), format_date(*last)),
       url},
      std::nullopt});
}

class EcfrSource final : public Source {
 public:
  PollReport poll(PollContext& context) override {
    PollReport report;
    const Publisher publisher = publisher_of(context);
    const std::string titles_url = context.config.base_url + "/api/versioner/v1/titles.json";
    Validators titles;
    const auto day = latest_day(publisher, titles_url, context.state.memory, titles);
    if (!day) return with_failure(std::move(report), day.error());
    const std::string url = fmt::format("{}/api/versioner/v1/full/{}/title-{}.xml?part=744",
                                        context.config.base_url, format_date(*day), title);
    Validators known = recall(context.state.memory, url);
    // The part may be the same on another day, and so under another URL.
    known.sha256 = value_or_empty(context.state.memory, sha256_key);
    auto answer = ask(publisher, url, "xml", RequestClass::bulk, known);
    if (!answer) return with_failure(std::move(report), std::move(answer.error()));
    auto* changed = std::get_if<Changed>(&*answer);

    SourceState after = context.state;
    if (const std::string old = value_or_empty(after.memory, url_key); old != url) forget(after.memory, old);
    after.memory[url_key] = url;
    after.memory[date_key] = format_date(*day);
    remember(after.memory, titles_url, titles);
    Validators validators =
        changed != nullptr ? changed->validators : std::get<Unchanged>(*answer).validators;
    after.memory[sha256_key] = std::exchange(validators.sha256, {});
    remember(after.memory, url, validators);
    if (changed == nullptr) {
      context.state.memory = after.memory;
      report.summary = summary_of(report, "part");
      return report;
    }
    after.has_baseline = true;
    Observation observation{
        context.config.name, ObservationKind::ecfr_part, "part-744", *day, context.clock.now(), {}};
    changed->part.role = "body";
    observation.parts.push_back(std::move(changed->part));
    if (hand_over(context, observation, after, report)) report.summary = summary_of(report, "part");
    return report;
  }
};

}  // namespace

std::unique_ptr<Source> make_ecfr_source() { return std::make_unique<EcfrSource>(); }

}  // namespace entitywatch::daemon
