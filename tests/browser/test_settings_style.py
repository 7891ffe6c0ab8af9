"""The administrator gives the community its own look; everyone can still read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.extensions import Kring, db
from tests.browser import axe
from tests.browser.conftest import Visit
from tests.browser.scene import make_scene
from tests.cast import Cast
from tests.filemaking import image
from tests.lib.test_tokens import MUNICIPAL
from tests.marks import both_ways

PATHS = ("/", "/discussions", "/settings/style", "/discussions/new", "/pages/help")


def both_schemes(page: Page, *paths: str) -> Iterator[str]:
    """Yield what cannot be read on pages, in the light and in the dark."""
    for path in paths:
        page.goto(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            yield from (f"{scheme} {path}: {text}" for text in axe.violations(page, axe.COLOURS))


def header_is(page: Page, colour: str) -> None:
    """Expect this colour behind the name of the community."""
    expect(page.locator(".k-header")).to_have_css("background-color", colour)


@pytest.mark.parametrize(
    "colour, top", [("#154273", "rgb(21, 66, 115)"), ("#ffd700", "rgb(138, 116, 0)")]
)
def test_a_colour_keeps_every_page_readable(
    app: Kring, cast: Cast, visit: Visit, colour: str, top: str
) -> None:
    with app.test_request_context():
        asked = make_scene(cast).asked
    db.session.commit()
    page = visit(cast.administrator, "/settings/style")
    page.get_by_label("Kleur, als code").fill(colour)
    expect(page.get_by_label("Of wijs hem aan")).to_have_value(colour)
    page.get_by_role("button", name="Eerst bekijken").click()
    expect(page.get_by_text("Er is nog niets opgeslagen")).to_be_visible()
    header_is(page, "rgb(11, 69, 86)")
    page.get_by_role("button", name="Gebruik deze kleur").click()
    expect(page.get_by_text("Je community heeft nu een eigen kleur.")).to_be_visible()
    header_is(page, top)
    assert not list(both_schemes(page, *PATHS, f"/discussions/{asked.id}-{asked.slug}"))


@both_ways
def test_a_token_file_and_a_logo(
    app: Kring, cast: Cast, visit: Visit, tmp_path: Path, javascript: bool
) -> None:
    (tmp_path / "theme.css").write_text(MUNICIPAL)
    (tmp_path / "logo.png").write_bytes(image("PNG", (400, 100)))
    page = visit(cast.administrator, "/settings/style")
    page.get_by_label("Token-bestand (css)").set_input_files(tmp_path / "theme.css")
    page.get_by_role("button", name="Gebruik dit bestand").click()
    expect(page.get_by_text("Je community heeft nu een eigen huisstijl.")).to_be_visible()
    page.goto("/settings/general")
    page.get_by_label("Bestand met het logo").set_input_files(tmp_path / "logo.png")
    page.get_by_role("button", name="Gebruik dit logo").click()
    expect(page.get_by_text("Het logo is gewijzigd.")).to_be_visible()
    if not javascript:
        return
    header_is(page, "rgb(10, 92, 168)")
    logo = page.locator(".k-header .k-brand__logo")
    expect(logo).to_have_js_property("naturalWidth", 400)
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        box = logo.bounding_box()
        assert box and box["height"] <= 50 and box["width"] <= 200
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    assert not list(both_schemes(page, *PATHS))
