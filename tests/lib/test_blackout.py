"""Words that must become unreadable are found as people write them."""

import pytest

from app.lib.blackout import known_again, pattern_of, trace_of, weight


@pytest.mark.parametrize(
    "words, text",
    [
        ("123456782", "BSN 123456782."),
        ("123456782", "BSN 1234.56.782."),
        ("1234 56 782", "bsn:123456782,"),
        ("06-12345678", "bel 06 1234 5678"),
        ("Jan de Vries", "mevrouw JAN  DE\nVries belde"),
        ("j.devries@x.example", "mail J.deVries@x.example"),
    ],
)
def test_found(words: str, text: str) -> None:
    assert pattern_of(words).search(text)


@pytest.mark.parametrize(
    "words, text",
    [
        ("123456782", "0123456782"),
        ("123456782", "1234567820"),
        ("j.devries", "jxdevries"),
        ("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
    ],
)
def test_not_found(words: str, text: str) -> None:
    assert not pattern_of(words).search(text)


KEY = b"sleutel"


@pytest.mark.parametrize(
    "words, text, found",
    [
        ("123456782", "Nummer 1234.56.782 van 123456782 en 0123456782.", {"1234.56.782", "123456782"}),
        ("Jan de Vries", "JAN  de\nVries en Jan Vries", {"JAN  de\nVries"}),
        ("j.devries@x.example", "Mail J.deVries@x.example.", {"J.deVries@x.example"}),
        ("Jan de Vries", "", set()),
    ],
)  # fmt: skip
def test_words_are_known_again_by_their_trace(words: str, text: str, found: set[str]) -> None:
    trace = trace_of(words, KEY)
    assert words not in str(trace)
    assert known_again(text, trace, KEY) == found
    assert not known_again(text, trace, b"andere sleutel")


def test_marks_and_spaces_weigh_nothing() -> None:
    assert weight(" .-*  a1 ") == 2
