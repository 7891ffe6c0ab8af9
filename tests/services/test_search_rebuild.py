"""The index made anew: complete, resumable, and without what is gone."""

import pytest
from sqlalchemy import delete, func, select, text

from app.extensions import Kring, db
from app.lib.search_query import parse
from app.models import SearchDocument, SearchWord, User
from app.queries.search import search
from app.services import search_rebuild
from tests.cast import Cast, comment, discussion, document, wiki_page


def kinds(question: str) -> set[str]:
    """Return what the insider finds; a rebuild lets go of what was loaded before."""
    insider = db.session.scalars(select(User).where(User.handle == "ineke-insider")).one()
    return {hit.kind for hit in search(insider, parse(question)).hits}


@pytest.fixture
def forgotten(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make texts of which search knows nothing, as a version before search left them."""
    monkeypatch.setattr(search_rebuild, "BATCH", 2)
    monkeypatch.setattr(search_rebuild, "PAUSE", 0)
    piece = discussion(cast.insider, "Kanarie")
    for _number in range(5):
        comment(piece, cast.member, "Een kanarie.")
    document(piece, cast.insider, title="Kanarie")
    wiki_page(cast.specialist, cast.theme, "Kanarie")
    cast.insider.about = "Ik houd een kanarie."
    db.session.execute(delete(SearchDocument))
    db.session.commit()


@pytest.mark.usefixtures("forgotten")
def test_everything_is_found_again() -> None:
    assert kinds("kanarie") == set()
    assert search_rebuild.rebuild()
    assert kinds("kanarie") == {"discussion", "wiki", "comment", "file", "person"}
    assert kinds("schuldhulp") >= {"theme"} and kinds("huisregels") == {"page"}
    assert db.session.get(SearchWord, "kanarie")
    assert search_rebuild.progress().is_done


@pytest.mark.usefixtures("forgotten")
def test_it_goes_on_where_it_was_stopped() -> None:
    batches: list[int] = []

    class Stopped(Exception):
        pass

    def stop(number: int) -> None:
        batches.append(number)
        if len(batches) == 12:
            raise Stopped

    with pytest.raises(Stopped):
        search_rebuild.rebuild(advance=stop)
    db.session.rollback()
    assert not search_rebuild.progress().is_done
    assert search_rebuild.rebuild(advance=batches.append)
    assert sum(batches) == search_rebuild.total()
    before = db.session.scalar(select(func.count()).select_from(SearchDocument))
    search_rebuild.start_again()
    search_rebuild.rebuild()
    assert db.session.scalar(select(func.count()).select_from(SearchDocument)) == before
    index = db.session.scalar(text("SELECT count(*) FROM search_index"))
    assert index == before


@pytest.mark.usefixtures("forgotten")
def test_the_command_and_the_doctor(app: Kring) -> None:
    run = app.test_cli_runner().invoke
    assert "flask reindex" in run(args=["doctor"]).output
    done = run(args=["reindex"])
    assert done.exit_code == 0 and "Alles is te vinden" in done.output
    assert "Zoeken kent alles" in run(args=["doctor"]).output
