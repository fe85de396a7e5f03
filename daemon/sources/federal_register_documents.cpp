#include "daemon/sources/federal_register_documents.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "parsers/federal_register.hpp"

namespace entitywatch::daemon {
namespace {

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }
std::string or_empty(const std::string& text) { return text == "-" ? "" : text; }

struct Metadata {
  ObservationPart part;
  std::string digest;
  std::string xml_url;
};

Result<Metadata> read_metadata(const SourceConfig& config, const std::string& number, ObservationPart part) {
  // One document has the same members as one of a listing: the listing's reader reads it.
  const auto page = parsers::read_documents_page(
      fmt::format(R"({{"count":1,"total_pages":1,"results":[{}]}})", part.bytes));
  if (!page) return tl::unexpected(page.error());
  if (page->items.size() != 1 || page->items.front().number != number)
    return fail(ErrorCode::implausible,
                fmt::format("asked for document {}, the publisher sent another", number));
  Metadata metadata{std::move(part), page->items.front().digest,
                    on_base_url(config.base_url, page->items.front().full_text_xml_url)};
  metadata.part.role = "metadata";
  return metadata;
}

// One document on its way in; every step either goes on or leaves the failure that ends it.
class DocumentReader {
 public:
  DocumentReader(const Publisher& publisher, const std::string& number, const ListedDocument* listed,
                 const std::optional<DocumentMemory>& known, const Memory& memory)
      : publisher_(publisher),
        number_(number),
        listed_(listed),
        known_(known),
        memory_(memory),
        json_url_(publisher.config.base_url + "/api/v1/documents/" + number + ".json") {}

  Fetched<DocumentAnswer> read() {
    if (!metadata(Condition::if_changed)) return tl::unexpected(std::move(failure_));
    const std::string xml_url = metadata_ ? metadata_->xml_url : known_ ? known_->xml_url : std::string();
    if (!full_text(xml_url, Condition::if_changed)) return tl::unexpected(std::move(failure_));
    const bool metadata_changed = metadata_ && (!known_ || metadata_->digest != known_->metadata_digest);
    if (known_ && !metadata_changed && !xml_) return settled(xml_url);
    // Both go into one observation: what was not sent because it is the same is asked for after all.
    if (!metadata_ && !metadata(Condition::always)) return tl::unexpected(std::move(failure_));
    if (!xml_ && known_ && !known_->xml_sha256.empty() && !full_text(xml_url, Condition::always))
      return tl::unexpected(std::move(failure_));
    return observed(xml_url);
  }

 private:
  enum class Condition { if_changed, always };

  bool failed(FetchFailure failure, const std::string& url) {
    failure_ = std::move(failure);
    failure_.error.message = fmt::format("document {}: {}", number_, failure_.error.message);
    if (failure_.error.context.empty()) failure_.error.context = url;
    return false;
  }

  Validators known_validators(const std::string& url, Condition condition) const {
    return known_ && condition == Condition::if_changed ? recall(memory_, url) : Validators{};
  }

  bool metadata(Condition condition) {
    auto answer =
        ask(publisher_, json_url_, "json", RequestClass::api, known_validators(json_url_, condition));
    ObservationPart part;
    if (!answer) {
      // The listing says the same of it: not every mirror has the single document too.
      if (answer.error().error.code != ErrorCode::not_found)
        return failed(std::move(answer.error()), json_url_);
      if (listed_ == nullptr && condition == Condition::if_changed) return true;
      if (listed_ == nullptr) return failed(std::move(answer.error()), json_url_);
      part = listed_->item;
    } else if (const auto* same = std::get_if<Unchanged>(&*answer)) {
      validators_.emplace_back(json_url_, same->validators);
      return true;
    } else {
      auto& changed = std::get<Changed>(*answer);
      validators_.emplace_back(json_url_, changed.validators);
      part = std::move(changed.part);
    }
    auto read = read_metadata(publisher_.config, number_, std::move(part));
    if (!read) return failed({std::move(read.error()), std::nullopt}, json_url_);
    metadata_ = std::move(*read);
    return true;
  }

