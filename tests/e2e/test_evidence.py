"""The signed evidence of a change: a stranger checks it with standard tools, exactly as its README says."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import BASELINE_DAY, World, baseline, invented_party, open_world, rule_2019_22210, wait_for
from loopback.program import environment


def commands_of(readme: str) -> list[str]:
    """The indented blocks, as a person would copy them."""
    blocks: list[str] = []
    previous_indented = False
    for line in readme.splitlines():
        indented = line.startswith("    ")
        if indented and previous_indented:
            blocks[-1] += line[4:] + "\n"
        elif indented:
            blocks.append(line[4:] + "\n")
        previous_indented = indented
    return blocks


def checks(folder: Path) -> list[bool]:
    """Whether each block of the README ends with status 0."""
    blocks = commands_of((folder / "README.txt").read_text())
    assert len(blocks) == 6, blocks
    return [subprocess.run(["sh", "-c", block], cwd=folder, env=environment(), capture_output=True,
                           timeout=60, check=False).returncode == 0 for block in blocks]


FINGERPRINT, SIGNATURE, SUMS, NAMES, CHAIN, HEAD = range(6)


def unpack(file: Path, to: Path) -> Path:
    subprocess.run(["tar", "-xzf", file, "-C", to], check=True, timeout=60)
    return next(path for path in to.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A rule, confirmed and then partly revised by the eCFR; the daemon stopped."""
    folder = tmp_path_factory.mktemp("evidence")
    with open_world(folder) as world:
        world.start()
        world.publisher.publish(rule_2019_22210())
        world.alert()
        world.publisher.publish_edition(BASELINE_DAY.replace(day=20), baseline().adding(invented_party(3)))
        wait_for("the second alert", lambda: len(world.receiver.alerts()) == 2, 20)
        exported = folder / "running.tar.gz"
        change = world.program.changes(kind="added")[0]["id"]
        done = world.program.run("evidence", change, "--output", exported)
        assert done.returncode == 0, done.stderr
        assert world.program.stop() == 0
        yield world


def export(world: World, to: Path, kind: str, source: str) -> tuple[dict, Path]:
    changes = json.loads(world.program.run("changes", "--kind", kind, "--json", "--limit", "1000").stdout)["changes"]
    change = next(c for c in changes if c["source"] == source)
    file = to / "evidence.tar.gz"
    done = world.program.run("evidence", change["id"], "--output", file)
    assert done.returncode == 0, done.stderr
    return change, unpack(file, to)


def test_evidence_of_a_rule_checks_as_its_readme_says(history: World, tmp_path: Path) -> None:
    change, folder = export(history, tmp_path, "added", "federal_register")
    assert checks(folder) == [True] * 6
    assert json.loads((folder / "change.json").read_text())["id"] == change["id"]
    assert (folder / "evidence" / change["evidence"]["sha256"]).read_bytes() == rule_2019_22210().xml
    seen = [json.loads(path.read_text()) for path in sorted((folder / "observations").glob("*.json"))]
    rule = next(s for s in seen if s["source"] == "federal_register")
    assert {part["role"] for part in rule["parts"]} == {"metadata", "xml"}
    assert all(part["url"].startswith("http") and part["headers"] for part in rule["parts"])
    assert rule["fetched_at"] == change["evidence"]["fetched_at"]


def test_evidence_of_a_list_holds_the_reading_before_too(history: World, tmp_path: Path) -> None:
    _, folder = export(history, tmp_path, "added", "ecfr")
    assert checks(folder) == [True] * 6
    seen = [json.loads(path.read_text()) for path in sorted((folder / "observations").glob("*.json"))]
    assert {s["seen_as"] for s in seen} == {"first", "before"}
    assert {s["source"] for s in seen} == {"ecfr"}


def test_the_key_is_kept_and_shown(history: World, tmp_path: Path) -> None:
    _, folder = export(history, tmp_path, "added", "federal_register")
    shown = history.program.run("evidence-key").stdout
    key = (folder / "public-key.pem").read_text()
    assert key in shown and shown.splitlines()[-1] in (folder / "README.txt").read_text()
    private = history.settings.data_dir / "evidence.key"
    assert private.stat().st_mode & 0o777 == 0o600
    derived = subprocess.run(["openssl", "pkey", "-in", private, "-pubout"], capture_output=True, text=True,
                             timeout=20, check=True).stdout
    assert derived == key


