"""Members report; moderators act in place, and everyone concerned hears why."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import choose, press
from tests.cast import Cast, comment, discussion
from tests.marks import both_ways

TITLE = "Hoe vraag ik uitstel aan?"
MENU = "Meer over deze discussie"
MOVE = "Naar een ander thema of een andere groep verplaatsen"
RULE = "2. Bespreek het werk, niet de persoon"


def measure(page: Page, item: str, reason: str) -> None:
    """Take a measure on the discussion that is open."""
    choose(page.locator(".k-article"), MENU, item)
    page.get_by_label("Reden").fill(reason)
    press(page, item)


@both_ways
def test_a_reported_reply_is_hidden_and_shown_again_after_an_objection(
    visit: Visit, cast: Cast, live_server: LiveServer
) -> None:
    asked = discussion(cast.member, TITLE)
    rude = comment(asked, cast.other, "Wat een domme vraag.")
    member = visit(cast.member, f"/discussions/{asked.id}")
    reply = member.locator(f"#comment-{rude.id}")
    choose(reply, "Meer bij de reactie", "Melden")
    member.get_by_label(RULE).check()
    member.get_by_label("Toelichting").fill("Ik schrok ervan.")
    press(member, "Melden")
    expect(
        member.locator("main").get_by_text("Bedankt. De moderators kijken ernaar.")
    ).to_be_visible()

    handle_report(visit(cast.moderator), cast)

    author = visit(cast.other, "/notifications")
    news = author.locator(
        ".k-row", has_text=f"Een moderator heeft je reactie op ‘{TITLE}’ verborgen"
    )
    expect(news).to_contain_text("Vragen staat vrij.")
    member.goto("/notifications")
    expect(member.locator("main")).to_contain_text(f"je melding over ‘{TITLE}’")
    sent = mails(live_server)
    assert "Vragen staat vrij." in sent[cast.other.email]
    assert "Je hebt gelijk." in sent[cast.member.email]
    member.goto(f"/discussions/{asked.id}")
    expect(reply).to_contain_text("Een moderator heeft deze reactie verborgen")
    expect(member.locator("main").get_by_text("Wat een domme vraag.")).to_have_count(0)

    author.goto("/notifications")
    press(news, "Bekijken")
    expect(author.locator("main")).to_contain_text(RULE)
    expect(author.locator("main")).not_to_contain_text(cast.member.name)
    author.get_by_role("link", name="Bezwaar maken").click()
    author.get_by_label("Waarom ben je het er niet mee eens?").fill("Ik bedoelde het als grap.")
    press(author, "Bezwaar versturen")
    expect(author.locator("main")).to_contain_text("Het bezwaar is verstuurd.")
    manager = visit(cast.manager, "/notifications")
    press(manager.locator(".k-row", has_text="bezwaar tegen een besluit"), "Bekijken")
    uphold(manager, "Dit was geen aanval.")

    author.goto("/notifications")
    found_right = author.locator(".k-row", has_text="Je bezwaar is gegrond")
    expect(found_right).to_contain_text("Dit was geen aanval.")
    assert "Dit was geen aanval." in mails(live_server)[cast.other.email]
    moderator = visit(cast.moderator, "/notifications")
    learned = moderator.locator(
        ".k-row", has_text="Een bezwaar tegen een besluit van jou is gegrond"
    )
    expect(learned).to_contain_text("Dit was geen aanval.")
    member.goto(f"/discussions/{asked.id}")
    expect(reply).to_contain_text("Wat een domme vraag.")


def handle_report(moderator: Page, cast: Cast) -> None:
    """Take the one report there is, hide what it is about, and tell why."""
    moderator.get_by_role("link", name="Moderatie").first.click()
    case = moderator.locator(".k-card", has_text="Wat een domme vraag.")
    expect(case).to_contain_text(RULE)
    case.get_by_role("link", name=f'Reactie op "{TITLE}"').click()
    case = moderator.locator("#case")
    expect(case).to_contain_text("Ik schrok ervan.")
    press(case, "Oppakken")
    expect(case).to_contain_text(f"In behandeling bij {cast.moderator.name}")
    case.locator("summary", has_text="Afhandelen").click()
    case.get_by_label("De melding is terecht: verberg het nu").check()
    case.get_by_label("Huisregel").select_option(label=RULE)
    case.get_by_label("Antwoord aan de melder").fill("Je hebt gelijk.")
    case.get_by_label("Reden voor de schrijver").fill("Vragen staat vrij.")
    press(case, "Afhandelen")
    expect(
        moderator.locator("main").get_by_text("Afgehandeld. De melders krijgen je antwoord.")
    ).to_be_visible()


def uphold(decider: Page, reason: str) -> None:
    """Find the objection right that stands on the page of a decision."""
    expect(decider.locator("main")).to_contain_text("Ik bedoelde het als grap.")
    decider.get_by_label("Het bezwaar is gegrond").check()
    decider.get_by_label("Reden").fill(reason)
    press(decider, "Beslissen")
    expect(decider.locator("main")).to_contain_text("Bezwaar gegrond")


@both_ways
def test_a_reply_is_hidden_and_shown_in_its_place(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member, TITLE)
    rude = comment(asked, cast.other, "Wat een domme vraag.")
    page = visit(cast.moderator, f"/discussions/{asked.id}")
    reply = page.locator(f"#comment-{rude.id}")
    choose(reply, "Meer bij de reactie", "Verbergen")
    page.get_by_label("Huisregel").select_option(label=RULE)
    page.get_by_label("Reden").fill("Dit kwetst.")
    press(page, "Verbergen")
    expect(reply.locator(".k-badge", has_text="Verborgen")).to_be_visible()
    expect(reply).to_contain_text("Dit kwetst.")
    choose(reply, "Meer bij de reactie", "Weer tonen")
    page.get_by_label("Reden").fill("Bij nader inzien.")
    press(page, "Weer tonen")
    expect(reply.locator(".k-badge")).to_have_count(0)


@both_ways
def test_a_refused_measure_keeps_what_was_filled_in(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member, TITLE)
    page = visit(cast.moderator, f"/discussions/{asked.id}")
    choose(page.locator(".k-article"), MENU, "Verbergen")
    page.get_by_label("Huisregel").select_option(label=RULE)
    press(page, "Verbergen")
    expect(page.get_by_role("alert").filter(has_text="Er klopt nog iets niet")).to_be_visible()
    expect(page.get_by_label("Huisregel")).to_have_value(RULE)


@both_ways
def test_a_discussion_is_locked_pinned_moved_and_featured(
    visit: Visit, cast: Cast, javascript: bool
) -> None:
    asked = discussion(cast.member, TITLE, theme=cast.theme)
    page = visit(cast.moderator, f"/discussions/{asked.id}")
    measure(page, "Op slot zetten", "Even rust.")
    state = page.locator(f"#state-{asked.id}")
    expect(state).to_contain_text("Even rust.")
    measure(page, "Vastzetten", "Belangrijk deze week.")
    expect(state).to_contain_text("Vastgezet tot en met")
    measure(page, "Uitlichten", "Een mooi voorbeeld.")
    expect(state).to_contain_text("Uitgelicht")
    if javascript:
        expect(state).to_be_focused()
    choose(page.locator(".k-article"), MENU, MOVE)
    page.get_by_label("Thema", exact=True).select_option(label="Wonen")
    page.get_by_label("Reden").fill("Gaat over huur.")
    press(page, MOVE)
    expect(page.get_by_text("Het is verplaatst.").first).to_be_attached()
    reader = visit(cast.other)
    expect(reader.get_by_role("region", name="Uitgelicht")).to_contain_text(TITLE)
    reader.goto("/themes/wonen")
    expect(reader.locator(".k-row", has_text=TITLE)).to_contain_text("Vastgezet")
    reader.goto(f"/discussions/{asked.id}")
    expect(reader.get_by_role("button", name="Reactie plaatsen")).to_have_count(0)
    expect(reader.get_by_text("Je kunt niet meer reageren.")).to_be_visible()
    page.goto("/moderation/log")
    rows = page.locator(".k-log__row")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("Gaat over huur.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden als spreadsheet (CSV)").click()
    text = download.value.path().read_text("utf-8-sig")
    assert "Even rust." in text and TITLE in text and text.count("\n") >= 5
