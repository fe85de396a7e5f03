"""From the outbox: at least once, under one id, across failures and restarts."""

from __future__ import annotations

from datetime import date

from harness import ADDITIONS, World, invented_party, rule_2019_22210, small_rule, stays, wait_for


def test_a_refused_webhook_is_tried_again_under_the_same_id(world: World) -> None:
    world.start()
    world.receiver.status = 500
    world.publisher.publish(rule_2019_22210())
    wait_for("three tries", lambda: len(world.receiver.calls()) >= 3, 15)
    world.receiver.status = 204
    call = world.alert()
    tries = world.receiver.calls()
    assert {t.id for t in tries} == {call.id}
    assert all(t.verified for t in tries)
    assert [t.status for t in tries if t.status == 204] == [204]
    stays("no try after the receiver said so", lambda: len(world.receiver.calls()) == len(tries), 2)


def test_an_alert_survives_a_restart(world: World) -> None:
    world.start()
    world.receiver.go_down()
    world.publisher.publish(rule_2019_22210())
    wait_for("the change", world.program.changes, 15)
    wait_for("the mail, which nothing holds up", world.mail.messages, 10)
    assert world.program.stop() == 0
    before = world.receiver.alerts()
    world.receiver.go_up()
    world.program.start()
    call = world.alert()
    assert before == []
    assert call.data["counts"] == {"added": ADDITIONS}
    world.quiet(alerts=1)
    ids = [change["id"] for change in world.program.changes()]
    assert ids[:len(call.data["changes"])] == [change["id"] for change in call.data["changes"]]


def test_a_refused_mail_is_tried_again(world: World) -> None:
    world.start()
    world.mail.refusal = "451 try again later"
    world.publisher.publish(rule_2019_22210())
    world.alert()
    world.mail.refusal = None
    wait_for("the mail", world.mail.messages, 15)
    world.quiet(alerts=1)
    message = world.mail.messages()[0]
    assert message["Message-ID"] and message["Auto-Submitted"] == "auto-generated" and message["List-Id"]


def test_a_redirect_is_a_failure(world: World) -> None:
    world.start()
    world.receiver.status = 302
    world.publisher.publish(rule_2019_22210())
    wait_for("two tries", lambda: len(world.receiver.calls()) >= 2, 15)
    world.receiver.status = 200
    world.alert()


def test_alerts_of_several_rules_leave_in_order(world: World) -> None:
    world.start()
    for day, number in enumerate(("2019-30001", "2019-30002", "2019-30003"), start=14):
        world.publisher.publish(small_rule(number, date(2019, 10, day), invented_party(day)))
    world.alert(3)
    assert [a.data["document"]["number"] for a in world.receiver.alerts()] == ["2019-30001", "2019-30002",
                                                                              "2019-30003"]
    assert len({a.id for a in world.receiver.alerts()}) == 3
