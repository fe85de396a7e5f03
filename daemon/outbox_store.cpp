#include "daemon/outbox_store.hpp"

#include "daemon/api_actions.hpp"

namespace entitywatch::daemon {

ArchiveOutbox::ArchiveOutbox(storage::Archive& archive, const Clock& clock, std::string local_url, Tell tell)
    : archive_(archive), clock_(clock), local_url_(std::move(local_url)), tell_(std::move(tell)) {}

Result<void> ArchiveOutbox::pending(const notify::ChannelFilter& wanted, Time until,
                                    const std::function<bool(const Delivery&)>& visit) {
  const auto reader = archive_.reader();
  std::optional<Error> failed;
  auto read = reader->waiting(until, [&](const storage::Waiting& row) {
    if (!wanted(row.channel)) return true;
    auto delivery = reader->delivery(row.id);
    if (delivery && *delivery) return visit(**delivery);
    failed = delivery ? Error{ErrorCode::damaged, "a delivery that the index names is missing", row.id} : delivery.error();
    return false;
  });
  if (failed) return tl::unexpected(std::move(*failed));
  return read;
}

Result<notify::AlertView> load_alert_view(const storage::Reader& reader, const std::string& alert_id, const std::string& local_url) {
  notify::AlertView view;
  view.local_url = local_url;
  auto alert = reader.alert(alert_id);
  if (!alert) return tl::unexpected(alert.error());
  if (!*alert) return fail(ErrorCode::not_found, "the alert " + alert_id + " is not in the archive");
  view.alert = std::move(**alert);
  for (const std::string& id : view.alert.change_ids) {
    auto change = reader.change(id);
    if (!change) return tl::unexpected(change.error());
    if (*change) view.changes.push_back(std::move(**change));
  }
  if (view.alert.document.empty()) return view;
  auto document = reader.document(view.alert.document);
  if (!document) return tl::unexpected(document.error());
  view.document = std::move(*document);
  return view;
}

Result<notify::AlertView> ArchiveOutbox::view(const Delivery& delivery) {
  return load_alert_view(*archive_.reader(), delivery.alert_id, local_url_);
}

Result<void> ArchiveOutbox::record(const Delivery& delivery) { return record_many({delivery}); }

Result<void> ArchiveOutbox::record_many(const std::vector<Delivery>& deliveries) {
  Commit commit;
  commit.deliveries = deliveries;
  auto receipt = archive_.commit(commit);
  if (!receipt) return tl::unexpected(receipt.error());
  return {};
}

Result<void> ArchiveOutbox::disable_channel(const std::string& channel, const std::string& reason) {
  if (auto put = archive_.put_note(channel_disabled_note(channel), reason); !put) return put;
  tell_(channel, "Channel " + channel + " disabled itself",
        "The receiver of channel " + channel + " answered 410 Gone: it wants no more alerts. Nothing is sent there until a delivery to it "
        "is redelivered (entitywatch redeliver ID), which opens the channel again.");
  return {};
}

bool ArchiveOutbox::is_disabled(const std::string& channel) {
  const auto note = archive_.reader()->note(channel_disabled_note(channel));
  return note && note->has_value();
}

}  // namespace entitywatch::daemon
