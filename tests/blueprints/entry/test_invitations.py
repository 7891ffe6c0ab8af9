"""/people/invitations: who was invited, and inviting one or many."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Invitation, User, UserSession
from app.queries.entry import PAGE, State, state_of
from app.services import invitations, people
from bench.statements import statements
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.mailbox import invited, mails, text_of

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/people/invitations"
ANNA, JAN = "anna@voorbeeldstad.example", "jan@voorbeeldstad.example"


def invite(client: CheckingClient, *addresses: str, message: str = "", status: int = 303) -> str:
    data = {"addresses": "\n".join(addresses), "message": message}
    answer = client.post(PATH, data=data)
    assert answer.status_code == status
    return answer.text


def of(email: str) -> Invitation:
    db.session.expire_all()
    newest = select(Invitation).where(Invitation.email == email).order_by(Invitation.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Invitation)) or 0


@pytest.mark.parametrize("htmx", [False, True])
def test_one_or_many_are_invited(manager: CheckingClient, cast: Cast, htmx: bool) -> None:
    data = {"addresses": f"Anna Bos <{ANNA}>\n {JAN.upper()} ;;", "message": "Doe je mee?"}
    answer = manager.post(PATH, data=data, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert "2 uitnodigingen zijn onderweg." in manager.get(PATH).text
    assert {one["To"] for one in mails()} == {ANNA, JAN}
    text = text_of(mails(ANNA)[0])
    assert "Hallo Anna Bos," in text and "> Doe je mee?" in text and cast.manager.name in text
    assert of(ANNA).invited_by_id == cast.manager.id and of(ANNA).name == "Anna Bos"
    assert manager.get(invited(JAN)).status_code == 409, "the manager is signed in as themselves"


def test_both_keepers_may_and_nobody_else(cast: Cast, client_of: ClientOf) -> None:
    for name in ("member", "specialist", "ambassador", "moderator", "group_owner"):
        client = client_of(getattr(cast, name))
        assert client.get(PATH).status_code == 403
        for path in ("", "/imported", "/send-again", "/withdraw"):
            data = {"addresses": ANNA, "whole": "1"}
            assert client.post(PATH + path, data=data).status_code == 403
    assert client_of(cast.administrator).get(PATH).status_code == 200
    assert client_of(None).get(PATH).status_code == 303
    assert count() == 0


def test_what_is_refused_is_named_and_kept_and_the_rest_is_sent(
    manager: CheckingClient, cast: Cast
) -> None:
    invite(manager, JAN)
    cast.other.deactivated_at = now()
    lines = ("geen adres", cast.member.email.upper(), JAN, cast.other.email, f"Anna <{ANNA}>")
    page = invite(manager, *lines, message="Tot ziens!", status=422)
    kept = page.partition('name="addresses"')[2].partition("</textarea>")[0]
    for line in lines[:4]:
        assert line in kept
    assert ANNA not in kept and "Tot ziens!" in page
    for reason in ("geen e-mailadres", "al lid", "al uitgenodigd", "gesloten"):
        assert reason in page
    assert "1 uitnodiging is onderweg." in page and "4 mensen zijn niet uitgenodigd" in page
    assert len(mails(ANNA)) == 1 and len(mails(JAN)) == 1 and count() == 2


def test_who_was_invited_already_can_be_sent_another(manager: CheckingClient) -> None:
    invite(manager, ANNA)
    first = invited(ANNA)
    page = invite(manager, ANNA, status=422)
    key = page.partition('type="hidden" name="chosen" value="')[2].partition('"')[0]
    assert manager.post(f"{PATH}/send-again", data={"chosen": key}).status_code == 303
    assert invited(ANNA) != first


@pytest.mark.parametrize(
    "addresses, error",
    [("", "is vereist"), ("  \n ", "is vereist"), (";,", "minstens één"),
     ("\n".join(f"n{n}@x.example" for n in range(501)), "hooguit 500")],
)  # fmt: skip
def test_nothing_or_too_much(manager: CheckingClient, addresses: str, error: str) -> None:
    page = invite(manager, addresses, message="Blijft staan", status=422)
    assert error in page and 'id="addresses-error"' in page and "Blijft staan" in page
    assert count() == 0


def test_five_hundred_at_once(manager: CheckingClient) -> None:
    manager.reads = False
    addresses = [f"n{n}@x.example" for n in range(500)]
    with statements() as asked:
        invite(manager, *addresses)
    assert count() == 500
    questions = [one for one in asked if one.startswith("SELECT") and "outgoing_mail" not in one]
    assert len(questions) < 10, "no question a person"


def test_a_long_message_is_refused(manager: CheckingClient) -> None:
    page = invite(manager, ANNA, message="x" * 1001, status=422)
    assert 'id="message-error"' in page and ANNA in page
    assert count() == 0


def test_sending_again_makes_another_link_and_another_term(
    manager: CheckingClient, visitor: CheckingClient, entry: Callable[..., None]
) -> None:
    entry(invitation_days=3)
    invite(manager, ANNA)
    first = invited(ANNA)
    with time_machine.travel(now() + timedelta(days=5)):
        assert state_of(of(ANNA)) is State.EXPIRED
        manager.post(f"{PATH}/send-again", data={"one": of(ANNA).id})
        assert state_of(of(ANNA)) is State.WAITING
        assert visitor.get(first).status_code == 410
        assert visitor.get(invited(ANNA)).status_code == 200


def test_withdrawing_ends_the_link(manager: CheckingClient, visitor: CheckingClient) -> None:
    invite(manager, ANNA)
    answer = manager.post(f"{PATH}/withdraw", data={"one": of(ANNA).id})
    assert answer.status_code == 303
    assert "1 uitnodiging is ingetrokken." in manager.get(PATH).text
    assert visitor.get(invited(ANNA)).status_code == 410
    manager.post(f"{PATH}/send-again", data={"one": of(ANNA).id})
    assert len(mails(ANNA)) == 1, "what was withdrawn is not sent again"
    invite(manager, ANNA)
    assert visitor.get(invited(ANNA)).status_code == 200, "but the person can be invited anew"


def test_several_at_once(manager: CheckingClient) -> None:
    invite(manager, ANNA, JAN, "piet@x.example")
    chosen = [of(ANNA).id, of(JAN).id]
    manager.post(f"{PATH}/withdraw", data={"chosen": chosen})
    assert state_of(of(JAN)) is State.WITHDRAWN and state_of(of("piet@x.example")) is State.WAITING
    manager.post(f"{PATH}/send-again", data={"whole": "1"})
    assert len(mails("piet@x.example")) == 2 and len(mails(ANNA)) == 1


def test_the_whole_list_is_that_of_the_state_that_is_shown(
    manager: CheckingClient, entry: Callable[..., None]
) -> None:
    entry(invitation_days=3)
    invite(manager, ANNA)
    with time_machine.travel(now() + timedelta(days=5)):
        invite(manager, JAN)
        manager.post(f"{PATH}/withdraw?state=expired", data={"whole": "1"})
        assert state_of(of(ANNA)) is State.WITHDRAWN and state_of(of(JAN)) is State.WAITING


@pytest.mark.parametrize(
    "data", [{}, {"chosen": ["x", "-1", "99999999999"]}, {"one": "9"}, {"one": str(2**40)}]
)
def test_choosing_nothing_changes_nothing(manager: CheckingClient, data: dict[str, str]) -> None:
    invite(manager, ANNA)
    for path in ("send-again", "withdraw"):
        assert manager.post(f"{PATH}/{path}", data=data).status_code == 303
        assert "Kies een of meer uitnodigingen" in manager.get(PATH).text
    assert state_of(of(ANNA)) is State.WAITING and len(mails(ANNA)) == 1


def test_the_list_is_kept_apart_by_state_and_paged(manager: CheckingClient, cast: Cast) -> None:
    manager.reads = False
    invite(manager, *(f"n{n}@x.example" for n in range(PAGE + 1)))
    manager.reads = True
    assert manager.get(PATH).text.count('name="chosen"') == PAGE
    assert manager.get(f"{PATH}?page=2").text.count('name="chosen"') == 1
    assert manager.get(f"{PATH}?page=3").status_code == 404
    manager.post(f"{PATH}/withdraw", data={"one": of("n3@x.example").id})
    assert "n3@x.example" not in manager.get(f"{PATH}?state=waiting").text
    assert "n3@x.example" in manager.get(f"{PATH}?state=withdrawn").text
    assert "Er zijn geen uitnodigingen" in manager.get(f"{PATH}?state=accepted").text
    assert manager.get(f"{PATH}?state=onzin").status_code == 200


def test_the_page_asks_the_same_of_the_database_for_any_number(manager: CheckingClient) -> None:
    def asked() -> int:
        with statements() as found:
            manager.get(PATH)
        return len(found)

    invite(manager, ANNA)
    one = asked()
    invite(manager, *(f"n{n}@x.example" for n in range(30)))
    assert asked() == one


def imported(cast: Cast, number: int) -> list[User]:
    found = [
        people.add(f"Iris {n}", f"iris{n}@x.example", job_title="Jurist") for n in range(number)
    ]
    db.session.commit()
    return found


def test_imported_people_are_invited_at_once(
    manager: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    first, *_others = imported(cast, 3)
    button = "geïmporteerde mensen uit die nog niet zijn uitgenodigd"
    assert f"Nodig de 3 {button}" in manager.get(PATH).text
    answer = manager.post(f"{PATH}/imported", data={"message": "Welkom!"})
    assert answer.status_code == 303 and count() == 3
    assert "> Welkom!" in text_of(mails(first.email)[0])
    assert button not in manager.get(PATH).text
    manager.post(f"{PATH}/imported")
    assert count() == 3 and len(mails()) == 3
    assert of(first.email).user_id == first.id


def test_an_imported_account_is_opened_not_made_again(
    manager: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    [account] = imported(cast, 1)
    key, handle = account.id, account.handle
    invite(manager, account.email)
    assert "Je account staat klaar." in text_of(mails(account.email)[0])
    path = invited(account.email)
    assert 'value="Iris 0"' in visitor.get(path).text
    data = {"name": "Iris Vos", "password": "vier-natte-olifanten-zwijgen"}
    assert visitor.post(path, data=data).status_code == 303
    db.session.expire_all()
    opened = db.session.scalars(select(User).where(User.email == "iris0@x.example")).one()
    assert (opened.id, opened.handle, opened.name, opened.job_title) == (
        key, handle, "Iris Vos", "Jurist",
    )  # fmt: skip
    assert opened.password_hash is not None
    assert set(db.session.scalars(select(UserSession.user_id))) == {cast.manager.id, key}


def test_who_was_invited_before_the_import_is_not_invited_twice(
    manager: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    invite(manager, "iris0@x.example")
    accounts = imported(cast, 1)
    assert "Geïmporteerde mensen" not in manager.get(PATH).text
    assert invitations.invite_accounts(accounts, cast.manager) == 0
    data = {"name": "Iris Vos", "password": "vier-natte-olifanten-zwijgen"}
    assert visitor.post(invited("iris0@x.example"), data=data).status_code == 303
    assert db.session.scalar(select(func.count()).where(User.email == "iris0@x.example")) == 1


def test_the_menu_says_that_this_is_about_people(manager: CheckingClient) -> None:
    assert 'href="/people" aria-current="page"' in manager.get(PATH).text
