"""Who knows what: a photo, expertise, and a question to who knows."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import press
from tests.cast import Cast
from tests.filemaking import image
from tests.marks import both_ways


def tell(page: Page, photo: Path) -> None:
    """Fill in the profile that is open."""
    page.get_by_label("Foto (niet verplicht)").set_input_files(photo)
    page.get_by_label("Waar je veel van weet").first.fill("schuldhulp aan jongeren, Turks")
    page.get_by_label("Telefoon (niet verplicht)").fill("06-1234 5678")
    press(page, "Opslaan")
    expect(page.get_by_text("Je profiel is opgeslagen.")).to_be_visible()


@both_ways
def test_an_expert_is_found_followed_and_asked(visit: Visit, cast: Cast, tmp_path: Path) -> None:
    photo = tmp_path / "ik.png"
    photo.write_bytes(image("PNG", (900, 600)))
    expert = visit(cast.other, "/account/profile")
    tell(expert, photo)
    expert.get_by_role("link", name="Zo zien anderen je").click()
    expect(expert.get_by_text("Zo zien andere leden je")).to_be_visible()
    expect(expert.get_by_text("06-1234 5678")).to_have_count(0)

    page = visit(cast.member, "/people")
    page.get_by_label("Weet veel van").fill("Turks")
    press(page, "Zoeken")
    expect(page).to_have_url(re.compile("expertise=Turks"))
    row = page.locator(".k-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Weet veel van: schuldhulp aan jongeren, Turks")
    drawn = row.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert drawn == 512
    row.get_by_role("link", name="Otto Ander").click()
    press(page, "Otto Ander volgen")
    expect(page.get_by_role("button", name="Otto Ander niet meer volgen")).to_be_visible()
    expect(page.get_by_text("06-1234 5678")).to_have_count(0)

    page.get_by_role("link", name="Stel een vraag aan Otto").click()
    expect(page.get_by_label("Jouw tekst")).to_have_value("@otto-ander ")
    page.get_by_label("Titel").fill("Spreekt iemand Turks op dinsdag?")
    page.get_by_label("Jouw tekst").press("Control+End")
    page.get_by_label("Jouw tekst").press_sequentially("kun jij meedenken?")
    press(page, "Plaatsen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Spreekt iemand Turks op dinsdag?")

    expert.goto("/notifications")
    expect(expert.locator(".k-row", has_text="Spreekt iemand Turks")).to_contain_text("Lotte Lid")
    page.goto("/account/following")
    expect(page.get_by_role("link", name="Otto Ander")).to_be_visible()
    press(page, "Otto Ander niet meer volgen")
    expect(page.get_by_text("Je volgt Otto Ander niet meer.")).to_be_visible()
    expect(page.get_by_role("link", name="Otto Ander")).to_have_count(0)
