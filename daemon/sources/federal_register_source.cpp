// federal_register: rules and notices of the watched agencies as they are published, and again for some days
// after, because publishers change documents in place.
#include <algorithm>

#include "daemon/sources/factories.hpp"
#include "daemon/sources/federal_register_documents.hpp"

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr const char* through_key = "through";  // the last publication date read completely
constexpr std::string_view document_prefix = "document ";
constexpr std::string_view listing_prefix = "listing ";
constexpr std::string_view fault_prefix =
    "fault ";  // a document that failed, first at the time that is its value
constexpr auto reread_every = 6h;
// A first reading is silent until it is complete. One document that the publisher cannot get right must not
// keep every other silent: after this long the reading counts as complete without it.
constexpr auto patience = 1h;
// Documents dated tomorrow, or after a holiday, appear early.
constexpr days ahead{7};

days in_days(std::chrono::hours span) { return std::chrono::ceil<days>(span); }

std::string document_key(const std::string& number) { return std::string(document_prefix) + number; }

struct Window {
  DateSpan span;
  Date today{};
};

Window window_of(const PollContext& context) {
  const Date today = std::chrono::floor<days>(context.clock.now());
  const auto at = context.state.memory.find(through_key);
  const auto through = at == context.state.memory.end() ? std::nullopt : parse_iso_date(at->second);
  const Date from = through ? std::min(*through, today) - in_days(context.config.reread)
                            : today - in_days(context.config.lookback);
  return {{from, today + ahead}, today};
}

