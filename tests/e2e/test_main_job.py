"""The straight line: a publisher's bytes to an alert and an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from harness import (ADDITIONS, LISTED, RULE, Party, World, baseline, invented_party, organizations_of_2019_22210,
                     rule_2019_22210, small_rule, stays, text_of, wait_for)

AFTER = date(2019, 10, 10)


def facts(entry: dict[str, Any]) -> tuple[Any, ...]:
    return (entry["country"], entry["name"], tuple(entry["aliases"]), tuple(entry["addresses"]),
            entry["license_requirement"].rstrip("."), entry["license_review_policy"].rstrip("."))


def facts_of(party: Party) -> tuple[Any, ...]:
    return (party.country, party.name, party.aliases, party.addresses, party.requirement.rstrip("."),
            party.policy.rstrip("."))


def without_stop(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Names and aliases are compared without a closing full stop."""
    country, name, aliases, *others = values
    return (country, name.rstrip("."), tuple(alias.rstrip(".") for alias in aliases), *others)


def test_a_baseline_records_and_is_silent(world: World) -> None:
    known = baseline().entity_list[5]
    world.publisher.publish(small_rule("2019-10001", date(2019, 9, 20), known))
    world.start()
    world.program.wait_for_polls()
    entries = world.program.entries(list="entity-list")
    assert sorted(without_stop(facts(e)) for e in entries) == sorted(
        without_stop(facts_of(p)) for p in baseline().entity_list)
    assert len(world.program.entries(list="unverified-list")) == len(baseline().unverified_list)
    assert [d["number"] for d in world.program.listing("documents")] == ["2019-10001"]
    assert world.program.changes() == []
    assert world.receiver.calls() == [] and world.mail.messages() == []


def test_a_rule_is_one_alert_with_every_field_right(world: World) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    call = world.alert()
    assert call.verified
    assert call.data["counts"] == {"added": ADDITIONS}
    assert call.data["verification"] == "verified"
    assert call.data["alert_id"] == call.id
    assert len(call.data["changes"]) + call.data["more"] == ADDITIONS

    changes = world.program.changes(document=RULE)
    assert {without_stop(facts(c["entry"])) for c in changes} == {
        without_stop(facts_of(p)) for p in organizations_of_2019_22210()}
    for change in changes:
        assert (change["kind"], change["list"], change["source"]) == ("added", "entity-list", "federal_register")
        assert change["entry"]["country_code"] == "CN"
        assert change["effective_on"] == "2019-10-09"
        assert change["verification"] == "verified", change["checks"]
        document = change["document"]
        assert (document["number"], document["citation"]) == (RULE, "84 FR 54002")
        citation = change["entry"]["citations"][0]
        assert (citation["volume"], citation["page"], citation["date"]) == (84, 54002, "2019-10-09")
    assert [c["seq"] for c in changes] == sorted(c["seq"] for c in changes)
    assert len(world.program.entries(list="entity-list")) == LISTED + ADDITIONS

    message = wait_for("the mail", world.mail.messages, 10)[0]
    for subtype in ("plain", "html"):
        text = text_of(message, subtype).replace("&amp;", "&").replace("&#39;", "'")
        for party in organizations_of_2019_22210():
            assert party.name.rstrip(".") in text.replace("\n", " "), f"{party.name} is not in the {subtype} mail"
        assert "84 FR 54002" in text
    world.quiet(alerts=1)


def test_the_document_tells_where_it_comes_from(world: World) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    world.alert()
    document = world.program.get(f"/v1/documents/{RULE}")
    document = document.get("document", document)
    assert document["publication_date"] == document["effective_on"] == "2019-10-09"
    assert any("190925-0044" in docket for docket in document["dockets"])
    assert document["rins"] == ["0694-AH68"]


def test_rule_first_and_the_ecfr_confirms_without_a_second_alert(world: World) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    world.alert()
    before = world.program.changes()
    world.publisher.publish_edition(AFTER, baseline().adding(*organizations_of_2019_22210()), date(2019, 10, 9))
    wait_for("the eCFR to confirm", lambda: all(c["confirmed_by"] == ["ecfr"] for c in world.program.changes()), 15)
    after = world.program.changes()
    assert [(c["id"], c["seq"]) for c in after] == [(c["id"], c["seq"]) for c in before]
    world.quiet(alerts=1)


