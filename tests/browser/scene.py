"""A community in which every kind of page has something to show."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from app.extensions import db
from app.lib.clock import local, now
from app.models import (
    Attachment,
    Comment,
    Discussion,
    Grant,
    GroupRole,
    ReportReason,
    ReportState,
    Role,
    User,
    WikiPage,
)
from app.services import (
    attachments,
    comments,
    discussions,
    groups,
    moderation,
    reactions,
    reports,
    roles,
    wikis,
)
from app.services.discussions import Words
from app.services.wikis import Facts, Version
from tests.cast import Cast

RICH = """
Zo vraag je **uitstel** aan, volgens *het* beleid. Zie [[Loket]] en [[Bestaat niet]].

## Stappen

1. Bel de schuldeiser.
2. Leg het vast:
   - datum
   - bedrag

- [x] gebeld
- [ ] vastgelegd

> **Otto Ander**:
>
> Dat klopt. @otto-ander

| wat | wie | hoeveel |
|---|:---:|---:|
| uitstel | loket | € 100 |

!!! warning "Let op"
    Een termijn van zes weken.[^1]

`code` en een heel lang woord: arbeidsongeschiktheidsverzekeringsmaatschappijmedewerkersbijeenkomst

    ingesprongen tekst die niet afbreekt en daarom breder is dan een telefoon ooit kan worden, zie maar

[^1]: Artikel 4.
"""


@dataclass
class Scene:
    """What was made; `grant` is a role of the cast's `other`."""

    asked: Discussion
    reply: Comment
    hidden: Discussion
    page: WikiPage
    binned: WikiPage
    grant: Grant
    document: Attachment


def make_scene(cast: Cast) -> Scene:
    """Fill the database, by the same services that the pages use."""
    page, binned = make_wiki(cast)
    asked, reply, hidden = make_discussions(cast)
    grant = roles.grant(
        cast.other, Role.SPECIALIST, cast.other_theme, "Schreef veel.", cast.manager
    )
    groups.add(cast.closed, cast.blogger, cast.group_owner, GroupRole.MODERATOR)
    words = Words("Alleen voor ons", RICH, is_question=False, theme_id=None)
    discussions.start(cast.group_owner, words, cast.closed, "")
    document = attachments.add(
        asked, cast.member, BytesIO(b"Zo doen wij het."), "afspraken.txt", "Afspraken"
    )
    attachments.add(page, cast.specialist, BytesIO(b"Artikel 1."), "verordening.txt", "")
    db.session.commit()
    return Scene(asked, reply, hidden, page, binned, grant, document)


def make_wiki(cast: Cast) -> tuple[WikiPage, WikiPage]:
    """Make a tree of pages, one of them with two versions, and one in the bin."""

    def made(title: str, body: str, parent: WikiPage | None = None) -> WikiPage:
        version = Version(title, body, cast.specialist)
        facts = Facts(owner=cast.specialist, keywords=["uitstel"])
        return wikis.create(cast.theme, version, parent=parent, facts=facts, submission_key=title)

    made("Loket", "Het loket is open. Zie [[Uitstel]].")
    page = made("Uitstel", "Eerst.\n\nZo was het.")
    made("Uitstel voor ondernemers", RICH, parent=page)
    wikis.save(
        page,
        Version("Uitstel", RICH, cast.specialist, "uitgebreid"),
        expected_version=1,
        facts=Facts(owner=cast.specialist, keywords=["uitstel"]),
    )
    binned = made("Oude regeling", RICH)
    wikis.archive(binned, cast.specialist, "geldt niet meer")
    return page, binned


def make_discussions(cast: Cast) -> tuple[Discussion, Comment, Discussion]:
    """Make discussions in many states; the first has 53 replies, so a second page."""
    asked = started(cast.member, "Hoe vraag ik uitstel aan?", cast)
    fill(asked, cast)
    reply = comments.add(asked, cast.other, RICH, "aangepast")
    comments.edit(reply, cast.other, RICH + "\nNog iets.", 1, "")
    comments.mark_answer(reply, cast.member)
    comments.mark_summary(reply, cast.member)
    reactions.like(reply, cast.member, wanted=True)
    reactions.like(asked, cast.other, wanted=True)
    words = Words(asked.title, RICH + "\nNog iets.", is_question=True, theme_id=cast.theme.id)
    discussions.edit(asked, cast.member, words, version=1, note="verduidelijkt", reason="")
    moderation.pin(asked, cast.moderator, "Veel gevraagd.", local(now()).date() + timedelta(days=7))
    moderation.feature(asked, cast.moderator, "Goed voorbeeld.")
    for subject in (asked, reply):
        reports.file(subject, cast.insider, ReportReason.INCORRECT, "Dit klopt niet meer.")
    locked = started(cast.member, "Mag dit?", cast)
    moderation.lock(locked, cast.moderator, "Even rust.")
    reports.file(locked, cast.insider, ReportReason.OTHER, "")
    reports.settle(locked, cast.moderator, ReportState.DISMISSED, "Dit mag.", "")
    hidden = started(cast.member, "Wat vind je van mijn buurman?", cast)
    moderation.hide(hidden, cast.moderator, "Geen namen van inwoners.")
    waiting = started(cast.insider, "Wie heeft een voorbeeldbrief?", cast)
    waiting.published_at = now() - timedelta(days=20)
    return asked, reply, hidden


def started(author: User, title: str, cast: Cast) -> Discussion:
    """Start a question."""
    words = Words(title, RICH, is_question=True, theme_id=cast.theme.id, keywords=["uitstel"])
    return discussions.start(author, words, None, title)


def fill(asked: Discussion, cast: Cast) -> None:
    """Add replies, one of them hidden and one withdrawn."""
    for number in range(50):
        comments.add(asked, cast.other, f"Tip {number}.", f"tip {number}")
    rude = comments.add(asked, cast.other, "Wat een domme vraag.", "dom")
    moderation.hide(rude, cast.moderator, "Blijf vriendelijk.")
    gone = comments.add(asked, cast.insider, "Toch niet.", "niet")
    comments.withdraw(gone)
