from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import World, binary, open_world


def pytest_sessionstart() -> None:
    if not binary().exists():
        pytest.exit(f"no program at {binary()}: build it, or name it in ENTITYWATCH_BINARY", returncode=2)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path) as opened:
        yield opened
        print(f"---- the daemon's log ----\n{opened.program.log_tail(150)}")  # shown when the test failed
