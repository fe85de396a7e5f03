// What sources.cpp's table is made of; each is defined in the file of its source.
#pragma once

#include <memory>

#include "daemon/source.hpp"

namespace entitywatch::daemon {

[[nodiscard]] std::unique_ptr<Source> make_federal_register_source();
[[nodiscard]] std::unique_ptr<Source> make_public_inspection_source();
[[nodiscard]] std::unique_ptr<Source> make_ecfr_source();
[[nodiscard]] std::unique_ptr<Source> make_csl_source();
[[nodiscard]] std::unique_ptr<Source> make_dpl_source();
[[nodiscard]] std::unique_ptr<Source> make_bis_news_source();

}  // namespace entitywatch::daemon
