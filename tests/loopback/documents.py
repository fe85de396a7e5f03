"""Federal Register documents as the API v1 describes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .federal_register_xml import Rule, long_date, render_rule, summary
from .parties import FIXTURES

SITE = "https://www.federalregister.gov"

BIS: list[dict[str, Any]] = [
    {"raw_name": "DEPARTMENT OF COMMERCE", "name": "Commerce Department", "id": 54,
     "url": f"{SITE}/agencies/commerce-department", "json_url": f"{SITE}/api/v1/agencies/54",
     "parent_id": None, "slug": "commerce-department"},
    {"raw_name": "Bureau of Industry and Security", "name": "Industry and Security Bureau", "id": 241,
     "url": f"{SITE}/agencies/industry-and-security-bureau", "json_url": f"{SITE}/api/v1/agencies/241",
     "parent_id": 54, "slug": "industry-and-security-bureau"},
]

# Everything `fields[]` may name; what a document does not set is null.
FIELDS = tuple("""abstract action agencies agency_names body_html_url cfr_references citation comment_url
comments_close_on correction_of corrections dates disposition_notes docket_id docket_ids dockets
document_number effective_on end_page excerpts executive_order_notes executive_order_number
full_text_xml_url html_url images images_metadata json_url mods_url page_length page_views pdf_url
president presidential_document_number proclamation_number public_inspection_pdf_url publication_date
raw_text_url regulation_id_number_info regulation_id_numbers regulations_dot_gov_info
regulations_dot_gov_url significant signing_date start_page subtype title toc_doc toc_subject topics
type volume""".split())

DEFAULT_FIELDS = ("title", "type", "abstract", "document_number", "html_url", "pdf_url",
                  "public_inspection_pdf_url", "publication_date", "agencies", "excerpts")


@dataclass(frozen=True)
class FederalRegisterDocument:
    number: str
    published: date
    metadata: dict[str, Any] = field(hash=False)
    xml: bytes | None = None

    def record(self, base_url: str) -> dict[str, Any]:
        """Every field; the addresses of what the program fetches are the publisher's own."""
        day = f"{self.published:%Y/%m/%d}"
        text = f"{base_url}/documents/full_text"
        urls = {
            "full_text_xml_url": f"{text}/xml/{day}/{self.number}.xml" if self.xml else None,
            "raw_text_url": f"{text}/text/{day}/{self.number}.txt",
            "json_url": f"{base_url}/api/v1/documents/{self.number}?publication_date={self.published}",
        }
        return {**dict.fromkeys(FIELDS), **self.metadata, **urls}


def document_of(rule: Rule) -> FederalRegisterDocument:
    return FederalRegisterDocument(rule.number, rule.published, metadata_of(rule), render_rule(rule))


def metadata_of(rule: Rule) -> dict[str, Any]:
    slug = "-".join(rule.title.lower().split())
    day = f"{rule.published:%Y/%m/%d}"
    return {
        "abstract": summary(rule), "action": "Final rule.", "agencies": BIS,
        "agency_names": [agency["name"] for agency in BIS],
        "cfr_references": [{"title": 15, "part": 744, "chapter": None, "citation_url": None}],
        "citation": f"{rule.volume} FR {rule.start_page}", "corrections": [],
        "dates": f"This rule is effective {long_date(rule.effective)}.",
        "docket_id": f"Docket No. {rule.docket}", "docket_ids": [f"Docket No. {rule.docket}"], "dockets": [],
        "document_number": rule.number, "effective_on": rule.effective.isoformat(),
        "end_page": rule.start_page + 6, "html_url": f"{SITE}/documents/{day}/{rule.number}/{slug}",
        "images": {}, "images_metadata": {}, "page_length": 7,
        "pdf_url": f"https://www.govinfo.gov/content/pkg/FR-{rule.published}/pdf/{rule.number}.pdf",
        "public_inspection_pdf_url": f"https://public-inspection.federalregister.gov/{rule.number}.pdf",
        "publication_date": rule.published.isoformat(), "regulation_id_number_info": {},
        "regulation_id_numbers": [rule.rin], "regulations_dot_gov_info": {}, "start_page": rule.start_page,
        "title": rule.title, "topics": ["Exports", "Reporting and recordkeeping requirements", "Terrorism"],
        "type": "Rule", "volume": rule.volume,
    }


def rule_2019_22210() -> FederalRegisterDocument:
    """84 FR 54002, which put 28 organizations on the Entity List."""
    rule = Rule(number="2019-22210", published=date(2019, 10, 9),
                title="Addition of Certain Entities to the Entity List", volume=84, start_page=54002,
                docket="190925-0044", rin="0694-AH68")
    metadata = metadata_of(rule) | {
        "abstract": "The Department of Commerce amends the Export Administration Regulations (EAR) by adding "
                    "twenty-eight entities under twenty-eight entries to the Entity List. All of them are "
                    "listed under the destination of China (28).",
        "end_page": 54009, "page_length": 8,
    }
    return FederalRegisterDocument(rule.number, rule.published, metadata,
                                   (FIXTURES / "2019-22210.xml").read_bytes())
