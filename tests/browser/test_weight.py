"""What a page weighs, and how often a browser has to ask."""

import gzip

from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.cast import Cast, comment, discussion

# The targets of Kring; a page of NodeBB weighs 198 KB, its first visit 655 KB in 42 requests.
LARGEST_HTML = 60_000
LARGEST_HTML_PACKED = 8_000
LARGEST_FIRST_VISIT_PACKED = 60_000
MOST_REQUESTS = 8


def open_and_weigh(page: Page, path: str) -> list[bytes]:
    """Open a page; return what the browser asked for, the page itself first."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(path, wait_until="networkidle")
    return [page.request.get(url).body() for url in urls]


def test_a_discussion_with_20_replies_is_light(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member, body="Een vraag van een paar regels. " * 10)
    for number in range(20):
        comment(asked, cast.other, f"Een antwoord van een paar zinnen, nummer {number}. " * 5)
    page = visit(cast.member, f"/discussions/{asked.id}")
    html = page.request.get(page.url).body()
    assert html.count(b'class="k-comment"') == 20
    assert len(html) <= LARGEST_HTML
    assert len(gzip.compress(html)) <= LARGEST_HTML_PACKED


def test_the_first_visit_is_light(page: Page, cast: Cast) -> None:
    fetched = open_and_weigh(page, "/login")
    assert len(fetched) <= MOST_REQUESTS
    assert sum(len(gzip.compress(body)) for body in fetched) <= LARGEST_FIRST_VISIT_PACKED
