"""The page of a discussion is made of kept parts: what changes shows at once, to whom it concerns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Comment,
    CrisisMode,
    Discussion,
    Grant,
    Like,
    Role,
    Setting,
    Tag,
    User,
)
from app.services import reactions
from app.site import forget_site
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


@dataclass
class Talk:
    """A discussion with a reply, and who is in it."""

    cast: Cast
    asked: Discussion
    reply: Comment

    @property
    def path(self) -> str:
        return f"/discussions/{self.asked.id}-{self.asked.slug}"


@pytest.fixture
def talk(cast: Cast) -> Talk:
    tag = Tag(name="Schuldhulp vooraf", slug="schuldhulp-vooraf")
    asked = discussion(cast.other, "Hoe regel je dit?", theme=cast.theme, tags=[tag])
    return Talk(cast, asked, comment(asked, cast.blogger, "Zo doe ik het."))


def setting(**values: object) -> None:
    db.session.add_all(Setting(key=key, value=value) for key, value in values.items())
    forget_site()


def sets(subject: object, **values: object) -> None:
    for name, value in values.items():
        setattr(subject, name, value)


CHANGES: dict[str, tuple[Callable[[Talk], object], str]] = {
    "title": (lambda t: setattr(t.asked, "title", "Een andere titel"), "Een andere titel"),
    "text": (lambda t: setattr(t.asked, "body_html", "<p>Anders gezegd</p>"), "Anders gezegd"),
    "writer": (lambda t: setattr(t.cast.other, "name", "Noa Nieuw"), "Noa Nieuw"),
    "writer's photo": (lambda t: setattr(t.cast.other, "photo_sha256", "ab" * 32), "/photo?v=abab"),
    "writer's role": (
        lambda t: db.session.add(Grant(user=t.cast.other, role=Role.AMBASSADOR)), "Ambassadeur",
    ),
    "theme": (lambda t: setattr(t.cast.theme, "name", "Themanaam"), "Themanaam"),
    "group": (lambda t: setattr(t.asked, "group", t.cast.open), "Groep open"),
    "keyword": (
        lambda _t: db.session.execute(update(Tag).values(name="Woordnaam")), "Woordnaam",
    ),
    "number of likes": (lambda t: setattr(t.asked, "like_count", 7), "7 waarderingen"),
    "number of views": (lambda t: setattr(t.asked, "view_count", 31), "31 keer gelezen"),
    "changed": (lambda t: setattr(t.asked, "edited_at", now()), "Aangepast"),
    "hidden": (lambda t: setattr(t.asked, "hidden_at", now()), "Dit is verborgen"),
    "locked": (lambda t: sets(t.asked, locked_at=now(), locked_reason="Genoeg zo"), "Genoeg zo"),
    "slow": (lambda t: setattr(t.asked, "slow_minutes", 5), "5 minuten"),
    "pinned": (
        lambda t: setattr(t.asked, "pinned_until", now() + timedelta(days=1)), "Vastgezet tot",
    ),
    "featured": (lambda t: setattr(t.asked, "featured_at", now()), "Uitgelicht"),
    "reply's text": (lambda t: setattr(t.reply, "body_html", "<p>Toch anders</p>"), "Toch anders"),
    "reply's writer": (lambda t: setattr(t.cast.blogger, "name", "Bo Nieuw"), "Bo Nieuw"),
    "reply's photo": (lambda t: setattr(t.cast.blogger, "photo_sha256", "cd" * 32), "?v=cdcd"),
    "reply's likes": (lambda t: setattr(t.reply, "like_count", 9), "9 waarderingen"),
    "reply helped": (lambda t: setattr(t.reply, "helped_count", 4), "hielp 4 collega’s"),
    "reply changed": (
        lambda t: db.session.execute(
            update(Comment).values(edited_at=now(), edited_by_id=t.cast.moderator.id)
        ), "Aangepast door moderator Mo Moderator",
    ),
    "reply hidden": (
        lambda t: sets(t.reply, hidden_at=now(), hidden_reason="Te grof"), "Te grof",
    ),
    "reply withdrawn": (lambda t: setattr(t.reply, "withdrawn_at", now()), "is ingetrokken"),
    "answer": (lambda t: setattr(t.asked, "answer_id", t.reply.id), "k-comment--answer"),
    "summary": (lambda t: setattr(t.asked, "summary_comment_id", t.reply.id), "staat hierboven"),
    "own like": (
        lambda t: db.session.add(Like(user=t.cast.manager, comment_id=t.reply.id)),
        'id="like-button-comment-1" aria-pressed="true"',
    ),
    "name of the community": (lambda _t: setting(name="Kring Oost"), "Kring Oost"),
    "a room that closes": (lambda _t: setting(modules_off=["wikis"]), '<li><a class="k-nav__link" href="/groups"'),
    "reader's name": (lambda t: setattr(t.cast.manager, "name", "Ma Anders"), "Ma Anders"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_shows_at_once(talk: Talk, client_of: Clients, change: str) -> None:
    client = client_of(talk.cast.manager)
    do, expected = CHANGES[change]
    path = talk.path
    before = [client.get(path).text for _again in range(2)][-1]
    do(talk)
    db.session.commit()
    after = client.get(path).text
    assert expected in after
    if change != "a room that closes":
        assert expected not in before


def test_a_new_role_shows_in_the_header(talk: Talk, client_of: Clients) -> None:
    reader = client_of(talk.cast.member)
    link = 'href="/moderation"'
    assert link not in reader.get(talk.path).text
    db.session.add(Grant(user=talk.cast.member, role=Role.MODERATOR))
    db.session.commit()
    assert link in reader.get(talk.path).text


def test_nobody_sees_what_another_added(talk: Talk, client_of: Clients) -> None:
    likes, looks = client_of(talk.cast.member), client_of(talk.cast.specialist)
    plain = looks.get(talk.path).text
    reactions.like(talk.reply, talk.cast.member, wanted=True)
    reactions.like(talk.asked, talk.cast.member, wanted=True)
    reactions.follow(talk.asked, talk.cast.member)
    reactions.bookmark(talk.asked, talk.cast.member, wanted=True)
    db.session.commit()
    pressed = 'aria-pressed="true"'
    assert pressed not in plain
    assert likes.get(talk.path).text.count(pressed) >= 4
    assert pressed not in looks.get(talk.path).text


def test_rights_that_were_taken_away_are_gone_from_the_page(talk: Talk, client_of: Clients) -> None:
    reader = client_of(talk.cast.member)
    assert "Reactie plaatsen" in reader.get(talk.path).text
    talk.cast.member.silenced_until = now() + timedelta(days=1)
    db.session.commit()
    assert "Reactie plaatsen" not in reader.get(talk.path).text
    talk.cast.member.silenced_until = None
    setting(crisis_mode=CrisisMode.READ_ONLY.value, crisis_banner="Even stil")
    db.session.commit()
    page = reader.get(talk.path).text
    assert "Reactie plaatsen" not in page and "Even stil" in page


def test_each_form_has_a_key_and_a_token_of_its_own(talk: Talk, client_of: Clients) -> None:
    one, other = client_of(talk.cast.member), client_of(talk.cast.specialist)
    pages = [one.get(talk.path).text, one.get(talk.path).text, other.get(talk.path).text]
    keys = {page.partition('name="submission_key"')[2][:80] for page in pages}
    tokens = {page.partition('name="csrf_token"')[2][:120] for page in pages}
    assert len(keys) == 3 and len(tokens) >= 2
    assert "\0" not in "".join(pages)
