"""/register: asking for an account, where the settings allow it."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Invitation, OutgoingMail, Registration, User
from app.services import invitations, people
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.mailbox import invited, mails, text_of

Entry = Callable[..., None]
DOMAIN = ("voorbeeldstad.example",)
ANNA = "anna@voorbeeldstad.example"
REASON = {"email": "jan@elders.example", "name": "Jan Elders", "message": "Ik wil leren."}


def ask(visitor: CheckingClient, status: int = 200, /, **data: str) -> str:
    answer = visitor.post("/register", data=data)
    assert answer.status_code == status
    return answer.text


def requests() -> list[Registration]:
    return list(db.session.scalars(select(Registration)))


def test_closed_unless_a_setting_opens_it(visitor: CheckingClient) -> None:
    assert "met een uitnodiging" in visitor.get("/register").text
    ask(visitor, 409, **REASON)
    assert not requests() and not mails()
    assert "/register" not in visitor.get("/login").text


def test_the_sign_in_page_leads_there(visitor: CheckingClient, entry: Entry) -> None:
    entry(entry_requests=True)
    assert 'href="/register"' in visitor.get("/login").text


def test_an_address_in_a_known_domain_gets_a_link(visitor: CheckingClient, entry: Entry) -> None:
    entry(entry_domains=DOMAIN)
    assert "@voorbeeldstad.example" in visitor.get("/register").text
    assert "Kijk in je mail" in ask(visitor, email=f" {ANNA.upper()} ")
    assert "Iemand, waarschijnlijk jij" in text_of(mails(ANNA)[0])
    assert db.session.scalars(select(Invitation.invited_by_id)).one() is None
    data = {"name": "Anna Bos", "password": "vier-natte-olifanten-zwijgen"}
    assert visitor.post(invited(ANNA), data=data).status_code == 303
    assert db.session.scalars(select(User.name).where(User.email == ANNA)).one() == "Anna Bos"


def test_asking_twice_sends_another_link(visitor: CheckingClient, entry: Entry) -> None:
    entry(entry_domains=DOMAIN)
    ask(visitor, email=ANNA)
    first = invited(ANNA)
    ask(visitor, email=ANNA)
    assert visitor.get(first).status_code == 410
    assert visitor.get(invited(ANNA)).status_code == 200
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 1


def test_an_imported_account_is_opened_by_the_domain(visitor: CheckingClient, entry: Entry) -> None:
    account = people.add("Anna Bos", ANNA)
    entry(entry_domains=DOMAIN)
    ask(visitor, email=ANNA)
    assert db.session.scalars(select(Invitation.user_id)).one() == account.id
    assert "Hallo Anna Bos," in text_of(mails(ANNA)[0])


@pytest.mark.parametrize(
    "email",
    [
        "x@evil-voorbeeldstad.example",
        "x@voorbeeldstad.example.evil.example",
        "x@post.voorbeeldstad.example",
        "x@voorbeeldstad.examples",
        "voorbeeldstad.example@evil.example",
        "x+voorbeeldstad.example@evil.example",
        "x@xn--voorbeldstad-b8a.example",
        "x@voorbeëldstad.example",
    ],
)
def test_a_domain_that_only_looks_like_it_is_refused(
    visitor: CheckingClient, entry: Entry, email: str
) -> None:
    entry(entry_domains=DOMAIN)
    page = ask(visitor, 422, email=email)
    assert 'id="email-error"' in page and "eindigt op @voorbeeldstad.example" in page
    assert not mails() and not requests()


@pytest.mark.parametrize(
    "email",
    ["", "geen adres", "a@b", "a@b@voorbeeldstad.example", "a@voorbeeldstad.example\r\nBcc: x@y.nl",
     "x" * 250 + "@voorbeeldstad.example", '"a b"@voorbeeldstad.example', "a@[127.0.0.1]"],
)  # fmt: skip
@pytest.mark.parametrize("on_request", [False, True])
def test_what_is_no_address_is_refused(
    visitor: CheckingClient, entry: Entry, email: str, on_request: bool
) -> None:
    entry(entry_domains=DOMAIN, entry_requests=on_request)
    assert 'id="email-error"' in ask(visitor, 422, email=email)
    assert not mails()


def test_domains_of_other_scripts_are_compared_in_one_form(
    visitor: CheckingClient, entry: Entry
) -> None:
    entry(entry_domains=("Münster.example",))
    for email in ("a@münster.example", "b@xn--mnster-3ya.example", "c@MÜNSTER.example"):
        assert "Kijk in je mail" in ask(visitor, email=email)
    assert len(mails()) == 3


def test_a_plus_makes_another_address(visitor: CheckingClient, entry: Entry, cast: Cast) -> None:
    entry(entry_domains=DOMAIN)
    plus = cast.member.email.replace("@", "+kring@")
    ask(visitor, email=plus)
    assert invited(plus)


def test_other_domains_are_asked_why(visitor: CheckingClient, entry: Entry, cast: Cast) -> None:
    entry(entry_domains=DOMAIN, entry_requests=True)
    page = ask(visitor, email=REASON["email"])
    assert 'name="message"' in page and REASON["email"] in page
    assert not requests()
    assert "Je verzoek is verstuurd" in ask(visitor, **REASON)
    [kept] = requests()
    assert (kept.email, kept.name, kept.message) == tuple(REASON.values())
    assert {mail["To"] for mail in mails()} == {cast.manager.email, cast.administrator.email}
    text = text_of(mails()[0])
    assert "> Jan Elders (jan@elders.example)" in text and "/people/requests" in text
    assert REASON["message"] not in text, "a stranger writes nothing in mail from us"


def test_without_domains_everyone_is_asked_why(visitor: CheckingClient, entry: Entry) -> None:
    entry(entry_requests=True)
    assert 'name="message"' in visitor.get("/register").text
    ask(visitor, **REASON)
    assert len(requests()) == 1


@pytest.mark.parametrize(
    "data, field",
    [({"name": ""}, "name"), ({"name": "http://kwaad.example"}, "name"),
     ({"name": "Jan <x@y.nl>"}, "name"), ({"message": " "}, "message"),
     ({"message": "x" * 1001}, "message"), ({"email": "geen adres"}, "email")],
)  # fmt: skip
@pytest.mark.parametrize("domains", [DOMAIN, ()])
def test_a_request_that_lacks_something_is_kept_in_the_form(
    visitor: CheckingClient,
    entry: Entry,
    domains: tuple[str, ...],
    data: dict[str, str],
    field: str,
) -> None:
    entry(entry_domains=domains, entry_requests=True)
    page = ask(visitor, 422, **(REASON | data))
    assert f'id="{field}-error"' in page
    kept = {name: value for name, value in REASON.items() if name not in data}
    assert all(value in page for value in kept.values())
    assert not requests() and not mails()


def test_asking_again_makes_no_second_request(visitor: CheckingClient, entry: Entry) -> None:
    entry(entry_requests=True)
    for _ in range(3):
        ask(visitor, **REASON)
    assert len(requests()) == 1 and len(mails()) == 2


def test_many_requests_do_not_fill_the_mailbox_of_the_manager(
    visitor: CheckingClient, entry: Entry, cast: Cast
) -> None:
    entry(entry_requests=True)
    for number in range(5):
        ask(visitor, **(REASON | {"email": f"n{number}@elders.example"}))
    assert len(requests()) == 5 and len(mails(cast.manager.email)) == 1


def test_a_request_of_who_was_invited_sends_the_link_again(
    visitor: CheckingClient, entry: Entry, cast: Cast
) -> None:
    entry(entry_requests=True)
    invitations.invite(REASON["email"], actor=cast.manager)
    ask(visitor, **REASON)
    assert not requests()
    assert visitor.get(invited(REASON["email"])).status_code == 200


def test_a_closed_account_is_told_so_by_mail(
    visitor: CheckingClient, entry: Entry, cast: Cast
) -> None:
    entry(entry_domains=DOMAIN)
    cast.other.deactivated_at = now()
    ask(visitor, email=cast.other.email)
    assert "gesloten" in text_of(mails(cast.other.email)[0])
    assert not db.session.scalar(select(func.count()).select_from(Invitation))


@pytest.mark.parametrize("email", ["lotte-lid@voorbeeldstad.example", ANNA])
def test_one_address_is_not_flooded(visitor: CheckingClient, entry: Entry, email: str) -> None:
    entry(entry_domains=DOMAIN)
    for _ in range(3):
        ask(visitor, email=email)
    answer = visitor.post("/register", data={"email": email})
    assert answer.status_code == 429 and "Te veel" not in answer.text
    assert "te veel verzoeken" in answer.text and int(answer.headers["Retry-After"]) > 0
    assert email in answer.text
    assert len(mails(email)) == 3


def test_one_place_cannot_mail_everyone(visitor: CheckingClient, entry: Entry) -> None:
    entry(entry_domains=DOMAIN)
    visitor.reads = False
    statuses = [
        visitor.post("/register", data={"email": f"n{n}@{DOMAIN[0]}"}).status_code
        for n in range(101)
    ]
    assert statuses == [200] * 100 + [429]


def test_members_go_home(client: CheckingClient, entry: Entry) -> None:
    entry(entry_domains=DOMAIN)
    assert client.get("/register").location == "/"
    assert client.post("/register", data={"email": ANNA}).location == "/"
    assert not db.session.scalar(select(func.count()).select_from(OutgoingMail))
