"""Chromium, on a Kring that is served by this process."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect
from werkzeug.serving import make_server

from app.extensions import Kring, db
from app.models import User
from tests.cast import Cast, make_cast
from tests.checking import CheckingClient

CHROMIUM = Path("/usr/bin/chromium")
SHELL = Path("/usr/lib/chromium/chromium-headless-shell")
"""The same Chromium without the parts for a screen: it opens a page in a fifth of the time."""
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

PATIENCE = 30
"""Seconds that a test waits for what must come: only a test that fails takes as long."""
expect.set_options(timeout=PATIENCE * 1000)

# Opens a path as a person who is signed in: visit(user, "/wikis").
Visit = Callable[..., Page]


class AtWork:
    """A WSGI application of which one knows when all requests have been answered."""

    def __init__(self, app: Kring) -> None:
        self.app = app
        self.requests = 0
        self.changed = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request, and count it meanwhile."""
        self.count(1)
        try:
            return self.app(environ, start_response)
        finally:
            self.count(-1)

    def count(self, more: int) -> None:
        """Say that requests came or went."""
        with self.changed:
            self.requests += more
            self.changed.notify_all()

    def wait(self) -> None:
        """Wait until nothing is at work: the next test has a database in the same file."""
        with self.changed:
            assert self.changed.wait_for(lambda: not self.requests, PATIENCE)


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
    at_work = AtWork(app)
    server = make_server("127.0.0.1", 0, at_work, threaded=True)
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
        at_work.wait()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start Debian's Chromium, that asks nobody outside this machine."""
    return {"executable_path": SHELL if SHELL.exists() else CHROMIUM, "args": list(FLAGS)}


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
def new_context(
    new_context: Callable[..., BrowserContext], live_server: LiveServer
) -> Iterator[Callable[..., BrowserContext]]:
    """Return what opens a browser for someone; a script error or a request to elsewhere fails."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # Chromium reports every 4xx answer here; the test itself says which it expects.
        if message.type == "error" and "responded with a status of 4" not in message.text:
            complaints.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            complaints.append(f"asked for {request.url}")

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("console", hear)
        context.on("request", see)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context

    yield make
    assert not complaints


@pytest.fixture
def cast(app_context: None) -> Cast:
    """Return the cast. What a test remembers of it is not read again while Kring is in use.

    Reading outside a request takes SQLite's write lock, and the browser would wait for it.
    """
    db.session().expire_on_commit = False
    return make_cast()


@pytest.fixture
def client_of(
    client_of: Callable[[User | None], CheckingClient],
) -> Callable[[User | None], CheckingClient]:
    """Return what gives one client, so one session, for each person."""
    made: dict[int | None, CheckingClient] = {}

    def one(user: User | None = None) -> CheckingClient:
        key = user and user.id
        if key not in made:
            made[key] = client_of(user)
        return made[key]

    return one


@pytest.fixture
def visit(
    new_context: Callable[..., BrowserContext],
    client_of: Callable[[User | None], CheckingClient],
    live_server: LiveServer,
) -> Visit:
    """Return what opens a page as a person (None: a visitor), in a browser of their own."""

    def open_as(user: User | None, path: str = "/", **options: Any) -> Page:
        context = new_context(**options)
        if user is not None:
            name = live_server.app.config["SESSION_COOKIE_NAME"]
            cookie = client_of(user).get_cookie(name)
            assert cookie is not None
            context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(path)
        return page

    return open_as


@pytest.fixture
def narrow_page(page: Page) -> Page:
    """Return a page as wide as a telephone."""
    page.set_viewport_size({"width": 390, "height": 844})
    return page
