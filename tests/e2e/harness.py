"""A small world on loopback around the real program: publishers, a webhook receiver, a mail server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from loopback.documents import FederalRegisterDocument, document_of, rule_2019_22210  # noqa: E402
from loopback.federal_register_xml import Rule  # noqa: E402
from loopback.parties import Edition, Party, baseline, invented_party, organizations_of_2019_22210  # noqa: E402
from loopback.program import Program, Settings, binary  # noqa: E402
from loopback.publisher import CHALLENGE, Fault, Publisher  # noqa: E402
from loopback.receivers import SECRET, MailServer, WebhookCall, WebhookReceiver, text_of  # noqa: E402
from loopback.waiting import stays, wait_for  # noqa: E402

__all__ = [
    "ADDITIONS", "BASELINE_DAY", "CHALLENGE", "LISTED", "RULE", "SECRET", "Edition", "Fault", "MailServer",
    "Party", "Program", "Publisher", "Rule", "Settings", "WebhookCall", "WebhookReceiver", "World", "baseline",
    "binary", "document_of", "invented_party", "open_world", "organizations_of_2019_22210", "rule_2019_22210",
    "small_rule", "stays", "text_of", "told_world", "wait_for",
]

RULE = "2019-22210"
ADDITIONS = len(organizations_of_2019_22210())
BASELINE_DAY = date(2019, 10, 1)
LISTED = len(baseline().entity_list)


@dataclass
class World:
    publisher: Publisher
    receiver: WebhookReceiver
    mail: MailServer
    program: Program

    @property
    def settings(self) -> Settings:
        return self.program.settings

    def start(self) -> None:
        """Starts the program and waits until every source has read its baseline."""
        self.program.start()
        self.program.wait_for_status("ok")

    def alert(self, count: int = 1) -> WebhookCall:
        """The alert number `count`, once it has come."""
        return wait_for(f"webhook alert {count}", lambda: self.receiver.alerts()[count - 1:], 20)[0]

    def quiet(self, alerts: int = 0, seconds: float = 2.0) -> None:
        """No more than `alerts` alerts and as many mails, for some polls."""
        stays(f"{alerts} alerts", lambda: len(self.receiver.alerts()) == alerts, seconds)
        assert len(self.mail.messages()) == alerts


@contextmanager
def open_world(folder: Path, **settings: Any) -> Iterator[World]:
    """Nothing is started but the stand-ins; the baseline edition is published."""
    with ExitStack() as stack:
        publisher = stack.enter_context(Publisher())
        receiver = stack.enter_context(WebhookReceiver())
        mail = stack.enter_context(MailServer())
        publisher.publish_edition(BASELINE_DAY, baseline())
        values = {"data_dir": folder / "data", "publisher_url": publisher.url, "webhook_url": receiver.hook_url,
                  "smtp_url": mail.url}
        world = World(publisher, receiver, mail, Program(Settings(**(values | settings)), folder))
        try:
            yield world
        finally:
            if world.program.is_running():
                try:
                    world.program.stop()  # in order: one that is killed leaves no counts of coverage
                except subprocess.TimeoutExpired:
                    world.program.kill()


@contextmanager
def told_world(folder: Path, *further: FederalRegisterDocument, additions: int) -> Iterator[World]:
    """One in which the rule of October 2019 and further ones, with so many additions, have come and were told."""
    with open_world(folder, log_level="warn", extra='[[subscriptions]]\nname = "everything"\n') as world:
        world.start()
        for document in (rule_2019_22210(), *further):
            world.publisher.publish(document)
        wait_for("every rule", lambda: len(world.program.changes()) == ADDITIONS + additions, 20)
        world.alert(1 + len(further))
        yield world


def small_rule(number: str, published: date, *additions: Party, removals: tuple[Party, ...] = (),
               revisions: tuple[Party, ...] = ()) -> FederalRegisterDocument:
    rule = Rule(number=number, published=published, title=f"Changes to the Entity List {number}", volume=84,
                start_page=56000 + published.toordinal() % 4000, docket=f"{published:%y%m%d}-0001", rin="0694-AH99",
                additions=additions, removals=removals, revisions=revisions)
    return document_of(rule)
