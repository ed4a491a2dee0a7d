"""A browser without a window, led over its pipe of the DevTools protocol: no driver and no library is needed.

References
----------
Chrome DevTools protocol 1.3; `--remote-debugging-pipe`: messages of JSON, each ended by a zero byte, on file
descriptors 3 (to the browser) and 4 (from it).
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 90.0
_ARGUMENTS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)
_KEYS = {" ": "Space", "Escape": "Escape", "Enter": "Enter", "ArrowLeft": "ArrowLeft", "ArrowDown": "ArrowDown"}


def executable() -> str | None:
    """The browser: that of ``STORMTRACK_CHROMIUM``, or one on the path."""
    named = os.environ.get("STORMTRACK_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """A browser with one page. What the page says on its console, and what it asks for, is kept.

    Parameters
    ----------
    program : str
    folder : Path
        For its profile and downloads.
    """

    def __init__(self, program: str, folder: Path) -> None:
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        arguments = [program, *_ARGUMENTS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
        self._log = (folder / "browser.log").open("wb")
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "bash", *arguments],
            pass_fds=(to_read, to_write),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
            env={**os.environ, "HOME": str(folder)},
        )
        os.close(to_read)
        os.close(to_write)
        self._rest, self._number = b"", 0
        self._events: deque[dict[str, Any]] = deque()
        self.said: list[str] = []
        """Errors and warnings of the console, exceptions, and what the policy refused."""
        self.asked: list[str] = []
        """Addresses that were asked for."""
        self.downloads = folder / "downloads"
        self.downloads.mkdir(exist_ok=True)
        self._session = ""
        self._session = self._open_page()

    def _open_page(self) -> str:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        return self._session

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser for something and wait for the answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while True:
            answer = self._next(until)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                found: dict[str, Any] = answer["result"]
                return found
            self._take(answer)

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            part = os.read(self._read, 1 << 20) if ready else b""
            if not part:
                raise TimeoutError("the browser does not answer")
            self._rest += part
        text, self._rest = self._rest.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(text)
        return answer

    def _take(self, event: dict[str, Any]) -> None:
        """Keep what a page said or asked for."""
        told = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.said.append(json.dumps(told["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if told["type"] in ("error", "warning", "assert"):
                self.said.append(json.dumps(told["args"]))
            case "Log.entryAdded" if told["entry"]["level"] in ("error", "warning"):
                self.said.append(told["entry"]["text"])
            case "Network.requestWillBeSent":
                self.asked.append(told["request"]["url"])
            case _:
                pass

    def size(self, width: int, height: int, *, phone: bool = False, dark: bool = False) -> None:
        """Size of the window, and what the user prefers."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a page of explorer and wait until it shows its tracks."""
        self.call("Page.navigate", url="about:blank")
        self.said.clear()
        self.asked.clear()
        self.call("Page.navigate", url=path.resolve().as_uri() + fragment)
        shown = ["!document.getElementById('notice').hidden", "!document.getElementById('app').hidden"]
        self.until(f"document.readyState === 'complete' && ({' || '.join(shown)})")

    def ask(self, expression: str) -> Any:
        """Value of an expression in the page (a promise is awaited)."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(f"{expression}: {found['exceptionDetails']}")
        return found["result"].get("value")

    def state(self) -> dict[str, Any]:
        """What the page says of itself, at rest."""
        self.until("!window.stormtrack.state().busy || window.stormtrack.state().playing")
        found: dict[str, Any] = self.ask("window.stormtrack.state()")
        return found

    def until(self, expression: str, patience: float = 60.0) -> None:
        """Wait for something to be true."""
        end = time.monotonic() + patience
        while not self.ask(expression):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {expression}; the console said {self.said}")
            time.sleep(0.05)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """An event of the mouse: mousePressed, mouseMoved, mouseReleased, mouseWheel."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
        """Press, move, release."""
        self.mouse("mousePressed", *start, button="left", buttons=1, clickCount=1)
        for k in range(1, steps + 1):
            x, y = (a + (b - a) * k / steps for a, b in zip(start, end, strict=True))
            self.mouse("mouseMoved", x, y, button="left", buttons=1)
        self.mouse("mouseReleased", *end, button="left", clickCount=1)

    def click(self, x: float, y: float) -> None:
        """Press and release."""
        self.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    def click_on(self, selector: str) -> None:
        """Click on the middle of an element."""
        place = self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'nearest'}); const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        self.click(*place)

    def key(self, key: str) -> None:
        """Press a key."""
        code = _KEYS.get(key, f"Key{key.upper()}")
        text = key if len(key) == 1 else ""
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", key=key, code=code, text=text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=code)

    def type_into(self, selector: str, text: str) -> None:
        """Replace the value of a field, slider or choice and leave it."""
        self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.focus();"
            f"e.value = {json.dumps(text)}; e.dispatchEvent(new Event('input'));"
            "e.dispatchEvent(new Event('change')); e.blur(); })()"
        )

    def screenshot(self, path: Path, *, full: bool = False) -> None:
        """A picture (PNG) of the window, or of the whole page."""
        found = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        path.write_bytes(base64.b64decode(found["data"]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser that was started here."""
        try:
            self.call("Browser.close")
            self._process.wait(20)
        except (OSError, RuntimeError, TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        for end in (self._read, self._write):
            os.close(end)
        self._log.close()
