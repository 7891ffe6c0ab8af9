"""A reader says that a wiki page is no longer right; who keeps the page answers."""

from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Doubt, User, WikiPage
from app.services import activity, reviews
from app.services.activity import Verb


def doubt(page: WikiPage, doubter: User, line: str, version: int) -> Doubt:
    """Keep what someone doubts about the version that they read; the keepers of the page hear it.

    The same line sent twice is one doubt. `page.owner` is needed.
    """
    same = select(Doubt).where(
        Doubt.page_id == page.id, Doubt.doubter_id == doubter.id, Doubt.line == line,
        Doubt.settled_at.is_(None),
    )  # fmt: skip
    if made := db.session.scalar(same.limit(1)):
        return made
    made = Doubt(page_id=page.id, version=version, doubter_id=doubter.id, line=line)
    db.session.add(made)
    for person in reviews.keepers(page, but=doubter):
        activity.notify(person.id, Verb.DOUBTED, page, doubter, line)
    return made


def settle(doubt: Doubt, actor: User, answer: str) -> None:
    """Answer a doubt, which ends it; who had it hears. One that was settled stays as it is."""
    db.session.refresh(doubt, ["settled_at"], with_for_update=True)
    if doubt.settled_at is not None:
        return
    doubt.settled_at, doubt.settled_by_id, doubt.answer = now(), actor.id, answer
    activity.notify(doubt.doubter_id, Verb.DOUBT_SETTLED, doubt.page, actor, answer)
