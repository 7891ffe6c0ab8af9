"""What a first visit weighs, and how often a browser has to ask; tests/budgets holds the pages."""

import gzip

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.cast import Cast, comment, discussion

KB = 1_000
# The target is 60 KB in 8 requests; a first visit to NodeBB weighs 655 KB, in 42 requests.
FIRST_VISITS = {
    # path: (requests, bytes compressed)
    "/": (6, 55 * KB),
    "/discussions": (6, 55 * KB),
    "/search": (6, 55 * KB),
    "{asked}": (6, 55 * KB),
}


def open_and_weigh(page: Page, path: str) -> list[bytes]:
    """Open a page; return what the browser asked for, the page itself first."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(path, wait_until="networkidle")
    return [page.request.get(url).body() for url in urls]


def test_the_first_visit_is_light(page: Page, cast: Cast) -> None:
    fetched = open_and_weigh(page, "/login")
    assert len(fetched) <= 8
    assert sum(len(gzip.compress(body)) for body in fetched) <= 60 * KB


@pytest.mark.parametrize("name", FIRST_VISITS)
def test_a_first_visit_of_a_member_is_light(visit: Visit, cast: Cast, name: str) -> None:
    asked = discussion(cast.member, body="Een vraag van een paar regels. " * 10)
    for number in range(20):
        comment(asked, cast.other, f"Een antwoord van een paar zinnen, nummer {number}. " * 5)
    page = visit(cast.member, "/health")
    fetched = open_and_weigh(page, name.replace("{asked}", f"/discussions/{asked.id}-{asked.slug}"))
    most, heaviest = FIRST_VISITS[name]
    assert len(fetched) <= most
    assert sum(len(gzip.compress(body)) for body in fetched) <= heaviest
