// What the asking commands share: what a person typed, a question, and answers as words and tables. Used by
// cli_queries.cpp, cli_show.cpp and cli_subscriptions.cpp.
#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/json.hpp"
#include "daemon/cli_ask.hpp"
#include "daemon/cli_table.hpp"

namespace entitywatch::daemon {

using Rows = std::vector<std::vector<std::string>>;

// What a person typed, collected by the command line.
struct Asked {
  std::map<std::string, std::string> filters;
  std::map<std::string, bool> flags;
  std::string id;
  std::string format = "csv";
  std::string file;
  std::size_t limit = 100;
};

// Text of publishers goes to a terminal, where control characters are commands.
[[nodiscard]] std::string in_words(const Json& value);
// A member in words, empty where there is none.
[[nodiscard]] std::string field(const Json& object, const char* key);
// A member as it is, null where there is none.
[[nodiscard]] Json nested(const Json& object, const char* key);
[[nodiscard]] std::string joined(const Json& array, const char* separator = ", ");
[[nodiscard]] std::string day_of(const std::string& time);
[[nodiscard]] std::string minute_of(const std::string& time);

class Query {
 public:
  // Both outlive it.
  Query(const CommandOptions& options, const Asked& asked) : options_(options), asked_(asked) {}

  // Asks and hands a good answer to `show`, or prints it as it is under --json.
  int run(const ApiRequest& request, Door::Access access, const std::function<void(const Json&)>& show) const;
  [[nodiscard]] ApiRequest list_request(const std::string& path) const;
  // Says so when nothing was found, or when there may be more.
  void table(const std::vector<Column>& columns, const Rows& rows, const Json& page) const;

 private:
  const CommandOptions& options_;
  const Asked& asked_;
};

[[nodiscard]] ApiRequest request_to(const char* method, std::string path);

// Changes as a table.
[[nodiscard]] const std::vector<Column>& change_columns();
[[nodiscard]] Rows change_rows(const Json& changes);

// Registers commands that share the state of one call.
class Registrar {
 public:
  Registrar(CommandOptions& options, std::function<int()>& chosen)
      : options_(options), chosen_(chosen), asked_(std::make_shared<Asked>()) {}

  using Run = std::function<int(const CommandOptions&, const Asked&)>;

  CLI::App* add(CLI::App& to, const char* name, const char* help, Run run);
  void filters(CLI::App* sub, const std::vector<std::pair<const char*, const char*>>& names);
  void paging(CLI::App* sub);
  void id(CLI::App* sub, const char* name, const char* help);
  [[nodiscard]] Asked& asked() { return *asked_; }

 private:
  CommandOptions& options_;
  std::function<int()>& chosen_;
  std::shared_ptr<Asked> asked_;
};

}  // namespace entitywatch::daemon