def test_ecfr_first_raises_an_alert_that_says_so(world: World) -> None:
    world.start()
    party = invented_party(3)
    world.publisher.publish_edition(AFTER, baseline().adding(party))
    call = world.alert()
    assert call.data["counts"] == {"added": 1}
    assert call.data["document"] is None
    assert call.data["source"] == "ecfr"
    change = call.data["changes"][0]
    assert without_stop(facts(change["entry"])) == without_stop(facts_of(party))
    assert "eCFR" in change["note"]
    message = wait_for("the mail", world.mail.messages, 10)[0]
    assert "eCFR" in text_of(message, "plain")


def test_a_rule_after_the_ecfr_confirms_the_same_change(world: World) -> None:
    world.start()
    party = invented_party(4)
    world.publisher.publish_edition(AFTER, baseline().adding(party))
    world.alert()
    world.publisher.publish(small_rule("2019-22300", date(2019, 10, 9), party))
    wait_for("the rule to confirm",
             lambda: [c for c in world.program.changes() if c["confirmed_by"] == ["federal_register"]], 15)
    added = world.program.changes(kind="added")
    assert len(added) == 1
    assert added[0]["source"] == "ecfr"
    assert added[0]["document"]["number"] == "2019-22300"
    stays("one alert, and none but updates of it",
          lambda: len([a for a in world.receiver.alerts() if not a.is_update]) == 1, 2)


def test_removal_and_revision_by_a_rule(world: World) -> None:
    world.start()
    gone, old = baseline().entity_list[5], baseline().entity_list[7]
    new = replace(old, addresses=(*old.addresses, "9 New Science Road, Chengdu, China"))
    world.publisher.publish(small_rule("2019-22400", date(2019, 10, 9), removals=(gone,), revisions=(new,)))
    call = world.alert()
    assert call.data["counts"] == {"removed": 1, "revised": 1}
    by_kind = {change["kind"]: change for change in call.data["changes"]}
    assert by_kind["removed"]["entry"]["name"] == gone.name
    assert by_kind["removed"]["entry"]["addresses"] == list(gone.addresses)
    assert "addresses" in by_kind["revised"]["fields"]
    assert by_kind["revised"]["before"]["addresses"] == list(old.addresses)
    names = {entry["name"] for entry in world.program.entries(list="entity-list")}
    assert gone.name not in names and len(names) < LISTED


def test_punctuation_is_editorial_and_never_alerts(world: World) -> None:
    world.start()
    rows = list(baseline().entity_list)
    rows[5] = replace(rows[5], policy=rows[5].policy + ".", requirement=rows[5].requirement.replace(". (See", " (see"))
    rows[8] = replace(rows[8], addresses=tuple(a.replace(", ", ",") for a in rows[8].addresses))
    world.publisher.publish_edition(AFTER, replace(baseline(), entity_list=tuple(rows)))
    changes = wait_for("editorial changes", lambda: world.program.changes(), 15)
    assert {change["kind"] for change in changes} == {"editorial"} and len(changes) == 2
    world.quiet()


def lasting(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries without the proof of life."""
    return [{key: value for key, value in entry.items() if key != "last_confirmed"} for entry in entries]


def test_an_unchanged_poll_reads_and_writes_nothing(world: World) -> None:
    world.publisher.publish(rule_2019_22210())
    world.start()
    world.program.wait_for_polls(count=2)
    changes, entries = world.program.changes(), lasting(world.program.entries())
    world.publisher.forget_hits()
    world.program.wait_for_polls(count=3)
    assert world.publisher.hits("/api/v1/documents.json", 304), "the listing is asked for conditionally"
    assert world.publisher.hits("/api/versioner/v1/titles.json", 304), "titles are asked for conditionally"
    assert not world.publisher.hits(status=200), "nothing unchanged is sent again"
    assert world.program.changes() == changes
    assert lasting(world.program.entries()) == entries
    for source in ("federal_register", "ecfr"):
        assert world.program.source(source)["status"] == "ok"


def test_the_publisher_is_told_who_asks(world: World) -> None:
    world.start()
    agents = {hit.user_agent for hit in world.publisher.hits()}
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("entitywatch/") and "operations@example.org" in agent
