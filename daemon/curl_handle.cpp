#include "daemon/curl_handle.hpp"

#include <algorithm>
#include <new>

namespace entitywatch::daemon {
namespace {

constexpr std::size_t most_idle = 24;
constexpr long connections_kept = 4;

struct UrlCleanup {
  void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
using CurlUrl = std::unique_ptr<CURLU, UrlCleanup>;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK || text == nullptr) return {};
  const std::unique_ptr<char, void (*)(void*)> owner(text, curl_free);
  return text;
}

// "Expire date:Nov 23 08:27:09 2026 GMT"
std::optional<Time> certificate_time(const curl_slist* fields, std::string_view label) {
  for (; fields != nullptr; fields = fields->next) {
    const std::string_view field = fields->data;
    if (!field.starts_with(label)) continue;
    const std::time_t at = curl_getdate(fields->data + label.size(), nullptr);
    if (at >= 0) return Time{std::chrono::seconds{at}};
  }
  return std::nullopt;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

void CurlList::append(const std::string& line) {
  curl_slist* grown = curl_slist_append(list_, line.c_str());
  if (grown == nullptr) throw std::bad_alloc();
  list_ = grown;
}

CurlSession::CurlSession() : multi_(curl_multi_init()), easy_(curl_easy_init()) {
  if (!multi_ || !easy_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections_kept);
}

void CurlSession::reset() {
  curl_easy_reset(easy_.get());
  error_[0] = '\0';
  set_option(easy(), CURLOPT_ERRORBUFFER, error_);
  set_option(easy(), CURLOPT_NOSIGNAL, 1L);
  set_option(easy(), CURLOPT_CERTINFO, 1L);
  // A name server that does not answer must not hold a stop or a timeout longer than asked.
  set_option(easy(), CURLOPT_QUICK_EXIT, 1L);
}

CURLcode CurlSession::run(const std::stop_token& stop) {
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  {
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_.get()); });
    int running = 1;
    while (!stop.stop_requested()) {
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) {
        result = CURLE_FAILED_INIT;
        break;
      }
      int left = 0;
      if (running == 0) {
        if (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) result = message->data.result;
        break;
      }
      curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
    }
  }
  curl_multi_remove_handle(multi_.get(), easy_.get());
  return result;
}

std::string CurlSession::failure(CURLcode code) const {
  return error_[0] != '\0' ? std::string(error_) : std::string(curl_easy_strerror(code));
}

CurlPool::CurlPool() { curl_global_init(CURL_GLOBAL_DEFAULT); }

CurlPool::~CurlPool() {
  idle_.clear();
  curl_global_cleanup();
}

CurlPool::Lease CurlPool::lease(const std::string& host) {
  std::unique_ptr<CurlSession> session;
  {
    const std::lock_guard lock(mutex_);
    auto at = std::find_if(idle_.begin(), idle_.end(), [&](const Idle& i) { return i.host == host; });
    if (at == idle_.end() && idle_.size() >= most_idle) at = idle_.begin();
    if (at != idle_.end()) {
      session = std::move(at->session);
      idle_.erase(at);
    }
  }
  if (!session) session = std::make_unique<CurlSession>();
  session->reset();
  return {*this, host, std::move(session)};
}

void CurlPool::give_back(std::string host, std::unique_ptr<CurlSession> session) {
  // Nothing of the transfer that is over may be pointed at any more.
  session->reset();
  const std::lock_guard lock(mutex_);
  if (idle_.size() >= most_idle) idle_.erase(idle_.begin());
  idle_.push_back({std::move(host), std::move(session)});
}

UrlParts url_parts(const std::string& url) {
  const CurlUrl handle(curl_url());
  if (!handle ||
      curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return {};
  return {lower(part(handle.get(), CURLUPART_SCHEME)), lower(part(handle.get(), CURLUPART_HOST)),
          part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)};
}

void note_certificate(const CurlSession& session, const UrlParts& url, CertificateBook* book) {
  curl_certinfo* chain = nullptr;
  if (book == nullptr || curl_easy_getinfo(session.easy(), CURLINFO_CERTINFO, &chain) != CURLE_OK ||
      chain == nullptr || chain->num_of_certs < 1)
    return;
  const auto from = certificate_time(chain->certinfo[0], "Start date:");
  const auto until = certificate_time(chain->certinfo[0], "Expire date:");
  if (from && until) book->note({url.host + ":" + url.port, *from, *until});
}

std::string shown_url(const std::string& url) {
  const CurlUrl handle(curl_url());
  if (!handle ||
      curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return "a URL that cannot be read";
  for (const CURLUPart hidden : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT})
    curl_url_set(handle.get(), hidden, nullptr, 0);
  return part(handle.get(), CURLUPART_URL);
}

}  // namespace entitywatch::daemon
