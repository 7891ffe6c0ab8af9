"""What the address of a new proposal is about: a page to change, or a piece to record."""

from dataclasses import dataclass
from typing import Any

from flask import abort, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import SAFE_METHODS, db
from app.models import Comment, Content, GroupKind, WikiPage
from app.policy import Ability, can, visible_to
from app.queries.comments import quote_of
from app.queries.content import comment_visible

LARGEST = 2**31


@dataclass(frozen=True)
class About:
    """The page that someone changes, or the piece (and which reply to it) that they record.

    `gone` names what was there when the form was opened and is not any more: "page" or "source".
    """

    page: WikiPage | None = None
    source: Content | None = None
    reply: Comment | None = None
    gone: str = ""

    def parameters(self) -> dict[str, int]:
        """Return what the address of the form says of this."""
        if self.reply is not None:
            return {"comment": self.reply.id}
        named = {"page": self.page, "content": self.source}
        return {name: piece.id for name, piece in named.items() if piece is not None}

    @property
    def place(self) -> str:
        """Return under which name the text of this form is kept while someone writes."""
        named = [f"proposals:{key}:{name}" for name, key in self.parameters().items()]
        return named[0] if named else "proposals:new"


def asked_about() -> About:
    """Read what the address is about.

    Raises 404 for what the reader cannot see and 403 for what stays where it is. Of a form that was
    filled in meanwhile nothing is lost: it is about nothing then, and says what is gone.
    """
    for name, found in (("page", asked_page), ("comment", asked_reply), ("content", asked_piece)):
        key = request.args.get(name, type=int)
        if name in request.args:
            return found(key if key is not None and 0 < key < LARGEST else 0)
    return About()


def asked_page(key: int) -> About:
    page = db.session.scalar(
        select(WikiPage)
        .where(WikiPage.id == key, visible_to(current_user))
        .options(joinedload(WikiPage.group), joinedload(WikiPage.theme))
    )
    return About(page=page) if allowed(page) else About(gone="page")


def asked_piece(key: int) -> About:
    source = db.session.scalar(
        select(Content)
        .where(Content.id == key, Content.kind != "wiki", visible_to(current_user))
        .options(joinedload(Content.group), joinedload(Content.author))
    )
    return About(source=source) if allowed(source) else About(gone="source")


def asked_reply(key: int) -> About:
    reply = db.session.scalar(comment_visible(key).where(visible_to(current_user)))
    if not allowed(reply):
        return About(gone="source")
    assert reply is not None
    return About(source=reply.content, reply=reply)


def allowed(subject: Content | Comment | None) -> bool:
    """Tell whether this can become a proposal; 404 and 403 as for any address, unless it is gone."""
    if can(current_user, Ability.PROPOSE, subject) and subject is not None:
        return True
    if subject is not None and stays(subject):
        abort(403)
    if request.method in SAFE_METHODS:
        abort(404 if subject is None else 403)
    return False


def stays(subject: Content | Comment) -> bool:
    """Tell whether something stands where not everyone can read it."""
    piece = subject.content if isinstance(subject, Comment) else subject
    return piece.group is not None and piece.group.kind is not GroupKind.OPEN


def prefilled(about: About) -> dict[str, Any]:
    """Return what a form begins with: the page as it is, or what is recorded as a quotation."""
    if about.page is not None:
        page = about.page
        return {"title": page.title, "body": page.body, "version": page.version}
    if about.source is None:
        return {}
    text = about.reply or summary_of(about.source) or about.source
    return {"title": about.source.title, "body": quote_of(text.author.name, text.body)}


def summary_of(source: Content) -> Comment | None:
    """Return the reply that sums a discussion up, or else the one that answers it, if it stands."""
    keys = [getattr(source, name, None) for name in ("summary_comment_id", "answer_id")]
    found = db.session.scalars(
        select(Comment)
        .where(
            Comment.id.in_([key for key in keys if key]),
            Comment.hidden_at.is_(None),
            Comment.withdrawn_at.is_(None),
        )
        .options(joinedload(Comment.author))
    )
    standing = {reply.id: reply for reply in found}
    return next((standing[key] for key in keys if key in standing), None)
