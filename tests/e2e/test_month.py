"""A scripted month: one event seen by four sources, and effects that move in time.

Every day is a run of `entitywatch poll` on that day; what it sent, and what `as_of` and `known_at` answer
afterwards, is held against what a reader of the documents would say.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from harness import (Edition, MailServer, Party, Program, Publisher, Rule, Settings, WebhookReceiver, World, baseline,
                     document_of, invented_party)
from loopback.notices import correction, filed_text, filing, notice, screening_list

INSPECTION, REGISTER, ECFR, CSL = "public_inspection", "federal_register", "ecfr", "csl"
CHINA = "CHINA, PEOPLE'S REPUBLIC OF"
ALFA, BRAVO, DELTA, ECHO = (replace(invented_party(n), citations=("91 FR 41000, 9/4/26.",)) for n in (31, 32, 34, 35))
DELTA = replace(DELTA, citations=("91 FR 42000, 9/9/26.",))
BRAVO_NAME = "Bravura Survey Instruments Co., Ltd."


def day(number: int) -> date:
    return date(2026, 9, number)


def rule(number: str, published: date, page: int, *additions: Party, effective: date | None = None) -> Rule:
    return Rule(number=number, published=published, title="Additions to the Entity List", volume=91, start_page=page,
                docket=f"{published:%y%m%d}-0001", rin="0694-AJ00", additions=additions, effective_on=effective)


FIRST = rule("2026-18001", day(4), 41000, ALFA, BRAVO)
LATER = rule("2026-18100", day(9), 42000, DELTA, effective=day(20))
REVOKED = rule("2026-18200", day(14), 43000, ECHO)


class Month:
    def __init__(self, folder: Path) -> None:
        self.publisher = Publisher(today=date.today())
        self.receiver = WebhookReceiver()
        self.listing: Edition = baseline()
        extra = (f'[sources.csl]\nurl = "{self.publisher.url}/csl.csv"\ngrace = "5d"\n\n'
                 '[[subscriptions]]\nname = "everything"\nchannels = ["grc"]\nkinds = ["added", "removed", "revised", '
                 '"corrected", "withdrawn", "discrepancy", "effective"]')
        settings = Settings(folder / "data", self.publisher.url, self.receiver.hook_url, extra=extra,
                            sources=("public_inspection", "federal_register", "ecfr"), log_level="warn")
        self.program = Program(settings, folder)
        self.told: dict[str, list[str]] = {}
        # There is always something on file; an empty listing would not be believed.
        self.publisher.file_for_inspection({"document_number": "2026-17000", "agencies": [], "title": "Fishing Quotas",
                                            "publication_date": "2026-10-30", "filed_at": "2026-09-01T08:45:00.000-04:00",
                                            "raw_text_url": None, "type": "Notice"})

    def edition(self, on: date, *parties: Party) -> None:
        self.publisher.publish_edition(on, baseline().adding(*parties))

    def screening(self, *parties: Party) -> None:
        self.publisher.serve("/csl.csv", screening_list((*baseline().entity_list, *parties)), "text/csv")

    def pass_by(self, on: date, *sources: str, hour: int = 14) -> None:
        """The program wakes, polls these sources (default: all), delivers and ends."""
        now = datetime(on.year, on.month, on.day, hour, tzinfo=timezone.utc)
        self.receiver.clock = now.timestamp
        before = len(self.receiver.alerts())
        done = self.program.run("poll", *sources, at=now)
        assert done.returncode == 0, f"{on}: {done.stdout}{done.stderr}"
        lines = [_line(call.data) for call in self.receiver.alerts()[before:]]
        if lines:
            self.told.setdefault(f"{on:%m-%d}", []).extend(lines)

    def listed(self, as_of: date, known_at: datetime | None = None) -> set[str]:
        """First words of the parties in force that the month is about."""
        arguments = ["entries", "--list", "entity-list", "--as-of", str(as_of), "--limit", "1000", "--json"]
        if known_at is not None:
            arguments += ["--known-at", f"{known_at:%Y-%m-%dT%H:%M:%SZ}"]
        done = self.program.run(*arguments)
        assert done.returncode == 0, done.stderr
        names = {entry["name"] for entry in json.loads(done.stdout)["entries"]}
        return {name.split()[0] for name in names} & {_word(p) for p in (ALFA, BRAVO, DELTA, ECHO)} | (
            {"Bravura"} if BRAVO_NAME in names else set())

    def close(self) -> None:
        self.publisher.go_down()
        self.receiver.go_down()


def _word(party: Party) -> str:
    return party.name.split()[0]


def _line(data: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(data["counts"].items()))
    document = (data["document"] or {}).get("number", data["source"])
    names = sorted({change["entry"]["name"].split()[0] for change in data["changes"]})
    return f"{'update: ' if data.get('is_update') else ''}{document}: {counts} ({', '.join(names)})"


def play(month: Month) -> None:
    publisher = month.publisher
    month.edition(day(1))
    month.screening()
    month.pass_by(day(1))

    publisher.serve(f"/inspection/{FIRST.number}.txt", filed_text(FIRST, day(2)), "text/plain")
    publisher.file_for_inspection(filing(FIRST, day(2), publisher.url))
    month.pass_by(day(2), INSPECTION)

    publisher.leave_inspection(FIRST.number)
    publisher.publish(document_of(FIRST))
    month.pass_by(day(4), INSPECTION, REGISTER)

    month.edition(day(7), ALFA, BRAVO)
    month.screening(ALFA)
    month.pass_by(day(8), ECFR, CSL)

    publisher.publish(document_of(LATER))
    month.pass_by(day(9), REGISTER, CSL)

    publisher.serve(f"/inspection/{REVOKED.number}.txt", filed_text(REVOKED, day(10)), "text/plain")
    publisher.file_for_inspection(filing(REVOKED, day(10), publisher.url))
    month.pass_by(day(10), INSPECTION)
    publisher.leave_inspection(REVOKED.number)
    month.pass_by(day(11), INSPECTION)
    month.pass_by(day(11), INSPECTION, hour=18)  # believed when a second reading lacks it too

    month.screening(ALFA, BRAVO)
    publisher.publish(notice("2026-18300", day(14), 44000, "Delay of Effective Date of Additions to the Entity List",
                             "Final rule; delay of effective date.",
                             "The effective date of the final rule published on September 9, 2026, at 91 FR 42000, is "
                             "delayed until September 24, 2026."))
    month.pass_by(day(14), REGISTER, CSL)

    publisher.publish(correction("C1-2026-18001", day(15), 44500, FIRST.number, CHINA, BRAVO.name, BRAVO_NAME))
    month.pass_by(day(15), REGISTER)

    publisher.publish(notice("2026-18400", day(16), 45000, "Suspension of Certain Additions to the Entity List",
                             "Final rule; suspension.",
                             "Effective September 17, 2026, until September 28, 2026, the additions published on "
                             "September 4, 2026, at 91 FR 41000, are suspended."))
    month.pass_by(day(16), REGISTER)
    month.edition(day(18))
    month.screening()
    month.pass_by(day(18), ECFR, CSL)
    month.edition(day(24), DELTA)
    month.pass_by(day(24), ECFR)
    month.edition(day(28), ALFA, replace(BRAVO, name=BRAVO_NAME), DELTA)
    month.screening(ALFA, replace(BRAVO, name=BRAVO_NAME), DELTA)
    month.pass_by(day(28), ECFR, CSL)
    month.pass_by(day(30))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    if shutil.which("faketime") is None:
        pytest.fail("the package faketime is missing; scripts/setup --tests installs it")
    played = Month(tmp_path_factory.mktemp("month"))
    try:
        play(played)
        yield played
    finally:
        played.close()


A, B, D = _word(ALFA), _word(BRAVO), _word(DELTA)


def test_each_event_is_told_once_and_by_its_first_source(month: Month) -> None:
    for on, lines in month.told.items():
        print(on, *lines, sep="\n  ")
    both = ", ".join(sorted((A, B)))
    assert month.told == {
        "09-02": [f"{FIRST.number}: 2 added ({both})"],
        "09-04": [f"{FIRST.number}: 2 effective ({both})"],
        "09-09": [f"{LATER.number}: 1 added ({D})", f"{FIRST.number}: 1 discrepancy ({B})"],
        "09-10": [f"{REVOKED.number}: 1 added ({_word(ECHO)})"],
        "09-11": [f"{REVOKED.number}: 1 withdrawn ({_word(ECHO)})"],
        "09-14": [f"update: {LATER.number}: 1 added ({D})", f"update: {FIRST.number}: 1 discrepancy ({B})"],
        "09-15": ["C1-2026-18001: 1 corrected (Bravura)"],
        "09-16": [f"2026-18400: 2 added, 2 removed ({', '.join(sorted((A, 'Bravura')))})"],
        "09-18": [f"2026-18400: 2 effective ({', '.join(sorted((A, 'Bravura')))})"],
        "09-24": [f"{LATER.number}: 1 effective ({D})"],
        "09-28": [f"2026-18400: 2 effective ({', '.join(sorted((A, 'Bravura')))})"],
    }


IN_FORCE = [  # on a day, as is known at the end of the month
    (3, set()), (4, {A, B}), (9, {A, B}), (14, {A, B}), (15, {A, "Bravura"}), (16, {A, "Bravura"}), (17, set()),
    (20, set()), (24, {D}), (27, {D}), (28, {A, "Bravura", D}),
]
AS_KNOWN = [  # on a day, as was known at noon of another
    (4, 1, set()), (4, 3, {A, B}), (20, 10, {A, B, D}), (14, 11, {A, B, _word(ECHO)}), (14, 12, {A, B}),
    (20, 15, {A, B}), (23, 13, {A, B, D}), (23, 30, set()), (20, 16, {A, "Bravura"}), (28, 17, {A, "Bravura", D}),
]


@pytest.mark.parametrize(("on", "expected"), IN_FORCE)
def test_as_of_is_what_was_in_force(month: Month, on: int, expected: set[str]) -> None:
    assert month.listed(day(on)) == expected


@pytest.mark.parametrize(("on", "known", "expected"), AS_KNOWN)
def test_known_at_is_what_could_be_known(month: Month, on: int, known: int, expected: set[str]) -> None:
    assert month.listed(day(on), datetime(2026, 9, known, 12)) == expected


def test_the_chain_holds_and_every_change_follows_from_stored_bytes(month: Month) -> None:
    done = month.program.run("verify")
    assert done.returncode == 0, done.stdout + done.stderr
