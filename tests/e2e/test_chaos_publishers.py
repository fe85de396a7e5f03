"""A short run of chaos_publishers.py and, before the receivers, the same troubles."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chaos_publishers import TROUBLES, play
from harness import World, invented_party, open_world, small_rule, wait_for
from loopback.chaos_proxy import ChaosProxy
from urllib.parse import urlsplit


def test_no_trouble_of_the_network_is_taken_for_removals(tmp_path: Path) -> None:
    figures = play(tmp_path, every=20_000, troubles=2)
    print(figures.line())
    assert figures.good(), [figures.line(), *figures.removals, *figures.late, *figures.controls_missed]


@pytest.mark.parametrize("names", [list(TROUBLES)[n::3] for n in range(3)], ids=lambda names: ", ".join(names))
def test_alerts_arrive_once_the_way_to_the_receivers_is_well(tmp_path: Path, names: list[str]) -> None:
    with open_world(tmp_path, delivery_extra='timeout = "1s"', max_retry="300ms") as world:
        mail_port = urlsplit(world.mail.url).port
        assert mail_port
        with ChaosProxy.before(world.receiver.url) as hooks, ChaosProxy(mail_port) as mails:
            text = world.program.config.read_text().replace(world.receiver.url, hooks.url).replace(world.mail.url, f"smtp://127.0.0.1:{mails.port}")
            world.program.config.write_text(text)
            world.start()
            for turn, name in enumerate(names, 1):
                trouble(world, hooks, mails, name, turn)
        ids = [call.id for call in world.receiver.alerts()]
        assert len(set(ids)) == len(names) and all(call.verified for call in world.receiver.calls())


def trouble(world: World, hooks: ChaosProxy, mails: ChaosProxy, name: str, turn: int) -> None:
    for proxy in (hooks, mails):
        if name == "down":
            proxy.go_down()
        proxy.set(TROUBLES[name])
    number = f"2019-227{turn:02}"
    world.publisher.publish(small_rule(number, date(2019, 10, 10), invented_party(turn)))
    wait_for("a try under trouble", lambda: any(d["attempts"] > 0 for d in world.program.listing("deliveries")
                                               if d["alert_id"] not in {c.id for c in world.receiver.alerts()[:turn - 1]}), 20)
    for proxy in (hooks, mails):
        if name == "down":
            proxy.go_up()
        proxy.set(None)
    assert world.alert(turn).data["document"]["number"] == number
    wait_for("everything delivered", lambda: all(d["status"] == "delivered" for d in world.program.listing("deliveries")), 20)
    assert len({m["Message-ID"] for m in world.mail.messages()}) == turn
