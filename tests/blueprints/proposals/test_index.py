"""/proposals: the queue of the specialists, and what one proposed oneself."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import ProposalState, User
from app.queries import proposals as queries
from bench.statements import statements
from tests.cast import Cast, proposal
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/proposals"


def decided(cast: Cast, title: str, state: ProposalState) -> None:
    proposal(
        cast.other, cast.theme, title, state=state, decided_by=cast.specialist, decided_at=now()
    )


def test_specialists_find_what_waits_oldest_first(cast: Cast, client_of: ClientOf) -> None:
    proposal(cast.member, cast.theme, "Oudste", created_at=now() - timedelta(days=3))
    proposal(cast.other, cast.theme, "Nieuwste", note="Vaak gevraagd.")
    proposal(cast.member, cast.other_theme, "Van Wonen")
    decided(cast, "Al besloten", ProposalState.TAKEN)
    page = client_of(cast.specialist).get(URL).text
    assert page.index("Oudste") < page.index("Nieuwste")
    assert "3 dagen" in page and "Vaak gevraagd." in page and "Lotte Lid" in page
    assert "Van Wonen" not in page and "Al besloten" not in page


def test_specialists_look_back(cast: Cast, client_of: ClientOf) -> None:
    decided(cast, "Erin", ProposalState.TAKEN)
    decided(cast, "Eruit", ProposalState.DECLINED)
    decided(cast, "Toch niet", ProposalState.WITHDRAWN)
    proposal(cast.member, cast.theme, "Wacht nog")
    page = client_of(cast.specialist).get(f"{URL}?view=handled").text
    assert "Erin" in page and "Eruit" in page and "Sam Specialist" in page
    assert "Toch niet" not in page and "Wacht nog" not in page


def test_members_see_their_own_only(cast: Cast, client_of: ClientOf) -> None:
    proposal(cast.member, cast.theme, "Van mij")
    proposal(cast.other, cast.theme, "Van een ander")
    page = client_of(cast.member).get(URL).text
    assert "Mijn voorstellen" in page and "Van mij" in page and "Van een ander" not in page
    assert "view=handled" not in page
    own = client_of(cast.specialist).get(f"{URL}?view=mine").text
    assert "Van mij" not in own and "Van een ander" not in own


@pytest.mark.parametrize("name", ["member", "manager", "moderator"])
@pytest.mark.parametrize("view", ["handled", "", "x"])
def test_the_queue_is_the_specialists(
    cast: Cast, client_of: ClientOf, name: str, view: str
) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(f"{URL}?view={view}").status_code == 404


def test_it_goes_on_over_pages(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(5):
        proposal(cast.member, cast.theme, f"Voorstel nummer {number}")
    client = client_of(cast.specialist)
    assert "Voorstel nummer 4" in client.get(f"{URL}?page=3").text
    for wrong in ("4", "0", "-1"):
        assert client.get(f"{URL}?page={wrong}").status_code == 404


def test_it_asks_the_same_however_many_there_are(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.specialist)
    proposal(cast.member, cast.theme)

    def asked() -> int:
        client.get(URL)
        with statements() as found:
            client.get(URL)
        return len(found)

    few = asked()
    for _ in range(20):
        proposal(cast.other, cast.theme)
    assert asked() == few <= 6


def test_everyone_begins_with_an_empty_list(cast: Cast, client_of: ClientOf) -> None:
    assert "Je hebt nog niets voorgesteld" in client_of(cast.member).get(URL).text
    specialist = client_of(cast.specialist)
    assert "Geen voorstellen" in specialist.get(URL).text
    assert "Nog niets besloten" in specialist.get(f"{URL}?view=handled").text
    db.session.rollback()


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get(URL).location.startswith("/login")
