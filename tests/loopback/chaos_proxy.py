"""A TCP proxy on loopback that does to connections what networks do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Toxic:
    """What happens to what the far side sends; a field of its own for each kind of trouble."""

    latency: float = 0.0  # seconds before anything is passed on
    bandwidth: int | None = None  # bytes a second
    slices: int | None = None  # bytes passed on at a time, with a pause between
    reset_at: int | None = None  # the connection is reset after this many bytes of the answer
    cut_at: int | None = None  # the connection ends in good order after this many bytes of the body
    hide_length: bool = False  # nothing in the header says how long the body is: it ends where the connection does
    silent: bool = False  # nothing is ever passed on


class ChaosProxy:
    """Passes connections on to `port`; `toxic` holds for those that are made from then on."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._target = port
        self._host = host
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.toxic: Toxic | None = None
        self.passed = 0  # connections that a toxic was applied to
        self.cuts = 0  # answers that were longer than `cut_at`
        self.port = 0
        self.go_up()

    @classmethod
    def before(cls, url: str, host: str = "127.0.0.1") -> ChaosProxy:
        """`host`: another of loopback's addresses, which counts as another publisher."""
        port = urlsplit(url).port
        assert port
        return cls(port, host)

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self.port}"

    def set(self, toxic: Toxic | None) -> None:
        """From now on, for connections that are open too: they end."""
        self.toxic = toxic
        self.hang_up()

    def hang_up(self) -> None:
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            _shut(connection)

    def go_up(self) -> None:
        self._listener = socket.create_server((self._host, self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def go_down(self) -> None:
        """Connections are refused from now on."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client, self.toxic), daemon=True).start()

    def _serve(self, client: socket.socket, toxic: Toxic | None) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target), 5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        with self._lock:
            self._open |= {client, server}
            self.passed += toxic is not None
        upward = threading.Thread(target=_pump, args=(client, server), daemon=True)
        upward.start()
        try:
            if toxic is None:
                _pump(server, client)
            else:
                self._spoil(server, client, toxic)
        except OSError:
            pass  # one side was quicker
        finally:
            with self._lock:
                self._open -= {client, server}
            _shut(server)
            client.close()
            upward.join(5)
            server.close()

    def _spoil(self, server: socket.socket, client: socket.socket, toxic: Toxic) -> None:
        if toxic.silent:
            self._closing.wait(30)
            return
        if toxic.latency:
            self._closing.wait(toxic.latency)
        if toxic.cut_at is not None or toxic.hide_length:
            head, body = _one_answer(server)
            if toxic.hide_length:
                head = _without_length(head)
            kept = body if toxic.cut_at is None else body[:toxic.cut_at]
            with self._lock:
                self.cuts += len(kept) < len(body)
            client.sendall(head + b"\r\n\r\n" + kept)
            return
        sent = 0
        while data := server.recv(toxic.slices or 65536):
            if toxic.reset_at is not None and sent + len(data) > toxic.reset_at:
                client.sendall(data[:toxic.reset_at - sent])
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            client.sendall(data)
            sent += len(data)
            if toxic.bandwidth:
                self._closing.wait(len(data) / toxic.bandwidth)
            elif toxic.slices:
                time.sleep(0.0005)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._closing.set()
        try:
            self.go_down()
        except OSError:
            pass  # it is down


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass  # the other direction ended it
    _shut(sink)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is gone


def _one_answer(server: socket.socket) -> tuple[bytes, bytes]:
    """Header and whole body of the next answer, as its Content-Length says."""
    received = b""
    while b"\r\n\r\n" not in received:
        data = server.recv(65536)
        if not data:
            raise OSError("no answer")
        received += data
    head, body = received.split(b"\r\n\r\n", 1)
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length and (data := server.recv(65536)):
        body += data
    return head, body


def _without_length(head: bytes) -> bytes:
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-length:", b"connection:"))]
    return b"\r\n".join([*kept, b"Connection: close"])
