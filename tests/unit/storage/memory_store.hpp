// A Store in memory: the second engine in miniature. It can be told to fail.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "storage/store.hpp"

namespace entitywatch::storage::test {

using Rows = std::map<std::pair<Table, std::string>, std::string>;

class MemoryStore final : public Store {
 public:
  [[nodiscard]] std::unique_ptr<View> view() const override;
  [[nodiscard]] std::uint64_t state() const override;
  [[nodiscard]] Result<void> write(const std::vector<Write>& batch) override;
  [[nodiscard]] Result<void> checkpoint(const std::string& directory, Blocks blocks) override;
  [[nodiscard]] Result<void> compact() override { return {}; }
  [[nodiscard]] std::uint64_t disk_bytes() const override;

  // Writes fail from now on, or work again.
  void set_failing(bool failing);
  // Changes a row behind the archive's back; nullopt deletes it.
  void tamper(Table table, const std::string& key, std::optional<std::string> value);
  [[nodiscard]] Rows rows() const;

 private:
  mutable std::mutex mutex_;
  Rows rows_;
  std::uint64_t state_ = 0;
  bool failing_ = false;
};

}  // namespace entitywatch::storage::test
