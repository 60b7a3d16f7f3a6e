"""The system's Chromium, and people who browse with it."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

#: The shell draws no browser around the page, which costs as much as the page does.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.contextmanager
def running() -> Iterator[Browser]:
    """Chromium as the system has it; playwright brings none of its own."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, f"Chromium is missing: apt-get install {NAMES[0]}"
    expect.set_options(timeout=20_000)  # as long as a person's page: machines of tests are busy
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What a browser had to complain about: scripts, policies, broken answers."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.found.append(f"console: {message.text} ({message.location['url']})")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.found.append(f"{response.status}: {response.url}")


class People:
    """Opens a browser of their own for each person, all of one language."""

    def __init__(self, browser: Browser, base_url: str, **context: Any) -> None:
        self._browser = browser
        self._options = {"base_url": base_url, "viewport": {"width": 1280, "height": 800}}
        self._options |= context
        self.complaints = Complaints()

    def new(self) -> Page:
        """A person nobody knows yet."""
        context = self._browser.new_context(**self._options)
        context.set_default_timeout(20_000)
        page = context.new_page()
        self.complaints.watch(page)
        return page
