// A publisher or receiver on loopback for tests: real HTTP with scripted answers, every request counted.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace entitywatch::test {

struct LoopbackRequest {
  std::string method;
  std::string path;    // without the query
  std::string target;  // with it, as sent
  std::multimap<std::string, std::string> query;
  std::multimap<std::string, std::string> headers;  // lower-case names
  std::string body;
  [[nodiscard]] std::string header(const std::string& lower_case_name) const;
};

enum class Transfer {
  whole,        // with a Content-Length
  chunked,      // in several chunks
  unannounced,  // without a length: the body ends where the connection does
  cut,          // announces twice as many bytes as it sends
  stalled,      // sends half, then nothing until the server ends
};

struct LoopbackAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string etag;  // answered with 304 where the request has it in If-None-Match
  Transfer transfer = Transfer::whole;
};

// Listens on a free port of 127.0.0.1 until it is destroyed; destruction ends stalled answers. Thread safe.
class LoopbackServer {
 public:
  using Handler = std::function<LoopbackAnswer(const LoopbackRequest&)>;

  LoopbackServer();
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  // What a path answers, whatever the query; 404 where nothing is set.
  void set(const std::string& path, LoopbackAnswer answer);
  void set(const std::string& path, Handler handler);
  void remove(const std::string& path);

  [[nodiscard]] std::string url(const std::string& path = "") const;  // http://127.0.0.1:PORT + path
  [[nodiscard]] int port() const;
  [[nodiscard]] std::size_t hits() const;
  [[nodiscard]] std::size_t hits(const std::string& path) const;
  // Requests answered with 304.
  [[nodiscard]] std::size_t not_modified(const std::string& path) const;
  [[nodiscard]] std::vector<LoopbackRequest> requests() const;
  // TCP connections, told apart by the client's port.
  [[nodiscard]] std::size_t connections() const;
  void forget_requests();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace entitywatch::test
