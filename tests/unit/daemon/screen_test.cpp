// Screening through the API: one name, many as JSON, many as CSV.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/api_world.hpp"

using namespace entitywatch;
using namespace entitywatch::test;
using daemon::ApiResponse;

namespace {

struct Screened : ApiWorld {
  Screened() { fill(); }
  [[nodiscard]] ApiResponse csv(const std::string& body) const {
    daemon::ApiRequest request = request_of("/v1/screen");
    request.method = "POST";
    request.content_type = "text/csv";
    request.body = body;
    return api->handle(request);
  }
};

}  // namespace

TEST_CASE_METHOD(Screened, "one name is screened with score and matched name", "[api][screen]") {
  const Json answer = json("/v1/screen?name=delta+optic");
  REQUIRE(answer["matches"].size() == 1);
  CHECK(answer["matches"][0]["entry"]["id"] == delta.id);
  CHECK(answer["matches"][0]["matched_name"] == delta.listing.name);
  CHECK(answer["matches"][0]["score"].get<double>() > 0.8);
  CHECK(json("/v1/screen?name=Delta+Optics&country=DE")["matches"].empty());
  CHECK(json("/v1/screen?name=Delta+Optics&list=unverified-list")["matches"].empty());
}

TEST_CASE_METHOD(Screened, "what cannot be screened is refused by name", "[api][screen]") {
  for (const char* target : {"/v1/screen", "/v1/screen?name=%2C", "/v1/screen?name=x&min_score=2", "/v1/screen?name=x&limit=0", "/v1/screen?name=x&country=Atlantis"}) {
    INFO(target);
    CHECK(get(target).status == 400);
  }
  for (const char* body : {"", "[]", "{}", R"({"names": 3})", R"({"names": [3]})", R"({"names": [{"name": "a", "country": 5}]})", R"({"names": [{"id": 7, "name": "a"}]})", R"({"names": ["a"], "limit": 0})", R"({"names": ["a"], "wrong": 1})"}) {
    INFO(body);
    CHECK(send("POST", "/v1/screen", body).status == 400);
  }
  CHECK(csv("id\n1\n").status == 400);
}

TEST_CASE_METHOD(Screened, "many names come back in order", "[api][screen]") {
  const ApiResponse response = send("POST", "/v1/screen", R"({"names": ["Nobody At All", {"id": "7", "name": "Delta Optics", "country": "CN"}], "limit": 1})");
  REQUIRE(response.status == 200);
  const Json results = Json::parse(response.body)["results"];
  REQUIRE(results.size() == 2);
  CHECK(results[0]["matches"].empty());
  CHECK(results[0]["id"].is_null());
  CHECK(results[1]["id"] == "7");
  CHECK(results[1]["matches"][0]["entry"]["id"] == delta.id);
}

TEST_CASE_METHOD(Screened, "CSV is answered with CSV that no spreadsheet runs", "[api][screen]") {
  const ApiResponse response = csv("id,name\r\n=1+1,\"Delta, Optics\"\r\n9,Nobody At All\r\n");
  REQUIRE(response.status == 200);
  CHECK(response.content_type.rfind("text/csv", 0) == 0);
  CHECK(response.body.find("\"'=1+1\",\"Delta, Optics\"") != std::string::npos);
  CHECK(response.body.find(delta.id) != std::string::npos);
  CHECK(response.body.find("\"9\",\"Nobody At All\",,") != std::string::npos);
}
