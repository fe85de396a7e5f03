// Part 744 as the eCFR serves it, with as many rows as a test wants, and the answers around it.
#pragma once

#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace entitywatch::test {

// "Party 000042 Optique", told apart by every digit.
[[nodiscard]] std::string party_name(int n);
// One row of the Entity List under FRANCE; `note` goes into its address.
[[nodiscard]] std::string entity_row(const std::string& name, const std::string& note = {});
[[nodiscard]] std::string part_744(const std::vector<std::string>& rows);
// Makes it the latest edition, of the day that many days after 2019-01-01.
void publish_edition(LoopbackServer& server, int day, const std::string& part);

}  // namespace entitywatch::test
