"""The example community: complete, believable, and only where it can do no harm."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.cli.demo import PASSWORD, is_loopback
from app.cli.example import ACCOUNTS
from app.extensions import Kring, db
from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import (
    UNDER_WAY,
    Case,
    Comment,
    Content,
    Discussion,
    Group,
    GroupKind,
    HelpRequest,
    Like,
    LogEntry,
    Membership,
    Notification,
    Revision,
    Role,
    Standing,
    User,
    WikiLink,
    WikiPage,
)
from app.site import site
from tests.cast import Cast
from tests.checking import CheckingClient

ROLES = {
    "lid": set(),
    "blogger": {Role.BLOGGER},
    "specialist": {Role.SPECIALIST},
    "ambassadeur": {Role.AMBASSADOR},
    "moderator": {Role.MODERATOR},
    "manager": {Role.MANAGER},
    "beheer": {Role.ADMINISTRATOR},
}


def demo(app: Kring, *arguments: str) -> Result:
    """Run the command as a process of its own would: nobody holds the database."""
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["demo", *arguments])
    db.session.rollback()
    return result


def count(model: type, *conditions: object) -> int:
    found = select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(found) or 0


@pytest.fixture
def example(app: Kring, app_context: None) -> Result:
    """Fill the database with the example community."""
    result = demo(app)
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.usefixtures("example")
def test_every_account_can_sign_in(client_of: Callable[[], CheckingClient]) -> None:
    for key in ACCOUNTS:
        email = f"{key}@voorbeeldstad.example"
        user = db.session.scalars(select(User).where(User.email == email)).one()
        assert user.roles == {Role.MEMBER, *ROLES[key]}
        client = client_of()
        answer = client.post("/login", data={"email": email, "password": PASSWORD})
        assert answer.status_code == 303, email
        assert client.get("/").status_code == 200


def test_the_accounts_are_printed(example: Result) -> None:
    for key in ACCOUNTS:
        assert f"{key}@voorbeeldstad.example" in example.stdout
    assert PASSWORD in example.stdout


@pytest.mark.usefixtures("example")
def test_there_is_enough_to_look_around_in() -> None:
    assert site().municipality == "Gemeente Voorbeeldstad"
    assert count(User) >= 45
    assert count(Discussion) >= 40
    assert count(Comment) >= 150
    assert 10 <= count(WikiPage) <= 20
    assert {group.kind for group in db.session.scalars(select(Group))} == set(GroupKind)
    standings = set(db.session.scalars(select(WikiPage.standing)))
    assert standings == set(Standing)
    assert count(Case, Case.state.in_(UNDER_WAY)) >= 2
    old = subtract_working_days(now(), 3)
    unanswered = Discussion.other_comment_count == 0
    assert count(Discussion, unanswered, Discussion.published_at < old) >= 3
    assert count(Discussion, unanswered, Discussion.published_at >= old) >= 1
    for mark in (
        Discussion.answer_id, Discussion.summary_comment_id, Content.locked_at, Content.pinned_until,
        Content.featured_at, Content.edited_at,
    ):  # fmt: skip
        assert count(Discussion, mark.is_not(None)) >= 1, mark
    for key in ("lid", "moderator"):
        unread = select(Notification).join(User, User.id == Notification.user_id)
        of_key = unread.where(User.email.startswith(f"{key}@"), Notification.read_at.is_(None))
        assert db.session.scalars(of_key).first() is not None, key


@pytest.mark.usefixtures("example")
def test_the_manager_has_questions_to_answer() -> None:
    assert count(HelpRequest, HelpRequest.answered_at.is_(None)) >= 2
    assert count(HelpRequest, HelpRequest.answered_at.is_not(None)) >= 2


@pytest.mark.usefixtures("example")
def test_every_text_renders_and_every_wiki_link_leads_somewhere() -> None:
    assert not count(Content, Content.body_html == "")
    assert not count(Comment, Comment.body_html == "")
    assert count(WikiLink) >= 20
    assert not count(WikiLink, WikiLink.target_id.is_(None))
    for model in (Content, Comment):
        for html in db.session.scalars(select(model.body_html)):
            assert "wiki-missing" not in html
            assert "[[" not in html and "<p>@" not in html


@pytest.mark.usefixtures("example")
def test_counts_are_right() -> None:
    for piece in db.session.scalars(select(Discussion)):
        replies = db.session.scalars(select(Comment).where(Comment.content_id == piece.id)).all()
        shown = [reply for reply in replies if reply.hidden_at is None]
        others = [reply for reply in shown if reply.author_id != piece.author_id]
        assert (piece.last_position, piece.comment_count, piece.other_comment_count) == (
            len(replies), len(shown), len(others),
        )  # fmt: skip
        assert piece.like_count == count(Like, Like.content_id == piece.id)
        assert piece.version == count(Revision, Revision.content_id == piece.id)


@pytest.mark.usefixtures("example")
def test_everything_lies_in_the_past_weeks() -> None:
    oldest = now() - timedelta(weeks=9)
    for column in (
        Content.created_at, Content.last_active_at, Comment.created_at, Revision.created_at,
        Notification.created_at, LogEntry.at, Like.created_at,
    ):  # fmt: skip
        moments = list(db.session.scalars(select(column)))
        assert moments and oldest < min(moments) and max(moments) <= now(), column
    for reply in db.session.scalars(select(Comment).options(joinedload(Comment.content))):
        assert reply.created_at > reply.content.created_at
    assert count(LogEntry) >= 20


@pytest.mark.usefixtures("example")
def test_what_is_closed_stays_closed() -> None:
    found = select(Discussion).options(joinedload(Discussion.group)).where(Discussion.group_id > 0)
    for piece in db.session.scalars(found).unique():
        assert piece.group is not None
        members = {membership.user_id for membership in members_of(piece.group)}
        authors = select(Comment.author_id).where(Comment.content_id == piece.id)
        if piece.group.kind is not GroupKind.OPEN:
            assert {piece.author_id, *db.session.scalars(authors)} <= members


def members_of(group: Group) -> list[Membership]:
    db.session.refresh(group, ["memberships"])
    return list(group.memberships)


def test_a_community_with_accounts_is_left_alone(app: Kring, example: Result) -> None:
    people = count(User)
    refused = demo(app)
    assert refused.exit_code == 1 and "al accounts" in refused.output
    again = demo(app, "--if-empty")
    assert again.exit_code == 0 and "lid@voorbeeldstad.example" in again.stdout
    assert count(User) == people


def test_a_community_of_others_sees_nothing_of_the_example(app: Kring, cast: Cast) -> None:
    assert demo(app).exit_code == 1
    silent = demo(app, "--if-empty")
    assert (silent.exit_code, silent.output) == (0, "")


@pytest.mark.usefixtures("app_context")
def test_others_never_meet_the_password_that_everyone_knows(app: Kring) -> None:
    app.config["BASE_URL"] = "https://kring.voorbeeldstad.example"
    for arguments in ((), ("--if-empty",)):
        refused = demo(app, *arguments)
        assert refused.exit_code == 1 and "--password" in refused.output
    assert demo(app, "--password", "kort").exit_code == 1
    assert not count(User)
    made = demo(app, "--password", "rustig-paard-kiest-morgen")
    assert made.exit_code == 0
    assert "rustig-paard" not in made.output and PASSWORD not in made.output


@pytest.mark.parametrize(
    "url, answer",
    [
        ("http://127.0.0.1:8000", True), ("http://[::1]:8000", True), ("http://localhost", True),
        ("http://127.0.0.1.voorbeeld.example", False), ("http://0.0.0.0:8000", False),
        ("https://kring.voorbeeld.example", False), ("http://192.168.1.5", False), ("", False),
    ],
)  # fmt: skip
def test_what_only_this_machine_can_reach(url: str, answer: bool) -> None:
    assert is_loopback(url) is answer
