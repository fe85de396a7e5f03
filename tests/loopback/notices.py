"""Documents that act on other documents, filings on public inspection, and the screening list as a file."""

from __future__ import annotations

import csv
import io
import textwrap
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from .cells import entity_lines
from .documents import BIS, SITE, FederalRegisterDocument
from .federal_register_xml import Rule, amendment_lines, long_date, summary
from .parties import Party

_CSL_COLUMNS = ("_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,"
                "end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,"
                "gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,"
                "dates_of_birth,nationalities,places_of_birth,source_information_url,ids").split(",")


def notice(number: str, published: date, page: int, title: str, action: str, dates: str,
           body: str = "", volume: int = 91) -> FederalRegisterDocument:
    """A rule without a table: it delays, suspends or corrects another."""
    metadata: dict[str, Any] = {
        "abstract": title + ".", "action": action, "agencies": BIS, "agency_names": [a["name"] for a in BIS],
        "cfr_references": [{"title": 15, "part": 744, "chapter": None, "citation_url": None}],
        "citation": f"{volume} FR {page}", "dates": dates, "document_number": number, "effective_on": None,
        "end_page": page, "html_url": f"{SITE}/d/{number}", "page_length": 1,
        "publication_date": published.isoformat(), "regulation_id_numbers": [], "docket_ids": [],
        "start_page": page, "title": title, "type": "Rule", "volume": volume,
    }
    xml = f"""<RULE>
<PREAMB>
<AGENCY TYPE="S">DEPARTMENT OF COMMERCE</AGENCY>
<SUBAGY>Bureau of Industry and Security</SUBAGY>
<CFR>15 CFR Part 744</CFR>
<SUBJECT>{escape(title)}</SUBJECT>
<AGY><HD SOURCE="HED">AGENCY:</HD><P>Bureau of Industry and Security, Commerce.</P></AGY>
<ACT><HD SOURCE="HED">ACTION:</HD><P>{escape(action)}</P></ACT>
<SUM><HD SOURCE="HED">SUMMARY:</HD><P>{escape(title)}.</P></SUM>
<EFFDATE><HD SOURCE="HED">DATES:</HD><P>{escape(dates)}</P></EFFDATE>
</PREAMB>
<SUPLINF>
{body or "<P>The End-User Review Committee decided so.</P>"}
</SUPLINF>
<FRDOC>[FR Doc. {number} Filed {published:%-m-%-d-%y}; 8:45 am]</FRDOC>
<BILCOD>BILLING CODE 3510-33-P</BILCOD>
</RULE>
"""
    return FederalRegisterDocument(number, published, metadata, xml.encode())


def correction(number: str, published: date, page: int, corrected: str, country: str, wrong: str,
               right: str) -> FederalRegisterDocument:
    body = (f"<P>In rule document {corrected}, make the following correction:</P>"
            '<HD SOURCE="HD1">Supplement No. 4 to Part 744 [Corrected]</HD>'
            f"<P>On page {page - 1}, in Supplement No. 4 to Part 744, under {escape(country)}, in the second column, "
            f"the entry for “{escape(wrong)}” should read “{escape(right)}”.</P>")
    return notice(number, published, page, "Additions to the Entity List; Correction", "Final rule; correction.",
                  f"Effective {long_date(published)}.", body)


def filing(rule: Rule, filed: date, base_url: str) -> dict[str, Any]:
    """What the listing of documents on public inspection says of a rule."""
    return {
        "agencies": BIS, "docket_numbers": [f"Docket No. {rule.docket}"], "document_number": rule.number,
        "editorial_note": None, "filed_at": f"{filed}T08:45:00.000-04:00", "filing_type": "regular", "num_pages": 9,
        "pdf_url": f"{base_url}/inspection/{rule.number}.pdf", "publication_date": rule.published.isoformat(),
        "raw_text_url": f"{base_url}/inspection/{rule.number}.txt", "subject_1": None, "subject_2": None,
        "subject_3": None, "title": rule.title, "toc_doc": rule.title, "toc_subject": None, "type": "Rule",
    }