  bool full_text(const std::string& url, Condition condition) {
    if (url.empty()) return true;
    auto answer = ask(publisher_, url, "xml", RequestClass::bulk, known_validators(url, condition));
    if (!answer) {
      // Listed before it is there: asked for again at every poll until it comes. Once read it cannot be gone.
      const bool never_there =
          answer.error().error.code == ErrorCode::not_found && (!known_ || known_->xml_sha256.empty());
      return never_there || failed(std::move(answer.error()), url);
    }
    if (const auto* same = std::get_if<Unchanged>(&*answer)) {
      validators_.emplace_back(url, same->validators);
      return true;
    }
    auto& changed = std::get<Changed>(*answer);
    if (known_ && condition == Condition::if_changed && changed.validators.sha256 == known_->xml_sha256) {
      validators_.emplace_back(url, changed.validators);
      return true;
    }
    xml_sha256_ = changed.validators.sha256;
    validators_.emplace_back(url, std::move(changed.validators));
    xml_ = std::move(changed.part);
    xml_->role = "xml";
    return true;
  }

  DocumentMemory remembered(const std::string& xml_url) const {
    DocumentMemory memory = known_.value_or(DocumentMemory{});
    if (listed_ != nullptr) {
      memory.listing_digest = listed_->digest;
      memory.published = listed_->published;
    }
    memory.read_at = publisher_.clock.now();
    if (metadata_) memory.metadata_digest = metadata_->digest;
    if (xml_) memory.xml_sha256 = xml_sha256_;
    memory.xml_url = xml_url;
    return memory;
  }

  DocumentAnswer settled(const std::string& xml_url) {
    return {false, remembered(xml_url), std::move(validators_), {}};
  }

  DocumentAnswer observed(const std::string& xml_url) {
    DocumentAnswer answer{true, remembered(xml_url), std::move(validators_), {}};
    answer.observation = {publisher_.config.name,
                          ObservationKind::federal_register_document,
                          number_,
                          std::nullopt,
                          publisher_.clock.now(),
                          {}};
    if (metadata_) answer.observation.parts.push_back(std::move(metadata_->part));
    if (xml_) answer.observation.parts.push_back(std::move(*xml_));
    return answer;
  }

  const Publisher& publisher_;
  const std::string& number_;
  const ListedDocument* listed_;
  const std::optional<DocumentMemory>& known_;
  const Memory& memory_;
  std::string json_url_;
  std::optional<Metadata> metadata_;
  std::optional<ObservationPart> xml_;
  std::string xml_sha256_;
  std::vector<std::pair<std::string, Validators>> validators_;
  FetchFailure failure_;
};

}  // namespace

std::string encode(const DocumentMemory& document) {
  return fmt::format("{} {} {} {} {} {}", or_dash(document.listing_digest),
                     document.published ? format_date(*document.published) : "-",
                     format_time(document.read_at), or_dash(document.metadata_digest),
                     or_dash(document.xml_sha256), or_dash(document.xml_url));
}

std::optional<DocumentMemory> decode_document_memory(std::string_view text) {
  const std::vector<std::string> words = text::split(text, ' ');
  if (words.size() != 6) return std::nullopt;
  const auto read_at = parse_time(words[2]);
  if (!read_at) return std::nullopt;
  return DocumentMemory{or_empty(words[0]), parse_iso_date(words[1]), *read_at,
                        or_empty(words[3]), or_empty(words[4]),       or_empty(words[5])};
}

Fetched<DocumentAnswer> read_document(const Publisher& publisher, const std::string& number,
                                      const ListedDocument* listed,
                                      const std::optional<DocumentMemory>& known, const Memory& memory) {
  return DocumentReader(publisher, number, listed, known, memory).read();
}

}  // namespace entitywatch::daemon
