"""/settings/accounts/<ref>: one account, and what the administrator does with it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Department, LogEntry, Role, User, UserSession
from bench.statements import statements
from tests.cast import Cast, discussion, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
DEEDS = ("", "/close", "/open", "/address")


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


def path(user: User, deed: str = "") -> str:
    return f"/settings/accounts/{user.id}-{user.handle}{deed}"


def fresh(user: User) -> User:
    db.session.expire_all()
    return user


def logged() -> list[str]:
    return list(db.session.scalars(select(LogEntry.action).order_by(LogEntry.id)))


def test_what_there_is_to_know(administrator: CheckingClient, cast: Cast) -> None:
    db.session.add(UserSession(user_id=cast.specialist.id, token_hash="x"))
    db.session.commit()
    page = administrator.get(path(cast.specialist)).text
    assert cast.specialist.email in page and "Themaspecialist: Schuldhulp" in page
    assert "1 apparaat" in page and "Nooit ingelogd" in page
    assert "nog geen wachtwoord" not in page
    cast.specialist.password_hash = None
    db.session.commit()
    assert "nog geen wachtwoord" in administrator.get(path(cast.specialist)).text


def test_as_many_statements_whatever_the_roles(administrator: CheckingClient, cast: Cast) -> None:
    many = person("Veel", Role.BLOGGER, Role.MODERATOR, Role.AMBASSADOR)
    db.session.commit()
    urls = [path(cast.blogger), path(many)]
    administrator.get(urls[0])
    counts = []
    for url in urls:
        with statements() as asked:
            administrator.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
class TestWithAndWithoutHtmx:
    """Each deed works both ways."""

    def test_work(self, administrator: CheckingClient, cast: Cast, htmx: bool, status: int) -> None:
        zorg = Department(name="Zorg")
        db.session.add(zorg)
        db.session.commit()
        data = {"job_title": "Consulent", "department": str(zorg.id)}
        answer = administrator.post(path(cast.member), data=data, htmx=htmx)
        assert answer.status_code == status
        user = fresh(cast.member)
        assert (user.job_title, user.department_id) == ("Consulent", zorg.id)
        administrator.post(path(cast.member), data={"job_title": "", "department": ""}, htmx=htmx)
        assert fresh(cast.member).department_id is None
        assert logged() == ["account_changed"] * 2

    def test_close_and_open(
        self, administrator: CheckingClient, cast: Cast, htmx: bool, status: int
    ) -> None:
        data = {"name_shown": "keep", "reason": "Andere baan"}
        answer = administrator.post(path(cast.member, "/close"), data=data, htmx=htmx)
        assert answer.status_code == status
        assert not fresh(cast.member).is_active
        page = administrator.get(path(cast.member)).text
        assert "Niemand kan ermee inloggen" in page and "Account weer openen" in page
        answer = administrator.post(path(cast.member, "/open"), htmx=htmx)
        assert answer.status_code == status and fresh(cast.member).is_active
        assert logged() == ["account_closed", "account_opened"]

    def test_address(
        self, administrator: CheckingClient, cast: Cast, htmx: bool, status: int
    ) -> None:
        data = {"email": " Nieuw@B.nl "}
        answer = administrator.post(path(cast.member, "/address"), data=data, htmx=htmx)
        assert answer.status_code == status and fresh(cast.member).email == "nieuw@b.nl"

    def test_sign_out(
        self, administrator: CheckingClient, cast: Cast, htmx: bool, status: int
    ) -> None:
        db.session.add(UserSession(user_id=cast.member.id, token_hash="x"))
        db.session.commit()
        answer = administrator.post(path(cast.member, "/sign-out"), htmx=htmx)
        assert answer.status_code == status
        left = select(UserSession.id).where(UserSession.user_id == cast.member.id)
        assert not db.session.scalars(left).all()


def test_a_former_member(administrator: CheckingClient, cast: Cast) -> None:
    asked = discussion(cast.member)
    page = administrator.get(path(cast.member, "/close")).text
    assert "kun je niet terugdraaien" in page and "de naam in het logboek" in page
    administrator.post(path(cast.member, "/close"), data={"name_shown": "forget"})
    assert fresh(cast.member).name == "Oud-lid"
    assert "Het account van Lotte Lid is gesloten." in administrator.get(path(cast.member)).text
    shown = administrator.get(f"/discussions/{asked.id}-{asked.slug}").text
    assert "Oud-lid" in shown and "Lotte" not in shown
    old = administrator.get(f"/settings/accounts/{cast.member.id}-lotte-lid")
    assert old.status_code == 301 and old.location == path(cast.member)
    answer = administrator.post(path(cast.member, "/open"), data={"name": " "})
    assert answer.status_code == 422 and not fresh(cast.member).is_active
    answer = administrator.post(path(cast.member, "/open"), data={"name": "Lotte Terug"})
    assert answer.status_code == 303
    assert (fresh(cast.member).name, cast.member.handle) == ("Lotte Terug", "lotte-terug")


def test_the_name_is_no_field_for_who_has_one(administrator: CheckingClient, cast: Cast) -> None:
    administrator.post(path(cast.member, "/close"), data={"name_shown": "keep"})
    administrator.post(path(cast.member, "/open"), data={"name": "Iemand Anders"})
    assert fresh(cast.member).name == "Lotte Lid"


@pytest.mark.parametrize(
    "deed, data, said",
    [
        ("", {"department": "999"}, "Afdeling"),
        ("", {"job_title": "x" * 121, "department": ""}, "Functie"),
        ("/close", {}, "Kies wat er bij de stukken staat."),
        ("/close", {"name_shown": "anders"}, "Wat staat er bij de stukken?"),
        ("/close", {"name_shown": "keep", "reason": "x" * 1001}, "Reden"),
        ("/open", {}, "Dit account is al open."),
        ("/address", {}, "Nieuw e-mailadres"),
        ("/address", {"email": "geen adres"}, "Dit is geen e-mailadres."),
        ("/address", {"email": "a@b.nl\r\nBcc: x@y.nl"}, "Dit is geen e-mailadres."),
        ("/address", {"email": "OTTO-ander@voorbeeldstad.example"}, "Een ander account heeft dit"),
    ],
)
def test_bad_input_changes_nothing_and_is_kept(
    administrator: CheckingClient, cast: Cast, deed: str, data: dict[str, str], said: str
) -> None:
    answer = administrator.post(path(cast.member, deed), data=data)
    assert answer.status_code == 422 and said in answer.text
    if "email" in data and "\r" not in data["email"]:
        assert data["email"].lower() in answer.text.lower()
    user = fresh(cast.member)
    assert (user.email, user.job_title, user.is_active) == (
        "lotte-lid@voorbeeldstad.example", "", True,
    )  # fmt: skip
    assert not logged()


@pytest.mark.parametrize(
    "name, said", [("administrator", "laatste beheerder"), ("manager", "laatste communitymanager")]
)
def test_someone_must_stay_who_can(
    administrator: CheckingClient, cast: Cast, name: str, said: str
) -> None:
    user = getattr(cast, name)
    answer = administrator.post(
        path(user, "/close"), data={"name_shown": "forget", "reason": "Weg"}
    )
    assert answer.status_code == 422 and said in answer.text and "Weg</textarea>" in answer.text
    assert fresh(user).is_active and user.name != "Oud-lid" and not logged()
    assert administrator.get("/settings/accounts").status_code == 200


def test_closing_oneself(administrator: CheckingClient, cast: Cast) -> None:
    person("Tweede Beheer", Role.ADMINISTRATOR)
    db.session.commit()
    answer = administrator.post(path(cast.administrator, "/close"), data={"name_shown": "keep"})
    assert answer.status_code == 303 and not fresh(cast.administrator).is_active
    assert administrator.get("/settings/accounts").status_code == 303


@pytest.mark.parametrize("name", ["member", "other", "moderator", "manager"])
def test_not_for_others(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(getattr(cast, name))
    for deed in DEEDS:
        assert client.get(path(cast.member, deed)).status_code == 403
        assert client.post(path(cast.member, deed)).status_code == 403
    assert client.post(path(cast.member, "/sign-out")).status_code == 403
    assert fresh(cast.member).is_active


def test_nobody_there_and_nobody_signed_in(
    administrator: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    visitor = client_of(None)
    for deed in DEEDS:
        assert administrator.get(f"/settings/accounts/999-x{deed}").status_code == 404
        assert visitor.get(path(cast.member, deed)).status_code == 303
        assert visitor.post(path(cast.member, deed)).status_code == 401
    assert visitor.post(path(cast.member, "/sign-out")).status_code == 401


def test_the_log_says_it_in_words(
    administrator: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    data = {"job_title": "Consulent", "department": ""}
    administrator.post(path(cast.member), data=data)
    administrator.post(path(cast.member, "/close"), data={"name_shown": "forget"})
    page = client_of(cast.moderator).get("/moderation/log").text
    assert "Account gewijzigd" in page and "<p>Functie</p>" in page
    assert "Account gesloten" in page and "<p>“Oud-lid”, zonder naam</p>" in page
    assert cast.member.email not in page
