"""A loopback publisher: the Federal Register API v1, its full text, public inspection, and the eCFR
versioner, with the publishers' own limits and habits, conditional requests and compression."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .documents import DEFAULT_FIELDS, FIELDS, FederalRegisterDocument
from .ecfr_xml import render_part
from .http_server import Answer, LoopbackServer, Request
from .parties import Edition

LISTING = "/api/v1/documents"
VERSIONER = "/api/versioner/v1"
CHALLENGE_PAGE = (b"<!DOCTYPE html><html><head><title>Federal Register :: Request Access</title></head>"
                  b"<body><h1>Request Access</h1><p>Due to aggressive automated scraping, access to this "
                  b"site is limited.</p></body></html>")


@dataclass(frozen=True)
class Hit:
    path: str
    query: str
    status: int
    user_agent: str


@dataclass(frozen=True)
class Fault:
    """What goes wrong with answers under a path: set fields replace the honest answer's."""

    status: int | None = None
    body: bytes | None = None
    content_type: str | None = None
    cut_to: float | None = None  # this part of the body, well-formed HTTP all the same
    hang_up_at: float | None = None  # the connection ends after this part of the announced body
    retry_after: str | None = None
    delay: float = 0.0

    def spoil(self, answer: Answer) -> Answer:
        body = answer.body if self.body is None else self.body
        if self.cut_to is not None:
            body = body[:int(len(body) * self.cut_to)]
        headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
        cut = None if self.hang_up_at is None else int(len(body) * self.hang_up_at)
        return replace(answer, status=self.status or answer.status, body=body, headers=headers, delay=self.delay,
                       content_type=self.content_type or answer.content_type, hang_up_after=cut)


CHALLENGE = Fault(status=200, body=CHALLENGE_PAGE, content_type="text/html; charset=utf-8")


