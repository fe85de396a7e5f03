#include "daemon/cli_words.hpp"

#include "core/change.hpp"
#include "core/lists.hpp"
#include "daemon/source.hpp"
#include "notify/channel.hpp"

namespace entitywatch::daemon {
namespace {

using Words = std::vector<std::string>;

Words lists() {
  Words out;
  for (const ListId list : all_lists()) out.emplace_back(to_string(list));
  return out;
}

Words kinds() {
  Words out;
  for (const ChangeKind kind : {ChangeKind::added, ChangeKind::removed, ChangeKind::withdrawn,
                                ChangeKind::revised, ChangeKind::corrected, ChangeKind::editorial,
                                ChangeKind::document, ChangeKind::discrepancy, ChangeKind::effective})
    out.emplace_back(to_string(kind));
  return out;
}

Words in_words(const auto& names) { return {names.begin(), names.end()}; }

}  // namespace

Words words_of(const std::string& command, const std::string& option) {
  if (option == "list" || option == "lists") return lists();
  if (option == "kind" || option == "kinds") return kinds();
  if (option == "order") return {"oldest", "newest"};
  if (option == "format")
    return command == "screen" ? Words{"table", "csv", "json"} : Words{"csv", "jsonl", "ftm"};
  if (option == "digest") return {"immediate", "hourly", "daily", "weekly"};
  if (option == "status")
    return command == "deliveries" ? Words{"pending", "delivered", "dead"}
                                   : Words{"listed", "pending", "removed", "all"};
  if (option == "sources" || command == "release") return in_words(source_kinds());
  if (command == "preview" && option == "channel") return in_words(notify::channel_types());
  if (option == "shell") return {"bash", "zsh", "man"};
  return {};
}

Completes completes(const std::string& option) {
  if (option == "config" || option == "file" || option == "paths" || option == "watchlist")
    return Completes::files;
  return option == "directory" ? Completes::folders : Completes::nothing;
}

}  // namespace entitywatch::daemon
