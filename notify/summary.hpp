// What an alert says, worked out once: every channel renders this model, so that all of them agree. All
// text in it is clean (see escape.hpp) and not yet escaped for any channel.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/change.hpp"
#include "notify/channel.hpp"

namespace entitywatch::notify {

// A line "label: value", in the order a reader asks: what, where, since when, by which authority, where to
// read it, how it was checked.
struct Fact {
  std::string label;
  std::string value;
  std::string url;  // empty: not a link
  bool operator==(const Fact&) const = default;
};

// What a revision did to one field. Of lists (aliases, addresses) only what came or went.
struct Difference {
  std::string label;
  std::string before;  // empty: nothing went
  std::string after;   // empty: nothing came
  bool operator==(const Difference&) const = default;
};

// One change, as people read it.
struct Item {
  std::string change_id;
  ChangeKind kind = ChangeKind::added;
  std::string action;  // "Added", "To be removed", "Addition withdrawn", …
  std::string list;    // "Entity List"; empty: none
  std::string name;    // of the party; of a `document` change: its title
  std::string country;
  std::string parent;
  std::vector<std::string> aliases;
  std::vector<std::string> former_names;
  std::vector<std::string> addresses;
  std::string requirement;  // only where it differs between the items of the alert
  std::string policy;
  std::string effective;  // only where it differs
  std::string authority;  // only where it differs
  std::vector<Difference> differences;
  std::vector<std::string> watchlist;  // "“Hikvision” (V-17), 97 %"
  std::vector<std::string> notes;      // later sources, eCFR only
  std::vector<std::string> problems;   // why it needs review
  bool operator==(const Item&) const = default;
};

// Items of one action on one list, for counts and headings.
struct Group {
  std::string action;
  std::string list;
  std::size_t count = 0;
  bool operator==(const Group&) const = default;
};

struct Summary {
  std::string headline;                // one line: list, what, how many or who
  std::string lead;                    // one line: from when, by which authority, whether checked
  std::string subject;                 // headline and what makes it urgent, for mail and notifications
  std::string body;                    // of operators' notices and samples
  std::vector<std::string> watchlist;  // one line a match, best first
  std::vector<std::string> warnings;   // why a human must look; empty: nothing to say
  std::vector<Fact> facts;
  std::vector<Group> groups;
  std::vector<Item> items;  // watchlist matches first, then in history order by action
  std::string read_url;     // the publisher's page; empty: none
  std::string local_url;    // the whole alert in the local page; empty: none
  std::string footer;       // which subscription, which alert
};

[[nodiscard]] Summary summarize(const AlertView& view);

// Which `most` items to show (or to show in full) where there is no room for all: watchlist matches first,
// then a fair share of every group, so that four revisions are not lost behind seventy additions.
[[nodiscard]] std::vector<bool> fair_share(const Summary& summary, std::size_t most);

// The local page and the endpoint that show everything of the alert; empty without a local URL.
[[nodiscard]] std::string local_page(const AlertView& view);
[[nodiscard]] std::string changes_endpoint(const AlertView& view);

}  // namespace entitywatch::notify
