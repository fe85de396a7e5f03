#!/usr/bin/python3
"""An outbox full of alerts, receivers that fail at random, and a daemon that is killed every few seconds:
nothing may be lost, what comes twice comes under the same id, and the order within a channel and document
holds.

    tests/e2e/chaos_delivery.py --alerts 100000 [--seed N] [--channels N] [--parallel N]
                                               (the program: ENTITYWATCH_BINARY)
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from harness import SECRET, Program, Settings, binary, wait_for
from loopback.http_server import Request
from loopback.receivers import signature_holds

PARALLEL = 16
TIMEOUT = 2.0  # of a delivery
# What befalls a request, a hundred: the rest is answered 204 at once.
FAULTS = {"error": 4.0, "slow down": 1.0, "redirect": 1.0, "cut": 2.0, "cut in the answer": 0.5, "slow": 1.5,
          "hang": 0.15}


@dataclass
class Figures:
    alerts: int = 0
    seconds: float = 0.0
    kills: int = 0
    calls: int = 0
    accepted: int = 0  # 2xx answered, repetitions included
    lost: int = 0
    repeated: int = 0
    bound: int = 0  # kills x deliveries in flight
    out_of_order: int = 0
    strangers: int = 0  # ids or signatures that do not hold, redirects followed
    still_pending: int = 0
    befell: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        fates = ", ".join(f"{count} {fate}" for fate, count in sorted(self.befell.items()))
        return (f"{self.alerts} alerts, {self.calls} calls in {self.seconds:.0f} s, {self.kills} times kill -9; "
                f"lost {self.lost}, repeated {self.repeated} (at most {self.bound}), out of order "
                f"{self.out_of_order}, wrong ids or signatures {self.strangers}, left pending {self.still_pending}\n"
                f"answers: {fates}")

    def good(self) -> bool:
        return not (self.lost or self.out_of_order or self.strangers or self.still_pending
                    or self.repeated > self.bound)


class ChaosReceiver:
    """One port, a path a channel. Answers as chance has it and remembers what it accepted."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._fates, self._weights = zip(*FAULTS.items())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0
        self.accepted: Counter[str] = Counter()  # by alert id
        self.order: dict[tuple[str, str], list[int]] = defaultdict(list)  # (channel, document) -> numbers
        self.numbers: dict[int, str] = {}  # number -> alert id
        self.befell: Counter[str] = Counter()
        self.calls = 0
        self.strangers = 0

    def __enter__(self) -> Self:
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self._server = server.result(5)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, OSError):
            pass  # the daemon was killed, or gave up waiting
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.calls += 1
        fate = self._fate()
        self.befell[fate] += 1
        if fate == "hang":
            await reader.read(1)  # until the far side goes away
            return False
        if fate == "cut":
            return False
        if fate == "cut in the answer":
            writer.write(b"HTTP/1.1 2")
            return False
        if fate == "slow":
            await asyncio.sleep(self._random.uniform(0.05, 0.4))
            if reader.at_eof() or writer.is_closing():
                return False
        if fate in ("accepted", "slow"):
            self._accept(Request(method, target, headers, body))
        writer.write(_answer(fate, self._random))
        await writer.drain()
        return True

    def _fate(self) -> str:
        draw = self._random.uniform(0, 100)
        for fate, weight in zip(self._fates, self._weights):
            if draw < weight:
                return str(fate)
            draw -= weight
        return "accepted"

    def _accept(self, request: Request) -> None:
        identity = request.headers.get("webhook-id", "")
        place = request.body.find(b'"subscription":"chaos ')
        if place < 0 or not signature_holds(request, SECRET, time.time()) or request.path.startswith("/elsewhere"):
            self.strangers += 1
            return
        document, number = request.body[place + 22:place + 60].split(b'"')[0].split(b" ")
        self.accepted[identity] += 1
        if self.numbers.setdefault(int(number), identity) != identity:
            self.strangers += 1
        self.order[request.path, document.decode()].append(int(number))


