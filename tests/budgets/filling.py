"""A community of some size, made by plain inserts in a few seconds: enough to see what grows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from app.extensions import Base, db
from app.lib.clock import now
from app.models import (
    Agreement,
    Appeal,
    AppealState,
    Attachment,
    Attempt,
    AttemptKind,
    Attention,
    Block,
    BlockLevel,
    Bookmark,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Comment,
    Content,
    ContentView,
    Credit,
    Decision,
    Discussion,
    Doubt,
    Draft,
    Expertise,
    Follow,
    Group,
    GroupKind,
    GroupRequest,
    Helped,
    HelpRequest,
    Image,
    ImageUse,
    Invitation,
    Like,
    LogEntry,
    Membership,
    Notification,
    Nudge,
    OutgoingMail,
    PageSource,
    PersonFollow,
    Proposal,
    ProposalState,
    Registration,
    Report,
    RequestState,
    Review,
    Revision,
    SearchTerm,
    SearchWord,
    StaffNote,
    Tag,
    Theme,
    ThemeFollow,
    Token,
    TokenPurpose,
    Transfer,
    TransferKind,
    TransferredReply,
    User,
    UserSession,
    WikiLink,
    WikiPage,
    content_tags,
)
from app.services import search_index
from app.services.search_entries import Entry
from tests.cast import Cast, password_hash

PEOPLE, GROUPS, TAGS, DISCUSSIONS, PAGES, REPLIES = 1_000, 40, 200, 2_000, 300, 20_000
OTHERS = 1_500
"""Of everything else."""
Row = dict[str, Any]


def fill(cast: Cast) -> None:
    """Add people, pieces, replies and all that hangs on them; much of it of the member."""
    filling = Filling(cast)
    for part in (filling.people, filling.pieces, filling.replies, filling.around, filling.knowledge,
                 filling.moderation, filling.entry, filling.search):  # fmt: skip
        part()
        db.session.commit()  # whoever else writes, such as the views of the pages, must not wait long


def add(model: type[Base] | Any, rows: Iterator[Row] | list[Row]) -> None:
    """Insert rows in one go."""
    table = getattr(model, "__table__", model)
    db.session.execute(insert(table), list(rows))


def keys(model: type[Any], *conditions: Any) -> list[int]:
    """Return all ids."""
    return list(db.session.scalars(select(model.id).where(*conditions).order_by(model.id)))


class Filling:
    """What was made so far, by its ids."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.start = now() - timedelta(days=400)
        self.themes = keys(Theme)

    def at(self, number: int) -> datetime:
        """Return a moment of its own in the past year."""
        return self.start + timedelta(minutes=number * 20 % 570_000)

    def each(self, ids: list[int], number: int) -> int:
        """Return one of these, another for the next number."""
        return ids[number * 7 % len(ids)]

    def one_in(self, many: int, number: int, value: Any) -> Any:
        """Return a value now and then, else nothing."""
        return value if number % many == 0 else None

    def people(self) -> None:
        """Add people, groups and what ties them."""
        add(User, [
            {"name": f"Persoon {n}", "email": f"p{n}@vol.example", "handle": f"persoon-{n}",
             "password_hash": password_hash(), "accepted_rules": 1, "welcomed_at": self.at(n),
             "created_at": self.at(n), "last_seen_at": self.at(n)}
            for n in range(PEOPLE)
        ])  # fmt: skip
        self.users = keys(User, User.handle.like("persoon-%"))
        add(Group, [
            {"name": f"Kring {n}", "slug": f"kring-{n}", "kind": list(GroupKind)[n % 3]}
            for n in range(GROUPS)
        ])  # fmt: skip
        self.groups = keys(Group, Group.slug.like("kring-%"))
        add(Membership, [
            {"user_id": user, "group_id": group}
            for n, user in enumerate(self.users) for group in {self.groups[n % GROUPS], self.groups[n * 3 % GROUPS]}
        ])  # fmt: skip
        add(Tag, [{"name": f"Woord {n}", "slug": f"woord-{n}"} for n in range(TAGS)])
        self.tags = keys(Tag)
        add(
            Expertise,
            [
                {"user_id": u, "slug": f"kennis-{u % 90}", "name": f"Kennis {u % 90}"}
                for u in self.users
            ],
        )
        pairs = [(u, self.each(self.users, u + 3)) for u in self.users] + [
            (self.cast.member.id, u) for u in self.users[100:150]
        ]
        add(
            PersonFollow,
            [{"user_id": u, "person_id": p} for u, p in dict.fromkeys(pairs) if u != p],
        )
        add(
            Block,
            [
                {"user_id": u, "person_id": self.users[u % 50], "level": BlockLevel.MUTE}
                for u in self.users[200:]
            ],
        )
        add(ThemeFollow, [{"user_id": u, "theme_id": self.themes[u % 2]} for u in self.users])
        add(Agreement, [{"user_id": u, "version": 1} for u in self.users])
        add(
            UserSession,
            [
                {
                    "token_hash": f"{n:064x}",
                    "user_id": self.each(self.users, n),
                    "last_seen_at": self.at(n),
                }
                for n in range(OTHERS)
            ],
        )

    def pieces(self) -> None:
        """Add discussions and wiki pages, with their versions and keywords."""
        add(Content, (self.piece("discussion", n) for n in range(DISCUSSIONS)))
        add(Content, (self.piece("wiki", n) for n in range(PAGES)))
        self.asked = keys(Content, Content.kind == "discussion", Content.slug.like("stuk-%"))
        self.wikis = keys(Content, Content.kind == "wiki", Content.slug.like("stuk-%"))
        add(Discussion, [{"id": key} for key in self.asked])
        add(WikiPage, [
            {"id": key, "position": n, "parent_id": self.wikis[n // 10] if n >= 20 else None,
             "review_on": self.at(n + 9_000).date(), "owner_id": self.each(self.users, n)}
            for n, key in enumerate(self.wikis)
        ])  # fmt: skip
        self.all = self.asked + self.wikis
        add(Revision, [
            {"content_id": key, "number": number, "title": "Titel", "body": "Tekst", "author_id": self.cast.specialist.id, "created_at": self.at(key)}
            for key in self.all for number in (1, 2)
        ])  # fmt: skip
        add(
            content_tags,
            [{"content_id": key, "tag_id": self.each(self.tags, key)} for key in self.all],
        )

    def piece(self, kind: str, number: int) -> Row:
        """Return the row of a piece."""
        group = None if kind == "wiki" or number % 3 else self.groups[number % GROUPS]
        return {
            "kind": kind, "title": f"Stuk {number} van {kind}", "slug": f"stuk-{number}", "body": "Tekst.",
            "body_html": "<p>Tekst.</p>", "renderer": 999, "version": 2, "status": "published",
            "author_id": self.cast.member.id if number % 20 == 0 else self.each(self.users, number),
            "group_id": group, "theme_id": self.themes[number % 2], "published_at": self.at(number),
            "created_at": self.at(number), "last_active_at": self.at(number + 5),
            "comment_count": 10, "other_comment_count": 0 if number % 40 == 0 else 10, "last_position": 10,
            "hidden_at": self.one_in(97, number, self.at(number)),
            "featured_at": self.one_in(150, number, self.at(number)),
            "merged_into_id": None,
        }  # fmt: skip

    def replies(self) -> None:
        """Add replies."""
        each = REPLIES // DISCUSSIONS
        add(Comment, [
            {"content_id": piece, "position": place + 1, "author_id": self.each(self.users, piece + place),
             "body": "Ik weet het.", "body_html": "<p>Ik weet het.</p>", "renderer": 999, "created_at": self.at(piece + place),
             "hidden_at": self.one_in(99, piece + place, self.at(piece))}
            for piece in self.asked for place in range(each)
        ])  # fmt: skip
        ours = select(Content.id).where(Content.slug.like("stuk-%"))
        self.comments = keys(Comment, Comment.content_id.in_(ours))

    def around(self) -> None:
        """Add what members add, and what they hear."""
        member = self.cast.member.id
        some = self.all[: OTHERS // 2]
        add(
            Like,
            [
                {"user_id": self.each(self.users, c), "comment_id": c, "created_at": self.at(c)}
                for c in self.comments
            ],
        )
        add(
            Helped,
            [
                {
                    "user_id": self.each(self.users, c),
                    "comment_id": c,
                    "line": "Ja.",
                    "created_at": self.at(c),
                }
                for c in self.comments[:OTHERS]
            ],
        )
        both = [(member, key) for key in some] + [
            (self.each(self.users, key), key) for key in self.all
        ]
        add(Follow, [{"user_id": u, "content_id": c} for u, c in dict.fromkeys(both)])
        add(
            Bookmark,
            [
                {"user_id": u, "content_id": c, "created_at": self.at(c)}
                for u, c in dict.fromkeys(both)
            ],
        )
        add(
            ContentView,
            [
                {"user_id": u, "content_id": c, "day": f"2026-01-{c % 28 + 1:02}"}
                for u, c in dict.fromkeys(both)
            ],
        )
        add(
            Draft,
            [
                {
                    "user_id": member if n < 100 else self.each(self.users, n),
                    "place": f"content:{n}:comment",
                    "path": "/",
                    "fields": {"body": "Tekst"},
                    "updated_at": self.at(n),
                }
                for n in range(OTHERS)
            ],
        )
        add(Notification, [
            {"user_id": member if n % 3 == 0 else self.each(self.users, n), "verb": "replied", "content_id": self.each(self.asked, n),
             "actor_id": self.each(self.users, n), "created_at": self.at(n), "read_at": None if n % 90 == 0 else self.at(n)}
            for n in range(3 * OTHERS)
        ])  # fmt: skip
        add(
            OutgoingMail,
            [
                {
                    "message_id": f"<{n}@vol>",
                    "recipient": "x@vol.example",
                    "subject": "Nieuws",
                    "body": "-",
                    "sent_at": self.at(n),
                    "failed_at": None,
                }
                for n in range(OTHERS)
            ],
        )
        add(Attachment, [
            {"content_id": self.each(self.asked, n), "title": f"Stuk {n}", "filename": f"{n}.txt", "media_type": "text/plain", "size": 9, "sha256": f"{n:064x}", "uploader_id": self.each(self.users, n)}
            for n in range(OTHERS)
        ])  # fmt: skip
        add(
            Image,
            [
                {
                    "filename": f"{n}.png",
                    "alt": "-",
                    "media_type": "image/png",
                    "size": 9,
                    "width": 9,
                    "height": 9,
                    "sha256": f"{n:064x}",
                    "sizes": [],
                    "uploader_id": self.each(self.users, n),
                    "created_at": self.at(n),
                }
                for n in range(OTHERS)
            ],
        )
        add(
            ImageUse,
            [{"image_id": key, "content_id": self.each(self.asked, key)} for key in keys(Image)],
        )
        self.files = keys(Attachment)

    def knowledge(self) -> None:
        """Add what happens around the wiki."""
        many = range(OTHERS)
        add(Proposal, [
            {"theme_id": self.themes[n % 2], "title": f"Voorstel {n}", "body": "-", "proposer_id": self.each(self.users, n), "created_at": self.at(n),
             "page_id": self.one_in(3, n, self.each(self.wikis, n)), "state": ProposalState.OPEN if n % 30 == 0 else ProposalState.TAKEN, "decided_at": self.at(n)}
            for n in many
        ])  # fmt: skip
        add(
            Review,
            [
                {
                    "page_id": self.each(self.wikis, n),
                    "version": 1,
                    "reviewer_id": self.cast.specialist.id,
                    "reviewed_at": self.at(n),
                }
                for n in many
            ],
        )
        add(
            Doubt,
            [
                {
                    "page_id": self.each(self.wikis, n),
                    "version": 1,
                    "doubter_id": self.each(self.users, n),
                    "line": "Klopt dit?",
                    "settled_at": None if n % 50 == 0 else self.at(n),
                }
                for n in many
            ],
        )
        add(
            Credit,
            [
                {"page_id": page, "user_id": self.each(self.users, page + n)}
                for page in self.wikis
                for n in range(3)
            ],
        )
        add(
            PageSource,
            [{"page_id": page, "source_id": self.each(self.asked, page)} for page in self.wikis],
        )
        add(
            WikiLink,
            [
                {
                    "source_id": key,
                    "title": f"titel {key % 300}",
                    "target_id": self.each(self.wikis, key),
                }
                for key in self.all
            ],
        )
        add(
            HelpRequest,
            [
                {
                    "asker_id": self.each(self.users, n),
                    "message": "Hoe?",
                    "created_at": self.at(n),
                    "answered_at": None if n % 50 == 0 else self.at(n),
                }
                for n in many
            ],
        )

    def moderation(self) -> None:
        """Add reports, decisions and the log."""
        many = range(OTHERS)
        add(Case, [
            {"comment_id": self.comments[n], "state": CaseState.OPEN if n % 30 == 0 else CaseState.RESOLVED, "created_at": self.at(n), "due_at": self.at(n),
             "closed_at": None if n % 30 == 0 else self.at(n), "first_look_at": self.at(n)}
            for n in many
        ])  # fmt: skip
        cases = keys(Case)
        add(
            Report,
            [
                {
                    "case_id": key,
                    "reporter_id": self.each(self.users, key),
                    "reason": "disrespectful",
                    "note": "-",
                    "created_at": self.at(key),
                }
                for key in cases
            ],
        )
        add(
            CaseEvent,
            [
                {
                    "case_id": key,
                    "step": CaseStep.NOTE,
                    "actor_id": self.cast.moderator.id,
                    "text": "-",
                }
                for key in cases
            ],
        )
        add(Decision, [
            {"person_id": self.each(self.users, n), "actor_id": self.cast.moderator.id, "measure": "warned", "case_id": cases[n], "reason": "-", "created_at": self.at(n)}
            for n in many
        ])  # fmt: skip
        add(Appeal, [
            {"decision_id": key, "body": "-", "created_at": self.at(key), "due_at": self.at(key),
             "state": AppealState.OPEN if key % 30 == 0 else AppealState.DISMISSED}
            for key in keys(Decision)
        ])  # fmt: skip
        add(
            StaffNote,
            [
                {
                    "person_id": self.each(self.users, n),
                    "author_id": self.cast.manager.id,
                    "body": "-",
                    "created_at": self.at(n),
                }
                for n in many
            ],
        )
        add(
            LogEntry,
            [
                {
                    "at": self.at(n),
                    "action": ("hidden", "locked", "pinned")[n % 3],
                    "actor_id": self.each(self.users, n),
                    "actor_name": "Iemand",
                    "subject_kind": "content",
                    "subject_id": self.each(self.all, n),
                    "group_id": self.one_in(9, n, self.groups[n % GROUPS]),
                }
                for n in range(4 * OTHERS)
            ],
        )
        add(Attention, [{"content_id": key} for key in self.asked[::4]])
        add(
            Nudge,
            [{"content_id": key, "person_id": self.each(self.users, key)} for key in self.asked],
        )
        ends = list(zip(self.asked[::5], self.asked[1::5], strict=False))
        add(
            Transfer,
            [
                {
                    "kind": TransferKind.REPLY,
                    "source_id": a,
                    "target_id": b,
                    "created_at": self.at(a),
                }
                for a, b in ends
            ],
        )
        add(
            TransferredReply,
            [
                {"transfer_id": key, "comment_id": self.each(self.comments, key), "position": 1}
                for key in keys(Transfer)
            ],
        )
        add(
            GroupRequest,
            [
                {
                    "group_id": self.each(self.groups, n),
                    "user_id": self.users[n % PEOPLE],
                    "state": RequestState.APPROVED,
                }
                for n in many
            ],
        )

    def entry(self) -> None:
        """Add who wanted in."""
        many = range(OTHERS)
        add(
            Invitation,
            [
                {
                    "email": f"i{n}@vol.example",
                    "token_hash": f"{n:064x}",
                    "expires_at": self.at(n),
                    "accepted_at": None if n % 30 == 0 else self.at(n),
                    "created_at": self.at(n),
                }
                for n in many
            ],
        )
        add(
            Registration,
            [
                {
                    "email": f"r{n}@vol.example",
                    "name": f"R {n}",
                    "state": RequestState.OPEN if n % 30 == 0 else RequestState.DECLINED,
                    "decided_at": self.at(n),
                }
                for n in many
            ],
        )
        add(
            Token,
            [
                {
                    "token_hash": f"{n:064x}",
                    "purpose": TokenPurpose.PASSWORD_RESET,
                    "user_id": self.each(self.users, n),
                    "expires_at": self.at(n),
                }
                for n in many
            ],
        )
        add(
            Attempt,
            [
                {
                    "kind": AttemptKind.SIGN_IN,
                    "email": f"p{n}@vol.example",
                    "address": f"10.0.{n % 200}.{n % 250}",
                    "made_at": self.at(n),
                }
                for n in many
            ],
        )

    def search(self) -> None:
        """Let all that was made be found."""
        search_index.add([
            *(Entry("discussion", "content_id", key, key, self.at(key), f"Stuk {key}", f"tekst woord{key % 50}") for key in self.asked),
            *(Entry("wiki", "content_id", key, key, self.at(key), f"Pagina {key}", "tekst uitstel") for key in self.wikis),
            *(Entry("comment", "comment_id", key, key, self.at(key), "", f"weet uitstel{key % 9} woord{key % 50}") for key in self.comments),
            *(Entry("file", "attachment_id", key, key, self.at(key), f"Stuk {key}", f"{key}.txt") for key in self.files),
            *(Entry("person", "user_id", key, key, None, f"Persoon {key}") for key in self.users),
            *(Entry("tag", "tag_id", key, key, None, f"Woord {key}") for key in self.tags),
        ])  # fmt: skip
        add(SearchWord, [{"word": f"woord{n}x", "sound": f"wrt{n % 700}"} for n in range(OTHERS)])
        add(
            SearchTerm,
            [
                {
                    "term": f"woord {n}",
                    "day": self.at(n).date(),
                    "times": 3,
                    "without_result": n % 2,
                }
                for n in range(OTHERS)
            ],
        )
