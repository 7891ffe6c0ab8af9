"""/people/<id>-<slug>: what a person is and made."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Audience, Department, Grant, User
from app.services import profiles
from bench.statements import statements
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def path_of(user: User) -> str:
    return f"/people/{user.id}-{user.handle}"


def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).get(path_of(cast.other)).status_code == 303


def test_a_person_is_shown(client: CheckingClient, cast: Cast) -> None:
    cast.specialist.department = Department(name="Sociaal domein")
    cast.specialist.job_title, cast.specialist.about = "Jurist", "Regel 1\n**geen opmaak**"
    wiki_page(cast.specialist, cast.theme, "De stappen")
    page = client.get(path_of(cast.specialist)).text
    for text in ("Sam Specialist", "Sociaal domein", "Jurist", "Regel 1\n**geen opmaak**",
                 "Themaspecialist: Schuldhulp", "De stappen", "Lid sinds", ">SS<"):  # fmt: skip
        assert text in page
    assert cast.specialist.email not in page


def test_ones_own_page_is_like_that_of_others(client: CheckingClient, cast: Cast) -> None:
    cast.member.department = Department(name="Burgerzaken")
    page = client.get(path_of(cast.member)).text
    assert "Burgerzaken" in page and "/account/profile" in page


def test_only_what_the_reader_can_see_is_listed(
    client: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    discussion(cast.insider, "Voor iedereen")
    discussion(cast.insider, "Geheim Plan", group=cast.closed)
    discussion(cast.insider, "Weggehaald", hidden_at=now())
    discussion(cast.insider, "Teruggetrokken", withdrawn_at=now())
    page = client.get(path_of(cast.insider)).text
    assert "Voor iedereen" in page
    assert "Geheim" not in page and "Weggehaald" not in page and "Teruggetrokken" not in page
    assert "Geheim Plan" in client_of(cast.group_owner).get(path_of(cast.insider)).text
    assert "Weggehaald" in client_of(cast.moderator).get(path_of(cast.insider)).text


def test_what_someone_tells_leads_on(client: CheckingClient, cast: Cast) -> None:
    cast.other.department = Department(name="Sociaal domein")
    cast.other.phone, cast.other.phone_audience = "(0123) 45 67-89", Audience.MEMBERS
    cast.other.email_audience = Audience.MEMBERS
    profiles.set_expertise(cast.other, ["Schuld & hulp"])
    db.session.commit()
    page = client.get(path_of(cast.other)).text
    for link in (
        f'href="/people?department={cast.other.department_id}"',
        'href="/people?expertise=Schuld+%26+hulp"',
        'href="tel:0123456789"',
        f'href="mailto:{cast.other.email}"',
        f'href="/discussions/new?mention={cast.other.handle}"',
    ):
        assert link in page


def test_groups_of_both_are_told(client: CheckingClient, cast: Cast, client_of: ClientOf) -> None:
    assert "Jullie zitten" not in client.get(path_of(cast.insider)).text
    page = client_of(cast.group_owner).get(path_of(cast.insider)).text
    assert f"Jullie zitten allebei in: {cast.closed.name}" in page
    assert cast.hidden.name not in page


def test_ones_own_page_can_be_seen_as_others_do(
    client: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    cast.member.phone, cast.member.about = "0123-456789", "Alleen voor mijn groep"
    cast.member.about_audience = Audience.GROUPS
    db.session.commit()
    own = client.get(path_of(cast.member)).text
    assert "Bewerk je profiel" in own and "0123-456789" in own and "Alleen voor mijn" in own
    assert "alleen voor de communitymanager" in own
    seen = client.get(path_of(cast.member) + "?view=members").text
    assert "Zo zien andere leden je" in seen and "Bewerk je profiel" not in seen
    for hidden in ("0123-456789", "Alleen voor mijn", cast.member.email):
        assert hidden not in seen
    others = client_of(cast.other).get(path_of(cast.member) + "?view=members").text
    assert "Zo zien andere leden je" not in others


def test_an_old_address_leads_on(client: CheckingClient, cast: Cast) -> None:
    answer = client.get(f"/people/{cast.other.id}-oude-naam")
    assert answer.status_code == 301 and answer.location == path_of(cast.other)


@pytest.mark.parametrize("path", ["/people/99999", "/people/x", "/people/-1", "/people/0-x"])
def test_who_does_not_exist_is_not_found(client: CheckingClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_who_left_is_still_known(client: CheckingClient, cast: Cast) -> None:
    cast.other.deactivated_at = now()
    assert "is geen lid meer" in client.get(path_of(cast.other)).text


@pytest.mark.parametrize(
    "name, sees",
    [("member", False), ("moderator", False), ("manager", True), ("administrator", True),
     ("specialist", True)],
)  # fmt: skip
def test_managers_and_the_person_see_who_gave_a_role_and_why(
    cast: Cast, client_of: ClientOf, name: str, sees: bool
) -> None:
    given = db.session.scalars(select(Grant).where(Grant.user_id == cast.specialist.id)).one()
    given.reason, given.granted_by_id = "Schreef het handboek.", cast.manager.id
    page = client_of(getattr(cast, name)).get(path_of(cast.specialist)).text
    assert ("Schreef het handboek." in page) == sees
    assert (f'Gegeven door <a href="{path_of(cast.manager)}"' in page) == sees


@pytest.mark.parametrize(
    "name, gives, makes_administrator",
    [("member", False, False), ("moderator", False, False), ("manager", True, False),
     ("administrator", False, True)],
)  # fmt: skip
def test_buttons_are_for_those_who_may(
    cast: Cast, client_of: ClientOf, name: str, gives: bool, makes_administrator: bool
) -> None:
    page = client_of(getattr(cast, name)).get(path_of(cast.blogger)).text
    assert (f"{path_of(cast.blogger)}/roles" in page) == gives
    assert ("/withdraw" in page) == gives
    assert (f"{path_of(cast.blogger)}/administrator" in page) == makes_administrator


def test_a_page_takes_a_fixed_number_of_statements(client: CheckingClient, cast: Cast) -> None:
    for _ in range(12):
        discussion(cast.specialist, theme=cast.theme)
    path = path_of(cast.specialist)
    client.get(path)
    with statements() as asked:
        client.get(path)
    # Who is signed in; the person, their roles and groups; the roles in full; what they know about;
    # whether the reader follows them; recent pieces.
    assert len(asked) == 8, "\n\n".join(asked)
