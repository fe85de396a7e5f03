// What operators hear: each trouble told once, reminded of every day while it lasts, told when it is over.
// What lasts is kept in the archive, so that a restart neither repeats nor forgets it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

struct Trouble {
  std::string name;     // what it is told apart by: "source ecfr", "channel grc", "disk"
  std::string source;   // of the notice; may be empty
  std::string subject;  // "ecfr is failing"
  std::string text;
  Time since{};
  Time told_at{};  // last
  bool operator==(const Trouble&) const = default;
};

struct Notice {
  std::string source;
  std::string subject;
  std::string text;
  std::string dedup_key;  // the same key is the same notice
};

// Thread safe. `send` may take as long as a delivery.
class OperatorDesk {
 public:
  // `send` leaves a notice in the outbox; `send_directly` is asked instead when that fails, for the
  // database may be the trouble.
  using Send = std::function<Result<void>(const Notice&)>;
  [[nodiscard]] static Result<std::unique_ptr<OperatorDesk>> create(storage::Archive& archive,
                                                                    const Clock& clock, Send send,
                                                                    Send send_directly);

  // Tells it, unless a trouble of this name and subject lasts already. An error when nobody could be told: it
  // then does not count as begun.
  [[nodiscard]] Result<void> begin(const std::string& name, const std::string& source,
                                   const std::string& subject, const std::string& text);
  // Tells that it is over, if it was begun.
  [[nodiscard]] Result<void> end(const std::string& name, const std::string& subject,
                                 const std::string& text);
  // Tells again what was told last a day ago or more.
  void remind();
  // Drops in silence what nobody watches any more: a channel or source taken out of the configuration.
  void keep_only(const std::function<bool(std::string_view name)>& watched);
  [[nodiscard]] std::vector<Trouble> lasting() const;

 private:
  OperatorDesk(storage::Archive& archive, const Clock& clock, Send send, Send send_directly);
  [[nodiscard]] Result<void> tell(const Notice& notice) const;
  void save() const;

  storage::Archive& archive_;
  const Clock& clock_;
  const Send send_;
  const Send send_directly_;
  mutable std::mutex mutex_;
  std::vector<Trouble> troubles_;
};

}  // namespace entitywatch::daemon
