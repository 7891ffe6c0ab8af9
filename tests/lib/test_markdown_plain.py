"""Text without markup does not go through the parser, and looks as if it had."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib import markdown
from app.lib.markdown import Rendered, render
from app.lib.markdown.plain import paragraphs

PIECES = [
    *"abZé1²ß \n.,;:?!()'\"’“–/%€-=*_#>|&\\`[@~\t\r\u00a0", "tekst", "een en/of twee", "\n\n", "  ",
    "- ", "1. ", "1) ", "www.a.nl", "http://a.nl", "--", "c)", "<b>",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=25).map("".join)


def parsed(text: str, *, breaks: bool) -> Rendered:
    """Render a text by the parser, whatever it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "paragraphs", lambda _text, **_breaks: None)
        return render(text, breaks=breaks)


@given(TEXTS, st.booleans())
def test_looks_as_parsed(text: str, breaks: bool) -> None:
    assert render(text, breaks=breaks) == parsed(text, breaks=breaks)


@pytest.mark.parametrize("breaks", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "Eén alinea.",
        "Twee regels,\nen een slot?",
        "Eén (of 2).\n\n“Twee” – ‘drie’ …\r\n\r\n\r\n'Vier' \"vijf\": 6 % van € 7/8!\n",
    ],
)
def test_is_not_parsed(text: str, breaks: bool) -> None:
    assert paragraphs(text, breaks=breaks) is not None
    assert render(text, breaks=breaks) == parsed(text, breaks=breaks)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "1. a",
        "a\n===",
        "a  \nb",
        "a *b*",
        "a_b_",
        "<b>",
        "a & b",
        "www.a.nl",
        "@jan",
        "a\t",
    ],
)
def test_is_parsed(text: str) -> None:
    assert paragraphs(text, breaks=True) is None
