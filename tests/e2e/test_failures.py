"""Publishers that fail: a source is marked, nothing is believed, the other source goes on."""

from __future__ import annotations

from datetime import date

import pytest

from harness import (ADDITIONS, CHALLENGE, LISTED, RULE, Fault, World, baseline, invented_party, rule_2019_22210,
                     small_rule, wait_for)

AFTER = date(2019, 10, 10)
LATER = date(2019, 10, 11)
VERSIONER = "/api/versioner/v1/full"

FAULTS = {
    "error 500": Fault(status=500, body=b"Internal Server Error", content_type="text/plain"),
    "challenge page with status 200": CHALLENGE,
    "truncated XML": Fault(cut_to=0.6),
    "connection cut": Fault(hang_up_at=0.5),
    "empty body": Fault(body=b""),
    "JSON in place of XML": Fault(body=b'{"error": "gone"}', content_type="application/json"),
}


def nothing_believed(world: World) -> None:
    assert world.program.changes() == []
    assert len(world.program.entries(list="entity-list")) == LISTED


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_failing_ecfr_is_marked_and_delays_nobody(world: World, fault: Fault) -> None:
    world.start()
    with world.publisher.faulty(VERSIONER, fault):
        world.publisher.publish_edition(AFTER, baseline().adding(invented_party(1)))
        world.program.wait_for_status("failing", "ecfr")
        error = world.program.source("ecfr")["last_error"]
        assert error["code"] and error["message"]
        nothing_believed(world)
        world.publisher.publish(rule_2019_22210())
        assert world.alert().data["document"]["number"] == RULE
    world.program.wait_for_status("ok", "ecfr")
    assert world.alert(2).data["counts"] == {"added": 1}
    assert len(world.program.entries(list="entity-list")) == LISTED + ADDITIONS + 1


@pytest.mark.parametrize("fault", [FAULTS["truncated XML"], FAULTS["challenge page with status 200"],
                                   FAULTS["error 500"]], ids=["truncated", "challenge", "error 500"])
def test_a_rule_whose_text_fails_is_read_when_it_recovers(world: World, fault: Fault) -> None:
    world.start()
    with world.publisher.faulty("/documents/full_text/xml", fault):
        world.publisher.publish(rule_2019_22210())
        world.program.wait_for_status("failing", "federal_register")
        nothing_believed(world)
        world.quiet(seconds=1)
    assert world.alert().data["counts"] == {"added": ADDITIONS}
    world.program.wait_for_status("ok", "federal_register")


def test_a_failing_listing_does_not_stop_the_ecfr(world: World) -> None:
    world.start()
    with world.publisher.faulty("/api/v1/documents", CHALLENGE):
        world.program.wait_for_status("failing", "federal_register")
        world.publisher.publish_edition(AFTER, baseline().adding(invented_party(2)))
        assert world.alert().data["source"] == "ecfr"
    world.program.wait_for_status("ok", "federal_register")


def test_a_publisher_that_is_down_is_told_to_operators_once_and_once_when_over(world: World) -> None:
    world.start()
    with world.publisher.down():
        world.program.wait_for_status("failing")
        notices = wait_for("a notice for each source", lambda: world.receiver.notices()[1:], 30)
        assert notices
        nothing_believed(world)
    world.program.wait_for_status("ok")
    wait_for("notices that it is over", lambda: world.receiver.notices()[3:], 15)
    world.program.wait_for_polls(count=2)
    told = "\n".join(call.raw.decode() for call in world.receiver.notices())
    assert len(world.receiver.notices()) == 4
    assert "ecfr" in told and "federal_register" in told
    world.quiet()


def test_a_shrunken_list_is_held_and_never_believed(world: World) -> None:
    world.start()
    world.publisher.publish_edition(AFTER, baseline().shrunk_to(8))
    world.program.wait_for_status("held", "ecfr")
    assert world.program.source("ecfr")["held"]["reason"]
    nothing_believed(world)
    world.quiet(seconds=1)
    world.publisher.publish(small_rule("2019-22500", date(2019, 10, 9), invented_party(5)))
    assert world.alert().data["document"]["number"] == "2019-22500"
    world.publisher.publish_edition(LATER, baseline().adding(invented_party(5)))
    world.program.wait_for_status("ok", "ecfr")
    assert len(world.program.entries(list="entity-list")) == LISTED + 1


def test_retry_after_is_honoured(world: World) -> None:
    world.start()
    busy = Fault(status=503, body=b"busy", content_type="text/plain", retry_after="4")
    with world.publisher.faulty("/api/versioner", busy):
        world.program.wait_for_status("failing", "ecfr")
        asked = len(world.publisher.hits("/api/versioner", 503))
        world.publisher.publish(rule_2019_22210())
        world.alert()
        world.program.wait_for_polls("federal_register", count=1)
        assert len(world.publisher.hits("/api/versioner", 503)) == asked
    world.program.wait_for_status("ok", "ecfr")
