"""Who sees to what waits: claimed, let go, handed over; who may know is asked; late goes up.

Nothing is marked as done: what has an answer leaves the queue by itself (app.queries.desk).
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib.clock import local, now
from app.lib.working_days import is_working_day, subtract_working_days
from app.models import Attention, Content, Grant, Nudge, Role, User
from app.policy import Ability, can, leaders_of, readers_of
from app.queries.askable import candidate
from app.queries.blocks import hears_of
from app.queries.desk import carers, carers_for, waiting_anywhere
from app.services import activity, outbox, reactions
from app.services.activity import Verb
from app.site import site

OLDEST = timedelta(days=90)
"""What waits longer than this when Kring first looks is not told any more: it stands in the queue."""


class TakenByAnother(Exception):
    """Someone else sees to this piece already: `holder`."""

    def __init__(self, holder: User) -> None:
        super().__init__(holder.name)
        self.holder = holder


class NotAskable(Exception):
    """This person cannot be asked: reads it not, wrote it, or was asked before."""


class NoCarer(Exception):
    """This person cannot see to the piece."""


def claim(content: Content, user: User) -> None:
    """Let `user` see to a piece; twice is once. Raises TakenByAnother."""
    give(content, user, by=None, when=nobody())


def take_over(content: Content, user: User, holder_id: int) -> None:
    """Let `user` see to a piece in place of who has it: who may, or when nothing came of it.

    Raises TakenByAnother when that is another person by now, or it is too early.
    """
    in_their_hands = Attention.claimed_by_id == holder_id
    late = Attention.claimed_at <= subtract_working_days(now(), site().unanswered_days)
    may = can(user, Ability.TAKE_FROM_COLLEAGUE, content)
    when = in_their_hands if may else and_(in_their_hands, late)
    give(content, user, by=None, when=or_(nobody(), when))


def let_go(content: Content, user: User) -> None:
    """Let `user` no longer see to a piece; when it is in other hands, it stays there."""
    db.session.execute(
        update(Attention)
        .where(Attention.content_id == content.id, Attention.claimed_by_id == user.id)
        .values(claimed_by_id=None, claimed_at=None, handed_by_id=None)
        .execution_options(synchronize_session=False)
    )


def hand_over(content: Content, user: User, to_id: int, message: str) -> User:
    """Ask a colleague to see to a piece that is one's own or nobody's; who may, with all.

    Returns the colleague. Raises NoCarer and TakenByAnother.
    """
    to: User | None = db.session.scalar(carers_for(content).where(User.id == to_id))
    if to is None:
        raise NoCarer
    when = or_(nobody(), Attention.claimed_by_id == user.id)
    if can(user, Ability.TAKE_FROM_COLLEAGUE, content):
        when = or_(when, Attention.claimed_by_id.is_not(None))
    if give(content, to, by=user, when=when):
        activity.notify(to.id, Verb.CLAIM_HANDED, content, user, message)
    return to


def nobody() -> ColumnElement[bool]:
    """Hold for pieces in nobody's hands: those of who no longer does this work are none."""
    return or_(Attention.claimed_by_id.is_(None), Attention.claimed_by_id.not_in(carers()))


def give(content: Content, to: User, *, by: User | None, when: ColumnElement[bool]) -> bool:
    """Put a piece in someone's hands, in one statement: of two at once one is too late.

    False when it was in these hands already. Raises TakenByAnother.
    """
    reactions.add_once(Attention, content_id=content.id)
    given = db.session.scalar(
        update(Attention)
        .where(
            Attention.content_id == content.id, when,
            Attention.claimed_by_id.is_distinct_from(to.id),
        )
        .values(claimed_by_id=to.id, claimed_at=now(), handed_by_id=by.id if by else None)
        .returning(Attention.content_id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if given is None:
        holding = select(User).join(Attention, Attention.claimed_by_id == User.id)
        holder = db.session.scalars(holding.where(Attention.content_id == content.id)).one()
        if holder.id != to.id:
            raise TakenByAnother(holder)
    return given is not None


def ask(content: Content, asker: User, person_id: int, message: str) -> User:
    """Ask someone to look at a piece, once: by a notification and by mail. Raises NotAskable."""
    person: User | None = db.session.scalar(candidate(content, asker, person_id))
    if person is None or not reactions.add_once(
        Nudge, content_id=content.id, person_id=person.id, by_id=asker.id, message=message,
        created_at=now(),
    ):  # fmt: skip
        raise NotAskable
    activity.notify(person.id, Verb.NUDGED, content, asker, message)
    if hears_of(person.id, asker):
        outbox.post(person, "nudged", piece=content, asker=asker, message=message)
    return person


# The clock ------------------------------------------------------------------------------------


def look() -> int:
    """Tell the managers what waits too long, on working days, and forget what is done.

    Each piece is told once. Returns how many were told. All is one transaction.
    """
    told = escalate() if is_working_day(local(now()).date()) else 0
    tidy()
    db.session.commit()
    return told


def escalate() -> int:
    """Tell the managers of what waits twice as long as it may, and of claims that brought nothing."""
    days = site().unanswered_days
    late, twice = (subtract_working_days(now(), days * times) for times in (1, 2))
    told = 0
    for row in db.session.execute(waiting_anywhere()).all():
        in_vain = row.holder_id is not None and row.claimed_at <= late
        too_long = twice >= row.since >= now() - OLDEST
        if row.escalated_at is None and (in_vain or too_long):
            told += tell_managers(row.id)
    return told


def tell_managers(content_id: int) -> bool:
    """Tell the managers who read a piece that it waits too long; False when there is nobody.

    In a closed group without them its leaders hear it: what stands there stays there.
    """
    found = select(Content).where(Content.id == content_id).options(joinedload(Content.group))
    content = db.session.scalars(found).one()
    hold = select(Grant.user_id).where(Grant.role == Role.MANAGER)
    readers = select(User.id).where(readers_of(content))
    for people in (hold, leaders_of(content.group_id)):
        told = db.session.scalars(readers.where(User.id.in_(people))).all()
        for person_id in told:
            activity.notify(person_id, Verb.ANSWER_LATE, content, None)
        if told:
            reactions.put(Attention, {"escalated_at": now()}, content_id=content_id)
            return True
    return False


def tidy() -> None:
    """Forget who saw to the pieces that no longer wait."""
    waiting = waiting_anywhere().with_only_columns(Content.id)
    db.session.execute(
        delete(Attention)
        .where(Attention.content_id.not_in(waiting))
        .execution_options(synchronize_session=False)
    )
