#include "daemon/backfill.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <mutex>

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;

// A publisher that asks for a longer rest is left alone; the next run goes on.
constexpr auto longest_rest = 5min;
constexpr int most_rests = 5;

std::string document_note(const std::string& number) { return "backfill document " + number; }
std::string slice_note(DateSpan span) { return fmt::format("backfill slice {} {}", format_date(span.from), format_date(span.to)); }

std::string encode(const Validators& v) { return Json{{"etag", v.etag}, {"last_modified", v.last_modified}, {"sha256", v.sha256}}.dump(); }

Validators decode_validators(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return {};
  return {json.value("etag", std::string()), json.value("last_modified", std::string()), json.value("sha256", std::string())};
}

bool concerns_one_document(const FetchFailure& failure) {
  if (failure.retry_at) return false;
  const ErrorCode code = failure.error.code;
  return code == ErrorCode::malformed || code == ErrorCode::implausible || code == ErrorCode::too_large || code == ErrorCode::not_found;
}

class Walk {
 public:
  Walk(const BackfillWorld& world, Revisit revisit, const std::function<void(const BackfillProgress&)>& each)
      : world_(world), revisit_(revisit), each_(each) {}

  Result<BackfillReport> run(DateSpan span) {
    const std::vector<DateSpan> all = slices(span);
    progress_.slices = all.size();
    for (const DateSpan& slice : all) {
      ++progress_.slice_number;
      progress_.slice = slice;
      progress_.documents = progress_.done = 0;
      each_(progress_);
      if (auto walked = walk(slice); !walked) return tl::unexpected(walked.error());
    }
    return std::move(report_);
  }

 private:
  Result<void> walk(DateSpan slice) {
    const auto noted = world_.archive.reader()->note(slice_note(slice));
    if (!noted) return tl::unexpected(noted.error());
    const bool by_listing = revisit_ == Revisit::changed_listings;
    const Validators known = *noted && by_listing ? decode_validators(**noted) : Validators{};
    auto listing = patiently<ListingSlice>([&] { return read_listing(world_.publisher, slice, known); });
    if (!listing) return tl::unexpected(listing.error().error);
    if (listing->unchanged) return {};
    progress_.documents = listing->documents.size();
    report_.listed += listing->documents.size();
    const std::size_t faults = report_.faults.size();
    for (const ListedDocument& document : listing->documents) {
      if (world_.publisher.stop.stop_requested()) return fail(ErrorCode::unavailable, "stopped; the next run goes on from here");
      if (auto taken = take(document); !taken) return taken;
      ++progress_.done;
      each_(progress_);
    }
    // A slice with a fault in it is asked for again.
    if (report_.faults.size() > faults || listing->validators == Validators{}) return {};
    return world_.archive.put_note(slice_note(slice), encode(listing->validators));
  }

  Result<void> take(const ListedDocument& document) {
    const auto noted = world_.archive.reader()->note(document_note(document.number));
    if (!noted) return tl::unexpected(noted.error());
    const auto known = *noted ? decode_document_memory(**noted) : std::nullopt;
    if (known && known->listing_digest == document.digest && revisit_ == Revisit::changed_listings) {
      ++report_.known;
      return {};
    }
    auto answer = patiently<DocumentAnswer>([&] { return read_document(world_.publisher, document.number, &document, known, {}); });
    if (!answer) {
      if (!concerns_one_document(answer.error())) return tl::unexpected(answer.error().error);
      report_.faults.push_back(answer.error().error);
      return {};
    }
    if (answer->changed) {
      const auto recorded = world_.pipeline.record_history(answer->observation);
      if (!recorded) {
        if (recorded.error().code != ErrorCode::malformed && recorded.error().code != ErrorCode::invalid_argument) return tl::unexpected(recorded.error());
        report_.faults.push_back(recorded.error());
        return {};
      }
      ++report_.read;
      report_.in_place += known ? 1 : 0;
      report_.changes += recorded->changes;
    } else {
      ++report_.known;
    }
    return world_.archive.put_note(document_note(document.number), encode(answer->memory));
  }

  // Asks again after the rest that the publisher wants, a few times.
  template <class T, class Ask>
  Fetched<T> patiently(const Ask& ask) {
    for (int rests = 0;; ++rests) {
      Fetched<T> answer = ask();
      if (answer || !answer.error().retry_at || rests == most_rests) return answer;
      const auto wait = *answer.error().retry_at - world_.publisher.clock.now();
      if (wait > longest_rest) return answer;
      spdlog::warn("the publisher asks for a rest of {} s", std::chrono::ceil<std::chrono::seconds>(wait).count());
      if (!rested(wait)) return answer;
    }
  }

  // False when asked to stop meanwhile.
  bool rested(std::chrono::milliseconds wait) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, world_.publisher.stop, wait, [] { return false; });
    return !world_.publisher.stop.stop_requested();
  }

  const BackfillWorld& world_;
  Revisit revisit_;
  const std::function<void(const BackfillProgress&)>& each_;
  BackfillProgress progress_;
  BackfillReport report_;
};

}  // namespace

Result<BackfillReport> backfill(const BackfillWorld& world, DateSpan span, Revisit revisit,
                                const std::function<void(const BackfillProgress&)>& each) {
  return Walk(world, revisit, each).run(span);
}

}  // namespace entitywatch::daemon
