"""A daemon with something of everything for the page to show: a rule with 28 additions that the eCFR confirms,
a rule that revises and removes, a source in trouble, an alert given up, subscriptions from file and API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

from harness import (ADDITIONS, BASELINE_DAY, RULE, Fault, Party, World, baseline, open_world, organizations_of_2019_22210,
                     rule_2019_22210, small_rule, wait_for)

REVISING = "2019-22400"
SUBSCRIPTIONS = """
[[subscriptions]]
name = "everything"
channels = ["grc"]

[[subscriptions]]
name = "china-additions"
channels = ["mail"]
lists = ["entity-list"]
kinds = ["added", "removed", "revised"]
countries = ["CN", "HK"]
"""
REVISED = baseline().entity_list[0]  # who is revised, as it was
REMOVED = baseline().entity_list[2]


def revised() -> Party:
    return replace(REVISED, addresses=(*REVISED.addresses, "2 Riverside Street, Harbin 150001"),
                   policy="Case-by-case review for items necessary to detect, identify and treat infectious disease; "
                          "presumption of denial for all other items subject to the EAR")


def post(world: World, path: str, value: object) -> None:
    request = Request(world.program.url + path, json.dumps(value).encode(), {"Content-Type": "application/json"})
    build_opener(ProxyHandler({})).open(request, timeout=10).close()


def show_all(world: World) -> None:
    world.start()
    world.publisher.publish(rule_2019_22210())
    world.alert()
    world.publisher.publish_edition(date(2019, 10, 10), baseline().adding(*organizations_of_2019_22210()),
                                    amended=date(2019, 10, 9))
    wait_for("the eCFR to confirm", lambda: sum(c["confirmed_by"] == ["ecfr"] for c in world.program.changes(document=RULE))
             == ADDITIONS, 20)
    world.receiver.status = 410  # the receiver is gone for good: its alert is given up
    world.publisher.publish(small_rule(REVISING, date(2019, 10, 10), removals=(REMOVED,), revisions=(revised(),)))
    wait_for("the second rule", lambda: len(world.program.changes(document=REVISING)) == 2, 20)
    wait_for("an alert given up", lambda: world.program.get("/v1/deliveries", status="dead")["deliveries"], 20)
    post(world, "/v1/subscriptions", {"name": "optics", "match": ["optic*", "laser*"], "digest": "daily 08:00 America/New_York"})


@contextmanager
def open_page_world(folder: Path) -> Iterator[World]:
    with open_world(folder, extra=SUBSCRIPTIONS, log_level="warn") as world:
        show_all(world)
        with world.publisher.faulty("/api/versioner", Fault(status=503)):
            world.program.wait_for_status("failing", "ecfr")
            yield world
