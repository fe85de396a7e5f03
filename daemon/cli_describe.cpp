#include "daemon/cli_describe.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <vector>

#include "core/text.hpp"
#include "daemon/cli_words.hpp"
#include "daemon/version.hpp"

namespace entitywatch::daemon {
namespace {

using Names = std::vector<std::string>;

bool is_shown(const CLI::App* command) { return !command->get_group().empty(); }
bool is_shown(const CLI::Option* option) { return !option->get_group().empty(); }

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  std::vector<const CLI::App*> out;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (is_shown(command)) out.push_back(command);
  return out;
}

std::vector<const CLI::Option*> options_of(const CLI::App& app, bool positional) {
  std::vector<const CLI::Option*> out;
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; }))
    if (is_shown(option) && option->get_positional() == positional) out.push_back(option);
  return out;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

Names flags_of(const CLI::Option& option) {
  Names out;
  for (const std::string& name : option.get_snames()) out.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.push_back("--" + name);
  return out;
}

// Depth first, each with the words that lead to it: "subscriptions add".
void each_command(const CLI::App& app, const std::string& before,
                  const std::function<void(const CLI::App&, const std::string&)>& visit) {
  for (const CLI::App* command : commands_of(app)) {
    const std::string path = before.empty() ? command->get_name() : before + " " + command->get_name();
    visit(*command, path);
    each_command(*command, path, visit);
  }
}

std::string single_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// What bash completes after an option or for a positional: its words, files, or folders.
std::string bash_values(const Names& words, Completes what) {
  if (!words.empty())
    return fmt::format("COMPREPLY=($(compgen -W {} -- \"$cur\"))", single_quoted(text::join(words, " ")));
  if (what == Completes::files) return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))";
  if (what == Completes::folders) return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))";
  return "COMPREPLY=()";
}

std::string bash_command(const CLI::App& command, const std::string& path) {
  std::string values;
  Names offered;
  for (const CLI::Option* option : options_of(command, false)) {
    const Names flags = flags_of(*option);
    offered.insert(offered.end(), flags.begin(), flags.end());
    if (takes_value(*option))
      values += fmt::format("        {}) {}; return ;;\n", text::join(flags, "|"),
                            bash_values(words_of(command.get_name(), option->get_single_name()),
                                        completes(option->get_single_name())));
  }
  for (const CLI::App* inner : commands_of(command)) offered.push_back(inner->get_name());
  std::string out = fmt::format("    {})\n", single_quoted(path));
  if (!values.empty()) out += "      case \"$prev\" in\n" + values + "      esac\n";
  const auto positionals = options_of(command, true);
  if (!positionals.empty()) {
    const std::string name = positionals.front()->get_single_name();
    out += fmt::format("      if [[ $cur != -* ]]; then {}; return; fi\n",
                       bash_values(words_of(command.get_name(), name), completes(name)));
  }
  return out + fmt::format("      COMPREPLY=($(compgen -W {} -- \"$cur\")) ;;\n",
                           single_quoted(text::join(offered, " ")));
}

// In zsh's _arguments a colon ends a part, a bracket the description.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_values(const CLI::App& command, const std::string& name) {
  const Names words = words_of(command.get_name(), name);
  if (!words.empty()) return "(" + text::join(words, " ") + ")";
  if (completes(name) == Completes::files) return "_files";
  if (completes(name) == Completes::folders) return "_files -/";
  return " ";
}

std::string zsh_arguments(const CLI::App& command) {
  std::string out;
  for (const CLI::Option* option : options_of(command, false))
    for (const std::string& flag : flags_of(*option))
      out += " \\\n        " +
             single_quoted(fmt::format("{}[{}]{}", flag, zsh_text(option->get_description()),
                                       takes_value(*option)
                                           ? fmt::format(":{}:{}", option->get_single_name(),
                                                         zsh_values(command, option->get_single_name()))
                                           : ""));
  for (const CLI::Option* option : options_of(command, true)) {
    const std::string name = option->get_single_name();
    out += " \\\n        " + single_quoted(fmt::format("{}:{}:{}", option->get_expected_max() > 1 ? "*" : "",
                                                       name, zsh_values(command, name)));
  }
  return out;
}

std::string zsh_commands(const CLI::App& app) {
  std::string out;
  for (const CLI::App* command : commands_of(app))
    out += " \\\n        " +
           single_quoted(fmt::format("{}:{}", command->get_name(), zsh_text(command->get_description())));
  return out;
}

std::string troff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&" + std::string(1, c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string value_name(const CLI::Option& option) { return text::upper(option.get_single_name()); }

std::string manual_synopsis(const CLI::App& command, const std::string& path) {
  std::string out = fmt::format(".B entitywatch {}\n", troff(path));
  if (!options_of(command, false).empty()) out += "[\\fIoptions\\fR]\n";
  for (const CLI::Option* option : options_of(command, true)) {
    const std::string name =
        fmt::format("\\fI{}\\fR{}", troff(value_name(*option)), option->get_expected_max() > 1 ? " ..." : "");
    out += option->get_required() ? name + "\n" : "[" + name + "]\n";
  }
  if (!commands_of(command).empty()) out += "\\fIcommand\\fR\n";
  return out;
}

