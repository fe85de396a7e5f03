// Fills the outbox of a new database: ALERTS alerts of one change each, over DOCUMENTS documents, every
// document's alerts in order through one of the CHANNELS. The subscription of an alert, which receivers are
// shown, tells its place: "chaos DOCUMENT NUMBER".
//   fill_outbox DATA_DIR ALERTS DOCUMENTS CHANNEL…
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "core/commit.hpp"
#include "core/hash.hpp"
#include "storage/archive.hpp"

namespace {

using namespace entitywatch;

constexpr int batch = 2'000;

struct Plan {
  int alerts = 0;
  int documents = 0;
  std::vector<std::string> channels;
  Time start{};
};

Change change_of(int number, const std::string& document) {
  Change change;
  change.id = stable_id({"chaos change", std::to_string(number)}, 32);
  change.list = ListId::entity_list;
  change.source = "federal_register";
  change.document = DocumentRef{};
  change.document->number = document;
  Entry entry;
  entry.id = stable_id({"chaos entry", std::to_string(number)}, 20);
  entry.listing.name = fmt::format("Invented Party {}", number);
  entry.listing.country = "CHINA, PEOPLE'S REPUBLIC OF";
  entry.listing.country_code = "CN";
  change.entry = std::move(entry);
  return change;
}

void add(Commit& commit, const Plan& plan, int number) {
  const int place = number % plan.documents;
  const std::string document = fmt::format("2026-{:05}", place);
  Change change = change_of(number, document);
  change.detected_at = plan.start;
  Alert alert;
  alert.id = stable_id({"chaos alert", std::to_string(number)}, 32);
  alert.subscription = fmt::format("chaos {} {}", place, number);
  alert.document = document;
  alert.source = change.source;
  alert.created_at = alert.not_before = plan.start + std::chrono::milliseconds{number};
  alert.change_ids = {change.id};
  Delivery delivery;
  delivery.alert_id = alert.id;
  delivery.channel = plan.channels[static_cast<std::size_t>(place) % plan.channels.size()];
  delivery.id = stable_id({"delivery", alert.id, delivery.channel});
  delivery.subscription = alert.subscription;
  delivery.order_key = document;
  delivery.created_at = alert.created_at;
  delivery.next_attempt_at = alert.not_before;
  commit.new_changes.push_back(std::move(change));
  commit.alerts.push_back(std::move(alert));
  commit.deliveries.push_back(std::move(delivery));
}

Result<void> fill(const std::string& directory, const Plan& plan) {
  auto archive = storage::Archive::open({.directory = directory});
  if (!archive) return tl::unexpected(archive.error());
  for (int first = 0; first < plan.alerts; first += batch) {
    Commit commit;
    for (int number = first; number < std::min(plan.alerts, first + batch); ++number)
      add(commit, plan, number);
    if (auto receipt = (*archive)->commit(commit); !receipt) return tl::unexpected(receipt.error());
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    fmt::print(stderr, "fill_outbox DATA_DIR ALERTS DOCUMENTS CHANNEL...\n");
    return 2;
  }
  const SystemClock clock;
  const std::chrono::hours past{1};  // all of them are due
  const Plan plan{
      std::atoi(argv[2]), std::max(1, std::atoi(argv[3])), {argv + 4, argv + argc}, clock.now() - past};
  if (auto filled = fill(std::string(argv[1]) + "/db", plan); !filled) {
    fmt::print(stderr, "fill_outbox: {}\n", filled.error().describe());
    return 1;
  }
  return 0;
}
