"""A rule on Supplement No. 4 as the Federal Register prints it: preamble, instructions, table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from xml.sax.saxutils import escape

from .cells import count_word, entity_lines
from .parties import Party

_AND = "\x00"
_STARS = "*         *         *         *         *         *         *"


@dataclass(frozen=True)
class Rule:
    """A rule that adds, revises and removes entries of the Entity List."""

    number: str
    published: date
    title: str
    volume: int
    start_page: int
    docket: str
    rin: str
    additions: tuple[Party, ...] = ()
    revisions: tuple[Party, ...] = ()
    removals: tuple[Party, ...] = ()
    effective_on: date | None = None  # default: on publication

    @property
    def effective(self) -> date:
        return self.effective_on or self.published


def long_date(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def render_rule(rule: Rule) -> bytes:
    text = "\n".join([
        "<RULE>", _preamble(rule), "<SUPLINF>", '<HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD>',
        '<HD SOURCE="HD1">Background</HD>',
        "<P>The End-User Review Committee decided on the changes set out below.</P>",
        f'<REGTEXT TITLE="15" PART="744">\n{_instructions(rule)}\n{_table(rule)}\n</REGTEXT>',
        "</SUPLINF>", f"<FRDOC>[FR Doc. {rule.number} Filed {rule.published:%-m-%-d-%y}; 8:45 am]</FRDOC>",
        "<BILCOD>BILLING CODE 3510-33-P</BILCOD>", "</RULE>\n",
    ])
    return text.encode()


def summary(rule: Rule) -> str:
    done = [f"{verb} {count_word(len(parties))} {'entities' if len(parties) > 1 else 'entity'}"
            for verb, parties in (("adding", rule.additions), ("revising", rule.revisions),
                                  ("removing", rule.removals)) if parties]
    return f"This rule amends the Export Administration Regulations by {', '.join(done)} on the Entity List."


def _preamble(rule: Rule) -> str:
    return f"""<PREAMB>
<AGENCY TYPE="S">DEPARTMENT OF COMMERCE</AGENCY>
<SUBAGY>Bureau of Industry and Security</SUBAGY>
<CFR>15 CFR Part 744</CFR>
<DEPDOC>[Docket No. {rule.docket}]</DEPDOC>
<RIN>RIN {rule.rin}</RIN>
<SUBJECT>{escape(rule.title)}</SUBJECT>
<AGY><HD SOURCE="HED">AGENCY:</HD><P>Bureau of Industry and Security, Commerce.</P></AGY>
<ACT><HD SOURCE="HED">ACTION:</HD><P>Final rule.</P></ACT>
<SUM><HD SOURCE="HED">SUMMARY:</HD><P>{escape(summary(rule))}</P></SUM>
<EFFDATE><HD SOURCE="HED">DATES:</HD><P>This rule is effective {long_date(rule.effective)}.</P></EFFDATE>
</PREAMB>"""


def amendment_lines(rule: Rule) -> list[str]:
    verbs = (("adding, in alphabetical order,", "an entry", "entries", rule.additions),
             ("revising", "the entry", "the entries", rule.revisions),
             ("removing", "the entry", "the entries", rule.removals))
    lines = ["2. Supplement No. 4 to part 744 is amended:"]
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    for verb, one, several, parties in verbs:
        for country, group in _by_country(parties):
            noun = several if len(group) > 1 else one
            quoted = "; ".join(f"“{party.name}”" for party in group)
            lines.append(f"{next(letters)}. Under {country}, by {verb} {noun} for {quoted};")
    lines[-1] = lines[-1].removesuffix(";") + "."
    return lines


def _instructions(rule: Rule) -> str:
    return "\n".join(f"<AMDPAR>{escape(line)}</AMDPAR>" for line in amendment_lines(rule))


def _by_country(parties: tuple[Party, ...]) -> list[tuple[str, list[Party]]]:
    ordered = sorted(parties, key=lambda party: party.place)
    return [(country, list(group)) for country, group in groupby(ordered, key=lambda party: party.country)]


def _table(rule: Rule) -> str:
    rows: list[str] = []
    for country, group in _by_country(rule.additions + rule.revisions):
        rows.append(f'<ROW><ENT I="01">{escape(country)}</ENT><ENT A="03">{_STARS}</ENT></ROW>')
        rows.extend(_row(rule, party) for party in group)
        rows.append(f'<ROW RUL="s"><ENT I="22"> </ENT><ENT A="03">{_STARS}</ENT></ROW>')
    if not rows:
        return ""
    heads = "".join(f'<CHED H="1">{head}</CHED>' for head in (
        "Country", "Entity", "License requirement", "License review policy",
        '<E T="02">Federal Register</E> citation'))
    return "\n".join([
        '<HD SOURCE="HD1">Supplement No. 4 to Part 744—Entity List</HD>', "<STARS/>",
        '<GPOTABLE COLS="5" OPTS="L1,tp0,p0,8/9,i1" CDEF="xs60,xl75,r50,r50,r50">',
        "<TTITLE> </TTITLE>", f"<BOXHD>{heads}</BOXHD>", *rows, "</GPOTABLE>", "<STARS/>",
    ])


def _row(rule: Rule, party: Party) -> str:
    first, *others = (escape(line).replace(_AND, '<E T="03">and</E>') for line in entity_lines(party, _AND))
    entity = first + "".join(f"<LI>{line}</LI>" for line in others)
    day = f"{rule.published:%-m/%-d/%Y}"
    return "".join([
        f'<ROW><ENT I="22"> </ENT><ENT>{entity}</ENT><ENT>{escape(party.requirement)}</ENT>',
        f"<ENT>{escape(party.policy)}</ENT>",
        f"<ENT>{rule.volume} FR [INSERT FR PAGE NUMBER AND {day}].</ENT></ROW>",
    ])
