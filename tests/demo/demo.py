#!/usr/bin/python3
"""The main job with no network, told in plain words: a baseline, the rule of 9 October 2019 arriving,
the alert delivered, the history readable, and the eCFR confirming it without a second alert."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.terminal import Terminal  # noqa: E402
from loopback.documents import rule_2019_22210  # noqa: E402
from loopback.parties import baseline, organizations_of_2019_22210  # noqa: E402
from loopback.program import Program, Settings  # noqa: E402
from loopback.publisher import Publisher  # noqa: E402
from loopback.receivers import MailServer, WebhookReceiver, text_of  # noqa: E402
from loopback.waiting import stays, wait_for  # noqa: E402

RULE = "2019-22210"
ADDITIONS = len(organizations_of_2019_22210())
BEFORE_THE_RULE = date(2019, 10, 1)
AFTER_THE_RULE = date(2019, 10, 10)
PATIENCE = 15.0  # seconds for any single wait


class Unshown(Exception):
    """Something the demo promises did not happen."""


@dataclass
class Stage:
    """Everything that plays along."""

    terminal: Terminal
    publisher: Publisher
    receiver: WebhookReceiver
    mail: MailServer
    program: Program
    folder: Path


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise Unshown(what)


def introduce(stage: Stage) -> None:
    stage.terminal.title("entitywatch: what happens when a rule adds 28 organizations to the Entity List")
    stage.terminal.say("No network is used. The publishers, the webhook receiver and the mail server are stand-ins "
                       "on this machine that speak the real ones' formats; the program is the real one.")
    stage.terminal.step("The stand-ins")
    stage.terminal.pair("publishers", f"{stage.publisher.url}  (Federal Register API v1, eCFR versioner)")
    stage.terminal.pair("webhook receiver", stage.receiver.hook_url)
    stage.terminal.pair("mail server", stage.mail.url)


def show_baseline(stage: Stage) -> None:
    stage.terminal.step("The baseline: entitywatch starts and reads what stands on 1 October 2019")
    stage.program.start()
    stage.program.wait_for_status("ok", seconds=PATIENCE)
    entries = stage.program.entries(list="entity-list")
    countries = {entry["country"] for entry in entries}
    expected = len(baseline().entity_list)
    expect(len(entries) == expected, f"{expected} entries in the baseline; found {len(entries)}")
    expect(not stage.program.changes(), "no change from a first reading")
    stage.terminal.found(f"The eCFR's part 744 is read: {len(entries)} entries of the Entity List in "
                         f"{len(countries)} countries (invented ones, so that no real party is misstated).")
    stage.terminal.found("0 changes and 0 alerts: a first reading records and never alerts.")


def show_rule(stage: Stage) -> None:
    terminal = stage.terminal
    terminal.step("9 October 2019: the Federal Register publishes document 2019-22210")
    published = time.monotonic()
    stage.publisher.publish(rule_2019_22210())
    wait_for("the webhook alert", stage.receiver.alerts, PATIENCE)
    webhook_after = time.monotonic() - published
    wait_for("the mail", stage.mail.messages, PATIENCE)
    mail_after = time.monotonic() - published
    call = stage.receiver.alerts()[0]
    counts = call.data.get("counts", {})
    expect(call.verified, "a webhook signature that holds")
    expect(counts == {"added": ADDITIONS}, f"{ADDITIONS} additions in the alert; it says {counts}")
    terminal.found(f"{ADDITIONS} additions read from the rule's instructions and table.")
    terminal.found(f"1 webhook alert after {webhook_after:.1f} s (polling every second), its Standard Webhooks "
                   f"signature holds, webhook-id {call.id}.")
    terminal.found(f"1 email after {mail_after:.1f} s to {stage.mail.messages()[0]['To']}.")
    keep_alerts(stage)
    show_alert(stage)


def keep_alerts(stage: Stage) -> None:
    """The alert as files and pages, for who wants to see all of it."""
    call, message = stage.receiver.alerts()[0], stage.mail.messages()[0]
    html = text_of(message, "html")
    (stage.folder / "webhook.json").write_text(json.dumps(call.body, ensure_ascii=False, indent=2) + "\n")
    (stage.folder / "mail.eml").write_bytes(message.as_bytes())
    (stage.folder / "mail.html").write_text(html)
    stage.receiver.pages["/mail"] = html.encode()


def show_alert(stage: Stage) -> None:
    call, message = stage.receiver.alerts()[0], stage.mail.messages()[0]
    stage.terminal.step("The alert, as the mail shows it")
    text = text_of(message, "plain")
    expect(bool(text.strip()), "a text part in the mail")
    stage.terminal.quote(f"Subject: {message['Subject']}\n\n{text}", 44, "in the mail")
    names = {change["entry"]["name"] for change in call.data["changes"]}
    expected = {party.name for party in organizations_of_2019_22210()}
    if len(call.data["changes"]) == ADDITIONS:
        expect(names == expected, f"the names of the rule in the alert; wrong: {sorted(names ^ expected)}")


def show_answers(stage: Stage) -> None:
    stage.terminal.step("Asking: the history over HTTP")
    changes = stage.program.changes(document=RULE)
    entries = stage.program.entries(list="entity-list")
    expect(len(changes) == ADDITIONS and {change["kind"] for change in changes} == {"added"},
           f"{ADDITIONS} additions at /v1/changes; found {len(changes)}")
    expected = len(baseline().entity_list) + ADDITIONS
    expect(len(entries) == expected, f"{expected} entries at /v1/entries; found {len(entries)}")
    verified = sum(change["verification"] == "verified" for change in changes)
    stage.terminal.found(f"/v1/changes?document={RULE}: {len(changes)} changes, all \"added\"; "
                         f"{verified} of them passed every self-check.")
    stage.terminal.found(f"/v1/entries?list=entity-list: {len(entries)} entries.")
    hikvision = stage.program.entries(q="hikvision")
    expect(len(hikvision) == 1, f"one entry for q=hikvision; found {len(hikvision)}")
    stage.terminal.found("/v1/entries?q=hikvision:")
    stage.terminal.quote(json.dumps(_brief(hikvision[0]), ensure_ascii=False, indent=2), 24, "")


def _brief(entry: dict[str, Any]) -> dict[str, Any]:
    keys = ("id", "country_code", "name", "aliases", "addresses", "license_requirement", "status")
    return {key: entry[key] for key in keys}


def show_confirmation(stage: Stage) -> None:
    stage.terminal.step("A day later the eCFR merges the rule into part 744")
    stage.publisher.publish_edition(AFTER_THE_RULE, baseline().adding(*organizations_of_2019_22210()),
                                    amended=date(2019, 10, 9))
    wait_for("the eCFR to confirm all additions", lambda: _confirmed(stage) == ADDITIONS, PATIENCE)
    stays("one alert", lambda: len(stage.receiver.alerts()) == 1 and len(stage.mail.messages()) == 1, 2.0)
    expect(len(stage.program.changes()) == ADDITIONS, "no further change from the eCFR")
    stage.terminal.found(f"All {ADDITIONS} changes now say confirmed_by: [\"ecfr\"].")
    stage.terminal.found("Still 1 webhook alert and 1 email: one event, one alert.")


def _confirmed(stage: Stage) -> int:
    return sum(change["confirmed_by"] == ["ecfr"] for change in stage.program.changes(document=RULE))


def invite(stage: Stage) -> None:
    program, receiver = stage.program, stage.receiver
    stage.terminal.step("Look around; Ctrl-C ends the demo")
    for name, url in (("the page", f"{program.url}/"),
                      ("changes", f"{program.url}/v1/changes"),
                      ("one company", f"{program.url}/v1/entries?q=dahua"),
                      ("the document", f"{program.url}/v1/documents/{RULE}"),
                      ("sources", f"{program.url}/v1/sources"),
                      ("the email", f"{receiver.url}/mail"),
                      ("what the webhook got", f"{receiver.url}/"),
                      ("files and log", str(stage.folder))):
        stage.terminal.pair(name, url)


ACTS = (introduce, show_baseline, show_rule, show_answers, show_confirmation)


def play(stage: Stage, once: bool) -> int:
    try:
        for act in ACTS:
            act(stage)
        if once:
            stopped = time.monotonic()
            status = stage.program.stop()
            expect(status == 0, f"the daemon to stop with status 0; it was {status}")
            stage.terminal.found(f"SIGTERM: the daemon stopped cleanly within {time.monotonic() - stopped:.1f} s.")
            return 0
        invite(stage)
        threading.Event().wait()
    except KeyboardInterrupt:
        print("\nstopping …")
        return stage.program.stop() if stage.program.is_running() else 0
    except Exception as problem:  # whatever went wrong, the reader is told and sees the log
        stage.terminal.failed(f"The demo did not show what it promises: {problem or type(problem).__name__}")
        print(f"\nThe end of the daemon's log ({stage.program.log}):\n{stage.program.log_tail()}", flush=True)
        return 1
    return 0


@contextmanager
def set_up(program: Path, folder: Path) -> Iterator[Stage]:
    os.environ["ENTITYWATCH_BINARY"] = str(program)
    with Publisher() as publisher, WebhookReceiver() as receiver, MailServer() as mail:
        publisher.publish_edition(BEFORE_THE_RULE, baseline())
        settings = Settings(data_dir=folder / "data", publisher_url=publisher.url,
                            webhook_url=receiver.hook_url, smtp_url=mail.url)
        daemon = Program(settings, folder)
        try:
            yield Stage(Terminal(), publisher, receiver, mail, daemon, folder)
        finally:
            if daemon.is_running():
                daemon.kill()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, required=True, help="the entitywatch binary")
    parser.add_argument("--once", action="store_true", help="end by itself: status 0 when all was shown, else 1")
    parser.add_argument("--keep", type=Path, help="leave data, log, webhook.json and mail.eml in this new folder")
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell started us ignoring it
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="entitywatch-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    with set_up(arguments.program, folder) as stage:
        status = play(stage, arguments.once)
    if arguments.keep is None and status == 0:  # after a failure the log is wanted
        shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
