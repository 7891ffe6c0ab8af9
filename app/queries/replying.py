"""The piece to which someone replies."""

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models import Content, Discussion, Group, User
from app.models.unattached import Part, Prepared, columns, split
from app.policy import Ability, can, visible_to
from app.queries.content import detail

PARTS = (Part(Discussion), Part(Group))
PIECE = (
    select(*columns(PARTS))
    .outerjoin(Group, Group.id == Discussion.group_id)
    .where(Discussion.id == bindparam("piece"))
)
READING = Prepared(PIECE)
HOLDING = Prepared(PIECE.with_for_update(of=Content.__table__))


def place(key: int, user: User, *, hold: bool) -> Content | None:
    """Return a piece that `user` can read, with its group, in one statement for a discussion.

    To `hold` it lets nobody else change it, nor place a reply, until this transaction ends.
    """
    found = (HOLDING if hold else READING).rows(piece=key)
    if not found:
        return db.session.scalar(detail(Content, key).where(visible_to(user)))
    piece, group, _rest = split(found[0], PARTS)
    made: Discussion = PARTS[0].make(piece, group=PARTS[1].make(group))
    return made if can(user, Ability.READ, made) else None
