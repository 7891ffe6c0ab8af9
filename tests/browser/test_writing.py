"""What someone writes is neither lost nor posted twice, and needs no mouse."""

import re

from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import hold_back, press, reply
from tests.cast import Cast, discussion
from tests.marks import both_ways

# Presses the button that comes when something is liked, and leaves a mark that another page has not.
QUICK = """() => new MutationObserver((_changes, watch) => {
  const liked = document.querySelector('.k-article [aria-pressed="true"]');
  if (!liked) return;
  watch.disconnect();
  liked.click();
  document.body.dataset.quick = '';
}).observe(document.body, { childList: true, subtree: true, attributes: true })"""


@both_ways
def test_a_double_click_makes_one_reply(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member)
    page = visit(cast.other, f"/discussions/{asked.id}")
    page.get_by_label("Jouw reactie").fill("Maar één keer.")
    page.get_by_role("button", name="Reactie plaatsen").dblclick()
    placed = page.locator("li.k-comment", has_text="Maar één keer.")
    expect(placed).to_be_visible()
    page.goto(f"/discussions/{asked.id}")
    expect(placed).to_have_count(1)


def test_new_replies_are_announced_while_typing(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member)
    page = visit(cast.member)
    page.clock.install()
    page.goto(f"/discussions/{asked.id}")
    field = page.get_by_label("Jouw reactie").last
    field.press_sequentially("Ik was nog bez")
    reply(visit(cast.other, f"/discussions/{asked.id}"), "Hier is mijn idee.")
    page.clock.fast_forward(30_000)
    news = page.get_by_role("link", name="1 nieuwe reactie")
    expect(news).to_be_visible()
    page.clock.run_for(1_000)
    expect(page.locator("#live")).to_have_text("1 nieuwe reactie")
    expect(field).to_be_focused()
    field.press_sequentially("ig")
    news.click()
    shown = page.locator("li.k-comment", has_text="Hier is mijn idee.")
    expect(shown).to_be_focused()
    expect(field).to_have_value("Ik was nog bezig")
    reply(page, "Ik was nog bezig, en nu klaar.")
    expect(page.locator("li.k-comment")).to_have_count(2)


def test_leaving_with_unsaved_text_asks_first(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member)
    page = visit(cast.member, f"/discussions/{asked.id}")
    page.route("**/drafts", lambda _route: None)  # unanswered: the text is not kept meanwhile
    asked_for: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked_for.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    field = page.get_by_label("Jouw reactie").last
    field.press_sequentially("Half af")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Wiki’s").click(no_wait_after=True)
    expect(field).to_have_value("Half af")
    assert asked_for == ["beforeunload"]
    press(page, "Reactie plaatsen")
    expect(page.locator("li.k-comment", has_text="Half af")).to_be_visible()
    page.get_by_role("link", name="Wiki’s").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wiki’s")
    assert asked_for == ["beforeunload"], "what was placed is no longer unsaved"


def test_who_writes_before_the_script_came_is_left_there(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member)
    let_come = hold_back(page, "**/kring.js*")
    with page.expect_request("**/kring.js*"):
        page.goto("/search", wait_until="commit")
    filters = page.locator("summary", has_text="Filters")
    filters.focus()
    let_come()
    expect(page.locator("html.js")).to_be_attached()
    page.wait_for_load_state()
    expect(filters).to_be_focused()


def test_what_has_just_come_on_the_page_works(visit: Visit, cast: Cast) -> None:
    """Who is quick presses the new button in the very moment in which it is there."""
    asked = discussion(cast.member)
    page = visit(cast.other, f"/discussions/{asked.id}")
    page.evaluate(QUICK)
    article = page.locator(".k-article")
    press(article, "Waarderen")
    expect(page.locator("body[data-quick]")).to_be_attached()
    expect(article.get_by_role("button", name="Waarderen", pressed=False)).to_be_visible()


def test_keyboard_alone_is_enough(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member)
    page = visit(cast.other, f"/discussions/{asked.id}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    order = tab_through(page, "Reactie plaatsen")
    wanted = [
        "Waarderen", "Volgen", "Meer over deze discussie", "Jouw reactie", "Toetsen en opmaak",
        "Reactie plaatsen",
    ]  # fmt: skip
    assert [name for name in order if name in wanted] == wanted
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Jouw reactie").last).to_be_focused()
    page.keyboard.type("Zonder muis.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    placed = page.locator("li.k-comment", has_text="Zonder muis.")
    expect(placed).to_be_focused()
    page.locator(".k-article").get_by_role("button", name="Waarderen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Waarderen", pressed=True)).to_be_focused()


def tab_through(page: Page, until: str) -> list[str]:
    """Press Tab until an element of this name has the focus; return the names on the way."""
    names: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels?.[0] ?? e).innerText.trim().replace(/ \\(niet verplicht\\)$/, '') }"
        )
        names.append(re.sub(r"\s+", " ", name))
        if names[-1] == until:
            return names
    raise AssertionError(f"{until!r} is not reached by Tab: {names}")


def test_a_menu_by_keyboard(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member)
    page = visit(cast.member, f"/discussions/{asked.id}")
    summary = page.locator("summary", has_text="Meer over deze discussie")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Delen")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aanpassen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.get_by_role("link", name="Aanpassen")).to_be_hidden()


def test_a_wrong_form_leads_to_the_wrong_field(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, f"/discussions/{discussion(cast.member).id}")
    press(page, "Reactie plaatsen")
    summary = page.get_by_role("alert").filter(has_text="Er klopt nog iets niet")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    field = page.get_by_label("Jouw reactie").last
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Fout: Dit veld is vereist"))
