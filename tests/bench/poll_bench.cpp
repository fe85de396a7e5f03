// A poll of the eCFR over loopback, from fetch to durable commit, as a ratio to a bare libxml2 push parse
// of the same bytes in the same run.
//   poll_bench EARLIER.xml LATER.xml
#include <libxml/parser.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "daemon/http_fetcher.hpp"
#include "daemon/pipeline.hpp"
#include "tests/support/loopback_server.hpp"

using namespace entitywatch;
using Steady = std::chrono::steady_clock;

namespace {

std::string slurp(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

double milliseconds(Steady::time_point since) { return std::chrono::duration<double, std::milli>(Steady::now() - since).count(); }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double bare_push(const std::string& xml) {
  const auto start = Steady::now();
  xmlSAXHandler handler;
  std::memset(&handler, 0, sizeof handler);
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = [](void*, const xmlChar*, const xmlChar*, const xmlChar*, int, const xmlChar**, int, int, const xmlChar**) {};
  handler.characters = [](void*, const xmlChar*, int) {};
  xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, nullptr, nullptr, 0, nullptr);
  for (std::size_t at = 0; at < xml.size(); at += 16'384)
    xmlParseChunk(parser, xml.data() + at, static_cast<int>(std::min<std::size_t>(16'384, xml.size() - at)), 0);
  const int fault = xmlParseChunk(parser, nullptr, 0, 1);
  const double took = milliseconds(start);
  if (fault != 0) std::fprintf(stderr, "the bare parse stopped with libxml2 error %d\n", fault);
  xmlFreeParserCtxt(parser);
  return took;
}

// The eCFR of two days on loopback, and everything that reads it.
struct Watch {
  explicit Watch(const std::string& folder) : directory(folder) {
    std::filesystem::remove_all(directory);
    archive = *storage::Archive::open({.directory = directory});
    pipeline = *daemon::Pipeline::create(*archive, clock, {});
    config.name = config.kind = "ecfr";
    config.base_url = server.url();
    state.name = "ecfr";
  }
  ~Watch() { std::filesystem::remove_all(directory); }
  void publish(const char* date, const std::string& xml) {
    test::LoopbackAnswer titles;
    titles.body = std::string(R"({"titles":[{"number":15,"name":"Commerce","latest_amended_on":")") + date + R"(","latest_issue_date":")" + date +
                  R"(","up_to_date_as_of":")" + date + R"(","reserved":false}]})";
    server.set("/api/versioner/v1/titles.json", titles);
    test::LoopbackAnswer part;
    part.body = xml;
    part.content_type = "application/xml";
    part.etag = std::string("\"") + date + "\"";
    server.set(std::string("/api/versioner/v1/full/") + date + "/title-15.xml", part);
  }
  double poll() {
    daemon::PollContext context{config, fetcher, *pipeline, clock, state, stop.get_token()};
    const auto start = Steady::now();
    const daemon::PollReport report = source->poll(context);
    const double took = milliseconds(start);
    if (report.failure) std::fprintf(stderr, "poll failed: %s\n", report.failure->error.describe().c_str());
    changes = report.changes;
    return took;
  }

  SystemClock clock;
  test::LoopbackServer server;
  std::string directory;
  std::unique_ptr<storage::Archive> archive;
  std::unique_ptr<daemon::Pipeline> pipeline;
  daemon::HttpFetcher fetcher{daemon::HttpFetcherOptions{}, clock};
  daemon::SourceConfig config;
  SourceState state;
  std::stop_source stop;
  std::unique_ptr<daemon::Source> source = daemon::make_source("ecfr");
  std::size_t changes = 0;
};

// The first row of the Entity List, one digit of its address or of its citation other than before.
std::string with_one_row_changed(std::string xml) {
  std::size_t at = xml.find("<TBODY>", xml.find("Supplement No. 4"));
  at = xml.find("</TD>", at);
  while (at < xml.size() && (xml[at] < '0' || xml[at] > '9' || xml[at - 1] == '<' || xml[at - 1] == '#' || xml[at - 1] == 'x')) ++at;
  if (at < xml.size()) xml[at] = xml[at] == '9' ? '1' : static_cast<char>(xml[at] + 1);
  return xml;
}

// Every "of the EAR", which nearly every row has, in other letters.
std::string with_rows_spelled_otherwise(std::string xml) {
  constexpr std::string_view usual = "of the EAR";
  for (std::size_t at = xml.find(usual); at != std::string::npos; at = xml.find(usual, at + usual.size())) xml.replace(at, usual.size(), "of The Ear");
  return xml;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: poll_bench EARLIER.xml LATER.xml\n"), 2;
  const std::string earlier = slurp(argv[1]);
  const std::string later = slurp(argv[2]);
  std::vector<double> baseline;
  std::vector<double> changed;
  std::vector<double> unchanged;
  std::vector<double> bare;
  std::vector<double> one_row;
  std::vector<double> respelled;
  std::size_t changes = 0;
  std::size_t one_row_changes = 0;
  std::size_t respelled_changes = 0;
  for (int run = 0; run < 5; ++run) {
    Watch watch("poll_bench.db");
    watch.publish("2026-03-25", earlier);
    baseline.push_back(watch.poll());
    watch.publish("2026-07-18", later);
    bare.push_back(bare_push(later));
    changed.push_back(watch.poll());
    changes = watch.changes;
    unchanged.push_back(watch.poll());
    const std::string one = with_one_row_changed(later);
    watch.publish("2026-07-19", one);
    one_row.push_back(watch.poll());
    one_row_changes = watch.changes;
    watch.publish("2026-07-20", with_rows_spelled_otherwise(one));
    respelled.push_back(watch.poll());
    respelled_changes = watch.changes;
    bare.push_back(bare_push(later));
  }
  const double base = median(bare);
  std::printf("%zu bytes, %zu changes recorded, medians of 5\n", later.size(), changes);
  std::printf("bare push parse %8.1f ms\n", base);
  std::printf("baseline poll   %8.1f ms  %6.1f x bare\n", median(baseline), median(baseline) / base);
  std::printf("changed poll    %8.1f ms  %6.1f x bare\n", median(changed), median(changed) / base);
  std::printf("one row changed %8.1f ms  %6.1f x bare, %zu changes recorded\n", median(one_row), median(one_row) / base, one_row_changes);
  std::printf("all respelled   %8.1f ms  %6.1f x bare, %zu changes recorded\n", median(respelled), median(respelled) / base, respelled_changes);
  std::printf("unchanged poll  %8.1f ms  %6.2f x bare\n", median(unchanged), median(unchanged) / base);
}
