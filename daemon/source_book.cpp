#include "daemon/source_book.hpp"

namespace entitywatch::daemon {

Result<SourceState> ArchiveSourceBook::load(const std::string& name) {
  auto stored = archive_.reader()->source(name);
  if (!stored) return tl::unexpected(stored.error());
  if (*stored) return std::move(**stored);
  SourceState fresh;
  fresh.name = name;
  return fresh;
}

Result<void> ArchiveSourceBook::save(const SourceState& state) {
  auto stored = load(state.name);
  if (!stored) return tl::unexpected(stored.error());
  SourceState merged = state;
  merged.held = stored->held;
  merged.released_digest = stored->released_digest;
  merged.reader_version = stored->reader_version;
  merged.last_change_at = stored->last_change_at;
  for (const char* key : {"evidence", "as_of"})
    if (const auto kept = stored->memory.find(key); kept != stored->memory.end()) merged.memory[key] = kept->second;
  // A hold is decided while the baseline is still missing: the source believes it handed one over.
  merged.has_baseline = state.has_baseline && (stored->has_baseline || !stored->held);
  Commit commit;
  commit.sources.push_back(std::move(merged));
  auto receipt = archive_.commit(commit);
  if (!receipt) return tl::unexpected(receipt.error());
  return {};
}

Result<void> ArchiveSourceBook::tell_operators(const std::string& source, const std::string& subject, const std::string& text, bool over) {
  const std::string name = "source " + source;
  return over ? desk_.end(name, subject, text) : desk_.begin(name, source, subject, text);
}

Result<void> ArchiveSourceBook::answered(const std::string& source) { return pipeline_.review(source); }

}  // namespace entitywatch::daemon
