"""The other commands: what they print, and their exit status."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harness import (ADDITIONS, LISTED, RULE, Fault, World, baseline, binary, invented_party, organizations_of_2019_22210,
                     rule_2019_22210, wait_for)
from loopback.ecfr_xml import render_part

DONE, FAULT, WRONG = 0, 1, 2

BROKEN = {
    "an unknown key names the nearest": ('[sources.ecfr]\npol = "1s"\n', 2, ("pol", "poll")),
    "an unknown table": ("[deamon]\n", 1, ("deamon", "daemon")),
    "an unknown source": ("[sources.ecfrr]\nenabled = true\n", 1, ("ecfrr", "ecfr")),
    "not an interval": ('[sources.ecfr]\npoll = "5 parsecs"\n', 2, ("poll", "interval")),
    "too short an interval": ('[sources.ecfr]\npoll = "10ms"\n', 2, ("poll", "shorter")),
    "a wrong type": ("[daemon]\ndata_dir = 7\n", 2, ("data_dir",)),
    "open to the network without a token": ('[daemon]\nlisten = "0.0.0.0:8744"\n', 2, ("listen", "token_file")),
    "a channel without a place": ('[[channels]]\nname = "grc"\ntype = "webhook"\n', 1, ("url",)),
    "an unknown type of channel": ('[[channels]]\nname = "grc"\ntype = "webhok"\nurl = "https://h.example"\n', 3,
                                   ("webhok", "webhook")),
    "a secret that is none": ('[[channels]]\nname = "grc"\ntype = "webhook"\nurl = "https://h.example"\n'
                              'secret = "abc"\n', 5, ("secret", "whsec_")),
    "a subscription to no channel": ('[[channels]]\nname = "mail"\ntype = "email"\nsmtp = "smtps://m.example:465"\n'
                                     'from = "a@b.example"\nto = ["c@d.example"]\n[[subscriptions]]\nname = "x"\n'
                                     'channels = ["mial"]\n', 9, ("mial", "mail")),
    "not TOML": ("[daemon\n", 1, ("TOML",)),
}


@pytest.mark.parametrize(("text", "line", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_check_config_names_the_place_and_the_mend(world: World, text: str, line: int, words: tuple[str, ...]) -> None:
    world.program.config.write_text(text)
    done = world.program.run("check-config")
    assert done.returncode == WRONG
    assert f"{world.program.config}:{line}:" in done.stderr
    for word in words:
        assert word in done.stderr


def test_check_config_finds_every_problem(world: World) -> None:
    world.program.config.write_text('[daemon]\nlistn = "x"\n[sources.ecfr]\npoll = "soon"\n')
    done = world.program.run("check-config")
    assert done.returncode == WRONG
    assert ":2:" in done.stderr and ":4:" in done.stderr


def test_check_config_passes_a_good_file(world: World) -> None:
    done = world.program.run("check-config")
    assert (done.returncode, done.stderr) == (DONE, "")


def test_a_missing_file_and_a_wrong_call_are_status_2(world: World) -> None:
    world.program.config.unlink()
    assert world.program.run("check-config").returncode == WRONG
    assert world.program.run("run").returncode == WRONG
    world.program.write_config()
    for call in (("no-such-command",), ("poll", "no-such-source"), ("alerts", "test", "no-such-channel"),
                 ("changes", "--no-such-option")):
        assert world.program.run(*call).returncode == WRONG, call


def printed(world: World, *call: str) -> Any:
    done = world.program.run(*call, "--json")
    assert done.returncode == DONE, done.stderr
    return json.loads(done.stdout)


def asked_and_found(world: World) -> None:
    changes = printed(world, "changes", "--document", RULE)["changes"]
    assert len(changes) == ADDITIONS
    assert len(printed(world, "changes", "--kind", "removed")["changes"]) == 0
    entries = printed(world, "entries", "--q", "hikvision")["entries"]
    assert [entry["name"] for entry in entries] == ["Hangzhou Hikvision Digital Technology Co., Ltd."]
    assert RULE in {document["number"] for document in printed(world, "documents")["documents"]}
    shown = printed(world, "show", changes[0]["id"])
    assert shown.get("change", shown)["id"] == changes[0]["id"]
    entry = printed(world, "show", entries[0]["id"])
    assert entry.get("entry", entry)["id"] == entries[0]["id"]
    assert world.program.run("show", "0" * 32).returncode != DONE
    for command in ("changes", "entries", "documents"):
        table = world.program.run(command)
        assert table.returncode == DONE and table.stdout.strip()


def test_history_is_asked_beside_the_running_daemon_and_without_it(world: World) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    world.alert()
    asked_and_found(world)
    assert world.program.stop() == 0
    asked_and_found(world)


def sources_named(output: str) -> list[str]:
    """One line a source; what is said of alerts comes after them."""
    return [name for line in output.splitlines() if (name := line.partition(":")[0]) != "alerts"]


def test_output_that_a_full_disk_cut_short_is_status_1(world: World) -> None:
    world.start()
    assert world.program.stop() == DONE
    for call in (["completion", "man"], ["entries", "--json", "--config", str(world.program.config)], ["--version"]):
        command = [str(binary()), *call]
        with open("/dev/full", "wb") as full:
            cut = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        assert cut.returncode == FAULT, call
        assert "not all of the output could be written" in cut.stderr, call
        whole = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (whole.returncode, whole.stderr) == (DONE, ""), call


def test_poll_makes_one_pass_and_delivers(world: World) -> None:
    first = world.program.run("poll")
    assert first.returncode == DONE, first.stderr
    assert sources_named(first.stdout) == ["federal_register", "ecfr"]
    world.publisher.publish(rule_2019_22210())
    second = world.program.run("poll", "federal_register")
    assert second.returncode == DONE and sources_named(second.stdout) == ["federal_register"]
    call, = world.receiver.alerts()
    assert call.data["counts"] == {"added": ADDITIONS}
    assert len(world.mail.messages()) == 1


def test_poll_says_what_failed(world: World) -> None:
    with world.publisher.faulty("/api/versioner", Fault(status=500, body=b"no", content_type="text/plain")):
        done = world.program.run("poll")
    assert done.returncode == FAULT
    assert "ecfr" in done.stdout + done.stderr and "500" in done.stdout + done.stderr
    assert len(printed(world, "documents")["documents"]) == 0


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    rule = rule_2019_22210()
    assert rule.xml is not None
    (folder / "part-744_2019-10-01.xml").write_bytes(render_part(baseline()))
    (folder / "2019-22210.xml").write_bytes(rule.xml)
    (folder / "2019-22210.api.json").write_text(json.dumps(rule.record("https://www.federalregister.gov")))
    merged = baseline().adding(*organizations_of_2019_22210())
    (folder / "part-744_2019-10-10.xml").write_bytes(render_part(merged))
    return folder


def test_replay_pushes_archived_files_through_the_same_pipeline(world: World, archive: Path) -> None:
    done = world.program.run("replay", archive)
    assert done.returncode == DONE, done.stderr
    changes = printed(world, "changes")["changes"]
    assert len(changes) == ADDITIONS
    assert {change["kind"] for change in changes} == {"added"}
    assert all(change["confirmed_by"] == ["ecfr"] for change in changes)
    assert len(printed(world, "entries", "--list", "entity-list", "--limit", "1000")["entries"]) == LISTED + ADDITIONS


def test_the_same_files_give_the_same_changes(world: World, archive: Path, tmp_path: Path) -> None:
    ids = []
    for folder in ("one", "two"):
        world.settings.data_dir = tmp_path / folder
        world.program.write_config()
        assert world.program.run("replay", archive).returncode == DONE
        ids.append([(c["seq"], c["id"]) for c in printed(world, "changes")["changes"]])
    assert ids[0] == ids[1] and len(ids[0]) == ADDITIONS


def test_replay_of_something_else_is_a_fault(world: World, tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text("<html><body>Request Access</body></html>")
    done = world.program.run("replay", other)
    assert done.returncode != DONE and "other.xml" in done.stderr


def test_alerts_test_reports_what_the_far_side_said(world: World) -> None:
    for channel in ("grc", "mail"):
        done = world.program.run("alerts", "test", channel)
        assert done.returncode == DONE, done.stderr
    call, = world.receiver.calls()
    assert call.verified
    assert len(world.mail.messages()) == 1
    world.receiver.status = 503
    refused = world.program.run("alerts", "test", "grc")
    assert refused.returncode == FAULT
    assert "503" in refused.stdout + refused.stderr


def test_verify_finds_the_chain_whole(world: World) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    world.alert()
    world.publisher.publish_edition(date(2019, 10, 10), baseline().adding(invented_party(9)))
    wait_for("the second alert", lambda: len(world.receiver.alerts()) == 2, 15)
    assert world.program.stop() == 0
    assert world.program.run("verify").returncode == DONE


def test_poll_and_release_are_passed_to_the_running_daemon(world: World) -> None:
    world.start()
    before = len(world.publisher.hits("/api/v1/documents"))
    done = world.program.run("poll", "federal_register")
    assert (done.returncode, done.stdout) == (DONE, "federal_register: queued by the running daemon\n"), done.stderr
    wait_for("the poll", lambda: len(world.publisher.hits("/api/v1/documents")) > before, 10)
    refused = world.program.run("sources", "release", "ecfr")
    assert refused.returncode != DONE and "ecfr" in refused.stderr


def test_what_is_read_again_is_read_the_same(world: World) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    world.alert()
    assert world.program.run("reread").returncode == FAULT  # the daemon holds the database
    assert world.program.stop() == 0
    done = world.program.run("reread")
    assert done.returncode == DONE, done.stderr
    assert "0 changes read otherwise, 0 cannot be read any more" in done.stdout
    assert not done.stdout.startswith("0 documents")
    assert world.program.run("verify").returncode == DONE
