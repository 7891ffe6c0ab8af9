"""Who follows every link meets no word of what is not for them: not in a count, not in a list."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import (
    Comment,
    Content,
    Follow,
    Grant,
    Like,
    LogEntry,
    Notification,
    OutgoingMail,
    Revision,
    Role,
    Status,
    Tag,
    User,
    content_tags,
)  # fmt: skip
from app.policy import Ability, can
from tests.cast import Cast, case, comment, discussion, draft, proposal, wiki_page
from tests.checking import CheckingClient, words_of
from tests.security.crawler import crawl
from tests.security.trust import trust

ClientOf = Callable[[User | None], CheckingClient]
Knows = Callable[[User], bool]
GRANTERS = {Role.MANAGER, Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Canary:
    """A word that stands in one place, and who may come across it."""

    word: str
    knows: Knows


def reads(piece: Content) -> Knows:
    return lambda user: can(user, Ability.READ, piece)


def sees_hidden(subject: Content | Comment) -> Knows:
    return lambda user: can(user, Ability.SEE_HIDDEN, subject)


def everything(cast: Cast) -> list[Canary]:
    """Return the words, put in titles, texts, keywords, old versions, reasons, reports and names."""
    canaries: list[Canary] = []

    def word(name: str, knows: Knows) -> str:
        canaries.append(Canary(f"kanarie{name}x", knows))
        return f"kanarie{name}x"

    when = now()
    closed = discussion(cast.insider, "Besloten", group=cast.closed, theme=cast.theme)
    hidden_group = discussion(cast.insider, "Verborgen", group=cast.hidden, theme=cast.theme)
    taken = discussion(cast.other, "Weggehaald", theme=cast.theme, hidden_at=when)
    draft = discussion(cast.other, "Concept", theme=cast.theme, status=Status.DRAFT)
    binned = wiki_page(cast.specialist, cast.theme, "Bak", status=Status.ARCHIVED)
    pieces = {
        "besloten": closed,
        "onzichtbaar": hidden_group,
        "weg": taken,
        "concept": draft,
        "bak": binned,
    }
    for name, piece in pieces.items():
        piece.title, piece.body = (
            word(f"titel{name}", reads(piece)),
            word(f"tekst{name}", reads(piece)),
        )
        piece.body_html, piece.summary = f"<p>{piece.body}</p>", piece.body
        piece.slug = word(f"slug{name}", reads(piece))
        tag = word(f"trefwoord{name}", reads(piece))
        made = Tag(name=tag, slug=tag)
        db.session.add(made)
        db.session.flush()
        db.session.execute(content_tags.insert().values(content_id=piece.id, tag_id=made.id))
        old = db.session.scalars(select(Revision).where(Revision.content_id == piece.id)).one()
        old.title, old.body, old.note = (word(f"oud{part}{name}", reads(piece)) for part in "abc")
        piece.featured_at, piece.pinned_until = when, when + timedelta(days=365)
    taken.hidden_reason = word("redenstuk", sees_hidden(taken))
    inside: Knows = lambda user: can(user, Ability.READ, cast.hidden)  # noqa: E731
    invited = lambda user: inside(user) or user.id == cast.specialist.id  # noqa: E731
    cast.hidden.name = word("groepsnaam", invited)
    cast.hidden.slug = word("groepsadres", inside)
    cast.hidden.description = word("groepsdoel", invited)
    people_in(cast, closed, word)
    replies(cast, word)
    unsent(cast, word)
    db.session.commit()
    trust(cast, word)
    return canaries


def unsent(cast: Cast, word: Callable[[str, Knows], str]) -> None:
    """Add what is no text of the community yet: a proposal, and what someone is still writing."""
    theme = cast.theme.id
    maker, writer = cast.member.id, cast.insider.id

    def decides(user: User) -> bool:
        return user.id == maker or theme in user.specialist_theme_ids

    title, body, note = (word(f"voorstel{part}", decides) for part in "abc")
    proposal(cast.member, cast.theme, title, body=body, note=note)
    draft(cast.insider, word("kladtekst", lambda user: user.id == writer))


def people_in(cast: Cast, closed: Content, word: Callable[[str, Knows], str]) -> None:
    """Add what says who is where: likes, log rows, and notifications of one's own."""
    db.session.add(Like(user_id=cast.insider.id, content_id=closed.id))
    closed.like_count = 1
    inside = lambda user: can(user, Ability.READ, closed)  # noqa: E731
    db.session.add(
        LogEntry(
            action="locked", actor_id=cast.group_owner.id, actor_name="Gerda", subject_kind="discussion",
            subject_id=closed.id, subject_label=word("logtitel", inside), group_id=cast.closed.id,
            reason=word("logreden", inside),
        )
    )  # fmt: skip
    own = word("melding", lambda user: user.id == cast.insider.id)
    db.session.add(
        Notification(
            user_id=cast.insider.id,
            verb="locked",
            content_id=closed.id,
            actor_id=cast.group_owner.id,
            message=own,
        )
    )
    # Someone who left the group keeps old news of it, without its words.
    for verb in ("replied", "mentioned", "locked"):
        db.session.add(
            Notification(
                user_id=cast.other.id, verb=verb, content_id=closed.id, actor_id=cast.insider.id
            )
        )
    db.session.add(Follow(user_id=cast.other.id, content_id=closed.id))


