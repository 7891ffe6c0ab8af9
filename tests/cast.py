"""The cast: the people that every test knows, with fixed roles, and what they made."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from io import BytesIO
from itertools import count
from typing import TypeVar

from app.extensions import db
from app.lib.clock import now
from app.lib.passwords import hash_password
from app.lib.slugs import slugify
from app.models import (
    Attachment,
    Case,
    Comment,
    Content,
    Decision,
    Discussion,
    Draft,
    Grant,
    Group,
    GroupKind,
    GroupRole,
    HelpRequest,
    Image,
    ImageUse,
    Membership,
    Proposal,
    Report,
    Revision,
    Role,
    Theme,
    User,
    WikiPage,
)
from app.services import attachments, cases, drafts, search_index
from app.services.search_entries import Subject

PASSWORD = "rustig-paard-kiest-morgen"
numbers = count(1)
Piece = TypeVar("Piece", bound=Content)


@cache
def password_hash() -> str:
    """Return the hash of everyone's password, computed once: it is slow by design."""
    return hash_password(PASSWORD)


@dataclass
class Cast:
    """Seven roles, some neighbours, two themes and three groups.

    `member` wrote things, `other` is another plain member. `specialist` knows `theme`,
    `other_specialist` knows `other_theme`. `insider` is in the groups `closed` and `hidden`,
    `group_moderator` and `group_owner` lead `closed`; `open` is empty but for `insider`.
    """

    member: User
    other: User
    blogger: User
    specialist: User
    other_specialist: User
    ambassador: User
    moderator: User
    manager: User
    administrator: User
    insider: User
    group_moderator: User
    group_owner: User
    theme: Theme
    other_theme: Theme
    open: Group
    closed: Group
    hidden: Group


def person(name: str, *roles: Role, theme: Theme | None = None) -> User:
    """Add a person with an account and these roles."""
    user = User(
        name=name,
        email=f"{slugify(name)}@voorbeeldstad.example",
        handle=slugify(name),
        password_hash=password_hash(),
        accepted_rules=1,
        welcomed_at=now(),
    )
    user.grants = [
        Grant(role=role, theme=theme if role is Role.SPECIALIST else None) for role in roles
    ]
    db.session.add(user)
    return user


def make_cast() -> Cast:
    """Fill the database with the cast."""
    theme = Theme(name="Schuldhulp", slug="schuldhulp")
    other_theme = Theme(name="Wonen", slug="wonen", position=1)
    groups = {
        kind: Group(name=f"Groep {kind}", slug=f"groep-{kind}", kind=kind) for kind in GroupKind
    }
    db.session.add_all([theme, other_theme, *groups.values()])
    cast = Cast(
        member=person("Lotte Lid"),
        other=person("Otto Ander"),
        blogger=person("Bea Blogger", Role.BLOGGER),
        specialist=person("Sam Specialist", Role.SPECIALIST, theme=theme),
        other_specialist=person("Wim Woonspecialist", Role.SPECIALIST, theme=other_theme),
        ambassador=person("Anna Ambassadeur", Role.AMBASSADOR),
        moderator=person("Mo Moderator", Role.MODERATOR),
        manager=person("Mina Manager", Role.MANAGER),
        administrator=person("Bram Beheer", Role.ADMINISTRATOR),
        insider=person("Ineke Insider"),
        group_moderator=person("Guus Groepsmoderator"),
        group_owner=person("Gerda Groepseigenaar"),
        theme=theme,
        other_theme=other_theme,
        open=groups[GroupKind.OPEN],
        closed=groups[GroupKind.CLOSED],
        hidden=groups[GroupKind.HIDDEN],
    )
    for group in groups.values():
        db.session.add(Membership(user=cast.insider, group=group))
    leaders = ((cast.group_moderator, GroupRole.MODERATOR), (cast.group_owner, GroupRole.OWNER))
    for leader, role in leaders:
        db.session.add(Membership(user=leader, group=cast.closed, role=role))
    db.session.commit()
    return cast


def discussion(
    author: User, title: str = "", body: str = "Wie weet dit?", **values: object
) -> Discussion:
    """Add a published discussion, a question unless told otherwise, with its first revision."""
    title = title or f"Vraag {next(numbers)}"
    made = Discussion(author=author, **values)
    return publish(made, title, body)


def wiki_page(
    author: User, theme: Theme, title: str = "", body: str = "Zo doen wij dit.", **values: object
) -> WikiPage:
    """Add a wiki page in a theme, with its first revision."""
    title = title or f"Pagina {next(numbers)}"
    made = WikiPage(author=author, theme=theme, **values)
    return publish(made, title, body)


