"""Parties and editions of part 744 as values, read from the fixtures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "demo"

ALL_ITEMS = "For all items subject to the EAR. (See § 744.11 of the EAR)"
PRESUMPTION_OF_DENIAL = "Presumption of denial"
CHINA = "CHINA, PEOPLE'S REPUBLIC OF"


@dataclass(frozen=True)
class Party:
    """One row of a list: a party under one country."""

    country: str
    name: str
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    see_also: tuple[str, ...] = ()
    requirement: str = ALL_ITEMS
    policy: str = PRESUMPTION_OF_DENIAL
    citations: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """Where the row stands: by country, then alphabetically."""
        return (self.country, self.name.casefold())


@dataclass(frozen=True)
class Edition:
    """Part 744 as it stands on one day: Supplement No. 4 and Supplement No. 6."""

    entity_list: tuple[Party, ...]
    unverified_list: tuple[Party, ...] = field(default=())

    def adding(self, *parties: Party) -> Edition:
        rows = sorted((*self.entity_list, *parties), key=lambda party: party.place)
        return replace(self, entity_list=tuple(rows))

    def removing(self, *names: str) -> Edition:
        return replace(self, entity_list=tuple(p for p in self.entity_list if p.name not in names))

    def shrunk_to(self, rows: int) -> Edition:
        return replace(self, entity_list=self.entity_list[:rows])


def party_from(record: dict[str, Any]) -> Party:
    lists = ("aliases", "former_names", "addresses", "see_also", "citations")
    values = {key: tuple(value) if key in lists else value for key, value in record.items()}
    return Party(**values)


def baseline() -> Edition:
    """The invented part 744 from before October 2019."""
    record = json.loads((FIXTURES / "baseline.json").read_text())
    return Edition(
        entity_list=tuple(party_from(row) for row in record["entity_list"]),
        unverified_list=tuple(party_from(row) for row in record["unverified_list"]),
    )


def organizations_of_2019_22210() -> tuple[Party, ...]:
    """The 28 organizations of 84 FR 54002, as the eCFR carries them after the rule."""
    record = json.loads((FIXTURES / "organizations.json").read_text())
    return tuple(
        Party(
            country=record["country"],
            name=row["name"],
            aliases=tuple(row["aliases"]),
            addresses=tuple(row["addresses"]),
            requirement=record["license_requirement"],
            policy=record["license_review_policy"],
            citations=(record["citation"],),
        )
        for row in record["organizations"]
    )


_SYLLABLES = ("ba", "dor", "fen", "gal", "hin", "jas", "kel", "lum", "mar", "nov", "pri", "quo", "ras", "sil", "tov",
              "ulm", "vex", "wan", "yor", "zet")


def invented_party(number: int, country: str = CHINA) -> Party:
    """A party that exists nowhere, with a name of its own for every number below 8000."""
    count = len(_SYLLABLES)
    word = "".join(_SYLLABLES[number // count**place % count] for place in range(3)).capitalize()
    return Party(
        country=country,
        name=f"{word} Survey Instruments Co., Ltd.",
        aliases=(f"{word} Instruments", f"{word} Works") if number % 3 == 0 else (),
        addresses=(f"{number + 1} Observatory Road, Harbin, China",),
        citations=("84 FR 56010, 10/18/19.",),
    )
