#include "daemon/http_server.hpp"

#include <fmt/format.h>

#include "daemon/http_engine.hpp"

namespace entitywatch::daemon {

HttpOptions http_options(const Config& config) {
  HttpOptions out;
  out.listen = config.daemon.listen;
  return out;
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const Api& api, HttpOptions options,
                                                      HttpAccess access) {
  auto listener = open_listener(options.listen);
  if (!listener) return tl::unexpected(listener.error());
  if (listener->unix_path.empty() && !listener->is_loopback && access.tokens.empty())
    return fail(ErrorCode::refused, fmt::format("listen = \"{}\" can be reached from other machines and no "
                                                "token is asked for: set token_file under "
                                                "[daemon], or listen on 127.0.0.1 or a unix socket",
                                                options.listen));
  auto engine =
      std::make_unique<HttpEngine>(api, std::move(options), std::move(access), std::move(*listener));
  if (auto begun = engine->begin(); !begun) return tl::unexpected(begun.error());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(engine)));
}

HttpServer::HttpServer(std::unique_ptr<HttpEngine> engine) : engine_(std::move(engine)) {}

HttpServer::~HttpServer() { engine_->stop(); }

int HttpServer::port() const { return engine_->port(); }

void HttpServer::wake() { engine_->wake(); }

void HttpServer::reconfigure(HttpAccess access) { engine_->reconfigure(std::move(access)); }

void HttpServer::stop() { engine_->stop(); }

std::string HttpServer::metrics() const { return engine_->metrics(); }
bool HttpServer::alive() const { return engine_->alive(); }

}  // namespace entitywatch::daemon
