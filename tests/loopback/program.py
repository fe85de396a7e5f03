"""The program under test: its configuration, its process, its endpoint."""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from .receivers import SECRET, free_port
from .waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
_urlopen = build_opener(ProxyHandler({})).open  # loopback never goes through a proxy
STARTS_WITHIN = 20.0
STOPS_WITHIN = 5.0


def environment() -> dict[str, str]:
    """Ours without proxies: everything here is on loopback."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def binary() -> Path:
    """ENTITYWATCH_BINARY, else that of the dev preset."""
    return Path(os.environ.get("ENTITYWATCH_BINARY") or ROOT / "build/dev/daemon/entitywatch")


@dataclass
class Settings:
    """What a configuration file of these tests says; `to_toml` writes it."""

    data_dir: Path
    publisher_url: str
    webhook_url: str = ""
    smtp_url: str = ""
    port: int = field(default_factory=free_port)
    sources: tuple[str, ...] = ("federal_register", "ecfr")
    poll: str = "1s"
    polls: dict[str, str] = field(default_factory=dict)  # of sources that have another
    source_extra: str = ""  # further lines of every source
    first_retry: str = "250ms"
    max_retry: str = "1s"
    delivery_extra: str = ""  # further lines of [delivery]
    mail_to: tuple[str, ...] = ("compliance@example.org",)
    operators_channel: str = ""  # the first, where none is named
    after: int = 3
    operators_extra: str = ""  # further lines of [operators]
    log_level: str = "debug"
    extra: str = ""  # further tables, as they are

    def to_toml(self) -> str:
        blocks = [
            f'[daemon]\ndata_dir = "{self.data_dir}"\nlisten = "127.0.0.1:{self.port}"\n'
            f'log_level = "{self.log_level}"\ncontact = "operations@example.org"',
            "[sources]\ndefaults = false",
            *(self._source(name) for name in self.sources),
            f'[delivery]\nfirst_retry = "{self.first_retry}"\nmax_retry = "{self.max_retry}"\n{self.delivery_extra}',
            *self._channels(),
            self.extra,
        ]
        return "\n\n".join(block for block in blocks if block) + "\n"

    def _source(self, name: str) -> str:
        lines = [f"[sources.{name}]", "enabled = true", f'base_url = "{self.publisher_url}"', 
                 f'poll = "{self.polls.get(name, self.poll)}"']
        return "\n".join([*lines, self.source_extra]).strip()

    def _channels(self) -> list[str]:
        blocks, names = [], []
        if self.webhook_url:
            names.append("grc")
            blocks.append(f'[[channels]]\nname = "grc"\ntype = "webhook"\nurl = "{self.webhook_url}"\n'
                          f'secret = "{SECRET}"\nallow_private_network = true')
        if self.smtp_url:
            names.append("mail")
            blocks.append(f'[[channels]]\nname = "mail"\ntype = "email"\nsmtp = "{self.smtp_url}"\n'
                          f'from = "entitywatch@example.org"\nto = {json.dumps(self.mail_to)}\n'
                          "allow_private_network = true")
        if names:
            blocks.append(f"[operators]\nchannels = {json.dumps([self.operators_channel or names[0]])}\nafter = {self.after}\n{self.operators_extra}")
        return blocks


class Program:
    """`entitywatch run` as a process of its own, and the other commands beside it."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.config = folder / "entitywatch.toml"
        self.log = folder / "entitywatch.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.write_config()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def write_config(self) -> None:
        self.config.write_text(self.settings.to_toml())

    def start(self, ready: bool = True) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([binary(), "run", "--config", self.config],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(),
                                            start_new_session=True)  # a Ctrl-C is ours to pass on
        if ready:
            wait_for("the daemon to be ready", self.is_ready, STARTS_WITHIN)

    def stop(self) -> int:
        """SIGTERM; the exit status. TimeoutExpired when it does not stop within seconds."""
        return self._end(signal.SIGTERM)

    def interrupt(self) -> int:
        return self._end(signal.SIGINT)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def reload(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGHUP)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def log_tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """A JSON answer of the endpoint; HTTPError for problems."""
        target = f"{self.url}{path}" + (f"?{urlencode(query)}" if query else "")
        with _urlopen(target, timeout=10) as answer:
            found = json.load(answer)
        assert isinstance(found, dict), f"{path} answered no object"
        return found

    def status_of(self, path: str) -> int:
        try:
            with _urlopen(f"{self.url}{path}", timeout=10) as answer:
                return int(answer.status)
        except HTTPError as problem:
            return problem.code

    def listing(self, name: str, **query: str | int) -> list[dict[str, Any]]:
        """All of /v1/NAME, page by page."""
        rows: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            answer = self.get(f"/v1/{name}", **(query | cursor))
            if not answer[name]:
                return rows
            rows += answer[name]
            cursor = {"cursor": str(answer["next_cursor"])}

    def changes(self, **query: str | int) -> list[dict[str, Any]]:
        return self.listing("changes", **query)

    def entries(self, **query: str | int) -> list[dict[str, Any]]:
        return self.listing("entries", **query)

    def source(self, name: str) -> dict[str, Any]:
        return next(row for row in self.get("/v1/sources")["sources"] if row["name"] == name)

    def wait_for_status(self, status: str, *sources: str, seconds: float = 30) -> None:
        for name in sources or self.settings.sources:
            wait_for(f"source {name} to be {status}", lambda: self.source(name)["status"] == status, seconds)

    def wait_for_polls(self, *sources: str, count: int = 1, seconds: float = 30) -> None:
        """Until each source has succeeded `count` more times."""
        for name in sources or self.settings.sources:
            for _ in range(count):
                before = self.source(name)["last_success_at"]
                wait_for(f"source {name} to be polled",
                         lambda: self.source(name)["last_success_at"] not in (None, before), seconds)

    def beside(self, config: Path) -> Program:
        """The same program with a configuration that is there already; it is not running."""
        other = copy.copy(self)
        other.config, other.process = config, None
        return other

    def run(self, *arguments: str | Path, seconds: float = 60,
            at: datetime | None = None) -> subprocess.CompletedProcess[str]:
        """Another command with the same configuration, to its end; `at` another time (UTC) than now."""
        call = [str(binary()), *map(str, arguments), "--config", str(self.config)]
        if at is not None:
            call = ["env", "TZ=UTC", "faketime", "--exclude-monotonic", "-f", f"@{at:%Y-%m-%d %H:%M:%S}", *call]
        return subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds,
                              env=environment(), check=False)

    def is_ready(self) -> bool:
        if not self.is_running():
            raise RuntimeError(f"the daemon ended before it was ready; its log:\n{self.log_tail()}")
        try:
            return self.status_of("/readyz") == 200
        except (URLError, OSError):
            return False

    def _end(self, how: signal.Signals) -> int:
        assert self.process is not None, "the daemon was not started"
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(STOPS_WITHIN)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self.process is None:
            return
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOPS_WITHIN)
            raise
