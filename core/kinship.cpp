#include "core/kinship.hpp"

#include <algorithm>
#include <map>

#include "core/identity.hpp"
#include "core/text.hpp"

namespace entitywatch {
namespace {

bool names_among(const Listing& l, const std::string& folded) {
  for (const auto* names : {&l.aliases, &l.former_names})
    for (const std::string& name : *names)
      if (text::fold(name) == folded) return true;
  return false;
}

bool same_place(const Change& a, const Change& b) {
  return a.list && a.list == b.list && name_key(*a.list, a.entry->listing.country, "") == name_key(*b.list, b.entry->listing.country, "");
}

void say(Change& change, const std::string& words) { change.note += (change.note.empty() ? "" : " ") + words; }

bool is_revision(const Change& c) { return (c.kind == ChangeKind::revised || c.kind == ChangeKind::corrected) && c.before; }

// `part` left the list and became an alias of `whole`, or was an alias of it and now stands for itself.
void compare_two(Change& part, Change& whole) {
  const std::string name = text::fold(part.entry->listing.name);
  const bool before = names_among(whole.before->listing, name);
  const bool after = names_among(whole.entry->listing, name);
  if (part.kind == ChangeKind::removed && !before && after) {
    say(part, "Merged into " + whole.entry->listing.name + ".");
    say(whole, "Takes in " + part.entry->listing.name + ", which is no entry of its own any more.");
  }
  if (part.kind == ChangeKind::added && before && !after) {
    say(part, "Split from " + whole.entry->listing.name + ".");
    say(whole, part.entry->listing.name + " is split from it and has an entry of its own.");
  }
}

// An entry that went while several of its names came as entries of their own, or the other way about.
void compare_many(std::vector<Change>& changes, Change& one, ChangeKind others, const char* of_one, const char* of_each) {
  std::vector<Change*> parts;
  for (Change& c : changes)
    if (c.kind == others && c.entry && &c != &one && same_place(c, one) && names_among(one.entry->listing, text::fold(c.entry->listing.name)))
      parts.push_back(&c);
  if (parts.size() < 2) return;
  std::vector<std::string> names;
  for (Change* part : parts) {
    say(*part, of_each + one.entry->listing.name + ".");
    names.push_back(part->entry->listing.name);
  }
  say(one, of_one + text::join(names, "; ") + ".");
}

}  // namespace

void tell_kinship(std::vector<Change>& changes) {
  std::vector<Change*> whole;
  std::vector<Change*> parts;
  for (Change& c : changes) {
    if (!c.entry) continue;
    if (is_revision(c)) whole.push_back(&c);
    if (c.kind == ChangeKind::removed || c.kind == ChangeKind::added) parts.push_back(&c);
  }
  for (Change* w : whole)
    for (Change* p : parts)
      if (same_place(*w, *p)) compare_two(*p, *w);
  for (Change* p : parts) {
    if (p->kind == ChangeKind::removed) compare_many(changes, *p, ChangeKind::added, "Split into ", "Split from ");
    if (p->kind == ChangeKind::added) compare_many(changes, *p, ChangeKind::removed, "Takes in ", "Merged into ");
  }
}

std::vector<const Entry*> same_party_elsewhere(const Entry& entry, const std::vector<const Entry*>& of_list) {
  const std::string name = text::fold(entry.listing.name);
  const std::string country = name_key(entry.list, entry.listing.country, "");
  const auto refers = [](const Listing& from, const Listing& to) {
    return std::any_of(from.cross_references.begin(), from.cross_references.end(), [&](const std::string& c) {
      return name_key(ListId::entity_list, c, "") == name_key(ListId::entity_list, to.country, "");
    });
  };
  std::vector<const Entry*> out;
  for (const Entry* e : of_list) {
    if (e->id == entry.id || e->list != entry.list || e->status == EntryStatus::removed || name_key(e->list, e->listing.country, "") == country) continue;
    const bool same_name = text::fold(e->listing.name) == name;
    // Where one row refers to the other's country an alias is enough.
    const bool referred = (refers(entry.listing, e->listing) || refers(e->listing, entry.listing)) &&
                          (names_among(e->listing, name) || names_among(entry.listing, text::fold(e->listing.name)));
    if (same_name || referred) out.push_back(e);
  }
  return out;
}

}  // namespace entitywatch