// The days that every poll reads again form slices of their own: their URLs, and with them their validators,
// stay the same through the day, whatever was read before.
std::vector<DateSpan> slices_of(const Window& window, const SourceConfig& config) {
  const Date recent = window.today - in_days(config.reread);
  std::vector<DateSpan> all;
  if (window.span.from < recent) all = slices({window.span.from, recent - days{1}});
  const auto rest = slices({std::max(window.span.from, recent), window.span.to});
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

struct Work {
  std::string number;
  std::optional<Date> published;
  const ListedDocument* listed = nullptr;
  std::optional<DocumentMemory> known;
};

// The order of publication; within a day that of the numbers.
bool goes_before(const Work& a, const Work& b) {
  const Date never = Date::max();
  const auto key = [&](const Work& w) {
    return std::tuple(w.published.value_or(never), w.number.size(), std::string_view(w.number));
  };
  return key(a) < key(b);
}

bool is_due(const DocumentMemory& known, const Window& window, const SourceConfig& config, Time now) {
  if (known.xml_sha256.empty()) return true;
  const bool young = known.published && *known.published >= window.today - in_days(config.reread);
  return young && now - known.read_at >= reread_every;
}

struct Listing {
  std::vector<ListingSlice> slices;
  [[nodiscard]] bool unchanged() const {
    return std::all_of(slices.begin(), slices.end(), [](const ListingSlice& s) { return s.unchanged; });
  }
};

std::map<std::string, DocumentMemory> remembered_documents(const Memory& memory) {
  std::map<std::string, DocumentMemory> all;
  for (auto at = memory.lower_bound(std::string(document_prefix));
       at != memory.end() && at->first.rfind(document_prefix, 0) == 0; ++at)
    if (auto document = decode_document_memory(at->second))
      all.emplace(at->first.substr(document_prefix.size()), std::move(*document));
  return all;
}

// New and changed documents of the listing, and those that are to be read again.
std::vector<Work> work_of(const Listing& listing, const Window& window, const PollContext& context) {
  std::map<std::string, DocumentMemory> known = remembered_documents(context.state.memory);
  std::map<std::string, Work> work;
  for (const ListingSlice& slice : listing.slices) {
    for (const ListedDocument& document : slice.documents) {
      const auto at = known.find(document.number);
      if (at == known.end())
        work[document.number] = {document.number, document.published, &document, std::nullopt};
      else if (at->second.listing_digest != document.digest ||
               is_due(at->second, window, context.config, context.clock.now()))
        work[document.number] = {document.number, document.published, &document, at->second};
    }
  }
  for (auto& [number, document] : known)
    if (is_due(document, window, context.config, context.clock.now()))
      work.try_emplace(number, Work{number, document.published, nullptr, document});
  std::vector<Work> ordered;
  for (auto& [number, w] : work) ordered.push_back(std::move(w));
  std::stable_sort(ordered.begin(), ordered.end(), goes_before);
  return ordered;
}

// Listings' validators are kept apart from documents', so that those of past windows can be dropped.
Validators known_listing(const Memory& memory, const std::string& url) {
  const auto at = memory.find(std::string(listing_prefix) + url);
  return at == memory.end() ? Validators{} : recall(memory, url);
}

void forget_listings(Memory& memory) {
  std::vector<std::string> urls;
  for (auto at = memory.lower_bound(std::string(listing_prefix));
       at != memory.end() && at->first.rfind(listing_prefix, 0) == 0; ++at)
    urls.push_back(at->first.substr(listing_prefix.size()));
  for (const std::string& url : urls) {
    memory.erase(std::string(listing_prefix) + url);
    forget(memory, url);
  }
}

void forget_document(const SourceConfig& config, Memory& memory, const std::string& number,
                     const DocumentMemory& document) {
  memory.erase(document_key(number));
  forget(memory, config.base_url + "/api/v1/documents/" + number + ".json");
  if (!document.xml_url.empty()) forget(memory, document.xml_url);
}

// Documents no later poll will list or read again. One that still lacks its full text is waited for as long
// as a first reading looks back.
void forget_old_documents(const PollContext& context, const Listing& listing, const Window& window,
                          Memory& memory) {
  const Date listed_from = window.today - in_days(context.config.reread);
  const Date waited_from =
      window.today - std::max(in_days(context.config.lookback), in_days(context.config.reread));
  for (const auto& [number, document] : remembered_documents(memory)) {
    const Date published = document.published.value_or(Date{});
    if (published >= (document.xml_sha256.empty() ? waited_from : listed_from)) continue;
    const auto is_this = [&, &wanted = number](const ListedDocument& d) { return d.number == wanted; };
    const bool listed = std::any_of(listing.slices.begin(), listing.slices.end(), [&](const ListingSlice& s) {
      return std::any_of(s.documents.begin(), s.documents.end(), is_this);
    });
    if (!listed) forget_document(context.config, memory, number, document);
  }
}

// Everything listed went through: the next poll may rest on it.
void finish(const PollContext& context, const Listing& listing, const Window& window, SourceState& state) {
  forget_listings(state.memory);
  std::erase_if(state.memory, [](const auto& kept) { return kept.first.rfind(fault_prefix, 0) == 0; });
  for (const ListingSlice& slice : listing.slices) {
    if (slice.validators == Validators{}) continue;
    state.memory[std::string(listing_prefix) + slice.url] = "";
    remember(state.memory, slice.url, slice.validators);
  }
  if (!listing.unchanged()) forget_old_documents(context, listing, window, state.memory);
  state.memory[through_key] = format_date(window.today);
  state.has_baseline = true;
}

Fetched<Listing> read_window(PollContext& context, const Window& window) {
  Listing listing;
  for (const DateSpan span : slices_of(window, context.config)) {
    const Validators known = known_listing(context.state.memory, listing_url(context.config, span));
    auto slice = read_listing(publisher_of(context), span, known);
    if (!slice) return tl::unexpected(std::move(slice.error()));
    listing.slices.push_back(std::move(*slice));
  }
  const bool nothing = std::all_of(listing.slices.begin(), listing.slices.end(),
                                   [](const ListingSlice& s) { return !s.unchanged && s.documents.empty(); });
  if (!nothing) return listing;
  for (const auto& [number, document] : remembered_documents(context.state.memory))
    if (document.published && *document.published >= window.span.from &&
        *document.published <= window.span.to)
      return tl::unexpected(FetchFailure{{ErrorCode::implausible,
                                          "the listing is empty and held document " + number +
                                              " before; documents are not unpublished, so it is not believed",
                                          listing.slices.front().url},
                                         std::nullopt});
  return listing;
}

// A fault of one document leaves the others their turn; one of the publisher or of ours ends the pass.
bool concerns_one_document(const FetchFailure& failure) {
  if (failure.retry_at) return false;
  switch (failure.error.code) {
    case ErrorCode::malformed:
    case ErrorCode::implausible:
    case ErrorCode::too_large:
    case ErrorCode::not_found:
    case ErrorCode::invalid_argument:
      return true;
    default:
      return false;
  }
}

class FederalRegisterSource final : public Source {
 public:
  PollReport poll(PollContext& context) override {
    PollReport report;
    const Window window = window_of(context);
    auto listing = read_window(context, window);
    if (!listing) return with_failure(std::move(report), std::move(listing.error()));
    const std::vector<Work> work = work_of(*listing, window, context);
    auto failure = read_all(context, work, *listing, window, report);
    if (failure) return with_failure(std::move(report), std::move(*failure));
    finish(context, *listing, window, context.state);
    report.summary = summary_of(report, "document");
    return report;
  }

 private:
  // Every document its turn; the first failure, if any.
  static std::optional<FetchFailure> read_all(PollContext& context, const std::vector<Work>& work,
                                              const Listing& listing, const Window& window,
                                              PollReport& report) {
    std::optional<FetchFailure> first_failure;
    bool all_patience_lost = true;
    for (std::size_t i = 0; i < work.size(); ++i) {
      if (context.stop.stop_requested())
        return FetchFailure{{ErrorCode::unavailable, "stopped before every document was read", {}},
                            std::nullopt};
      const bool completes = i + 1 == work.size() && !first_failure;
      auto failure = take(context, work[i], completes ? &listing : nullptr, window, report);
      if (!failure) continue;
      if (!concerns_one_document(*failure)) return failure;
      all_patience_lost = is_patience_lost(context, work[i].number) && all_patience_lost;
      if (!first_failure) first_failure = std::move(failure);
    }
    if (first_failure && all_patience_lost) context.state.has_baseline = true;
    return first_failure;
  }

  // Notes the fault; true when the document has been at fault for long.
  static bool is_patience_lost(PollContext& context, const std::string& number) {
    const Time now = context.clock.now();
    const auto [at, is_first] =
        context.state.memory.try_emplace(std::string(fault_prefix) + number, format_time(now));
    return !is_first && now - parse_time(at->second).value_or(now) >= patience;
  }

  // `completed` is the listing that this document is the last of: its validators land with it.
  static std::optional<FetchFailure> take(PollContext& context, const Work& work, const Listing* completed,
                                          const Window& window, PollReport& report) {
    auto answer =
        read_document(publisher_of(context), work.number, work.listed, work.known, context.state.memory);
    if (!answer) return std::move(answer.error());
    SourceState after = context.state;
    after.memory.erase(std::string(fault_prefix) + work.number);
    after.memory[document_key(work.number)] = encode(answer->memory);
    for (const auto& [url, validators] : answer->validators) remember(after.memory, url, validators);
    if (!answer->changed) {
      context.state.memory = std::move(after.memory);
      return std::nullopt;
    }
    if (completed != nullptr) finish(context, *completed, window, after);
    if (hand_over(context, answer->observation, after, report)) return std::nullopt;
    return std::exchange(report.failure, std::nullopt);
  }
};

}  // namespace

std::unique_ptr<Source> make_federal_register_source() { return std::make_unique<FederalRegisterSource>(); }

}  // namespace entitywatch::daemon
