"""Colours as people write them, and how well one can be read on another (WCAG 2.2)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

READABLE = 4.5
"""The contrast that text needs at least: WCAG 2.2, success criterion 1.4.3."""
STEPS = 100
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


class Colour(NamedTuple):
    """Red, green and blue, each from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def parse(text: str) -> Colour:
    """Return the colour that `#154273` or `#fd0` names. Raises ValueError for all else."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise ValueError("no colour")
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return Colour(*bytes.fromhex(digits))


def luminance(colour: Colour) -> float:
    """Return the relative luminance: 0 for black, 1 for white."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio: from 1, the same, to 21, black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lowest_contrast(colour: Colour, surfaces: Iterable[Colour]) -> float:
    """Return the contrast with the surface on which the colour is read worst."""
    return min(contrast(colour, surface) for surface in surfaces)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour with so much of the other in it, from 0 to 1."""
    return Colour(*(round(a + (b - a) * share) for a, b in zip(one, other, strict=True)))


def readable(
    colour: Colour, surfaces: Iterable[Colour], toward: Colour, ratio: float = READABLE
) -> Colour:
    """Return the colour, or the nearest one on the way to black or white that is read well.

    `toward` must be read well on these surfaces itself.
    """
    surfaces = tuple(surfaces)
    for step in range(STEPS + 1):
        tried = mix(colour, toward, step / STEPS)
        if lowest_contrast(tried, surfaces) >= ratio:
            return tried
    raise ValueError(f"{toward} cannot be read on these surfaces")
