"""/help-requests: what was asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import User
from app.queries.help import PAGE
from bench.statements import statements
from tests.cast import Cast, help_request
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def test_everyone_sees_their_own(cast: Cast, client_of: ClientOf) -> None:
    help_request(cast.member, "Van Lotte")
    help_request(cast.other, "Van Otto")
    page = client_of(cast.member).get("/help-requests").text
    assert "Van Lotte" in page and "Van Otto" not in page
    for name in ("moderator", "administrator", "ambassador"):
        page = client_of(getattr(cast, name)).get("/help-requests").text
        assert "Van Lotte" not in page and "nog niets gevraagd" in page


def test_the_manager_sees_what_waits_longest_first(cast: Cast, client_of: ClientOf) -> None:
    asked = subtract_working_days(now(), 3) - timedelta(minutes=5)
    help_request(cast.other, "Afgehandeld", answered_at=now(), answered_by=cast.manager)
    help_request(cast.member, "Oude vraag", created_at=asked)
    help_request(cast.other, "Nieuwe vraag")
    page = client_of(cast.manager).get("/help-requests").text
    assert page.index("Oude vraag") < page.index("Nieuwe vraag") < page.index("Afgehandeld")
    assert "wacht 3 werkdagen" in page
    assert page.count("Te laat") == 1


def test_the_manager_keeps_those_that_wait_apart(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.manager)
    help_request(cast.other, "Al klaar", answered_at=now(), answered_by=cast.manager)
    help_request(cast.other, "Nog open")
    waiting = client.get("/help-requests?state=open").text
    assert "Nog open" in waiting and "Al klaar" not in waiting
    done = client.get("/help-requests?state=answered").text
    assert "Nog open" not in done and "Al klaar" in done


def test_the_list_has_pages(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.manager)
    for n in range(PAGE + 1):
        help_request(cast.other, f"Vraag nummer {n}.")
    assert f"Vraag nummer {PAGE}." not in client.get("/help-requests").text
    assert f"Vraag nummer {PAGE}." in client.get("/help-requests?page=2").text


@pytest.mark.parametrize("query", ["page=0", "page=2", "state=niets"])
def test_what_is_not_there_is_not_found(client: CheckingClient, query: str) -> None:
    assert client.get(f"/help-requests?{query}").status_code == 404


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get("/help-requests").location.startswith("/login")


def test_the_same_statements_for_few_and_many(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.manager)
    help_request(cast.other)
    client.get("/help-requests")
    with statements() as few:
        client.get("/help-requests")
    for asker in (cast.member, cast.blogger, cast.specialist, cast.insider):
        help_request(asker, theme=cast.theme, answered_at=now(), answered_by=cast.manager)
    with statements() as many:
        client.get("/help-requests")
    assert len(few) == len(many) <= 7
