"""No text holds a request for long: patterns that froze Python-Markdown, and the limits."""

import contextlib
import gc
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lib.markdown import MAX_LENGTH, MarkdownRefused, render
from app.lib.markdown.brackets import tame
from app.lib.markdown.limits import MAX_CELLS, MAX_FOOTNOTES, MAX_MARKUP, MAX_NESTING

GOAL = 1.0
"""Seconds of processor time."""
MOST = 8
"""Times an ordinary text of full length, beside it on a machine too busy for the goal. Three times is
the most that was measured; without its guard each of these texts takes from fifty times as long."""
ORDINARY = (
    "Bel eerst met *de inwoner*, kijk dan in [het overzicht](https://voorbeeldstad.example/) en maak"
    " een afspraak.\n\n- een brief\n- een gesprek\n\n"
)


def times(piece: str) -> Callable[[int], str]:
    return lambda length: (piece * (length // len(piece) + 1))[:length]


def after(start: str, piece: str) -> Callable[[int], str]:
    return lambda length: start + times(piece)(length - len(start))


def between(start: str, middle: str, end: str) -> Callable[[int], str]:
    half = len(start) + len(end)
    return lambda length: start * (length // half) + middle + end * (length // half)


def numbered(form: str) -> Callable[[int], str]:
    return lambda length: "".join(form.format(n) for n in range(length // len(form)))


def deeper(piece: str, step: int, most: int = 10**6) -> Callable[[int], str]:
    """Write lines that each stand deeper than the one before, to `most` and then again."""

    def write(length: int) -> str:
        lines: list[str] = []
        size = depth = 0
        while size < length:
            lines.append(" " * step * (depth % most) + piece)
            size += len(lines[-1]) + 1
            depth += 1
        return "\n".join(lines)[:length]

    return write


REPEATED = [
    *(
        "[a",
        "[ a_",
        "![",
        "[",
        "]",
        "[[",
        "[[a",
        "[[a|",
        "[a](",
        "[a](b",
        "[a](b(c",
        "[a](<b",
        "[a](b '\"",
    ),
    *(
        '[a]("',
        "[a][b] ",
        "[a] ",
        "[a](b) ",
        "![a](b) ",
        "[![a](b)](c) ",
        "[[[[a]]]] ",
        "[[a]] ",
        "[^1] ",
    ),
    *(
        "*a* ",
        "_a ",
        "*a_ ",
        "***a ",
        "*a **b ",
        "a*** ",
        "**",
        "*_",
        "~~a~~ ",
        "~~*a",
        "*a **b c** d* ",
    ),
    *(
        "`",
        "`a` ",
        "``a` ",
        "\\`",
        "\\",
        "\\*",
        "&",
        "&amp;",
        "&#x",
        "  ",
        "a  \n",
        "\t",
        "a",
        "woord ",
    ),
    *(
        "<",
        "<a ",
        "<b>",
        "x <b>",
        "<!--",
        "<!--\n",
        "<!-- a -->\n",
        "a <!--\n",
        "<?",
        "<!",
        "<![CDATA[",
    ),
    *(
        "<a:",
        "<a@",
        "<http://a.b> ",
        "<a@b.nl> ",
        '<b a="',
        "<div>",
        "<div><p>",
        "</p>",
        "<ul><li>",
    ),
    *("x <b><table>", "<svg>", "<select>", "<img ", '<b a="1" ', "x <a>", "<p><b><a>", "<div><!--"),
    *(
        ">",
        "> ",
        "> a\n",
        "> a\n\n",
        ">\n",
        "- ",
        "- a\n",
        "- a\n\n",
        "1. ",
        "1. a\n",
        "- a\n1. b\n",
        "* ",
    ),
    *(
        "# a\n",
        "#",
        "# ",
        "---\n",
        "-",
        "- - ",
        "a\n---\n",
        "a\n=\n",
        "\n",
        "a\n",
        "a\n\n",
        "    a\n\nb\n\n",
    ),
    *(
        "|",
        "|a",
        "a|b\n-|-\n",
        "```\n",
        "```\na\n",
        "~~~\n",
        "````\n```\n",
        "!!! a\n",
        '??? a "b"\n    c\n\n',
    ),
    *(
        "- [ ] a\n",
        "@a ",
        "@a-",
        "http://",
        "http://a.nl ",
        "www.",
        "a@",
        "a.",
        "a@b.nl ",
        "[a]: b\n",
        "{.a}",
    ),
]
SHAPES: dict[str, Callable[[int], str]] = {
    **{repr(piece): times(piece) for piece in REPEATED},
    "brackets around": between("[", "a", "]"),
    "strong around": between("**", "a", "**"),
    "em and strong around": between("*_", "a", "_*"),
    "deleted around": between("*~~_", "a", "_~~*"),
    "nested by 2": deeper("- a", 2),
    "nested by 4": deeper("1. a", 4),
    "nested as deep as it may": deeper("- a", 2, MAX_NESTING),
    "nested boxes": deeper("!!! note", 4),
    "boxes as deep as they may": deeper("!!! note", 4, MAX_NESTING - 1),
    "quotes as deep as they may": times("> " * MAX_NESTING + "a\n"),
    "quotes too deep": times("> " * MAX_NESTING * 5 + "a\n"),
    "many columns": lambda n: "|a" * (n // 4) + "\n" + "|-" * (n // 4),
    "many short rows": after("|a" * 100 + "\n" + "|-" * 100 + "\n", "|\n"),
    "many pipes": after("a|b\n-|-\n", "|"),
    "code and pipes": lambda n: "a|b\n-|-\n" + "`a` " * (n // 8) + "|" * (n // 2),
    "backticks of all lengths": lambda n: "".join(
        "`" * (i % 300 + 1) + " " for i in range(n // 150)
    ),
    "fences of all lengths": lambda n: "".join("`" * (3 + i % 300) + "\n" for i in range(n // 150)),
    "notes": numbered("[^{}]: b\n"),
    "references to one note": after("[^1]: a\n\n", "[^1] "),
    "as many notes as may be": lambda n: (
        numbered("[^{}]: b\n\n")(2000) + "[^1] " * 200 + "a " * (n // 2)
    ),
    "addresses by reference": numbered("[a{}]: b\n"),
    "wiki links": numbered("[[{}]] "),
    "never closed, each another": numbered("x <b title={}>"),
    "never closed, then paragraphs": after("x <b title=1><i><u><code>" * 50 + "\n\n", "a\n\n"),
    "attributes": lambda n: "<b " + numbered("a{}=1 ")(n) + ">",
    "numbers": numbered("{}. a\n"),
    "spaces": lambda n: "a" + " " * n + "b",
    "references in a paragraph": times("a <!--\n[a]: b\n"),
    "names over two lines": times("x\n[a\nb]: c\n"),
    "addresses on the next line": times("a\n[a]:\nb\n"),
    "rules far to the right": times("a\n     ---\n"),
    "quotes far to the right": times("a\n     > b\n"),
    "boxes far to the right": times("a\n     !!! a\n     ???  b\n"),
    "boxes that are none": times("a\n!!! a b c d e f g h i\n"),
    "spaces in a reference": lambda n: "[a]:" + " " * n + "x",
    "spaces after a reference": lambda n: "[a]: b" + " " * n + "x y",
    "quotes after a reference": lambda n: '[a]: b "' + '" ' * (n // 2) + "x",
    "attributes of a heading": lambda n: "# a {" + "a-b " * (n // 4),
    "words of a box": after("!!! ", "a "),
    "a link with a long way out": after("[a](b c ", "d "),
    "an address with brackets": after("http://a.nl/", "("),
    "an address with dots": after("www.", "!"),
    "an image in a block": after("<div>\n<img ", "src="),
}


def cost(text: str) -> float:
    """Return the seconds of processor time that the text takes, refused or not; without garbage's."""
    gc.disable()
    try:
        start = time.process_time()
        with contextlib.suppress(MarkdownRefused):
            render(text, breaks=True, links=lambda _: {}, mentions=lambda _: {})
        return time.process_time() - start
    finally:
        gc.enable()


def takes_long(text: str) -> bool:
    """Tell whether a text misses the goal, and is no ordinary work either."""
    took = cost(text)
    return took > GOAL and took > MOST * cost(times(ORDINARY)(MAX_LENGTH))


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_text_takes_long(shape: str) -> None:
    for length in (30_000, 100_000, MAX_LENGTH):
        assert not takes_long(SHAPES[shape](length)[:MAX_LENGTH])


@pytest.mark.parametrize(
    "piece", ["[a", "[ a_", "![", "[a](b", "<![CDATA[", "---\n", "- ", "``a` "]
)
def test_what_froze_python_markdown_grows_with_the_text(piece: str) -> None:
    shorter, longer = (min(cost(times(piece)(n)) for _ in range(3)) for n in (6_000, 12_000))
    assert longer < 0.1 or longer < 2.5 * shorter


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(REPEATED), min_size=1, max_size=4))
def test_no_mixture_of_pieces_takes_long(pieces: list[str]) -> None:
    assert not takes_long(times("".join(pieces))(30_000))


@pytest.mark.parametrize(
    "text,reason",
    [
        ("a" * (MAX_LENGTH + 1), "too_long"),
        ("*" * (MAX_MARKUP + 1), "too_complex"),
        ("[^1] " * (MAX_FOOTNOTES + 1), "too_complex"),
        ("a|b\n-|-\n" + "a|b\n" * (MAX_CELLS // 2), "too_complex"),
        ("|a" * 100 + "\n" + "|-" * 100 + "\n" + "|\n" * 100, "too_complex"),
        ("> " * (MAX_NESTING + 1) + "a", "too_nested"),
        ("- " * (MAX_NESTING + 1) + "a", "too_nested"),
        ("\n".join("  " * n + "- a" for n in range(400)), "too_nested"),
        ("\n".join("    " * n + "!!! note" for n in range(MAX_NESTING + 2)), "too_nested"),
    ],
)
def test_refusals_say_why(text: str, reason: str) -> None:
    with pytest.raises(MarkdownRefused) as refused:
        render(text)
    assert refused.value.reason == reason
    assert render("*goed*").html == "<p><em>goed</em></p>"


def test_what_is_just_allowed() -> None:
    assert len(render("woord " * (MAX_LENGTH // 6)).html) > MAX_LENGTH - 20
    assert "<blockquote>" in render("> " * MAX_NESTING + "a").html
    nested = "\n".join("  " * n + "- a" for n in range(MAX_NESTING))
    assert render(nested).html.count("<ul>") == MAX_NESTING


@pytest.mark.parametrize(
    "text,expected",
    [
        ("[a](b) [c]", "[a](b) [c]"),
        ("[a", "{a"),
        ("a]", "a]"),
        ("[[[[[a]]]]]", "[[[[{a}]]]]"),
        ("`[` [", "`[` {"),
        ("``[` [", "^^{^ {"),
        ("\\[a] [b]", "\\[a] [b]"),
        ("\\\\[a", "\\\\{a"),
        ("\\``a`", "\\``a`"),
    ],
)
def test_brackets_without_a_partner_become_plain(text: str, expected: str) -> None:
    marks = {"\x0291\x03": "{", "\x0293\x03": "}", "\x0296\x03": "^"}
    plain = tame(text)
    for mark, shown in marks.items():
        plain = plain.replace(mark, shown)
    assert plain == expected
