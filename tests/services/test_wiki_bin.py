"""What lies in the bin of a wiki long enough goes for good, and nothing else."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Attachment,
    Doubt,
    LogEntry,
    Proposal,
    Review,
    Revision,
    WikiLink,
    WikiPage,
)
from app.services import attachments, wiki_bin, wikis
from app.services.activity import Verb
from app.services.wikis import Version
from tests import settings
from tests.cast import Cast, document, proposal


def made(cast: Cast, title: str, parent: WikiPage | None = None) -> WikiPage:
    page = wikis.create(
        cast.theme, Version(title, f"Tekst van {title}.", cast.specialist), parent=parent
    )
    db.session.commit()
    return page


def number_of(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def emptied(days: float) -> int:
    with time_machine.travel(now() + timedelta(days=days)):
        return wiki_bin.empty()


def test_a_branch_goes_with_all_that_belongs_to_it(cast: Cast) -> None:
    top = made(cast, "Oud")
    child = made(cast, "Onder", top)
    stays = made(cast, "Blijft")
    wikis.save(
        stays, Version("Blijft", "Zie [[Oud]] en [[Onder]].", cast.specialist), expected_version=1
    )
    document(top, cast.specialist, "Bijlage")
    db.session.add(Review(page_id=child.id, version=1, reviewer_id=cast.specialist.id))
    db.session.add(Doubt(page_id=child.id, version=1, doubter_id=cast.member.id, line="Nee"))
    proposal(cast.member, cast.theme, page=child)
    wikis.archive(top, cast.specialist)
    db.session.commit()
    settings.change(keep_bin_days=30)
    assert emptied(29.9) == 0
    assert emptied(30.1) == 2
    assert db.session.scalars(select(WikiPage.title)).all() == ["Blijft"]
    assert number_of(Revision) == 2
    for model in (Attachment, Review, Doubt, Proposal):
        assert number_of(model) == 0, model
    links = db.session.execute(select(WikiLink.title, WikiLink.target_id)).all()
    assert sorted(map(tuple, links)) == [("onder", None), ("oud", None)], (
        "they wait for such a page"
    )
    with time_machine.travel(now() + timedelta(days=31)):
        assert attachments.sweep() == 1
    rows = db.session.scalars(
        select(LogEntry).where(LogEntry.action == Verb.WIKI_DELETED.value)
    ).all()
    assert {row.subject_label for row in rows} == {"Oud", "Onder"}
    assert not any("Tekst" in row.reason + row.result for row in rows)


def test_what_lies_there_shorter_or_not_at_all_stays(cast: Cast) -> None:
    top = made(cast, "Boven")
    older, newer = made(cast, "Eerder weg", top), made(cast, "Later weg", top)
    loose = made(cast, "Los", top)
    wikis.archive(older, cast.specialist)
    wikis.archive(top, cast.specialist)
    db.session.commit()
    # As an import or a merge could leave them: below a page that goes.
    wikis.unarchive(loose, cast.specialist)
    loose.parent_id = top.id
    newer.archived_at = now() + timedelta(days=20)
    db.session.commit()
    assert emptied(366) == 2
    left = {page.title: page for page in db.session.scalars(select(WikiPage))}
    assert set(left) == {"Later weg", "Los"}
    assert left["Los"].parent_id is None
    assert (left["Later weg"].parent_id, left["Later weg"].bin_id) == (None, left["Later weg"].id)


def test_many_go_in_batches(cast: Cast) -> None:
    for number in range(wiki_bin.BATCH + 5):
        page = wikis.build(cast.theme, Version(f"Pagina {number}", "x", cast.specialist))
        wikis.archive(page, cast.specialist)
    db.session.commit()
    assert emptied(366) == wiki_bin.BATCH + 5
    assert number_of(WikiPage) == 0