def _answer(fate: str, chance: random.Random) -> bytes:
    if fate == "error":
        return b"HTTP/1.1 %d Oops\r\nContent-Length: 0\r\n\r\n" % chance.choice((500, 502, 503, 504, 401, 418))
    if fate == "slow down":
        return b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
    if fate == "redirect":
        return b"HTTP/1.1 %d Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n" % chance.choice((301, 302, 307))
    return b"HTTP/1.1 204 No Content\r\n\r\n"


def _settings(folder: Path, port: int, channels: list[str], parallel: int) -> Settings:
    blocks = "\n\n".join(f'[[channels]]\nname = "{name}"\ntype = "webhook"\nurl = "http://127.0.0.1:{port}/{name}"\n'
                         f'secret = "{SECRET}"\nallow_private_network = true' for name in channels)
    return Settings(data_dir=folder / "data", publisher_url="", sources=(), log_level="warn", first_retry="20ms",
                    max_retry="300ms", delivery_extra=f'timeout = "{TIMEOUT * 1000:.0f}ms"\nparallel = {parallel}',
                    extra=blocks)


def _expect_order(numbers: list[int]) -> int:
    """How many numbers came first after a later one had come."""
    seen: set[int] = set()
    last, wrong = -1, 0
    for number in numbers:
        if number in seen:
            continue
        seen.add(number)
        wrong += number < last
        last = max(last, number)
    return wrong


def play(folder: Path, alerts: int, seed: int, channel_count: int = 4, parallel: int = PARALLEL,
         between_kills: tuple[float, float] = (2.0, 5.0), patience: float = 60.0, progress: bool = False) -> Figures:
    chance = random.Random(seed)
    channels = [f"hook{index}" for index in range(channel_count)]
    figures = Figures(alerts=alerts)
    with ChaosReceiver(seed) as receiver:
        program = Program(_settings(folder, receiver.port, channels, parallel), folder)
        subprocess.run([binary().parent.parent / "tests/e2e/fill_outbox", folder / "data", str(alerts),
                        str(max(channel_count, alerts // 20)), *channels], check=True, timeout=300)
        start = last_progress = time.monotonic()
        program.start(ready=False)
        before = 0
        while len(receiver.accepted) < alerts and time.monotonic() - last_progress < patience:
            time.sleep(chance.uniform(*between_kills))
            if len(receiver.accepted) > before:
                before, last_progress = len(receiver.accepted), time.monotonic()
            if progress:
                print(f"{before} of {alerts} after {time.monotonic() - start:.0f} s, {figures.kills} kills", flush=True)
            if len(receiver.accepted) < alerts:
                program.kill()
                figures.kills += 1
                program.start(ready=False)
        figures.seconds = time.monotonic() - start
        wait_for("the endpoint", program.is_ready, 60)
        try:
            wait_for("an empty outbox", lambda: not program.get("/v1/deliveries", status="pending", limit=1)["deliveries"],
                     30)
        except TimeoutError:
            figures.still_pending = len(program.listing("deliveries", status="pending"))
        assert program.stop() == 0
    figures.calls, figures.befell = receiver.calls, receiver.befell
    figures.accepted = receiver.accepted.total()
    figures.lost = alerts - len(receiver.accepted)
    figures.repeated = figures.accepted - len(receiver.accepted)
    figures.bound = figures.kills * parallel * channel_count
    figures.strangers = receiver.strangers
    figures.out_of_order = sum(_expect_order(numbers) for numbers in receiver.order.values())
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alerts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--channels", type=int, default=4)
    parser.add_argument("--parallel", type=int, default=PARALLEL)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="entitywatch-chaos-") as folder:
        figures = play(Path(folder), arguments.alerts, arguments.seed, arguments.channels, arguments.parallel,
                       progress=True)
    print(figures.line())
    return 0 if figures.good() else 1


if __name__ == "__main__":
    sys.exit(main())
