"""Part 744 as the eCFR versioner sends it: one TR a row, five TDs, the country in its first row only."""

from __future__ import annotations

from itertools import groupby
from xml.sax.saxutils import escape

from .cells import entity_lines
from .parties import Edition, Party

_AND = "\x00"  # stands for the publisher's markup of "and" until the text around it is escaped
_META = "{&quot;path&quot;:&quot;/on/_SUBSTITUTE_DATE_/title-15/part-744&quot;}"


def render_part(edition: Edition) -> bytes:
    parts = [
        '<?xml version="1.0"?>',
        f'<DIV5 N="744" TYPE="PART" VOLUME="2" hierarchy_metadata="{_META}">',
        "<HEAD>PART 744—CONTROL POLICY: END-USER AND END-USE BASED\n</HEAD>",
        "<AUTH>\n<HED>Authority:</HED><PSPACE>50 U.S.C. 4801-4852; 50 U.S.C. 1701 <I>et seq.</I>\n</PSPACE></AUTH>",
        "<SOURCE>\n<HED>Source:</HED><PSPACE>61 FR 12802, Mar. 25, 1996, unless otherwise noted.\n</PSPACE></SOURCE>",
        f'<DIV8 N="744.11" TYPE="SECTION" hierarchy_metadata="{_META}">',
        "<HEAD>§ 744.11 License requirements that apply to listed entities.</HEAD>",
        "<P>(a) <I>Requirement.</I> A license is needed where a listed entity is a party.</P>\n</DIV8>",
        _supplement(4, "Entity List", ("Entity", "License requirement", "License review<br/>policy"),
                    edition.entity_list),
        _supplement(6, "Unverified List", ("Listed person and address",), edition.unverified_list),
        "</DIV5>\n",
    ]
    return "\n".join(parts).encode("ascii", "xmlcharrefreplace")


def _supplement(number: int, title: str, columns: tuple[str, ...], rows: tuple[Party, ...]) -> str:
    heads = "\n".join(f'<TH class="center border-right-single">{text}</TH>' for text in ("Country", *columns))
    body = "\n".join(_rows_of(country, list(group), len(columns))
                     for country, group in groupby(rows, key=lambda party: party.country))
    return "\n".join([
        f'<DIV9 N="Supplement No. {number} to Part 744" TYPE="APPENDIX" hierarchy_metadata="{_META}">',
        f"<HEAD>Supplement No. {number} to Part 744—{title}\n</HEAD>",
        "<P>The parties below are listed under their destinations.</P>",
        '<DIV width="100%"><DIV class="gpotbl_div">',
        '<TABLE border="1" cellpadding="1" cellspacing="1" class="gpo_table" frame="void" width="100%">',
        f'<THEAD>\n<TR>\n{heads}\n<TH class="center"><strong>Federal Register</strong> citation\n</TH>\n</TR>',
        "</THEAD>",
        f"<TBODY>\n{body}\n</TBODY></TABLE>\n</DIV></DIV>\n</DIV9>\n",
    ])


def _rows_of(country: str, parties: list[Party], columns: int) -> str:
    return "\n".join(_row(party, country if index == 0 else " ", columns) for index, party in enumerate(parties))


def _row(party: Party, country: str, columns: int) -> str:
    entity = "<br/>".join(escape(line) for line in entity_lines(party, _AND)).replace(_AND, '<E T="03">and</E>')
    cells = [escape(country), entity]
    if columns > 1:
        cells += [escape(party.requirement), escape(party.policy)]
    tds = "\n".join(f'<TD class="left border-right-single">{cell}</TD>' for cell in cells)
    return f'<TR>\n{tds}\n<TD class="left">{escape(" ".join(party.citations))}\n</TD>\n</TR>'
