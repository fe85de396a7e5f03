// libcurl's handles with owners, and one transfer at a time over connections that are kept. Included by the
// files that talk to the network only: it shows libcurl.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/certificates.hpp"

namespace entitywatch::daemon {

// An slist that grows; libcurl reads it while a transfer runs, so it outlives the transfer.
class CurlList {
 public:
  CurlList() = default;
  CurlList(const CurlList&) = delete;
  CurlList& operator=(const CurlList&) = delete;
  ~CurlList() { curl_slist_free_all(list_); }
  void append(const std::string& line);
  [[nodiscard]] curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

// One easy handle in one multi handle: the multi keeps connections between transfers, and can be woken, so
// that a stop ends a transfer at once instead of at libcurl's next look at the clock. For one thread at a
// time.
class CurlSession {
 public:
  CurlSession();
  // Every option back to its default; kept connections stay.
  void reset();
  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  // Runs the transfer that easy() is set up for. CURLE_ABORTED_BY_CALLBACK when stopped.
  [[nodiscard]] CURLcode run(const std::stop_token& stop);
  // libcurl's words for the last failure of run().
  [[nodiscard]] std::string failure(CURLcode code) const;

 private:
  struct EasyCleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct MultiCleanup {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
  };
  // The multi goes last: the easy handle may still refer to its connections.
  std::unique_ptr<CURLM, MultiCleanup> multi_;
  std::unique_ptr<CURL, EasyCleanup> easy_;
  char error_[CURL_ERROR_SIZE] = {};
};

template <class T>
void set_option(CURL* easy, CURLoption option, T value) {
  curl_easy_setopt(easy, option, value);
}

// Sessions for several threads; a host is given the session that spoke to it last, with its connection.
class CurlPool {
 public:
  class Lease {
   public:
    Lease(CurlPool& pool, std::string host, std::unique_ptr<CurlSession> session)
        : pool_(pool), host_(std::move(host)), session_(std::move(session)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { pool_.give_back(std::move(host_), std::move(session_)); }
    [[nodiscard]] CurlSession& operator*() const { return *session_; }
    [[nodiscard]] CurlSession* operator->() const { return session_.get(); }

   private:
    CurlPool& pool_;
    std::string host_;
    std::unique_ptr<CurlSession> session_;
  };

  CurlPool();
  ~CurlPool();
  CurlPool(const CurlPool&) = delete;
  CurlPool& operator=(const CurlPool&) = delete;
  // Reset and ready. `host` is any text that tells hosts apart.
  [[nodiscard]] Lease lease(const std::string& host);

 private:
  struct Idle {
    std::string host;
    std::unique_ptr<CurlSession> session;
  };
  void give_back(std::string host, std::unique_ptr<CurlSession> session);

  std::mutex mutex_;
  std::vector<Idle> idle_;  // longest idle first
};

// The parts of a URL that decide where a connection goes, lower case; empty where it is not a URL.
struct UrlParts {
  std::string scheme;
  std::string host;  // IPv6 in brackets
  std::string port;  // with the scheme's default filled in
};
[[nodiscard]] UrlParts url_parts(const std::string& url);
// What the far side of the session's last transfer showed when its connection was opened; a kept connection
// shows nothing. Nothing is noted where there was no TLS, or for a null book.
void note_certificate(const CurlSession& session, const UrlParts& url, CertificateBook* book);
// Without user name, password, query and fragment: what a message may show.
[[nodiscard]] std::string shown_url(const std::string& url);

}  // namespace entitywatch::daemon
