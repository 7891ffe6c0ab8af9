"""Accounts are closed and opened again; someone always stays who can."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import (
    AddressChange,
    Department,
    Draft,
    Expertise,
    Invitation,
    LogEntry,
    OutgoingMail,
    Role,
    Setting,
    Token,
    TokenPurpose,
    User,
    UserSession,
)
from app.services import accounts, import_authors, roles
from app.services.accounts import AccountRefused
from app.site import forget_site
from tests.cast import Cast, discussion, person


def fill(user: User) -> None:
    """Give someone all that a profile can have, and every way in."""
    department = Department(name="Zorg")
    db.session.add(department)
    db.session.flush()
    user.department_id, user.job_title, user.about = department.id, "Consulent", "Over mij"
    user.phone, user.photo_sha256 = "06", "a" * 64
    later = now() + timedelta(days=1)
    db.session.add_all(
        [
            Expertise(user_id=user.id, slug="schulden", name="Schulden"),
            UserSession(user_id=user.id, token_hash="sessie"),
            Token(
                user_id=user.id, token_hash="link", purpose=TokenPurpose.PASSWORD_RESET,
                expires_at=later,
            ),
            AddressChange(user_id=user.id, email="nieuw@b.nl", expires_at=later),
            Invitation(email=user.email, token_hash="mail", expires_at=later),
            Invitation(
                email="ouder@b.nl", user_id=user.id, token_hash="account", expires_at=later
            ),
            Invitation(email="ander@b.nl", token_hash="ander", expires_at=later),
        ]
    )  # fmt: skip
    db.session.commit()


def ways_in(user: User) -> list[int]:
    """Count sessions, links, changes of address, and invitations that still work."""
    theirs = Invitation.token_hash.in_(["mail", "account"]) & Invitation.withdrawn_at.is_(None)
    counts = [
        select(func.count()).where(UserSession.user_id == user.id),
        select(func.count()).where(Token.user_id == user.id),
        select(func.count()).where(AddressChange.user_id == user.id),
        select(func.count()).where(theirs),
    ]
    return [db.session.scalar(count) or 0 for count in counts]


def log() -> list[tuple[str, str, str, str]]:
    rows = db.session.scalars(select(LogEntry).order_by(LogEntry.id))
    return [(row.action, row.subject_label, row.reason, row.result) for row in rows]


def mails() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.recipient, mail.subject) for mail in rows]


def test_closing_ends_every_way_in_and_keeps_the_rest(cast: Cast) -> None:
    fill(cast.member)
    asked = discussion(cast.member)
    assert ways_in(cast.member) == [1, 1, 1, 2]
    accounts.close(cast.member, cast.administrator, keep_name=True, reason="Andere baan")
    db.session.commit()
    db.session.expire_all()
    assert not cast.member.is_active and ways_in(cast.member) == [0, 0, 0, 0]
    other = db.session.scalars(select(Invitation).where(Invitation.token_hash == "ander")).one()
    assert other.withdrawn_at is None
    assert (cast.member.name, cast.member.handle, cast.member.phone) == (
        "Lotte Lid",
        "lotte-lid",
        "06",
    )
    assert asked.author_id == cast.member.id and asked.withdrawn_at is None
    assert log() == [("account_closed", "Lotte Lid", "Andere baan", "")]
    assert mails() == [(cast.member.email, "Je account bij Kring is gesloten")]


def test_a_former_member_leaves_nothing_of_the_profile(cast: Cast) -> None:
    fill(cast.member)
    asked = discussion(cast.member)
    email, password_hash = cast.member.email, cast.member.password_hash
    db.session.add(
        Draft(user_id=cast.member.id, place="x", path="/", fields={"body": "Nog niet af"})
    )
    accounts.close(cast.member, cast.administrator, keep_name=False)
    db.session.commit()
    db.session.expire_all()
    user = cast.member
    assert (user.name, user.handle) == ("Oud-lid", f"oud-lid-{user.id}")
    assert (user.photo_sha256, user.department_id) == (None, None)
    assert (user.phone, user.about, user.job_title) == ("", "", "")
    assert not db.session.scalars(select(Expertise)).all()
    assert (user.email, user.password_hash) == (email, password_hash)
    assert asked.author_id == user.id
    assert not db.session.scalars(select(Draft)).all()
    assert log() == [("account_closed", "Lotte Lid", "", "former_member")]
    assert accounts.is_nameless(user) and not accounts.is_nameless(cast.other)


def test_a_handle_that_someone_has_is_no_obstacle(cast: Cast) -> None:
    db.session.add(User(name="Slim", email="slim@b.nl", handle=f"oud-lid-{cast.member.id}"))
    db.session.commit()
    accounts.close(cast.member, cast.administrator, keep_name=False)
    db.session.commit()
    assert cast.member.handle == f"oud-lid-{cast.member.id}-2"
    assert accounts.is_nameless(cast.member)


def test_opening_again(cast: Cast) -> None:
    accounts.close(cast.member, cast.administrator, keep_name=True)
    accounts.reopen(cast.member, cast.administrator)
    db.session.commit()
    assert cast.member.is_active and cast.member.name == "Lotte Lid"
    assert [row[0] for row in log()] == ["account_closed", "account_opened"]
    assert mails()[1] == (cast.member.email, "Je account bij Kring is weer open")


def test_opening_a_former_member_gives_the_name_anew(cast: Cast) -> None:
    accounts.close(cast.member, cast.administrator, keep_name=False)
    accounts.reopen(cast.member, cast.administrator, "Otto Ander")
    db.session.commit()
    assert (cast.member.name, cast.member.handle) == ("Otto Ander", "otto-ander-2")


def test_what_was_done_already_is_refused(cast: Cast) -> None:
    with pytest.raises(AccountRefused, match="al open"):
        accounts.reopen(cast.member, cast.administrator)
    accounts.close(cast.member, cast.administrator, keep_name=True)
    with pytest.raises(AccountRefused, match="al gesloten"):
        accounts.close(cast.member, cast.administrator, keep_name=False)
    assert cast.member.name == "Lotte Lid"


def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(AccountRefused, match="laatste beheerder"):
        accounts.close(cast.administrator, cast.administrator, keep_name=True)
    closed = person("Weg Beheer", Role.ADMINISTRATOR)
    closed.deactivated_at = now()
    db.session.commit()
    with pytest.raises(AccountRefused, match="laatste beheerder"):
        accounts.close(cast.administrator, cast.administrator, keep_name=True)
    assert cast.administrator.is_active and not log() and not mails()


def test_one_of_two_administrators_may_go_also_by_their_own_hand(cast: Cast) -> None:
    second = person("Tweede Beheer", Role.ADMINISTRATOR)
    db.session.commit()
    accounts.close(second, second, keep_name=True)
    db.session.commit()
    with pytest.raises(AccountRefused):
        accounts.close(cast.administrator, cast.administrator, keep_name=True)


def test_the_last_community_manager_stays(cast: Cast) -> None:
    with pytest.raises(AccountRefused, match="laatste communitymanager"):
        accounts.close(cast.manager, cast.administrator, keep_name=True)
    roles.grant(cast.other, Role.MANAGER, None, "Volgt op", cast.manager)
    db.session.commit()
    accounts.close(cast.manager, cast.administrator, keep_name=True)
    assert not cast.manager.is_active


def test_two_administrators_who_close_each_other_at_once(app: Kring, cast: Cast) -> None:
    second = person("Tweede Beheer", Role.ADMINISTRATOR)
    db.session.commit()
    pairs = [(cast.administrator.id, second.id), (second.id, cast.administrator.id)]
    start = Barrier(2)

    def close(pair: tuple[int, int]) -> str:
        with app.app_context():
            start.wait()
            actor, other = (db.session.get_one(User, key) for key in pair)
            try:
                accounts.close(other, actor, keep_name=True)
                db.session.commit()
            except (AccountRefused, PermissionError) as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "closed"

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(close, pairs))
    assert outcomes.count("closed") == 1, outcomes
    with Session(db.engine) as session:
        left = select(func.count()).where(User.id.in_(pairs[0]), User.deactivated_at.is_(None))
        assert session.scalar(left) == 1


def test_who_was_closed_meanwhile_closes_nobody(cast: Cast) -> None:
    second = person("Tweede Beheer", Role.ADMINISTRATOR)
    person("Derde Beheer", Role.ADMINISTRATOR)
    db.session.commit()
    accounts.close(second, cast.administrator, keep_name=True)
    db.session.flush()
    with pytest.raises(PermissionError):
        accounts.close(cast.administrator, second, keep_name=True)
    with pytest.raises(PermissionError):
        accounts.change_address(cast.member, "x@b.nl", cast.manager)


def test_the_cap_on_ambassadors_holds_for_who_comes_back(cast: Cast) -> None:
    accounts.close(cast.ambassador, cast.administrator, keep_name=True)
    roles.grant(cast.other, Role.AMBASSADOR, None, "Volgt op", cast.manager)
    db.session.add(Setting(key="ambassador_cap", value=1))
    db.session.commit()
    forget_site()
    with pytest.raises(AccountRefused, match="Er zijn al 1 ambassadeurs"):
        accounts.reopen(cast.ambassador, cast.administrator)
    assert not cast.ambassador.is_active


def test_another_address_ends_every_way_in(cast: Cast) -> None:
    fill(cast.member)
    accounts.change_address(cast.member, "nieuw@b.nl", cast.administrator)
    db.session.commit()
    db.session.expire_all()
    assert cast.member.email == "nieuw@b.nl" and ways_in(cast.member) == [0, 0, 0, 0]
    subject = "Je e-mailadres bij Kring is gewijzigd"
    assert mails() == [("lotte-lid@voorbeeldstad.example", subject), ("nieuw@b.nl", subject)]
    # Moderators read the log, and many show them no address.
    assert log() == [("address_changed", "Lotte Lid", "", "")]


def test_an_address_belongs_to_one_account(cast: Cast) -> None:
    with pytest.raises(AccountRefused, match="Een ander account heeft dit adres"):
        accounts.change_address(cast.member, cast.other.email, cast.administrator)
    with pytest.raises(AccountRefused, match="heeft het account al"):
        accounts.change_address(cast.member, cast.member.email, cast.administrator)
    db.session.rollback()
    assert cast.member.email == "lotte-lid@voorbeeldstad.example"


def test_an_author_of_imported_texts_gets_an_address_first(cast: Cast) -> None:
    import_authors.add({"auteur-01": ""})
    db.session.commit()
    author = db.session.scalars(select(User).where(User.name == "Auteur 01")).one()
    with pytest.raises(AccountRefused, match="Verander eerst het adres"):
        accounts.reopen(author, cast.administrator)
    accounts.change_address(author, "auteur@b.nl", cast.administrator)
    accounts.reopen(author, cast.administrator)
    db.session.commit()
    assert {recipient for recipient, _subject in mails()} == {"auteur@b.nl"}


def test_work_is_changed_and_its_content_stays_out_of_the_log(cast: Cast) -> None:
    department = Department(name="Zorg")
    db.session.add(department)
    db.session.commit()
    assert accounts.change_work(cast.member, "Consulent", department, cast.administrator)
    assert not accounts.change_work(cast.member, "Consulent", department, cast.administrator)
    db.session.commit()
    assert log() == [("account_changed", "Lotte Lid", "", "job_title, department")]
    assert cast.member.department_id == department.id


def test_signing_someone_out(cast: Cast) -> None:
    fill(cast.member)
    assert accounts.sign_out(cast.member, cast.administrator) == 1
    assert accounts.sign_out(cast.member, cast.administrator) == 0
    db.session.commit()
    assert ways_in(cast.member) == [0, 1, 1, 2]
    assert log() == [("account_changed", "Lotte Lid", "", "signed_out")]
