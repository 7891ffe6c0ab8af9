"""What a municipality's tokens do to Kring: whether all can still be read, and the sheet to serve."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tinycss2
from tinycss2 import color5

from app.lib import palette
from app.lib.colours import BLACK, READABLE, WHITE, Colour, contrast, mix, readable
from app.lib.tokens import OURS, Tokens, serialised

Values = Mapping[str, str]
PAGE = "--utrecht-document-background-color"
CARD = "--k-paper"
TEXT = "--utrecht-document-color"
LINK = "--utrecht-link-color"
BUTTON = "--utrecht-button-primary-action"
PAIRS = (
    ("text", TEXT, PAGE),
    ("text_on_card", TEXT, CARD),
    ("soft_text", "--k-ink-soft", PAGE),
    ("heading", "--utrecht-heading-1-color", PAGE),
    ("heading", "--utrecht-heading-2-color", PAGE),
    ("heading", "--utrecht-heading-3-color", PAGE),
    ("link", LINK, PAGE),
    ("link_on_card", LINK, CARD),
    ("link_hover", "--utrecht-link-hover-color", PAGE),
    ("button", f"{BUTTON}-color", f"{BUTTON}-background-color"),
    ("button_hover", f"{BUTTON}-hover-color", f"{BUTTON}-hover-background-color"),
    ("other_button", "--utrecht-button-secondary-action-color",
     "--utrecht-button-secondary-action-background-color"),
    ("other_button", "--utrecht-button-subtle-color", "--utrecht-button-subtle-background-color"),
    ("label", "--utrecht-form-label-color", PAGE),
    ("field", "--utrecht-textbox-color", "--utrecht-textbox-background-color"),
    *(("notice", f"--utrecht-alert-{kind}-color", f"--utrecht-alert-{kind}-background-color")
      for kind in ("info", "ok", "warning", "error")),
)  # fmt: skip
"""What must be readable: a name, the token of the letters, and the token of what is behind them."""


@dataclass(frozen=True)
class Pair:
    """Letters on a surface; `ratio` is None when it cannot be told."""

    name: str
    token: str
    ratio: float | None


def root_tokens(css: str) -> Tokens:
    """Return what a style sheet of ours declares for all pages, in the light scheme."""
    found: Tokens = {}
    for rule in rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)):
        if tinycss2.serialize(rule.prelude).strip() == ":root":
            nodes = tinycss2.parse_blocks_contents(rule.content)
            found |= {
                node.name: tinycss2.serialize(node.value).strip()
                for node in nodes
                if node.type == "declaration"
            }
    return found


def rules(nodes: list[Any]) -> Iterator[Any]:
    """Yield the rules of a style sheet, also those in layers, not those for some screens only."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield node
        elif node.type == "at-rule" and node.lower_at_keyword == "layer" and node.content:
            yield from rules(tinycss2.parse_rule_list(node.content))


def brand_of(tokens: Tokens, ours: Tokens) -> Colour | None:
    """Return the colour that stands for a theme: that of its buttons, or else of its links.

    None for a theme that has no such colour of its own.
    """
    values = {**ours, **tokens}
    names = (f"{BUTTON}-background-color", LINK)
    found = (solid(values, name) for name in names if solid(values, name) != solid(ours, name))
    return next((colour for colour in found if colour), None)


def around(tokens: Tokens, ours: Tokens) -> Tokens:
    """Return Kring's own values, coloured with the colour of a theme, and the theme on top."""
    brand = brand_of(tokens, ours)
    own = palette.light(brand) if brand else {}
    return {**ours, **{f"{OURS}{name}": str(colour) for name, colour in own.items()}, **tokens}


def pairs_changed(tokens: Tokens, ours: Tokens) -> list[Pair]:
    """Return the pairs that look different with these tokens."""
    themed = around(tokens, ours)
    found = []
    for name, letters, surface in PAIRS:
        before, after = ((paint(v, letters), paint(v, surface)) for v in (ours, themed))
        if before != after:
            found.append(Pair(name, letters, ratio_of(themed, letters, surface)))
    return found


def unreadable(pairs: list[Pair]) -> list[Pair]:
    """Return the pairs of which it is certain that many people cannot read them."""
    return [pair for pair in pairs if pair.ratio is not None and pair.ratio < READABLE]


