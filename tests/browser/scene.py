"""A community in which every kind of page has something to show."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from app.extensions import db
from app.lib import images
from app.lib.clock import local, now
from app.models import (
    AddressChange,
    Appeal,
    AppealState,
    Attachment,
    Audience,
    Case,
    CaseState,
    Comment,
    Crisis,
    CrisisMode,
    Decision,
    Department,
    Discussion,
    Draft,
    Grant,
    Group,
    GroupKind,
    GroupRequest,
    GroupRole,
    HelpRequest,
    HelpTopic,
    Image,
    Proposal,
    Role,
    StaffNote,
    Standing,
    Transfer,
    User,
    WikiPage,
)
from app.services import (
    attachments,
    cases,
    comments,
    crises,
    discussions,
    doubts,
    following,
    group_members,
    group_requests,
    help_requests,
    moderation,
    pages,
    profiles,
    proposals,
    reactions,
    reviews,
    roles,
    transfers,
    wikis,
)
from app.services import images as pictures
from app.services.discussions import Words
from app.services.help_requests import Question
from app.services.proposals import Words as Proposed
from app.services.wikis import Facts, Version
from tests.browser.entry_scene import make_entry
from tests.cast import Cast, decision, draft
from tests.filemaking import image

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
    question: HelpRequest
    department: Department
    proposal: Proposal
    decided: list[Proposal]
    offered: WikiPage
    draft: Draft
    image: Image
    case: Case
    decision: Decision
    objected: Decision
    objection_settled: Decision
    request: GroupRequest
    invitation: GroupRequest
    transfer: Transfer
    held: Discussion
    crisis: Crisis


def make_scene(cast: Cast) -> Scene:
    """Fill the database, by the same services that the pages use."""
    make_profiles(cast)
    make_entry(cast)
    page, binned = make_wiki(cast)
    asked, reply, hidden = make_discussions(cast)
    grant = roles.grant(
        cast.other, Role.SPECIALIST, cast.other_theme, "Schreef veel.", cast.manager
    )
    group_members.add(cast.closed, cast.blogger, cast.group_owner, GroupRole.MODERATOR)
    request, invitation = make_requests(cast)
    words = Words("Alleen voor ons", RICH, is_question=False, theme_id=None)
    discussions.start(cast.group_owner, words, cast.closed, "")
    document = attachments.add(
        asked, cast.member, BytesIO(b"Zo doen wij het."), "afspraken.txt", "Afspraken"
    )
    attachments.add(page, cast.specialist, BytesIO(b"Artikel 1."), "verordening.txt", "")
    question = ask_manager(cast)
    department = Department(name="Burgerzaken")
    db.session.add(department)
    cast.other.department = Department(name="Sociaal domein")
    pages.edit("privacy", "Privacy", RICH, cast.manager, note="Korter.")
    proposal, decided = make_proposals(cast, page, asked, reply)
    offered = make_reviews(cast, page)
    picture = make_picture(cast, asked, reply)
    db.session.commit()
    return Scene(
        asked, reply, hidden, page, binned, grant, document, question, department, proposal, decided,
        offered, make_drafts(cast, asked, hidden), picture, make_cases(cast, asked, reply),
        *make_decisions(cast, hidden),
        request, invitation, make_transfer(cast),
        make_held(cast), make_crisis(cast),
    )  # fmt: skip


def make_held(cast: Cast) -> Discussion:
    """Let a discussion and a reply wait for a moderator; what is written after it does not."""
    cast.other_theme.premoderated = True
    words = Words("Wacht nog even", RICH, is_question=True, theme_id=cast.other_theme.id)
    held = discussions.start(cast.member, words, None, "wacht")
    open_words = Words(
        "Hier wacht een reactie", RICH, is_question=True, theme_id=cast.other_theme.id
    )
    piece = discussions.start(cast.moderator, open_words, None, "open")
    comments.add(piece, cast.other, RICH, "wacht")
    cast.other_theme.premoderated = False
    db.session.commit()
    return held


def make_crisis(cast: Cast) -> Crisis:
    """Return a crisis that is over, with a note and a report."""
    plan = crises.Plan(CrisisMode.BANNER, "Het stadhuis is dicht.", "Brand", cast.theme)
    crisis = crises.start(plan, cast.manager)
    crises.note(crisis, cast.manager, "Woordvoerder gebeld.")
    crises.end(crisis, cast.manager)
    crises.report(crisis, "De bellijst was oud.")
    crises.prepare("Joke, woordvoerder, 06 12345678", None, cast.manager)
    db.session.commit()
    return crisis


def make_transfer(cast: Cast) -> Transfer:
    """Merge two discussions, of which the one that stays is slowed down."""
    ends = []
    for title in ("Zelfde vraag, nog eens", "Wie weet dit al?"):
        words = Words(title, RICH, is_question=True, theme_id=cast.theme.id)
        ends.append(discussions.start(cast.member, words, None, title))
        comments.add(ends[-1], cast.other, "Dat weet ik.", title)
    source, target = ends
    moderation.slow(target, cast.moderator, "Even rustig.", 15, now() + timedelta(days=2))
    return transfers.merge(source, target, cast.moderator, "Het gaat over hetzelfde.")


def make_requests(cast: Cast) -> tuple[GroupRequest, GroupRequest]:
    """Let one person ask to be let in to the closed group, and invite another to the hidden one."""
    for asker in (cast.other, cast.specialist):
        group_requests.ask(cast.closed, asker, "Ik werk er ook mee.")
    group_requests.invite(cast.closed, cast.moderator, cast.group_owner)
    group_requests.invite(cast.hidden, cast.member, cast.insider)
    cast.closed.rules, cast.closed.welcome = "Geen namen van inwoners.", "Fijn dat je er bent."
    cast.closed.check_asked_at = now() - timedelta(days=31)
    db.session.add(
        Group(name="Oude groep", slug="oude-groep", kind=GroupKind.OPEN, archived_at=now())
    )
    db.session.add(Group(name="Hulp", slug="hulp", kind=GroupKind.OPEN, is_support=True))
    db.session.flush()
    found = select(GroupRequest).order_by(GroupRequest.id)
    asked = db.session.scalars(found.where(GroupRequest.invited_by_id.is_(None))).first()
    invited = db.session.scalars(found.where(GroupRequest.user_id == cast.member.id)).one()
    assert asked is not None
    return asked, invited


def make_picture(cast: Cast, asked: Discussion, reply: Comment) -> Image:
    """Put an image in a reply, and one among the documents of that reply."""
    file = image("JPEG", (1200, 500))
    made = pictures.add(BytesIO(file), "Schema.jpg", "Schema in drie stappen", cast.member)
    shown = f"Dit is het schema:\n\n{pictures.markdown(made)}"
    comments.add(asked, cast.member, shown, "schema")
    attachments.add(reply, cast.other, BytesIO(file), "schema.jpg", "Het schema zelf")
    return made


def make_drafts(cast: Cast, asked: Discussion, hidden: Discussion) -> Draft:
    """Let the member be writing in several forms, one of which no longer takes it."""
    draft(cast.member, RICH)
    draft(cast.member, "Nog niet af.", f"discussions:{asked.id}:comment")
    hidden.locked_at = now()
    return draft(cast.member, RICH, f"discussions:{hidden.id}:comment")


def make_profiles(cast: Cast) -> None:
    """Let people tell about themselves, follow each other, and ask for another address."""
    profiles.set_expertise(cast.other, ["Turks", "schuldhulp aan jongeren"])
    profiles.set_photo(cast.other, images.portrait(BytesIO(image("PNG", (30, 20)))))
    cast.other.phone, cast.other.phone_audience = "06-1234 5678", Audience.MEMBERS
    cast.other.email_audience = Audience.GROUPS
    following.follow_person(cast.member, cast.other)
    following.follow_theme(cast.member, cast.theme)
    until = now() + timedelta(hours=9)
    db.session.add(AddressChange(user_id=cast.other.id, email="otto@x.example", expires_at=until))


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
    locked = started(cast.member, "Mag dit?", cast)
    moderation.lock(locked, cast.moderator, "Even rust.")
    hidden = started(cast.member, "Wat vind je van mijn buurman?", cast)
    moderation.hide(hidden, cast.moderator, "Geen namen van inwoners.")
    waiting = started(cast.insider, "Wie heeft een voorbeeldbrief?", cast)
    waiting.published_at = now() - timedelta(days=20)
    return asked, reply, hidden


def started(author: User, title: str, cast: Cast) -> Discussion:
    """Start a question."""
    words = Words(title, RICH, is_question=True, theme_id=cast.theme.id, keywords=["uitstel"])
    return discussions.start(author, words, None, title)


def make_decisions(cast: Cast, hidden: Discussion) -> tuple[Decision, Decision, Decision]:
    """Return a warning of Otto, and two decisions to which he objects: one waits, one was settled."""
    warned, objected, settled = (
        decision(cast.other, cast.manager, measure="silenced", until=now() + timedelta(days=3)),
        decision(cast.other, cast.moderator, hidden, rule="2. Bespreek het werk"),
        decision(cast.other, cast.moderator, hidden, measure="edited"),
    )
    db.session.add(Appeal(decision=objected, body="Nee.", due_at=now() - timedelta(days=1)))
    db.session.add(StaffNote(person_id=cast.other.id, author_id=cast.manager.id, body="Belde."))
    db.session.add(
        Appeal(
            decision=settled, body="Nee.", due_at=now(), state=AppealState.UPHELD, reason="Ja.",
            decided_at=now(), decided_by_id=cast.manager.id,
        )
    )  # fmt: skip
    db.session.commit()
    return warned, objected, settled


def make_cases(cast: Cast, asked: Discussion, reply: Comment) -> Case:
    """Report things of every kind; one case is closed, the one that is returned waits."""
    for subject in (reply, cast.other, asked):
        cases.file(subject, cast.insider, "incorrect", "Dit klopt niet meer.")
    profile = db.session.scalars(cases.under_way(cast.other)).one()
    cases.close(profile, cast.moderator, CaseState.REJECTED, "Dit mag.")
    return db.session.scalars(cases.under_way(asked)).one()


def fill(asked: Discussion, cast: Cast) -> None:
    """Add replies, one of them hidden and one withdrawn."""
    for number in range(50):
        comments.add(asked, cast.other, f"Tip {number}.", f"tip {number}")
    rude = comments.add(asked, cast.other, "Wat een domme vraag.", "dom")
    moderation.hide(rude, cast.moderator, "Blijf vriendelijk.")
    gone = comments.add(asked, cast.insider, "Toch niet.", "niet")
    comments.withdraw(gone)


def ask_manager(cast: Cast) -> HelpRequest:
    """Ask the manager two things, of which one is answered; return the other."""
    answered = help_requests.ask(cast.member, Question(HelpTopic.QUESTION, "Hoe zit dit?"), "1")
    help_requests.answer(answered, "Zo zit dat.", cast.manager)
    wish = Question(HelpTopic.SPECIALIST, "Ik weet er veel van.", cast.theme, "/wikis")
    asked = help_requests.ask(cast.other, wish, "2")
    asked.created_at = now() - timedelta(days=20)
    return asked


def make_reviews(cast: Cast, page: WikiPage) -> WikiPage:
    """Let a page be doubted and too late; return one that waits for a second pair of eyes."""
    reviews.confirm(page, cast.specialist, page.version)
    page.review_on = local(now()).date() - timedelta(days=2)
    doubts.doubt(page, cast.member, "Het bedrag is van vorig jaar.", 1)
    cast.other_theme.four_eyes = True
    facts = Facts(standing=Standing.OFFERED)
    version = Version("Urgentie", RICH, cast.other_specialist)
    return wikis.create(cast.other_theme, version, facts=facts)


def make_proposals(
    cast: Cast, page: WikiPage, asked: Discussion, reply: Comment
) -> tuple[Proposal, list[Proposal]]:
    """Propose a change that touches what changed since, and pages: one waits, two were decided."""
    touching = proposals.propose(
        cast.member, cast.theme, page.title, "Eerst.\n\nZo is het.", page=page, base_version=1
    )
    waits = proposals.propose(cast.other, cast.theme, "Beslag", RICH, note="Vaak gevraagd.")
    taken = proposals.propose(
        cast.member, cast.theme, "Uitstel vragen", RICH, source=asked, source_comment=reply
    )
    proposals.take(taken, cast.specialist, Proposed(taken.title, taken.body))
    declined = proposals.propose(cast.member, cast.theme, "Dubbel", "Staat er al.")
    proposals.decline(declined, cast.specialist, "Staat al bij Uitstel.")
    return touching, [waits, taken, declined]
