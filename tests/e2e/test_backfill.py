"""History from the Federal Register: walked in slices, resumed where it ended, read again where it changed, told
to nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from harness import BASELINE_DAY, Fault, World, baseline, invented_party, open_world, small_rule

LISTED_NOW = baseline().entity_list[3]  # still shown by the list of today
GONE_SINCE = invented_party(61)
SPAN = ("--from", "2018-01-01", "--to", "2019-09-30")
ADDED, REMOVED = "2018-10001", "2019-10002"
PAST = (small_rule(ADDED, date(2018, 3, 5), LISTED_NOW, GONE_SINCE),
        small_rule(REMOVED, date(2019, 5, 6), removals=(GONE_SINCE,)))


@pytest.fixture
def past(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, sources=("ecfr", "federal_register")) as world:
        # The publisher's calendar is today's: the span is asked for by its own days.
        world.publisher.today = date.today()
        world.start()
        world.program.stop()
        for document in PAST:
            world.publisher.publish(document)
        world.publisher.forget_hits()
        yield world


def names(world: World, on: date) -> set[str]:
    done = world.program.run("entries", "--list", "entity-list", "--as-of", str(on), "--limit", "1000", "--json")
    assert done.returncode == 0, done.stderr
    return {entry["name"].rstrip(".") for entry in json.loads(done.stdout)["entries"]}


def test_history_is_recorded_in_order_and_told_to_nobody(past: World) -> None:
    done = past.program.run("backfill", *SPAN)
    assert done.returncode == 0, done.stderr
    assert "2 documents listed, 2 read" in done.stdout and "3 changes recorded" in done.stdout
    assert "2 of 2 documents" in done.stderr or "1 of 1 documents" in done.stderr  # a line a slice off the terminal
    changes = past.program.run("changes", "--json", "--limit", "100")
    kinds = [(c["document"]["number"], c["kind"]) for c in json.loads(changes.stdout)["changes"]]
    assert sorted(kinds) == [(ADDED, "added"), (ADDED, "added"), (REMOVED, "removed")]
    assert past.receiver.calls() == [] and past.mail.messages() == []
    gone, stays = GONE_SINCE.name.rstrip("."), LISTED_NOW.name.rstrip(".")
    assert not {gone, stays} & names(past, date(2018, 3, 4))
    assert {gone, stays} <= names(past, date(2018, 3, 5))
    assert {gone, stays} <= names(past, date(2019, 5, 5))
    assert gone not in names(past, date(2019, 5, 6)) and stays in names(past, BASELINE_DAY + timedelta(days=1))
    assert past.program.run("verify").returncode == 0


def test_a_second_run_asks_and_reads_nothing_again(past: World) -> None:
    assert past.program.run("backfill", *SPAN).returncode == 0
    past.publisher.forget_hits()
    done = past.program.run("backfill", *SPAN)
    assert done.returncode == 0 and "0 read" in done.stdout and "0 changes recorded" in done.stdout
    assert past.publisher.hits("/documents/full_text/") == []
    assert past.publisher.hits("/api/v1/documents", status=200) == []


def test_a_run_that_was_cut_short_goes_on_where_it_was(past: World) -> None:
    with past.publisher.faulty(f"/documents/full_text/xml/2019/05/06/{REMOVED}", Fault(status=503)):
        done = past.program.run("backfill", *SPAN)
        assert done.returncode != 0 and "goes on from there" in done.stderr
    past.publisher.forget_hits()
    done = past.program.run("backfill", *SPAN)
    # The slice that was walked to its end is not even listed again.
    assert done.returncode == 0 and "1 documents listed, 1 read" in done.stdout, done.stdout
    assert all(REMOVED in hit.path for hit in past.publisher.hits("/documents/full_text/"))


def test_what_changed_in_place_since_is_read_again_and_the_difference_recorded(past: World) -> None:
    assert past.program.run("backfill", *SPAN).returncode == 0
    moved = replace(GONE_SINCE, addresses=("77 Other Street, Shenzhen, China",))
    past.publisher.publish(small_rule(ADDED, date(2018, 3, 5), LISTED_NOW, moved))
    done = past.program.run("backfill", *SPAN)
    assert done.returncode == 0 and "0 read" in done.stdout  # the listing says nothing of it
    done = past.program.run("backfill", *SPAN, "--again")
    assert done.returncode == 0 and "1 changed in place" in done.stdout, done.stdout
    shown = past.program.run("entries", "--list", "entity-list", "--as-of", "2018-04-01", "--limit", "1000", "--json")
    then = {e["name"].rstrip("."): e["addresses"] for e in json.loads(shown.stdout)["entries"]}
    assert then[GONE_SINCE.name.rstrip(".")] == list(moved.addresses)
    assert past.receiver.calls() == []


def test_a_day_that_is_none_is_refused_with_the_mend(past: World) -> None:
    done = past.program.run("backfill", "--from", "yesterday")
    assert done.returncode != 0 and "write it as 2019-10-09" in done.stderr