def ratio_of(values: Values, letters: str, surface: str) -> float | None:
    """Return the contrast of two tokens, each laid on what is behind it; None when unknown."""
    page = laid_on(WHITE, paint(values, PAGE))
    behind = page and laid_on(page, paint(values, surface))
    front = behind and laid_on(behind, paint(values, letters))
    return contrast(front, behind) if front and behind else None


Paint = tuple[Colour, float]


def laid_on(behind: Colour, paint: Paint | None) -> Colour | None:
    """Return what one sees of a colour that may be see-through."""
    return mix(behind, *paint) if paint else None


def paint(values: Values, name: str) -> Paint | None:
    """Return the colour of a token and how much it covers; None when that cannot be told."""
    seen = {name}
    parts = parsed(values.get(name, ""))
    while len(parts) == 1 and is_variable(parts[0]):
        name, fallback = variable(parts[0])
        if name in values and name not in seen:
            seen.add(name)
            parts = parsed(values[name])
        else:
            parts = bare(fallback)
    return painted(parts[0]) if len(parts) == 1 else None


def parsed(value: str) -> list[Any]:
    """Return the parts of a value."""
    return bare(tinycss2.parse_component_value_list(value, skip_comments=True))


def bare(parts: list[Any]) -> list[Any]:
    """Return parts without the white space and comments between them."""
    return [part for part in parts if part.type not in {"whitespace", "comment"}]


def is_variable(part: Any) -> bool:
    """Tell whether a part refers to another token."""
    return part.type == "function" and part.lower_name == "var" and bool(bare(part.arguments))


def variable(part: Any) -> tuple[str, list[Any]]:
    """Return the token to which a part refers, and what holds when there is none."""
    first, *others = bare(part.arguments)
    return getattr(first, "value", ""), others[1:]


def painted(part: Any) -> Paint | None:
    """Return the colour that a part of a value names."""
    try:
        colour = color5.parse_color(part)
        if colour is None or colour == "currentcolor":
            return None
        *parts, alpha = colour.to("srgb")
    except (ValueError, NotImplementedError):  # a colour space that the library cannot turn
        return None
    limited = (round(255 * min(1, max(0, each or 0))) for each in parts)
    return Colour(*limited), min(1.0, max(0.0, alpha))


def sheet_of(tokens: Tokens, ours: Tokens) -> str:
    """Return the style sheet of a community with these tokens, on top of Kring's own.

    They must have been found readable. Colours of a theme are made for a light page: in the dark scheme Kring makes its own of the
    colour of the theme's buttons. Letters, sizes and corners hold in both.
    """
    values = around(tokens, ours)
    coloured = {name: value for name, value in tokens.items() if is_coloured(name, values)}
    shapes = {name: value for name, value in tokens.items() if name not in coloured}
    brand = brand_of(tokens, ours)
    light, dark = (palette.light(brand), palette.dark(brand)) if brand else ({}, {})
    return (
        f"@media screen {{\n:root {{\n{serialised(shapes)}}}\n}}\n"
        "@media screen and (prefers-color-scheme: light) {\n:root {\n"
        f"{palette.declared(light)}{serialised(coloured)}{bridge(values)}}}\n}}\n"
        "@media screen and (prefers-color-scheme: dark) {\n:root {\n"
        f"{palette.declared(dark)}}}\n}}\n"
    )


def is_coloured(name: str, values: Values) -> bool:
    """Tell whether a token is, or may hold, a colour."""
    return "color" in name or "shadow" in name or paint(values, name) is not None


def solid(values: Values, name: str) -> Colour | None:
    """Return the colour of a token that covers all behind it."""
    found = paint(values, name)
    return found[0] if found and found[1] == 1 else None


def bridge(values: Values) -> str:
    """Return Kring's own colours as these tokens have them, for what is no component.

    A link stands on more than the page: it is darkened until it can be read everywhere.
    """
    lines = {}
    for ours, theirs in ((f"{OURS}canvas", PAGE), (f"{OURS}ink", TEXT)):
        if colour := solid(values, theirs):
            lines[ours] = str(colour)
    if link := solid(values, LINK):
        page = solid(values, PAGE) or WHITE
        lines[f"{OURS}link"] = str(readable(link, (*palette.LIGHT, page), BLACK))
        lines[LINK] = f"var({OURS}link)"
    return serialised(lines)
