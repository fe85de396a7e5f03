"""The machine misbehaves: the disk is full, the clock jumps, descriptors and memory run out. Nothing wrong is
recorded, and all goes on by itself once it is over."""

from __future__ import annotations

import base64
import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from harness import ADDITIONS, LISTED, World, binary, invented_party, open_world, rule_2019_22210, small_rule, wait_for
from loopback import receivers
from loopback.documents import FederalRegisterDocument

CLOCK = binary().parents[1] / "tests/e2e/libmoving_clock.so"


def whole(world: World, changes: int) -> None:
    """What was recorded is what was published, and proves itself. (A rule that by the clock is missing from the
    eCFR for a year is a discrepancy.)"""
    assert len(world.program.changes(kind="added")) == changes
    assert {change["kind"] for change in world.program.changes()} <= {"added", "discrepancy"}
    assert len(world.program.entries(list="entity-list")) == LISTED + changes
    assert world.program.stop() == 0
    done = world.program.run("verify")
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def small_disk(where: Path, size: str) -> Iterator[None]:
    where.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", where], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"SKIPPED: no disk can be mounted here: {made.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", where], check=True)


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    out.write(b"\0" * size)
            except OSError:
                continue  # no room for a piece of this size
    return filler


def large(document: FederalRegisterDocument) -> FederalRegisterDocument:
    """With eight megabytes in a comment that cannot be compressed."""
    assert document.xml is not None
    comment = b"<!--" + base64.b64encode(os.urandom(6_000_000)) + b"-->"
    head, end, rest = document.xml.rpartition(b"</")
    return replace(document, xml=head + comment + end + rest)


def test_a_full_disk_records_nothing_wrong_and_needs_no_restart(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, "48m"), open_world(tmp_path, data_dir=disk / "data", operators_extra='check = "1s"') as world:
        world.start()
        assert world.program.status_of("/readyz") == 200
        filler = fill(disk)
        # The log's file has some room of its own ahead: what is to be recorded is larger.
        world.publisher.publish(large(rule_2019_22210()))
        wait_for("readiness to be lost", lambda: world.program.status_of("/readyz") == 503, 20)
        wait_for("operators to hear of it past the outbox", lambda: [n for n in world.receiver.notices() if "database" in n.raw.decode().lower()], 20)
        assert world.program.status_of("/healthz") == 200
        assert len(world.program.entries(list="entity-list")) == LISTED
        assert world.receiver.alerts() == []
        process = world.program.process
        filler.unlink()
        assert world.alert().data["counts"] == {"added": ADDITIONS}
        wait_for("readiness", lambda: world.program.status_of("/readyz") == 200, 20)
        assert world.program.process is process and world.program.is_running()
        whole(world, ADDITIONS)


@pytest.fixture
def clock(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    if not CLOCK.exists():
        pytest.skip(f"SKIPPED: {CLOCK} is not built")
    file = tmp_path / "clock"
    monkeypatch.setenv("MOVING_CLOCK", str(file))
    monkeypatch.setenv("LD_PRELOAD", str(CLOCK))
    # What is signed at another time than the receiver's is refused, rightly; here the receiver's is of no account.
    monkeypatch.setattr(receivers, "TOLERANCE_SECONDS", 10 ** 10)

    def move(by: timedelta) -> None:
        part = file.with_suffix(".part")
        part.write_text(str(int(by.total_seconds())))
        part.rename(file)
        world.publisher.today = date(2019, 10, 10) - timedelta(days=by.days)  # its calendar goes with ours

    move(timedelta())
    return move


def now_of(world: World) -> datetime:
    return datetime.fromisoformat(world.program.source("ecfr")["last_attempt_at"])


def publish_and_see(world: World, turn: int) -> None:
    world.publisher.publish(small_rule(f"2019-228{turn:02}", date(2019, 10, 10), invented_party(turn)))
    assert world.alert(turn).data["counts"] == {"added": 1}


@pytest.mark.parametrize("jumps", [(400, 0), (-400, 0), (400, -400, 0)], ids=str)
def test_a_clock_that_jumps_by_400_days_delays_nothing(world: World, clock: Callable[[timedelta], None], jumps: tuple[int, ...]) -> None:
    world.start()
    for turn, days in enumerate(jumps, 1):
        clock(timedelta(days=days))
        expected = datetime.now(timezone.utc) + timedelta(days=days)
        # A waiting loop looks at the clock every twenty seconds; a poll that is asked for, at once.
        wait_for("a poll at the new time", lambda: abs(now_of(world) - expected) < timedelta(minutes=2), 40)
        publish_and_see(world, turn)
        wait_for("all well", lambda: all(s["status"] == "ok" for s in world.program.get("/v1/sources")["sources"] if s["enabled"]), 40)
        assert world.program.status_of("/healthz") == 200
    wait_for("everything delivered", lambda: all(d["status"] == "delivered" for d in world.program.listing("deliveries")), 30)
    assert len(world.receiver.alerts()) == len(jumps)
    whole(world, len(jumps))


@pytest.mark.parametrize("moment", ["2026-03-08T06:59:57", "2026-11-01T05:59:57"], ids=["into summer time", "out of it"])
def test_daylight_saving_changes_nothing(world: World, clock: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    clock(datetime.fromisoformat(moment + "+00:00") - datetime.now(timezone.utc))
    world.start()
    publish_and_see(world, 1)
    world.program.wait_for_polls("ecfr", count=4)
    assert now_of(world) > datetime.fromisoformat(moment + "+00:00") + timedelta(seconds=3)
    publish_and_see(world, 2)
    seen = [datetime.fromisoformat(change["detected_at"]) for change in world.program.changes()]
    assert seen == sorted(seen) and len(world.receiver.alerts()) == 2
    whole(world, 2)


def limit(world: World, which: int, value: int) -> tuple[int, int]:
    assert world.program.process is not None
    before = resource.prlimit(world.program.process.pid, which)
    resource.prlimit(world.program.process.pid, which, (value, before[1]))
    return before


def test_without_descriptors_polls_fail_and_go_on_afterwards(world: World) -> None:
    world.start()
    pid = world.program.process.pid  # type: ignore[union-attr]
    # Up to the highest in use: the connections to publishers that are closed meanwhile cannot be made anew.
    before = limit(world, resource.RLIMIT_NOFILE, 3)
    world.publisher.go_down()
    world.publisher.publish(rule_2019_22210())
    world.publisher.go_up()
    time.sleep(3)
    assert world.program.is_running() and world.receiver.alerts() == []
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    assert world.alert().data["counts"] == {"added": ADDITIONS}
    world.program.wait_for_status("ok")
    whole(world, ADDITIONS)


@pytest.mark.skipif(
    "ENTITYWATCH_SANITIZED" in os.environ,
    reason="a sanitizer's allocator ends the program where the system's says that there is no memory",
)
def test_without_memory_nothing_wrong_is_recorded(world: World) -> None:
    world.start()
    pid = world.program.process.pid  # type: ignore[union-attr]
    used = int(next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmSize")).split()[1]) * 1024
    before = limit(world, resource.RLIMIT_AS, used + (1 << 20))
    world.publisher.publish(rule_2019_22210())
    time.sleep(3)
    if world.program.is_running():
        resource.prlimit(pid, resource.RLIMIT_AS, before)
    else:
        world.program.start()  # as its supervisor would
    assert world.alert().data["counts"] == {"added": ADDITIONS}
    assert len(world.receiver.alerts()) == 1
    whole(world, ADDITIONS)
