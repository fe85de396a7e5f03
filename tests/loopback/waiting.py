"""Waiting for something to come true, bounded in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(what: str, probe: Callable[[], T | None], seconds: float, every: float = 0.05) -> T:
    """The first true answer of `probe`; TimeoutError naming `what` when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() >= deadline:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(every)


def stays(what: str, probe: Callable[[], object], seconds: float, every: float = 0.1) -> None:
    """AssertionError naming `what` as soon as `probe` is false within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not probe():
            raise AssertionError(f"did not hold: {what}")
        time.sleep(every)