std::string manual_options(const CLI::App& command) {
  std::string out;
  for (const CLI::Option* option : options_of(command, false)) {
    out += fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", troff(text::join(flags_of(*option), ", ")),
                       takes_value(*option) ? fmt::format(" \\fI{}\\fR", troff(value_name(*option))) : "",
                       troff(option->get_description()));
    if (const Names words = words_of(command.get_name(), option->get_single_name());
        takes_value(*option) && !words.empty())
      out += troff("One of " + text::join(words, ", ") + ".") + "\n";
  }
  return out;
}

constexpr std::string_view manual_tail = R"(.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
It ran and found a fault: a failed check, an undelivered alert, a broken chain.
.TP
.B 2
The call or the configuration is wrong.
.SH ENVIRONMENT
.TP
.B NO_COLOR
No colour, whatever the terminal. Without a terminal there is none anyway.
.TP
.B COLUMNS
The width tables are fitted to, instead of the terminal's own.
.SH FILES
.TP
.I /etc/entitywatch/entitywatch.toml
The configuration; every key has a default, and \fBentitywatch check\-config\fR checks it.
.TP
.I /var/lib/entitywatch
The database and what belongs to it.
.SH NOTES
While the daemon runs, the other commands ask it; without it they open the database themselves.
entitywatch reports what publishers say; it is not legal advice.
)";

}  // namespace

std::string bash_completion(const CLI::App& app) {
  Names paths;
  std::string cases = bash_command(app, "");
  each_command(app, "", [&](const CLI::App& command, const std::string& path) {
    paths.push_back(path);
    cases += bash_command(command, path);
  });
  std::string known;
  for (const std::string& path : paths) known += " " + single_quoted(path);
  return fmt::format(R"(# bash completion for entitywatch; made by: entitywatch completion bash
_entitywatch() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} path= word known
  local -a commands=({})
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    for known in "${{commands[@]}}"; do
      if [[ $known == "${{path:+$path }}$word" ]]; then path=$known; break; fi
    done
  done
  case "$path" in
{}  esac
}}
complete -F _entitywatch entitywatch
)",
                     known.empty() ? known : known.substr(1), cases);
}

std::string zsh_completion(const CLI::App& app) {
  std::string cases;
  each_command(app, "", [&](const CLI::App& command, const std::string& path) {
    const std::string name = path.substr(path.rfind(' ') + 1);
    const std::string condition = single_quoted(path);
    if (commands_of(command).empty())
      cases += fmt::format("    {})\n      _arguments{} ;;\n", condition, zsh_arguments(command));
    else
      cases += fmt::format(
          "    {})\n      local -a inner=({}\n      )\n      _describe -t commands {} inner{} ;;\n",
          condition, zsh_commands(command), single_quoted(name + " command"),
          options_of(command, false).empty() ? "" : "\n      _arguments" + zsh_arguments(command));
  });
  Names groups;
  each_command(app, "", [&](const CLI::App& command, const std::string& path) {
    if (!commands_of(command).empty()) groups.push_back(path);
  });
  return fmt::format(R"(#compdef entitywatch
# zsh completion for entitywatch; made by: entitywatch completion zsh
_entitywatch() {{
  local line= word
  local -a commands=({}
  )
  local -i at=2
  while (( at < CURRENT )); do
    word=${{words[at]}}
    if [[ -z $line && -n ${{commands[(r)$word:*]}} ]]; then
      line=$word
    elif [[ " {} " == *" $line "* && $word != -* ]]; then
      line="$line $word"
    fi
    (( at += 1 ))
  done
  if [[ -z $line ]]; then
    _describe -t commands 'entitywatch command' commands
    return
  fi
  # The command itself stands first for _arguments.
  local -a parts=(${{(s: :)line}})
  (( CURRENT -= ${{#parts}} ))
  shift ${{#parts}} words
  case $line in
{}  esac
}}
_entitywatch "$@"
)",
                     zsh_commands(app), text::join(groups, " "), cases);
}

std::string manual_page(const CLI::App& app) {
  std::string out = fmt::format(
      ".TH ENTITYWATCH 1 \"\" \"entitywatch {}\" \"User Commands\"\n.SH NAME\nentitywatch \\- {}\n.SH "
      "SYNOPSIS\n.B entitywatch\n\\fIcommand\\fR [\\fIoptions\\fR]\n",
      version,
      troff("watch the United States' export-control lists, alert on changes, answer questions about them"));
  out += ".SH DESCRIPTION\n" + troff(app.get_description()) +
         ".\nResults go to standard output, diagnostics to standard error.\n.SH OPTIONS\n" +
         manual_options(app) + ".SH COMMANDS\n";
  each_command(app, "", [&](const CLI::App& command, const std::string& path) {
    out += fmt::format(".SS {}\n{}.PP\n{}\n{}", troff(path), manual_synopsis(command, path),
                       troff(command.get_description()), manual_options(command));
  });
  return out + std::string(manual_tail);
}

}  // namespace entitywatch::daemon
