#!/usr/bin/python3
"""Checks that no file names a package registry or mirror, or a path of somebody's machine: both come from
where the program is built.

    check_names.py ROOT           status 1 and a line for each place
    check_names.py ROOT --prove   shows that the check finds what it is for
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Written in pieces, so that this file does not name them.
HOSTS = ("deb.debian" + ".org", "security.debian" + ".org", "snapshot.debian" + ".org", "archive.ubuntu" + ".com",
         "pypi" + ".org", "files.pythonhosted" + ".org", "registry.npmjs" + ".org", "crates" + ".io",
         "docker" + ".io", "ghcr" + ".io", "quay" + ".io", "center.conan" + ".io")
PATHS = ("/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/tmp/build" + "-", "/Us" + "ers/")
NAMED = re.compile("|".join([*(rf"(?<![\w.-]){re.escape(host)}" for host in HOSTS),
                             *(rf"(?<![\w.$}}-]){re.escape(path)}" for path in PATHS)]))

SKIPPED = frozenset({".git", "build", "var", ".cache", "__pycache__", ".pytest_cache"})


def files(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.name in SKIPPED:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from files(path)
        elif path.is_file():
            yield path


def places(root: Path) -> list[str]:
    found = []
    for file in files(root):
        for number, line in enumerate(file.read_bytes().decode("utf-8", "replace").splitlines(), start=1):
            if named := NAMED.search(line):
                found.append(f"{file.relative_to(root)}:{number}: names {named.group(0)}")
    return found


def prove() -> int:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        wrong = {f"wrong{index}": f"see {text}x\n" for index, text in enumerate((*HOSTS, *PATHS))}
        right = {"right1": "https://www.federalregister.gov/documents/2019\n", "right2": "$root" + PATHS[0] + "log /var/lib/x\n"}
        for name, text in (wrong | right).items():
            (root / name).write_text(text)
        named = {line.split(":")[0] for line in places(root)}
    if named != set(wrong):
        print(f"wrongly found or missed: {sorted(named ^ set(wrong))}")
    return 0 if named == set(wrong) else 1


def main() -> int:
    if sys.argv[2:] == ["--prove"]:
        return prove()
    found = places(Path(sys.argv[1]))
    print("\n".join(found) or "no file names a registry or a machine's path")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
