"""Questions to the community manager: asked once, answered once."""

from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.clock import now
from app.models import Grant, HelpRequest, HelpTopic, Role, Theme, User
from app.services import outbox

MOST_OPEN = 10
"""So many questions someone can have waiting: each one is a mail to every manager."""

TOPICS: dict[HelpTopic, LazyString] = {
    HelpTopic.QUESTION: _l("I have a question"),
    HelpTopic.BLOGGER: _l("I would like to become a blogger"),
    HelpTopic.SPECIALIST: _l("I would like to become a theme specialist"),
    HelpTopic.AMBASSADOR: _l("I would like to become an ambassador"),
    HelpTopic.ACCESSIBILITY: _l("I cannot use something well (accessibility)"),
}


class TooManyOpen(Exception):
    """Someone has MOST_OPEN questions waiting already."""


class AnsweredMeanwhile(Exception):
    """Another manager answered this question first."""


@dataclass(frozen=True)
class Question:
    """What someone asks; `path` is the page on which it came up, when they want to tell."""

    topic: HelpTopic
    message: str
    theme: Theme | None = None
    path: str = ""


def ask(asker: User, question: Question, submission_key: str) -> HelpRequest:
    """Keep a question and mail it to the managers; the same key and text again is the same one.

    Raises TooManyOpen.
    """
    key = str(uuid5(NAMESPACE_OID, f"{submission_key}\n{question.topic}\n{question.message}"))
    before = db.session.scalars(submitted(asker, key)).one_or_none()
    if before is not None:
        return before
    if waiting_of(asker) >= MOST_OPEN:
        raise TooManyOpen
    made = HelpRequest(
        asker=asker, topic=question.topic, theme=question.theme, path=question.path,
        message=question.message, submission_key=key,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(submitted(asker, key)).one()
    for manager in db.session.scalars(managers()):
        if manager.id != asker.id:
            outbox.post(manager, "help_asked", asked=made, asker=asker, topic=TOPICS[made.topic])
    return made


def answer(request: HelpRequest, text: str, actor: User) -> None:
    """Answer a question, and mail it to who asked. Raises AnsweredMeanwhile."""
    answered = select(HelpRequest.answered_at).where(HelpRequest.id == request.id)
    if db.session.scalar(answered.with_for_update()) is not None:
        raise AnsweredMeanwhile
    request.answer, request.answered_at, request.answered_by = text, now(), actor
    if request.asker.is_active and request.asker_id != actor.id:
        outbox.post(request.asker, "help_answered", asked=request, actor=actor)


def managers() -> Select[User]:
    """Select the community managers whose account is in use."""
    hold = select(Grant.user_id).where(Grant.role == Role.MANAGER)
    return select(User).where(User.id.in_(hold), User.deactivated_at.is_(None)).order_by(User.id)


def waiting_of(asker: User) -> int:
    """Count the questions of one person that wait for an answer."""
    found = select(func.count()).where(
        HelpRequest.asker_id == asker.id, HelpRequest.answered_at.is_(None)
    )
    return db.session.scalar(found) or 0


def submitted(asker: User, key: str) -> Select[HelpRequest]:
    """Select what this submission made, when it came before."""
    return select(HelpRequest).where(
        HelpRequest.asker_id == asker.id, HelpRequest.submission_key == key
    )
