"""Writing in Markdown: buttons, keys, completion, preview, images and the whole screen."""

import re

from playwright.sync_api import FilePayload, Locator, Page, expect

from app.extensions import db
from app.models import Tag
from tests.browser.conftest import Visit
from tests.browser.steps import hold_back, press
from tests.cast import Cast, discussion, person, wiki_page
from tests.filemaking import image
from tests.marks import both_ways

PASTE = """([bytes, type, name]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const field = document.querySelector("#body");
  field.focus();
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
}"""
DROP = """(files) => {
  const transfer = new DataTransfer();
  for (const [bytes, name] of files) transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const field = document.querySelector("#body");
  field.dispatchEvent(new DragEvent("dragover", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  field.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def field_of(page: Page) -> Locator:
    """Return the text area, when its buttons are there."""
    expect(page.get_by_role("toolbar", name="Opmaak").get_by_role("button").first).to_be_visible()
    return page.locator("textarea#body")


def offered(page: Page) -> Locator:
    """Return what is offered under the text."""
    return page.locator(".k-suggest").get_by_role("option")


def chosen(page: Page) -> Locator:
    """Return what Enter takes of it."""
    return page.locator(".k-suggest").get_by_role("option", selected=True)


def test_buttons_work_by_keyboard(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/discussions/new")
    field = field_of(page)
    field.fill("Bel eerst de deurwaarder")
    field.select_text()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Kop")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Vet (Ctrl+B)")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_have_value("**Bel eerst de deurwaarder**")
    expect(field).to_be_focused()
    page.keyboard.press("Control+z")
    expect(field).to_have_value("Bel eerst de deurwaarder")


def test_keys_lay_out_preview_and_send(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member)
    page = visit(cast.other, f"/discussions/{asked.id}")
    field = page.locator("textarea#body")
    field.scroll_into_view_if_needed()
    field = field_of(page)
    field.fill("eerst bellen")
    field.select_text()
    page.keyboard.press("Control+i")
    expect(field).to_have_value("_eerst bellen_")
    page.keyboard.press("Control+Shift+P")
    expect(page.locator("#preview em")).to_have_text("eerst bellen")
    expect(page.locator("#live")).to_have_text("Het voorbeeld staat onder de tekst.")
    expect(field).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".k-comment em")).to_have_text("eerst bellen")


def test_a_table_and_a_list_stand_on_their_own_lines(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/discussions/new")
    field = field_of(page)
    field.fill("Boven")
    page.get_by_role("button", name="Tabel").click()
    table = "Boven\n\n| Kop | Kop |\n| --- | --- |\n"
    expect(field).to_have_value(re.compile(f"^{re.escape(table)}"))
    press(page, "Voorbeeld")
    expect(page.locator("#preview table th")).to_have_count(2)


def test_a_colleague_completes(visit: Visit, cast: Cast) -> None:
    zoe = person("Zoë Quint")
    db.session.commit()
    page = visit(cast.member, "/discussions/new")
    field = field_of(page)
    field.press_sequentially("Vraag het @zo")
    expect(chosen(page)).to_contain_text("Zoë Quint")
    page.keyboard.press("Enter")
    expect(field).to_have_value(f"Vraag het @{zoe.handle} ")
    expect(offered(page)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(field).to_have_value("Vraag het @zo")
    field.fill("")
    field.press_sequentially("Mail naar iemand@zo")
    expect(offered(page)).to_have_count(0)


def test_a_page_completes_and_leads_there(visit: Visit, cast: Cast) -> None:
    wiki_page(cast.specialist, cast.theme, "De beslagvrije voet")
    wiki_page(cast.specialist, cast.theme, "Beslagen ten ijs")
    page = visit(cast.member, "/discussions/new")
    field = field_of(page)
    field.press_sequentially("Zie [[besl")
    expect(offered(page)).to_have_text(
        ["Beslagen ten ijs Schuldhulp", "De beslagvrije voet Schuldhulp"]
    )
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("De beslagvrije voet")
    page.keyboard.press("Escape")
    expect(offered(page)).to_have_count(0)
    field.press_sequentially("a")
    field.fill("")
    field.press_sequentially("Zie [[de besl")
    offered(page).filter(has_text="De beslagvrije voet").click()
    expect(field).to_have_value("Zie [[De beslagvrije voet]]")
    field.press_sequentially(" en meer")
    expect(offered(page)).to_have_count(0)
    press(page, "Voorbeeld")
    expect(page.locator("#preview a")).to_have_text("De beslagvrije voet")


def test_keywords_in_use_are_offered(visit: Visit, cast: Cast) -> None:
    debts, other = Tag(name="Schulden", slug="schulden"), Tag(name="Schuldhulp", slug="schuldhulp")
    discussion(cast.other, tags=[debts])
    discussion(cast.other, tags=[debts, other])
    page = visit(cast.member, "/discussions/new")
    field_of(page)
    line = page.get_by_label("Trefwoorden")
    line.press_sequentially("wonen, schuld")
    expect(offered(page)).to_have_text(["Schulden (2)", "Schuldhulp (1)"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(line).to_have_value("wonen, Schulden, ")
    line.press_sequentially("schul")
    expect(offered(page)).to_have_text(["Schuldhulp (1)"])
    page.keyboard.press("Escape")
    expect(offered(page)).to_have_count(0)
    assert page.url.endswith("/discussions/new")


def test_keywords_typed_before_the_script_came_are_offered_too(visit: Visit, cast: Cast) -> None:
    discussion(cast.other, tags=[Tag(name="Schulden", slug="schulden")])
    page = visit(cast.member)
    let_come = hold_back(page, "**/keywords.js*")
    with page.expect_request("**/keywords.js*"):
        page.goto("/discussions/new")
    page.get_by_label("Trefwoorden").press_sequentially("schuld")
    let_come()
    expect(offered(page)).to_have_text(["Schulden (1)"])


def test_the_whole_screen(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/discussions/new")
    page.set_viewport_size({"width": 390, "height": 844})
    field = field_of(page)
    field.fill("Blijft staan")
    press(page, "Groot schrijven")
    expect(field).to_be_focused()
    box = field.bounding_box()
    assert box is not None and box["height"] > 500 and box["width"] > 360
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('.k-write')"
        )
    field.focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Groot schrijven")).to_be_visible()
    expect(field).to_be_focused()
    press(page, "Groot schrijven")
    page.get_by_role("toolbar").get_by_role("button", name="Voorbeeld").click()
    expect(page.locator("#preview")).to_contain_text("Blijft staan")
    press(page, "Klaar")
    page.get_by_label("Titel").fill("Nog te bereiken")
    expect(field).to_have_value("Blijft staan")


def test_an_image_is_pasted_with_words_for_it(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/discussions/new")
    field = field_of(page)
    field.fill("Kijk eens")
    page.evaluate(PASTE, [list(image("PNG", (20, 10))), "image/png", "scherm.png"])
    dialog = page.get_by_role("dialog", name="Afbeelding toevoegen")
    expect(dialog.get_by_label("Wat er te zien is")).to_be_focused()
    press(dialog, "Toevoegen")
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_label("Wat er te zien is").fill("Een blauw vlak")
    press(dialog, "Toevoegen")
    expect(dialog).to_have_count(0)
    expect(field).to_have_value(re.compile(r"^Kijk eens\n\n!\[Een blauw vlak\]\(/images/"))
    expect(field).to_be_focused()
    press(page, "Voorbeeld")
    expect(page.locator("#preview img")).to_have_attribute("alt", "Een blauw vlak")


def test_images_are_dropped_one_after_the_other(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/discussions/new")
    field = field_of(page)
    page.evaluate(DROP, [[list(image("PNG", (20, side))), f"{side}.png"] for side in (10, 11)])
    for words in ("De eerste", "De tweede"):
        line = page.get_by_role("dialog").get_by_label("Wat er te zien is")
        expect(line).to_have_value("")
        line.fill(words)
        press(page.get_by_role("dialog"), "Toevoegen")
    expect(page.get_by_role("dialog")).to_have_count(0)
    in_order = r"De eerste\]\(/images/[\s\S]*De tweede\]\(/images/"
    expect(field).to_have_value(re.compile(in_order))


def test_what_is_no_image_is_told_and_nothing_is_lost(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/discussions/new")
    field = field_of(page)
    field.fill("Blijft staan")
    page.get_by_role("button", name="Afbeelding toevoegen").click()
    dialog = page.get_by_role("dialog")
    file = FilePayload(name="kapot.png", mimeType="image/png", buffer=b"geen afbeelding")
    dialog.locator("input[type=file]").set_input_files(file)
    dialog.get_by_label("Wat er te zien is").fill("Niets")
    press(dialog, "Toevoegen")
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(field).to_have_value("Blijft staan")
    expect(field).to_be_focused()


@both_ways
def test_everything_is_sent_without_script_too(visit: Visit, cast: Cast, javascript: bool) -> None:
    page = visit(cast.member, "/discussions/new")
    expect(page.get_by_role("toolbar")).to_have_count(int(javascript))
    link = page.get_by_role("link", name="Afbeelding toevoegen")
    expect(link).to_have_count(int(not javascript))
    page.get_by_label("Titel").fill("Zonder knoppen")
    page.get_by_label("Jouw tekst").fill("Met **nadruk**")
    press(page, "Voorbeeld")
    expect(page.locator("#preview strong")).to_have_text("nadruk")
    expect(page.get_by_label("Jouw tekst")).to_have_value("Met **nadruk**")
    press(page, "Plaatsen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zonder knoppen")


def test_sending_from_the_whole_screen_leaves_it(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member)
    page = visit(cast.other, f"/discussions/{asked.id}")
    page.locator("textarea#body").scroll_into_view_if_needed()
    field = field_of(page)
    press(page, "Groot schrijven")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="klopt")).to_be_visible()
    press(page, "Groot schrijven")
    field.fill("Van het hele scherm")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".k-comment")).to_contain_text("Van het hele scherm")
    page.get_by_role("link", name="Discussies").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Discussies")
