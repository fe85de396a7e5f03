#include "tests/faults/faulty_file_system.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace entitywatch::faults {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;
using Verdict = FaultyFileSystem::Verdict;

constexpr std::uint64_t page = 4096;

std::string slurp(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What was read, with one bit of it flipped in memory of the caller's.
void flip(Slice& result, char* scratch) {
  if (result.empty()) return;
  if (result.data() != scratch) std::copy_n(result.data(), result.size(), scratch);
  scratch[result.size() / 2] = static_cast<char>(scratch[result.size() / 2] ^ 1);
  result = Slice(scratch, result.size());
}

class Sequential final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  Sequential(FaultyFileSystem& system, std::unique_ptr<FSSequentialFile>&& file)
      : FSSequentialFileOwnerWrapper(std::move(file)), system_(system) {}
  IOStatus Read(std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) override {
    const auto strike = system_.next(Operation::read);
    if (strike.verdict == Verdict::fail) return strike.status;
    auto status = FSSequentialFileOwnerWrapper::Read(n, options, result, scratch, debug);
    if (strike.verdict == Verdict::lie) flip(*result, scratch);
    return status;
  }

 private:
  FaultyFileSystem& system_;
};

class RandomAccess final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccess(FaultyFileSystem& system, std::unique_ptr<FSRandomAccessFile>&& file)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), system_(system) {}
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) const override {
    const auto strike = system_.next(Operation::read);
    if (strike.verdict == Verdict::fail) return strike.status;
    auto status = FSRandomAccessFileOwnerWrapper::Read(offset, n, options, result, scratch, debug);
    if (strike.verdict == Verdict::lie) flip(*result, scratch);
    return status;
  }
  IOStatus Prefetch(std::uint64_t, std::size_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported();
  }

 private:
  FaultyFileSystem& system_;
};

class Writable final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  Writable(FaultyFileSystem& system, std::string name, std::unique_ptr<FSWritableFile>&& file)
      : FSWritableFileOwnerWrapper(std::move(file)), system_(system), name_(std::move(name)) {}
  using FSWritableFileOwnerWrapper::Append;
  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const auto strike = system_.next(Operation::write);
    if (strike.verdict == Verdict::fail) return strike.status;
    if (strike.verdict == Verdict::lie) return IOStatus::OK();
    auto status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (status.ok()) system_.wrote(name_, data.size());
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    auto status = FSWritableFileOwnerWrapper::Truncate(size, options, debug);
    if (status.ok()) system_.truncated(name_, size);
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return sync([&] { return FSWritableFileOwnerWrapper::Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return sync([&] { return FSWritableFileOwnerWrapper::Fsync(options, debug); });
  }

 private:
  template <class Real>
  IOStatus sync(const Real&) {
    const auto strike = system_.next(Operation::sync);
    if (strike.verdict == Verdict::fail) return strike.status;
    // The real disk is spared: what counts as durable is kept here.
    if (strike.verdict == Verdict::go_on) system_.synced(name_);
    return IOStatus::OK();
  }
  FaultyFileSystem& system_;
  std::string name_;
};

class Directory final : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(FaultyFileSystem& system, std::unique_ptr<FSDirectory>&& directory)
      : FSDirectoryWrapper(std::move(directory)), system_(system) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return sync(); }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*, const rocksdb::DirFsyncOptions&) override {
    return sync();
  }

 private:
  IOStatus sync() {
    const auto strike = system_.next(Operation::sync);
    if (strike.verdict == Verdict::fail) return strike.status;
    if (strike.verdict == Verdict::go_on) system_.synced_directory();
    return IOStatus::OK();
  }
  FaultyFileSystem& system_;
};

}  // namespace

FaultyFileSystem::FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void FaultyFileSystem::set(std::optional<Fault> fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = fault;
  counts_ = {};
  struck_ = false;
}

std::array<std::uint64_t, operation_names.size()> FaultyFileSystem::counts() const {
  const std::scoped_lock lock(mutex_);
  return counts_;
}

bool FaultyFileSystem::struck() const {
  const std::scoped_lock lock(mutex_);
  return struck_;
}

void FaultyFileSystem::lose_power_at(std::uint64_t nth) {
  const std::scoped_lock lock(mutex_);
  changes_ = 0;
  power_ends_ = nth;
}

FaultyFileSystem::Strike FaultyFileSystem::next(Operation operation) {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t count = ++counts_[static_cast<std::size_t>(operation)];
  const bool changes = operation != Operation::read;
  if (power_ends_ != 0 && changes && ++changes_ >= power_ends_)
    return {Verdict::fail, IOStatus::IOError("the power is gone")};
  if (!fault_ || fault_->operation != operation) return {};
  if (fault_->times == Times::once ? count != fault_->nth : count < fault_->nth) return {};
  struck_ = true;
  if (fault_->how == How::lie) return {Verdict::lie, {}};
  return {Verdict::fail,
          fault_->how == How::no_space ? IOStatus::NoSpace("injected") : IOStatus::IOError("injected")};
}

void FaultyFileSystem::wrote(const std::string& name, std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  written_[name].size += bytes;
}

void FaultyFileSystem::truncated(const std::string& name, std::uint64_t size) {
  const std::scoped_lock lock(mutex_);
  Written& w = written_[name];
  w.size = std::min(w.size, size);
  w.durable = std::min(w.durable, size);
}

