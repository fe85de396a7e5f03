"""Canaries: every kind of secret is a word that occurs nowhere else. After successes and failures of every
channel it is looked for wherever something of the daemon can be read."""

from __future__ import annotations

import base64
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request as Ask, build_opener

import pytest

from harness import World, open_world, rule_2019_22210, small_rule, invented_party, wait_for
from loopback.http_server import Answer, LoopbackServer, Request
from loopback.program import binary
from loopback.receivers import free_port

CHATS = ("slack", "teams", "discord", "mattermost", "googlechat")
SECRET_BYTES = b"canary-of-the-signing-secret-001"
PRIVATE_KEY = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True, text=True, check=True).stdout
CANARIES = {
    "write token": "canary-token-write-91c1", "read token": "canary-token-read-77ab",
    "webhook secret": "whsec_" + base64.b64encode(SECRET_BYTES).decode(), "webhook key": SECRET_BYTES.decode(),
    "webhook query": "canary-query-5d02", "webhook password": "canary-userinfo-31fe",
    "smtp password": "canary-mail-password-e8", "smtp password on the wire": base64.b64encode(b"\0watcher\0canary-mail-password-e8").decode(),
    "heartbeat": "canary-heartbeat-4411", "evidence key": PRIVATE_KEY.splitlines()[1],
    "counterparty": "Canaria Zweihundert Handelsges", "screened name": "Kanarienvogel Niemandsland",
} | {f"{chat} address": f"canary-{chat}-address-66" for chat in CHATS}


class Echo(LoopbackServer):
    """A receiver that tells everything it was told, with the status asked for."""

    def __init__(self) -> None:
        self.status = 500
        self.seen: list[str] = []
        super().__init__()

    def answer(self, request: Request) -> Answer:
        self.seen.append(request.target)
        told = f"{request.method} {self.url}{request.target} {dict(request.headers)} ".encode() + request.body[:200]
        return Answer(self.status, "text/plain", told)


