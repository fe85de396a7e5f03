// bis_news: the bureau's news as RSS, Atom or a web page; which one it is shows in its content.
#include "daemon/sources/factories.hpp"
#include "daemon/sources/single_file.hpp"

namespace entitywatch::daemon {
namespace {

class BisNewsSource final : public Source {
 public:
  PollReport poll(PollContext& context) override {
    return poll_single_file(context, {context.config.url, "html", ObservationKind::news, "news", "page"});
  }
};

}  // namespace

std::unique_ptr<Source> make_bis_news_source() { return std::make_unique<BisNewsSource>(); }

}  // namespace entitywatch::daemon
