#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "daemon/backfill.hpp"
#include "daemon/cli_progress.hpp"
#include "daemon/commands.hpp"
#include "daemon/logging.hpp"
#include "daemon/service.hpp"

namespace entitywatch::daemon {
namespace {

std::string bar_of(const BackfillProgress& p) {
  const double within = p.documents == 0 ? 0 : static_cast<double>(p.done) / static_cast<double>(p.documents);
  const double share = (static_cast<double>(p.slice_number - 1) + within) / static_cast<double>(p.slices);
  return fmt::format("{} {} to {}, {} of {} documents", progress_bar(share), format_date(p.slice.from), format_date(p.slice.to), p.done, p.documents);
}

// On a terminal one line that fills up; elsewhere a line a slice.
void show(const BackfillProgress& p) {
  if (::isatty(STDERR_FILENO) != 0) {
    fmt::print(stderr, "\r\x1b[K{}", bar_of(p));
  } else if (p.done == 0 || p.done == p.documents) {
    fmt::print(stderr, "{}\n", bar_of(p));
  }
  std::fflush(stderr);
}

Result<DateSpan> span_of(const std::string& from, const std::string& to, Date today) {
  const auto first = parse_iso_date(from);
  const auto last = to.empty() ? std::optional(today) : parse_iso_date(to);
  if (!first) return fail(ErrorCode::invalid_argument, "--from: '" + from + "' is no date; write it as 2019-10-09");
  if (!last) return fail(ErrorCode::invalid_argument, "--to: '" + to + "' is no date; write it as 2019-10-09");
  const DateSpan span{std::max(*first, first_listed_day), std::min(*last, today)};
  if (span.from > span.to) return fail(ErrorCode::invalid_argument, fmt::format("there is no day between {} and {}", format_date(span.from), format_date(span.to)));
  return span;
}

}  // namespace

int backfill_history(const CommandOptions& options, const std::string& from, const std::string& to, Revisit revisit) {
  auto config = configuration(options);
  if (!config) return report(config.error());
  const SourceConfig* source = find_source(*config, source::federal_register);
  if (source == nullptr) return report({ErrorCode::invalid_config, "the source federal_register is not configured; backfill reads from it", {}});
  const SourceConfig register_config = *source;
  const SystemClock clock;
  const auto span = span_of(from, to, std::chrono::floor<std::chrono::days>(clock.now()));
  if (!span) return report(span.error());
  DaemonConfig quiet = config->daemon;
  quiet.log_level = "warn";
  if (auto set = set_up_logging(quiet, secrets_of(*config)); !set) return report(set.error());
  auto service = Service::create(std::move(*config), clock);
  if (!service) return report(service.error());
  const BackfillWorld world{{register_config, (*service)->fetcher(), clock, {}}, (*service)->pipeline(), (*service)->archive()};
  const auto done = backfill(world, *span, revisit, show);
  if (::isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\n");
  if (!done) {
    fmt::print(stderr, "entitywatch: what was read until now is kept; the same command goes on from there\n");
    return report(done.error());
  }
  fmt::print("{} to {}: {} documents listed, {} read, {} known and unchanged, {} changed in place; {} changes recorded\n", format_date(span->from),
             format_date(span->to), done->listed, done->read, done->known, done->in_place, done->changes);
  for (const Error& fault : done->faults) static_cast<void>(report(fault));
  return done->faults.empty() ? 0 : 1;
}

}  // namespace entitywatch::daemon
