#!/usr/bin/python3
"""What a rule looks like in every channel: replays it through the real program and keeps what each receiver
got, with its size against the receiver's limit and what a reader sees of it.

    tests/e2e/channel_samples.py --out DIR [RULE.xml …]     (without a rule: a made one of 500 entries)
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from harness import SECRET, MailServer, Program, Settings, invented_party, small_rule, text_of
from loopback.http_server import Answer, LoopbackServer, Request

OLD_SECRET = "whsec_b2xkLXNlY3JldC1vbGQtc2VjcmV0LW9sZC1zZWNyZXQ="
CHATS = ("slack", "teams", "discord", "mattermost", "googlechat")
RECIPIENTS = ("compliance@example.org", "deputy@example.org")
MADE_RULE = "2026-05000"


@dataclass(frozen=True)
class Seen:
    """One channel's message: `size` of what `limit` bounds, and how many entries are named in it."""

    channel: str
    size: int
    limit: int | None
    unit: str
    named: int
    counted: str  # how it says that there are more

    def line(self) -> str:
        limit = f"of {self.limit:,}" if self.limit else "without limit"
        return f"{self.channel:<11} {self.size:>9,} {limit:<14} {self.unit:<11} names {self.named:>3}   {self.counted}"


class Recorder(LoopbackServer):
    """Accepts everything; the last request of each path is kept."""

    def __init__(self) -> None:
        self.requests: dict[str, Request] = {}
        super().__init__()

    def answer(self, request: Request) -> Answer:
        self.requests[request.path.strip("/")] = request
        return Answer(200, "text/plain", b"ok")


def made_rule(folder: Path, entries: int) -> Path:
    parties = tuple(invented_party(number) for number in range(entries))
    path = folder / f"{MADE_RULE}.xml"
    path.write_bytes(small_rule(MADE_RULE, date(2026, 3, 10), *parties).xml)
    return path


def _config(recorder: Recorder, mail: MailServer, out: Path) -> str:
    url = recorder.url
    chats = "\n".join(f'[[channels]]\nname = "{kind}"\ntype = "{kind}"\nurl = "{url}/{kind}"\nallow_private_network = true'
                      for kind in CHATS)
    return f"""{chats}
[[channels]]
name = "webhook"
type = "webhook"
url = "{url}/webhook"
secret = {json.dumps([SECRET, OLD_SECRET])}
allow_private_network = true
[[channels]]
name = "email"
type = "email"
smtp = "{mail.url}"
from = "entitywatch@example.org"
to = {json.dumps(RECIPIENTS)}
allow_private_network = true
[[channels]]
name = "file"
type = "file"
path = "{out}/file.body"
[[channels]]
name = "command"
type = "command"
command = ["/usr/bin/tee", "{out}/command.body"]
"""


def make(out: Path, rules: list[Path]) -> None:
    """Leaves CHANNEL.body for every channel, webhook.headers, webhook.secrets and email.eml in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with Recorder() as recorder, MailServer() as mail:
        settings = Settings(data_dir=out / "data", publisher_url="", sources=(), extra=_config(recorder, mail, out))
        ran = Program(settings, out).run("replay", *rules, seconds=120)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        for kind in (*CHATS, "webhook"):
            (out / f"{kind}.body").write_bytes(recorder.requests[kind].body)
        (out / "webhook.headers").write_text(json.dumps(recorder.requests["webhook"].headers))
        (out / "webhook.secrets").write_text(json.dumps([SECRET, OLD_SECRET]))
        message = mail.messages()[-1]
        (out / "email.eml").write_bytes(mail.raw()[-1])
        (out / "email.html").write_text(text_of(message, "html"))
        (out / "email.txt").write_text(text_of(message, "plain"))
        csv = next((part for part in message.walk() if part.get_content_type() == "text/csv"), None)
        if csv is not None:
            (out / "email.csv").write_bytes(csv.get_payload(decode=True))


def names_in(out: Path) -> list[str]:
    changes = json.loads((out / "file.body").read_text().splitlines()[-1])["data"]["changes"]
    return [change["entry"]["name"] for change in changes if change["entry"]]


def _text(kind: str, body: dict[str, Any]) -> str:
    if kind == "discord":
        return "\n".join([body["content"], body["embeds"][0]["title"], body["embeds"][0]["description"]])
    if kind in ("mattermost", "googlechat"):
        return str(body["text"])
    strings: list[str] = []

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)
        elif isinstance(node, str):
            strings.append(node)

    collect(body)
    return "\n".join(strings)


def measured(out: Path) -> list[Seen]:
    names = names_in(out)
    seen = []
    # Escapes of markup stand between the letters of a name.
    plain = {name: name.replace("\\", "") for name in names}

    def add(channel: str, text: str, size: int, limit: int | None, unit: str) -> None:
        bare = text.replace("\\", "").replace("&amp;", "&")
        named = sum(plain[name] in bare for name in names)
        more = re.search(r"and \d[\d,]* more|\"more\":[1-9]\d*|all \d+ [a-z]+ are in the attach[a-z]+", bare)
        seen.append(Seen(channel, size, limit, unit, named, more[0] if more else ""))

    for kind, limit in (("slack", 50), ("teams", 28 * 1024), ("discord", 6000), ("mattermost", 4000),
                        ("googlechat", 4000)):
        raw = (out / f"{kind}.body").read_bytes()
        body = json.loads(raw)
        text = _text(kind, body)
        size = {"slack": len(body.get("blocks", ())), "teams": len(raw)}.get(kind, len(text))
        add(kind, text, size, limit, {"slack": "blocks", "teams": "bytes"}.get(kind, "characters"))
    raw = (out / "webhook.body").read_bytes()
    add("webhook", raw.decode(), len(raw), 256 * 1024, "bytes")
    html = (out / "email.html").read_text()
    add("email", html, len(html.encode()), 100 * 1024, "bytes HTML")
    csv = out / "email.csv"
    if csv.exists():
        add("email CSV", csv.read_text(), csv.stat().st_size, None, "bytes")
    for kind in ("file", "command"):
        add(kind, (out / f"{kind}.body").read_text(), (out / f"{kind}.body").stat().st_size, None, "bytes")
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("rules", type=Path, nargs="*")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rules = arguments.rules or [made_rule(arguments.out, 500)]
    make(arguments.out, rules)
    print(f"{len(names_in(arguments.out))} entries")
    for seen in measured(arguments.out):
        print(seen.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