_WIDTHS = (20, 34, 20, 20, 22)


def filed_text(rule: Rule, filed: date) -> bytes:
    """The text of a rule on public inspection: set in columns, dates and pages still to come."""
    lines = [
        f"This document is scheduled to be published in the\nFederal Register on {rule.published:%m/%d/%Y} and available "
        f"online at\nhttps://federalregister.gov/d/{rule.number}, and on https://govinfo.gov\n",
        "BILLING CODE 3510-33-P\n", "DEPARTMENT OF COMMERCE\n", "Bureau of Industry and Security\n", "15 CFR Part 744\n",
        f"[Docket No. {rule.docket}]\n", f"RIN {rule.rin}\n", f"{rule.title}\n",
        "AGENCY: Bureau of Industry and Security, Commerce.\n", "ACTION: Final rule.\n",
        "\n".join(textwrap.wrap(f"SUMMARY: {summary(rule)}", 85)) + "\n",
        f"DATES: This rule is effective {long_date(rule.effective)}.\n", "SUPPLEMENTARY INFORMATION:\n", "Background\n",
        "    The End-User Review Committee decided on the changes set out below.\n",
        "List of Subjects in 15 CFR Part 744\n",
        "    Accordingly, part 744 of the Export Administration Regulations is amended as follows:\n",
        "PART 744—CONTROL POLICY: END-USER AND END-USE BASED\n",
        *("\n".join(textwrap.wrap(line, 85)) + "\n" for line in amendment_lines(rule)),
        *_columns(rule),
        f"Ada Example,\nAssistant Secretary for Export Administration.\n[FR Doc. {rule.number} Filed "
        f"{filed:%-m-%-d-%y}; 8:45 am]\nBILLING CODE 3510-33-P\n",
    ]
    return "\n".join(lines).encode()


def _columns(rule: Rule) -> list[str]:
    parties = rule.additions + rule.revisions
    if not parties:
        return []
    edge = "-" * (sum(_WIDTHS) + len(_WIDTHS))
    out = ["The additions read as follows:\n", "Supplement No. 4 to Part 744—Entity List\n", "* * * * *\n", edge]
    out += _line("Country", "Entity", "License requirement", "License review policy", "Federal Register citation")
    out.append(edge + "\n")
    country = ""
    for party in parties:
        shown = party.country if party.country != country else ""
        country = party.country
        day = f"{rule.published:%-m/%-d/%Y}"
        entity = "\n".join(entity_lines(party, "and"))
        out += _line(shown, entity, party.requirement, party.policy, f"{rule.volume} FR [INSERT FR PAGE NUMBER AND {day}].")
        out.append(" " * (_WIDTHS[0] + 1) + "* * * * * *")
    return [*out, edge + "\n", "* * * * *\n"]


def _line(*cells: str) -> list[str]:
    # What goes on from the line before is set in by one.
    wrapped = [[piece for line in cell.split("\n") for piece in textwrap.wrap(line, width - 1, subsequent_indent=" ")]
               for cell, width in zip(cells, _WIDTHS, strict=True)]
    height = max(len(cell) for cell in wrapped)
    return [" ".join((cell[i] if i < len(cell) else "").ljust(width)
                     for cell, width in zip(wrapped, _WIDTHS, strict=True)).rstrip() for i in range(height)]


def screening_list(parties: tuple[Party, ...]) -> bytes:
    """The Consolidated Screening List as CSV, with these parties of the Entity List."""
    out = io.StringIO()
    rows = csv.DictWriter(out, _CSL_COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    for number, party in enumerate(parties):
        rows.writerow({
            "_id": f"{number:040x}", "source": "Entity List (EL) - Bureau of Industry and Security",
            "name": party.name, "addresses": "; ".join(f"{a}, CN" for a in party.addresses),
            "federal_register_notice": "; ".join(c.split(",")[0] for c in party.citations),
            "license_requirement": party.requirement, "license_policy": party.policy,
            "source_list_url": "http://list.example/a", "alt_names": "; ".join(party.aliases),
        })
    return out.getvalue().encode()
