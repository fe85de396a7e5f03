// The list as a file, made piece by piece from one snapshot.
#include <fmt/format.h>

#include "core/text.hpp"
#include "daemon/api_entries.hpp"

namespace entitywatch::daemon {
namespace {

constexpr std::size_t piece_bytes = 64u << 10;

using Line = std::string (*)(const EntryView&);

class Export final : public BodySource {
 public:
  Export(std::unique_ptr<storage::Reader> reader, EntryQuestion question, Proofs proofs, std::string head,
         Line line)
      : reader_(std::move(reader)),
        question_(std::move(question)),
        proofs_(std::move(proofs)),
        head_(std::move(head)),
        line_(line) {}

  Piece next() override {
    Piece piece{std::exchange(head_, {}), After::more};
    bool more = false;
    const auto visited = visit_entries(*reader_, question_, proofs_, after_, [&](const EntryView& view) {
      piece.bytes += line_(view);
      after_ = view.entry.id;
      more = piece.bytes.size() >= piece_bytes;
      return !more;
    });
    if (!visited) {
      piece.after = After::failed;
    } else if (!more) {
      piece.after = After::end;
    }
    return piece;
  }

 private:
  const std::unique_ptr<storage::Reader> reader_;
  const EntryQuestion question_;
  const Proofs proofs_;
  std::string head_;
  const Line line_;
  std::string after_;
};

ApiResponse exported(const Ask& ask, std::string_view content_type, std::string_view file, std::string head,
                     Line line) {
  auto question = entry_question(ask);
  if (!question) return problem_of(question.error());
  auto proofs = proofs_of_life(ask.reader);
  if (!proofs) return problem_of(proofs.error());
  ApiResponse out;
  out.content_type = content_type;
  out.headers = {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file)}};
  if (question->looks_back) {
    const auto complete = is_complete(ask, *question);
    if (!complete) return problem_of(complete.error());
    out.headers.emplace_back("X-Complete", *complete ? "true" : "false");
  }
  out.source = std::make_shared<Export>(ask.archive.reader(), std::move(*question), std::move(*proofs),
                                        std::move(head), line);
  return out;
}

// A cell that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection).
std::string cell(std::string_view raw) {
  std::string value = text::sanitize(raw);
  if (!value.empty() && std::string_view("=+-@\t\r\n").find(value.front()) != std::string_view::npos)
    value.insert(0, "'");
  if (value.find_first_of("\",\r\n") == std::string::npos) return value;
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string citations_of(const Listing& listing) {
  std::vector<std::string> out;
  for (const Citation& c : listing.citations)
    out.push_back(fmt::format("{} FR {}{}", c.volume, c.page == 0 ? "?" : std::to_string(c.page),
                              c.date ? ", " + format_date(*c.date) : ""));
  return text::join(out, "; ");
}

std::string csv_line(const EntryView& view) {
  const Entry& e = view.entry;
  const Listing& l = e.listing;
  std::vector<std::string> footnotes;
  for (const int f : l.footnotes) footnotes.push_back(std::to_string(f));
  const std::vector<std::string> cells = {e.id,
                                          std::string(to_string(e.list)),
                                          l.country,
                                          l.country_code,
                                          l.name,
                                          text::join(l.aliases, "; "),
                                          text::join(l.former_names, "; "),
                                          text::join(l.addresses, "; "),
                                          l.license_requirement,
                                          l.license_review_policy,
                                          citations_of(l),
                                          text::join(footnotes, "; "),
                                          l.parent,
                                          text::join(l.programs, "; "),
                                          std::string(to_string(e.status)),
                                          e.effective_on ? format_date(*e.effective_on) : "",
                                          e.source,
                                          e.document,
                                          format_time(e.first_seen),
                                          format_time(e.last_confirmed)};
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + cell(cells[i]);
  return out + "\r\n";
}

constexpr std::string_view csv_head =
    "id,list,country,country_code,name,aliases,former_names,addresses,license_requirement,license_review_"
    "policy,"
    "citations,footnotes,parent,programs,status,effective_on,source,document,first_seen,last_confirmed\r\n";

std::string jsonl_line(const EntryView& view) { return dump(to_json(view)) + "\n"; }

// What the model lets a short property hold; longer text belongs into a property of type text.
constexpr std::size_t ftm_longest = 1024;

std::string_view ftm_topic(ListId list) {
  switch (list) {
    case ListId::entity_list:
    case ListId::meu_list:
    case ListId::military_intelligence:
      return "export.control";
    case ListId::unverified_list:
      return "export.risk";
    case ListId::denied_persons:
    case ListId::itar_debarred:
      return "debarment";
    default:
      return "sanction";
  }
}

std::string_view ftm_authority(ListId list) {
  switch (list) {
    case ListId::entity_list:
    case ListId::unverified_list:
    case ListId::meu_list:
    case ListId::denied_persons:
    case ListId::military_intelligence:
      return "Bureau of Industry and Security";
    case ListId::isn_nonproliferation:
      return "Bureau of International Security and Nonproliferation";
    case ListId::itar_debarred:
      return "Directorate of Defense Trade Controls";
    default:
      return "Office of Foreign Assets Control";
  }
}

// FollowTheMoney, as screening tools load it: the party, and the listing as what is held against it.
std::string ftm_line(const EntryView& view) {
  const Entry& e = view.entry;
  const Listing& l = e.listing;
  Json party{{"name", Json::array({l.name})}};
  // Who has left the list is not a topic of it any more.
  if (e.status != EntryStatus::removed) party["topics"] = Json::array({ftm_topic(e.list)});
  if (!l.aliases.empty()) party["alias"] = l.aliases;
  if (!l.former_names.empty()) party["previousName"] = l.former_names;
  if (!l.addresses.empty()) party["address"] = l.addresses;
  if (!l.country_code.empty()) {
    std::string code = l.country_code;
    for (char& c : code) c = static_cast<char>(c | 0x20);
    party["country"] = Json::array({code});
  }
  Json sanction{{"entity", Json::array({"ew-" + e.id})},
                {"authority", Json::array({ftm_authority(e.list)})},
                {"program", Json::array({display_name(e.list)})},
                {"country", Json::array({"us"})},
                {"status", Json::array({to_string(e.status)})}};
  for (const std::string& terms : {l.license_requirement, l.license_review_policy})
    if (!terms.empty()) sanction[terms.size() <= ftm_longest ? "provisions" : "description"].push_back(terms);
  if (e.effective_on) sanction["startDate"] = Json::array({format_date(*e.effective_on)});
  if (!e.document.empty()) sanction["recordId"] = Json::array({e.document});
  return dump(Json{{"id", "ew-" + e.id}, {"schema", "LegalEntity"}, {"properties", std::move(party)}}) +
         "\n" +
         dump(Json{{"id", "ew-" + e.id + "-listing"},
                   {"schema", "Sanction"},
                   {"properties", std::move(sanction)}}) +
         "\n";
}

}  // namespace

ApiResponse answer::export_csv(const Ask& ask) {
  return exported(ask, "text/csv; charset=utf-8", "entries.csv", std::string(csv_head), csv_line);
}

ApiResponse answer::export_jsonl(const Ask& ask) {
  return exported(ask, "application/x-ndjson", "entries.jsonl", {}, jsonl_line);
}

ApiResponse answer::export_ftm(const Ask& ask) {
  return exported(ask, "application/x-ndjson", "entries.ftm.jsonl", {}, ftm_line);
}

}  // namespace entitywatch::daemon
