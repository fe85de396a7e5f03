#include "storage/archive.hpp"

#include <fmt/format.h>

#include <mutex>
#include <utility>

#include "storage/archive_on_store.hpp"
#include "storage/batch.hpp"
#include "storage/chain.hpp"
#include "storage/keys.hpp"
#include "storage/reader.hpp"
#include "storage/retention.hpp"
#include "storage/rocks_store.hpp"
#include "storage/scan.hpp"

namespace entitywatch::storage {
namespace {

class StoreArchive final : public Archive {
 public:
  explicit StoreArchive(std::unique_ptr<Store> store) : store_(std::move(store)) {}

  std::unique_ptr<Reader> reader() const override { return make_reader(store_->view()); }
  std::uint64_t state() const override { return store_->state(); }

  Result<CommitReceipt> commit(const Commit& commit) override {
    const std::lock_guard lock{writing_};
    // From the store, not from memory: after a failed write only the store knows what is in it.
    const auto view = store_->view();
    const auto head = read_head(*view);
    if (!head) return tl::unexpected(head.error());
    CommitBatch batch{*view, *head};
    auto receipt = batch.build(commit);
    if (!receipt || batch.writes().empty()) return receipt;
    if (auto written = store_->write(batch.writes()); !written) return tl::unexpected(written.error());
    return receipt;
  }

  Result<void> put_subscription(std::string_view name, std::string_view json) override {
    const std::lock_guard lock{writing_};
    return store_->write({{Table::subscriptions, std::string{name}, encode(StoredText{std::string{json}})}});
  }

  Result<bool> delete_subscription(std::string_view name) override {
    const std::lock_guard lock{writing_};
    const auto known = store_->view()->get(Table::subscriptions, name);
    if (!known) return tl::unexpected(known.error());
    if (!*known) return false;
    if (auto written = store_->write({{Table::subscriptions, std::string{name}, std::nullopt}}); !written)
      return tl::unexpected(written.error());
    return true;
  }

  Result<void> put_note(std::string_view name, std::optional<std::string> value) override {
    const std::lock_guard lock{writing_};
    Write write{Table::meta, keys::note(name), std::nullopt};
    if (value) write.value = encode(StoredText{std::move(*value)});
    return store_->write({std::move(write)});
  }

  Result<std::size_t> forget_deliveries(Time before) override {
    const std::lock_guard lock{writing_};
    const auto writes = forgetting(*store_->view(), before);
    if (!writes) return tl::unexpected(writes.error());
    if (!writes->batch.empty())
      if (auto written = store_->write(writes->batch); !written) return tl::unexpected(written.error());
    return writes->deliveries;
  }
  Result<void> compact() override { return store_->compact(); }

  Result<ChainReport> verify_chain() const override { return verify(*store_->view()); }
  Result<void> backup(const std::string& directory) const override {
    return store_->checkpoint(directory, Blocks::own);
  }
  Result<void> checkpoint(const std::string& directory) const override {
    return store_->checkpoint(directory, Blocks::shared);
  }
  std::uint64_t disk_bytes() const override { return store_->disk_bytes(); }

 private:
  std::unique_ptr<Store> store_;
  std::mutex writing_;  // one commit at a time, so that counters and chain follow on
};

tl::unexpected<Error> damaged(std::string_view problem) {
  return fail(ErrorCode::damaged,
              fmt::format("the database is damaged ({}): restore it from a backup with `entitywatch restore`",
                          problem));
}

Result<std::uint64_t> stored_format(const View& view) {
  const auto stored = find<StoredText>(view, Table::meta, keys::format);
  if (!stored) return tl::unexpected(stored.error());
  if (!*stored) return damaged("it does not say its format");
  const auto number = keys::last_number((*stored)->text);
  if (!number || *number == 0) return damaged("its format cannot be read");
  return *number;
}

Result<void> check_format(const View& view) {
  const auto number = stored_format(view);
  if (!number) return tl::unexpected(number.error());
  if (*number > format_version)
    return fail(ErrorCode::refused,
                fmt::format("the database has format {}, written by a newer entitywatch; this one "
                            "reads up to {}: upgrade entitywatch",
                            *number, format_version));
  return {};
}

Write format_row() {
  return {Table::meta, std::string{keys::format}, encode(StoredText{keys::number(format_version)})};
}

// The newest row of a table; empty: there is none.
Result<std::pair<std::string, std::string>> last_row(const View& view, Table table) {
  std::pair<std::string, std::string> last;
  const auto scanned = view.scan_back(table, {}, {}, [&](std::string_view key, std::string_view value) {
    last = {std::string{key}, std::string{value}};
    return false;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return last;
}

Result<void> check_head(const View& view) {
  const auto head = read_head(view);
  if (!head) return tl::unexpected(head.error());
  const auto link = last_row(view, Table::chain);
  const auto change = last_row(view, Table::changes);
  if (!link) return tl::unexpected(link.error());
  if (!change) return tl::unexpected(change.error());
  if (keys::last_number(change->first).value_or(0) != head->seq)
    return damaged("changes are missing at its end");
  if (keys::last_number(link->first).value_or(0) != head->link)
    return damaged("links are missing at the chain's end");
  if (head->link == 0) return {};
  const auto opened = open_link(link->second);
  if (!opened || opened->hash != head->link_hash) return damaged("the last link of its chain was altered");
  if (head->link == 1) return {};
  const auto before = view.get(Table::chain, keys::number(head->link - 1));
  if (!before) return tl::unexpected(before.error());
  const auto opened_before = open_link(before->value_or(""));
  if (!opened_before || opened_before->hash != opened->link.previous)
    return damaged(fmt::format("link {} of its chain is missing or altered", head->link - 1));
  return {};
}

}  // namespace

std::vector<Write> initial_content() {
  return {format_row(), {Table::meta, std::string{keys::head}, encode(Head{})}};
}

Result<void> check_content(const View& view) {
  if (auto format = check_format(view); !format) return format;
  return check_head(view);
}

// From 1 to 2 nothing stored changes: records of the older form are read as they are.
Result<void> migrate(Store& store) {
  const auto number = stored_format(*store.view());
  if (!number) return tl::unexpected(number.error());
  if (*number == format_version) return {};
  return store.write({format_row()});
}

std::unique_ptr<Archive> make_archive(std::unique_ptr<Store> store) {
  return std::make_unique<StoreArchive>(std::move(store));
}

Result<std::unique_ptr<Archive>> Archive::open(const ArchiveOptions& options) {
  RocksStoreOptions rocks;
  rocks.directory = options.directory;
  rocks.access = options.read_only ? Access::read_only : Access::read_write;
  rocks.must_exist = options.must_exist;
  rocks.cache_bytes = options.cache_bytes;
  rocks.first_batch = initial_content();
  rocks.inspect = [&](const View& view) -> Result<void> {
    auto checked = check_content(view);
    if (!checked) {
      std::string& where = checked.error().context;
      where = where.empty() ? options.directory : options.directory + ", " + where;
    }
    return checked;
  };
  auto store = open_rocks_store(rocks);
  if (!store) return tl::unexpected(store.error());
  if (!options.read_only)
    if (auto migrated = migrate(**store); !migrated) return tl::unexpected(migrated.error());
  return make_archive(std::move(*store));
}

}  // namespace entitywatch::storage
