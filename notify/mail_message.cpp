#include "notify/mail_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "notify/csv.hpp"
#include "notify/encoding.hpp"
#include "notify/escape.hpp"
#include "notify/mail_text.hpp"

namespace entitywatch::notify {
namespace {

constexpr std::string_view crlf = "\r\n";

// RFC 5322 date in UTC: "Wed, 09 Oct 2019 12:45:00 +0000".
std::string mail_date(Time time) {
  using namespace std::chrono;
  constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day ymd{day};
  const hh_mm_ss clock{floor<seconds>(time - day)};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", weekdays[weekday{day}.c_encoding()],
                     static_cast<unsigned>(ymd.day()), months[static_cast<unsigned>(ymd.month()) - 1],
                     static_cast<int>(ymd.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string header(std::string_view name, std::string_view value) {
  return fmt::format("{}: {}{}", name, value, crlf);
}

std::string mailbox_text(const Mailbox& mailbox, std::size_t name_length) {
  if (mailbox.name.empty()) return mailbox.address;
  const bool atoms = std::all_of(mailbox.name.begin(), mailbox.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
           c == '-' || c == '_';
  });
  if (atoms) return mailbox.name + " <" + mailbox.address + ">";
  const bool ascii =
      std::all_of(mailbox.name.begin(), mailbox.name.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  std::string quoted;
  for (const char c : mailbox.name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return (ascii ? "\"" + quoted + "\"" : header_text(mailbox.name, name_length)) + " <" + mailbox.address +
         ">";
}

std::string domain_of(const Mailbox& from) {
  std::string domain = from.address.substr(from.address.rfind('@') + 1);
  const bool plain = std::all_of(domain.begin(), domain.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
  return plain ? domain : "entitywatch.invalid";
}

// Letters, digits and hyphens of a subscription's name, for a List-Id.
std::string label_of(std::string_view name) {
  std::string out;
  for (const char c : text::search_key(name)) out += c == ' ' ? '-' : c;
  std::erase_if(out, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'); });
  return out.empty() ? std::string("alerts") : out.substr(0, 60);
}

std::string to_header(const std::vector<Mailbox>& to) {
  std::string out;
  for (std::size_t i = 0; i < to.size(); ++i) out += (i == 0 ? "" : ",\r\n ") + mailbox_text(to[i], 10);
  return out;
}

std::string thread_of(const Alert& alert, const std::string& domain) {
  if (alert.document.empty()) return {};
  return fmt::format("<document-{}@{}>", stable_id({"mail thread", alert.subscription, alert.document}, 24),
                     domain);
}

std::string head(const AlertView& view, const Summary& summary, const MailHeaders& headers, Time now) {
  const std::string domain = domain_of(headers.from);
  const std::string thread = thread_of(view.alert, domain);
  std::string out = header("Date", mail_date(now));
  out += header("From", mailbox_text(headers.from, 6));
  out += header("To", to_header(headers.to));
  out += header("Subject", header_text(shorten(summary.subject, 400), 9));
  out += header("Message-ID", fmt::format("<{}@{}>", stable_id({"mail", view.alert.id}, 32), domain));
  if (!thread.empty()) {
    if (view.alert.is_update) out += header("In-Reply-To", thread);
    out += header("References", thread);
  }
  out += header("List-Id",
                fmt::format("entitywatch <{}.entitywatch.{}>", label_of(view.alert.subscription), domain));
  out += header("Auto-Submitted", "auto-generated");
  out += header("X-Auto-Response-Suppress", "All");
  if (!summary.watchlist.empty()) out += header("Importance", "high");
  out += header("X-Entitywatch-Alert", clean(view.alert.id));
  return out + header("MIME-Version", "1.0");
}

std::string part(std::string_view boundary, std::string_view type, std::string_view encoding,
                 std::string_view extra, std::string_view body) {
  return fmt::format("--{}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: {}\r\n{}\r\n{}", boundary, type,
                     encoding, extra, body);
}

std::string alternative(const Summary& summary, const MailLimits& limits, const std::string& boundary) {
  return part(boundary, "text/plain; charset=utf-8", "quoted-printable", "",
              quoted_printable(plain_text(summary, limits).text)) +
         part(boundary, "text/html; charset=utf-8", "quoted-printable", "",
              quoted_printable(html_text(summary, limits).text)) +
         fmt::format("--{}--\r\n", boundary);
}

}  // namespace

Result<Mailbox> parse_mailbox(std::string_view text) {
  const std::string whole = text::trim(text);
  Mailbox out{"", whole};
  const std::size_t open = whole.rfind('<');
  if (open != std::string::npos && whole.ends_with('>')) {
    out.name = text::trim(whole.substr(0, open));
    if (out.name.size() >= 2 && out.name.front() == '"' && out.name.back() == '"')
      out.name = out.name.substr(1, out.name.size() - 2);
    out.address = text::trim(whole.substr(open + 1, whole.size() - open - 2));
  }
  const std::size_t at = out.address.find('@');
  const bool harmless = std::none_of(out.address.begin(), out.address.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == ',' || c == '<' || c == '>' ||
           c == ';' || c == '"';
  });
  const bool one_at = at != std::string::npos && at > 0 && at + 1 < out.address.size() &&
                      out.address.find('@', at + 1) == std::string::npos;
  const bool name_harmless = out.name.find_first_of("\r\n") == std::string::npos;
  if (!harmless || !one_at || !name_harmless)
    return fail(ErrorCode::invalid_argument,
                "'" + clean(text) + "' is not a mail address: write user@host or Name <user@host>");
  return out;
}

std::string mail_message(const AlertView& view, const MailHeaders& headers, Time now) {
  const Summary summary = summarize(view);
  MailLimits limits;
  limits.attached = !plain_text(summary, limits).complete || !html_text(summary, limits).complete;
  const std::string inner = "=_ew_alternative_" + stable_id({"boundary", view.alert.id}, 16);
  const std::string outer = "=_ew_mixed_" + stable_id({"boundary", view.alert.id}, 16);
  const std::string body = alternative(summary, limits, inner);
  const std::string type = "multipart/alternative;\r\n boundary=\"" + inner + "\"";
  std::string out = head(view, summary, headers, now);
  if (!limits.attached) return out + header("Content-Type", type) + std::string(crlf) + body;
  const std::string file =
      "entitywatch-" +
      (view.alert.document.empty() ? std::string("changes") : label_of(view.alert.document)) + ".csv";
  out += header("Content-Type", "multipart/mixed;\r\n boundary=\"" + outer + "\"") + std::string(crlf);
  out += fmt::format("--{}\r\nContent-Type: {}\r\n\r\n{}", outer, type, body);
  out +=
      part(outer, "text/csv; charset=utf-8; name=\"" + file + "\"", "base64",
           "Content-Disposition: attachment; filename=\"" + file + "\"\r\n", base64_lines(changes_csv(view)));
  return out + fmt::format("--{}--\r\n", outer);
}

}  // namespace entitywatch::notify
