"""A rule of 500 entries through the real program into every channel, read by independent readers."""

from __future__ import annotations

import json
import shutil
import subprocess
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

import channel_samples
from harness import SECRET
from loopback.http_server import Request
from loopback.receivers import signature_holds

VALIDATE = Path(__file__).resolve().parent.parent / "validate"
ENTRIES = 500


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples")
    channel_samples.make(out, [channel_samples.made_rule(out, ENTRIES)])
    return out


def test_every_channel_keeps_its_limit_and_says_what_it_leaves_out(samples: Path) -> None:
    seen = {row.channel: row for row in channel_samples.measured(samples)}
    assert len(seen) == 10
    for row in seen.values():
        assert row.limit is None or row.size <= row.limit, row.line()
        assert row.named == ENTRIES or (row.named > 0 and row.counted), row.line()
    for whole in ("file", "command", "email CSV"):
        assert seen[whole].named == ENTRIES


def test_both_secrets_of_a_rotation_sign(samples: Path) -> None:
    headers = json.loads((samples / "webhook.headers").read_text())
    request = Request("POST", "/webhook", headers, (samples / "webhook.body").read_bytes())
    stamp = float(headers["webhook-timestamp"])
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (SECRET, channel_samples.OLD_SECRET):
        assert signature_holds(request, secret, stamp)
    assert not signature_holds(request, "whsec_" + "A" * 43 + "=", stamp)


def test_a_mail_is_read_by_another_library(samples: Path) -> None:
    message = message_from_bytes((samples / "email.eml").read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    defects = [defect for part in message.walk() for defect in part.defects]
    defects += [defect for value in message.values() for defect in value.defects]
    assert defects == []
    assert message["Auto-Submitted"] == "auto-generated" and message["List-Id"] and message["Message-ID"]
    assert [str(address) for address in message["To"].addresses] == list(channel_samples.RECIPIENTS)
    assert message.get_body(("html",)) is not None and message.get_body(("plain",)) is not None
    attachments = list(message.iter_attachments())
    assert [part.get_content_type() for part in attachments] == ["text/csv"]
    assert attachments[0].get_content().count("\n") == ENTRIES + 1


def validate(samples: Path) -> "subprocess.CompletedProcess[str]":
    if shutil.which("node") is None or not (VALIDATE / "node_modules").is_dir():
        pytest.skip("SKIPPED: the npm packages that check payloads are not installed; run scripts/setup-validators")
    return subprocess.run(["node", VALIDATE / "validate.mjs", samples], capture_output=True, text=True, timeout=60,
                          check=False)


def test_the_reference_verifier_and_the_cards_reader_accept_what_is_sent(samples: Path) -> None:
    checked = validate(samples)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_validators_can_fail(samples: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(samples, broken, ignore=shutil.ignore_patterns("data"))
    (broken / "webhook.body").write_bytes((samples / "webhook.body").read_bytes() + b" ")
    card = json.loads((samples / "teams.body").read_text())
    card["attachments"][0]["content"]["body"][0] = {"type": "Invented"}
    (broken / "teams.body").write_text(json.dumps(card))
    blocks = json.loads((samples / "slack.body").read_text())
    blocks["blocks"] *= 10
    (broken / "slack.body").write_text(json.dumps(blocks))
    checked = validate(broken)
    assert checked.returncode == 1
    for channel in ("webhook", "teams", "slack"):
        assert f"{channel}: " in checked.stdout
