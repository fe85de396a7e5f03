// The outbox worker's view of the archive.
#pragma once

#include <functional>
#include <string>

#include "notify/outbox.hpp"
#include "storage/archive.hpp"

namespace entitywatch::daemon {

// Thread safe. `archive` and `clock` must outlive it.
class ArchiveOutbox final : public notify::OutboxStore {
 public:
  // `tell` receives a subject and a text for operators when a channel disables itself.
  using Tell = std::function<void(const std::string& channel, const std::string& subject, const std::string& text)>;
  ArchiveOutbox(storage::Archive& archive, const Clock& clock, std::string local_url, Tell tell);

  [[nodiscard]] Result<notify::AlertView> view(const Delivery& delivery) override;
  [[nodiscard]] Result<void> pending(const notify::ChannelFilter& wanted, Time until,
                                     const std::function<bool(const Delivery&)>& visit) override;
  [[nodiscard]] Result<void> record(const Delivery& delivery) override;
  [[nodiscard]] Result<void> record_many(const std::vector<Delivery>& deliveries) override;
  [[nodiscard]] Result<void> disable_channel(const std::string& channel, const std::string& reason) override;
  [[nodiscard]] bool is_disabled(const std::string& channel) override;

 private:
  storage::Archive& archive_;
  const Clock& clock_;
  const std::string local_url_;
  const Tell tell_;
};

// The alert with its changes and document as they now stand; not_found when the alert is gone.
[[nodiscard]] Result<notify::AlertView> load_alert_view(const storage::Reader& reader, const std::string& alert_id, const std::string& local_url);

}  // namespace entitywatch::daemon
