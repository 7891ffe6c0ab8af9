"""A member asks, others answer, and it is found back."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import choose, press, reply, sign_in
from tests.cast import Cast, comment, discussion
from tests.marks import both_ways

TITLE = "Hoe vraag ik uitstel aan?"
PLACED = re.compile(r"/discussions/\d+-hoe-vraag-ik-uitstel-aan")
PERMALINK = re.compile(r"#comment-\d+$")


def start_discussion(page: Page) -> None:
    """Fill in the form, look at the preview, and publish."""
    page.get_by_role("link", name="Start een discussie").first.click()
    page.get_by_label("Een vraag: ik wil graag een antwoord").check()
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Tekst").fill("Een inwoner wil **uitstel** van betaling.")
    page.get_by_label("Thema").select_option(label="Schuldhulp")
    page.get_by_label("Trefwoorden").fill("uitstel, betalen")
    press(page, "Voorbeeld")
    expect(page.locator("#preview strong")).to_have_text("uitstel")
    expect(page.get_by_label("Titel")).to_have_value(TITLE)
    press(page, "Plaatsen")
    page.wait_for_url(PLACED)


@both_ways
def test_a_member_signs_in_and_asks_a_question(page: Page, cast: Cast) -> None:
    page.goto("/discussions")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    sign_in(page, cast.member.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Discussies")
    start_discussion(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator(".k-article strong")).to_have_text("uitstel")
    expect(page.get_by_text("Zichtbaar voor: iedereen in de community")).to_be_visible()
    page.get_by_role("link", name="betalen").click()
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


@both_ways
def test_a_reply_appears_in_place(visit: Visit, cast: Cast, javascript: bool) -> None:
    """Without script it is a new page that opens at the reply."""
    asked = discussion(cast.member, TITLE)
    page = visit(cast.other, f"/discussions/{asked.id}")
    before = page.url
    reply(page, "Bel eerst de deurwaarder.")
    told_that(page, "Je reactie is geplaatst.", javascript)
    expect(page).to_have_url(before if javascript else PERMALINK)


def told_that(page: Page, text: str, javascript: bool) -> None:
    """Expect a message: read aloud in place, or at the top of the page that follows."""
    expect(page.locator("#live" if javascript else "#flashes")).to_contain_text(text)


@both_ways
def test_the_asker_quotes_and_marks(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member, TITLE)
    for text in ("Goede vraag.", "Dat wil ik ook weten."):
        comment(asked, cast.blogger, text)
    answer = comment(asked, cast.other, "Met een brief.")
    page = visit(cast.member, f"/discussions/{asked.id}")
    theirs = page.locator(f"#comment-{answer.id}")
    theirs.get_by_role("link", name="Citeren").click()
    field = page.get_by_label("Jouw reactie").last
    expect(field).to_have_value(re.compile(r"> \*\*Otto Ander\*\*:\n>\n> Met een brief\.\n\n"))
    field.press("Control+End")
    field.press_sequentially("Dank je.")
    press(page, "Reactie plaatsen")
    mine = page.locator("li.k-comment", has_text="Dank je.")
    expect(mine.locator("blockquote")).to_contain_text("Met een brief.")
    choose(theirs, "Meer bij de reactie", "Dit is het antwoord")
    expect(theirs.locator(".k-badge", has_text="Het antwoord")).to_be_visible()
    expect(page.get_by_role("link", name="Ga naar het antwoord van Otto Ander")).to_be_visible()
    choose(theirs, "Meer bij de reactie", "Markeren als samenvatting")
    summary = page.get_by_role("list", name="Samenvatting")
    expect(summary).to_contain_text("Met een brief.")
    page.goto("/discussions")
    expect(page.locator(".k-row", has_text=TITLE).locator(".k-badge")).to_have_text("Beantwoord")


@both_ways
def test_liking_and_following_is_one_press(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member, TITLE)
    page = visit(cast.other, f"/discussions/{asked.id}")
    article = page.locator(".k-article")
    toggle(article, "Waarderen", pressed=True)
    article.get_by_role("link", name="1 waardering").click()
    expect(page.get_by_role("link", name="Otto Ander")).to_be_visible()
    page.goto(f"/discussions/{asked.id}")
    toggle(article, "Waarderen", pressed=False)
    choose(article, "Volgen", "Alles")
    expect(article.locator("summary", has_text="Je volgt dit")).to_be_visible()
    page.goto("/discussions?view=followed")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


def toggle(scope: Locator, name: str, *, pressed: bool) -> None:
    """Press a button that stays in, and see that it did."""
    press(scope, name)
    button = scope.get_by_role("button", name=name, pressed=pressed)
    expect(button).to_be_visible()


@both_ways
def test_news_reaches_who_follows(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member, TITLE)
    follower = visit(cast.insider, f"/discussions/{asked.id}")
    choose(follower.locator(".k-article"), "Volgen", "Alles")
    expect(follower.locator("summary", has_text="Je volgt dit")).to_be_visible()
    reply(visit(cast.other, f"/discussions/{asked.id}"), "Dat staat op de site.")
    follower.goto("/")
    follower.locator("summary", has_text="Mijn account").click()
    follower.get_by_role("link", name="Berichten 1").click()
    news = follower.locator(".k-row", has_text=f"Otto Ander reageerde op ‘{TITLE}’")
    expect(news).to_contain_text("Nieuw")
    press(news, "Bekijken")
    follower.wait_for_url(PERMALINK)
    expect(follower.get_by_text("Dat staat op de site.")).to_be_in_viewport()
    follower.goto("/notifications")
    expect(news).not_to_contain_text("Nieuw")


@both_ways
def test_a_discussion_is_withdrawn_and_put_back(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member, TITLE)
    comment(asked, cast.other, "Ik denk mee.")
    page = visit(cast.member, f"/discussions/{asked.id}")
    choose(page.locator(".k-article"), "Meer over deze discussie", "Intrekken")
    press(page, "Intrekken")
    expect(page.get_by_text("Je discussie is ingetrokken.")).to_be_visible()
    reader = visit(cast.other, f"/discussions/{asked.id}")
    expect(reader.get_by_text("Wie weet dit?")).to_have_count(0)
    expect(reader.get_by_text("Ik denk mee.")).to_be_visible()
    press(page, "Terugzetten")
    expect(page.get_by_text("Je discussie is weer te lezen.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Wie weet dit?")).to_be_visible()
