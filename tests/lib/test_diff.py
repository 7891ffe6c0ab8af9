import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.diff import Row, Span, lines
from tests.effort import calls

TEXTS = st.lists(st.sampled_from(["", "een", "twee woorden", "twee dingen", "|a|b|"])).map(
    "\n".join
)


def kinds(rows: list[Row]) -> list[str]:
    return [row.kind for row in rows]


def marked(spans: tuple[Span, ...]) -> list[str]:
    return [span.text for span in spans if span.marked]


def text(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


def numbered(count: int, start: int = 1) -> str:
    return "\n".join(f"regel {n}" for n in range(start, start + count))


def test_the_same_text_has_no_changes() -> None:
    assert kinds(lines("a\nb", "a\nb")) == ["same", "same"]
    assert lines("", "") == []


def test_line_ends_of_forms_are_no_change() -> None:
    assert kinds(lines("a\nb\n", "a\r\nb\r\n")) == ["same", "same"]


def test_the_changed_word_is_marked_on_both_sides() -> None:
    (row,) = lines("Vraag het je teamleider.", "Vraag het je collega.")
    assert row.kind == "changed"
    assert marked(row.old) == ["teamleider"]
    assert marked(row.new) == ["collega"]
    assert text(row.old) == "Vraag het je teamleider."


def test_lines_with_little_in_common_are_marked_whole() -> None:
    (row,) = lines("Vraag het je teamleider.", "12 x 34 = 408, min 8 is 400")
    assert row.new == (Span("12 x 34 = 408, min 8 is 400", marked=True),)


def test_added_and_removed_lines_carry_their_own_number_only() -> None:
    added, removed = lines("a\nb", "a\nnieuw\nb")[1], lines("a\nweg\nb", "a\nb")[1]
    assert (added.kind, added.old_number, added.new_number) == ("added", None, 2)
    assert (removed.kind, removed.old_number, removed.new_number) == ("removed", 2, None)
    assert marked(added.new) == ["nieuw"]
    assert marked(removed.old) == ["weg"]


def test_a_paragraph_above_an_edited_one_does_not_hide_the_edit() -> None:
    rows = lines("Bel de helpdesk om tien uur.", "Iets nieuws vooraf.\nBel de helpdesk om elf uur.")
    assert kinds(rows) == ["added", "changed"]
    assert marked(rows[1].new) == ["elf"]


def test_a_paragraph_removed_above_an_edited_one_neither() -> None:
    rows = lines("Iets ouds vooraf.\nBel de helpdesk om tien uur.", "Bel de helpdesk om elf uur.")
    assert kinds(rows) == ["removed", "changed"]


def test_long_unchanged_runs_are_shortened_with_context() -> None:
    old = numbered(20) + "\noud\n" + numbered(20, 21)
    rows = lines(old, old.replace("oud", "nieuw"), context=2)
    assert kinds(rows) == ["gap", "same", "same", "changed", "same", "same", "gap"]
    assert (rows[0].old_number, rows[0].lines) == (1, 18)
    assert (rows[1].old_number, rows[1].new_number) == (19, 19)
    assert (rows[-1].old_number, rows[-1].lines) == (24, 18)


def test_a_run_between_changes_of_twice_the_context_stays() -> None:
    old = "x\n" + numbered(4) + "\ny"
    rows = lines(old, old.replace("x", "p").replace("y", "q"), context=2)
    assert kinds(rows) == ["changed", *["same"] * 4, "changed"]


def test_empty_lines_do_not_tear_paragraphs_apart() -> None:
    old = "\n\n".join(f"alinea {n}" for n in range(300))
    new = old.replace("alinea 150", "alinea 150 met meer")
    assert kinds(lines(old, new)).count("changed") == 1


@given(TEXTS, TEXTS, st.integers(0, 4))
def test_both_texts_can_be_read_back(old: str, new: str, context: int) -> None:
    old_lines, new_lines = old.split("\n"), new.split("\n")
    seen_old: list[int] = []
    seen_new: list[int] = []
    for row in lines(old, new, context):
        for number, spans, source, seen in (
            (row.old_number, row.old, old_lines, seen_old),
            (row.new_number, row.new, new_lines, seen_new),
        ):
            if number is not None:
                seen.extend(range(number, number + row.lines))
                assert row.kind == "gap" or text(spans) == source[number - 1]
        if row.kind in ("same", "gap"):
            assert row.old_number is not None
            assert row.new_number is not None
            assert old_lines[row.old_number - 1] == new_lines[row.new_number - 1]
    assert seen_old == list(range(1, len(old_lines) + (old_lines[-1] != "")))
    assert seen_new == list(range(1, len(new_lines) + (new_lines[-1] != "")))


def _shuffled(pieces: list[str], joint: str) -> str:
    return joint.join(random.Random(4).sample(pieces, len(pieces)))  # noqa: S311 - no secret


MANY = [f"w{n}" for n in range(30_000)]
CHOICE = random.Random(5)  # noqa: S311 - no secret
BITS = [" ".join(CHOICE.choices("ab", k=300)) for _ in range(600)]
SLOW = {
    "every line changed": (
        "\n".join(f"Regel {n} zegt wat er vroeger gold voor zaak {n}" for n in range(4_000)),
        "\n".join(f"Regel {n} zegt wat er vandaag geldt voor zaak {n}" for n in range(4_000)),
    ),
    "one line": (" ".join(MANY), " ".join(MANY[1:])),
    "lines in another order": ("\n".join(MANY), _shuffled(MANY, "\n")),
    "the same short lines": ("a\nb\n" * 50_000, "b\na\na\n" * 33_000),
    "few sorts of lines": (
        "\n".join(CHOICE.choices("abcd", k=100_000)),
        "\n".join("dcba" * 25_000),
    ),
    "few sorts of words": ("\n".join(BITS[:300]), "\n".join(BITS[300:])),
    "stretches of short lines": (
        "\n".join("a\nb\n" * 200 + f"anker {n}" for n in range(200)),
        "\n".join("b\na\nb\n" * 130 + f"anker {n}" for n in range(200)),
    ),
}


@pytest.mark.parametrize("case", SLOW)
def test_two_texts_of_200_kb_take_bounded_work(case: str) -> None:
    """Six million calls take a second or so; without the caps these texts take hours."""
    old, new = SLOW[case]
    assert calls(lambda: lines(old, new)) < 6_000_000
