"""Words, stems, questions and snippets, without a database."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.search_query import LONGEST, Term, parse
from app.lib.search_snippet import hits_in, mark, snippet
from app.lib.search_text import LONGEST_WORD, WORD, fold, sound, stem, words


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


PIECES = (
    "schuld",
    "SCHULDEN",
    "hé",
    "É",
    "ß",
    "ſ",
    "1",
    "²",
    " ",
    "_",
    "-",
    "’",
    "'",
    "\u0301",
    "s",
)


@given(
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
    st.sampled_from(("schuld", "schu", "hé", "he", "e", "ss", "s", "1", "h1", "schulden")),
    st.booleans(),
)
def test_all_words_that_search_finds_are_marked(text: str, word: str, goes_on: bool) -> None:
    query = parse(word if goes_on else f"{word} ")
    ((asked,), goes_on) = query.terms[0].words, query.terms[0].prefix
    wanted = [
        run.span()
        for run in WORD.finditer(text)
        if any(
            stem(said) == stem(asked) or (goes_on and said.startswith(asked))
            for said in words(run[0])
        )
    ]
    assert hits_in(text, query) == wanted


@given(st.text("aeiouyjnstdlegkrhvcm", min_size=1, max_size=12))
def test_a_stem_begins_as_its_word(word: str) -> None:
    assert stem(word)[0] == word[0]


def test_a_long_text_takes_little_work() -> None:
    shown = snippet("schuld " * 200_000, parse("schuld beslag"))
    assert sum(len(part) for part, _hit in shown) < 260