void FaultyFileSystem::synced(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  if (!ignore_syncs_) written_[name].durable = written_[name].size;
}

void FaultyFileSystem::synced_directory() {
  const std::scoped_lock lock(mutex_);
  if (!ignore_syncs_) settle_names();
}

void FaultyFileSystem::settle_names() {
  for (const NameChange& change : names_)
    if (!change.kept.empty()) fs::remove(change.kept);
  names_.clear();
}

void FaultyFileSystem::restore_power(std::mt19937_64& random, Loss loss) {
  const std::scoped_lock lock(mutex_);
  lose_ends(random, loss);
  lose_names(random);
  written_.clear();
  settle_names();
  power_ends_ = 0;
}

void FaultyFileSystem::lose_ends(std::mt19937_64& random, Loss loss) {
  for (const auto& [name, w] : written_) {
    std::error_code gone;
    const std::uint64_t size = std::min<std::uint64_t>(w.size, fs::file_size(name, gone));
    if (gone || w.durable >= size) continue;
    if (loss == Loss::cut) {
      fs::resize_file(name, w.durable + random() % (size - w.durable + 1));
      continue;
    }
    std::fstream file(name, std::ios::binary | std::ios::in | std::ios::out);
    for (std::uint64_t at = w.durable; at < size; at = (at / page + 1) * page) {
      if (random() % 2 == 0) continue;
      file.seekp(static_cast<std::streamoff>(at));
      const std::string zeros(static_cast<std::size_t>(std::min((at / page + 1) * page, size) - at), '\0');
      file.write(zeros.data(), static_cast<std::streamsize>(zeros.size()));
    }
  }
}

void FaultyFileSystem::lose_names(std::mt19937_64& random) {
  for (std::size_t lost = random() % (names_.size() + 1); lost > 0; --lost) {
    const NameChange& change = names_[names_.size() - 1];
    switch (change.kind) {
      case NameChange::Kind::created:
        fs::remove(change.name);
        break;
      case NameChange::Kind::renamed:
        if (fs::exists(change.name)) fs::rename(change.name, change.from);
        if (change.replaced) std::ofstream(change.name, std::ios::binary) << *change.replaced;
        break;
      case NameChange::Kind::removed:
        if (!fs::exists(change.name)) fs::copy_file(change.kept, change.name);
        fs::remove(change.kept);
        break;
    }
    names_.pop_back();
  }
}

IOStatus FaultyFileSystem::NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSSequentialFile>* out,
                                             IODebugContext* debug) {
  if (const auto strike = next(Operation::open); strike.verdict == Verdict::fail) return strike.status;
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  auto status = target()->NewSequentialFile(name, options, &file, debug);
  if (status.ok()) *out = std::make_unique<Sequential>(*this, std::move(file));
  return status;
}

IOStatus FaultyFileSystem::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                               std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                                               IODebugContext* debug) {
  if (const auto strike = next(Operation::open); strike.verdict == Verdict::fail) return strike.status;
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  auto status = target()->NewRandomAccessFile(name, options, &file, debug);
  if (status.ok()) *out = std::make_unique<RandomAccess>(*this, std::move(file));
  return status;
}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* out,
                                           IODebugContext* debug) {
  if (const auto strike = next(Operation::open); strike.verdict == Verdict::fail) return strike.status;
  std::unique_ptr<rocksdb::FSWritableFile> file;
  auto status = target()->NewWritableFile(name, options, &file, debug);
  if (!status.ok()) return status;
  *out = std::make_unique<Writable>(*this, name, std::move(file));
  const std::scoped_lock lock(mutex_);
  written_[name] = {};
  names_.push_back({NameChange::Kind::created, name, {}, {}, {}});
  return status;
}

IOStatus FaultyFileSystem::NewDirectory(const std::string& name, const IOOptions& options,
                                        std::unique_ptr<rocksdb::FSDirectory>* out, IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  auto status = target()->NewDirectory(name, options, &directory, debug);
  if (status.ok()) *out = std::make_unique<Directory>(*this, std::move(directory));
  return status;
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  const auto strike = next(Operation::rename);
  if (strike.verdict == Verdict::fail) return strike.status;
  if (strike.verdict == Verdict::lie) return IOStatus::OK();
  std::optional<std::string> replaced;
  if (fs::exists(to)) replaced = slurp(to);
  auto status = target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  const std::scoped_lock lock(mutex_);
  if (const auto w = written_.find(from); w != written_.end()) {
    written_[to] = w->second;
    written_.erase(w);
  }
  names_.push_back({NameChange::Kind::renamed, to, from, std::move(replaced), {}});
  return status;
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& name, const IOOptions& options,
                                      IODebugContext* debug) {
  const auto strike = next(Operation::remove);
  if (strike.verdict == Verdict::fail) return strike.status;
  if (strike.verdict == Verdict::lie) return IOStatus::OK();
  const std::scoped_lock lock(mutex_);
  const std::string kept = fs::path(name).parent_path().string() + ".removed" + std::to_string(++kept_);
  std::error_code code;
  fs::create_hard_link(name, kept, code);
  auto status = target()->DeleteFile(name, options, debug);
  if (status.ok() && !code) {
    written_.erase(name);
    names_.push_back({NameChange::Kind::removed, name, {}, {}, kept});
  } else if (!code) {
    fs::remove(kept);
  }
  return status;
}

}  // namespace entitywatch::faults
