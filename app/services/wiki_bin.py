"""The bin of wikis is emptied at night: what lay in it long enough goes for good."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from app.extensions import db
from app.lib.clock import now
from app.models import Content, Status, WikiLink, WikiPage
from app.services import activity
from app.services.activity import Verb
from app.site import site

BATCH = 100
WHOLE = {"synchronize_session": False}


def kept_until(page: WikiPage) -> datetime | None:
    """Return when a page in the bin goes for good."""
    return page.archived_at + timedelta(days=site().keep_bin_days) if page.archived_at else None


def empty() -> int:
    """Delete the pages that lay in the bin for so many days, some in each transaction; return how many.

    All that belongs to a page goes along; its files are swept later. A page below it that lies in no
    bin, or not as long, stays.
    """
    before = now() - timedelta(days=site().keep_bin_days)
    due = (
        select(WikiPage)
        .where(WikiPage.status == Status.ARCHIVED, WikiPage.archived_at < before)
        .order_by(WikiPage.id)
        .limit(BATCH)
    )
    gone = 0
    while pages := db.session.scalars(due).all():
        for page in pages:
            activity.log(Verb.WIKI_DELETED, page, None)
        remove([page.id for page in pages])
        db.session.commit()
        gone += len(pages)
    return gone


def remove(keys: list[int]) -> None:
    """Delete pages with all that belongs to them; what refers to them from elsewhere lets go."""
    db.session.flush()
    table: Any = WikiPage.__table__
    below = update(table).where(table.c.parent_id.in_(keys)).values(parent_id=None)
    with_them = update(table).where(table.c.bin_id.in_(keys)).values(bin_id=table.c.id)
    links = update(WikiLink).where(WikiLink.target_id.in_(keys)).values(target_id=None)
    for letting_go in (below, with_them, links.execution_options(**WHOLE)):
        db.session.execute(letting_go)
    db.session.execute(delete(Content).where(Content.id.in_(keys)).execution_options(**WHOLE))
    db.session.expunge_all()