class Publisher(LoopbackServer):
    """Its calendar stands at `today`: a reader that asks, in another year, for the days around its own today
    is shown those around this one. So documents of 2019 arrive as new, with every date they carry untouched."""

    def __init__(self, today: date = date(2019, 10, 10)) -> None:
        self.today = today
        self._lock = threading.Lock()
        self._documents: dict[str, FederalRegisterDocument] = {}
        self._inspection: list[dict[str, Any]] = []
        self._editions: dict[date, bytes] = {}
        self._amended: dict[date, date] = {}
        self._files: dict[str, tuple[bytes, str]] = {}
        self._faults: dict[str, Fault] = {}
        self._hits: list[Hit] = []
        super().__init__()

    # What is published.

    def publish(self, document: FederalRegisterDocument) -> None:
        """Adds the document, or replaces it in place as the publisher does after a re-import."""
        with self._lock:
            self._documents[document.number] = document

    def publish_edition(self, day: date, edition: Edition, amended: date | None = None) -> None:
        """Part 744 as of `day`, from which titles.json calls itself up to date."""
        with self._lock:
            self._editions[day] = render_part(edition)
            self._amended[day] = amended or day

    def file_for_inspection(self, document: dict[str, Any]) -> None:
        with self._lock:
            self._inspection.append(document)

    def leave_inspection(self, number: str) -> None:
        with self._lock:
            self._inspection = [d for d in self._inspection if d["document_number"] != number]

    def serve(self, path: str, body: bytes, content_type: str) -> None:
        """A file at a path of its own."""
        with self._lock:
            self._files[path] = (body, content_type)

    # What was asked.

    def hits(self, prefix: str = "/", status: int | None = None) -> list[Hit]:
        with self._lock:
            return [hit for hit in self._hits
                    if hit.path.startswith(prefix) and status in (None, hit.status)]

    def forget_hits(self) -> None:
        with self._lock:
            self._hits.clear()

    # What goes wrong.

    @contextmanager
    def faulty(self, prefix: str, fault: Fault) -> Iterator[None]:
        with self._lock:
            self._faults[prefix] = fault
        try:
            yield
        finally:
            with self._lock:
                del self._faults[prefix]

    @contextmanager
    def down(self) -> Iterator[None]:
        self.go_down()
        try:
            yield
        finally:
            self.go_up()

    # Answers.

    def answer(self, request: Request) -> Answer:
        with self._lock:
            faults = [fault for prefix, fault in self._faults.items() if request.path.startswith(prefix)]
            answer = self._route(request)
            answer = faults[0].spoil(answer) if faults else _conditional(request, answer)
            self._hits.append(Hit(request.path, request.url.query, answer.status,
                                  request.headers.get("user-agent", "")))
        return answer

    def _route(self, request: Request) -> Answer:
        if request.path in self._files:
            body, content_type = self._files[request.path]
            return Answer(content_type=content_type, body=body)
        path = request.path.removesuffix(".json")
        if path == LISTING:
            return self._listing(request)
        if path.startswith(LISTING + "/"):
            return self._by_number(request, path.removeprefix(LISTING + "/").split(","))
        if path.startswith("/documents/full_text/"):
            return self._full_text(path)
        if path.startswith("/api/v1/public-inspection-documents"):
            return _json({"count": len(self._inspection), "results": self._inspection})
        if path.startswith(VERSIONER):
            return self._versioner(request, path.removeprefix(VERSIONER))
        return _problem(404, "Record Not Found")

    def _listing(self, request: Request) -> Answer:
        fields = request.values("fields[]") or list(DEFAULT_FIELDS)
        unknown = sorted(set(fields) - set(FIELDS))
        if unknown:
            return _json({"errors": {"fields": f"{', '.join(unknown)} is not a valid field"}}, 400)
        behind = date.today() - self.today
        found = [document for document in self._documents.values() if _matches(document, request, behind)]
        found.sort(key=lambda document: (document.published, document.number),
                   reverse=request.value("order", "newest") == "newest")
        if not found:
            return _json({"description": "Documents", "count": 0})
        size, page = _page(request)
        pages = -(-len(found) // size)
        answer: dict[str, Any] = {"description": "Documents", "count": min(len(found), 10_000), "total_pages": pages}
        if page < pages:
            answer["next_page_url"] = self._page_url(request, page + 1)
        shown = found[(page - 1) * size:page * size]
        answer["results"] = [_only(document.record(self.url), fields) for document in shown]
        return _json(answer)

    def _page_url(self, request: Request, page: int) -> str:
        kept = [(name, value) for name, value in _pairs(request) if name != "page"]
        return f"{self.url}{LISTING}?{urlencode([*kept, ('page', str(page))])}"

    def _by_number(self, request: Request, numbers: list[str]) -> Answer:
        fields = request.values("fields[]") or list(FIELDS)
        known = [self._documents[number] for number in numbers if number in self._documents]
        missing = [number for number in numbers if number not in self._documents]
        if len(numbers) == 1:
            return _json(_only(known[0].record(self.url), fields)) if known else _problem(404, "Record Not Found")
        answer: dict[str, Any] = {"count": len(known),
                                  "results": [_only(document.record(self.url), fields) for document in known]}
        if missing:
            answer["errors"] = {"not_found": missing}
        return _json(answer)

    def _full_text(self, path: str) -> Answer:
        kind, file = path.split("/")[3], path.rsplit("/", 1)[1]
        document = self._documents.get(file.rsplit(".", 1)[0])
        if document is None or document.xml is None:
            return _problem(404, "Record Not Found")
        if kind == "xml":
            return Answer(content_type="text/xml", body=document.xml)
        return Answer(content_type="text/plain; charset=utf-8", body=re.sub(rb"<[^>]*>", b" ", document.xml))

    def _versioner(self, request: Request, path: str) -> Answer:
        current = max(self._editions, default=None)
        if current is None:
            return _problem(503, "Service Unavailable")
        if path == "/titles":
            return _json(self._titles(current))
        if path == "/versions/title-15":
            return _json(self._versions())
        if path.startswith("/full/") and path.endswith("/title-15.xml") and request.value("part") == "744":
            return self._part(path.split("/")[2], current)
        return _problem(404, "Not Found")

    def _titles(self, current: date) -> dict[str, Any]:
        amended = self._amended[current].isoformat()
        return {
            "titles": [
                {"number": number, "name": name, "latest_amended_on": amended, "latest_issue_date": amended,
                 "up_to_date_as_of": current.isoformat(), "reserved": False}
                for number, name in ((14, "Aeronautics and Space"), (15, "Commerce and Foreign Trade"),
                                     (16, "Commercial Practices"))
            ],
            "meta": {"date": current.isoformat(), "import_in_progress": False},
        }

    def _versions(self) -> dict[str, Any]:
        return {
            "content_versions": [
                {"date": day.isoformat(), "amendment_date": self._amended[day].isoformat(),
                 "issue_date": day.isoformat(), "identifier": "Supplement No. 4 to Part 744",
                 "name": "Supplement No. 4 to Part 744—Entity List", "part": "744", "substantive": True,
                 "removed": False, "subpart": None, "title": "15", "type": "appendix"}
                for day in sorted(self._editions)
            ],
            "meta": {"title": "15", "result_count": len(self._editions)},
        }

    def _part(self, day: str, current: date) -> Answer:
        try:
            asked = date.fromisoformat(day)
        except ValueError:
            return _problem(400, f"invalid date: {day}")
        if asked > current:
            return _problem(404, f"The requested date is past the title's most recent issue date of {current}.")
        standing = max((edition for edition in self._editions if edition <= asked), default=None)
        if standing is None:
            return _problem(404, "Not Found")
        return Answer(content_type="application/xml", body=self._editions[standing])


def _json(value: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())


def _problem(status: int, message: str) -> Answer:
    return _json({"status": status, "message": message}, status)


def _only(record: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    return {name: record[name] for name in fields if name in record}


def _pairs(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.url.query, keep_blank_values=True)


def _page(request: Request) -> tuple[int, int]:
    """Out of range is silently something else, as at the publisher."""
    size = int(request.value("per_page", "20"))
    size = size if 1 <= size <= 1000 else 20
    page = max(int(request.value("page", "1")), 1)
    return size, page if page * size <= 10_000 else 1


def _matches(document: FederalRegisterDocument, request: Request, behind: timedelta) -> bool:
    day = (document.published + behind).isoformat()
    slugs = {agency["slug"] for agency in document.metadata["agencies"]}
    agencies, types = request.values("conditions[agencies][]"), request.values("conditions[type][]")
    parts = {(str(ref["title"]), str(ref["part"])) for ref in document.metadata["cfr_references"]}
    title, part = request.value("conditions[cfr][title]"), request.value("conditions[cfr][part]")
    return all((
        not agencies or slugs.intersection(agencies),
        not types or document.metadata["type"].upper().replace("PROPOSED RULE", "PRORULE") in types,
        not title or title in {known for known, _ in parts},
        not part or part in {known for _, known in parts},
        day >= request.value("conditions[publication_date][gte]", "0000"),
        day <= request.value("conditions[publication_date][lte]", "9999"),
        request.value("conditions[publication_date][is]", day) == day,
        day.startswith(request.value("conditions[publication_date][year]")),
    ))


def _conditional(request: Request, answer: Answer) -> Answer:
    """ETag and compression on what was found, 304 for who has it already."""
    if answer.status != 200:
        return answer
    tag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    headers = {**answer.headers, "ETag": tag, "Cache-Control": "max-age=86400, public", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return replace(answer, status=304, body=b"", headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return replace(answer, body=gzip.compress(answer.body, mtime=0), headers=headers)
    return replace(answer, headers=headers)
