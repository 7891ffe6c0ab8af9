"""Whatever is typed in the search field: no error, no endless work, nothing written."""

import pytest
from sqlalchemy import func, select

from app.extensions import Kring, db
from app.lib.search_query import MOST_WORDS, parse
from app.models import SearchTerm
from app.queries.search import Results, search, suggest_spelling
from app.queries.search_spelling import corrected
from app.services.searches import TERMS, searched
from tests.cast import Cast, discussion

ODD = (
    "x" * 10_000, "woord " * 2_000, '"' * 300, "*" * 300, "-" * 300, "-weg " * 5_000, '"onaf',
    "NEAR(", "NEAR(a b, 3)", "a AND", "OR", "NOT", "AND AND", "title:", "{title body} : x", "a*b*",
    "^a", "a + b", "\0", "a\0b", "'; DROP TABLE users; --", "\\", "a:*", "a & !b | (c", "<->", "%_",
    "😀", "😀 schuld", "\ud800", "ﷺ" * 300, "\u0301" * 300, "½ ² ①", "ß", "İstanbul", "日本語",
    "<script>alert(1)</script>", "' OR 1=1", '"a" -"b" "c', "·schuld", "- -a", "--a", '-"a b"',
)  # fmt: skip


@pytest.mark.parametrize("asked", ODD, ids=range(len(ODD)))
def test_every_text_is_a_question(cast: Cast, asked: str) -> None:
    discussion(cast.member, "Schuld", "Een tekst.")
    query = parse(asked)
    words = sum(len(term.words) for term in (*query.terms, *query.without))
    assert words <= 2 * MOST_WORDS
    for order in ("relevance", "newest"):
        search(cast.member, query, order=order)
    corrected(query)
    suggest_spelling(cast.member, query)


def test_odd_texts_are_kept_and_found(cast: Cast) -> None:
    for odd in ODD:
        body = odd.replace("\0", "").encode("utf-8", "ignore").decode()
        discussion(cast.member, "Kanarie", body)
    assert search(cast.member, parse("kanarie ")).total == len(ODD)


@pytest.mark.parametrize(
    "personal",
    [
        "123456782",
        "1234.56.782",
        "jan@voorbeeldstad.example",
        "06-12345678",
        " ".join(letter * 9 for letter in "abcdefghij"),
    ],
)
def test_personal_data_is_not_counted(cast: Cast, app: Kring, personal: str) -> None:
    searched(parse(f"bsn {personal}"), Results())
    searched(parse("Schulden "), Results(total=3))
    searched(parse("schulden"), Results())
    app.extensions[TERMS].flush_now()
    rows = db.session.execute(
        select(SearchTerm.term, SearchTerm.times, SearchTerm.without_result)
    ).all()
    assert rows == [("schulden", 2, 1)]
    assert db.session.scalar(select(func.count()).select_from(SearchTerm)) == 1
