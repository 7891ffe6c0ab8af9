"""Words, stems, questions and snippets, without a database."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.search_query import LONGEST, Term, parse
from app.lib.search_snippet import mark, snippet
from app.lib.search_text import LONGEST_WORD, fold, sound, stem, words


def test_words_are_folded() -> None:
    assert words("Foto's in CAFÉS, één zzp’er & coördinatie_2") == [
        "foto", "in", "cafes", "een", "zzp", "er", "coordinatie", "2",
    ]  # fmt: skip
    assert words("x" * 100) == ["x" * LONGEST_WORD]


@given(
    st.lists(st.sampled_from("aÉß İŉﬁ½e\u0301\u0323한") | st.characters(), max_size=9).map("".join)
)
def test_accents_go_wherever_they_stand(text: str) -> None:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    assert fold(text) == plain.casefold()


@pytest.mark.parametrize(
    "word, root",
    [("schulden", "schuld"), ("huizen", "huiz"), ("beslagen", "beslag"), ("4a", "4a")],
)
def test_stems_are_those_of_postgresql(word: str, root: str) -> None:
    assert stem(word) == root


def test_what_people_get_wrong_sounds_alike() -> None:
    for right, wrong in (
        ("verlening", "verleening"),
        ("houderij", "hauderei"),
        ("bijstand", "beistant"),
    ):
        assert sound(right) == sound(wrong)


def test_a_question_is_read() -> None:
    query = parse('hoe "Vrije voet" -Niet e-mail begin* laat')
    assert query.terms == (
        Term(("vrije", "voet"), exact=True), Term(("e", "mail"), exact=True),
        Term(("begin",), prefix=True), Term(("laat",), prefix=True),
    )  # fmt: skip
    assert query.without == (Term(("niet",)),)
    assert parse("schuld ").terms == (Term(("schuld",)),) and not parse("-schuld")
    assert len(parse("woord " * 1000).text) <= LONGEST


def test_the_best_part_is_shown() -> None:
    far = "Niets te zien. " * 50
    text = f"schuld {far} schuld en beslag bij elkaar {far}"
    shown = snippet(text, parse("schuld beslag "))
    assert [part for part, hit in shown if hit] == ["schuld", "beslag"]
    assert shown[0][0].startswith("… ") and shown[-1][0].endswith("…")
    assert mark("Niets", parse("schuld")) == (("Niets", False),)
    assert snippet("", parse("schuld")) == ()


def test_a_long_text_takes_little_work() -> None:
    shown = snippet("schuld " * 200_000, parse("schuld beslag"))
    assert sum(len(part) for part, _hit in shown) < 260
