#include "daemon/meters.hpp"

#include <catch2/catch_test_macros.hpp>

namespace entitywatch::daemon {
namespace {

using namespace std::chrono_literals;

bool has_line(const std::string& text, std::string_view line) {
  return ("\n" + text).find("\n" + std::string(line) + "\n") != std::string::npos;
}

TEST_CASE("a histogram counts what lies at or below each bound", "[meters]") {
  Histogram histogram;
  histogram.note(1ms);  // at a bound
  histogram.note(3ms);
  histogram.note(2min);  // beyond all
  Exposition out;
  histogram.write(out, "x_seconds", "a=\"b\"");
  const std::string text = std::move(out).take();
  CHECK(has_line(text, R"(entitywatch_x_seconds_bucket{a="b",le="0.001"} 1)"));
  CHECK(has_line(text, R"(entitywatch_x_seconds_bucket{a="b",le="0.0025"} 1)"));
  CHECK(has_line(text, R"(entitywatch_x_seconds_bucket{a="b",le="0.005"} 2)"));
  CHECK(has_line(text, R"(entitywatch_x_seconds_bucket{a="b",le="60"} 2)"));
  CHECK(has_line(text, R"(entitywatch_x_seconds_bucket{a="b",le="+Inf"} 3)"));
  CHECK(has_line(text, R"(entitywatch_x_seconds_sum{a="b"} 120.004)"));
  CHECK(has_line(text, R"(entitywatch_x_seconds_count{a="b"} 3)"));
}

TEST_CASE("polls are counted by what became of them", "[meters]") {
  Meters meters;
  PollReport report;
  meters.polled("ecfr", report, 10ms);
  report.changes = 3;
  meters.polled("ecfr", report, 10ms);
  report.held = true;
  meters.polled("ecfr", report, 10ms);
  report.failure = FetchFailure{{ErrorCode::unavailable, "no", {}}, {}};
  meters.polled("ecfr", report, 10ms);
  meters.polled("dpl", report, 10ms);
  const std::string text = meters.text();
  for (const char* outcome : {"unchanged", "changed", "held", "failed"})
    CHECK(has_line(text,
                   std::string("entitywatch_polls_total{source=\"ecfr\",outcome=\"") + outcome + "\"} 1"));
  CHECK(has_line(text, R"(entitywatch_poll_duration_seconds_count{source="dpl"} 1)"));
}

TEST_CASE("findings are counted wherever a reader attached them", "[meters]") {
  Meters meters;
  Observation observation;
  observation.source = "ecfr";
  Reading reading;
  const auto finding = [](std::string code, Finding::Severity severity) {
    Finding out;
    out.code = std::move(code);
    out.severity = severity;
    return out;
  };
  reading.findings.push_back(finding("odd", Finding::Severity::note));
  reading.lists.emplace_back().findings.push_back(finding("odd", Finding::Severity::review));
  DocumentReading& document = reading.documents.emplace_back();
  document.document.findings.push_back(finding("odd", Finding::Severity::review));
  document.operations.emplace_back().findings.push_back(finding("other", Finding::Severity::review));
  meters.parsed(observation, reading, 1ms);
  meters.parsed(observation, fail(ErrorCode::malformed, "not XML"), 1ms);
  const std::string text = meters.text();
  CHECK(has_line(text, R"(entitywatch_parse_findings_total{source="ecfr",code="odd",severity="review"} 2)"));
  CHECK(has_line(text, R"(entitywatch_parse_findings_total{source="ecfr",code="odd",severity="note"} 1)"));
  CHECK(
      has_line(text, R"(entitywatch_parse_findings_total{source="ecfr",code="other",severity="review"} 1)"));
  CHECK(has_line(text, R"(entitywatch_parse_failures_total{source="ecfr"} 1)"));
  CHECK(has_line(text, R"(entitywatch_parse_duration_seconds_count{source="ecfr"} 2)"));
}

TEST_CASE("deliveries are counted once they are recorded", "[meters]") {
  Meters meters;
  Delivery delivery;
  delivery.channel = "grc\"";
  meters.delivered(delivery);
  delivery.status = DeliveryStatus::delivered;
  delivery.last_response = DeliveryResponse{204, "", 7};
  meters.delivered(delivery);
  delivery.status = DeliveryStatus::dead;
  meters.delivered(delivery);
  const std::string text = meters.text();
  for (const char* outcome : {"retried", "delivered", "dead"})
    CHECK(has_line(text, std::string("entitywatch_deliveries_total{channel=\"grc\\\"\",outcome=\"") +
                             outcome + "\"} 1"));
  CHECK(has_line(text, R"(entitywatch_delivery_duration_seconds_bucket{channel="grc\"",le="0.01"} 2)"));
}

}  // namespace
}  // namespace entitywatch::daemon
