"""What people are writing is kept here, within seconds, until they send it or throw it away.

Someone can have a form open twice, here and on a telephone. Each opened form has a name of its own
(`writer`) and knows what it began with (`seen`, from app.queries.drafts.stamp). It only ever
overwrites what it wrote or began with itself; other text is kept beside it.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, Draft, User
from app.queries import drafts as queries
from app.queries.drafts import WRITER, Place, place_of, stamp

MOST = 200
"""Drafts of one person."""
LONGEST = 400_000
"""Characters that are kept of one form."""


class TooMuch(Exception):
    """The text is too long to keep, or there are too many drafts."""


class Gone(Exception):
    """What this form began with was sent, thrown away or written over: it has to begin anew."""


def keep(
    user: User, name: str, fields: Mapping[str, str], writer: str = "", seen: str = ""
) -> Draft | None:
    """Keep what `user` has in a form; None when that is nothing, which takes the draft away.

    Fields that the form does not have are left out. Raises LookupError for a form that there is
    not, TooMuch and Gone.
    """
    place = place_of(name)
    kept = {key: text for key, text in fields.items() if key in place.kind.texts | place.kind.facts}
    if sum(map(len, kept.values())) > LONGEST:
        raise TooMuch
    present = held(user, place)
    draft = own(present, writer, seen)
    if draft is None and seen:
        raise Gone
    if not any(kept.get(key, "").strip() for key in place.kind.texts):
        if draft is not None:
            db.session.delete(draft)
        return None
    if draft is None:
        draft = begin(user, place, present)
    draft.fields, draft.updated_at = {**kept, WRITER: writer}, now()
    draft.title = title_of(place, kept)
    db.session.add(draft)
    db.session.flush()
    return draft


def held(user: User, place: Place) -> Sequence[Draft]:
    """Return what `user` wrote in a form; what two windows send at once is kept one after the other."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    return db.session.scalars(queries.at(user, place.name)).all()


def own(drafts: Sequence[Draft], writer: str, seen: str) -> Draft | None:
    """Return the draft that an opened form wrote or began with."""
    mine = (draft for draft in drafts if writer and draft.fields.get(WRITER) == writer)
    begun = (draft for draft in drafts if seen and stamp(draft) == seen)
    return next(mine, None) or next(begun, None)


def begin(user: User, place: Place, present: Sequence[Draft]) -> Draft:
    """Return a new draft, beside what is kept of that form already. Raises TooMuch."""
    number = select(func.count()).select_from(Draft).where(Draft.user_id == user.id)
    if (db.session.scalar(number) or 0) >= MOST:
        raise TooMuch
    taken = {draft.place for draft in present}
    beside = (f"{place.name}#{n}" for n in range(2, len(taken) + 3))
    free = next(each for each in (place.name, *beside) if each not in taken)
    return Draft(
        user_id=user.id, place=free, path=place.path, content_id=piece_of(place), created_at=now()
    )


def piece_of(place: Place) -> int | None:
    """Return the id of the piece that a form is about, if there is one.

    Who may see it is asked when the draft is shown: text is kept when its piece was hidden too.
    """
    if place.kind.number == "content":
        return db.session.scalar(select(Content.id).where(Content.id == place.number))
    if place.kind.number == "comment":
        return db.session.scalar(select(Comment.content_id).where(Comment.id == place.number))
    return None


def title_of(place: Place, fields: Mapping[str, str]) -> str:
    """Return what a draft is called in a list: its title, or its first words."""
    texts = queries.texts_in(place, dict(fields))
    return " ".join(texts[0][1].split())[:120]


def sent(user: User, name: str, writer: str, seen: str) -> None:
    """Take away what was kept of a form that is stored now, in the same transaction.

    What was written in another window meanwhile stays.
    """
    # Most short texts are sent before a draft of them was kept.
    if not (writer or seen) or not queries.KEPT.rows(user=user.id, place=name, size=len(name)):
        return
    draft = own(db.session.scalars(queries.at(user, name)).all(), writer, seen)
    if draft is not None:
        db.session.delete(draft)


def discard(draft: Draft) -> None:
    """Throw a draft away."""
    db.session.delete(draft)
