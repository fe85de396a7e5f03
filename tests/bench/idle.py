#!/usr/bin/python3
"""What the daemon costs while nothing happens, with the full lists: memory, CPU, and how long a restart takes
until it is ready.

    tests/bench/idle.py PROGRAM PART-744.xml CSL.csv DPL.txt [--seconds N] [--restarts N] [--poll INTERVAL]

Ratios are to what the machine itself did in the same run: memory to the bytes of the lists, a restart to
`PROGRAM --version`, CPU to one core.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from loopback.http_server import Answer, LoopbackServer, Request  # noqa: E402
from loopback.program import Program, Settings  # noqa: E402
from loopback.publisher import Publisher, _conditional  # noqa: E402


class Lists(LoopbackServer):
    def __init__(self, csl: Path, dpl: Path) -> None:
        self.bodies = {"/csl.csv": csl.read_bytes(), "/dpl.txt": dpl.read_bytes()}
        super().__init__()

    def answer(self, request: Request) -> Answer:
        body = self.bodies.get(request.path, b"")
        kind = "text/csv" if request.path.endswith("csv") else "text/plain"
        return _conditional(request, Answer(200 if body else 404, kind, body))


class PartOfFile(Publisher):
    """A part 744 from a file among the stand-in's other answers."""

    def publish_file(self, day: date, part: Path) -> None:
        self._editions[day] = part.read_bytes()
        self._amended[day] = day


def memory(pid: int) -> dict[str, int]:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {name: int(re.search(rf"(?m)^{name}: +(\d+) kB", text)[1]) * 1024  # type: ignore[index]
            for name in ("Rss", "Pss", "Private_Dirty")}


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_ready(program: Program) -> float:
    """From the start of the process to the first 200 of /readyz, in seconds."""
    begun = time.monotonic()
    program.start(ready=False)
    while True:
        try:
            if program.status_of("/readyz") == 200:
                return time.monotonic() - begun
        except OSError:
            pass  # not listening yet
        if not program.is_running() or time.monotonic() - begun > 60:
            raise RuntimeError(program.log_tail())
        time.sleep(0.002)


def bare_start(binary: str) -> float:
    begun = time.monotonic()
    subprocess.run([binary, "--version"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    for name in ("part", "csl", "dpl"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--restarts", type=int, default=7)
    parser.add_argument("--poll", default="5m", help="of every source")
    options = parser.parse_args()
    os.environ["ENTITYWATCH_BINARY"] = str(Path(options.program).resolve())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lists = stack.enter_context(Lists(options.csl, options.dpl))
        publisher = stack.enter_context(PartOfFile(date(2026, 7, 20)))
        publisher.publish_file(date(2026, 7, 18), options.part)
        extra = "\n\n".join(f'[sources.{name}]\nurl = "{lists.url}{path}"\npoll = "{options.poll}"'
                            for name, path in (("csl", "/csl.csv"), ("dpl", "/dpl.txt")))
        program = Program(Settings(folder / "data", publisher.url, poll=options.poll, log_level="info", extra=extra), folder)
        first = wait_until_ready(program)
        program.wait_for_status("ok", "ecfr", "federal_register", "csl", "dpl", seconds=60)
        entries = len(program.entries(limit=1000))
        size = sum(map(len, lists.bodies.values())) + options.part.stat().st_size
        program.stop()
        ready: list[float] = []
        for _ in range(options.restarts):
            ready.append(wait_until_ready(program))
            status = program.stop()
            if status != 0:
                raise RuntimeError(f'stopped with {status}: {program.log_tail()}')
        wait_until_ready(program)
        program.wait_for_polls(count=1)
        time.sleep(2)
        assert program.process is not None
        pid = program.process.pid
        before = cpu_seconds(pid)
        time.sleep(options.seconds)
        used = cpu_seconds(pid) - before
        held = memory(pid)
        starts = [bare_start(options.program) for _ in range(options.restarts)]
        program.stop()
    restart, bare = statistics.median(ready), statistics.median(starts)
    print(f"{entries} entries of {size / 1e6:.1f} MB of lists; first start ready after {first * 1000:.0f} ms")
    print(f"memory: resident {held['Rss'] / 1e6:.0f} MB, its own {held['Private_Dirty'] / 1e6:.0f} MB: "
          f"{held['Private_Dirty'] / size:.1f} x the bytes of the lists")
    print(f"CPU: {used:.2f} s in {options.seconds:.0f} s, polls every {options.poll}: {used / options.seconds:.5f} of a core")
    print(f"restart to ready: median {restart * 1000:.0f} ms of {options.restarts} (most {max(ready) * 1000:.0f} ms), "
          f"{restart / bare:.1f} x `--version` ({bare * 1000:.0f} ms)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
