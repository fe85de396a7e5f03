#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "storage/chain.hpp"
#include "storage/evidence.hpp"
#include "storage/keys.hpp"
#include "storage/observations.hpp"
#include "storage/reader.hpp"
#include "storage/scan.hpp"

namespace entitywatch::storage {
namespace {

// The tables whose every row the chain vouches for, and the prefix of those rows (the rest are indices).
constexpr std::array<std::pair<Table, std::string_view>, 6> vouched{
    {{Table::observations, keys::observations},
     {Table::documents, ""},
     {Table::entries, keys::entries},
     {Table::versions, ""},
     {Table::source_rows, ""},
     {Table::changes, ""}}};

// What the newest link that names a row says of it.
struct Said {
  Digest digest{};
  std::uint64_t link = 0;
};

class Verifier {
 public:
  explicit Verifier(const View& view) : view_(view) {}

  Result<ChainReport> run() {
    const auto head = read_head(view_);
    if (!head) return tl::unexpected(head.error());
    if (auto walked = walk_links(); !walked) return tl::unexpected(walked.error());
    if (report_.ok && (previous_ != head->link_hash || report_.links != head->link))
      blame(report_.links,
            fmt::format("the chain ends at link {}, the database says it ends at link {} with another hash",
                        report_.links, head->link));
    for (const auto& [table, prefix] : vouched) {
      if (!walk_complete_) break;
      if (auto compared = compare(table, prefix); !compared) return tl::unexpected(compared.error());
    }
    if (report_.ok) {
      if (auto checked = check_index(); !checked) return tl::unexpected(checked.error());
    }
    return std::move(report_);
  }

 private:
  // Keeps the earliest link that differs.
  void blame(std::uint64_t link, std::string problem) {
    if (!report_.ok && report_.first_bad_link <= link) return;
    report_.ok = false;
    report_.first_bad_link = link;
    report_.problem = std::move(problem);
  }

  Result<void> walk_links() {
    auto walked = scan_rows(view_, Table::chain, {}, {}, [&](std::string_view key, std::string_view value) {
      return walk_link(key, value);
    });
    walk_complete_ = report_.ok;
    return walked;
  }

  // Answers whether to go on to the next link.
  Result<bool> walk_link(std::string_view key, std::string_view value) {
    const std::uint64_t number = report_.links + 1;
    const auto opened = open_link(value);
    if (key != keys::number(number)) {
      blame(number, fmt::format("link {} is missing from the chain", number));
    } else if (!opened) {
      blame(number, fmt::format("link {} of the chain was altered: {}", number, opened.error().message));
    } else if (opened->link.number != number || opened->link.previous != previous_) {
      blame(number, fmt::format("link {} of the chain does not follow from the link before it", number));
    } else {
      report_.links = number;
      previous_ = opened->hash;
      report_.head = to_hex(previous_);
      return hear(opened->link);
    }
    return false;
  }

  Result<bool> hear(const Link& link) {
    for (const LinkItem& item : link.items) {
      if (item.table == Table::evidence) {
        if (auto checked = check_evidence(item, link.number); !checked)
          return tl::unexpected(checked.error());
      } else {
        said_[static_cast<std::size_t>(item.table)].insert_or_assign(item.key,
                                                                     Said{item.digest, link.number});
      }
    }
    return report_.ok;
  }

  Result<void> check_evidence(const LinkItem& item, std::uint64_t link) {
    if (!seen_.insert(item.digest).second) return {};
    const auto bytes = load_evidence(view_, item.digest);
    if (bytes && *bytes && bytes_of(item.digest) == item.key) {
      ++report_.evidence;
      return {};
    }
    if (!bytes && bytes.error().code != ErrorCode::damaged) return tl::unexpected(bytes.error());
    blame(link, bytes ? fmt::format("evidence {} of link {} is missing", to_hex(item.digest), link)
                      : fmt::format("evidence {} of link {} cannot be read back: {}", to_hex(item.digest),
                                    link, bytes.error().message));
    return {};
  }

  // Each stored row against the newest digest for it; then the rows that should be there and are not.
  Result<void> compare(Table table, std::string_view prefix) {
    auto& said = said_[static_cast<std::size_t>(table)];
    auto scanned = view_.scan(table, prefix, {}, [&](std::string_view key, std::string_view value) {
      const auto at = said.find(std::string{key});
      if (at == said.end())
        blame(report_.links, fmt::format("no link vouches for {}", describe(table, key)));
      else if (at->second.digest != sha256(value))
        blame(at->second.link,
              fmt::format("{} differs from what link {} recorded", describe(table, key), at->second.link));
      if (at != said.end()) said.erase(at);
      return true;
    });
    if (!scanned) return scanned;
    for (const auto& [key, last] : said)
      if (last.digest != Digest{})
        blame(last.link, fmt::format("{} is missing, link {} recorded it", describe(table, key), last.link));
    return {};
  }

  // Every change is found by its id and at its position, and no position leads elsewhere.
  Result<void> check_index() {
    std::uint64_t changes = 0;
    std::uint64_t positions = 0;
    auto scanned = scan_records<Change>(view_, Table::changes, {}, {}, [&](const Change& change) {
      ++changes;
      const std::string seq = keys::number(change.seq);
      for (const std::string& key : {keys::change_id(change.id), keys::position(change.position)}) {
        const auto found = view_.get(Table::change_index, key);
        if (!found || found->value_or("") != seq)
          blame(report_.links, fmt::format("the index does not lead to change {}", change.id));
      }
      return true;
    });
    if (!scanned) return scanned;
    scanned = view_.scan(Table::change_index, keys::positions, {},
                         [&](std::string_view, std::string_view) { return ++positions <= changes; });
    if (scanned && positions != changes)
      blame(report_.links,
            fmt::format("the index holds more positions than there are changes ({})", changes));
    return scanned;
  }

  const View& view_;
  ChainReport report_;
  Digest previous_{};
  bool walk_complete_ = false;
  std::set<Digest> seen_;
  std::array<std::unordered_map<std::string, Said>, table_count> said_;
};

}  // namespace

Result<ChainReport> verify(const View& view) { return Verifier{view}.run(); }

}  // namespace entitywatch::storage