def publish(content: Piece, title: str, body: str) -> Piece:
    """Give a piece its text, its first revision and its place in the lists."""
    content.title, content.slug = title, slugify(title)
    content.body, content.body_html = body, f"<p>{body}</p>"
    content.version = 1
    content.published_at = content.published_at or now()
    db.session.add(content)
    db.session.flush()
    db.session.add(
        Revision(
            content_id=content.id, number=1, title=title, body=body, author_id=content.author_id
        )
    )
    search_index.index(content)
    db.session.commit()
    return content


def comment(
    content: Content, author: User, body: str = "Ik weet het.", **values: object
) -> Comment:
    """Add a reply, and count it."""
    content.last_position += 1
    shown = "hidden_at" not in values and "withdrawn_at" not in values
    content.comment_count += shown
    content.other_comment_count += shown and author.id != content.author_id
    made = Comment(
        content=content, author=author, body=body, body_html=f"<p>{body}</p>",
        position=content.last_position, **values,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    content.last_active_at = content.last_comment_at = made.created_at
    search_index.index(made)
    db.session.commit()
    return made


def document(
    text_of: Content | Comment, uploader: User, text: str = "", filename: str = "notitie.txt",
    title: str = "",
) -> Attachment:  # fmt: skip
    """Add a document with this text to a piece or a reply, with its file."""
    text = text or f"Tekst {next(numbers)}"
    made = attachments.add(text_of, uploader, BytesIO(text.encode()), filename, title)
    search_index.index(made)
    db.session.commit()
    return made


def findable(*subjects: Subject) -> None:
    """Let search know of people, keywords, themes and groups: the cast begins without."""
    search_index.index(*subjects)
    db.session.commit()


def image(uploader: User, *texts: Content | Comment, **values: object) -> Image:
    """Add an image without a file, that stands in these texts."""
    made = Image(
        filename="plaatje.png", media_type="image/png", size=100, width=10, height=10,
        sha256=f"{next(numbers):064x}", uploader_id=uploader.id,
        **{"alt": "Een plaatje", **values},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for text in texts:
        reply = text if isinstance(text, Comment) else None
        piece_id = reply.content_id if reply else text.id
        db.session.add(
            ImageUse(image_id=made.id, content_id=piece_id, comment_id=reply and reply.id)
        )
    db.session.commit()
    return made


def proposal(proposer: User, theme: Theme, title: str = "", **values: object) -> Proposal:
    """Add a proposal for the wiki of a theme."""
    made = Proposal(
        proposer=proposer, theme=theme, title=title or f"Voorstel {next(numbers)}",
        **{"body": "Zo zou het moeten.", **values},
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def draft(writer: User, body: str, place: str = "discussions:new") -> Draft:
    """Add what someone was writing in a form."""
    made = drafts.keep(writer, place, {"body": body})
    assert made is not None
    db.session.commit()
    return made


def help_request(asker: User, message: str = "Hoe werkt dit?", **values: object) -> HelpRequest:
    """Add a question to the community manager."""
    made = HelpRequest(asker=asker, message=message, **values)
    db.session.add(made)
    db.session.commit()
    return made


def case(
    subject: Content | Comment | Attachment | User, reporter: User,
    note: str = "Kijk hier eens naar.", **values: object,
) -> Case:  # fmt: skip
    """Add a report of something in a case of its own, with what `values` say of the case."""
    key = cases.key_of(subject)
    made = Case(**{key: subject.id, "due_at": now() + timedelta(hours=48), **values})
    made.reports = [Report(reporter=reporter, reason="disrespectful", note=note)]
    db.session.add(made)
    db.session.commit()
    return made


def decision(
    person: User, actor: User, subject: Content | Comment | None = None, **values: object
) -> Decision:
    """Add a decision about a person, or about what they wrote."""
    piece = subject.content if isinstance(subject, Comment) else subject
    given: dict[str, object] = {
        "measure": "hidden" if piece else "warned", "reason": "Dit kan anders.", "rule": "",
        "label": piece.title if piece else person.name, "content_id": piece and piece.id,
        "comment_id": subject.id if isinstance(subject, Comment) else None,
        "group_id": piece and piece.group_id,
    }  # fmt: skip
    made = Decision(person_id=person.id, actor_id=actor.id, **given | values)
    db.session.add(made)
    db.session.commit()
    return made
