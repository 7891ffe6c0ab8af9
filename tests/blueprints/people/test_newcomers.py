"""/people/newcomers: who is new, and whether someone answered them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.extensions import db
from app.lib.clock import now
from app.models import Invitation, User
from bench.statements import statements
from tests.cast import Cast, comment, discussion, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def new(cast: Cast) -> User:
    """Return a newcomer among people who have been here long."""
    db.session.execute(update(User).values(created_at=now() - timedelta(days=400)))
    cast.other.created_at = now() - timedelta(days=40)
    db.session.commit()
    return cast.other


@pytest.fixture
def desk(client_of: ClientOf, cast: Cast) -> CheckingClient:
    return client_of(cast.manager)


def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).get("/people/newcomers").location == "/login?next=/people/newcomers"


@pytest.mark.parametrize("reader", ["member", "moderator", "administrator", "group_owner"])
def test_it_is_not_for_everyone(client_of: ClientOf, cast: Cast, reader: str) -> None:
    client = client_of(getattr(cast, reader))
    assert client.get("/people/newcomers").status_code == 403
    assert "/people/newcomers" not in client.get("/people").text


@pytest.mark.parametrize("reader", ["manager", "ambassador"])
def test_the_list_of_people_leads_to_it(client_of: ClientOf, cast: Cast, reader: str) -> None:
    client = client_of(getattr(cast, reader))
    assert 'href="/people/newcomers"' in client.get("/people").text
    assert client.get("/people/newcomers").status_code == 200


def test_a_newcomer_with_how_far_they_came(desk: CheckingClient, cast: Cast, new: User) -> None:
    for email, accepted in (("otto@oud.example", None), (new.email, now())):
        db.session.add(
            Invitation(
                email=email, token_hash=email, user_id=new.id, invited_by_id=cast.ambassador.id,
                expires_at=now(), accepted_at=accepted,
            )
        )  # fmt: skip
    new.introduced_at = now()
    db.session.commit()
    page = desk.get("/people/newcomers").text
    assert "Otto Ander" in page and "Lotte Lid" not in page
    assert "1 persoon" in page and "Anna Ambassadeur" in page
    assert "Rondde de eerste dag af" in page and "1 van 3 eerste stappen: stelde zich voor" in page
    assert "Schreef nog niets" in page


@pytest.mark.parametrize(
    "values, text",
    [
        ({"accepted_rules": 0, "welcomed_at": None}, "Ging nog niet akkoord met de huisregels"),
        ({"welcomed_at": None}, "Stopte bij het profiel"),
        ({"welcomed_at": None, "job_title": "Consulent"}, "Stopte bij de thema"),
    ],
)
def test_where_someone_stopped(
    desk: CheckingClient, new: User, values: dict[str, object], text: str
) -> None:
    db.session.execute(update(User).where(User.id == new.id).values(**values))
    assert text in desk.get("/people/newcomers").text


def test_a_period_can_be_chosen(desk: CheckingClient, new: User) -> None:
    assert "Otto Ander" not in desk.get("/people/newcomers?days=30").text
    assert "Otto Ander" in desk.get("/people/newcomers?days=90").text
    for wrong in ("days=7", "days=x&page=0", "page=2", "page=99999999999999999999"):
        assert desk.get(f"/people/newcomers?{wrong}").status_code == 404


def test_who_waits_for_an_answer_stands_on_top(desk: CheckingClient, cast: Cast, new: User) -> None:
    last = person("Petra Pas")
    asked = discussion(new, "Hoe werkt dit?")
    page = desk.get("/people/newcomers").text
    assert page.index("Otto Ander") < page.index("Petra Pas")
    assert "Wacht op antwoord" in page and 'aria-label="Reageren op Otto Ander"' in page
    comment(asked, cast.member)
    answered = desk.get("/people/newcomers").text
    assert answered.index("Petra Pas") < answered.index("Otto Ander")
    assert "Beantwoord" in answered and "Wacht op antwoord" not in answered
    reply = comment(asked, last)
    assert f"/comments/{reply.id}" in desk.get("/people/newcomers").text


def test_a_first_post_in_a_closed_group_is_for_its_members(
    client_of: ClientOf, desk: CheckingClient, cast: Cast, new: User
) -> None:
    for group in (cast.closed, cast.hidden):
        inside = discussion(cast.insider, "Alleen voor ons", group=group)
        comment(inside, new)
        discussion(new, "Ook voor ons", group=group)
    page = desk.get("/people/newcomers").text
    assert "voor ons" not in page and "Schreef nog niets" in page
    discussion(new, "Voor iedereen")
    assert "Voor iedereen" in desk.get("/people/newcomers").text


def test_a_page_takes_a_fixed_number_of_statements(
    desk: CheckingClient, cast: Cast, new: User
) -> None:
    for number in range(35):
        made = person(f"Persoon {number:02}")
        comment(discussion(made, f"Vraag van {number:02}"), cast.member)
    desk.get("/people/newcomers")
    with statements() as asked:
        page = desk.get("/people/newcomers").text
    assert "Vraag van 34" in page and "Vraag van 01" not in page
    assert "Vraag van 01" in desk.get("/people/newcomers?page=2").text
    # Who is signed in, the number of newcomers, a page of them.
    assert len(asked) == 3, "\n\n".join(asked)
