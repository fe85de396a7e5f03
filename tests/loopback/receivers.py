"""Where alerts go: a webhook receiver that checks Standard Webhooks signatures, and a mail server."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import random
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from .http_server import Answer, LoopbackServer, Request

SECRET = "whsec_" + base64.b64encode(b"entitywatch-loopback-secret-0001").decode()
TOLERANCE_SECONDS = 300


@dataclass(frozen=True)
class WebhookCall:
    id: str
    path: str
    verified: bool
    status: int  # answered
    body: dict[str, Any]
    raw: bytes

    @property
    def type(self) -> str:
        return str(self.body.get("type", ""))

    @property
    def is_update(self) -> bool:
        """Completes an earlier alert: the rule behind what the eCFR showed first, say."""
        return bool(self.data.get("is_update", False))

    @property
    def data(self) -> dict[str, Any]:
        found = self.body.get("data", {})
        return found if isinstance(found, dict) else {}


def signature_holds(request: Request, secret: str, now: float) -> bool:
    """Standard Webhooks: v1 over id.timestamp.body, with a timestamp of these minutes."""
    headers = request.headers
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(now - int(stamp)) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((headers.get("webhook-id", "").encode(), stamp.encode(), request.body))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, given) for given in headers.get("webhook-signature", "").split())


class WebhookReceiver(LoopbackServer):
    """Answers `status` (default 204); GET / shows what came."""

    def __init__(self, secret: str = SECRET) -> None:
        self._lock = threading.Lock()
        self._calls: list[WebhookCall] = []
        self._secret = secret
        self.status = 204
        self.delay = 0.0
        self.clock: Callable[[], float] = time.time  # of a program that lives on another day
        self.pages: dict[str, bytes] = {}  # HTML for who looks around
        super().__init__()

    @property
    def hook_url(self) -> str:
        return f"{self.url}/hook"

    def calls(self, path: str = "/hook") -> list[WebhookCall]:
        """Every call, the refused ones included."""
        with self._lock:
            return [call for call in self._calls if call.path == path]

    def alerts(self) -> list[WebhookCall]:
        """The first accepted call of every alert about changes, in order."""
        first: dict[str, WebhookCall] = {}
        for call in self.calls():
            if call.type == "entitywatch.alert" and 200 <= call.status < 300:
                first.setdefault(call.id, call)
        return list(first.values())

    def notices(self) -> list[WebhookCall]:
        return [call for call in self.calls() if call.type == "entitywatch.operator" and call.status < 300]

    def answer(self, request: Request) -> Answer:
        if request.method != "POST":
            return self._show(request)
        try:
            body = json.loads(request.body)
        except ValueError:
            return Answer(400, "text/plain", b"not JSON")
        verified = signature_holds(request, self._secret, self.clock())
        status = self.status if verified else 401
        with self._lock:
            self._calls.append(WebhookCall(request.headers.get("webhook-id", ""), request.path, verified,
                                           status, body, request.body))
        return Answer(status, "text/plain", b"", delay=self.delay)

    def _show(self, request: Request) -> Answer:
        if request.path in self.pages:
            return Answer(200, "text/html; charset=utf-8", self.pages[request.path])
        shown = [{"webhook-id": call.id, "signature": "holds" if call.verified else "DOES NOT HOLD",
                  "answered": call.status, "body": call.body} for call in self.calls()]
        return Answer(200, "application/json; charset=utf-8",
                      json.dumps(shown, ensure_ascii=False, indent=2).encode())


class MailServer:
    """Accepts every mail; `refusal` is answered instead while it is set ("451 try later")."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: list[EmailMessage] = []
        self._raw: list[bytes] = []
        self.refusal: str | None = None
        self.unknown: set[str] = set()  # recipients that are refused for good
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self) -> list[EmailMessage]:
        with self._lock:
            return list(self._messages)

    def raw(self) -> list[bytes]:
        """The messages as they came over the wire."""
        with self._lock:
            return list(self._raw)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str,
                          options: list[str]) -> str:
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal is not None:
            return self.refusal
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        message["X-Recipients"] = ",".join(envelope.rcpt_tos)
        with self._lock:
            self._messages.append(message)
            self._raw.append(envelope.original_content or b"")
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._controller.stop()


_promised: list[IO[bytes]] = []  # open for as long as this process lives


def free_port() -> int:
    """Below the ports that the system gives to connections, which could take it before it is used; and promised
    to no other process that asks here."""
    promises = Path(tempfile.gettempdir()) / "entitywatch-ports"
    promises.mkdir(exist_ok=True)
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        promise = open(promises / str(port), "ab")
        with socket.socket() as probe:
            try:
                fcntl.flock(promise, fcntl.LOCK_EX | fcntl.LOCK_NB)
                probe.bind(("127.0.0.1", port))
                _promised.append(promise)
                return port
            except OSError:
                promise.close()  # taken


def text_of(message: EmailMessage, subtype: str) -> str:
    """The text/plain or text/html part; empty when there is none."""
    part = message.get_body((subtype,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""
