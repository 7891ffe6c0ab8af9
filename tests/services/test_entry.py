"""Invitations and requests, as services: many at once, and what is kept how long."""

from datetime import timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import AMSTERDAM, now
from app.models import Invitation, OutgoingMail, Registration, RequestState, User
from app.queries import entry
from app.queries.entry import State
from app.services import invitations, jobs, people
from bench.statements import statements
from tests.cast import Cast


def count(model: type[Invitation] | type[OutgoingMail] | type[Registration]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def imported(number: int) -> list[User]:
    """Add accounts as an import makes them."""
    made = [
        User(name=f"Iris {n}", handle=f"iris-{n}", email=f"iris{n}@x.example")
        for n in range(number)
    ]
    db.session.add_all(made)
    db.session.commit()
    return list(db.session.scalars(entry.not_yet_invited()))


def test_all_imported_accounts_are_invited_and_sent_again(cast: Cast) -> None:
    """In the background, so many in a transaction."""
    number = invitations.AT_ONCE * 2 + 10
    imported(number)
    db.session.commit()
    with statements() as asked:
        invitations.invite_imported(cast.manager.id, "Welkom!")
    questions = [a for a in asked if a.startswith("SELECT") and "outgoing_mail" not in a]
    assert len(questions) < 20, "no question a person"
    assert count(Invitation) == count(OutgoingMail) == number
    assert db.session.scalar(entry.number_of(entry.not_yet_invited())) == 0
    invitations.invite_imported(cast.manager.id, "Welkom!")
    assert count(OutgoingMail) == number
    first = set(db.session.scalars(select(Invitation.token_hash)))
    invitations.send_again(list(db.session.scalars(select(Invitation.id)).all()))
    assert count(Invitation) == number and count(OutgoingMail) == 2 * number
    assert not first & set(db.session.scalars(select(Invitation.token_hash)))


def test_only_accounts_that_nobody_can_sign_in_to(cast: Cast) -> None:
    [waiting] = imported(1)
    closed = people.add("Weg", "weg@x.example")
    closed.deactivated_at = now()
    everyone = [waiting, closed, cast.member]
    assert invitations.invite_accounts(everyone, cast.manager) == 1
    assert db.session.scalars(select(Invitation.email)).all() == [waiting.email]


def test_who_was_withdrawn_is_not_invited_with_all_others(cast: Cast) -> None:
    accounts = imported(1)
    invitations.invite_accounts(accounts, cast.manager)
    assert invitations.withdraw(db.session.scalars(select(Invitation))) == 1
    db.session.commit()
    assert not list(db.session.scalars(entry.not_yet_invited()))


def test_states_in_sql_and_in_python_agree(cast: Cast) -> None:
    moment = now()
    for number, (expires, accepted, withdrawn) in enumerate(
        (e, a, w) for e in (-1, 1) for a in (None, moment) for w in (None, moment)
    ):
        db.session.add(
            Invitation(
                email=f"n{number}@x.example", token_hash=str(number), accepted_at=accepted,
                expires_at=moment + timedelta(days=expires), withdrawn_at=withdrawn,
            )
        )  # fmt: skip
    db.session.commit()
    found = {s: set(db.session.scalars(entry.invitations(s))) for s in State}
    everyone = db.session.scalars(entry.invitations()).all()
    assert found == {s: {i for i in everyone if entry.state_of(i) is s} for s in State}
    assert list(db.session.execute(entry.numbers()).one()) == [len(some) for some in found.values()]
    assert sum(map(len, found.values())) == len(everyone) == 8


def test_a_term_ends_with_a_day(cast: Cast) -> None:
    end = invitations.end_of_term().astimezone(AMSTERDAM)
    assert (end.hour, end.minute) == (23, 59)
    assert timedelta(days=14) <= end - now() < timedelta(days=15)


def test_at_night_what_is_long_over_goes(cast: Cast) -> None:
    long, short = now() - timedelta(days=366), now() - timedelta(days=300)
    moments = {
        "verlopen": (long, None, None), "pas-verlopen": (short, None, None),
        "ingetrokken": (now(), None, long), "pas-ingetrokken": (now(), None, short),
        "aangenomen": (long, long, None), "wacht": (now() + timedelta(days=1), None, None),
    }  # fmt: skip
    for name, (expires, accepted, withdrawn) in moments.items():
        db.session.add(
            Invitation(
                email=f"{name}@x.example", token_hash=name, expires_at=expires,
                accepted_at=accepted, withdrawn_at=withdrawn,
            )
        )  # fmt: skip
    decided = {"oud": long, "jong": short, "open": None}
    for name, moment in decided.items():
        state = RequestState.DECLINED if moment else RequestState.OPEN
        db.session.add(
            Registration(
                email=f"{name}@x.example", name=name, message="", state=state, decided_at=moment,
                created_at=long,
            )
        )  # fmt: skip
    db.session.commit()
    jobs.tidy()
    kept = {email.partition("@")[0] for email in db.session.scalars(select(Invitation.email))}
    assert kept == {"pas-verlopen", "pas-ingetrokken", "aangenomen", "wacht"}
    assert set(db.session.scalars(select(Registration.name))) == {"jong", "open"}
