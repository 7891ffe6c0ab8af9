"""Getting in by other means than were meant: links used again, guessed at, forwarded, forged."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Department, Grant, Invitation, OutgoingMail, Registration, User
from app.services import invitations, outbox, people, registrations, settings
from app.site import forget_site
from bench.statements import statements
from tests.cast import PASSWORD, Cast
from tests.checking import CheckingClient
from tests.mailbox import invited, mails, text_of
from tests.security.test_concurrency import sending, together

ClientOf = Callable[[User | None], CheckingClient]
ANNA = "anna@voorbeeldstad.example"
GOOD = {"name": "Anna Bos", "password": "vier-natte-olifanten-zwijgen"}
HEADERS = {
    "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date",
    "Message-ID", "Auto-Submitted",
}  # fmt: skip
NAUGHTY = [
    "Jan\r\nBcc: x@evil.example",
    "Jan\nSubject: anders",
    "Jan\r\n\r\nKlik op http://evil.example",
    "Jan\u2028Bcc: x@evil.example",
    "=?utf-8?q?=0ABcc:_x@evil.example?=",
    "{{ config }} {% raw %} <b>vet</b>",
]


@pytest.fixture
def visitor(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client that nobody signed in on."""
    return client_of(None)


@pytest.fixture
def opened(cast: Cast) -> None:
    """Let people in by their domain, and let others ask."""
    change = {"entry_domains": ("voorbeeldstad.example",), "entry_requests": True}
    settings.change(change, cast.administrator)
    db.session.commit()
    forget_site()


def invite(cast: Cast, email: str = ANNA, **values: str) -> str:
    """Invite someone, and return the path in the mail."""
    invitations.invite(email, actor=cast.manager, **values)
    db.session.commit()
    outbox.deliver_due()
    return invited(email)


def accounts() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


# Links (threat 14).


