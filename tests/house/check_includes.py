#!/usr/bin/python3
"""Checks the direction of every include: a room includes only the rooms and libraries that design allows.

    check_includes.py ROOT           status 1 and a line for each include that points the wrong way
    check_includes.py ROOT --prove   shows that the check finds what it is for
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOMS: dict[str, frozenset[str]] = {
    "core": frozenset({"core"}),
    "parsers": frozenset({"core", "parsers"}),
    "storage": frozenset({"core", "storage"}),
    "notify": frozenset({"core", "notify"}),
    "daemon": frozenset({"core", "parsers", "storage", "notify", "daemon"}),
}

# Libraries that belong to one room. The hidden ones stay behind its sources and the RAII wrappers of their
# handles (*_handle.hpp), which only sources include.
HOMES: dict[str, str] = {
    "rocksdb/": "storage",
    "curl/": "daemon",
    "libxml/": "parsers",
    "httplib.h": "daemon",
    "systemd/": "daemon",
    "toml++/": "daemon",
    "CLI/": "daemon",
}
HIDDEN = ("rocksdb/", "curl/", "libxml/", "httplib.h")

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
SOURCES = frozenset({".hpp", ".h", ".cpp", ".inc"})


def includes(file: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if found := INCLUDE.match(line):
            yield number, found.group(1) or found.group(2)


def fault(room: str, file: Path, target: str) -> str | None:
    first = target.split("/")[0]
    if first in ROOMS and first not in ROOMS[room]:
        return f"{room}/ may not include {first}/"
    if first == "tests":
        return "what is shipped may not include tests/"
    for library, home in HOMES.items():
        if not target.startswith(library):
            continue
        if room != home:
            return f"{target} belongs to {home}/ alone"
        if library in HIDDEN and file.suffix != ".cpp" and not file.stem.endswith("_handle"):
            return f"{target} must not show in a header"
    return None


def faults(root: Path) -> list[str]:
    found = []
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            if file.suffix not in SOURCES:
                continue
            for line, target in includes(file):
                if wrong := fault(room, file, target):
                    found.append(f"{file.relative_to(root)}:{line}: {wrong}")
    return found


WRONG = {
    "core/a.hpp": '#include "storage/store.hpp"\n',
    "parsers/a.cpp": '#include "notify/channel.hpp"\n',
    "storage/a.cpp": '#include "parsers/ecfr.hpp"\n',
    "notify/a.cpp": '#  include "daemon/config.hpp"\n',
    "notify/b.cpp": "#include <curl/curl.h>\n",
    "storage/a.hpp": "#include <rocksdb/db.h>\n",
    "daemon/a.hpp": "#include <httplib.h>\n",
    "daemon/b.cpp": '#include "tests/support/fake.hpp"\n',
}
RIGHT = {
    "core/b.cpp": '#include "core/entry.hpp"\n#include <string>\n',
    "storage/b.cpp": '#include <rocksdb/db.h>\n#include "core/result.hpp"\n',
    "daemon/c.cpp": '#include "parsers/ecfr.hpp"\n#include "storage/archive.hpp"\n#include <curl/curl.h>\n',
}


def prove() -> int:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in (WRONG | RIGHT).items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text)
        named = {line.split(":")[0] for line in faults(root)}
    if named != set(WRONG):
        print(f"wrongly found or missed: {sorted(named ^ set(WRONG))}")
    return 0 if named == set(WRONG) else 1


def main() -> int:
    if sys.argv[2:] == ["--prove"]:
        return prove()
    found = faults(Path(sys.argv[1]))
    print("\n".join(found) or "every include points the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
