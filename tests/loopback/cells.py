"""The entity cell as lines, the way both publishers set it: name, aliases, addresses."""

from __future__ import annotations

from .parties import Party

_COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count_word(count: int) -> str:
    return _COUNT_WORDS[count] if count < len(_COUNT_WORDS) else str(count)


def entity_lines(party: Party, conjunction: str) -> list[str]:
    """`conjunction` is "and" with the publisher's markup; the texts around it are plain."""
    lines = [f"{party.name},"]
    address = _address(party, conjunction)
    for mark, names in (("a.k.a.", party.aliases), ("f.k.a.", party.former_names)):
        if names:
            lines[-1] += f" {mark}, the following {count_word(len(names))} alias{'es' if len(names) > 1 else ''}:"
            lines.extend(_dashed(names, conjunction))
    if len(lines) == 1:
        return [f"{lines[0]} {address}"]
    return [*lines, address]


def _dashed(names: tuple[str, ...], conjunction: str) -> list[str]:
    lines = [f"—{name};" for name in names]
    if len(lines) > 1:
        lines[-2] += f" {conjunction}"
    lines[-1] = lines[-1].removesuffix(";").removesuffix(".") + "."
    return lines


def _address(party: Party, conjunction: str) -> str:
    text = f"; {conjunction} ".join(party.addresses).removesuffix(".") + "."
    if party.see_also:
        text += f" (See alternate addresses under {' and '.join(party.see_also)})."
    return text
