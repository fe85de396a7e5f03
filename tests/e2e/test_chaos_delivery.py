"""A short chaos run; the long one is chaos_delivery.py."""

from __future__ import annotations

from pathlib import Path

import chaos_delivery


def test_nothing_is_lost_when_everything_fails_at_random(tmp_path: Path) -> None:
    figures = chaos_delivery.play(tmp_path, alerts=1_500, seed=7, between_kills=(0.8, 1.5))
    assert figures.good(), figures.line()
    assert figures.kills > 0 and figures.befell["error"] > 0, figures.line()


def test_the_order_check_can_fail() -> None:
    assert chaos_delivery._expect_order([1, 2, 2, 3, 1]) == 0
    assert chaos_delivery._expect_order([1, 3, 2]) == 1
