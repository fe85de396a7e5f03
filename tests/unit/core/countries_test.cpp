#include <catch2/catch_test_macros.hpp>

#include "core/countries.hpp"

using namespace entitywatch;

TEST_CASE("destinations as the lists print them have ISO codes") {
  struct Case {
    const char* printed;
    const char* code;
  };
  const Case cases[] = {{"CHINA, PEOPLE'S REPUBLIC OF", "CN"}, {"China, People\u2019s Republic of", "CN"}, {"RUSSIA", "RU"}, {"TURKEY", "TR"},
                        {"TÜRKIYE", "TR"}, {"Türkiye", "TR"}, {"BURMA", "MM"}, {"CRIMEA REGION OF UKRAINE", "UA"}, {"HONG KONG", "HK"},
                        {"MACAU", "MO"}, {"SOUTH KOREA", "KR"}, {"LAOS", "LA"}, {"CZECH REPUBLIC", "CZ"}, {"UNITED ARAB EMIRATES", "AE"},
                        {"NORTH MACEDONIA", "MK"}, {"SYRIA", "SY"}, {"VIETNAM", "VN"}, {"KYRGYZSTAN", "KG"}, {"AFGHANISTAN", "AF"},
                        {"TAIWAN", "TW"}, {"VENEZUELA", "VE"}, {"BOLIVIA", "BO"}, {"SLOVAKIA", "SK"}, {"UZBEKISTAN", "UZ"}};
  for (const Case& c : cases) CHECK(country_code(c.printed) == c.code);
  CHECK(country_code("Naung Yoe Technologies Co., Ltd.").empty());
}

TEST_CASE("other spellings come out as the list's own") {
  CHECK(canonical_country("China") == "CHINA, PEOPLE'S REPUBLIC OF");
  CHECK(canonical_country("UAE") == "UNITED ARAB EMIRATES");
  CHECK(canonical_country("Netherlands") == "NETHERLANDS");
  CHECK(canonical_country("Crimea Region of Ukraine") == "CRIMEA REGION OF UKRAINE");
  CHECK(country_display_name("CN") == "China");
}
