// dpl: the Denied Persons List, tab-separated or the newer CSV; which one it is shows in its content.
#include "daemon/sources/factories.hpp"
#include "daemon/sources/single_file.hpp"

namespace entitywatch::daemon {
namespace {

class DplSource final : public Source {
 public:
  PollReport poll(PollContext& context) override {
    return poll_single_file(context, {context.config.url, "csv", ObservationKind::dpl, "list", "list"});
  }
};

}  // namespace

std::unique_ptr<Source> make_dpl_source() { return std::make_unique<DplSource>(); }

}  // namespace entitywatch::daemon
