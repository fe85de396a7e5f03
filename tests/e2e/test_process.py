"""The program as a process: stopping, reloading, being killed, being started twice."""

from __future__ import annotations

import re
import signal
import time
from dataclasses import replace
from pathlib import Path

from crash_cycles import CrashRun
from harness import Fault, Program, World, rule_2019_22210, stays, wait_for

SECONDS = 5.0


def stops_in_time(world: World) -> None:
    asked = time.monotonic()
    assert world.program.stop() == 0
    assert time.monotonic() - asked < SECONDS


def test_sigterm_stops_an_idle_daemon(world: World) -> None:
    world.start()
    stops_in_time(world)


def test_sigterm_stops_while_a_publisher_is_slow(world: World) -> None:
    with world.publisher.faulty("/api", Fault(delay=20)):
        world.program.start()
        wait_for("both sources to be asked", lambda: world.program.is_running() and world.publisher.hits("/api"), 10)
        stops_in_time(world)


def test_sigterm_stops_while_a_receiver_is_slow(world: World) -> None:
    world.start()
    world.receiver.delay = 20
    world.publisher.publish(rule_2019_22210())
    wait_for("a delivery on its way", world.receiver.calls, 15)
    stops_in_time(world)


def test_ctrl_c_stops_too(world: World) -> None:
    world.start()
    assert world.program.interrupt() == 0


def test_sighup_takes_a_new_configuration(world: World) -> None:
    complete = world.settings
    world.program.settings = replace(complete, webhook_url="")
    world.program.write_config()
    world.start()
    world.program.settings = complete
    world.program.write_config()
    world.program.reload()
    wait_for("the reload in the log", lambda: "reload" in world.program.log.read_text().lower(), 10)
    world.publisher.publish(rule_2019_22210())
    assert world.alert().verified
    wait_for("the mail", world.mail.messages, 10)


def test_sighup_with_a_broken_file_keeps_the_old_configuration(world: World) -> None:
    world.start()
    world.program.config.write_text("[daemon]\nlisten = 7\n[sauces]\n")
    world.program.reload()
    wait_for("the fault in the log", lambda: "sauces" in world.program.log.read_text(), 10)
    world.publisher.publish(rule_2019_22210())
    assert world.alert().verified


def test_a_second_daemon_on_the_same_data_is_refused(world: World, tmp_path: Path) -> None:
    world.start()
    folder = tmp_path / "second"
    folder.mkdir()
    second = Program(replace(world.settings, port=1), folder)
    done = second.run("run", seconds=20)
    assert done.returncode != 0
    assert "in use" in done.stderr and str(world.settings.data_dir) in done.stderr
    stays("the first daemon", world.program.is_running, 0.5)


def test_kill_9_loses_and_changes_nothing(tmp_path: Path) -> None:
    figures = CrashRun(tmp_path, seed=7).play(cycles=6)
    assert figures.lost_changes == 0
    assert figures.lost_alerts == 0
    assert figures.unstable_ids == 0


def test_no_thread_takes_the_signals_that_one_waits_for(world: World) -> None:
    """A thread that does not hold SIGTERM back is ended by it, and the whole program with it, whenever the one
    that waits is busy."""
    world.start()
    assert world.program.process is not None
    tasks = list(Path(f"/proc/{world.program.process.pid}/task").iterdir())
    assert len(tasks) > 5
    held = {task.name: int(re.search(r"SigBlk:\s*(\w+)", (task / "status").read_text())[1], 16) for task in tasks}
    waiting = str(world.program.process.pid)
    loose = [name for name, mask in held.items() if name != waiting and not mask & 1 << (signal.SIGTERM - 1)]
    assert loose == []
