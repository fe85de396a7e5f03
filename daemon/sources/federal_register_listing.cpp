#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "daemon/sources/federal_register_documents.hpp"
#include "parsers/federal_register.hpp"

namespace entitywatch::daemon {
namespace {

using std::chrono::days;

// The most the API gives; anything larger silently becomes 20.
constexpr std::size_t per_page = 1000;
// Beyond it counts stop and pages silently start again at the first.
constexpr std::size_t most_countable = 10'000;

// What a document is known by and changes in; nothing that counts its readers.
constexpr std::array<std::string_view, 28> fields{"abstract",
                                                  "action",
                                                  "agencies",
                                                  "cfr_references",
                                                  "citation",
                                                  "correction_of",
                                                  "corrections",
                                                  "dates",
                                                  "docket_ids",
                                                  "document_number",
                                                  "effective_on",
                                                  "end_page",
                                                  "full_text_xml_url",
                                                  "html_url",
                                                  "json_url",
                                                  "page_length",
                                                  "pdf_url",
                                                  "publication_date",
                                                  "public_inspection_pdf_url",
                                                  "raw_text_url",
                                                  "regulation_id_numbers",
                                                  "signing_date",
                                                  "start_page",
                                                  "subtype",
                                                  "title",
                                                  "type",
                                                  "volume",
                                                  "docket_id"};

using Item = parsers::DocumentsPage::Item;

tl::unexpected<FetchFailure> held_back(std::string message, const std::string& url) {
  return tl::unexpected(FetchFailure{
      {ErrorCode::implausible, std::move(message) + "; nothing of it was used", url}, std::nullopt});
}

std::string page_url(const std::string& url, std::size_t page) {
  return fmt::format("{}&page={}", url, page);
}

struct Page {
  parsers::DocumentsPage content;
  Changed answer;
};

Fetched<Page> parsed(Changed answer) {
  auto page = parsers::read_documents_page(answer.part.bytes);
  if (page) return Page{std::move(*page), std::move(answer)};
  page.error().context = answer.part.url;
  return tl::unexpected(FetchFailure{std::move(page.error()), std::nullopt});
}

Fetched<Page> read_page(const Publisher& publisher, const std::string& url) {
  auto answer = ask(publisher, url, "json", RequestClass::api, {});
  if (!answer) return tl::unexpected(std::move(answer.error()));
  if (auto* changed = std::get_if<Changed>(&*answer)) return parsed(std::move(*changed));
  return held_back("the listing is \"not modified\" though nothing was known of it", url);
}

// Takes the page's documents over; the message says why when they cannot be true.
std::optional<std::string> take(const SourceConfig& config, Page page, std::set<std::string>& seen,
                                ListingSlice& slice) {
  for (Item& item : page.content.items) {
    if (!is_document_number(item.number)) return "the listing holds a document number that is none";
    if (!seen.insert(item.number).second)
      return fmt::format("the listing shows document {} twice, so a page came twice", item.number);
    ListedDocument document;
    document.number = std::move(item.number);
    document.published = item.publication_date;
    document.digest = std::move(item.digest);
    document.xml_url = on_base_url(config.base_url, item.full_text_xml_url);
    document.item = {"metadata", page.answer.part.url, page.answer.part.content_type,
                     page.answer.part.headers, std::move(item.json)};
    slice.documents.push_back(std::move(document));
  }
  return std::nullopt;
}

Fetched<ListingSlice> read_halves(const Publisher& publisher, DateSpan span, const std::string& url) {
  if (span.from >= span.to)
    return held_back("the listing has more documents on one day than can be counted", url);
  const Date middle = span.from + (span.to - span.from) / 2;
  auto first = read_listing(publisher, {span.from, middle}, {});
  if (!first) return first;
  auto second = read_listing(publisher, {middle + days{1}, span.to}, {});
  if (!second) return second;
  first->url = url;
  first->validators = {};
  std::move(second->documents.begin(), second->documents.end(), std::back_inserter(first->documents));
  return first;
}

Fetched<ListingSlice> read_pages(const Publisher& publisher, ListingSlice slice, Page first) {
  const std::size_t count = first.content.count;
  const std::size_t pages = std::max<std::size_t>(first.content.total_pages, 1);
  std::set<std::string> seen;
  if (auto fault = take(publisher.config, std::move(first), seen, slice)) return held_back(*fault, slice.url);
  for (std::size_t number = 2; number <= pages; ++number) {
    auto page = read_page(publisher, page_url(slice.url, number));
    if (!page) return tl::unexpected(std::move(page.error()));
    if (page->content.count != count)
      return held_back(fmt::format("the listing counted {} documents on its first page and {} on page {}",
                                   count, page->content.count, number),
                       slice.url);
    if (page->content.items.empty())
      return held_back(fmt::format("page {} of the listing is empty", number), slice.url);
    if (auto fault = take(publisher.config, std::move(*page), seen, slice))
      return held_back(*fault, slice.url);
  }
  if (slice.documents.size() != count)
    return held_back(
        fmt::format("the listing counts {} documents and shows {}", count, slice.documents.size()),
        slice.url);
  if (pages > 1) slice.validators = {};
  return slice;
}

}  // namespace

std::vector<DateSpan> slices(DateSpan span) {
  std::vector<DateSpan> all;
  constexpr days length{180};
  for (Date from = span.from; from <= span.to; from += length)
    all.push_back({from, std::min(from + length - days{1}, span.to)});
  return all;
}

std::string listing_url(const SourceConfig& config, DateSpan span) {
  std::string url = config.base_url + "/api/v1/documents.json?";
  for (const std::string& agency : config.agencies)
    url += "conditions%5Bagencies%5D%5B%5D=" + percent_encoded(agency) + "&";
  url +=
      fmt::format("conditions%5Bpublication_date%5D%5Bgte%5D={}&conditions%5Bpublication_date%5D%5Blte%5D={}",
                  format_date(span.from), format_date(span.to));
  for (const std::string_view field : fields) url += fmt::format("&fields%5B%5D={}", field);
  return url + fmt::format("&per_page={}&order=oldest", per_page);
}

Fetched<ListingSlice> read_listing(const Publisher& publisher, DateSpan span, const Validators& known) {
  ListingSlice slice;
  slice.url = listing_url(publisher.config, span);
  auto answer = ask(publisher, slice.url, "json", RequestClass::api, known);
  if (!answer) return tl::unexpected(std::move(answer.error()));
  if (const auto* same = std::get_if<Unchanged>(&*answer)) {
    slice.unchanged = true;
    slice.validators = same->validators;
    return slice;
  }
  auto first = parsed(std::move(std::get<Changed>(*answer)));
  if (!first) return tl::unexpected(std::move(first.error()));
  slice.validators = first->answer.validators;
  const parsers::DocumentsPage& page = first->content;
  if (page.count >= most_countable || page.total_pages > most_countable / per_page)
    return read_halves(publisher, span, slice.url);
  return read_pages(publisher, std::move(slice), std::move(*first));
}

}  // namespace entitywatch::daemon
