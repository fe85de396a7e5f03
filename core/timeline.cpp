#include "core/timeline.hpp"

#include <algorithm>

namespace entitywatch {
namespace {

constexpr Date ever{std::chrono::days{-1'000'000}};

bool known(const EntryVersion& version, const Viewpoint& viewpoint) {
  return !viewpoint.known_at || version.known_at <= *viewpoint.known_at;
}

// A change told anew (its day was put off, a citation filled in) leaves nothing of how it was told before.
bool is_retold(const std::vector<EntryVersion>& versions, const EntryVersion& version,
               const Viewpoint& viewpoint) {
  return !version.change_id.empty() &&
         std::any_of(versions.begin(), versions.end(), [&](const EntryVersion& later) {
           return later.number > version.number && later.change_id == version.change_id &&
                  known(later, viewpoint);
         });
}

// The versions of an entry as a viewpoint sees them.
class Line {
 public:
  Line(const std::vector<EntryVersion>& versions, const Viewpoint& viewpoint) {
    for (const EntryVersion& v : versions)
      if (known(v, viewpoint) && !is_retold(versions, v, viewpoint)) standing_.push_back(&v);
    has_past_ =
        std::any_of(standing_.begin(), standing_.end(), [](const EntryVersion* v) { return v->past; });
  }
  [[nodiscard]] const std::vector<const EntryVersion*>& standing() const { return standing_; }

  [[nodiscard]] Date start_of(const EntryVersion& v) const {
    if (v.effective_on) return *v.effective_on;
    return has_past_ ? v.as_of.value_or(std::chrono::floor<std::chrono::days>(v.known_at)) : ever;
  }

  // True when `later`, learned after `earlier`, takes its place on a day both have begun.
  [[nodiscard]] bool replaces(const EntryVersion& later, const EntryVersion& earlier) const {
    if (later.past || start_of(earlier) <= start_of(later)) return start_of(earlier) <= start_of(later);
    const bool was_to_come = start_of(earlier) > std::chrono::floor<std::chrono::days>(later.known_at);
    return !was_to_come;
  }

 private:
  std::vector<const EntryVersion*> standing_;
  bool has_past_ = false;
};

}  // namespace

std::optional<EntryVersion> version_in_force(const std::vector<EntryVersion>& versions,
                                             const Viewpoint& viewpoint) {
  const Line line(versions, viewpoint);
  const EntryVersion* current = nullptr;
  const EntryVersion* first = nullptr;
  for (const EntryVersion* v : line.standing()) {
    if (first == nullptr || line.start_of(*v) < line.start_of(*first)) first = v;
    if (line.start_of(*v) > viewpoint.as_of) continue;
    if (current == nullptr || line.replaces(*v, *current)) current = v;
  }
  // What a list already showed when it was first read was there before.
  if (current == nullptr && first != nullptr && !first->effective_on) current = first;
  return current == nullptr ? std::nullopt : std::optional(*current);
}

std::optional<EntryVersion> version_to_come(const std::vector<EntryVersion>& versions,
                                            const Viewpoint& viewpoint) {
  const Line line(versions, viewpoint);
  const EntryVersion* next = nullptr;
  for (const EntryVersion* v : line.standing()) {
    if (!v->effective_on || line.start_of(*v) <= viewpoint.as_of) continue;
    // The last word on a day counts: an announcement withdrawn or corrected has the same date.
    if (next == nullptr || line.start_of(*v) <= line.start_of(*next)) next = v;
  }
  return next == nullptr ? std::nullopt : std::optional(*next);
}

Entry as_it_stands(Entry entry, const std::vector<EntryVersion>& versions, Date day) {
  const Viewpoint now{day, std::nullopt};
  const auto take = [&](const EntryVersion& v, EntryStatus status) {
    entry.listing = v.listing;
    entry.status = status;
    entry.effective_on = v.effective_on;
    entry.source = v.source.empty() ? entry.source : v.source;
  };
  const auto current = version_in_force(versions, now);
  const auto next = version_to_come(versions, now);
  if (current && current->status != EntryStatus::removed) {
    take(*current, EntryStatus::listed);
  } else if (next && next->status != EntryStatus::removed) {
    take(*next, EntryStatus::pending);
  } else if (current || next) {
    take(current ? *current : *next, EntryStatus::removed);
  }
  return entry;
}

}  // namespace entitywatch
