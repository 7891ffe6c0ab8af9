"""What the pages that are asked most may cost: statements, and bytes of HTML."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.extensions import Kring
from app.models import User
from app.services import following
from app.site import forget_site, site
from bench.statements import statements
from tests.budgets.filling import fill
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
KB = 1_000


@dataclass(frozen=True)
class Budget:
    """Of one page: exactly so many statements; at most so many bytes, raw and compressed."""

    statements: int
    raw: int
    packed: int


# The one table, of an ordinary member's pages when there is much to show. A discussion is to come
# down to 40 KB, 6 compressed; what else grew past its budget belongs on a next page.
BUDGETS = {
    "/": Budget(4, 20 * KB, 5 * KB),
    "/discussions": Budget(4, 22 * KB, 5 * KB),
    "{asked}": Budget(3, 60 * KB, 8 * KB),
    "/wikis": Budget(3, 12 * KB, 4 * KB),
    "{page}": Budget(4, 20 * KB, 5 * KB),
    "/search": Budget(3, 15 * KB, 5 * KB),
    "/search?q=uitstel": Budget(5, 24 * KB, 5 * KB),
    "/groups": Budget(3, 22 * KB, 4 * KB),
    "/groups/groep-open": Budget(6, 12 * KB, 4 * KB),
    "/themes/schuldhulp": Budget(6, 24 * KB, 5 * KB),
    "/tags": Budget(2, 24 * KB, 4 * KB),
    "/people": Budget(9, 24 * KB, 5 * KB),
    "{person}": Budget(8, 12 * KB, 4 * KB),
    "/notifications": Budget(2, 35 * KB, 5 * KB),
    "/account/following": Budget(4, 65 * KB, 6 * KB),
    "/account/drafts": Budget(2, 10 * KB, 4 * KB),
}


@pytest.fixture
def ask(app: Kring, cast: Cast, client_of: Clients) -> Callable[[str], tuple[int, bytes]]:
    """Return what asks for a page as the member: the number of statements, and the page."""
    asked = discussion(cast.other, "Uitstel", "Een vraag van een paar regels. " * 10)
    for number in range(20):
        comment(asked, cast.insider, f"Een antwoord van een paar zinnen, nummer {number}. " * 5)
    page = wiki_page(cast.specialist, cast.theme, "Uitstel", "Zo doen wij het. " * 200)
    following.follow_theme(cast.member, cast.theme)
    names = {
        "{asked}": f"/discussions/{asked.id}-{asked.slug}",
        "{page}": f"/wikis/{page.id}-{page.slug}",
        "{person}": f"/people/{cast.other.id}-{cast.other.slug}",
    }
    client = client_of(cast.member)

    def get(name: str) -> tuple[int, bytes]:
        address = names.get(name, name)
        client.get(address)
        forget_site()
        site()
        with statements() as sent:
            answer = client.get(address)
        assert answer.status_code == 200, address
        return len(sent), answer.data

    return get


def test_statements_and_bytes(
    app: Kring, cast: Cast, ask: Callable[[str], tuple[int, bytes]]
) -> None:
    few = {name: ask(name)[0] for name in BUDGETS}
    fill(cast)
    full = {name: ask(name) for name in BUDGETS}
    assert few == {name: count for name, (count, _html) in full.items()}, (
        "more rows, more statements"
    )
    assert few == {name: budget.statements for name, budget in BUDGETS.items()}
    too_heavy = {
        name: (len(html), len(gzip.compress(html)))
        for name, (_count, html) in full.items()
        if len(html) > BUDGETS[name].raw or len(gzip.compress(html)) > BUDGETS[name].packed
    }
    assert not too_heavy
