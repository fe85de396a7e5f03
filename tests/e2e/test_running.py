"""What is done beside the running daemon: backups under load, previews."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from harness import RULE, World, baseline, invented_party, open_world, rule_2019_22210, wait_for

import pytest


@pytest.fixture
def world(tmp_path: Path) -> World:
    with open_world(tmp_path) as opened:
        yield opened


def feed(world: World, stop: threading.Event) -> None:
    """The eCFR changes as fast as it is polled."""
    parties = []
    for number in range(10_000):
        parties.append(invented_party(number))
        world.publisher.publish_edition(date(2019, 10, 2) + timedelta(days=number), baseline().adding(*parties))
        if stop.wait(0.3):
            return


def test_backups_while_the_daemon_works_are_whole(world: World, tmp_path: Path) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    world.alert()
    stop = threading.Event()
    feeder = threading.Thread(target=feed, args=(world, stop))
    feeder.start()
    try:
        wait_for("changes to come", lambda: len(world.program.changes()) > 29, 20)
        seen = []
        for number in range(4):
            before = {c["id"] for c in world.program.changes()}
            done = world.program.run("backup", tmp_path / f"backup{number}")
            assert done.returncode == 0, done.stderr
            assert "running daemon" in done.stdout
            seen.append(before)
    finally:
        stop.set()
        feeder.join()
    assert not (world.settings.data_dir / "outgoing-backup").exists()
    assert world.program.run("backup", tmp_path / "backup0").returncode == 2  # not empty
    assert world.program.stop() == 0
    for number, before in enumerate(seen):
        config = tmp_path / f"restored{number}.toml"
        config.write_text(replace(world.settings, data_dir=tmp_path / f"restored{number}").to_toml())
        there = world.program.beside(config)
        restored = there.run("restore", tmp_path / f"backup{number}")
        assert restored.returncode == 0, restored.stderr
        verified = there.run("verify")
        assert verified.returncode == 0, verified.stderr
        changes = json.loads(there.run("changes", "--json", "--limit", "1000").stdout)["changes"]
        assert before <= {c["id"] for c in changes}


def test_a_backup_into_a_full_folder_or_without_rights_leaves_nothing(world: World, tmp_path: Path) -> None:
    world.start()
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine").write_text("x")
    assert world.program.run("backup", taken).returncode == 2
    assert [path.name for path in taken.iterdir()] == ["mine"]
    assert world.program.run("backup", taken / "mine").returncode != 0
    assert world.program.run("backup", tmp_path / "good").returncode == 0


def test_an_alert_is_previewed_beside_the_running_daemon_and_without_it(world: World) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    world.alert()
    change = world.program.changes()[0]
    texts = []
    for _ in range(2):
        for channel in ("email", "slack"):
            done = world.program.run("alerts", "preview", change["id"], "--channel", channel)
            assert done.returncode == 0, done.stderr
            assert change["entry"]["name"] in done.stdout and RULE in done.stdout
            texts.append(done.stdout)
        assert world.program.run("alerts", "preview", "0" * 32).returncode == 2
        assert world.program.run("alerts", "preview", change["id"], "--channel", "pigeon").returncode == 2
        if world.program.is_running():
            assert world.program.stop() == 0
    assert texts[:2] == texts[2:]
