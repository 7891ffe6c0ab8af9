"""Colours, and whether people can read them."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib import palette
from app.lib.colours import (
    BLACK,
    READABLE,
    WHITE,
    Colour,
    contrast,
    luminance,
    mix,
    parse,
    readable,
)
from app.lib.theme import root_tokens

KRING = Path(__file__).parents[2] / "app" / "static" / "css" / "kring.css"
parts = st.integers(0, 255)
colours = st.builds(Colour, parts, parts, parts)


@pytest.mark.parametrize(
    "text, meant",
    [
        ("#154273", "#154273"), ("154273", "#154273"), (" #ABCDEF ", "#abcdef"), ("#fd0", "#ffdd00"),
    ],
)  # fmt: skip
def test_a_code_is_a_colour(text: str, meant: str) -> None:
    assert str(parse(text)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "", "#", "rood", "red", "#12345", "#1234567", "#12345678", "#ggg", "rgb(0,0,0)", "#１２３",
        "#fff;}", "##fff", "#ff\n f", "url(x)",
    ],
)  # fmt: skip
def test_all_else_is_not(text: str) -> None:
    with pytest.raises(ValueError, match="no colour"):
        parse(text)


@pytest.mark.parametrize(
    "one, other, ratio",
    [
        # As the checkers of others (WebAIM, Chromium) tell it.
        ("#000", "#fff", 21.0), ("#fff", "#fff", 1.0), ("#777", "#fff", 4.48),
        ("#767676", "#fff", 4.54), ("#154273", "#fff", 10.2), ("#ffd700", "#fff", 1.4),
        ("#f00", "#00f", 2.15),
    ],
)  # fmt: skip
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(parse(one), parse(other)) == pytest.approx(ratio, abs=0.01)
    assert contrast(parse(other), parse(one)) == contrast(parse(one), parse(other))


def test_luminance_runs_from_black_to_white() -> None:
    assert luminance(BLACK) == 0
    assert luminance(WHITE) == pytest.approx(1)


def test_what_is_readable_stays_as_it_is() -> None:
    assert readable(parse("#154273"), (WHITE,), BLACK) == parse("#154273")


@given(colours)
def test_another_is_changed_no_more_than_it_needs(colour: Colour) -> None:
    found = readable(colour, (WHITE,), BLACK)
    assert contrast(found, WHITE) >= READABLE
    if found != colour:
        lighter = mix(colour, BLACK, max(0.0, _share(colour, found) - 0.02))
        assert contrast(lighter, WHITE) < READABLE + 0.3


def _share(colour: Colour, found: Colour) -> float:
    most = max(range(3), key=lambda part: colour[part])
    return 1 - found[most] / colour[most]


def test_what_cannot_be_made_readable_is_told() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        readable(WHITE, (WHITE, parse("#777"), BLACK), BLACK)


@given(colours)
def test_all_that_kring_colours_can_be_read(brand: Colour) -> None:
    """Whatever the colour: white on its buttons and header, links on every surface."""
    for found, surfaces, accent in (
        (palette.light(brand), palette.LIGHT, "#b04a12"),
        (palette.dark(brand), palette.DARK, "#e58a55"),
    ):
        on = [(found["on-brand"], found[f"brand{state}"]) for state in ("", "-hover", "-active")]
        on += [
            (found[ink], found[ground])
            for ink, ground in product(("on-header", "on-header-soft"), ("header", "header-wash"))
        ]
        links = (found["link"], found["link-hover"])
        on += list(product(links, (*surfaces, found["brand-wash"])))
        on.append((parse(accent), found["brand-wash"]))
        for letters, ground in on:
            assert contrast(letters, ground) >= READABLE, (str(brand), str(letters), str(ground))


def test_the_surfaces_are_those_of_the_style_sheet() -> None:
    """What is darkened enough here must be so on the page: both know the same surfaces."""
    css = KRING.read_text()
    start = css.index("@media (prefers-color-scheme: dark)")
    inside = css[css.index("{", start) + 1 : css.index("/* Bridge")]
    for found, kept in ((root_tokens(css), palette.LIGHT), (root_tokens(inside), palette.DARK)):
        for name, colour in zip(palette.SURFACES, kept, strict=True):
            assert parse(found[f"--k-{name}"]) == colour, name


def test_every_colour_that_is_made_is_one_that_kring_uses() -> None:
    css = KRING.read_text()
    for scheme in (palette.light, palette.dark):
        assert all(f"--k-{name}: " in css for name in scheme(parse("#154273")))
