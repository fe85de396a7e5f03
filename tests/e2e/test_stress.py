"""A short stress run; the long one is stress.py."""

from __future__ import annotations

from pathlib import Path

import stress


def test_everything_at_once(tmp_path: Path) -> None:
    figures = stress.play(tmp_path, seconds=15, readers=2)
    assert figures.good(), figures.line()
    assert figures.backups > 0 and figures.changes > 10 and figures.alerts > 0, figures.line()
    assert set(figures.answers) == {200}, figures.line()
