"""Which documents have the words of a question, in the words of either database.

Both find the same: words and stems were made before they were kept, and questions go the same way.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR

from app.extensions import db
from app.lib.clock import now
from app.lib.search_marks import AUTHOR, KIND, OFTEN, PIECE, STEM, TITLE
from app.lib.search_query import Query, Term
from app.lib.search_text import stem
from app.models.search import age_id
from app.models.unattached import Prepared

SQLITE = "sqlite"
TEXTS = "{title body}"
WINDOWS = (timedelta(days=14), timedelta(days=120), timedelta(days=1000))
"""PostgreSQL finds all that has a word before it knows the newest: it looks in ever larger parts."""
Way = Callable[["Language", Term], str]


class Language(NamedTuple):
    """How a database writes a question. All words are letters, digits and marks, and are quoted."""

    both: str
    either: str
    but: str
    word: Callable[[str], str]
    beginning: Callable[[str], str]
    together: Callable[[Sequence[str], bool], str]
    any_form: Callable[[str], str]

    def all(self, parts: Sequence[str]) -> str:
        """Return a question for what has all of these."""
        return self.both.join(parts)

    def one(self, parts: Sequence[str]) -> str:
        """Return a question for what has one of these."""
        return f"({self.either.join(parts)})"


FTS5 = Language(
    " AND ",
    " OR ",
    "({}) NOT {}",
    '"{}"'.format,
    '"{}" *'.format,
    lambda words, going_on: f'({TEXTS} : "{" ".join(words)}"{" *" if going_on else ""})',
    '"{}"'.format,
)
TSQUERY_ = Language(
    " & ",
    " | ",
    "({}) & !{}",
    "'{}'".format,
    "'{}':*".format,
    lambda words, going_on: (
        "(" + " <-> ".join(map("'{}'".format, words)) + (":*" if going_on else "") + ")"
    ),
    lambda root: f"('{root}' | '{STEM}{root}')",
)


def whole(to: Language, term: Term) -> str:
    """Return a term as words that do not go on: a word in all its forms, or words together."""
    return to.together(term.words, False) if term.exact else to.any_form(stem(term.words[0]))


def going_on(to: Language, term: Term) -> str:
    """Return a term of which the last word may go on."""
    if not term.prefix:
        return whole(to, term)
    together = to.together(term.words, True)
    return together if term.exact else to.one([to.any_form(stem(term.words[0])), together])


def marked(*marks: str) -> Way:
    """Return what makes a question for the words of a term with one of these marks."""

    def way(to: Language, term: Term) -> str:
        parts = [to.one([to.word(mark + stem(word)) for mark in marks]) for word in term.words]
        if term.prefix:
            last = [to.beginning(mark + term.words[-1]) for mark in marks]
            parts[-1] = to.one([parts[-1], *last])
        if len(term.words) > 1:
            parts.append(going_on(to, term))
        return to.all(parts)

    return way


RANKS: tuple[Way, ...] = (marked(TITLE), marked(TITLE, OFTEN), whole)
"""The best come first: with the words in the title, then with these often in the text."""


class Among(NamedTuple):
    """What a question is asked about: `since` is the least id of what has an age."""

    kinds: Sequence[str] = ()
    author: int | None = None
    pieces: Sequence[int] | None = None
    since: int = 0


def best(query: Query, most: int, among: Among, *, ranked: bool = True) -> tuple[list[int], bool]:
    """Read the ids of the best documents with the words of a question, and whether that was all.

    Names come first, of equals the newest, and last where a word goes on. One statement; `most`
    bounds how many are looked at, whatever the words.
    """
    last = widest(query)
    ways = list(dict.fromkeys((*RANKS, last))) if ranked else [last]
    dialect = db.engine.dialect.name
    walks = [walk for way in ways for walk in newest_first(query, way, among, dialect)]
    named: dict[str, Any] = {"most": most}
    for number, walk in enumerate(walks):
        named |= {f"{name}_{number}": value for name, value in walk._asdict().items()}
    statement = prepared_walks(dialect, tuple(walk.shape for walk in walks))
    ids = [key for (key,) in statement.rows(**named)]
    return list(dict.fromkeys(ids)), len(ids) < most


def hits(query: Query, most: int, kinds: Sequence[str] = ()) -> Select[int]:
    """Select the ids of the newest documents with the words of a question, names first."""
    dialect = db.engine.dialect.name
    walks = newest_first(query, widest(query), Among(kinds), dialect)
    return select(one_after_other(dialect, walks, most).subquery().c.id)


def widest(query: Query) -> Way:
    """Return the way to ask for all that has the words."""
    return going_on if any(term.prefix for term in query.terms) else whole


Shape = tuple[bool, bool, bool]


class Walk(NamedTuple):
    """A look through the index from new to old: for what, and between which ids.

    Or the names of those. `looked_up` says that so few have it that PostgreSQL had better not walk.
    """

    question: Any
    above: Any
    least: Any
    looked_up: bool

    @property
    def shape(self) -> Shape:
        """Return what of it decides what the statement looks like."""
        return self.above is not None, self.least is not None, self.looked_up


def newest_first(query: Query, way: Way, among: Among, dialect: str) -> list[Walk]:
    """Return the walks that find the newest documents: in one go, or in parts of time."""
    sqlite = dialect == SQLITE
    question = asked(FTS5 if sqlite else TSQUERY_, query, way, among)
    windows = () if sqlite or way not in (whole, going_on) else WINDOWS
    bounds = [age_id(now() - window) for window in windows]
    # PostgreSQL knows how many texts have a word, but not a beginning, a mark or a filter: without
    # an order that it has an index for, it looks those up, and never walks through everything.
    few = way is not whole or among.author is not None or among.pieces is not None
    edges = [None, *(edge for edge in bounds if edge > among.since), among.since or None]
    return [Walk(question, above, least, few and not sqlite) for above, least in pairwise(edges)]


@lru_cache(100)
def prepared_walks(dialect: str, shapes: tuple[Shape, ...]) -> Prepared:
    """Return the statement that walks like this, made once."""
    asks_in = String() if dialect == SQLITE else TSQUERY()
    walks = [
        Walk(
            bindparam(f"question_{number}", type_=asks_in),
            bindparam(f"above_{number}", type_=BigInteger) if above else None,
            bindparam(f"least_{number}", type_=BigInteger) if least else None,
            looked_up,
        )
        for number, (above, least, looked_up) in enumerate(shapes)
    ]
    return Prepared(one_after_other(dialect, walks, bindparam("most", type_=Integer)))


def one_after_other(dialect: str, walks: Sequence[Walk], most: Any) -> CompoundSelect[int]:
    """Select what is found by these walks, until there is enough."""
    parts = [walk_through(dialect, walk).limit(most) for walk in walks]
    return union_all(*(select(part.subquery()) for part in parts)).limit(most)


def walk_through(dialect: str, walk: Walk) -> Select[int]:
    """Select what one walk finds."""
    key, match = (in_sqlite if dialect == SQLITE else in_postgres)(walk.question)
    part = select(key.label("id")).where(match)
    part = part.where(key < walk.above) if walk.above is not None else part
    part = part.where(key >= walk.least) if walk.least is not None else part
    order = key + 0 if walk.looked_up else key
    return part.order_by(order.desc())


def asked(to: Language, query: Query, way: Way, among: Among) -> str:
    """Return a question in the words of a database."""
    parts = [way(to, term) for term in query.terms]
    facets = [[KIND + kind for kind in among.kinds]]
    facets.append([f"{AUTHOR}{among.author}"] if among.author is not None else [])
    if among.pieces is not None:
        facets.append([f"{PIECE}{piece}" for piece in among.pieces or [0]])
    parts += [to.one([to.word(each) for each in facet]) for facet in facets if facet]
    wanted = to.all(parts)
    without = [going_on(to, term) for term in query.without]
    return to.but.format(wanted, to.one(without)) if without else wanted


def in_sqlite(question: Any) -> tuple[ColumnElement[int], Any]:
    """Return the key and the condition in FTS5."""
    index = table("search_index", column("rowid", Integer))
    match = literal_column("search_index", String).op("MATCH", is_comparison=True)(question)
    return index.c.rowid, match


def in_postgres(question: Any) -> tuple[ColumnElement[int], Any]:
    """Return the key and the condition in PostgreSQL."""
    index = table("search_index", column("id", BigInteger), column("words", TSVECTOR))
    return index.c.id, index.c.words.bool_op("@@")(cast(question, TSQUERY))


def given_ids(dialect: str) -> Any:
    """Return a table of the ids that are put in as `ids` (by `as_given`), each as its `value`."""
    ids = bindparam("ids", type_=String)
    if dialect == SQLITE:
        return func.json_each(ids).table_valued(column("value", Integer), name="hit")
    listed = func.unnest(cast(ids, ARRAY(BigInteger)))
    return listed.table_valued(column("value", BigInteger), name="hit").render_derived()


def as_given(ids: Sequence[int], dialect: str) -> str:
    """Return ids as a statement with `given_ids` takes them: however many, it stays the same."""
    listed = ",".join(map(str, ids))
    return f"[{listed}]" if dialect == SQLITE else f"{{{listed}}}"