def reseal(folder: Path) -> None:
    """As a forger without the key would: fresh sums over what is there now."""
    lines = [line.split("  ", 1)[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    sums = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in lines)
    (folder / "SHA256SUMS").write_text(sums)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def first(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


@pytest.mark.parametrize(("pattern", "caught"), [
    ("change.json", set()), ("change.record", {CHAIN}), ("observations/*.record", {CHAIN}),
    ("evidence/*", {NAMES, CHAIN}), ("chain/*.link", {CHAIN}), ("SHA256SUMS", set())])
def test_a_flipped_bit_is_found_by_the_sums_and_resealed_by_what_else_speaks_of_it(
        history: World, tmp_path: Path, pattern: str, caught: set[int]) -> None:
    _, folder = export(history, tmp_path, "added", "ecfr")
    flip(first(folder, pattern))
    failed = {number for number, ok in enumerate(checks(folder)) if not ok}
    assert failed >= ({SUMS} | caught) if pattern != "SHA256SUMS" else SIGNATURE in failed
    if pattern == "SHA256SUMS":
        return
    reseal(folder)
    failed = {number for number, ok in enumerate(checks(folder)) if not ok}
    assert failed >= {SIGNATURE} | caught


def test_a_chain_with_a_link_taken_out_does_not_hold(history: World, tmp_path: Path) -> None:
    _, folder = export(history, tmp_path, "added", "ecfr")
    links = sorted((folder / "chain").glob("*.link"))
    assert len(links) > 2
    links[1].unlink()
    failed = {number for number, ok in enumerate(checks(folder)) if not ok}
    assert failed >= {SUMS, CHAIN}


def test_a_key_of_ones_own_signs(history: World, tmp_path: Path) -> None:
    key = tmp_path / "own.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, timeout=20)
    configured = history.settings.extra
    history.settings.extra = f'[evidence]\nsigning_key_file = "{key}"'
    history.program.write_config()
    try:
        _, folder = export(history, tmp_path, "added", "federal_register")
    finally:
        history.settings.extra = configured
        history.program.write_config()
    assert checks(folder) == [True] * 6
    derived = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], capture_output=True, text=True,
                             timeout=20, check=True).stdout
    assert (folder / "public-key.pem").read_text() == derived


@pytest.mark.parametrize("make", [["openssl", "genpkey", "-algorithm", "X25519"], ["echo", "no key"]])
def test_another_key_is_refused(history: World, tmp_path: Path, make: list[str]) -> None:
    key = tmp_path / "other.pem"
    key.write_bytes(subprocess.run(make, capture_output=True, check=True, timeout=20).stdout)
    history.settings.extra = f'[evidence]\nsigning_key_file = "{key}"'
    history.program.write_config()
    try:
        done = history.program.run("evidence-key")
    finally:
        history.settings.extra = ""
        history.program.write_config()
    assert done.returncode != 0 and "Ed25519" in done.stderr


def test_what_the_running_daemon_exported_checks_too(history: World, tmp_path: Path) -> None:
    folder = unpack(history.program.config.parent / "running.tar.gz", tmp_path)
    assert checks(folder) == [True] * 6


def test_an_unknown_change_and_a_file_that_is_there(history: World, tmp_path: Path) -> None:
    unknown = history.program.run("evidence", "0" * 32, "--output", tmp_path / "x")
    assert unknown.returncode == 2 and not (tmp_path / "x").exists()
    (tmp_path / "there").write_text("mine")
    change = json.loads(history.program.run("changes", "--json").stdout)["changes"][0]["id"]
    assert history.program.run("evidence", change, "--output", tmp_path / "there").returncode == 1
    assert (tmp_path / "there").read_text() == "mine"


def names_in(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def test_the_same_evidence_is_the_same_file(history: World, tmp_path: Path) -> None:
    change = json.loads(history.program.run("changes", "--json").stdout)["changes"][0]["id"]
    for name in ("one", "two"):
        assert history.program.run("evidence", change, "--output", tmp_path / name).returncode == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert all(name.startswith(f"evidence-{change[:12]}/") for name in names_in(tmp_path / "one"))
