"""Every brake: what cannot be true raises nothing, is told to operators once, and passes by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

import pytest

from harness import CHALLENGE, LISTED, Edition, Fault, World, baseline, invented_party, open_world, stays, wait_for

VERSIONER = "/api/versioner/v1"
NO_TABLE = b'<?xml version="1.0"?><DIV5 N="744" TYPE="PART"><HEAD>PART 744</HEAD><DIV9 N="Supplement No. 4 to Part 744" ' \
           b'TYPE="APPENDIX"><HEAD>Supplement No. 4 to Part 744</HEAD><P>See the agency.</P></DIV9></DIV5>'
YESTERDAY = json.dumps({"titles": [{"number": 15, "name": "Commerce", "latest_amended_on": "2019-09-01",
                                    "latest_issue_date": "2019-09-01", "up_to_date_as_of": "2019-09-01",
                                    "reserved": False}], "meta": {"date": "2019-09-01"}}).encode()


def half_changed() -> Edition:
    rows = [replace(p, policy="Case-by-case review") if i % 3 else p for i, p in enumerate(baseline().entity_list)]
    return replace(baseline(), entity_list=tuple(rows))


def replaced() -> Edition:
    others = tuple(invented_party(100 + i) for i in range(LISTED))
    return replace(baseline(), entity_list=others)


@dataclass(frozen=True)
class Brake:
    status: str  # that the source takes
    edition: Edition | None = None  # what is published
    fault: Fault | None = None  # or what goes wrong
    path: str = f"{VERSIONER}/full"
    words: str = ""  # in what is shown


BRAKES = {
    "empty body": Brake("failing", fault=Fault(body=b"")),
    "truncated": Brake("failing", fault=Fault(cut_to=0.5)),
    "challenge page": Brake("failing", fault=CHALLENGE),
    "a date that runs backwards": Brake("failing", fault=Fault(body=YESTERDAY), path=f"{VERSIONER}/titles",
                                        words="time does not run backwards"),
    "no row at all": Brake("held", Edition((), baseline().unverified_list)),
    "a table gone": Brake("held", fault=Fault(body=NO_TABLE)),
    "another list missing": Brake("held", Edition(baseline().entity_list, ())),
    "more than a tenth gone": Brake("held", baseline().shrunk_to(LISTED - LISTED // 10 - 2), words="missing"),
    "most replaced": Brake("held", replaced(), words="replaced"),
    "half changed at once": Brake("held", half_changed(), words="changed at once"),
}
days = (date(2019, 10, 2) + timedelta(days=n) for n in count())


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("brakes"), sources=("ecfr",), after=2) as world:
        world.start()
        yield world


def spoil(world: World, brake: Brake) -> AbstractContextManager[None]:
    world.publisher.publish_edition(next(days), brake.edition or baseline())
    return world.publisher.faulty(brake.path, brake.fault) if brake.fault else nullcontext()


@pytest.mark.parametrize("brake", BRAKES.values(), ids=BRAKES.keys())
def test_what_cannot_be_true_is_held_told_once_and_passes(watched: World, brake: Brake) -> None:
    world = watched
    told = len(world.receiver.notices())
    with spoil(world, brake):
        world.program.wait_for_status(brake.status, "ecfr")
        wait_for("operators to be told", lambda: len(world.receiver.notices()) == told + 1, 15)
        shown = world.program.source("ecfr")
        assert brake.words in json.dumps(shown)
        assert (shown["held"] is not None) == (brake.status == "held")
        stays("one notice", lambda: len(world.receiver.notices()) == told + 1, 2)
    world.publisher.publish_edition(next(days), baseline())
    world.program.wait_for_status("ok", "ecfr")
    wait_for("operators to be told that it is over", lambda: len(world.receiver.notices()) == told + 2, 15)
    assert world.program.source("ecfr")["held"] is None
    assert world.program.changes() == [] and world.receiver.alerts() == []
    assert len(world.program.entries(list="entity-list")) == LISTED


def test_a_held_reading_can_be_let_through(watched: World) -> None:
    world = watched
    world.publisher.publish_edition(next(days), baseline().shrunk_to(8))
    world.program.wait_for_status("held", "ecfr")
    assert "held" in world.program.run("sources").stdout
    done = world.program.run("sources", "release", "ecfr")
    assert done.returncode == 0, done.stderr
    world.program.wait_for_status("ok", "ecfr")
    assert len(world.program.entries(list="entity-list")) == 8
    assert {change["kind"] for change in world.program.changes()} == {"removed"}
    assert world.program.run("sources", "release", "ecfr").returncode != 0
