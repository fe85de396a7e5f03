// Each reader over real files, as a ratio to the barest pass over the same bytes in the same run: for XML
// a libxml2 push parse with empty handlers, for CSV a scan of the memory. And the memory a reader needs
// above the bytes it is given, for the file and for one ten times as long.
//   reader_bench CORPUS
#include <libxml/parser.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>
#include <numeric>
#include <string>
#include <vector>

#include "parsers/csl.hpp"
#include "parsers/csv.hpp"
#include "parsers/dpl.hpp"
#include "parsers/ecfr.hpp"
#include "parsers/federal_register.hpp"
#include "parsers/xml_sax.hpp"

namespace {

std::atomic<std::size_t> live{0};
std::atomic<std::size_t> peak{0};

void* counted(void* block) {
  if (block == nullptr) return nullptr;
  const std::size_t now = live += malloc_usable_size(block);
  for (std::size_t seen = peak; now > seen && !peak.compare_exchange_weak(seen, now);) {
  }
  return block;
}
void uncounted(void* block) {
  if (block == nullptr) return;
  live -= malloc_usable_size(block);
  std::free(block);
}
void* recounted(void* block, std::size_t size) {
  if (block != nullptr) live -= malloc_usable_size(block);
  return counted(std::realloc(block, size));
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* block = counted(std::malloc(size))) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { uncounted(block); }
void operator delete(void* block, std::size_t) noexcept { uncounted(block); }

using namespace entitywatch;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int runs = 9;

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Milliseconds, the median of some runs.
double time_of(const std::function<void()>& work) {
  std::vector<double> took;
  for (int i = 0; i < runs; ++i) {
    const auto start = Steady::now();
    work();
    took.push_back(std::chrono::duration<double, std::milli>(Steady::now() - start).count());
  }
  std::nth_element(took.begin(), took.begin() + runs / 2, took.end());
  return took[runs / 2];
}

struct Memory {
  double above = 0;  // MB at the highest, the reading included
  double kept = 0;   // MB of the reading itself
};

template <class Read>
Memory memory_of(Read read) {
  const std::size_t before = live;
  peak = before;
  auto reading = read();
  const Memory out{static_cast<double>(peak - before) / 1e6, static_cast<double>(live - before) / 1e6};
  if (!reading) std::fprintf(stderr, "not read: %s\n", reading.error().describe().c_str());
  return out;
}

void bare_push(const std::string& xml) {
  xmlSAXHandler handler;
  std::memset(&handler, 0, sizeof handler);
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = [](void*, const xmlChar*, const xmlChar*, const xmlChar*, int, const xmlChar**,
                              int, int, const xmlChar**) {};
  handler.endElementNs = [](void*, const xmlChar*, const xmlChar*, const xmlChar*) {};
  handler.characters = [](void*, const xmlChar*, int) {};
  xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, nullptr, nullptr, 0, nullptr);
  for (std::size_t at = 0; at < xml.size(); at += 16'384)
    xmlParseChunk(parser, xml.data() + at, static_cast<int>(std::min<std::size_t>(16'384, xml.size() - at)),
                  0);
  if (const int fault = xmlParseChunk(parser, nullptr, 0, 1); fault != 0)
    std::fprintf(stderr, "the bare parse stopped with libxml2 error %d\n", fault);
  xmlFreeParserCtxt(parser);
}

struct Nothing final : parsers::XmlHandler {
  void start(std::string_view, const parsers::XmlAttributes&) override {}
  void end(std::string_view) override {}
  void text(std::string_view) override {}
};

// Ten times the rows: what stands from the first mark to the last one before `end`, ten times.
std::string tenfold(const std::string& bytes, std::string_view first, std::string_view last,
                    std::string_view end) {
  const std::size_t begin = bytes.find(first);
  const std::size_t limit = end.empty() ? bytes.size() : bytes.find(end, begin);
  const std::size_t stop = bytes.rfind(last, limit) + last.size();
  std::string out = bytes.substr(0, begin);
  for (int i = 0; i < 10; ++i) out += bytes.substr(begin, stop - begin);
  return out + bytes.substr(stop);
}

template <class Read>
void row(const char* what, const std::string& bytes, double bare, const std::string& long_bytes, Read read) {
  const double took = time_of([&] { (void)read(bytes); });
  const Memory memory = memory_of([&] { return read(bytes); });
  const Memory tenfold = memory_of([&] { return read(long_bytes); });
  std::printf("%-34s %8.2f %9.3f %9.3f   %6.1f %6.1f   %6.1f %6.1f\n", what,
              static_cast<double>(bytes.size()) / 1e6, took / bare, bare / took, memory.above - memory.kept,
              memory.kept, tenfold.above - tenfold.kept, tenfold.kept);
}

void xml_rows(const char* name, const std::string& xml, const std::string& long_xml, const auto& read) {
  const double bare = time_of([&] { bare_push(xml); });
  std::printf("%-34s %8.2f MB bare push %.2f ms\n", name, static_cast<double>(xml.size()) / 1e6, bare);
  row("  events (parse_xml)", xml, bare, long_xml, [](const std::string& bytes) {
    Nothing nothing;
    return parsers::parse_xml(bytes, nothing);
  });
  row("  reading", xml, bare, long_xml, read);
}

void csv_rows(const char* name, const std::string& csv, const std::string& long_csv, const auto& read) {
  volatile unsigned sum = 0;
  const double bare = time_of([&] {
    unsigned all = 0;
    for (const char c : csv) all += c == '\n' || c == ',' || c == '"' ? 1U : 0U;
    sum = all;
  });
  std::printf("%-34s %8.2f MB memory scan %.2f ms\n", name, static_cast<double>(csv.size()) / 1e6, bare);
  row("  records (CsvReader)", csv, bare, long_csv, [](const std::string& bytes) -> Result<std::size_t> {
    parsers::CsvReader reader(bytes, {.separator = parsers::csv_separator(bytes)});
    std::size_t cells = 0;
    while (const parsers::CsvRecord* record = reader.next()) cells += record->cells.size();
    return cells;
  });
  row("  reading", csv, bare, long_csv, read);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5 && count != 6) {
    std::fprintf(stderr, "usage: reader_bench PART-744.xml RULE.xml CSL.csv DPL.txt [ISSUE.xml]\n");
    return 2;
  }
  xmlMemSetup(
      uncounted, [](std::size_t n) { return counted(std::malloc(n)); }, recounted,
      [](const char* text) { return static_cast<char*>(counted(strdup(text))); });
  std::printf("%-34s %8s %9s %9s   %13s   %13s\n", "", "", "x bare", "of bare", "MB above/kept", "tenfold");
  const std::string part = slurp(arguments[1]);
  xml_rows("eCFR part 744", part, tenfold(part, "<TBODY>", "</TBODY>", "</DIV9>"),
           [](const std::string& bytes) { return parsers::read_ecfr_part(bytes); });
  const std::string rule = slurp(arguments[2]);
  xml_rows("a rule", rule, tenfold(rule, "<ROW>", "</ROW>", "</GPOTABLE>"),
           [](const std::string& bytes) {
             return parsers::read_federal_register_document({std::nullopt, bytes, std::nullopt});
           });
  const std::string csl = slurp(arguments[3]);
  csv_rows("Consolidated Screening List", csl, tenfold(csl, "\n", "\n", {}),
           [](const std::string& bytes) { return parsers::read_csl(bytes); });
  const std::string dpl = slurp(arguments[4]);
  csv_rows("Denied Persons List", dpl, tenfold(dpl, "\n", "\n", {}),
           [](const std::string& bytes) { return parsers::read_dpl(bytes); });
  if (count == 5) return 0;
  const std::string issue = slurp(arguments[5]);
  xml_rows("a day's issue, none of BIS", issue, tenfold(issue, "<RULE>", "</RULE>", "</RULES>"),
           [](const std::string& bytes) { return parsers::read_federal_register_issue(bytes); });
  return 0;
}
