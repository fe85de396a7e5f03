#include "tests/faults/world.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>

#include "core/hash.hpp"
#include "storage/archive_on_store.hpp"
#include "storage/rocks_handle.hpp"
#include "tests/unit/storage/samples.hpp"

namespace entitywatch::faults {

namespace fs = std::filesystem;
using storage::test::numbered;

Folder::Folder() {
  std::error_code none;
  const fs::path base = fs::is_directory("/dev/shm", none) ? fs::path("/dev/shm") : fs::temp_directory_path();
  std::string name = (base / "entitywatch-faults-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder in " + base.string());
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Folder::clear() const {
  for (const auto& entry : fs::directory_iterator(path_)) fs::remove_all(entry.path());
}

Result<std::unique_ptr<storage::Archive>> open_archive(Disk& disk, const std::string& directory) {
  storage::RocksStoreOptions options;
  options.directory = directory;
  options.first_batch = storage::initial_content();
  options.inspect = storage::check_content;
  auto store = storage::rocks::open_on(*disk.env, options);
  if (!store) return tl::unexpected(store.error());
  if (auto migrated = storage::migrate(**store); !migrated) return tl::unexpected(migrated.error());
  return storage::make_archive(std::move(*store));
}

Result<void> commit_next(storage::Archive& archive, int n) {
  Commit made = storage::test::commit(n);
  if (n > 1) {
    auto before = archive.reader()->change(numbered("change", n - 1));
    if (!before) return tl::unexpected(before.error());
    if (!*before)
      return fail(ErrorCode::internal, fmt::format("change {} is not there to be completed", n - 1));
    made.updated_changes = {**before};
    ++made.updated_changes[0].revision;
  }
  auto receipt = archive.commit(made);
  if (!receipt) return tl::unexpected(receipt.error());
  return {};
}

namespace {

template <class T>
bool is(const Result<std::optional<T>>& found, const T& wanted) {
  return found && *found && **found == wanted;
}

bool whole(const storage::Reader& reader, int n, int last) {
  const Commit made = storage::test::commit(n);
  const auto change = reader.change(numbered("change", n));
  const auto versions = reader.versions(numbered("entry", n));
  const std::string& bytes = made.observation->parts[0].bytes;
  return is(reader.document(numbered("document", n)), made.documents[0]) &&
         is(reader.entry(numbered("entry", n)), made.entries[0]) && versions && *versions == made.versions &&
         is(reader.alert(numbered("alert", n)), made.alerts[0]) &&
         is(reader.delivery(numbered("delivery", n)), made.deliveries[0]) && change && *change &&
         (*change)->revision == (n < last ? 2u : 1u) && is(reader.evidence(sha256_hex(bytes)), bytes);
}

bool any_of_it(const storage::Reader& reader, int n) {
  const auto there = [](const auto& found) { return !found || found->has_value(); };
  return there(reader.document(numbered("document", n))) || there(reader.entry(numbered("entry", n))) ||
         there(reader.change(numbered("change", n))) || there(reader.delivery(numbered("delivery", n)));
}

}  // namespace

Verdict check(const storage::Archive& archive, const Told& told, Depth depth) {
  Verdict out;
  const auto blame = [&](int& count, std::string words) {
    ++count;
    if (out.first.empty()) out.first = std::move(words);
  };
  const auto reader = archive.reader();
  out.present = told.acknowledged;
  if (told.attempted > told.acknowledged && any_of_it(*reader, told.attempted)) out.present = told.attempted;
  while (out.present > 0 && !any_of_it(*reader, out.present)) {
    blame(out.lost, fmt::format("commit {} was acknowledged and is gone", out.present));
    --out.present;
  }
  const int from = depth == Depth::everything ? 1 : std::max(1, out.present - 4);
  for (int n = from; n <= out.present; ++n)
    if (!whole(*reader, n, out.present))
      blame(out.wrong, fmt::format("commit {} is not what was committed", n));
  if (any_of_it(*reader, out.present + 1))
    blame(out.wrong, fmt::format("commit {} was never made, or is there in part", out.present + 1));
  const auto report = archive.verify_chain();
  if (!report) {
    blame(out.wrong, "the chain cannot be verified: " + report.error().describe());
  } else if (!report->ok || report->links != static_cast<std::uint64_t>(out.present)) {
    blame(out.wrong, fmt::format("the chain has {} links for {} commits: {}", report->links, out.present,
                                 report->problem));
  }
  return out;
}

}  // namespace entitywatch::faults
