// Screening from the command line: one name, or a CSV of any length, asked of the endpoint in pieces that it
// takes, with a bar on a terminal.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "daemon/commands.hpp"

namespace entitywatch::daemon {

enum class ScreenFormat { table, csv, json };

struct Screening {
  std::string name;                            // one name, or
  std::string file;                            // a CSV with a column name, optionally id and country
  std::map<std::string, std::string> filters;  // parameters of /v1/screen: country, list, min_score
  std::size_t limit = 10;                      // hits a name
  std::string format;  // table, csv or json; empty: json where options say so, else a table for a name and
                       // CSV for a file
};

// The exit status. Nothing is asked when a line of the file is wrong: the message names it.
int screen(const CommandOptions& options, const Screening& screening);

}  // namespace entitywatch::daemon
