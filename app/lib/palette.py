"""From one brand colour to all that Kring colours with it, in its light and its dark scheme.

The names and the surfaces are those of `static/css/kring.css`; a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.lib.colours import BLACK, WHITE, Colour, contrast, mix, parse, readable

SURFACES = (
    "paper", "canvas", "wash", "wash-strong", "info-bg", "ok-bg", "warning-bg", "error-bg", "mark",
)  # fmt: skip
"""Where links stand."""
LIGHT = tuple(
    map(parse, ("#fff", "#faf8f4", "#f3efe7", "#e9e3d7", "#e7f1f6", "#e6f3e8", "#fdf1dc", "#fcebe8",
                "#ffe9a8"))
)  # fmt: skip
DARK = tuple(
    map(parse, ("#1b2224", "#13181a", "#232b2e", "#2e383c", "#16313d", "#17331f", "#3a2b10",
                "#3d1d19", "#5c4a12"))
)  # fmt: skip
ON_BUTTON = 5.0
"""White on a button in the dark scheme: a little more than it needs, so that hovering can differ."""

Palette = Mapping[str, Colour]


def light(brand: Colour) -> Palette:
    """Return the colours of the light scheme, by the names of their variables without `--k-`."""
    wash = mix(WHITE, brand, 0.08)
    link = readable(brand, (*LIGHT, wash), BLACK)
    button = readable(brand, (WHITE,), BLACK)
    return {
        "link": link,
        "link-hover": mix(link, BLACK, 0.3),
        "brand": button,
        "brand-hover": mix(button, BLACK, 0.2),
        "brand-active": mix(button, BLACK, 0.4),
        "on-brand": WHITE,
        "brand-wash": wash,
        "header": button,
        "header-wash": mix(button, BLACK, 0.2),
        "on-header": WHITE,
        "on-header-soft": readable(mix(WHITE, button, 0.2), (button,), WHITE),
    }


def dark(brand: Colour) -> Palette:
    """Return the colours of the dark scheme: links lighter, the header darker than the brand."""
    wash = mix(DARK[0], brand, 0.1)
    link = readable(brand, (*DARK, wash), WHITE)
    button = button_in_the_dark(brand)
    header = mix(readable(brand, (WHITE,), BLACK), BLACK, 0.35)
    return {
        "link": link,
        "link-hover": mix(link, WHITE, 0.4),
        "brand": button,
        "brand-hover": mix(button, BLACK, 0.15),
        "brand-active": mix(button, BLACK, 0.3),
        "on-brand": WHITE,
        "brand-wash": wash,
        "header": header,
        "header-wash": mix(header, BLACK, 0.3),
        "on-header": WHITE,
        "on-header-soft": readable(mix(WHITE, header, 0.2), (header,), WHITE),
    }


def button_in_the_dark(brand: Colour) -> Colour:
    """Return the brand colour, as light as white text on it allows: it must not sink in the page."""
    lightest = mix(brand, WHITE, 0.25)
    return readable(lightest, (WHITE,), BLACK, ON_BUTTON)


def style_sheet(light_rules: str, dark_rules: str) -> str:
    """Return a sheet for screens; paper and forced colours keep to our own."""
    return (
        f"@media screen {{\n:root {{\n{light_rules}}}\n}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n:root {{\n{dark_rules}}}\n}}\n"
    )


def declared(palette: Palette) -> str:
    """Return the colours as declarations, a line each."""
    return "".join(f"--k-{name}: {colour};\n" for name, colour in palette.items())


def sheet_of(brand: Colour) -> str:
    """Return the style sheet of a community with this brand colour."""
    return style_sheet(declared(light(brand)), declared(dark(brand)))


@dataclass(frozen=True)
class Report:
    """How a colour is used in one scheme, and how well it can be read there."""

    scheme: str
    link: Colour
    link_ratio: float
    button: Colour
    button_ratio: float
    changed: bool
    """Whether a link or a button has another colour than was asked for."""


def report(brand: Colour, *, dark_scheme: bool) -> Report:
    """Tell what becomes of a colour: its link on the page, white letters on its button."""
    colours = dark(brand) if dark_scheme else light(brand)
    page = (DARK if dark_scheme else LIGHT)[0]
    link, button = colours["link"], colours["brand"]
    return Report(
        "dark" if dark_scheme else "light", link, contrast(link, page), button,
        contrast(WHITE, button), changed={link, button} != {brand},
    )  # fmt: skip


def sample_sheet(brand: Colour) -> str:
    """Return a sheet that colours two samples on the page of the settings."""
    found = ""
    for scheme, colours in (("light", light(brand)), ("dark", dark(brand))):
        found += f".k-sample--{scheme} {{\n{declared(colours)}}}\n"
    return found
