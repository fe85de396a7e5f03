#include "notify/payload.hpp"

#include <algorithm>
#include <vector>

#include "notify/escape.hpp"
#include "notify/summary.hpp"

namespace entitywatch::notify {
namespace {

Json counts_of(const std::vector<Change>& changes) {
  Json out = Json::object();
  for (const Change& change : changes) {
    const std::string kind{to_string(change.kind)};
    out[kind] = out.value(kind, 0) + 1;
  }
  return out;
}

Json document_of(const AlertView& view) {
  if (view.document) return to_json(reference(*view.document));
  if (!view.alert.document.empty())
    for (const Change& change : view.changes)
      if (change.document && change.document->number == view.alert.document) return to_json(*change.document);
  return nullptr;
}

Json matches_of(const std::vector<WatchlistMatch>& matches, std::size_t most) {
  Json out = Json::array();
  for (std::size_t i = 0; i < matches.size() && i < most; ++i)
    out.push_back(Json{{"change_id", matches[i].change_id},
                       {"counterparty", matches[i].counterparty},
                       {"counterparty_id", matches[i].counterparty_id},
                       {"score", matches[i].score},
                       {"matched_name", matches[i].matched_name}});
  return out;
}

Json operator_data(const AlertView& view) {
  return Json{{"alert_id", view.alert.id},
              {"source", view.alert.source},
              {"subject", view.alert.subject},
              {"summary", view.alert.subject},
              {"text", view.alert.text}};
}

Json alert_data(const AlertView& view, const Summary& summary) {
  const bool review =
      std::any_of(view.changes.begin(), view.changes.end(), [](const Change& c) { return c.review; });
  Json out{{"alert_id", view.alert.id},
           {"subscription", view.alert.subscription},
           {"document", document_of(view)},
           {"source", view.alert.source},
           {"summary", summary.headline},
           {"counts", counts_of(view.changes)},
           {"verification", review ? "review" : "verified"},
           {"is_update", view.alert.is_update}};
  if (!summary.warnings.empty()) out["warnings"] = summary.warnings;
  // A thousand matches are shown by the page the link leads to.
  if (!view.alert.matches.empty()) out["watchlist_matches"] = matches_of(view.alert.matches, 100);
  if (view.alert.kind == Alert::Kind::sample) {
    out["sample"] = true;
    out["text"] = view.alert.text;
  }
  return out;
}

// The changes that fit into `room` bytes, already serialised and joined.
struct Fitting {
  std::string joined;
  std::size_t count = 0;
};

Fitting fitting(const std::vector<Change>& changes, std::size_t room) {
  Fitting out;
  for (const Change& change : changes) {
    const std::string text = dump(to_json(change));
    if (room != 0 && out.joined.size() + text.size() + 1 > room) break;
    if (out.count != 0) out.joined += ',';
    out.joined += text;
    ++out.count;
  }
  return out;
}

}  // namespace

std::string alert_body(const AlertView& view, std::size_t limit) {
  Json envelope{{"type", "entitywatch.alert"}, {"timestamp", format_time(view.alert.created_at)}};
  if (view.alert.kind == Alert::Kind::operator_notice) {
    envelope["type"] = "entitywatch.operator";
    envelope["data"] = operator_data(view);
    return dump(envelope);
  }
  Json data = alert_data(view, summarize(view));
  // Written as text around the changes, which are many and need not be copied into one tree.
  const std::string head = dump(data);
  const std::string url = changes_endpoint(view);
  const std::string url_part = url.empty() ? "" : ",\"changes_url\":" + dump(Json(url));
  const std::string start = dump(envelope);
  const std::size_t around = start.size() + head.size() + url_part.size() + 80;
  Fitting all = fitting(view.changes, limit == 0 ? 0 : (limit > around ? limit - around : 1));
  const std::size_t more = view.changes.size() - all.count;
  return start.substr(0, start.size() - 1) + ",\"data\":" + head.substr(0, head.size() - 1) +
         ",\"changes\":[" + all.joined + "],\"more\":" + std::to_string(more) + (more == 0 ? "" : url_part) +
         "}}";
}

}  // namespace entitywatch::notify
