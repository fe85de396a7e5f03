#!/usr/bin/python3
"""Everything at once for some minutes: lists that change with every poll, alerts, readers of every route,
configurations taken up anew and backups, each restored and verified. At the end the daemon's list is the
publisher's.

    tests/e2e/stress.py --minutes 10 [--readers N]         (the program: ENTITYWATCH_BINARY)
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from harness import Party, World, baseline, invented_party, open_world, small_rule, wait_for

ROWS = 150  # of the list, beside the baseline's
BETWEEN_EDITIONS = 0.4
BETWEEN_RULES = 5.0
BETWEEN_RELOADS = 7.0
BETWEEN_BACKUPS = 5.0
FIRST_DAY = date(2019, 10, 2)
PATHS = ("/v1/entries?limit=50", "/v1/entries?list=entity-list&as_of=2019-10-02", "/v1/entries?q=survey", "/v1/changes",
         "/v1/changes?order=newest&limit=20", "/v1/documents", "/v1/documents?order=newest", "/v1/sources",
         "/v1/deliveries?order=newest", "/v1/subscriptions", "/v1/screen?name=Observatory+Instruments",
         "/v1/screen?name=Hikvision&min_score=0.5", "/v1/export/entries.csv", "/feed.atom", "/feed.json", "/calendar.ics",
         "/healthz", "/readyz", "/metrics", "/openapi.json", "/")


@dataclass
class Figures:
    seconds: float = 0.0
    editions: int = 0
    changes: int = 0
    alerts: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)  # answers of 400 and above, connections that broke
    backups: int = 0
    bad_backups: list[str] = field(default_factory=list)
    at_the_end: list[str] = field(default_factory=list)

    def line(self) -> str:
        answers = ", ".join(f"{count} x {status}" for status, count in sorted(self.answers.items()))
        faults = [*self.refused, *self.bad_backups, *self.at_the_end]
        return (f"{self.seconds:.0f} s: {self.editions} editions, {self.changes} changes, {self.alerts} alerts; answers {answers}; "
                f"{self.backups} backups restored and verified; faults {len(faults)}" + "".join(f"\n{f}" for f in faults[:10]))

    def good(self) -> bool:
        return not (self.refused or self.bad_backups or self.at_the_end)


class Stress:
    def __init__(self, world: World, folder: Path, seed: int) -> None:
        self.world = world
        self.folder = folder
        self.chance = random.Random(seed)
        self.figures = Figures()
        self.stop = threading.Event()
        self.edition = baseline()
        self.ruled: set[str] = set()  # names that rules added
        self.failed: list[BaseException] = []

    def change_lists(self) -> None:
        """Each edition adds a row, moves one and, once there are enough, removes one."""
        present: list[Party] = []
        numbers = itertools.count()
        while not self.stop.wait(BETWEEN_EDITIONS):
            present.append(invented_party(next(numbers) % 8000))
            moved = self.chance.randrange(len(present))
            present[moved] = replace(present[moved], addresses=(f"{self.chance.randrange(10_000)} Harbour Road, Harbin, China",))
            if len(present) > ROWS:
                present.pop(self.chance.randrange(ROWS // 2))
            self.edition = baseline().adding(*present)
            self.world.publisher.publish_edition(FIRST_DAY + timedelta(days=self.figures.editions), self.edition)
            self.figures.editions += 1

    def publish_rules(self) -> None:
        for number in itertools.count(1):
            if self.stop.wait(BETWEEN_RULES):
                return
            party = invented_party(7999 - number % 3000)
            self.ruled.add(party.name)
            self.world.publisher.publish(small_rule(f"2019-{number:05}", date(2019, 10, 9), party))

    def reload(self) -> None:
        while not self.stop.wait(BETWEEN_RELOADS):
            self.world.program.reload()

    def read(self, seed: int) -> None:
        chance = random.Random(seed)
        paths = list(PATHS)
        connection = http.client.HTTPConnection("127.0.0.1", self.world.settings.port, timeout=60)
        while not self.stop.is_set():
            path = chance.choice(paths)
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read()
            except (http.client.HTTPException, OSError) as problem:
                self.figures.refused.append(f"GET {path}: {problem!r}")
                connection.close()
                continue
            self.figures.answers[answer.status] += 1
            if answer.status >= 400:
                self.figures.refused.append(f"GET {path}: {answer.status} {body[:300]!r}")
            elif path.startswith("/v1/changes?order=newest"):
                known = [f"/v1/changes/{change['id']}{end}" for change in json.loads(body)["changes"] for end in ("", "/evidence")]
                paths[len(PATHS):] = known[:10]
        connection.close()

    def back_up(self) -> None:
        for number in itertools.count():
            if self.stop.wait(BETWEEN_BACKUPS):
                return
            before = {change["id"] for change in self.world.program.get("/v1/changes", order="newest", limit=100)["changes"]}
            taken = self.folder / f"backup{number}"
            done = self.world.program.run("backup", taken, seconds=300)
            if done.returncode != 0:
                self.figures.bad_backups.append(f"backup {number}: {done.stderr}")
                continue
            self.restore(number, taken, before)

    def restore(self, number: int, taken: Path, before: set[str]) -> None:
        """Into a folder of its own, as another machine would."""
        config = self.folder / f"restored{number}.toml"
        config.write_text(replace(self.world.settings, data_dir=self.folder / f"restored{number}").to_toml())
        there = self.world.program.beside(config)
        for command in (("restore", taken), ("verify",)):
            done = there.run(*command, seconds=300)
            if done.returncode != 0:
                self.figures.bad_backups.append(f"backup {number}: {command[0]}: {done.stderr or done.stdout}")
                return
        listed = json.loads(there.run("changes", "--json", "--order", "newest", "--limit", "1000", seconds=300).stdout)["changes"]
        if lost := before - {change["id"] for change in listed}:
            self.figures.bad_backups.append(f"backup {number}: {len(lost)} changes that were there before it are not in it")
            return
        self.figures.backups += 1

    def guarded(self, work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as problem:  # noqa: BLE001: told at the end, whatever it was
                self.failed.append(problem)
        return run

    def play(self, seconds: float, readers: int) -> Figures:
        start = time.monotonic()
        works: list[Callable[[], None]] = [self.change_lists, self.publish_rules, self.reload, self.back_up]
        works += [lambda seed=seed: self.read(seed) for seed in range(readers)]  # type: ignore[misc]
        threads = [threading.Thread(target=self.guarded(work)) for work in works]
        for thread in threads:
            thread.start()
        while time.monotonic() - start < seconds and self.world.program.is_running() and not self.failed:
            time.sleep(0.2)
        self.stop.set()
        for thread in threads:
            thread.join()
        self.figures.seconds = time.monotonic() - start
        self.end()
        if self.failed:
            raise self.failed[0]
        return self.figures

    def end(self) -> None:
        """What the publisher's last edition lists is what the daemon lists; its history proves itself."""
        program, blame = self.world.program, self.figures.at_the_end.append
        if not program.is_running():
            return blame(f"the daemon ended by itself:\n{program.log_tail()}")
        wanted = {party.name for party in self.edition.entity_list}
        def listed() -> set[str]:
            return {entry["name"] for entry in program.entries(list="entity-list", status="listed")}
        try:
            wait_for("the last edition", lambda: wanted <= listed() <= wanted | self.ruled, 60)
        except TimeoutError:
            blame(f"not listed: {sorted(wanted - listed())[:5]}; listed and gone: {sorted(listed() - wanted - self.ruled)[:5]}")
        self.figures.changes = len(program.changes())
        self.figures.alerts = len(self.world.receiver.alerts())
        if (status := program.stop()) != 0:
            blame(f"it ended with status {status}:\n{program.log_tail()}")
        if (done := program.run("verify", seconds=600)).returncode != 0:
            blame(f"verify: {done.stdout}{done.stderr}")


def play(folder: Path, seconds: float, readers: int = 4, seed: int = 1) -> Figures:
    with open_world(folder, log_level="warn", poll="1s", delivery_extra="parallel = 4") as world:
        world.start()
        return Stress(world, folder, seed).play(seconds, readers)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--readers", type=int, default=4)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="entitywatch-stress-") as folder:
        figures = play(Path(folder), arguments.minutes * 60, arguments.readers)
    print(figures.line())
    return 0 if figures.good() else 1


if __name__ == "__main__":
    sys.exit(main())
