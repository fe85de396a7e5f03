#!/usr/bin/python3
"""Kills the daemon with SIGKILL at random moments of ingest and delivery, over and over, and checks that
no change and no alert is lost and that no id changes.

    tests/e2e/crash_cycles.py --cycles 200 [--seed N]     (the program: ENTITYWATCH_BINARY)
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from harness import Party, World, baseline, invented_party, open_world, small_rule, wait_for

FIRST_DAY = date(2019, 10, 5)  # the stand-in lists a week before and after 10 October


PATIENCE = 20.0


@dataclass
class Figures:
    cycles: int = 0
    changes: int = 0
    alerts: int = 0
    calls: int = 0
    repeated_deliveries: int = 0  # at least once: allowed
    lost_changes: int = 0
    lost_alerts: int = 0
    unstable_ids: int = 0
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (f"{self.cycles} cycles of kill -9: {self.changes} changes, {self.alerts} alerts in {self.calls} calls "
                f"({self.repeated_deliveries} repeated), lost changes {self.lost_changes}, "
                f"lost alerts {self.lost_alerts}, unstable ids {self.unstable_ids}")


class CrashRun:
    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._random = random.Random(seed)
        self._expected: dict[str, list[Party]] = {}  # by document number
        self._seen: dict[str, str] = {}  # entry name -> change id, at first sight

    def play(self, cycles: int, progress: bool = False) -> Figures:
        figures = Figures(cycles=cycles)
        with open_world(self._folder, log_level="info", first_retry="100ms", max_retry="500ms",
                        polls={"ecfr": "3s"}) as world:
            world.start()
            for cycle in range(cycles):
                self._cycle(world, cycle, figures)
                if progress and (cycle + 1) % 20 == 0:
                    print(f"{cycle + 1} cycles", flush=True)
            self._settle(world, figures)
            assert world.program.stop() == 0
        return figures

    def _cycle(self, world: World, cycle: int, figures: Figures) -> None:
        """The running daemon gets something to do and is killed while at it, or while starting."""
        if self._random.random() < 0.6:  # one text a second is all the daemon asks a publisher for
            self._publish(world, cycle)
        world.receiver.status = self._random.choice((204, 204, 500))
        time.sleep(self._random.uniform(0.0, 1.3))
        self._look(world, figures)
        world.program.kill()
        if self._random.random() < 0.2:
            world.program.start(ready=False)
            time.sleep(self._random.uniform(0.0, 0.2))
            world.program.kill()
        world.program.start()

    def _publish(self, world: World, cycle: int) -> None:
        day = FIRST_DAY + timedelta(days=min(cycle // 20, 10))
        number = f"2019-{40000 + cycle}"
        parties = [invented_party(10 * cycle + index) for index in range(self._random.randint(1, 4))]
        if self._random.random() < 0.3:  # the eCFR catches up with everything before
            known = [party for earlier in self._expected.values() for party in earlier]
            world.publisher.publish_edition(day, baseline().adding(*known))
        world.publisher.publish(small_rule(number, day, *parties))
        self._expected[number] = parties

    def _look(self, world: World, figures: Figures) -> None:
        """What is shown once keeps its id for ever."""
        self._compare(world.program.changes(), figures)

    def _compare(self, changes: list[dict[str, Any]], figures: Figures) -> None:
        for change in changes:
            name = change["entry"]["name"]
            if self._seen.setdefault(name, change["id"]) != change["id"]:
                figures.unstable_ids += 1
                figures.faults.append(f"{name}: change {self._seen[name]} became {change['id']}")

    def _settle(self, world: World, figures: Figures) -> None:
        """With everything working again, all of it must come out."""
        world.receiver.status = 204
        wanted = {party.name for parties in self._expected.values() for party in parties}
        missing = _missing(wanted, set(self._expected), world)
        while missing:  # what is left to fetch takes its time, but must go on
            left = missing
            try:
                wait_for("progress", lambda left=left: _missing(wanted, set(self._expected), world) < left, PATIENCE)
            except TimeoutError:
                figures.faults.append(f"no progress for {PATIENCE:g} s")
                break
            missing = _missing(wanted, set(self._expected), world)
        self._count(world, wanted, figures)

    def _count(self, world: World, wanted: set[str], figures: Figures) -> None:
        changes = world.program.changes(kind="added")
        self._compare(changes, figures)
        figures.changes = len(changes)
        figures.lost_changes = len(wanted - _names(changes))
        figures.lost_alerts = len(wanted - _alerted(world))
        figures.alerts, figures.calls = len(world.receiver.alerts()), len(world.receiver.calls())
        accepted = Counter(call.id for call in world.receiver.calls() if call.status == 204)
        figures.repeated_deliveries = sum(count - 1 for count in accepted.values())
        twice = [name for name, count in Counter(c["entry"]["name"] for c in changes).items() if count > 1]
        figures.faults += [f"{name}: more than one change" for name in twice]
        alerts_of = defaultdict(set)
        for call in world.receiver.calls():
            for change in () if call.is_update else call.data.get("changes", ()):
                alerts_of[change["id"]].add(call.id)
        several = [change for change, alerts in alerts_of.items() if len(alerts) > 1]
        figures.unstable_ids += len(twice) + len(several)
        figures.faults += [f"change {change}: alerts {sorted(alerts_of[change])}" for change in several]
        figures.faults += [f"signature of {call.id} does not hold" for call in world.receiver.calls()
                           if not call.verified]


def _missing(parties: set[str], documents: set[str], world: World) -> int:
    """How much is still to come: changes, alerts, documents."""
    known = {document["number"] for document in world.program.listing("documents")}
    changed = _names(world.program.changes(kind="added"))
    return len(parties - changed) + len(parties - _alerted(world)) + len(documents - known)


def _names(changes: list[dict[str, Any]]) -> set[str]:
    return {change["entry"]["name"] for change in changes}


def _alerted(world: World) -> set[str]:
    return {change["entry"]["name"] for call in world.receiver.alerts() for change in call.data["changes"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="entitywatch-crash-") as folder:
        figures = CrashRun(Path(folder), arguments.seed).play(arguments.cycles, progress=True)
    for fault in figures.faults:
        print(fault)
    print(figures.line())
    return 1 if figures.faults or figures.lost_changes or figures.lost_alerts or figures.unstable_ids else 0


if __name__ == "__main__":
    sys.exit(main())
