"""/groups/break-glass: an administrator looks into a closed group, and its members see it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Content, GlassBreak, Group, LogEntry, Notification, OutgoingMail, User
from app.policy import Ability, can, groups_visible_to, visible_to
from bench.statements import statements
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/groups/break-glass"
REASON = "De politie vraagt om een bericht van gisteren."
DATA = {"group_name": "Groep closed", "reason": REASON, "confirm": "y"}


def breaks() -> list[GlassBreak]:
    return list(db.session.scalars(select(GlassBreak).order_by(GlassBreak.id)))


def test_the_settings_lead_there(cast: Cast, client_of: ClientOf) -> None:
    assert f'href="{PATH}"' in client_of(cast.administrator).get("/settings").text
    assert f'href="{PATH}"' not in client_of(cast.manager).get("/settings").text


@pytest.mark.parametrize(
    "name", ["Groep closed", "groep CLOSED", "groep-closed", "/groups/groep-closed",
             "http://127.0.0.1:8000/groups/groep-closed/"],
)  # fmt: skip
def test_an_hour_of_reading(cast: Cast, client_of: ClientOf, name: str) -> None:
    asked = discussion(cast.insider, "Besloten vraag", group=cast.closed)
    client = client_of(cast.administrator)
    piece = f"/discussions/{asked.id}-{asked.slug}"
    assert client.get(piece).status_code == 404
    answer = client.post(PATH, data=DATA | {"group_name": name})
    assert answer.status_code == 303 and answer.location == "/groups/groep-closed"
    page = client.get(answer.location).text
    assert "Besloten vraag" in page and "Ineke Insider" in page and "Nu afsluiten" in page
    assert client.get(piece).status_code == 200
    db.session.refresh(cast.administrator)
    cast.administrator.glass_until = now() - timedelta(seconds=1)
    db.session.commit()
    assert client.get(piece).status_code == 404
    page = client.get("/groups/groep-closed").text
    assert "Besloten vraag" not in page and "Nu afsluiten" not in page


def test_the_group_sees_who_when_and_why(cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.administrator).post(PATH, data=DATA)
    (made,) = breaks()
    assert made.user_id == cast.administrator.id and made.group_id == cast.closed.id
    assert made.ends_at - made.opened_at == timedelta(hours=1)
    (entry,) = db.session.scalars(select(LogEntry).where(LogEntry.action == "glass_broken"))
    assert entry.group_id == cast.closed.id and entry.reason == REASON
    (mail,) = db.session.scalars(select(OutgoingMail))
    assert mail.recipient == cast.group_owner.email and REASON in mail.body
    (news,) = db.session.scalars(select(Notification))
    assert news.user_id == cast.group_owner.id and news.message == REASON
    owner = client_of(cast.group_owner)
    page = owner.get("/notifications").text
    assert "kijkt een uur mee" in page and REASON in page
    for user, client in ((cast.group_owner, owner), (cast.insider, client_of(cast.insider))):
        assert "Wie keek er mee" in client.get("/groups/groep-closed").text, user
        page = client.get("/groups/groep-closed/looked-into").text
        assert "Bram Beheer" in page and REASON in page and "kijkt nu mee" in page
        part = client.get("/groups/groep-closed/looked-into", htmx=True).text
        assert REASON in part and "<html" not in part
    assert client_of(cast.moderator).get("/moderation/log").text.count(REASON) == 0
    assert REASON in client_of(cast.group_moderator).get("/moderation/log").text


def test_a_hidden_group_is_found_by_its_exact_name_only(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    for name in ("Groep", "hidden", "%hidden", "Groep hidde_", "groep-hidde"):
        answer = client.post(PATH, data=DATA | {"group_name": name})
        assert answer.status_code == 422 and "Groep hidden" not in answer.text.replace(name, "")
    assert "Groep hidden" not in client.get(PATH).text
    assert client.post(PATH, data=DATA | {"group_name": "Groep hidden"}).status_code == 303
    assert client.get("/groups/groep-hidden").status_code == 200


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"group_name": "Bestaat niet"}, "geen gesloten groep met deze naam"),
        ({"group_name": "Groep open"}, "geen gesloten groep met deze naam"),
        ({"group_name": ""}, ""), ({"reason": ""}, ""), ({"confirm": ""}, "Bevestig"),
        ({"reason": "omdat het moet  .    "}, "minstens 20"), ({"reason": "x" * 1001}, ""),
    ],
)  # fmt: skip
def test_what_is_not_right_opens_nothing(
    cast: Cast, client_of: ClientOf, changed: dict[str, str], said: str
) -> None:
    client = client_of(cast.administrator)
    answer = client.post(PATH, data=DATA | changed)
    assert answer.status_code == 422 and said in answer.text
    assert (DATA | changed)["reason"].strip() in answer.text
    assert not breaks() and client.get("/groups/groep-hidden").status_code == 404


def test_two_of_one_name_need_an_address(cast: Cast, client_of: ClientOf) -> None:
    db.session.add(Group(name="Groep closed", slug="groep-closed-2", kind="hidden"))
    db.session.commit()
    client = client_of(cast.administrator)
    assert "Vul het adres" in client.post(PATH, data=DATA).text
    answer = client.post(PATH, data=DATA | {"group_name": "groep-closed-2"})
    assert answer.location == "/groups/groep-closed-2"


def test_it_is_reading_and_nothing_else(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.insider, group=cast.closed)
    reply = comment(asked, cast.insider)
    own = discussion(cast.administrator, group=cast.closed)
    client = client_of(cast.administrator)
    client.post(PATH, data=DATA)
    admin = db.session.scalars(
        select(User).where(User.id == cast.administrator.id), execution_options={"populate_existing": True}
    ).one()  # fmt: skip
    assert can(admin, Ability.READ, asked) and can(admin, Ability.REPORT, reply)
    looking = {Ability.READ, Ability.SEE_HIDDEN, Ability.SEE_REVISIONS, Ability.SEE_MEMBERS,
               Ability.BOOKMARK, Ability.REPORT, Ability.REQUEST_MEMBERSHIP}  # fmt: skip
    texts = [Ability.COMMENT, Ability.EDIT, Ability.WITHDRAW, Ability.LIKE, Ability.HIDE,
             Ability.LOCK, Ability.SAY_HELPED, Ability.FOLLOW]  # fmt: skip
    assert not looking & set(texts)
    for subject in (asked, own):
        assert not [ability for ability in texts if can(admin, ability, subject)]
    about_group = [Ability.START_DISCUSSION, Ability.MANAGE_GROUP, Ability.MANAGE_MEMBERS]
    assert not [ability for ability in about_group if can(admin, ability, cast.closed)]
    posts = {
        f"/content/{asked.id}/comments": {"body": "Ik schrijf mee"},
        f"/content/{asked.id}/like": {"liked": "1"},
        f"/comments/{reply.id}/like": {"liked": "1"},
        f"/content/{asked.id}/hide": {"reason": "Weg"},
        "/groups/groep-closed/edit": {"name": "x"},
        "/groups/groep-closed/members": {"user_id": str(cast.other.id)},
    }
    for path, data in posts.items():
        assert client.post(path, data=data).status_code in {403, 404}, path
    assert client.get("/groups/groep-hidden").status_code == 404


def test_it_can_be_closed_at_once(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    client.post(PATH, data=DATA)
    assert "Groep closed" in client.get(PATH).text
    answer = client.post(f"{PATH}/close")
    assert answer.status_code == 303 and answer.location == PATH
    page = client.get(PATH).text
    assert "Groep closed" not in page and "Nu afsluiten" not in page
    (made,) = breaks()
    assert made.ends_at - made.opened_at < timedelta(minutes=5)
    assert client.post(f"{PATH}/close").status_code == 303


def test_another_group_closes_the_first(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    client.post(PATH, data=DATA)
    client.post(PATH, data=DATA | {"group_name": "Groep hidden"})
    first, second = breaks()
    assert first.ends_at <= second.opened_at
    assert "Ineke" not in client.get("/groups/groep-closed").text


def test_a_member_needs_no_glass(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    client.post(PATH, data=DATA | {"group_name": "Groep open"})
    assert not breaks()


@pytest.mark.parametrize("name", ["member", "moderator", "manager", "group_owner"])
def test_it_is_not_for_others(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(PATH).status_code == 403
    for path in (PATH, f"{PATH}/close"):
        assert client.post(path, data=DATA).status_code == 403
    assert not breaks()


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(None)
    assert client.get(PATH).status_code == 303
    assert client.post(PATH, data=DATA).status_code == 401
    assert client.get("/groups/groep-closed/looked-into").status_code == 303


def test_who_looked_is_for_who_reads_the_group(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.member)
    assert client.get("/groups/groep-closed/looked-into").status_code == 403
    assert client.get("/groups/groep-hidden/looked-into").status_code == 404
    page = client_of(cast.insider).get("/groups/groep-hidden/looked-into").text
    assert "Niemand die geen lid is, keek mee" in page


def test_takes_a_fixed_number_of_statements(cast: Cast, client_of: ClientOf) -> None:
    for user in (cast.administrator, cast.manager, cast.other):
        moment = now()
        db.session.add(
            GlassBreak(group_id=cast.closed.id, user_id=user.id, reason=REASON, ends_at=moment)
        )
    db.session.commit()
    client = client_of(cast.insider)
    client.get("/groups/groep-closed/looked-into")
    with statements() as asked:
        client.get("/groups/groep-closed/looked-into")
    assert len(asked) == 3, "\n\n".join(asked)


def test_lists_show_just_what_can_be_read(cast: Cast, client_of: ClientOf) -> None:
    """The twins of READ agree while the glass is broken, and when the hour is over."""
    pieces = [discussion(cast.insider, group=g) for g in (cast.open, cast.closed, cast.hidden)]
    client_of(cast.administrator).post(PATH, data=DATA)
    for until in (timedelta(hours=1), -timedelta(seconds=1)):
        cast.administrator.glass_until = now() + until
        db.session.commit()
        admin = cast.administrator
        seen = set(db.session.scalars(select(Content.id).where(visible_to(admin))))
        assert seen == {piece.id for piece in pieces if can(admin, Ability.READ, piece)}
        known = set(db.session.scalars(select(Group.id).where(groups_visible_to(admin))))
        groups = (cast.open, cast.closed, cast.hidden)
        assert known == {group.id for group in groups if can(admin, Ability.READ, group)}
        assert (pieces[1].id in seen) is (until > timedelta(0))
