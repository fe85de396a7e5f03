#include "memory_store.hpp"

namespace entitywatch::storage::test {
namespace {

class MemoryView final : public View {
 public:
  explicit MemoryView(Rows rows) : rows_(std::move(rows)) {}

  Result<std::optional<std::string>> get(Table table, std::string_view key) const override {
    const auto at = rows_.find({table, std::string{key}});
    if (at == rows_.end()) return std::nullopt;
    return at->second;
  }
  Result<void> scan(Table table, std::string_view prefix, std::string_view from,
                    const ScanVisitor& visit) const override {
    for (auto at = rows_.lower_bound({table, std::string{std::max(prefix, from)}}); at != rows_.end(); ++at) {
      const auto& [place, value] = *at;
      if (place.first != table || !place.second.starts_with(prefix)) break;
      if (!visit(place.second, value)) break;
    }
    return {};
  }
  Result<void> scan_back(Table table, std::string_view prefix, std::string_view before,
                         const ScanVisitor& visit) const override {
    for (auto at = rows_.rbegin(); at != rows_.rend(); ++at) {
      const auto& [place, value] = *at;
      if (place.first != table || !place.second.starts_with(prefix)) continue;
      if (!before.empty() && place.second >= before) continue;
      if (!visit(place.second, value)) break;
    }
    return {};
  }

 private:
  Rows rows_;
};

}  // namespace

std::unique_ptr<View> MemoryStore::view() const { return std::make_unique<MemoryView>(rows()); }

std::uint64_t MemoryStore::state() const {
  const std::lock_guard lock{mutex_};
  return state_;
}

Result<void> MemoryStore::write(const std::vector<Write>& batch) {
  const std::lock_guard lock{mutex_};
  if (failing_) return fail(ErrorCode::io, "the disk is full: make room");
  for (const Write& write : batch) {
    if (write.value)
      rows_.insert_or_assign({write.table, write.key}, *write.value);
    else
      rows_.erase({write.table, write.key});
  }
  ++state_;
  return {};
}

Result<void> MemoryStore::checkpoint(const std::string&, Blocks) {
  return fail(ErrorCode::refused, "memory has no copy");
}
std::uint64_t MemoryStore::disk_bytes() const { return 0; }

void MemoryStore::set_failing(bool failing) {
  const std::lock_guard lock{mutex_};
  failing_ = failing;
}
void MemoryStore::tamper(Table table, const std::string& key, std::optional<std::string> value) {
  const std::lock_guard lock{mutex_};
  ++state_;
  if (value)
    rows_.insert_or_assign({table, key}, std::move(*value));
  else
    rows_.erase({table, key});
}
Rows MemoryStore::rows() const {
  const std::lock_guard lock{mutex_};
  return rows_;
}

}  // namespace entitywatch::storage::test
