#!/usr/bin/python3
"""A chaos proxy before the publishers: whatever the network does to a list, nothing is taken for removed, and
what was published meanwhile is there once the network is well again.

    tests/e2e/chaos_publishers.py [--every N] [--seed S]

Every trouble for every list, then each list cut after every Nth byte of its body, with its length told and
without. A publisher is asked once a second. Status 0 when no removal was seen and every control was.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request as Ask, build_opener

from harness import BASELINE_DAY, World, baseline, invented_party, open_world, wait_for
from loopback.chaos_proxy import ChaosProxy, Toxic
from loopback.http_server import Answer, LoopbackServer, Request

_open = build_opener(ProxyHandler({})).open
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TROUBLES = {
    "latency": Toxic(latency=0.4),
    "bandwidth": Toxic(bandwidth=400_000, slices=4096),
    "slices of 7 bytes": Toxic(slices=7),
    "reset in the header": Toxic(reset_at=40),
    "reset in the body": Toxic(reset_at=1100),
    "cut to nothing": Toxic(cut_at=0),
    "cut, length told": Toxic(cut_at=900),
    "cut, length not told": Toxic(cut_at=900, hide_length=True),
    "silence": Toxic(silent=True),
    "down": Toxic(),
}
PASSES = {"latency", "bandwidth", "slices of 7 bytes"}  # slow, and whole all the same
SOURCES = ("ecfr", "csl", "dpl")
NEW_CSL = (b"0000000000000000000000000000000000000099,Entity List (EL) - Bureau of Industry and Security,,,,Zephyr Probe Works,,"
           b"\"1 New Road, Minsk, 220000, BY\",84 FR 54002,2019-10-09,,,For all items subject to the EAR. (See \xc2\xa7744.11 of the EAR),"
           b"Presumption of denial.,,,,,,,,http://list.example/a,,,,,,,\n")
NEW_DPL = b'"ZEPHYR PROBE WORKS"\t"1 NEW ROAD"\t"HOUSTON"\t"TX"\t"US"\t"77042"\t"09/12/2016"\t"09/12/2036"\t"Y"\t"2016-09-22"\t"FR NOTICE ADDED"\t"81 F.R. 17645 4/7/16"\n'


class Files(LoopbackServer):
    def __init__(self) -> None:
        self.bodies = {"/csl.csv": (FIXTURES / "csl/consolidated.csv").read_bytes(),
                       "/dpl.txt": (FIXTURES / "dpl/tabs.txt").read_bytes()}
        super().__init__()

    def answer(self, request: Request) -> Answer:
        body = self.bodies.get(request.path)
        if body is None:
            return Answer(404, "text/plain", b"")
        return Answer(200, "text/csv" if request.path.endswith("csv") else "text/plain", body)


@dataclass
class Figures:
    tries: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    removals: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)  # what was not there once the network was well
    controls_missed: list[str] = field(default_factory=list)

    def good(self) -> bool:
        return not (self.removals or self.late or self.controls_missed) and self.tries > 0

    def line(self) -> str:
        return (f"{self.tries} tries: {', '.join(f'{n} {what}' for what, n in sorted(self.outcomes.items()))}; taken for removals "
                f"{len(self.removals)}, missing afterwards {len(self.late)}, controls missed {len(self.controls_missed)}")


class Run:
    def __init__(self, world: World, files: Files, proxies: dict[str, ChaosProxy]) -> None:
        self.world, self.files, self.proxies = world, files, proxies
        self.figures = Figures()
        self.editions = 0

    def poll(self, source: str, what: str) -> str:
        """One poll of the source, to its end: its status afterwards."""
        ended = self.ended(source)
        wait_for("the poll to be queued", lambda: self.post(f"/v1/sources/{source}/poll") == 202, 20, every=0.01)
        wait_for(f"{source} to be polled ({what})", lambda: self.ended(source) > ended, 30, every=0.01)
        self.figures.tries += 1
        status = str(self.world.program.source(source)["status"])
        self.figures.outcomes[status] += 1
        self.look(f"{source}: {what}")
        return status

    def ended(self, source: str) -> int:
        """Polls of the source that came to an end; none is ever due by itself."""
        with _open(self.world.program.url + "/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(sum(float(line.split()[-1]) for line in lines
                       if line.startswith(f'entitywatch_polls_total{{source="{source}"')))

    def post(self, path: str) -> int:
        try:
            with _open(Ask(self.world.program.url + path, b"", method="POST"), timeout=10) as answer:
                return int(answer.status)
        except HTTPError as problem:
            return problem.code

    def look(self, what: str) -> None:
        if len(self.world.program.changes(kind="removed")) > 0:
            self.figures.removals.append(what)

    def trouble(self, source: str, name: str) -> None:
        proxy = self.proxies[source]
        if source == "ecfr":
            self.publish_edition()  # or there would be nothing long to fetch
        if name == "down":
            proxy.go_down()
        else:
            proxy.set(TROUBLES[name])
        status = self.poll(source, name)
        if (status == "ok") != (name in PASSES):
            self.figures.late.append(f"{source} is {status} under {name}")
        if name == "down":
            proxy.go_up()
        proxy.set(None)
        if self.poll(source, f"after {name}") != "ok":
            self.figures.late.append(f"{source} after {name}")

    def publish(self) -> None:
        """One more row in each list: from now on the truth differs from what is known."""
        self.publish_edition()
        self.files.bodies["/csl.csv"] += NEW_CSL
        self.files.bodies["/dpl.txt"] += NEW_DPL

    def publish_edition(self) -> None:
        """One more row in part 744."""
        self.editions += 1
        added = [invented_party(number) for number in range(1, self.editions + 1)]
        self.world.publisher.publish_edition(date(2019, 10, 11) + timedelta(days=self.editions), baseline().adding(*added))

    def places(self, source: str, every: int, chance: random.Random) -> list[int]:
        """After every Nth byte and, where rows are lines, after rows: what is left is well-formed. Of the eCFR, whose
        answers have several lengths, up to more bytes than any has."""
        body = {"csl": self.files.bodies["/csl.csv"], "dpl": self.files.bodies["/dpl.txt"]}.get(source)
        if body is None:
            return list(range(0, 20_000, every * 8))
        ends = [at + 1 for at, byte in enumerate(body) if byte == 10 and at + 1 < len(body)]
        rows = ends if every < 200 else [ends[0], chance.choice(ends), ends[-1]]
        return sorted({*range(0, len(body), every), *rows})

    def cut(self, source: str, at: int, hide: bool) -> bool:
        """False when no answer was as long as that."""
        what = f"cut at {at}, length {'not ' if hide else ''}told"
        proxy = self.proxies[source]
        before = proxy.cuts
        proxy.set(Toxic(cut_at=at, hide_length=hide))
        believed = self.poll(source, what) == "ok"
        if proxy.cuts == before:
            return False
        if believed:
            self.figures.late.append(f"{source} believed a body {what}")
        return True

    def one_source(self, source: str, every: int, troubles: list[str], seed: int) -> None:
        cuts = 0
        for at in self.places(source, every, random.Random(seed)):
            if not all([self.cut(source, at, hide) for hide in (False, True)]):
                break
            cuts += 1
        if cuts == 0:
            self.figures.controls_missed.append(f"{source} was never cut")
        self.proxies[source].set(None)
        self.poll(source, "all is well")
        for name in troubles:
            self.trouble(source, name)

    def additions_arrived(self) -> None:
        names = {change["entry"]["name"].lower() for change in self.world.program.changes(kind="added")}
        for expected in (invented_party(1).name, "Zephyr Probe Works"):
            if expected.lower() not in names:
                self.figures.late.append(f"{expected} is not among the added {sorted(names)}")

    def control(self) -> None:
        """The publisher itself leaves the last row of the DPL out: the same bytes as the worst cut, told as
        whole. That is a removal, and must be seen as one, or none would be seen above."""
        lines = self.files.bodies["/dpl.txt"].splitlines(keepends=True)
        self.files.bodies["/dpl.txt"] = b"".join(lines[:-1])
        tries = Counter(self.figures.outcomes)
        self.poll("dpl", "control: the last row is gone")
        if not self.figures.removals:
            self.figures.controls_missed.append("a row that the publisher took out was not seen as removed")
        self.figures.removals.clear()
        self.figures.outcomes = tries
        self.figures.tries -= 1


@contextmanager
def staged(folder: Path) -> Iterator[Run]:
    with ExitStack() as stack:
        files = stack.enter_context(Files())
        to_files = {name: stack.enter_context(ChaosProxy.before(files.url, host)) for name, host in (("csl", "127.0.0.2"), ("dpl", "127.0.0.3"))}
        extra = "\n\n".join(f'[sources.{name}]\nurl = "{to_files[name].url}/{name}.{ending}"\npoll = "1d"\ntimeout = "1500ms"'
                            for name, ending in (("csl", "csv"), ("dpl", "txt")))
        with open_world(folder, sources=("ecfr",), poll="1d", source_extra='timeout = "1500ms"', log_level="info", extra=extra) as world:
            world.publisher.publish_edition(BASELINE_DAY, baseline())
            to_ecfr = stack.enter_context(ChaosProxy.before(world.publisher.url))
            text = world.program.config.read_text().replace(world.publisher.url, to_ecfr.url)
            world.program.config.write_text(text)
            world.program.start()
            world.program.wait_for_status("ok", *SOURCES)
            yield Run(world, files, to_files | {"ecfr": to_ecfr})


def play(folder: Path, every: int, seed: int = 1, troubles: int = len(TROUBLES)) -> Figures:
    """The lists side by side; `troubles`: how many of them each list has, other ones each."""
    names = list(TROUBLES)
    with staged(folder) as run:
        run.publish()
        with ThreadPoolExecutor(len(SOURCES)) as side_by_side:
            for done in [side_by_side.submit(run.one_source, source, every, (names[4 * n:] + names)[:troubles], seed)
                         for n, source in enumerate(SOURCES)]:
                done.result()
        run.additions_arrived()
        run.control()
        return run.figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="bytes between two cuts")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = play(Path(folder), options.every, options.seed)
    print(figures.line())
    for what in [*figures.removals, *figures.late, *figures.controls_missed][:20]:
        print(f"  {what}")
    return 0 if figures.good() else 1


if __name__ == "__main__":
    sys.exit(main())
