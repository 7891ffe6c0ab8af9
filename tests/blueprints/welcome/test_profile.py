"""/welcome/profile and /welcome/themes: who one is, and what one follows."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Department, Expertise, Theme, ThemeFollow, User
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.security.pages import form_of

FILLED = {
    "name": "Nora Nieuw", "job_title": "Consulent", "about": "Ik ben nieuw.",
    "expertise": "Schuldhulp, vroegsignalering", "phone": "06 12345678", "next": "/people",
}  # fmt: skip


@pytest.fixture
def newcomer(newcomer: User) -> User:
    """Return a newcomer who accepted the house rules."""
    newcomer.accepted_rules = 1
    db.session.commit()
    return newcomer


def followed(user: User) -> set[int]:
    return set(db.session.scalars(select(ThemeFollow.theme_id).filter_by(user_id=user.id)))


def test_a_profile_is_filled_in(newcomer: User, new_client: CheckingClient) -> None:
    unit = Department(name="Sociaal domein")
    db.session.add(unit)
    db.session.commit()
    form = form_of(new_client.get("/welcome/profile?next=/people"))
    assert form.fields["name"] == "Nora Nieuw" and form.fields["next"] == "/people"
    answer = new_client.post("/welcome/profile", data=FILLED | {"department_id": unit.id})
    assert answer.status_code == 303 and answer.location == "/welcome/themes?next=/people"
    assert (newcomer.job_title, newcomer.about) == ("Consulent", "Ik ben nieuw.")
    assert newcomer.department_id == unit.id and newcomer.phone == "06 12345678"
    names = db.session.scalars(select(Expertise.name).order_by(Expertise.slug)).all()
    assert names == ["Schuldhulp", "vroegsignalering"] and newcomer.welcomed_at is None
    page = new_client.get("/welcome/profile").text
    assert "Schuldhulp, vroegsignalering" in page and "selected" in page


@pytest.mark.parametrize(
    "field, value",
    [("name", ""), ("name", "  "), ("job_title", ""), ("job_title", "x" * 121),
     ("about", "x" * 2001), ("phone", "1" * 41), ("department_id", "999"), ("department_id", "x"),
     ("expertise", "?"), ("expertise", ", ".join(f"onderwerp {n}" for n in range(11)))],
)  # fmt: skip
def test_what_is_wrong_is_pointed_out_and_the_rest_kept(
    newcomer: User, new_client: CheckingClient, field: str, value: str
) -> None:
    db.session.add(Department(name="Sociaal domein"))
    db.session.commit()
    answer = new_client.post("/welcome/profile", data=FILLED | {field: value})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert field == "about" or "Ik ben nieuw." in answer.text
    assert newcomer.job_title == "" and not db.session.scalars(select(Expertise)).all()


def test_the_profile_can_be_skipped(newcomer: User, new_client: CheckingClient) -> None:
    assert 'href="/welcome/themes?next=/people"' in new_client.get(
        "/welcome/profile?next=/people"
    ).text  # fmt: skip
    assert new_client.get("/welcome/themes?next=/people").status_code == 200


def test_themes_are_followed_and_that_is_the_end(
    cast: Cast, newcomer: User, new_client: CheckingClient
) -> None:
    cast.theme.description = "Over schulden."
    old = Theme(name="Vroeger", slug="vroeger", archived_at=now())
    db.session.add(old)
    db.session.commit()
    page = new_client.get("/welcome/themes?next=/people").text
    assert "Over schulden." in page and "Vroeger" not in page
    answer = new_client.post("/welcome/themes", data={"themes": cast.theme.id, "next": "/people"})
    assert answer.status_code == 303 and answer.location == "/people"
    assert followed(newcomer) == {cast.theme.id} and newcomer.welcomed_at is not None
    assert new_client.get("/").status_code == 200
    assert "checked" in new_client.get("/welcome/themes").text
    new_client.post("/welcome/themes", data={"themes": cast.other_theme.id})
    assert followed(newcomer) == {cast.other_theme.id}


@pytest.mark.parametrize("wrong", ["x", "999", "archived"])
def test_a_theme_that_cannot_be_chosen(
    cast: Cast, newcomer: User, new_client: CheckingClient, wrong: str
) -> None:
    cast.other_theme.archived_at = now()
    db.session.commit()
    value = cast.other_theme.id if wrong == "archived" else wrong
    answer = new_client.post("/welcome/themes", data={"themes": [cast.theme.id, value]})
    assert answer.status_code == 422 and "theme-" in answer.text
    assert wrong == "x" or f'value="{cast.theme.id}" checked' in answer.text
    assert not followed(newcomer) and newcomer.welcomed_at is None


def test_themes_can_be_skipped(cast: Cast, newcomer: User, new_client: CheckingClient) -> None:
    answer = new_client.post("/welcome/themes", data={"themes": cast.theme.id, "skip": "1"})
    assert answer.status_code == 303 and answer.location == "/"
    assert not followed(newcomer) and newcomer.welcomed_at is not None


def test_a_first_day_goes_on_where_it_stopped(newcomer: User, new_client: CheckingClient) -> None:
    assert new_client.get("/welcome").location == "/welcome/profile"
    new_client.post("/welcome/profile", data=FILLED)
    assert new_client.get("/welcome").location == "/welcome/themes"


def test_only_what_the_form_asks_changes(newcomer: User, new_client: CheckingClient) -> None:
    extra = {
        "email": "x@y.example",
        "handle": "x",
        "welcomed_at": "2020-01-01",
        "accepted_rules": 9,
    }
    new_client.post("/welcome/profile", data=FILLED | extra)
    assert newcomer.email.startswith("nora-nieuw@") and newcomer.handle == "nora-nieuw"
    assert newcomer.welcomed_at is None and newcomer.accepted_rules == 1
