"""Two discussions about the same become one, and come apart again."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import choose, press
from tests.cast import Cast, comment, discussion
from tests.marks import both_ways


@both_ways
def test_two_discussions_are_merged_and_put_back(visit: Visit, cast: Cast) -> None:
    again = discussion(cast.member, "Hoe vraag ik uitstel, weet iemand dat?")
    known = comment(again, cast.other, "Bel eerst de schuldeiser.")
    first = discussion(cast.blogger, "Uitstel van betaling vragen")
    page = visit(cast.moderator, f"/discussions/{again.id}")
    choose(page.locator(".k-article"), "Meer over deze discussie", "Samenvoegen")
    page.get_by_label("Woorden in de titel").fill("betaling")
    press(page.locator("main"), "Zoeken")
    page.get_by_role("list", name="Gevonden").get_by_role("link", name=first.title).click()
    page.get_by_label("Reden").fill("Het is dezelfde vraag.")
    press(page, "Samenvoegen")
    expect(page.get_by_role("heading", level=1)).to_have_text(first.title)
    expect(page.locator(f"#comment-{known.id}")).to_contain_text("Bel eerst de schuldeiser.")

    author = visit(cast.member, f"/discussions/{again.id}")
    expect(author.locator("main")).to_contain_text("Deze discussie is samengevoegd")
    author.get_by_role("link", name=f"Ga naar “{first.title}”").click()
    expect(author.locator("main")).to_contain_text("Bel eerst de schuldeiser.")

    page.goto(f"/content/{first.id}/transfers")
    page.get_by_role("link", name="Ongedaan maken").click()
    page.get_by_label("Reden").fill("Toch een andere vraag.")
    press(page, "Terugzetten")
    expect(page.get_by_role("heading", level=1)).to_have_text(again.title)
    expect(page.locator(f"#comment-{known.id}")).to_contain_text("Bel eerst de schuldeiser.")
    author.goto("/notifications")
    expect(author.locator("main")).to_contain_text("Toch een andere vraag.")
