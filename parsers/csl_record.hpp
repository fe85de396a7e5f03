// One record of the Consolidated Screening List, whichever form it came in. Internal to its readers.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "parsers/csl.hpp"

namespace entitywatch::parsers {

struct CslRecord {
  std::string source;  // "Entity List (EL) - Bureau of Industry and Security", or its code
  std::string name;
  std::string title;
  std::vector<std::string> addresses;  // "street, city, state, postal code, CC"
  std::vector<std::string> alt_names;
  std::vector<std::string> programs;
  std::vector<std::string> nationalities;  // codes, citizenships behind them
  std::vector<std::string> dates_of_birth;
  std::vector<std::string> places_of_birth;
  std::string notice;
  std::string start_date;
  std::string end_date;
  std::string standard_order;
  std::string requirement;
  std::string policy;
  std::string remarks;
  std::string place;  // in the file, for findings: "line 12"
};

// The list that a source names, in full or by its code; nullopt for one not known here.
[[nodiscard]] std::optional<ListId> csl_list(std::string_view source);

// Addresses of one destination of a record.
struct CslPart {
  std::string country;  // as printed in the lists
  std::string code;
  std::vector<std::string> addresses;  // for people: the country in words
};
[[nodiscard]] std::vector<CslPart> split_by_destination(const CslRecord& record);

// The listings of one record of that list; at least one.
[[nodiscard]] std::vector<Listing> read_csl_record(const CslRecord& record, ListId list);

// Collects the records of a file by list.
class CslCollector {
 public:
  void add(const CslRecord& record);
  // A row that could not be read; `source` is what it seems to name, may be empty.
  void unread(std::string_view source, std::string message, std::string_view excerpt);
  void find(Finding finding);
  [[nodiscard]] CslReading finish(const std::vector<Check>& checks);

 private:
  struct Pending {
    ListReading reading;
    // Listings by country and name, and whether each came from a record under several destinations.
    std::map<std::string, std::size_t> by_name;
    std::vector<bool> is_part;
  };
  Pending& pending(ListId list);
  static void place(Pending& list, Listing listing, bool is_part);

  std::map<ListId, Pending> lists_;
  std::map<std::string, std::optional<ListId>> sources_;  // as printed, each looked up once
  std::map<std::string, std::size_t> unknown_sources_;
  std::vector<Finding> findings_;
};

// The readers of the two forms.
[[nodiscard]] Result<CslReading> read_csl_csv(std::string_view bytes);
[[nodiscard]] Result<CslReading> read_csl_json(std::string_view bytes);

}  // namespace entitywatch::parsers
