"""What people do on a page, in the words that they see."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from tests.cast import PASSWORD


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form that is open."""
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    press(page, "Inloggen")


def press(scope: Page | Locator, name: str) -> None:
    """Press the button of this name."""
    scope.get_by_role("button", name=name, exact=True).click()


def choose(scope: Page | Locator, menu: str, item: str) -> None:
    """Open a menu by its name and choose an item; the menu of a reply comes when it is asked for."""
    scope.locator("details.k-menu > summary, a.k-more", has_text=menu).first.click()
    opened = scope.page if isinstance(scope, Locator) else scope
    opened.locator("details.k-menu[open] .k-menu__item", has_text=item).click()


def reply(page: Page, text: str) -> Locator:
    """Place a reply; return it as it stands on the page."""
    page.get_by_label("Jouw reactie").last.fill(text)
    press(page, "Reactie plaatsen")
    placed = page.locator("li.k-comment", has_text=text)
    expect(placed).to_be_visible()
    return placed


def hold_back(page: Page, address: str) -> Callable[[], None]:
    """Let what stands at an address wait on its way to the page; return what lets it come."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def let_come() -> None:
        for route in held:
            route.continue_()

    page.route(address, hold)
    return let_come
