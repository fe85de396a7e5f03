"""Plain words on a terminal: numbered steps, findings, quoted text."""

from __future__ import annotations

import os
import sys
import textwrap

WIDTH = 92


class Terminal:
    def __init__(self) -> None:
        self._colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._step = 0

    def title(self, text: str) -> None:
        print(f"\n{self._paint('1', text)}")

    def step(self, text: str) -> None:
        self._step += 1
        print(f"\n{self._paint('1;36', f'{self._step}. {text}')}", flush=True)

    def say(self, text: str) -> None:
        self._fill(text, "   ", "   ")

    def found(self, text: str) -> None:
        mark = self._paint("32", "✓")
        self._fill(text, f"   {mark} ", "     ")

    def failed(self, text: str) -> None:
        print(f"\n{self._paint('1;31', '✗ ' + text)}", flush=True)

    def pair(self, name: str, value: str) -> None:
        print(f"   {name:<22} {value}", flush=True)

    def quote(self, text: str, lines: int, rest: str) -> None:
        """The first lines of a text, framed; `rest` says where the others are."""
        shown = [piece for line in text.splitlines() for piece in _wrapped(line)]
        bar = self._paint("2", "│")
        for line in shown[:lines]:
            print(f"   {bar} {line}")
        if len(shown) > lines:
            print(f"   {bar} {self._paint('2', f'… {len(shown) - lines} more lines {rest}')}")
        sys.stdout.flush()

    def _fill(self, text: str, first: str, further: str) -> None:
        print(textwrap.fill(text, WIDTH, break_on_hyphens=False, initial_indent=first, subsequent_indent=further),
              flush=True)

    def _paint(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colours else text


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, WIDTH - 4, subsequent_indent=indent, break_on_hyphens=False,
                         break_long_words=False) or [""]
