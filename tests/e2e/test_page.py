"""The page in a real browser, driven as a person would: by its words, its fields and its keys."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("websocket", reason="SKIPPED: python3-websocket is absent: the page is not driven")

from harness import ADDITIONS, LISTED, RULE, World  # noqa: E402
from loopback.browser import Browser, chromium  # noqa: E402
from page_world import REMOVED, REVISED, open_page_world  # noqa: E402

if chromium() is None:
    pytest.skip("SKIPPED: chromium is absent: the page is not driven", allow_module_level=True)

AXE = Path(os.environ.get("ENTITYWATCH_AXE") or Path(__file__).parents[2] / "build/validators/npm/node_modules/axe-core/axe.min.js")
WIDTHS = {"desktop": (1280, 900, False), "tablet": (800, 1000, False), "phone": (360, 740, True)}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_page_world(tmp_path_factory.mktemp("page")) as world:
        yield world


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with Browser() as opened:
        yield opened


@pytest.fixture
def page(stage: World, chrome: Browser) -> Iterator[Browser]:
    chrome.size(*WIDTHS["desktop"][:2])
    chrome.look("light")
    chrome.open("about:blank")
    chrome.open(f"{stage.program.url}/")
    chrome.errors.clear()
    yield chrome
    assert not chrome.errors, chrome.errors


def views(world: World) -> dict[str, str]:
    revised = next(c for c in world.program.changes(kind="revised"))["entry"]["id"]
    return {"changes": "#/changes", "nothing of that kind": "#/changes?kind=corrected", "lists": "#/entries",
            "search": "#/entries?q=hikvison", "a day": "#/entries?as_of=2019-10-08", "an entry": f"#/entries/{revised}",
            "documents": "#/documents", "a document": f"#/documents/{RULE}", "health": "#/health", "alerts": "#/subscriptions"}


def test_what_changed_lately_stands_by_document_newest_first(page: Browser) -> None:
    page.shows("Addition of Certain Entities to the Entity List")
    assert page.text("h1") == "Changes"
    assert "confirmed by eCFR" in page.text() and f"{ADDITIONS} added" in page.text()
    assert page.text().index(REMOVED.name) < page.text().index("28 added"), "the later rule stands first"
    shown = page.evaluate("[...document.querySelectorAll('tr')].filter(row => row.offsetParent).length")
    page.click(f"Show all {ADDITIONS}")
    assert page.evaluate("[...document.querySelectorAll('tr')].filter(row => row.offsetParent).length") > shown
    assert page.evaluate("document.activeElement.closest('table') !== null"), "the focus goes on to the first new row"


def test_search_as_you_type_opens_an_entry_by_keys_alone(page: Browser) -> None:
    page.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.type("hikv")
    page.wait("one row", "document.querySelectorAll('tbody tr').length === 1")
    page.shows("Hangzhou Hikvision Digital Technology")
    assert page.evaluate("document.activeElement.id") == "q", "typing is not interrupted"
    page.type("ision")
    page.press("ArrowDown")  # at once: what was typed is searched first
    page.wait("the focus on the result", "document.activeElement.innerText.startsWith('Hangzhou')")
    assert page.place == "#/entries?q=hikvision"
    page.press("Enter")
    page.wait("the entry", "document.title.startsWith('Hangzhou Hikvision')")
    page.shows("84 FR 54004")
    page.evaluate("history.back()")
    page.shows("Names like “hikvision”")


def test_a_misspelt_name_finds_what_is_like_it(page: Browser) -> None:
    page.choose("#q", "hikvison")
    page.shows("Similar names")
    page.shows("Hangzhou Hikvision Digital Technology")


def test_an_entry_shows_what_a_rule_did_field_by_field_with_its_proof(page: Browser) -> None:
    page.choose("#q", REVISED.name)
    page.shows("1 entry")
    page.click(REVISED.name, "main a")
    page.shows("History")
    page.wait("differences", "document.querySelector('.differences ins')")
    assert "2 Riverside Street, Harbin 150001" in page.text(".differences ins")
    differences = page.text(".differences")
    assert "other" in differences and "unchanged" in differences and "License review policy" in differences
    assert page.text(".differences del")
    page.click("checks hold", "summary")
    page.shows("Number of")
    page.click("Proof", "summary")
    page.shows("SHA-256")
    page.shows("Link of the chain")


def test_the_day_is_changed_and_the_list_with_it(page: Browser, stage: World) -> None:
    page.click("Lists", "nav a")
    page.shows(f"{LISTED + ADDITIONS - 1 + len(stage.program.entries(list='unverified-list'))} entries")
    page.choose("select[name=list]", "entity-list")
    page.wait("the list's name", "document.querySelector('h1').innerText === 'Entity List'")
    page.shows(f"{LISTED + ADDITIONS - 1} entries")
    page.choose("input[name=as_of]", "2019-10-08")
    page.shows(f"{LISTED} entries in force on 8 Oct 2019")
    assert page.place == "#/entries?list=entity-list&as_of=2019-10-08"
    assert page.evaluate("document.activeElement.name") == "as_of", "the focus stays in the field"
    page.choose("input[name=as_of]", "2001-01-01")
    page.shows("before the first reading")


def test_a_document_with_its_checks_and_its_entries(page: Browser) -> None:
    page.click("Documents", "nav a")
    page.shows("Documents", "h1")
    page.click("Addition of Certain Entities", "main a")
    page.shows("How it was checked")
    page.shows("28 added", ".checks")
    assert page.count("table.changes tbody tr") == ADDITIONS
    page.click("Dahua Technology", "main a")
    page.shows("As listed")
    assert "Zhejiang Dahua" in page.text() or "Dahua" in page.text("h1")


def test_health_of_sources_and_channels(page: Browser) -> None:
    page.shows("eCFR: failing", "#pulse")
    page.click("eCFR: failing", "#pulse")
    page.shows("HTTP 503", ".sources")
    page.shows("Fresh", ".sources")
    page.shows("1 alert given up", ".channels")
    page.shows("Delivers", ".channels")
    page.click("Read now")
    page.shows("is being", "#notices")  # read; or polled at this moment, when its own turn has just come
    page.errors[:] = [error for error in page.errors if "409" not in error]


def test_subscriptions_are_tried_added_and_removed(page: Browser) -> None:
    page.click("Alerts", "nav a")
    page.shows("china-additions")
    page.click("Try", "tbody tr:first-child button")
    page.shows("it would have sent nothing")  # in the last year
    page.choose("[name=since]", "2019-10-01")
    page.click("Try", "tbody tr:first-child button")
    page.shows("Since 1 Oct 2019 it would have sent 1 alert: 28 added")
    page.evaluate("document.querySelector('[name=name]').focus()")
    page.type("made here")
    page.choose("[name=countries]", "Atlantis")
    page.click("Add", "button.main")
    page.shows("Atlantis", ".subscription")
    page.errors.clear()  # the refusal, as the browser notes it
    page.choose("[name=countries]", "CN")
    page.click("Add", "button.main")
    page.shows("“made here” is added", "#notices")
    page.shows("made here", "table")
    page.evaluate("window.confirm = () => true")
    page.evaluate("document.querySelector('[aria-label=\"Remove made here\"]').click()")
    page.shows("“made here” is removed", "#notices")


def test_what_is_not_there_and_what_cannot_be_asked_is_said(page: Browser) -> None:
    for place, words in (("#/entries/0000", "there is no entry"), ("#/changes?country=Atlantis", "ISO 3166-1")):
        page.evaluate(f"location.hash = {json.dumps(place)}")
        page.shows(words)
        page.click("Back to all", "main a")
        page.wait("the way back", "!location.hash.includes('0000') && !location.hash.includes('Atlantis')")
    page.errors.clear()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(page: Browser, stage: World, width: str) -> None:
    columns, rows, phone = WIDTHS[width]
    page.size(columns, rows, phone=phone)
    for name, place in views(stage).items():
        page.open(f"{stage.program.url}/{place}")
        page.wait(name, "!document.querySelector('[aria-busy]')")
        assert page.evaluate("document.documentElement.scrollWidth") <= columns, f"{name} scrolls sideways at {columns}"


def test_every_focus_is_seen_and_every_field_has_a_name(page: Browser, stage: World) -> None:
    for name, place in views(stage).items():
        page.open(f"{stage.program.url}/{place}")
        page.wait(name, "!document.querySelector('[aria-busy]')")
        nameless = [node for node in page.call("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")
                    and node.get("role", {}).get("value") in ("button", "link", "textbox", "searchbox", "combobox", "checkbox")
                    and not node.get("name", {}).get("value")]
        assert not nameless, f"{name}: {nameless}"
    page.evaluate("document.activeElement.blur()")
    for _ in range(12):
        page.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", page.evaluate("document.activeElement.outerHTML")


def test_paper_shows_all_rows_and_no_buttons(page: Browser) -> None:
    page.shows("28 added")
    page.look("light", "print")
    rows = page.evaluate("[...document.querySelectorAll('tbody tr')].filter(row => row.offsetParent).length")
    assert rows == ADDITIONS + 2
    assert page.evaluate("[...document.querySelectorAll('button, nav, #search')].every(node => !node.offsetParent)")
    assert page.pdf().startswith(b"%PDF")


def test_paper_shows_checks_proof_and_exact_times(page: Browser, stage: World) -> None:
    page.open(f"{stage.program.url}/{views(stage)['an entry']}")
    page.shows("checks hold")
    seen = "node.checkVisibility()"
    on_paper = f"[...document.querySelectorAll('.timeline .checks li, .timeline .paper')].filter(node => {seen}).length"
    assert page.evaluate(on_paper) == 0
    page.look("light", "print")
    page.wait("the checks on paper", f"{on_paper} >= 6")
    assert page.evaluate("getComputedStyle(document.querySelector('.tags time'), '::after').content").startswith('"2')
    assert page.evaluate(f"[...document.querySelectorAll('details.fetched')].every(node => !({seen}))")
    page.look("light")
    page.wait("the checks folded again", f"{on_paper} === 0")


def test_the_page_goes_without_other_hosts_and_inline_code(page: Browser, stage: World) -> None:
    hosts = page.evaluate("performance.getEntriesByType('resource').map(entry => new URL(entry.name).host)")
    assert set(hosts) == {stage.program.url.removeprefix("http://")}
    assert page.count("[style], [onclick], style") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_for_accessibility(page: Browser, stage: World, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip(f"SKIPPED: axe-core is absent ({AXE}); scripts/validate-api --install fetches it")
    page.look(scheme)
    for width in ("desktop", "phone"):
        columns, rows, phone = WIDTHS[width]
        page.size(columns, rows, phone=phone)
        for name, place in views(stage).items():
            page.open(f"{stage.program.url}/{place}")
            page.wait(name, "!document.querySelector('[aria-busy]')")
            page.evaluate(AXE.read_text() + "; 0")
            found = page.evaluate("axe.run().then(result => result.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html).slice(0, 3)]))")
            assert not [v for v in found if v[0] in ("serious", "critical")], f"{name}, {width}: {found}"
            for violation in found:
                print(f"{scheme} {width} {name}: {violation}")
