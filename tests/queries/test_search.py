"""What is found, and by whom; alike on both databases."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.extensions import db
from app.lib.clock import now
from app.lib.search_query import parse
from app.models import (
    Audience,
    Comment,
    Content,
    ContentView,
    Department,
    Expertise,
    Status,
    Tag,
    User,
)
from app.queries.search import Filters, Hit, search, suggest_spelling
from app.services import search_index, searches, text, transfers
from bench.statements import statements
from tests.cast import Cast, comment, discussion, document, findable, wiki_page

TEXTS = (
    ("Schulden van jongeren", "Hoe begin je met een jongere die al drie beslagen heeft?"),
    ("Beslagvrije voet berekenen", "De beslagvrije voet is in juli gewijzigd. Wie rekent mee?"),
    ("Schuldhulpverlening aan ondernemers", "Een zzp'er met een eigen huis vraagt om hulp."),
    ("Briefadres geweigerd", "Het loket weigerde een briefadres. De cliënt sliep in cafés."),
    ("Café Samen", "Elke dinsdag koffie in het buurthuis, coördinatie door Zoë."),
    ("Ontruiming voorkomen", "De woningcorporatie belde op de dag van de ontruiming zelf."),
    ("Kinderopvang en e-mail", "Stuur een e-mail naar de kinderopvang over de toeslag."),
    ("Foto's bij een verslag", "Mogen foto's van de woning in het dossier?"),
    ("Wet gemeentelijke schuldhulpverlening", "Artikel 4a: de termijn is vier weken, niet 28."),
    ("Huisbezoek", "Op huisbezoek gaan we altijd samen. Huizen zonder bel slaan we over."),
    ("Één loket", "Een loket voor alles: werk, zorg en schulden."),
    ("Niet bereikbaar", "De inwoner neemt niet op; brieven komen ongeopend terug."),
)
# The question, and the numbers of the texts above that it finds.
QUESTIONS: tuple[tuple[str, set[int]], ...] = (
    ("schulden ", {0, 10}), ("schuld ", {0, 10}), ("Schulden", {0, 10}), ("SCHULDEN ", {0, 10}),
    ("schuld", {0, 2, 8, 10}), ("schuldhulpver", {2, 8}), ("schuldhulpverleningen ", {2, 8}),
    ("jongeren ", {0}), ("jongere ", {0}), ("beslag ", {0}), ("beslagen ", {0}),
    ("beslag", {0, 1}), ("beslag*", {0, 1}), ("beslagvrije voet", {1}), ('"beslagvrije voet"', {1}),
    ('"voet beslagvrije"', set()), ('"voet is in juli"', {1}), ("voet juli", {1}),
    ("briefadres", {3}), ("brieven ", {11}), ("brief", {3}),
    ("client ", {3}), ("cliënt ", {3}), ("CLIËNT ", {3}), ("cafe ", {4}), ("cafés ", {3}),
    ("café ", {4}), ("cafe\u0301 ", {4}), ("zoe ", {4}), ("zoë ", {4}),
    ("coordinatie ", {4}), ("coördinatie ", {4}), ("e-mail ", {6}), ("email ", set()),
    ("e-mai", {6}), ("foto ", {7}), ("foto's ", {7}), ("foto’s ", {7}), ("zzp'er ", {2}),
    ("4a ", {8}), ("28 ", {8}), ('"vier weken"', {8}), ('"weken vier"', set()),
    ("huis ", {2}), ("huizen ", {9}), ("huisbezoek ", {9}), ("huisbezoeken ", {9}),
    ("een loket", {3, 10}), ('"een loket"', {10}), ("één loket ", {3, 10}),
    ("schulden -jongeren ", {10}), ("schulden -jongere ", {10}), ('schuld -"zorg en schulden"', {0}),
    ("-schulden ", set()), ("loket werk", {10}), ("loket ontruiming", set()),
    ("de ", {1, 3, 5, 6, 7, 8, 11}), ("niet ", {8, 11}), ("hoe begin je met", {0}),
    ("toeslag kinderopvang ", {6}), ("toeslagen ", {6}), ("woning ", {7}), ("woning", {5, 7}),
    ('"', set()), ("*", set()), ("onbestaand ", set()), ("NEAR(schulden jongeren)", set()),
    ("title:schulden ", set()), ("schulden AND jongeren ", set()), ("schulden* jong*", {0}),
)  # fmt: skip


@pytest.fixture
def pieces(cast: Cast) -> list[int]:
    """Return the ids of discussions with these texts."""
    made = [discussion(cast.other, title, body) for title, body in TEXTS]
    return [piece.id for piece in made]


def found(user: User, question: str, **values: object) -> list[tuple[str, int]]:
    """Return kind and id of the hits, sorted."""
    filters = Filters(**values)  # type: ignore[arg-type]  # by name
    results = search(user, parse(question), filters, size=100)
    assert results.total == len(results.hits)
    return sorted((hit.kind, hit.id) for hit in results.hits)


def test_both_databases_find_the_same(cast: Cast, pieces: list[int]) -> None:
    wrong = {}
    for question, wanted in QUESTIONS:
        here = {pieces.index(key) for _kind, key in found(cast.member, question)}
        if here != wanted:
            wrong[question] = (here, wanted)
    assert not wrong, "\n".join(f"{q!r}: {both}" for q, both in wrong.items())


def test_titles_count_more_and_newest_can_come_first(cast: Cast, pieces: list[int]) -> None:
    best = [hit.id for hit in search(cast.member, parse("schulden ")).hits]
    newest = [hit.id for hit in search(cast.member, parse("schulden "), order="newest").hits]
    assert best == [pieces[0], pieces[10]] and newest == [pieces[10], pieces[0]]


def test_a_hit_shows_where_the_words_stand(cast: Cast) -> None:
    piece = discussion(
        cast.other, "Lang verhaal", "Eerst iets anders. " * 40 + "Dan een deurwaarder."
    )
    reply = comment(piece, cast.member, "Bel de <b>deurwaarders</b> &amp; wacht.")
    by_kind = {hit.kind: hit for hit in search(cast.member, parse("deurwaarder ")).hits}
    assert ("deurwaarder", True) in by_kind["discussion"].snippet
    assert len("".join(part for part, _hit in by_kind["discussion"].snippet)) < 260
    shown = by_kind["comment"]
    assert shown.snippet == (("Bel de ", False), ("deurwaarders", True), (" & wacht.", False))
    assert (shown.id, shown.piece_id, shown.position) == (reply.id, piece.id, 1)
    assert shown.title == (("Lang verhaal", False),)


def test_what_is_closed_is_not_found(cast: Cast) -> None:
    def seen_by(*people: User) -> list[bool]:
        return [bool(search(person, parse("kanarie ")).total) for person in people]

    piece = discussion(cast.insider, "Kanarie", group=cast.closed)
    readers = (cast.insider, cast.member, cast.moderator, cast.manager)
    assert seen_by(*readers) == [True, False, False, False]
    piece.group = None
    piece.hidden_at = piece.created_at
    db.session.commit()
    assert seen_by(*readers) == [True, False, True, True]
    piece.hidden_at, piece.withdrawn_at = None, piece.created_at
    db.session.commit()
    assert seen_by(*readers) == [True, False, False, False]
    piece.withdrawn_at, piece.status = None, Status.DRAFT
    db.session.commit()
    assert seen_by(*readers) == [True, False, False, False]


def test_replies_and_documents_go_with_their_piece(cast: Cast) -> None:
    piece = discussion(cast.insider, "Besloten", group=cast.closed)
    reply = comment(piece, cast.insider, "Een kanarie.")
    file = document(piece, cast.insider, filename="kanarie.txt", title="Verslag")
    assert found(cast.insider, "kanarie") == [("comment", reply.id), ("file", file.id)]
    assert found(cast.member, "kanarie") == []
    piece.group = None
    reply.hidden_at = file.removed_at = reply.created_at
    db.session.commit()
    assert found(cast.member, "kanarie") == []
    assert found(cast.moderator, "kanarie") == [("comment", reply.id)]


def test_the_bin_and_what_waits_for_adoption(cast: Cast) -> None:
    page = wiki_page(cast.specialist, cast.theme, "Kanarie")
    page.status = Status.PENDING
    db.session.commit()
    assert found(cast.specialist, "kanarie") and not found(cast.member, "kanarie")
    page.status = Status.ARCHIVED
    db.session.commit()
    assert not found(cast.specialist, "kanarie")
    assert found(cast.specialist, "kanarie", archived=True) == [("wiki", page.id)]
    assert not found(cast.member, "kanarie", archived=True)


def test_parts_of_a_profile_have_readers_of_their_own(cast: Cast) -> None:
    other = cast.other
    other.phone, other.job_title, other.about = "0612345678", "Kanariefokker", "Ik zing graag."
    other.about_audience = Audience.GROUPS
    other.department = Department(name="Volière")
    db.session.add(Expertise(user_id=other.id, slug="vogels", name="Vogels"))
    findable(*db.session.query(User))
    for question in ("otto", "kanariefokker", "vogels", "voliere", "otto vogels"):
        assert found(cast.member, question) == [("person", other.id)], question
    for question in ("0612345678", "zing", "otto-ander@voorbeeldstad.example"):
        assert found(cast.member, question) == [], question
        assert found(other, question) == [("person", other.id)], question
        assert found(cast.manager, question) == [("person", other.id)], question
    (hit,) = search(cast.member, parse("vogel ")).hits
    assert hit.part == "expertise" and hit.snippet == (("Vogels", True),)
    other.deactivated_at = other.created_at
    db.session.commit()
    assert found(cast.member, "otto") == []


def test_statements_made_once_find_what_others_do(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = cast.other
    for person in (other, cast.insider):
        person.name, person.job_title, person.about = "Een naam", "Een kanarie", "Nog een kanarie."
        person.about_audience = person.job_title_audience = Audience.GROUPS
    cast.closed.name, cast.hidden.name = "Kanarie dicht", "Kanarie geheim"
    tag = Tag(name="Kanarie", slug="kanarie")
    for group in (None, cast.open, cast.closed, cast.hidden):
        piece = discussion(cast.insider, "Kanarie", group=group, tags=[tag] if group else [])
        document(piece, cast.insider, title="Kanarie")
        for name in ("hidden_at", "withdrawn_at"):
            reply = comment(piece, other, "Een kanarie.")
            document(reply, other, title="Kanarie")
            state: dict[str, Any] = {name: piece.created_at}
            discussion(other, "Kanarie", group=group, **state)
            setattr(reply, name, piece.created_at)
    page = wiki_page(cast.specialist, cast.theme, "Kanarie")
    page.status = Status.ARCHIVED
    cast.administrator.glass_group_id = cast.hidden.id
    cast.administrator.glass_until = now() + timedelta(hours=1)
    cast.ambassador.suspended_until = now() + timedelta(hours=1)
    findable(tag, cast.closed, cast.hidden, *db.session.query(User))
    readers = [value for value in vars(cast).values() if isinstance(value, User)]

    def all_found() -> list[list[Hit]]:
        return [
            list(search(reader, parse("kanarie "), Filters(archived=archived), size=100).hits)
            for reader in readers
            for archived in (False, True)
        ]

    found_by_kept = all_found()
    monkeypatch.setattr("app.queries.search.prepared", asked_plainly)
    assert [facts(hits) for hits in found_by_kept] == [facts(hits) for hits in all_found()]
    assert len({str(facts(hits)) for hits in found_by_kept}) >= 7


def facts(hits: list[Hit]) -> list[object]:
    """Return what was found, without the object of a person, which is another each time."""
    return [hit._replace(person=None) for hit in hits]


def asked_plainly(build: Callable[..., Any], user: User, *given: Any, **values: Any) -> Any:
    """Ask as statements are asked that are made for one reader."""
    rows = db.session.execute(build(user, *given), values).all()
    return SimpleNamespace(rows=lambda: rows)


def test_names_of_all_kinds(cast: Cast) -> None:
    secret, open_tag = Tag(name="Geheim", slug="geheim"), Tag(name="Gezien", slug="gezien")
    discussion(cast.insider, group=cast.closed, tags=[secret])
    discussion(cast.insider, tags=[open_tag])
    findable(secret, open_tag, cast.theme, cast.closed, cast.hidden)
    assert found(cast.member, "geheim") == [] and found(cast.insider, "geheim") != []
    assert found(cast.member, "gezien") == [("tag", open_tag.id)]
    assert found(cast.member, "schuldhulp") == [("theme", cast.theme.id)]
    assert found(cast.member, "groep") == [("group", cast.closed.id)]
    assert len(found(cast.insider, "groep")) == 2


def test_filters(cast: Cast) -> None:
    tag = Tag(name="Nieuw", slug="nieuw")
    mine = discussion(cast.member, "Kanarie een", theme=cast.theme, tags=[tag])
    page = wiki_page(cast.specialist, cast.other_theme, "Kanarie twee")
    here = discussion(cast.insider, "Kanarie drie", group=cast.open)
    reply = comment(mine, cast.other, "Een kanarie.")
    db.session.add(ContentView(content_id=page.id, user_id=cast.member.id, day="2026-11-21"))
    findable(tag, cast.theme)
    of_mine = [("comment", reply.id), ("discussion", mine.id)]
    for values, wanted in (
        ({"type": "wiki"}, [("wiki", page.id)]),
        ({"type": "comment"}, [("comment", reply.id)]),
        ({"theme": "schuldhulp"}, of_mine),
        ({"tag": "nieuw"}, of_mine),
        ({"group": cast.open.slug}, [("discussion", here.id)]),
        ({"author": cast.other.id}, [("comment", reply.id)]),
        ({"seen": True}, [("wiki", page.id)]),
        ({"seen": False}, [*of_mine, ("discussion", here.id)]),
        (
            {"since": reply.created_at.date()},
            [*of_mine, ("discussion", here.id), ("wiki", page.id)],
        ),
        ({"since": reply.created_at.date().replace(year=2090)}, []),
        ({"theme": "onbekend"}, []),
    ):
        assert found(cast.member, "kanarie", **values) == sorted(wanted), values


def test_what_changes_is_found_anew(cast: Cast) -> None:
    piece = discussion(cast.member, "Kanarie", "Over vogels.")
    piece.title = "Papegaai"
    text.render_content(piece)
    db.session.commit()
    assert not found(cast.member, "kanarie") and len(found(cast.member, "papegaai")) == 1
    db.session.delete(db.session.get(Content, piece.id))
    db.session.commit()
    assert not found(cast.member, "papegaai")


def test_three_statements_whatever_is_found(cast: Cast, pieces: list[int]) -> None:
    comment(db.session.get_one(Content, pieces[0]), cast.member, "Een kanarie.")
    findable(cast.theme, cast.member)
    reader = db.session.get_one(User, cast.other.id)
    assert (reader.memberships, reader.grants) is not None
    search(reader, parse("begin"))
    for question, number in (("schuld", 3), ("de", 3), ("lotte", 3), ("onbestaand", 1)):
        with statements() as made:
            search(reader, parse(question))
        assert len(made) == number, question


def test_what_is_looked_at_is_bounded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    piece = discussion(cast.member)
    for _number in range(7):
        comment(piece, cast.member, "Een kanarie.")
    monkeypatch.setattr("app.queries.search.LOOKED_AT", 5)
    results = search(cast.member, parse("kanarie"), size=2)
    assert (results.total, results.more, results.pages) == (5, True, 3)
    pages = [
        search(cast.member, parse("kanarie"), page=n, size=2, order="newest") for n in (1, 2, 3)
    ]
    assert [len(page.hits) for page in pages] == [2, 2, 1]
    assert len({hit.id for page in pages for hit in page.hits}) == 5
    for question in ("kanarie", "kanarie een", '"een kanarie"', "kan"):
        with statements() as made:
            search(cast.member, parse(question))
        asked = made[0]
        branches = asked.count("search_index \nWHERE")
        assert branches and asked.count("LIMIT") == branches + 1, asked
        assert asked.count("DESC") == branches


def test_a_narrow_filter_finds_what_is_older_than_what_is_looked_at(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = Tag(name="Oud", slug="oud")
    old = discussion(cast.other, "Vogels", theme=cast.theme, group=cast.open, tags=[tag])
    reply = comment(old, cast.specialist, "Een kanarie.")
    page = wiki_page(cast.specialist, cast.other_theme, "Kanarie")
    db.session.add(ContentView(content_id=old.id, user_id=cast.member.id, day="2026-11-21"))
    new = discussion(cast.member)
    for _number in range(7):
        comment(new, cast.member, "Een kanarie.")
    monkeypatch.setattr("app.queries.search.LOOKED_AT", 5)
    of_old = [("comment", reply.id)]
    for values, wanted in (
        ({"type": "wiki"}, [("wiki", page.id)]),
        ({"theme": cast.theme.slug}, of_old),
        ({"group": cast.open.slug}, of_old),
        ({"tag": "oud"}, of_old),
        ({"seen": True}, of_old),
        ({"author": cast.specialist.id}, [*of_old, ("wiki", page.id)]),
        ({"author": cast.specialist.id, "theme": cast.theme.slug}, of_old),
        ({"theme": "onbekend"}, []),
    ):
        assert found(cast.member, "kanarie", **values) == wanted, values
    monkeypatch.setattr("app.queries.search.MOST_PIECES", 0)
    monkeypatch.setattr("app.queries.search.LOOKED_AT_NARROWED", 5)
    results = search(cast.member, parse("kanarie"), Filters(theme=cast.theme.slug))
    assert (results.total, results.more) == (0, True)


def test_a_filter_finds_a_reply_where_it_stands_now(cast: Cast) -> None:
    source = discussion(cast.member)
    replies = [comment(source, cast.other, f"Een kanarie, {number}.") for number in range(3)]
    made = transfers.split(source, "Vogels", replies[1:], cast.moderator, "Hoort apart")
    db.session.add(ContentView(content_id=made.id, user_id=cast.member.id, day="2026-11-21"))
    db.session.commit()
    assert found(cast.member, "kanarie", seen=True) == [
        ("comment", replies[2].id), ("discussion", made.id),
    ]  # fmt: skip
    assert found(cast.member, "kanarie", seen=False) == [("comment", replies[0].id)]


def test_what_a_text_is_about_comes_first(cast: Cast) -> None:
    named = discussion(cast.other, "Kanarie")
    often = discussion(cast.other, "Vogels", "De kanarie. Een kanarie, wat een kanarie.")
    once = discussion(cast.other, "Dieren", "Ook een kanarie.")
    further = discussion(cast.other, "Huis", "Een kanariehok.")
    wanted = [named.id, often.id, once.id, further.id]
    assert [hit.id for hit in search(cast.member, parse("kanarie")).hits] == wanted
    newest = search(cast.member, parse("kanarie"), order="newest").hits
    assert [hit.id for hit in newest] == wanted[::-1]


def test_a_misspelt_word(cast: Cast) -> None:
    discussion(cast.member, "Schuldhulpverlening aan ondernemers", "Over kwijtschelding.")
    secret = discussion(cast.insider, "Papegaaienhouderij", group=cast.closed)
    searches.add_words(["schuldhulpverlening", "kwijtschelding", "papegaaienhouderij"])
    db.session.commit()
    for asked, meant in (
        ("schuldhulpverleening", "schuldhulpverlening"), ("kwijtschelting", "kwijtschelding"),
        ("kwijtscheldign -oud", "kwijtschelding -oud"), ("kwijtschelding", ""), ("xyzzyx", ""),
        ("papegaaienhouderei", ""), ("", ""), ("kwijt", ""),
    ):  # fmt: skip
        assert suggest_spelling(cast.member, parse(asked)) == meant, asked
    assert suggest_spelling(cast.insider, parse("papegaaienhouderei")) == "papegaaienhouderij"
    assert secret.group_id


def test_someone_who_may_not_read_finds_nothing(cast: Cast, pieces: list[int]) -> None:
    cast.member.deactivated_at = cast.member.created_at
    for nobody in (None, cast.member):
        assert not search(nobody, parse("schulden")).hits


def test_blacked_out_words_are_gone(cast: Cast) -> None:
    piece = discussion(cast.member, "Melding", "Bel Pietersenzoon maar.")
    searches.add_words(["pietersenzoon"])
    piece.body_html = "<p>Bel maar.</p>"
    search_index.redacted([piece], piece, "Pietersenzoon")
    db.session.commit()
    assert not found(cast.member, "pietersenzoon")
    assert suggest_spelling(cast.member, parse("pietersenzon")) == ""
    assert db.session.query(Comment).count() == 0


@pytest.mark.sqlite
def test_no_table_of_texts_is_walked_through(cast: Cast, pieces: list[int]) -> None:
    reader = db.session.get_one(User, cast.other.id)
    with statements() as made:
        search(reader, parse("schuld"))
    asked = made[-1]
    values = ("[1, 2]", *[1] * (asked.count("?") - 1))
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values)
    lines = [row[3] for row in plan]
    assert any("SCAN hit VIRTUAL TABLE" in line for line in lines), lines
    for table in ("content", "comments", "search_documents", "users", "attachments"):
        assert not [line for line in lines if line.startswith(f"SCAN {table}")], lines
