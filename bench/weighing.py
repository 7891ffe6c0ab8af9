"""What Chromium asks for at a first page and at a later one."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from bench.browsing import LOOPBACK, Visitor
from bench.inside import packed

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@dataclass(frozen=True)
class Weight:
    """What a browser fetched of a page, and how many bytes that is after gzip."""

    requests: int
    packed: int


def weigh(visitor: Visitor, first: str, later: str) -> tuple[Weight, Weight]:
    """Open a page with an empty cache and then another one; files that are kept come once."""
    address = f"http://{LOOPBACK}:{visitor.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(base_url=address)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": address}
                for name, value in visitor.cookies.items()
            ]
        )
        fetched = opened(context, first)
        again = [url for url in opened(context, later) if url not in fetched]
        sizes = {url: packed(context.request.get(url).body()) for url in {*fetched, *again}}
        browser.close()
    return (
        Weight(len(fetched), sum(sizes[url] for url in fetched)),
        Weight(len(again), sum(sizes[url] for url in again)),
    )


def opened(context: BrowserContext, path: str) -> list[str]:
    """Open a page and return the addresses that the browser asked for."""
    page = context.new_page()
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(path, wait_until="networkidle")
    page.close()
    return urls
