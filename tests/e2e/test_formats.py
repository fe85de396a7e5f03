"""What other programs read from the endpoint, held against readers that are not ours: every answer against
the shape that /openapi.json promises, the feeds, the calendar, the exports, the metrics."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import Request, build_opener, ProxyHandler

import feedparser
import icalendar
import jsonschema
import pytest

from harness import ADDITIONS, RULE, World, invented_party, small_rule, told_world

FORMULA = replace(invented_party(7), name="=HYPERLINK(\"https://x.example\")", aliases=("@cmd", "+1 Works", "-2 Works"))
ATOM = "{http://www.w3.org/2005/Atom}"
PROMTOOL = shutil.which("promtool") or str(Path(__file__).parents[2] / "build/tools/promtool")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    rule = small_rule("2019-22411", date(2019, 10, 10), FORMULA)
    with told_world(tmp_path_factory.mktemp("formats"), rule, additions=1) as world:
        yield world


def fetch(world: World, path: str, body: bytes | None = None, content_type: str = "") -> tuple[int, str, bytes]:
    request = Request(world.program.url + path, body, {"Content-Type": content_type} if content_type else {})
    with build_opener(ProxyHandler({})).open(request, timeout=20) as answer:
        return answer.status, answer.headers.get_content_type(), answer.read()


def questions(world: World) -> dict[str, str]:
    """A real address for every GET of the description; the stream has no end and is asked elsewhere."""
    change = world.program.changes(document=RULE)[0]
    return {"/v1/changes/{id}": f"/v1/changes/{change['id']}", "/v1/entries/{id}": f"/v1/entries/{change['entry']['id']}",
            "/v1/documents/{number}": f"/v1/documents/{RULE}", "/v1/documents/{number}/evidence": f"/v1/documents/{RULE}/evidence",
            "/v1/evidence/{sha256}": f"/v1/evidence/{change['evidence']['sha256']}", "/v1/screen": "/v1/screen?name=hikvison",
            "/v1/changes/{id}/evidence": f"/v1/changes/{change['id']}/evidence",
            "/v1/changes/{id}/preview": f"/v1/changes/{change['id']}/preview?channel=email",
            "/v1/subscriptions/{name}/try": "/v1/subscriptions/everything/try"}


def test_every_answer_has_the_shape_that_is_described(stage: World) -> None:
    description = json.loads(fetch(stage, "/openapi.json")[2])
    addresses, asked = questions(stage), 0
    for pattern, methods in description["paths"].items():
        if "get" not in methods or pattern == "/v1/changes/stream":
            continue
        assert pattern in addresses or "{" not in pattern, f"give an address for {pattern}"
        status, content_type, body = fetch(stage, addresses.get(pattern, pattern))
        content = methods["get"]["responses"][str(status)]["content"]
        assert content_type in content or "*/*" in content, f"{pattern} answers {content_type}"
        schema = content.get(content_type, {}).get("schema")
        if schema:
            jsonschema.Draft202012Validator({**schema, "components": description["components"]}).validate(json.loads(body))
            asked += 1
    assert asked >= 12


def test_many_names_are_screened_as_json_and_as_csv(stage: World) -> None:
    description = json.loads(fetch(stage, "/openapi.json")[2])
    answers = description["paths"]["/v1/screen"]["post"]["responses"]["200"]["content"]
    names = {"names": ["hikvison", {"id": "7", "name": "nobody at all"}]}
    _, content_type, body = fetch(stage, "/v1/screen", json.dumps(names).encode(), "application/json")
    jsonschema.Draft202012Validator({**answers[content_type]["schema"], "components": description["components"]}).validate(json.loads(body))
    _, content_type, body = fetch(stage, "/v1/screen", b"id,name\n7,hikvison\n", "text/csv")
    assert content_type in answers
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert rows[0]["id"] == "7" and "Hikvision" in rows[0]["listed_name"]


def test_the_atom_feed_has_what_rfc_4287_requires(stage: World) -> None:
    body = fetch(stage, "/feed.atom")[2]
    parsed = feedparser.parse(body)
    assert not parsed.bozo and parsed.version == "atom10" and len(parsed.entries) == ADDITIONS + 1
    feed = ElementTree.fromstring(body)
    for element in [feed, *feed.iter(f"{ATOM}entry")]:
        for required in ("id", "title", "updated"):
            assert len(element.findall(ATOM + required)) == 1, f"{element.tag}: {required}"
        assert all(entry.published_parsed and entry.updated_parsed for entry in parsed.entries)
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None, "the entries take the feed's author"
    assert len([link for link in feed.findall(ATOM + "link") if link.get("rel") == "self"]) == 1
    for entry in feed.iter(f"{ATOM}entry"):
        assert len([link for link in entry.findall(ATOM + "link") if link.get("rel", "alternate") == "alternate"]) == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)


def test_the_json_feed_has_what_version_1_1_requires(stage: World) -> None:
    feed = json.loads(fetch(stage, "/feed.json?limit=1000")[2])
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"] and len(feed["items"]) == ADDITIONS + 1
    assert feed["feed_url"].endswith("/feed.json")
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["content_text"] and item["url"].startswith(stage.program.url)


def test_the_calendar_holds_the_effective_dates(stage: World) -> None:
    body = fetch(stage, "/calendar.ics")[2]
    assert all(len(line) <= 75 for line in body.split(b"\r\n")), "lines are folded"
    calendar = icalendar.Calendar.from_ical(body)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    events = calendar.walk("VEVENT")
    assert {event.decoded("DTSTART") for event in events} == {date(2019, 10, 9), date(2019, 10, 10)}
    for event in events:
        assert not event.errors and event["UID"] and event["DTSTAMP"] and event["SUMMARY"]
        assert event.decoded("DTEND") > event.decoded("DTSTART")
    assert len({event["UID"] for event in events}) == len(events)


def test_no_cell_of_the_csv_is_a_formula(stage: World) -> None:
    body = fetch(stage, "/v1/export/entries.csv")[2].decode()
    rows = list(csv.DictReader(io.StringIO(body)))
    assert len(rows) == len(stage.program.entries())
    assert [row["name"] for row in rows if "HYPERLINK" in row["name"]] == ["'" + FORMULA.name]
    for row in rows:
        assert None not in row, "as many cells as columns"
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_json_lines_are_the_entries(stage: World) -> None:
    lines = [json.loads(line) for line in fetch(stage, "/v1/export/entries.jsonl")[2].decode().splitlines()]
    assert lines == [{**entry, "last_confirmed": line["last_confirmed"]}
                     for entry, line in zip(stage.program.entries(), lines, strict=True)]


def test_the_export_for_screening_tools_names_party_listing_and_where(stage: World) -> None:
    records = [json.loads(line) for line in fetch(stage, "/v1/export/entries.ftm?q=hikvision")[2].decode().splitlines()]
    party, listing = records
    assert (party["schema"], listing["schema"]) == ("LegalEntity", "Sanction")
    assert listing["properties"]["entity"] == [party["id"]]
    assert party["properties"]["name"] == ["Hangzhou Hikvision Digital Technology Co., Ltd."]
    assert party["properties"]["country"] == ["cn"] and party["properties"]["topics"] == ["export.control"]
    assert party["properties"]["alias"] and party["properties"]["address"]
    assert listing["properties"]["program"] == ["Entity List"] and listing["properties"]["startDate"] == ["2019-10-09"]
    everything: list[dict[str, Any]] = records
    for record in everything:
        for name, values in record["properties"].items():
            assert isinstance(values, list) and values and all(isinstance(v, str) and v for v in values), name


def test_prometheus_accepts_the_metrics(stage: World) -> None:
    if not Path(PROMTOOL).exists():
        pytest.skip("SKIPPED: promtool is absent: the metrics are not checked")
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=fetch(stage, "/metrics")[2], capture_output=True,
                          timeout=20, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