class AngryMail(LoopbackServer):
    """A mail server without TLS that repeats the words of whoever logs in, and refuses."""

    def go_up(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        import threading
        threading.Thread(target=self._serve, daemon=True).start()

    def go_down(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", buffering=0) as lines:
                lines.write(b"220 echo\r\n")
                while line := lines.readline():
                    if line.upper().startswith(b"EHLO"):
                        lines.write(b"250-echo\r\n250 AUTH PLAIN LOGIN\r\n")
                    elif line.upper().startswith(b"QUIT"):
                        break
                    else:
                        lines.write(b"535 you said " + line.strip()[:300] + b" canary-mail-password-e8\r\n")


@dataclass
class Stage:
    world: World
    echo: Echo
    mail: AngryMail
    folder: Path

    def ask(self, path: str, token: str = "write token", body: bytes | None = None, method: str | None = None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {CANARIES[token]}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            with build_opener(ProxyHandler({})).open(Ask(self.world.program.url + path, body, headers, method=method), timeout=20) as answer:
                return answer.status, answer.read()
        except HTTPError as problem:
            return problem.code, problem.read()

    def get(self, path: str) -> Any:
        return json.loads(self.ask(path)[1])


def secret_file(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text + "\n")
    (folder / name).chmod(0o600)
    return str(folder / name)


def configuration(folder: Path, echo: Echo, mail: AngryMail) -> str:
    host = f"127.0.0.1:{echo.port}"
    webhook = f"http://watcher:{CANARIES['webhook password']}@{host}/hook?key={CANARIES['webhook query']}"
    blocks = [f'[[channels]]\nname = "hook"\ntype = "webhook"\nurl_file = "{secret_file(folder, "hook.url", webhook)}"\n'
              f'secret_file = "{secret_file(folder, "hook.secret", CANARIES["webhook secret"])}"\nallow_private_network = true',
              f'[[channels]]\nname = "post"\ntype = "email"\nsmtp = "smtp://127.0.0.1:{mail.port}"\ntls = "none"\nfrom = "a@example.org"\n'
              f'to = ["b@example.org"]\nusername = "watcher"\npassword_file = "{secret_file(folder, "mail.password", CANARIES["smtp password"])}"\n'
              'allow_private_network = true']
    for chat in CHATS:
        url = f"http://{host}/{chat}/{CANARIES[f'{chat} address']}"
        blocks.append(f'[[channels]]\nname = "{chat}"\ntype = "{chat}"\nurl_file = "{secret_file(folder, chat + ".url", url)}"\nallow_private_network = true')
    blocks.append('[[subscriptions]]\nname = "all"\nchannels = ["hook", "post", ' + ", ".join(f'"{chat}"' for chat in CHATS) + "]")
    (folder / "parties.csv").write_text(f"name\n{CANARIES['counterparty']}\nHangzhou Hikvision Digital Technology\n")
    blocks.append(f'[[subscriptions]]\nname = "ours"\nchannels = ["hook"]\nwatchlist = "{folder / "parties.csv"}"')
    beat = secret_file(folder, "beat.url", f"http://{host}/beat/{CANARIES['heartbeat']}")
    blocks.append(f'[operators]\nchannels = ["hook"]\nafter = 1\ncheck = "1s"\nheartbeat_url_file = "{beat}"')
    blocks.append(f'[evidence]\nsigning_key_file = "{secret_file(folder, "evidence.pem", PRIVATE_KEY)}"')
    return "\n\n".join(blocks)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("secrets")
    with Echo() as echo, AngryMail() as mail:
        with open_world(folder, webhook_url="", smtp_url="", log_level="trace", max_retry="500ms",
                        extra=configuration(folder, echo, mail)) as world:
            tokens = secret_file(folder, "tokens", f"write:{CANARIES['write token']}\nread:{CANARIES['read token']}")
            text = world.program.config.read_text().replace("[daemon]\n", f'[daemon]\ntoken_file = "{tokens}"\n', 1)
            world.program.config.write_text(text)
            world.program.start()
            stage = Stage(world, echo, mail, folder)
            play(stage)
            yield stage


def play(stage: Stage) -> None:
    """Every channel fails with an answer that repeats what it was sent, then succeeds, then is refused for good."""
    wait_for("the sources", lambda: all(s["status"] == "ok" for s in stage.get("/v1/sources")["sources"] if s["enabled"]), 20)
    stage.world.publisher.publish(rule_2019_22210())
    wait_for("failures of all", lambda: {d["channel"] for d in stage.get("/v1/deliveries")["deliveries"] if d["attempts"] > 1} >= {"hook", "post", *CHATS}, 30)
    wait_for("a heartbeat", lambda: any("beat" in target for target in stage.echo.seen), 20)
    stage.echo.status = 200
    wait_for("successes", lambda: {d["channel"] for d in stage.get("/v1/deliveries")["deliveries"] if d["status"] == "delivered"} >= {"hook", *CHATS}, 60)
    stage.echo.status = 404
    stage.world.publisher.publish(small_rule("2019-22600", rule_2019_22210().published, invented_party(3)))
    wait_for("refusals", lambda: {d["channel"] for d in stage.get("/v1/deliveries")["deliveries"] if d["status"] == "dead"} >= set(CHATS), 30)
    stage.ask(f"/v1/screen?name={CANARIES['screened name'].replace(' ', '%20')}")
    stage.ask("/v1/sources", token="")
    stage.world.program.reload()
    wait_for("the reload", lambda: "configuration reloaded" in stage.world.program.log.read_text(), 20)
    for command in (("alerts", "test", "hook"), ("alerts", "test", "slack"), ("alerts", "test", "post"), ("deliveries",), ("check-config",), ("evidence-key",), ("subscriptions", "list")):
        done = stage.world.program.run(*command)
        (stage.folder / ("output-" + "-".join(command))).write_text(done.stdout + done.stderr)


def found_in(what: bytes | str) -> set[str]:
    text = what if isinstance(what, bytes) else what.encode()
    return {name for name, canary in CANARIES.items() if canary.encode() in text or json.dumps(canary).strip('"').encode() in text}


def test_the_canaries_were_used(stage: Stage) -> None:
    """The control: what was sent holds them, so they would be found where they leaked."""
    sent = "\n".join(stage.echo.seen)
    for name in ("webhook query", "heartbeat", *(f"{chat} address" for chat in CHATS)):
        assert CANARIES[name] in sent, name
    assert found_in((stage.folder / "hook.secret").read_bytes()) == {"webhook secret"}
    assert stage.ask("/v1/sources", token="read token")[0] == 200


def test_the_log_holds_none(stage: Stage) -> None:
    log = stage.world.program.log.read_bytes()
    assert len(log) > 1000 and b"hook" in log and b"slack" in log
    assert found_in(log) == set()


def test_what_commands_print_holds_none(stage: Stage) -> None:
    outputs = sorted(stage.folder.glob("output-*"))
    assert len(outputs) == 7 and all(file.stat().st_size > 0 for file in outputs)
    for file in outputs:
        assert found_in(file.read_bytes()) == set(), file.name


def test_no_answer_of_the_endpoint_holds_one(stage: Stage) -> None:
    described = json.loads(stage.ask("/openapi.json")[1])
    change = stage.get("/v1/changes")["changes"][0]
    values = {"id": change["id"], "number": change["document"]["number"], "sha256": change["evidence"]["sha256"], "name": "ours"}
    asked = 0
    for pattern, methods in described["paths"].items():
        if "get" not in methods or pattern in ("/v1/changes/stream", "/v1/screen"):
            continue
        entry = change["entry"]["id"] if pattern.startswith("/v1/entries/") else None
        path = re.sub(r"\{(\w+)\}", lambda m: entry or values[m[1]], pattern)
        if path.endswith("/preview"):
            path += "?channel=slack"
        status, body = stage.ask(path)
        assert status == 200, (path, body[:200])
        assert found_in(body) - {"screened name"} == set(), path
        asked += 1
    assert asked >= 20
    for path, body in (("/v1/deliveries?status=dead", None), ("/v1/subscriptions", b"{}"), ("/v1/nothing", None)):
        assert found_in(stage.ask(path, body=body)[1]) == set(), path


def test_neither_the_database_nor_the_process_list_holds_one(stage: Stage) -> None:
    pid = stage.world.program.process.pid  # type: ignore[union-attr]
    for part in ("cmdline", "environ"):
        assert found_in(Path(f"/proc/{pid}/{part}").read_bytes()) == set(), part
    database = stage.world.settings.data_dir / "db"
    assert len(list(database.iterdir())) > 5
    for file in database.iterdir():
        assert found_in(file.read_bytes()) == set(), file.name


def writable_and_executable(pid: int) -> list[str]:
    return [line for line in Path(f"/proc/{pid}/maps").read_text().splitlines() if "w" in line.split()[1] and "x" in line.split()[1]]


def test_no_memory_is_writable_and_executable(stage: Stage) -> None:
    assert writable_and_executable(stage.world.program.process.pid) == []  # type: ignore[union-attr]


def test_writable_and_executable_memory_would_be_seen() -> None:
    code = "import mmap, sys; m = mmap.mmap(-1, 4096, prot=7); print('there', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stdin is not None
        child.stdout.readline()
        assert len(writable_and_executable(child.pid)) == 1
        child.stdin.close()


def with_cores(folder: Path) -> dict[str, Any]:
    return {"cwd": folder, "preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))}


def test_an_aborted_daemon_leaves_no_core(tmp_path: Path) -> None:
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if "/" in pattern or pattern.startswith("|") or resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip(f"SKIPPED: cores do not go to the working directory here ({pattern})")
    control = subprocess.run([sys.executable, "-c", "import os; word = 'canary-' + 'core'; os.abort()"], check=False, **with_cores(tmp_path))
    assert control.returncode == -signal.SIGABRT
    cores = list(tmp_path.glob("core*"))
    assert cores and b"canary-core" in cores[0].read_bytes(), "the control leaves one"
    for core in cores:
        core.unlink()
    token = secret_file(tmp_path, "token", CANARIES["write token"])
    (tmp_path / "c.toml").write_text(f'[daemon]\ndata_dir = "{tmp_path / "data"}"\nlisten = "127.0.0.1:{free_port()}"\n'
                                     f'token_file = "{token}"\n[sources]\ndefaults = false\n')
    with subprocess.Popen([binary(), "run", "--config", tmp_path / "c.toml"], stderr=subprocess.PIPE, **with_cores(tmp_path)) as daemon:
        assert daemon.stderr is not None
        try:
            while b"serves" not in daemon.stderr.readline():
                assert daemon.poll() is None
            limits = Path(f"/proc/{daemon.pid}/limits").read_text()
            assert re.search(r"Max core file size +0 +0 ", limits), limits
            os.kill(daemon.pid, signal.SIGABRT)
            assert daemon.wait(10) == -signal.SIGABRT
        finally:
            daemon.kill()
    assert list(tmp_path.glob("core*")) == []
