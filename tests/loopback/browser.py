"""A headless Chromium driven through its DevTools protocol: what a person would click, type and see."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import websocket

from .waiting import wait_for

PATIENCE = 10.0  # seconds for any single thing to show
KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "/": 191}


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """One browser with one page. Its profile is its own and vanishes with it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="entitywatch-browser-"))
        self._asked = 0
        self.errors: list[str] = []  # uncaught exceptions, console errors and refused loads of the page
        call = [chromium() or "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
                "--disable-extensions", "--hide-scrollbars", "--no-proxy-server", "--remote-debugging-port=0",
                "--remote-allow-origins=*", "--lang=en-US", f"--user-data-dir={self._folder}", "about:blank"]
        environment = {**os.environ, "TZ": "UTC", "LANGUAGE": "en_US"}
        self._process = subprocess.Popen(call, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL, start_new_session=True, env=environment)
        try:
            self._socket = websocket.create_connection(self._page_address(), timeout=PATIENCE, http_proxy_host=None)
            for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
                self.call(f"{domain}.enable")
        except BaseException:
            self.close()
            raise

    def _page_address(self) -> str:
        def port() -> str | None:
            file = self._folder / "DevToolsActivePort"
            return file.read_text().split()[0] if file.exists() and "\n" in file.read_text() else None

        address = f"127.0.0.1:{wait_for('the browser to listen', port, 20)}"
        from urllib.request import ProxyHandler, build_opener
        with build_opener(ProxyHandler({})).open(f"http://{address}/json/list", timeout=PATIENCE) as answer:
            return str(next(page for page in json.load(answer) if page["type"] == "page")["webSocketDebuggerUrl"])

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._asked:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                result: dict[str, Any] = message["result"]
                return result
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.errors.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")

    # Looking.

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def text(self, selector: str = "main") -> str:
        """What a person reads there, runs of white space as one space."""
        found = self.evaluate(f"(document.querySelector({json.dumps(selector)}) || {{innerText: ''}}).innerText")
        return re.sub(r"\s+", " ", str(found)).strip()

    def count(self, selector: str) -> int:
        return int(self.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def shows(self, words: str, selector: str = "main", seconds: float = PATIENCE) -> None:
        """Waits until the words stand there; AssertionError with what stands there instead."""
        deadline = time.monotonic() + seconds
        while words.casefold() not in (seen := self.text(selector)).casefold():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {words!r} in {selector}; it shows: {seen[:1500]}")
            time.sleep(0.02)

    def wait(self, what: str, expression: str, seconds: float = PATIENCE) -> None:
        wait_for(what, lambda: self.evaluate(f"Boolean({expression})"), seconds)

    @property
    def place(self) -> str:
        return str(self.evaluate("location.hash"))

    # Doing.

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.wait("the page to be there", "document.readyState === 'complete' && !document.querySelector('[aria-busy=true]')")

    def click(self, words: str, selector: str = "a, button") -> None:
        """The first visible one of that name, brought into view and pressed in its middle."""
        point = self.evaluate(
            "(() => { for (const node of document.querySelectorAll(" + json.dumps(selector) + ")) {"
            "  if (!node.offsetParent || !node.innerText.includes(" + json.dumps(words) + ")) continue;"
            "  node.scrollIntoView({block: 'center'}); const box = node.getClientRects()[0];"
            "  return [box.x + box.width / 2, box.y + box.height / 2]; } return null; })()")
        if point is None:
            raise AssertionError(f"nothing named {words!r} to click; the page shows: {self.text('body')[:1500]}")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=point[0], y=point[1], button="left", clickCount=1)

    def type(self, words: str) -> None:
        """Into whatever has the focus, letter by letter."""
        for letter in words:
            self.call("Input.dispatchKeyEvent", type="char", text=letter)

    def press(self, key: str, shift: bool = False) -> None:
        parameters: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS.get(key, 0),
                                      "modifiers": 8 if shift else 0}
        typed = {"Enter": "\r", "/": "/"}.get(key)
        self.call("Input.dispatchKeyEvent", type="keyDown", **parameters, **({"text": typed} if typed else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)

    def choose(self, selector: str, value: str) -> None:
        """Sets a field as a person would, with the event that tells the page."""
        self.evaluate(f"(() => {{ const field = document.querySelector({json.dumps(selector)}); field.focus();"
                      f" field.value = {json.dumps(value)};"
                      " field.dispatchEvent(new Event('input', {bubbles: true}));"
                      " field.dispatchEvent(new Event('change', {bubbles: true})); })()")

    # The screen.

    def size(self, width: int, height: int, scale: float = 1, phone: bool = False) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                  mobile=phone)

    def look(self, scheme: str = "light", media: str = "") -> None:
        """Light or dark, on the screen or on paper ("print"). Nothing moves, so that pictures are the same."""
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme},
                            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def picture(self, file: Path) -> None:
        answer = self.call("Page.captureScreenshot", format="png", optimizeForSpeed=False)
        file.write_bytes(base64.b64decode(answer["data"]))

    def pdf(self) -> bytes:
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False)["data"])

    def close(self) -> None:
        if hasattr(self, "_socket"):
            self._socket.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)  # its renderers with it: the group is ours alone
        self._process.wait(PATIENCE)
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()
