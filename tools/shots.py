"""Take a screenshot of every kind of page, wide and narrow, light and dark.

Serves the example community from a temporary folder, signs in as each kind of member and follows
the links, one example for each form of address. Everything goes to `shots/`; the few that the
README shows go to `docs/images/` as well.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "shots"
SHOWN = ROOT / "docs" / "images"
README = {
    "lid": {"/": "home", "/discussions/N": "discussion", "/wikis/N": "wiki"},
    "specialist": {"/wikis/N/diff/N/N": "wiki-versions"},
}
ACCOUNTS = ("lid", "specialist", "moderator", "manager", "beheer")
PASSWORD = "voorbeeld-kring-2026"  # of the example community, printed by `make run`
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]
WIDTHS = {1280: 900, 390: 844}
START_SECONDS = 180


@contextmanager
def example() -> Iterator[str]:
    """Serve the example community; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="kring-shots-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--example"],
            cwd=ROOT,
            env={**os.environ, "KRING_INSTANCE": folder, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/health")
            yield url
        finally:
            process.terminate()
            process.wait()


def wait_for(url: str) -> None:
    """Return when the address answers.

    Raises TimeoutError when it does not within three minutes.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urlopen(url, timeout=START_SECONDS).close()  # noqa: S310  # our own address
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


def form_of(path: str) -> str:
    """Return the form of an address: /discussions/12-hoe-dan becomes /discussions/N."""
    path = re.sub(r"(?<=/)\d+(-[^/]*)?(?=/|$)", "N", path)
    return re.sub(r"^((?:/wikis)?/(?:themes|tags|groups))/(?!new$)[^/]+", r"\1/N", path)


def links(page: Page, base: str) -> list[str]:
    """Return the paths of our own that a page links to."""
    found = page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    urls = [urlsplit(urljoin(page.url, href)) for href in found]
    return [url.path for url in urls if f"{url.scheme}://{url.netloc}" == base]


def sign_in(page: Page, base: str, account: str) -> None:
    page.goto(f"{base}/login")
    page.fill("[name=email]", f"{account}@voorbeeldstad.example")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def shoot(page: Page, account: str, form: str) -> None:
    """Save the page that is open at each width, in each scheme."""
    name = form.strip("/").replace("/", "-") or "home"
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            path = SHOTS / f"{name}-{account}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
    if shown := README.get(account, {}).get(form):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.screenshot(path=SHOWN / f"{shown}.png")


def walk(page: Page, base: str, account: str, seen: set[str]) -> None:
    """Follow the links from the home page; `seen` holds the forms that were shot before."""
    waiting = ["/"]
    queued = {form_of("/")}
    while waiting:
        path = waiting.pop(0)
        try:
            answer = page.goto(base + path)
        except PlaywrightError:
            continue  # a download, not a page
        if answer is None or "text/html" not in (answer.header_value("content-type") or ""):
            continue
        form = form_of(urlsplit(page.url).path)
        if form != form_of(urlsplit(path).path) and form in queued:
            continue  # led on to a kind of page that has its own turn
        if form not in seen or form in README.get(account, {}) or form == "/":
            seen.add(form)
            shoot(page, account, form)
            print(f"{account:10} {answer.status} {form}", flush=True)
        for link in links(page, base):
            if form_of(link) not in queued:
                queued.add(form_of(link))
                waiting.append(link)


def main() -> int:
    """Take them all."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir()
    SHOWN.mkdir(parents=True, exist_ok=True)
    with example() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "LANGUAGE": "nl"}
        )
        seen: set[str] = set()
        visitor = browser.new_page(locale="nl-NL")
        walk(visitor, base, "bezoeker", seen)
        for account in ACCOUNTS:
            page = browser.new_context(locale="nl-NL").new_page()
            sign_in(page, base, account)
            walk(page, base, account, seen)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
