"""The commands at a terminal: tables that fit it, colour only there, completion in real shells, the manual."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from harness import World, binary, invented_party, small_rule, told_world
from loopback.program import environment

WIDE = replace(invented_party(1), name="Хуавэй Технолоджис Северо-Запад", country="RUSSIA",
               aliases=("華為技術有限公司北京研究所分公司", "주식회사 한국정밀광학기계공업"))
TABLES = {
    "changes": ("changes",), "changes, several kinds": ("changes", "--limit", "5"), "entries": ("entries", "--limit", "30"),
    "documents": ("documents",), "deliveries": ("deliveries",), "sources": ("sources",), "subscriptions": ("subscriptions", "list"),
    "screen": ("screen", "hikvison"), "show": ("show", "2019-22210"),
}
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    rule = small_rule("2019-22412", date(2019, 10, 10), WIDE)
    with told_world(tmp_path_factory.mktemp("terminal"), rule, additions=1) as world:
        yield world


def cells(line: str) -> int:
    """Columns a terminal gives it, reckoned without the program's own library."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def call(world: World, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([binary(), *arguments, "--config", world.program.config], capture_output=True, text=True,
                          timeout=30, env={**environment(), **variables}, check=False)


def at_terminal(world: World, *arguments: str, **variables: str) -> str:
    """What it prints where standard output is a terminal."""
    leader, follower = pty.openpty()
    # Not over the size of a terminal's buffer, so that nobody has to read while it writes.
    done = subprocess.run([binary(), *arguments, "--config", world.program.config], stdin=follower, stdout=follower,
                          stderr=subprocess.DEVNULL, timeout=30, check=False,
                          env={**environment(), "TERM": "xterm-256color", "COLUMNS": "80", **variables})
    os.close(follower)
    assert done.returncode == 0
    return shown_by(leader)


def shown_by(leader: int) -> str:
    """All that was written to the terminal, whose other end is closed."""
    text = b""
    try:
        while piece := os.read(leader, 65536):
            text += piece
    except OSError:
        pass  # read to the end
    os.close(leader)
    return text.decode()


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
@pytest.mark.parametrize("table", TABLES)
def test_no_line_is_wider_than_the_terminal(stage: World, table: str, columns: int) -> None:
    done = call(stage, *TABLES[table], COLUMNS=str(columns))
    assert done.returncode == 0 and done.stdout, done.stderr
    for line in done.stdout.splitlines():
        assert cells(line) <= columns or "/" in line, f"{cells(line)}: {line}"  # an address has no place to break
        assert line == line.rstrip()


def test_wide_letters_stand_in_line(stage: World) -> None:
    lines = call(stage, "entries", "--q", "хуавэй", COLUMNS="200").stdout.splitlines()
    assert len(lines) == 2 and "Хуавэй" in lines[1]
    for title in ("cc", "list", "aliases"):
        at = lines[0].index(title)
        assert cells(lines[1][:lines[1].index({"cc": "RU", "list": "entity-list", "aliases": "華為"}[title])]) == at


def test_nothing_is_cut_where_there_is_no_terminal(stage: World) -> None:
    out = call(stage, "entries", "--q", "хуавэй").stdout
    assert WIDE.aliases[0] in out and "…" not in out and "\x1b" not in out


def test_what_has_no_room_is_named(stage: World) -> None:
    done = call(stage, "changes", COLUMNS="60")
    assert "left out for want of room" in done.stderr and "id" in done.stderr and "name" in done.stdout.splitlines()[0]


