"""/account and /account/profile: what others see of oneself, and the language."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Audience, Department, Grant, User
from app.policy import PARTS
from bench.statements import statements
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
FILLED = {"name": "Lotte Lid", "job_title": "Consulent", "about": "Vraag maar.", "locale": "nl"}


@pytest.mark.parametrize("path", ["/account", "/account/profile", "/account/security"])
def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast, path: str) -> None:
    answer = client_of(None).get(path)
    assert answer.status_code == 303 and answer.location == f"/login?next={path}"


def test_the_overview_leads_on(client: CheckingClient, cast: Cast) -> None:
    page = client.get("/account").text
    assert cast.member.email in page
    for path in ("/account/profile", "/account/security", f"/people/{cast.member.id}-lotte-lid"):
        assert path in page


def test_a_profile_is_saved(client: CheckingClient, cast: Cast) -> None:
    answer = client.post("/account/profile", data=FILLED)
    assert answer.status_code == 303 and answer.location == "/account/profile"
    page = client.get("/account/profile").text
    assert "Je profiel is opgeslagen" in page and "Vraag maar." in page and "Consulent" in page


def test_the_language_changes_at_once(client: CheckingClient, cast: Cast) -> None:
    client.post("/account/profile", data=FILLED | {"locale": "en"})
    page = client.get("/account/profile").text
    assert '<html lang="en">' in page and "Your profile has been saved." in page


def test_the_department_is_one_of_the_list_or_none(client: CheckingClient, cast: Cast) -> None:
    cast.member.department = Department(name="Sociaal domein")
    other = Department(name="Financiën")
    db.session.add(other)
    db.session.commit()
    client.post("/account/profile", data=FILLED | {"department_id": other.id})
    assert f'selected value="{other.id}">Financiën' in client.get("/account/profile").text
    for odd in ("99999", "x", "-1"):
        answer = client.post("/account/profile", data=FILLED | {"department_id": odd})
        assert answer.status_code == 422 and 'id="department_id-error"' in answer.text
    client.post("/account/profile", data=FILLED | {"department_id": ""})
    db.session.refresh(cast.member)
    assert cast.member.department_id is None


def test_what_is_left_out_stays(client: CheckingClient, cast: Cast) -> None:
    cast.member.department = Department(name="Sociaal domein")
    cast.member.phone, cast.member.phone_audience = "0123-456 789", Audience.GROUPS
    db.session.commit()
    assert client.post("/account/profile", data=FILLED).status_code == 303
    page = client.get("/account/profile").text
    assert "0123-456 789" in page and ">Sociaal domein</option>" in page
    db.session.refresh(cast.member)
    assert cast.member.phone_audience is Audience.GROUPS


def test_each_part_has_its_audience(client: CheckingClient, cast: Cast) -> None:
    for audience in Audience:
        chosen = {f"{part}_audience": audience.value for part in PARTS}
        assert client.post("/account/profile", data=FILLED | chosen).status_code == 303
        db.session.refresh(cast.member)
        assert {getattr(cast.member, name) for name in chosen} == {audience}
        assert client.get("/account/profile").text.count(f'selected value="{audience}"') == len(
            PARTS
        )


def test_expertise_is_kept_each_subject_once(client: CheckingClient) -> None:
    client.post("/account/profile", data=FILLED | {"expertise": "Wmo, schuldhulp,, wmo ,Turks"})
    assert 'value="schuldhulp, Turks, Wmo"' in client.get("/account/profile").text
    client.post("/account/profile", data=FILLED | {"expertise": ""})
    assert "schuldhulp" not in client.get("/account/profile").text


def test_htmx_is_sent_on(client: CheckingClient) -> None:
    answer = client.post("/account/profile", data=FILLED, htmx=True)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/account/profile"


@pytest.mark.parametrize(
    "field, value",
    [("name", ""), ("name", "   "), ("name", "\u202e"), ("name", "x" * 121),
     ("job_title", "x" * 121), ("about", "x" * 2001), ("locale", "xx"),
     ("phone", "bel maar"), ("phone", "1" * 41), ("phone_audience", "iedereen"),
     ("email_audience", ""), ("expertise", "x"), ("expertise", "!!"), ("expertise", "y" * 61),
     ("expertise", ",".join(f"vak {n}" for n in range(11)))],
)  # fmt: skip
def test_what_is_wrong_is_pointed_out_and_the_rest_kept(
    client: CheckingClient, cast: Cast, field: str, value: str
) -> None:
    answer = client.post("/account/profile", data=FILLED | {"about": "Bewaar mij", field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert field == "about" or "Bewaar mij" in answer.text
    assert cast.member.job_title == ""


def test_a_name_is_one_line(client: CheckingClient, cast: Cast) -> None:
    client.post("/account/profile", data=FILLED | {"name": "Lotte\r\nBcc: x@y.example\x00\u202e"})
    assert cast.member.name == "Lotte Bcc: x@y.example"


def test_markup_is_text(client: CheckingClient, cast: Cast) -> None:
    attack = "<script>alert(1)</script>"
    client.post(
        "/account/profile", data=FILLED | {"name": attack, "about": attack, "job_title": attack}
    )
    for path in ("/account/profile", f"/people/{cast.member.id}-lotte-lid", "/people"):
        page = client.get(path).text
        assert attack not in page and "&lt;script&gt;" in page


def test_extra_fields_change_nothing_else(client: CheckingClient, cast: Cast) -> None:
    before = db.session.scalar(select(func.count()).select_from(Grant))
    address, handle, password = cast.member.email, cast.member.handle, cast.member.password_hash
    extra = {
        "roles": "manager", "role": "administrator", "is_admin": "1", "grants-0-role": "manager",
        "grants": "manager", "email": "x@y.example", "handle": "x", "password_hash": "x",
        "id": "99", "deactivated_at": "2020-01-01", "created_at": "2000-01-01",
    }  # fmt: skip
    assert client.post("/account/profile", data=FILLED | extra).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Grant)) == before
    assert (cast.member.email, cast.member.handle) == (address, handle)
    assert cast.member.password_hash == password and cast.member.is_active


@pytest.mark.parametrize(
    "path, number", [("/account", 1), ("/account/profile", 3), ("/account/security", 2)]
)
def test_a_page_takes_a_fixed_number_of_statements(
    client: CheckingClient, path: str, number: int
) -> None:
    client.get(path)
    with statements() as asked:
        client.get(path)
    assert len(asked) == number, "\n\n".join(asked)
