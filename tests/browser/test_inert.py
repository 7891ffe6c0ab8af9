"""What attackers type, opened by a moderator in a real browser: nothing runs, nothing leaves."""

import pytest
from playwright.sync_api import Dialog, Page

from tests.browser.conftest import LiveServer, Visit
from tests.cast import Cast
from tests.security.attacks import ATTACKS, ClientOf, spread
from tests.security.crawler import crawl

WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', event => window.__violations.push(event.violatedDirective));
"""
TOUCH = """async () => {
  for (const each of [...document.querySelectorAll('.k-prose a, .k-prose b, .k-prose img')].slice(0, 10)) {
    each.dispatchEvent(new MouseEvent('mouseover', {bubbles: true, cancelable: true, composed: true}));
    each.dispatchEvent(new FocusEvent('focus', {bubbles: true, cancelable: true, composed: true}));
  }
  await new Promise(done => setTimeout(done, 5));
}"""
MOST = 40


@pytest.mark.parametrize("name", ["markup", "quotes", "way out", "address", "htmx", "elsewhere"])
def test_nothing_runs(
    cast: Cast, client_of: ClientOf, visit: Visit, live_server: LiveServer, name: str
) -> None:
    spread(cast, client_of, ATTACKS[name])
    found = dict(crawl(client_of(cast.moderator), "/", most=150))
    pages = [
        path
        for path, answer in found.items()
        if answer.mimetype == "text/html" and answer.status_code == 200
    ]
    telling = [
        path
        for path in pages
        if "__pwned" in found[path].text
        or "gehackt" in found[path].text
        or "evil.example" in found[path].text
    ]
    assert len(telling) > 10
    page = visit(cast.moderator)
    dialogs: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: heard(dialog, dialogs))
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    for path in telling[:MOST]:
        look(page, path)
    assert not dialogs
    assert not [
        url for url in asked if "/gehackt" in url or not url.startswith((live_server.url, "data:"))
    ]


def heard(dialog: Dialog, dialogs: list[str]) -> None:
    dialogs.append(dialog.message)
    dialog.dismiss()


def look(page: Page, path: str) -> None:
    """Open a page, touch what an attacker hopes is touched, and see that nothing happened."""
    page.goto(path, wait_until="load")
    page.evaluate(TOUCH)
    assert page.evaluate("window.__pwned") is None, path
    assert page.evaluate("window.__violations") == [], path