@pytest.fixture(scope="module")
def vendors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than one piece for the endpoint; the names asked for stand in the first and the last."""
    file = tmp_path_factory.mktemp("vendors") / "vendors.csv"
    lines = ["Vendor Id,Name,Id,Country", '1,"Hikvison, ""Digital""\nTechnology Hangzhou",first,CN']
    lines += [f"{n},Nobody Number {n} Bakery,id-{n}," for n in range(2, 2300)]
    file.write_text("\n".join([*lines, "2300,Yitu Technologies,last,China"]) + "\n")
    return file


def test_a_file_of_names_is_screened_in_every_format(stage: World, vendors: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(call(stage, "screen", "--file", str(vendors)).stdout)))
    assert len(rows) == 2300 and [row["id"] for row in rows if row["score"]] == ["first", "last"]
    assert "Hikvision" in rows[0]["listed_name"] and "Yitu" in rows[-1]["listed_name"]
    results = json.loads(call(stage, "screen", "--file", str(vendors), "--format", "json").stdout)["results"]
    assert len(results) == 2300 and [result["id"] for result in results if result["matches"]] == ["first", "last"]
    assert json.loads(call(stage, "screen", "--file", str(vendors), "--json").stdout)["results"] == results
    lines = call(stage, "screen", "--file", str(vendors), "--format", "table").stdout.splitlines()
    assert len(lines) == 3 and lines[0].startswith("asked") and "Hikvision" in lines[1] and "Yitu" in lines[2]


def test_one_name_is_screened_in_every_format(stage: World) -> None:
    for format, begins in (("table", "score"), ("csv", "id,name,score"), ("json", "{")):
        done = call(stage, "screen", "hikvison", "--format", format)
        assert done.returncode == 0 and done.stdout.startswith(begins) and "Hikvision" in done.stdout
    assert set(json.loads(call(stage, "screen", "hikvison", "--json").stdout)) == {"matches"}


def test_a_wrong_file_of_names_is_refused_before_anything_is_printed(stage: World, tmp_path: Path) -> None:
    for text, said in (("name,country\nA,CN\nB,ZZZ\n", "line 3"), ("party\nA\n", "name its columns"), ("name\n", "names nobody")):
        (tmp_path / "wrong.csv").write_text(text)
        done = call(stage, "screen", "--file", str(tmp_path / "wrong.csv"))
        assert done.returncode == 2 and not done.stdout and said in done.stderr


def test_screening_a_file_shows_a_bar_at_a_terminal_only(stage: World, vendors: Path) -> None:
    assert not call(stage, "screen", "--file", str(vendors)).stderr
    leader, follower = pty.openpty()
    subprocess.run([binary(), "screen", "--file", vendors, "--config", stage.program.config], stdin=follower, stderr=follower,
                   stdout=subprocess.DEVNULL, timeout=30, check=True, env=environment())
    os.close(follower)
    shown = shown_by(leader)
    assert "[##########..............]  43 % 1000 of 2300 names" in shown and "100 % 2300 of 2300 names" in shown


def test_colour_is_for_terminals_that_want_it(stage: World) -> None:
    arguments = ("changes", "--limit", "3")
    plain = at_terminal(stage, *arguments, NO_COLOR="1")
    coloured = at_terminal(stage, *arguments)
    assert "\x1b" not in plain and "\x1b[31madded" in coloured
    assert ESCAPE.sub("", coloured) == plain
    assert "\x1b" not in at_terminal(stage, *arguments, TERM="dumb")


def help_of(*path: str) -> str:
    return subprocess.run([binary(), *path, "--help"], capture_output=True, text=True, timeout=20, check=True).stdout


def commands(*path: str) -> list[tuple[str, ...]]:
    """Every command, as its help lists them."""
    lines = help_of(*path).partition("Subcommands:")[2].splitlines()
    found = [(*path, line.split()[0]) for line in lines if re.match(r"  \S", line)]
    return [inner for one in found for inner in (one, *commands(*one))]


def options(*path: str) -> list[str]:
    return re.findall(r"(?<![\w-])--[a-z][a-z-]*", help_of(*path).partition("Options:")[2])


def test_every_command_and_option_is_completed_and_in_the_manual() -> None:
    scripts = {kind: described(kind) for kind in ("bash", "zsh", "man")}
    scripts["man"] = scripts["man"].replace("\\-", "-")
    every = commands()
    assert ("changes",) in every and ("subscriptions", "try") in every and len(every) > 25
    for path in every:
        assert f"\n.SS {' '.join(path)}\n" in scripts["man"]
        for option in options(*path):
            for kind, script in scripts.items():
                assert option in script, f"{kind}: {' '.join(path)} {option}"
    for name, script in scripts.items():
        for path in every:
            assert path[-1] in script, f"{name}: {path}"


def described(kind: str) -> str:
    return subprocess.run([binary(), "completion", kind], capture_output=True, text=True, timeout=20, check=True).stdout


def completed(tmp_path: Path, *words: str) -> set[str]:
    """What bash offers for the last word."""
    (tmp_path / "entitywatch.bash").write_text(described("bash"))
    quoted = " ".join(f"'{word}'" for word in words)
    script = (f"source '{tmp_path}/entitywatch.bash'; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
              "_entitywatch 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"")
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, timeout=20, check=True)
    return set(done.stdout.split())


def test_bash_completes_commands_options_and_values(tmp_path: Path) -> None:
    assert {"changes", "entries", "run", "subscriptions"} <= completed(tmp_path, "entitywatch", "")
    assert completed(tmp_path, "entitywatch", "chan") == {"changes"}
    assert {"--since", "--kind", "--json"} <= completed(tmp_path, "entitywatch", "changes", "--")
    assert completed(tmp_path, "entitywatch", "changes", "--kind", "re") == {"removed", "revised"}
    assert completed(tmp_path, "entitywatch", "entries", "--status", "") == {"listed", "pending", "removed", "all"}
    assert completed(tmp_path, "entitywatch", "subscriptions", "") >= {"list", "add", "remove", "try"}
    assert "--countries" in completed(tmp_path, "entitywatch", "subscriptions", "add", "--c")
    assert completed(tmp_path, "entitywatch", "poll", "ec") == {"ecfr"}
    assert completed(tmp_path, "entitywatch", "export", "--format", "") == {"csv", "jsonl", "ftm"}


def test_zsh_completes_commands_options_and_values(tmp_path: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("SKIPPED: zsh is absent: its completion is not tried")
    (tmp_path / "_entitywatch").write_text(described("zsh"))
    assert subprocess.run(["zsh", "-n", tmp_path / "_entitywatch"], timeout=20, check=False).returncode == 0
    # A shell in a shell, since completion happens at a terminal only.
    shell = (f"PS1=; fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' insert-tab false; "
             "shown() { print -r -- \"[$BUFFER]\" >>" + f"{tmp_path}/out; BUFFER=; zle -M MARK }}; zle -N shown; bindkey '^X' shown")
    lines = ("chan", "changes --kind rev", "subscriptions rem", "entries --known", "subscriptions add --quiet-h")
    typed = "; ".join(f"zpty -w -n z 'entitywatch {line}'$'\\t\\C-x'; zpty -r -m z out '*MARK*'" for line in lines)
    (tmp_path / ".zshrc").write_text(shell)
    script = f"zmodload zsh/zpty; export ZDOTDIR='{tmp_path}' TERM=xterm; zpty z zsh -i; {typed}; zpty -d z"
    subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True, timeout=20, check=True)
    done = [line.strip(" []") for line in (tmp_path / "out").read_text().splitlines()]
    assert done == ["entitywatch changes", "entitywatch changes --kind revised", "entitywatch subscriptions remove",
                    "entitywatch entries --known-at", "entitywatch subscriptions add --quiet-hours"]


def test_the_manual_is_well_formed(tmp_path: Path) -> None:
    if shutil.which("man") is None:
        pytest.skip("SKIPPED: man is absent: the manual page is not rendered")
    page = tmp_path / "entitywatch.1"
    page.write_text(described("man"))
    done = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True, timeout=20,
                          env={**environment(), "MANWIDTH": "80", "MAN_KEEP_FORMATTING": ""}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    text = re.sub(r".\x08", "", done.stdout)
    assert re.search(r"-h, --help\n", text), "a flag takes no value"
    for expected in ("entitywatch changes [options]", "--kind KIND", "EXIT STATUS", "NO_COLOR", "subscriptions try"):
        assert expected in text
