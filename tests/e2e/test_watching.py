"""What watches the daemon: metrics that say what happened, a dashboard and alert rules that ask only for what
there is, the supervisor's watchdog, a log for machines."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from harness import ADDITIONS, Fault, World, open_world, rule_2019_22210, stays, wait_for

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "docs/monitoring"
PROMTOOL = shutil.which("promtool") or str(ROOT / "build/tools/promtool")
NAME = re.compile(r"\bentitywatch_[a-z_]+")
SAMPLE = re.compile(r"^(entitywatch_[a-z_]+)(?:\{(.*)\})? (\S+)$")


def metrics(world: World) -> str:
    with build_opener(ProxyHandler({})).open(world.program.url + "/metrics", timeout=20) as answer:
        return str(answer.read().decode())


def value(world: World, name: str, **labels: str) -> float:
    """The sum of the samples of that name that have these labels."""
    found = 0.0
    for line in metrics(world).splitlines():
        sample = SAMPLE.match(line)
        if sample and sample[1] == name and all(f'{k}="{v}"' in (sample[2] or "") for k, v in labels.items()):
            found += float(sample[3])
    return found


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """After polls that changed something, failed and found nothing new, and deliveries that went and did not."""
    with open_world(tmp_path_factory.mktemp("watching")) as world:
        world.start()
        world.receiver.status = 503
        world.publisher.publish(rule_2019_22210())
        wait_for("a refused try", lambda: world.receiver.calls(), 20)
        world.receiver.status = 204
        world.alert()
        with world.publisher.faulty("/api/versioner", Fault(status=500, body=b"", content_type="text/plain")):
            world.program.wait_for_status("failing", "ecfr")
        with world.publisher.faulty("/api/versioner/v1/full", Fault(body=b"<ECFR><DIV5", content_type="application/xml")):
            world.publisher.publish_edition(date(2019, 10, 20), _same_edition())
            wait_for("XML that cannot be read", lambda: value(world, "entitywatch_polls_total", source="ecfr", outcome="failed") >= 2, 20)
        world.program.wait_for_status("ok")
        yield world


def _same_edition() -> object:
    from harness import baseline
    return baseline()


def test_polls_deliveries_and_times_are_counted(busy: World) -> None:
    count = {outcome: value(busy, "entitywatch_polls_total", source="ecfr", outcome=outcome)
             for outcome in ("unchanged", "failed")}
    assert count["failed"] >= 1 and count["unchanged"] >= 1
    assert value(busy, "entitywatch_polls_total", source="federal_register", outcome="changed") == 1
    assert value(busy, "entitywatch_poll_duration_seconds_count", source="ecfr") >= sum(count.values())
    assert value(busy, "entitywatch_deliveries_total", channel="grc", outcome="retried") >= 1
    assert value(busy, "entitywatch_deliveries_total", channel="grc", outcome="delivered") == 1
    assert value(busy, "entitywatch_deliveries_total", channel="mail", outcome="delivered") == 1
    assert value(busy, "entitywatch_delivery_duration_seconds_count", channel="grc") >= 2
    assert value(busy, "entitywatch_parse_duration_seconds_count", source="federal_register") >= 1
    assert value(busy, "entitywatch_commit_duration_seconds_count") >= 2
    assert value(busy, "entitywatch_http_answer_duration_seconds_count") >= 1
    assert value(busy, "entitywatch_changes_total", kind="added") == ADDITIONS
    assert value(busy, "entitywatch_store_bytes") > 0
    assert value(busy, "entitywatch_outbox_pending") == 0


def test_buckets_never_fall_and_end_at_the_count(busy: World) -> None:
    lines = [SAMPLE.match(line) for line in metrics(busy).splitlines()]
    last: dict[str, float] = {}
    for sample in filter(None, lines):
        if not sample[1].endswith("_bucket"):
            continue
        family = sample[1] + re.sub(r',?le="[^"]*"', "", sample[2])
        assert float(sample[3]) >= last.get(family, 0.0), sample[0]
        last[family] = float(sample[3])
        if 'le="+Inf"' in sample[2]:
            labels = re.sub(r',?le="[^"]*"', "", sample[2])
            name = sample[1].removesuffix("_bucket") + "_count" + (f"{{{labels}}}" if labels else "")
            assert any(s and s[0] == f"{name} {sample[3]}" for s in lines), name
    assert len(last) >= 6


def known(world: World) -> dict[str, str]:
    """Name of every sample that there can be, with the type of its family."""
    names: dict[str, str] = {}
    for line in metrics(world).splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            endings = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            names |= {name + ending: kind for ending in endings}
    return names


def expressions() -> dict[str, str]:
    dashboard = json.loads((MONITORING / "grafana-dashboard.json").read_text())
    found = {f"panel {panel['title']}": target["expr"] for panel in dashboard["panels"] for target in panel["targets"]}
    rules = (MONITORING / "alerts.yml").read_text()
    parts = re.split(r"(?m)^\s+- alert: ", rules)[1:]
    return found | {f"alert {part.split()[0]}": part.split("expr:", 1)[1].split("\n", 1)[0].strip() for part in parts}


def test_dashboard_and_rules_ask_only_for_what_there_is(busy: World) -> None:
    names, asked = known(busy), set()
    for where, expression in expressions().items():
        used = NAME.findall(re.sub(r'"[^"]*"', "", expression))
        assert used or "up{" in expression, f"{where} asks for nothing of ours"
        for name in used:
            assert name in names, f"{where} asks for {name}"
            counted = re.search(rf"(rate|increase)\([^)]*{name}", expression)
            assert bool(counted) == (names[name] in ("counter", "histogram")), f"{where}: {name} is a {names[name]}"
        asked |= set(used)
    assert len(asked) >= 12


def test_prometheus_accepts_the_rules() -> None:
    if not Path(PROMTOOL).exists():
        pytest.skip("SKIPPED: promtool is absent: the alert rules are not checked")
    done = subprocess.run([PROMTOOL, "check", "rules", MONITORING / "alerts.yml"], capture_output=True, text=True,
                          timeout=20, check=False)
    assert done.returncode == 0 and "SUCCESS" in done.stdout, done.stdout + done.stderr


def test_the_watchdog_is_fed_while_all_goes_well(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(path)
        told.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        monkeypatch.setenv("WATCHDOG_USEC", "600000")
        heard: list[str] = []

        def hear() -> list[str]:
            try:
                while True:
                    heard.append(told.recv(4096).decode())
            except BlockingIOError:
                return heard

        world.program.start()
        wait_for("READY", lambda: any("READY=1" in note for note in hear()), 20)
        wait_for("the watchdog to be fed", lambda: hear().count("WATCHDOG=1") >= 3, 20)
        world.program.reload()
        wait_for("RELOADING", lambda: any("RELOADING=1" in note for note in hear()), 20)
        assert world.program.stop() == 0
        assert any("STOPPING=1" in note for note in hear())
        fed = heard.count("WATCHDOG=1")
        stays("nothing after its end", lambda: hear().count("WATCHDOG=1") == fed, 0.3)


def test_the_log_is_lines_of_json_where_asked_for(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        text = world.program.config.read_text()
        world.program.config.write_text(text.replace("[daemon]\n", '[daemon]\nlog_format = "json"\n', 1))
        world.start()
        with world.publisher.faulty("/api/v1/documents", Fault(status=500, body=b'{"a": "\n\x1b[31m"}')):
            world.program.wait_for_status("failing", "federal_register")
        assert world.program.stop() == 0
        lines = [json.loads(line) for line in world.program.log.read_text().splitlines()]
    assert {line["level"] for line in lines} >= {"info", "warning"}
    for line in lines:
        assert set(line) == {"time", "level", "message"} and line["message"]
        assert datetime.fromisoformat(line["time"]).tzinfo is not None
        assert not any(ord(c) < 32 or c == "\x7f" for c in line["message"])


def test_the_log_is_one_line_an_event_for_people(world: World) -> None:
    world.start()
    assert world.program.stop() == 0
    lines = world.program.log.read_text().splitlines()
    assert lines and all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info|warning|error) +\S", line)
                         for line in lines), os.linesep.join(lines)
