"""The index made anew: complete, resumable, and without what is gone."""

import pytest
from sqlalchemy import delete, func, select, text, update

from app.extensions import Kring, db
from app.lib.search_query import parse
from app.models import Comment, SearchDocument, SearchWord, User
from app.queries.search import search
from app.services import search_index, search_rebuild
from app.services.search_entries import Entry
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


def test_search_knows_all_while_it_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_rebuild, "BATCH", 2)
    piece = discussion(cast.insider, "Kanarie")
    wanted = {comment(piece, cast.member, "Een kanarie.").id for _number in range(7)}
    search_rebuild.start_again()
    seen: list[set[int]] = []

    def look(_number: int) -> None:
        insider = db.session.scalars(select(User).where(User.handle == "ineke-insider")).one()
        hits = search(insider, parse("kanarie ")).hits
        seen.append({hit.id for hit in hits if hit.kind == "comment"})

    assert search_rebuild.rebuild(advance=look)
    assert len(seen) > 8 and all(each == wanted for each in seen)


def test_what_changes_while_words_are_made_ready_is_not_undone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = discussion(cast.insider, "Vogels")
    reply = comment(piece, cast.member, "Een kanarie.")
    changed, gone = reply.id, comment(piece, cast.member, "Nog een kanarie.").id
    search_rebuild.start_again()
    row_of = search_index.row_of

    def meanwhile(entry: Entry) -> search_index.Row:
        row = row_of(entry)
        if (entry.kind, entry.subject) == ("comment", changed):
            other = update(Comment).where(Comment.id == changed)
            db.session.execute(other.values(body_html="<p>Papegaai.</p>"))
            db.session.execute(delete(Comment).where(Comment.id == gone))
            db.session.commit()
        return row

    monkeypatch.setattr(search_index, "row_of", meanwhile)
    assert search_rebuild.rebuild()
    assert kinds("kanarie") == set() and kinds("papegaai") == {"comment"}


@pytest.mark.usefixtures("forgotten")
def test_nothing_is_held_while_words_are_made_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    row_of = search_index.row_of
    held: list[bool] = []

    def look(entry: Entry) -> search_index.Row:
        held.append(db.session().in_transaction())
        return row_of(entry)

    monkeypatch.setattr(search_index, "row_of", look)
    assert search_rebuild.rebuild()
    assert held and not any(held)


@pytest.mark.usefixtures("forgotten")
def test_the_command_and_the_doctor(app: Kring) -> None:
    run = app.test_cli_runner().invoke
    assert "flask reindex" in run(args=["doctor"]).output
    done = run(args=["reindex"])
    assert done.exit_code == 0 and "Alles is te vinden" in done.output
    assert "Zoeken kent alles" in run(args=["doctor"]).output


@pytest.mark.sqlite
@pytest.mark.usefixtures("cast")
def test_a_reply_seldom_waits_for_the_index_to_merge() -> None:
    """FTS5's own number, 4, let one reply in a hundred wait 20 ms for others' words."""
    kept = text("SELECT v FROM search_index_config WHERE k = 'automerge'")
    assert db.session.scalar(kept) == 8


@pytest.mark.sqlite
@pytest.mark.usefixtures("cast")
def test_no_reply_waits_until_all_is_merged() -> None:
    """FTS5's own number, 16, let one reply in 100,000 wait 0.4 s for the words of all others."""
    kept = text("SELECT v FROM search_index_config WHERE k = 'crisismerge'")
    assert db.session.scalar(kept) == 500
