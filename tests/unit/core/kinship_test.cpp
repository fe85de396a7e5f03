// One entry becomes two, two become one, one party stands under two countries.
#include "core/kinship.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "track_support.hpp"

namespace entitywatch::test {
namespace {

constexpr const char* china = "CHINA, PEOPLE'S REPUBLIC OF";

Entry entry_of(const std::string& name, std::vector<std::string> aliases = {}, const char* country = china) {
  Entry e;
  e.id = name;
  e.list = ListId::entity_list;
  e.listing = listing(country, name, "1 Canal Street");
  e.listing.aliases = std::move(aliases);
  return e;
}

Change change_of(ChangeKind kind, const Entry& entry, const std::optional<Entry>& before = std::nullopt) {
  Change c;
  c.kind = kind;
  c.list = entry.list;
  c.entry = entry;
  c.before = before;
  return c;
}

TEST_CASE("an entry that becomes an alias of another is merged into it", "[kinship]") {
  std::vector<Change> changes{
      change_of(ChangeKind::removed, entry_of("Alpha Works")),
      change_of(ChangeKind::revised, entry_of("Beta Group", {"ALPHA WORKS"}), entry_of("Beta Group"))};
  tell_kinship(changes);
  CHECK(changes[0].note == "Merged into Beta Group.");
  CHECK(changes[1].note == "Takes in Alpha Works, which is no entry of its own any more.");
}

TEST_CASE("an alias that becomes an entry is split from the one it named", "[kinship]") {
  std::vector<Change> changes{
      change_of(ChangeKind::added, entry_of("Alpha Works")),
      change_of(ChangeKind::revised, entry_of("Beta Group"), entry_of("Beta Group", {"Alpha Works"}))};
  tell_kinship(changes);
  CHECK(changes[0].note == "Split from Beta Group.");
  CHECK(changes[1].note == "Alpha Works is split from it and has an entry of its own.");
}

TEST_CASE("an entry replaced by several of its names, and the other way about", "[kinship]") {
  const bool split = GENERATE(true, false);
  const ChangeKind gone = split ? ChangeKind::removed : ChangeKind::added;
  const ChangeKind come = split ? ChangeKind::added : ChangeKind::removed;
  std::vector<Change> changes{change_of(gone, entry_of("Beta Group", {"Alpha Works", "Gamma Works"})),
                              change_of(come, entry_of("Alpha Works")),
                              change_of(come, entry_of("Gamma Works")),
                              change_of(come, entry_of("Delta Works"))};
  tell_kinship(changes);
  CHECK(changes[0].note == std::string(split ? "Split into" : "Takes in") + " Alpha Works; Gamma Works.");
  for (const int part : {1, 2})
    CHECK(changes[static_cast<std::size_t>(part)].note ==
          std::string(split ? "Split from" : "Merged into") + " Beta Group.");
  CHECK(changes[3].note.empty());
}

TEST_CASE("under another country a name is another party's", "[kinship]") {
  std::vector<Change> changes{
      change_of(ChangeKind::removed, entry_of("Alpha Works", {}, "IRAN")),
      change_of(ChangeKind::revised, entry_of("Beta Group", {"Alpha Works"}), entry_of("Beta Group"))};
  tell_kinship(changes);
  CHECK(changes[0].note.empty());
  CHECK(changes[1].note.empty());
}

TEST_CASE("one party under two countries shares its name, or refers there and shares an alias", "[kinship]") {
  const Entry here = entry_of("Alpha Works", {"AW"});
  const Entry same = entry_of("ALPHA WORKS", {}, "IRAN");
  Entry referring = entry_of("AW", {"Alpha Works"}, "RUSSIA");
  Entry stranger = entry_of("Other Works", {"Alpha Works"}, "TURKEY");
  Entry removed = entry_of("Alpha Works", {}, "INDIA");
  removed.status = EntryStatus::removed;
  const std::vector<const Entry*> all{&here, &same, &referring, &stranger, &removed};
  CHECK(same_party_elsewhere(here, all) == std::vector<const Entry*>{&same});
  referring.listing.cross_references = {china};
  CHECK(same_party_elsewhere(here, all) == std::vector<const Entry*>{&same, &referring});
}

}  // namespace
}  // namespace entitywatch::test
