// csl: the Consolidated Screening List as one CSV file.
#include "daemon/sources/factories.hpp"
#include "daemon/sources/single_file.hpp"

namespace entitywatch::daemon {
namespace {

class CslSource final : public Source {
 public:
  PollReport poll(PollContext& context) override {
    return poll_single_file(context, {context.config.url, "csv", ObservationKind::csl, "list", "list"});
  }
};

}  // namespace

std::unique_ptr<Source> make_csl_source() { return std::make_unique<CslSource>(); }

}  // namespace entitywatch::daemon