def replies(cast: Cast, word: Callable[[str, Knows], str]) -> None:
    """Add replies that were taken away, a report of one, and the reasons."""
    asked = discussion(cast.member, "Openbaar", theme=cast.theme)
    gone = comment(asked, cast.other, hidden_at=now())
    back = comment(asked, cast.other, withdrawn_at=now())
    for reply, name in ((gone, "weg"), (back, "terug")):
        reply.body = word(f"reactie{name}", sees_hidden(reply))
        reply.body_html = f"<p>{reply.body}</p>"
    gone.hidden_reason = word("redenreactie", sees_hidden(gone))
    db.session.add(
        Revision(
            comment_id=gone.id,
            number=1,
            title="",
            body=word("oudereactie", sees_hidden(gone)),
            author_id=cast.other.id,
        )
    )
    handles = lambda user: can(user, Ability.HANDLE_REPORTS, asked)  # noqa: E731
    case(gone, cast.insider, word("toelichting", handles))

    def grants(user: User) -> bool:
        return user.id == cast.other.id or not GRANTERS.isdisjoint(user.roles)

    db.session.add(Grant(user_id=cast.other.id, role=Role.BLOGGER, reason=word("rolreden", grants)))


# Where no link leads, or where only a script asks.
STARTS = (
    "/suggest/people?q=o", "/suggest/pages?q=titel", "/suggest/tags?q=k", "/templates",
    "/account/drafts", "/drafts/1", "/proposals", "/proposals/1", "/content/1/led-to",
    "/content/1/related", "/images/new", "/wikis/themes/schuldhulp/print",
    "/wikis/themes/schuldhulp/export.zip", "/account/decisions", "/crisis", "/crisis/1",
    "/crisis/1/report", "/decisions/of/content/1", "/desk/attention", "/groups/break-glass",
    "/groups/groep-closed", "/groups/groep-closed/ask", "/groups/groep-closed/edit",
    "/groups/groep-closed/looked-into", "/groups/groep-closed/members", "/groups/invitations/3",
    "/groups/requests/1/decline", "/moderation", "/moderation/appeals", "/moderation/held",
    "/moderation/figures", "/moderation/log", "/moderation/log.csv", "/settings/log",
    *(f"/moderation/cases/{number}" for number in range(1, 4)),
    *(f"/decisions/{number}{rest}" for number in range(1, 5) for rest in ("", "/appeal")),
)  # fmt: skip
MOST = 2_000
"""Pages: more than anyone can reach here, so all of them are read."""
READERS = ("other", "specialist", "other_specialist", "moderator", "administrator", "insider")


@pytest.mark.parametrize(
    "actor, htmx",
    [
        *((name, False) for name in (*READERS, "group_moderator")),
        ("other", True),
        ("manager", True),
    ],
)
def test_no_word_reaches_who_may_not_know_it(
    app: Kring, cast: Cast, client_of: ClientOf, actor: str, htmx: bool
) -> None:
    user = getattr(cast, actor)
    canaries = everything(cast)
    known = {canary.word for canary in canaries if canary.knows(user)}
    met: set[str] = set()
    for path, answer in crawl(client_of(user), "/", *STARTS, htmx=htmx, most=MOST):
        text = words_of(answer)
        told = {canary.word for canary in canaries if canary.word in text}
        assert told <= known, f"{actor} reads {sorted(told - known)} at {path}"
        met |= told
    if not htmx and actor in {"insider", "moderator"}:
        assert len(met) > 5, "the crawler meets what may be met, or it proves nothing"


def test_no_mail_tells_who_may_not_know_it(cast: Cast) -> None:
    canaries = everything(cast)
    told = set()
    for mail in db.session.scalars(select(OutgoingMail)):
        person = db.session.scalars(select(User).where(User.email == mail.recipient)).one()
        for canary in canaries:
            if canary.word in mail.subject + mail.body:
                assert canary.knows(person), f"{canary.word} is in a mail to {person.name}"
                told.add(canary.word)
    assert len(told) > 5, "mails do tell why, or this proves nothing"


def test_no_notification_keeps_what_its_member_may_not_know(cast: Cast) -> None:
    canaries = everything(cast)
    told = set()
    for news in db.session.scalars(select(Notification)):
        person = db.session.get_one(User, news.user_id)
        for canary in canaries:
            if canary.word in news.message:
                assert canary.knows(person), f"{canary.word} is in news for {person.name}"
                told.add(canary.word)
    assert len(told) > 5, "news does tell why, or this proves nothing"


def test_counts_do_not_tell_either(cast: Cast, client_of: ClientOf) -> None:
    """Two communities that differ in what a member cannot see only, look the same to them."""
    discussion(cast.member, "Zichtbaar", theme=cast.theme)
    client = client_of(cast.member)
    paths = (
        "/",
        "/discussions",
        "/wikis",
        "/wikis/themes/schuldhulp",
        "/themes/schuldhulp",
        "/groups",
        f"/people/{cast.insider.id}-ineke-insider",
        f"/people/{cast.other.id}-otto-ander",
        "/people",
        "/notifications",
    )
    before = [shown(client, path) for path in paths]
    everything_secret(cast)
    assert [shown(client, path) for path in paths] == before


def everything_secret(cast: Cast) -> None:
    """Add what an ordinary member cannot see, and nothing else."""
    for group in (cast.closed, cast.hidden):
        inside = discussion(cast.insider, group=group, theme=cast.theme, featured_at=now())
        comment(inside, cast.insider)
    discussion(cast.other, theme=cast.theme, hidden_at=now())
    discussion(cast.other, theme=cast.theme, status=Status.DRAFT)
    discussion(cast.other, theme=cast.theme, withdrawn_at=now())
    wiki_page(cast.specialist, cast.theme, status=Status.ARCHIVED)
    wiki_page(cast.specialist, cast.theme, hidden_at=now())


def shown(client: CheckingClient, path: str) -> str:
    """Return a page without the tokens that each one has of its own."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r'(csrf_token"[^>]*value=|X-CSRFToken": )"[^"]*"', "", answer.text)
