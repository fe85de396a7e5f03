#!/usr/bin/python3
"""Photographs the page for docs/page/: photograph_page.py FOLDER. Names and dates are those of the tests'
stand-ins; look at each picture before it is committed. Needs Debian's python3-pil, for small files."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import RULE  # noqa: E402
from loopback.browser import Browser  # noqa: E402
from page_world import REVISING, open_page_world  # noqa: E402

SIZES = {"desktop": (1280, 800, False), "tablet": (800, 900, False), "phone": (390, 780, True), "paper": (794, 1000, False)}


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, open_page_world(Path(name)) as world, Browser() as page:
        revised = next(c for c in world.program.changes(document=REVISING) if c["kind"] == "revised")["entry"]["id"]
        entry, document = f"#/entries/{revised}", f"#/documents/{RULE}"
        for what, place, size, scheme in (
                ("changes", "#/changes", "desktop", "light"), ("entry", entry, "desktop", "dark"),
                ("document", document, "desktop", "light"), ("search", "#/entries?q=hikvison", "tablet", "light"),
                ("health", "#/health", "tablet", "dark"), ("alerts", "#/subscriptions", "tablet", "light"),
                ("changes", "#/changes", "phone", "dark"), ("entry", entry, "phone", "light"), ("entry", entry, "paper", "print")):
            columns, rows, phone = SIZES[size]
            page.size(columns, rows, phone=phone)
            page.look("dark" if scheme == "dark" else "light")
            page.open("about:blank")
            page.open(f"{world.program.url}/{place}")
            page.wait("the bar on top", "!document.getElementById('pulse').hidden")
            if scheme == "print":
                page.look("light", "print")
            time.sleep(0.3)  # for fonts to settle
            file = folder / f"{what}-{size}-{scheme}.png".replace("paper-print", "paper")
            page.picture(file)
            Image.open(file).convert("RGB").quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(Path(sys.argv[1])))
