// The world of the API tests, filled, and short questions to it.
#pragma once

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "tests/support/api_world.hpp"

namespace entitywatch::test {

using daemon::ApiResponse;

struct Filled : ApiWorld {
  Filled() { fill(); }
  [[nodiscard]] std::vector<std::string> names(const std::string& target) const {
    std::vector<std::string> out;
    const Json page = json(target);
    for (const Json& e : page["entries"]) out.push_back(e["name"]);
    std::sort(out.begin(), out.end());
    return out;
  }
  [[nodiscard]] std::vector<std::string> kinds(const std::string& target) const {
    std::vector<std::string> out;
    const Json page = json(target);
    for (const Json& c : page["changes"]) out.push_back(c["kind"]);
    return out;
  }
  void refused(const std::string& target, int status, const std::string& word) const {
    const ApiResponse response = get(target);
    INFO(target << ": " << response.body);
    CHECK(response.status == status);
    CHECK(response.content_type == "application/problem+json");
    const Json body = Json::parse(response.body);
    CHECK(body["status"] == status);
    CHECK(body["detail"].get<std::string>().find(word) != std::string::npos);
  }
};

}  // namespace entitywatch::test
