#include "daemon/sources/single_file.hpp"

#include "daemon/sources/publisher.hpp"

namespace entitywatch::daemon {

PollReport poll_single_file(PollContext& context, const SingleFile& file) {
  PollReport report;
  auto answer = ask(publisher_of(context), file.url, file.expect, RequestClass::bulk,
                    recall(context.state.memory, file.url));
  if (!answer) return with_failure(std::move(report), std::move(answer.error()));
  if (auto* changed = std::get_if<Changed>(&*answer)) {
    Observation observation{context.config.name, file.kind,           std::string(file.key),
                            std::nullopt,        context.clock.now(), {}};
    changed->part.role = "body";
    observation.parts.push_back(std::move(changed->part));
    SourceState after = context.state;
    // What another URL sent before the configuration changed says nothing about this one.
    std::erase_if(after.memory, [](const auto& kept) { return kept.first.find(' ') != std::string::npos; });
    remember(after.memory, file.url, changed->validators);
    after.has_baseline = true;
    if (!hand_over(context, observation, after, report)) return report;
  } else {
    remember(context.state.memory, file.url, std::get<Unchanged>(*answer).validators);
  }
  report.summary = summary_of(report, file.noun);
  return report;
}

}  // namespace entitywatch::daemon