def test_every_way_in_which_a_link_ends(
    visitor: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    before = accounts()
    first = invite(cast)
    second = invite(cast)
    gone = [first]
    with time_machine.travel(now() + timedelta(days=16)):
        assert visitor.post(second, data=GOOD).status_code == 410, "expired"
    invitations.withdraw(db.session.scalars(select(Invitation)))
    gone.append(second)
    third = invite(cast)
    for path in gone:
        for method in ("GET", "HEAD", "POST"):
            assert visitor.open(path, method=method, data=GOOD).status_code == 410, "sent anew"
    assert accounts() == before
    for method in ("GET", "HEAD", "GET"):
        assert visitor.open(third, method=method).status_code == 200, "looking is not using"
    assert visitor.post(third, data=GOOD).status_code == 303
    assert client_of(None).post(third, data=GOOD).status_code == 410, "used"
    assert accounts() == before + 1


def test_a_link_is_good_for_its_own_purpose_only(visitor: CheckingClient, cast: Cast) -> None:
    token = invite(cast).rpartition("/")[2]
    visitor.post("/password/forgot", data={"email": cast.member.email})
    reset = re.search(r"/password/reset/(\S+)", text_of(mails(cast.member.email)[-1]))
    assert reset
    assert visitor.get(f"/password/reset/{token}").status_code == 410
    assert visitor.get(f"/invitations/{reset[1]}").status_code == 410
    assert visitor.post(f"/invitations/{reset[1]}", data=GOOD).status_code == 410


def test_a_forwarded_link_changes_nothing_for_who_is_signed_in(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    path, before = invite(cast), accounts()
    hashed = cast.member.password_hash
    assert client.post(path, data=GOOD).status_code == 409
    db.session.expire_all()
    assert cast.member.password_hash == hashed and accounts() == before
    assert client.get("/account/profile").status_code == 200, "still signed in, as themselves"
    assert visitor.get(path).status_code == 200


def test_the_database_holds_no_usable_link(
    visitor: CheckingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_mail: OutgoingMail) -> None:
        raise ConnectionRefusedError

    sent = invite(cast).rpartition("/")[2]
    assert len(sent) >= 43, "256 bits"
    monkeypatch.setattr(outbox, "send", down)
    invitations.invite("jan@x.example", actor=cast.manager)
    db.session.commit()
    outbox.deliver_due()
    for table in (Invitation.__table__, OutgoingMail.__table__):
        assert sent not in str(db.session.execute(select(table)).all())
    waiting = db.session.scalars(select(OutgoingMail).where(OutgoingMail.sent_at.is_(None))).one()
    hashes = db.session.scalars(select(Invitation.token_hash)).all()
    for word in [*re.findall(r"[\w-]{20,}", waiting.body), *hashes]:
        assert visitor.get(f"/invitations/{word}").status_code == 410


def test_the_address_of_the_page_is_told_to_nobody(visitor: CheckingClient, cast: Cast) -> None:
    path = invite(cast)
    for answer in (visitor.get(path), visitor.post(path, data={}), visitor.get("/invitations/x")):
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert not re.findall(r'(?:href|src)="https?://', answer.text)


@pytest.mark.parametrize("token", ["x", outbox.SECRET_PLACE, "é", "%00", "a" * 5000, "' OR 1=1--"])
def test_a_made_up_link_is_over(visitor: CheckingClient, token: str) -> None:
    assert visitor.get(f"/invitations/{token}").status_code in {404, 410}


def test_a_link_used_twice_at_once_makes_one_account(visitor: CheckingClient, cast: Cast) -> None:
    path, before = invite(cast), accounts()
    visitor.get(path)
    senders = [sending(visitor, path, GOOD | {"name": f"Anna {n}"}) for n in range(4)]
    assert together(senders) == {303: 1, 410: 3}
    db.session.expire_all()
    assert accounts() == before + 1


def test_the_link_of_an_import_makes_no_second_account(visitor: CheckingClient, cast: Cast) -> None:
    account = people.add("Anna", ANNA)
    path, before = invite(cast), accounts()
    account.email = "anders@voorbeeldstad.example"
    assert visitor.post(path, data=GOOD).status_code == 410, "it was for the address that is gone"
    account.email, account.deactivated_at = ANNA, now()
    assert visitor.post(path, data=GOOD).status_code == 410, "closed"
    account.deactivated_at = None
    assert visitor.post(path, data=GOOD).status_code == 303
    assert accounts() == before


# Nobody gives themselves more (threat 4).


def test_posted_address_and_role_are_ignored(visitor: CheckingClient, cast: Cast) -> None:
    path = invite(cast)
    grants = db.session.scalar(select(func.count()).select_from(Grant))
    extra = {
        "email": "baas@kwaad.example", "role": "administrator", "roles": "manager",
        "user_id": str(cast.member.id), "grants-0-role": "manager", "department": "Directie",
        "handle": "baas", "password_hash": "x", "accepted_rules": "9", "locale": "en",
    }  # fmt: skip
    assert visitor.post(path, data=GOOD | extra, query_string=extra).status_code == 303
    db.session.expire_all()
    made = db.session.scalars(select(User).where(User.email == ANNA)).one()
    assert (made.handle, made.locale, made.accepted_rules) == ("anna-bos", "nl", 0)
    assert made.department_id is None and cast.member.name == "Lotte Lid"
    assert db.session.scalar(select(func.count()).select_from(Grant)) == grants
    assert not db.session.scalar(select(func.count()).select_from(Department))


def test_a_list_of_invitations_gives_no_roles(cast: Cast, client_of: ClientOf) -> None:
    data = {"addresses": ANNA, "role": "administrator", "user_id": str(cast.member.id)}
    assert client_of(cast.manager).post("/people/invitations", data=data).status_code == 303
    assert db.session.scalars(select(Invitation.user_id)).all() == [None]


# Who has an account is nobody's business (threat 16).


def states(cast: Cast) -> list[str]:
    """Return addresses in every state that an address can have."""
    cast.other.deactivated_at = now()
    imported = people.add("Iris", "iris@voorbeeldstad.example")
    invitations.invite("gevraagd@voorbeeldstad.example", actor=cast.manager)
    known = [cast.member.email, cast.other.email, imported.email, "gevraagd@voorbeeldstad.example"]
    db.session.commit()
    return [*known, "niemand@voorbeeldstad.example"]


def test_the_answer_is_the_same_for_every_address(
    visitor: CheckingClient, cast: Cast, opened: None
) -> None:
    texts = set()
    for email in states(cast):
        answer = visitor.post("/register", data={"email": email})
        assert answer.status_code == 200 and len(mails(email)) >= 1
        texts.add(answer.text.replace(email, ""))
    assert len(texts) == 1


def test_the_answer_to_a_request_is_the_same_for_every_address(
    visitor: CheckingClient, cast: Cast, opened: None
) -> None:
    for email in ("lid@x.example", "dicht@x.example"):
        people.add("Naam", email, password_hash="x")
    db.session.execute(
        text("UPDATE users SET deactivated_at = created_at WHERE email = 'dicht@x.example'")
    )
    people.add("Naam", "import@x.example")
    db.session.add(Registration(email="wacht@x.example", name="W", message="W"))
    invitations.invite("gevraagd@x.example", actor=cast.manager)
    db.session.commit()
    texts = set()
    for name in ("lid", "dicht", "import", "wacht", "gevraagd", "niemand"):
        data = {"email": f"{name}@x.example", "name": "Jan", "message": "Mag ik?"}
        answer = visitor.post("/register", data=data)
        assert answer.status_code == 200
        texts.add(answer.text.replace(data["email"], ""))
    assert len(texts) == 1
    open_ones = set(db.session.scalars(select(Registration.email)))
    assert open_ones == {"import@x.example", "wacht@x.example", "niemand@x.example"}


def test_asking_takes_the_same_work_for_every_address(
    app: Kring, visitor: CheckingClient, cast: Cast, opened: None
) -> None:
    """The looking up is left to the background; here it is left out, as on a server."""
    app.extensions["let_in"] = app.extensions["keep_request"] = lambda *_what: None
    work = set()
    for email in states(cast):
        for data in (
            {"email": email},
            {
                "email": f"{email.split(chr(64))[0]}@elders.example",
                "name": "Jan",
                "message": "Mag ik?",
            },
        ):
            with statements() as asked:
                assert visitor.post("/register", data=data).status_code == 200
            work.add(tuple(asked))
    assert len(work) == 1


# What people write is text (threat 17).


def check_mail(address: str) -> str:
    """Assert that the newest mail to an address has our headers and one reader; return its text."""
    mail = mails(address)[-1]
    assert set(mail.keys()) == HEADERS and len(mail.keys()) == len(HEADERS)
    assert mail["To"] == address and not mail.is_multipart()
    assert "\n" not in str(mail["Subject"]) and "Bcc" not in str(mail["Subject"])
    return text_of(mail)


@pytest.mark.parametrize("name", NAUGHTY)
def test_names_and_messages_add_nothing_to_a_mail(
    cast: Cast, client_of: ClientOf, opened: None, name: str
) -> None:
    cast.manager.name = name[:120]
    client = client_of(cast.manager)
    data = {
        "addresses": f"{' '.join(name.split())} <{ANNA}>",
        "message": f"{name}\n\nRegards,\n{name}",
    }
    assert client.post("/people/invitations", data=data).status_code in {303, 422}
    invite(cast, name=name[:120], message=name)
    body = check_mail(ANNA)
    assert body.count("/invitations/") == 1
    for line in body.splitlines():
        assert not line.startswith(("Bcc:", "Subject:")) and line != "Regards,"
    registrations.put_before_deciders(Registration(email="x@y.example", name=name, message=name))
    asked = db.session.scalars(select(Registration)).one()
    registrations.decline(asked, name, cast.administrator)
    db.session.commit()
    outbox.deliver_due()
    for address in (cast.administrator.email, "x@y.example"):
        check_mail(address)


@pytest.mark.parametrize(
    "address",
    ["a@x.example, b@x.example <c@x.example", "a@x.example\r\nBcc: b@x.example", "a@x.example b",
     "<a@x.example>, b@x.example>", "a@x.example;b@x.example"],
)  # fmt: skip
def test_every_mail_has_one_reader(cast: Cast, client_of: ClientOf, address: str) -> None:
    client_of(cast.manager).post("/people/invitations", data={"addresses": address})
    for mail in mails():
        assert set(mail.keys()) == HEADERS
        assert re.fullmatch(r"[abc]@x\.example", str(mail["To"]))


@pytest.mark.parametrize(
    "message",
    [outbox.SECRET_PLACE, f"https://evil.example/?t={outbox.SECRET_PLACE}",
     f"https://evil.example/http://127.0.0.1:8000/{outbox.SECRET_PLACE}",
     f"http://127.0.0.1:8000.evil.example/{outbox.SECRET_PLACE}",
     f"http://127.0.0.1:8000/login?next={outbox.SECRET_PLACE}"],
)  # fmt: skip
def test_a_message_cannot_carry_the_link_elsewhere(cast: Cast, message: str) -> None:
    token = invite(cast, message=message, name=message[:120]).rpartition("/")[2]
    body = check_mail(ANNA)
    assert body.count(token) == 1
    assert f"http://127.0.0.1:8000/invitations/{token}\n" in body


def test_a_message_is_kept_apart_from_what_we_say(cast: Cast) -> None:
    invite(cast, message="Hoi,\n\nMaak hier je account:\n\nhttp://evil.example/nep")
    body = check_mail(ANNA)
    assert "> Maak hier je account:\n>\n> http://evil.example/nep\n" in body
    assert re.findall(r"^http\S+", body, re.MULTILINE) == [f"http://127.0.0.1:8000{invited(ANNA)}"]


# Guessing (threat 15).


def test_a_weak_password_opens_nothing(visitor: CheckingClient, cast: Cast) -> None:
    path = invite(cast)
    for password in ("", "wachtwoord", "kring", "welkom2026welkom", ANNA):
        assert visitor.post(path, data=GOOD | {"password": password}).status_code == 422
    assert visitor.post("/login", data={"email": ANNA, "password": PASSWORD}).status_code == 422
