#!/usr/bin/python3
"""Writes what the benchmarks read, for a machine without the corpus: lists as large as the real ones in their
publishers' form, of parties that exist nowhere, the same for the same seed.

    tests/bench/inputs.py FOLDER [--seed N]
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from loopback.ecfr_xml import render_part  # noqa: E402
from loopback.federal_register_xml import Rule, render_rule  # noqa: E402
from loopback.parties import Edition, Party, baseline  # noqa: E402

# As many as the real lists have.
LISTED, CHANGED, UNVERIFIED, SCREENED, DENIED, RULED = 3_400, 173, 186, 14_000, 540, 70
_FIRST = ("Ao", "Bei", "Cor", "Dal", "Er", "Fu", "Gor", "Hai", "Is", "Jin", "Kra", "Lu", "Mer", "Nan", "Os", "Pra", "Qing",
          "Ros", "Shan", "Tal", "Ur", "Vol", "Wei", "Xin", "Yun", "Zhe")
_SECOND = ("bor", "chang", "dan", "fen", "gang", "hua", "jiang", "kov", "ling", "min", "nov", "pol", "ran", "sk", "tian", "ving",
           "wen", "yar", "zen", "zhou")
_TRADE = ("Aero Engine", "Avionics", "Cable", "Computing", "Electronics", "Heavy Machinery", "Instruments", "Laser", "Logistics",
          "Materials", "Microsystems", "Navigation", "Optics", "Photonics", "Precision Tools", "Quantum", "Radar", "Research",
          "Semiconductor", "Shipbuilding", "Software", "Space", "Supercomputing", "Technology", "Telecom", "Trading")
_FORM = ("Co., Ltd.", "Company Limited", "Corporation", "FZE", "GmbH", "Group", "Institute", "JSC", "LLC", "OOO", "Pte. Ltd.")
_STREET = ("Canal Street", "Harbour Road", "Industrial Park East", "Lenina Avenue", "Science City, Building 4", "Zhongguancun South")
_COUNTRY = (("CHINA, PEOPLE'S REPUBLIC OF", "China", "CN", ("Beijing", "Harbin", "Shenzhen", "Xi'an")),
            ("IRAN", "Iran", "IR", ("Isfahan", "Tehran")), ("RUSSIA", "Russia", "RU", ("Kazan", "Moscow", "Saint Petersburg")),
            ("TURKEY", "Turkey", "TR", ("Ankara", "Istanbul")), ("UNITED ARAB EMIRATES", "United Arab Emirates", "AE", ("Dubai",)))


class Inventor:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.taken: set[str] = set()

    def word(self) -> str:
        return self.chance.choice(_FIRST) + "".join(self.chance.choice(_SECOND) for _ in range(self.chance.randint(1, 3)))

    def name(self) -> str:
        while True:
            name = f"{self.word()} {self.chance.choice(_TRADE)} {self.chance.choice(_FORM)}"
            if name not in self.taken:
                self.taken.add(name)
                return name

    def party(self) -> Party:
        country, spelled, _, cities = self.chance.choice(_COUNTRY)
        addresses = tuple(f"{self.chance.randint(1, 400)} {self.chance.choice(_STREET)}, {self.chance.choice(cities)}, {spelled}"
                          for _ in range(self.chance.choice((1, 1, 1, 2, 3))))
        aliases = tuple(f"{self.word()} {self.chance.choice(_TRADE)}" for _ in range(self.chance.choice((0, 0, 1, 2, 4))))
        page = self.chance.randint(1000, 90_000)
        return Party(country=country, name=self.name(), aliases=tuple(dict.fromkeys(aliases)), addresses=addresses,
                     citations=(f"{self.chance.randint(73, 91)} FR {page}, 10/18/19.",))


def editions(inventor: Inventor) -> tuple[Edition, Edition]:
    """The list, and the list with some of its addresses moved."""
    listed = [inventor.party() for _ in range(LISTED)]
    earlier = Edition(baseline().entity_list, tuple(inventor.party() for _ in range(UNVERIFIED))).adding(*listed)
    rows = list(earlier.entity_list)
    for place in inventor.chance.sample(range(len(rows)), CHANGED):
        rows[place] = replace(rows[place], addresses=(f"{place} Relocation Road, Harbin, China",))
    return earlier, replace(earlier, entity_list=tuple(rows))


def screening_list(inventor: Inventor) -> str:
    """Rows in the columns of the Consolidated Screening List as it was until 2022."""
    header = (Path(__file__).resolve().parent.parent / "fixtures/csl/consolidated.csv").read_text().splitlines()[0].split(",")
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    writer.writeheader()
    for number in range(SCREENED):
        party = inventor.party()
        code = next(row[2] for row in _COUNTRY if row[0] == party.country)
        writer.writerow({"_id": f"{number:040x}", "source": "Entity List (EL) - Bureau of Industry and Security", "name": party.name,
                         "addresses": "; ".join(f"{a.rsplit(', ', 1)[0]}, {code}" for a in party.addresses),
                         "federal_register_notice": "84 FR 54002", "start_date": "2019-10-09", "license_requirement": party.requirement,
                         "license_policy": party.policy, "source_list_url": "http://list.example/a", "alt_names": "; ".join(party.aliases)})
    return out.getvalue()


def denied_list(inventor: Inventor) -> str:
    lines = [(Path(__file__).resolve().parent.parent / "fixtures/dpl/tabs.txt").read_text().splitlines()[0]]
    for number in range(DENIED):
        columns = (inventor.name().upper(), f"{number + 1} DOCK ROAD", "HOUSTON", "TX", "US", f"{70_000 + number}", "09/12/2006", "09/12/2036",
                   "Y", "2006-09-22", "FR NOTICE ADDED", "70 F.R. 17645 4/7/05")
        lines.append("\t".join(f'"{column}"' for column in columns))
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    inventor = Inventor(options.seed)
    earlier, later = editions(inventor)
    rule = Rule(number="2019-22210", published=date(2019, 10, 9), title="Addition of Entities to the Entity List", volume=84, start_page=54002,
                docket="191009-0001", rin="0694-AH99", additions=tuple(inventor.party() for _ in range(RULED)), removals=(), revisions=())
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, body in (("part-744-earlier.xml", render_part(earlier)), ("part-744.xml", render_part(later)), ("rule.xml", render_rule(rule)),
                       ("csl.csv", screening_list(inventor).encode()), ("dpl.txt", denied_list(inventor).encode())):
        (options.folder / name).write_bytes(body)
        print(f"{options.folder / name}: {len(body) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
