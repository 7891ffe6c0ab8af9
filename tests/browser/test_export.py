"""A wiki on paper and as files."""

from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import expect

from app.extensions import db
from app.services import wikis
from app.services.wikis import Version
from tests.browser.conftest import Visit
from tests.browser.steps import choose
from tests.cast import Cast, document
from tests.marks import both_ways


@both_ways
def test_a_branch_is_printed_and_downloaded(visit: Visit, cast: Cast, tmp_path: Path) -> None:
    top = wikis.create(cast.theme, Version("Intake", "## Vooraf\n\nBel eerst.", cast.specialist))
    text = f"Zie [wat je vooraf doet](kring:content/{top.id}#vooraf)."
    wikis.create(cast.theme, Version("Gesprek", text, cast.specialist), parent=top)
    db.session.commit()
    document(top, cast.specialist, "Neem mee.", "lijst.txt")
    page = visit(cast.member, f"/wikis/{top.id}-intake")
    choose(page.locator(".k-article"), "Meer", "Exporteren")
    with page.expect_download() as download:
        page.get_by_role("link", name="ZIP downloaden").click()
    download.value.save_as(tmp_path / "intake.zip")
    with ZipFile(tmp_path / "intake.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("files/intake/lijst.txt") == b"Neem mee."
        assert "pages/intake/gesprek.md" in archive.namelist()
    page.get_by_role("link", name="Openen om af te drukken").click()
    expect(page.get_by_role("heading", level=1, name="Intake")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    page.get_by_role("navigation", name="Inhoud").get_by_role("link", name="Gesprek").click()
    expect(page.get_by_role("heading", name="Gesprek")).to_be_in_viewport()
    page.get_by_role("link", name="wat je vooraf doet").click()
    expect(page.get_by_role("heading", name="Vooraf")).to_be_in_viewport()
