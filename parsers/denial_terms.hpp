// The terms of a denial order: its day, its end, what it does. Internal to the reader of denial orders.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/reading.hpp"
#include "parsers/fr_front.hpp"

namespace entitywatch::parsers {

// The paragraphs behind "it is hereby ordered", and those before.
struct OrderBody {
  std::vector<std::string> before;
  std::vector<std::string> ordered;
};
[[nodiscard]] OrderBody split_order(const std::vector<FrParagraph>& body);

// "ten (10) years", "180 days", "one hundred eighty days": the first period of the words.
struct DenialPeriod {
  int days = 0;
  int months = 0;
  bool operator==(const DenialPeriod&) const = default;
};
[[nodiscard]] std::optional<DenialPeriod> period_in(std::string_view words);

struct DenialTerms {
  std::optional<Date> signed_on;
  std::optional<Date> starts;  // the day it takes effect
  std::optional<Date> ends;    // as stated, else computed
  bool end_is_computed = false;
  bool ends_by_further_order = false;  // "until further order"
  std::vector<Check> checks;           // denial_until, denial_period
};
// `signature`: the words of the signature block, with its date. `published` answers "effective on
// publication".
[[nodiscard]] DenialTerms read_terms(const OrderBody& order, std::string_view signature,
                                     const std::optional<Date>& published);
[[nodiscard]] Date after(Date day, const DenialPeriod& period);

// add, revise or remove, by title and ordering paragraphs.
[[nodiscard]] OperationKind kind_of_order(const Document& document, const OrderBody& order);
// The denial is suspended as a whole, as settlements do: nobody is put on the list.
[[nodiscard]] bool is_suspended(const OrderBody& order);

}  // namespace entitywatch::parsers
