"""Chromium, on a Kring that is served by this process."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request
from werkzeug.serving import make_server

from app.extensions import Kring

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@dataclass(frozen=True)
class LiveServer:
    """A Kring that a browser can reach."""

    app: Kring
    url: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture
def live_server(app: Kring) -> Iterator[LiveServer]:
    """Serve the test's own application on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    app.config["BASE_URL"] = url
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield LiveServer(app, url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start Debian's Chromium, that asks nobody outside this machine."""
    return {"executable_path": CHROMIUM, "args": list(FLAGS)}


@pytest.fixture
def javascript() -> bool:
    """Tell whether scripts run; `tests.marks.both_ways` tries a test with and without."""
    return True


@pytest.fixture
def browser_context_args(live_server: LiveServer, *, javascript: bool) -> dict[str, Any]:
    """Look at Kring as a Dutch member on an ordinary screen does."""
    return {
        "base_url": live_server.url,
        "java_script_enabled": javascript,
        "locale": "nl-NL",
        "timezone_id": "Europe/Amsterdam",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture
def context(context: BrowserContext, live_server: LiveServer) -> Iterator[BrowserContext]:
    """Return a browser context; the test fails on a script error or a request to elsewhere."""
    context.set_default_timeout(10_000)
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # Chromium reports every 4xx answer here; the test itself says which it expects.
        if message.type == "error" and "responded with a status of 4" not in message.text:
            complaints.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            complaints.append(f"asked for {request.url}")

    context.on("console", hear)
    context.on("request", see)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    assert not complaints


@pytest.fixture
def narrow_page(page: Page) -> Page:
    """Return a page as wide as a telephone."""
    page.set_viewport_size({"width": 390, "height": 844})
    return page
