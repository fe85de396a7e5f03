// The command line described for others: completion scripts and the manual page, made from the very table of
// commands and options that parses it, so that they cannot say anything else.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace entitywatch::daemon {

// `app` is the whole program, with its name. Commands and options of an empty group are hidden.
[[nodiscard]] std::string bash_completion(const CLI::App& app);
[[nodiscard]] std::string zsh_completion(const CLI::App& app);
[[nodiscard]] std::string manual_page(const CLI::App& app);  // troff, section 1

}  // namespace entitywatch::daemon
