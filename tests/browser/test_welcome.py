"""The first day of a new member, and house rules that change."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app.extensions import Kring, db
from app.models import User
from app.services import pages
from tests.browser.conftest import Visit
from tests.browser.steps import press, reply, sign_in
from tests.browser.test_every_page import look
from tests.cast import Cast, discussion, person
from tests.marks import both_ways

AGREE = "Ik heb de huisregels gelezen en houd me eraan"
TITLE = "Hoe vraag ik uitstel aan?"


@pytest.fixture
def newcomer(cast: Cast) -> User:
    """Return someone who signs in for the first time."""
    user = person("Nora Nieuw")
    user.accepted_rules, user.welcomed_at = 0, None
    db.session.commit()
    return user


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def change_rules(app: Kring, cast: Cast, text: str, note: str) -> None:
    with app.test_request_context():
        manager = db.session.get_one(User, cast.manager.id)
        pages.edit("house-rules", "Huisregels", text, manager, note=note)
        db.session.commit()


def first_day(page: Page) -> None:
    """Accept the rules, fill in the profile and choose a theme."""
    expect(heading(page)).to_have_text("Welkom bij Kring")
    expect(page.get_by_role("link", name="Discussies")).to_have_count(0)
    press(page, "Verder")
    expect(page.get_by_role("alert")).to_contain_text("Vink dit aan")
    page.get_by_label(AGREE).check()
    press(page, "Verder")
    expect(heading(page)).to_have_text("Wie ben je?")
    press(page, "Verder")
    expect(page.get_by_role("alert")).to_contain_text("Functie")
    page.get_by_label("Functie").fill("Consulent")
    page.get_by_label("Waar je veel van weet").fill("minima, uitstel")
    press(page, "Verder")
    expect(heading(page)).to_have_text("Wat wil je volgen?")
    for name in ("Schuldhulp", "Wonen"):
        page.get_by_label(name).check()
    press(page, "Klaar")


@both_ways
def test_a_first_day(page: Page, cast: Cast, newcomer: User) -> None:
    asked = discussion(cast.member, TITLE)
    page.goto(f"/discussions/{asked.id}-{asked.slug}")
    sign_in(page, newcomer.email)
    first_day(page)
    expect(heading(page)).to_have_text(TITLE)
    reply(page, "Met een brief.")
    page.goto("/")
    card = page.get_by_role("region", name="Je eerste stappen")
    expect(card.get_by_role("listitem").filter(has_text="Beantwoord een vraag")).to_contain_text(
        "(klaar)"
    )
    follow_one(page, cast.member)
    page.goto("/")
    expect(card.get_by_role("listitem").filter(has_text="Volg drie")).to_contain_text("(klaar)")
    card.get_by_role("link", name="Stel je voor").click()
    expect(page.get_by_label("Titel")).to_have_value("Even voorstellen: Nora Nieuw")
    page.get_by_label("Tekst").fill("Ik ben Nora.")
    press(page, "Plaatsen")
    expect(page.get_by_text("Je eerste stappen zijn gezet.")).to_be_visible()
    page.goto("/")
    expect(card).to_have_count(0)


def follow_one(page: Page, someone: User) -> None:
    """Follow a person on their page."""
    page.goto(f"/people/{someone.id}-{someone.handle}")
    press(page, f"{someone.name} volgen")
    expect(page.get_by_role("button", name=f"{someone.name} niet meer volgen")).to_be_visible()


@both_ways
def test_the_steps_are_put_away(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member)
    press(page, "De eerste stappen opbergen")
    expect(page.get_by_role("region", name="Je eerste stappen")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("region", name="Je eerste stappen")).to_have_count(0)


@both_ways
def test_rules_that_change_while_someone_writes(
    app: Kring, visit: Visit, cast: Cast, javascript: bool
) -> None:
    """What was written waits behind the new rules."""
    asked = discussion(cast.member, TITLE)
    page = visit(cast.other, f"/discussions/{asked.id}-{asked.slug}")
    page.get_by_label("Jouw reactie").last.fill("Dat duurt **zes** weken.")
    change_rules(app, cast, "1. **Wees lief.** Altijd.", "Korter gemaakt.")
    press(page, "Reactie plaatsen")
    expect(heading(page)).to_have_text("De huisregels zijn veranderd")
    expect(page.get_by_text("Korter gemaakt.")).to_be_visible()
    expect(page.get_by_text("Je tekst is veilig")).to_be_visible()
    page.get_by_label(AGREE).check()
    press(page, "Verder")
    press(page, "Versturen")
    expect(page.locator("li.k-comment", has_text="Dat duurt zes weken.")).to_be_visible()
    page.goto("/people")
    expect(heading(page)).to_have_text("Mensen")


@both_ways
def test_who_does_not_agree_can_leave(visit: Visit, newcomer: User) -> None:
    page = visit(newcomer, "/people")
    page.get_by_role("link", name="Ik ga niet akkoord").click()
    expect(heading(page)).to_have_text("Je gaat niet akkoord")
    press(page.get_by_role("main"), "Uitloggen")
    page.wait_for_url(re.compile("/login$"))


def test_the_rules_are_for_all_people_on_all_screens(
    app: Kring, visit: Visit, cast: Cast, newcomer: User
) -> None:
    assert not look(visit(newcomer), "/welcome")
    change_rules(app, cast, "1. **Wees lief.** Altijd.", "Korter gemaakt.")
    assert not look(visit(cast.member), "/welcome")
