// [evidence] and [database]: what is kept, how it is signed for others, and what may go.
#include "daemon/config_parts.hpp"

namespace entitywatch::daemon {

using namespace std::chrono_literals;

EvidenceConfig read_evidence(TableReader& root) {
  EvidenceConfig evidence;
  const toml::table* found = root.table("evidence");
  if (found == nullptr) return evidence;
  TableReader table(*found, "evidence", root.places(), root.problems());
  evidence.signing_key = table.secret("signing_key").value_or("");
  table.finish();
  return evidence;
}

DatabaseConfig read_database(TableReader& root) {
  DatabaseConfig database;
  const toml::table* found = root.table("database");
  if (found == nullptr) return database;
  TableReader table(*found, "database", root.places(), root.problems());
  database.cache_bytes = table.size("cache").value_or(database.cache_bytes);
  if (database.cache_bytes < (1u << 20)) table.problem("cache", "is less than 1MB; give at least that");
  database.keep_deliveries = table.interval("keep_deliveries", 24h).value_or(database.keep_deliveries);
  database.compact = table.interval("compact", 1h).value_or(database.compact);
  table.finish();
  return database;
}

}  // namespace entitywatch::daemon
