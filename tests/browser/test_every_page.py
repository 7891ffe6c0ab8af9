"""Every page, as everyone who may see it: for all people, on all screens."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import url_for
from playwright.sync_api import Page
from werkzeug.routing import Rule

from app import blueprints
from app.extensions import Kring, db
from app.models import User
from app.queries import pages
from tests.browser import axe
from tests.browser.conftest import Visit
from tests.browser.scene import Scene, make_scene
from tests.cast import Cast
from tests.checking import CheckingClient

ROOMS = sorted(path.parent.name for path in Path(blueprints.__path__[0]).glob("*/__init__.py"))
READERS = (
    "member", "other", "specialist", "moderator", "manager", "administrator", "group_owner",
)  # fmt: skip
NAMES = (*pages.NAMES, "who-may-what")
# States of pages that the addresses alone do not lead to.
ALSO = {
    "account": ("/password/reset/verlopen", "/account/address/confirm/verlopen"),
    "desk": tuple(f"/desk/attention?view={view}" for view in ("late", "soon", "rising", "mine")),
    "discussions": (
        "/discussions?view=unanswered", "/discussions?view=mine", "/discussions?keyword=niets",
        "/discussions/new?theme=schuldhulp",
    ),
    "templates": ("/templates/new?folder=discussions",),
    "entry": ("/invitations/geldig", "/people/invitations?state=withdrawn"),
    "groups": (
        "/groups/groep-closed/members?q=lotte", "/groups/groep-open", "/groups/oude-groep",
        "/groups/hulp?view=unanswered",
    ),
    "help": (
        "/help-requests?state=answered", "/help-requests/new?topic=specialist&theme=wonen&from=/groups",
    ),
    "home": ("/bestaat-niet",),
    "moderation": ("/moderation?state=closed", "/moderation/log?q=niets"),
    "pages": ("/pages/house-rules/edit", "/pages/privacy/diff/1/2?view=inline"),
    "people": ("/people?q=niemand", "/people?expertise=turks"),
    "search": (
        "/search?q=uitstel", "/search?q=onvindbaar&theme=wonen&since=month&seen=no", "/search?q=**",
        "/search?q=uitstel&author=niemand", "/search?q=-uitstel", "/searches?days=90",
    ),
    "proposals": ("/proposals?view=handled", "/proposals?view=mine", "/proposals/new?theme=wonen"),
    "themes": ("/themes/wonen",),
    "wikis": ("/wikis/themes/wonen", "/wikis/new?theme=schuldhulp", "/wikis/register?state=overdue", "/wikis/register?state=offered&theme=wonen"),
}  # fmt: skip
Colours = tuple[Literal["light", "dark"], Literal["light", "dark"]]
# In turn, so that most kinds of elements are seen in both on both screens.
COLOURS: tuple[Colours, Colours] = (("light", "dark"), ("dark", "light"))
OVERFLOW = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1
    && document.documentElement.scrollWidth > innerWidth)
  .map(e => e.outerHTML.slice(0, 120))"""

MENUS = """() => [...document.querySelectorAll('main details.k-menu, header details.k-menu')]
  .filter(menu => menu.checkVisibility()).slice(0, 8).filter(menu => {
    menu.open = true;
    const box = menu.querySelector('.k-menu__list').getBoundingClientRect();
    menu.open = false;
    return box.left < 0 || box.right > innerWidth;
  }).map(menu => 'falls off the screen: ' + menu.querySelector('summary').innerText)"""

# A drawing against the word that it belongs to.
GLUED = """() => [...document.querySelectorAll('svg.k-icon')].filter(icon => {
    const text = icon.nextSibling;
    if (text?.nodeType !== Node.TEXT_NODE || !text.data.trim() || !icon.checkVisibility()) return false;
    const range = document.createRange();
    range.selectNodeContents(text);
    range.setStart(text, text.data.search(/\\S/));
    const [word] = range.getClientRects(), box = icon.getBoundingClientRect();
    return word && word.top < box.bottom && word.bottom > box.top && word.left > box.left
      && word.left - box.right < 2;
  }).map(icon => 'no space after the icon: ' + icon.parentElement.outerHTML)"""


def addresses(app: Kring, room: str, cast: Cast, scene: Scene) -> Iterator[str]:
    """Yield the address of every page of a room."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.split(".")[0] == room and "GET" in (rule.methods or ()):
                for values in arguments(rule, cast, scene):
                    yield url_for(rule.endpoint, **values)
        yield from more(room, scene)
    yield from ALSO.get(room, ())


def more(room: str, scene: Scene) -> Iterator[str]:
    """Yield the addresses of pages in other states than the one that each address leads to."""
    if room == "discussions":
        yield url_for("discussions.show", ref=scene.asked, page=2)
        yield url_for("discussions.show", ref=scene.hidden)
        yield url_for("discussions.show", ref=scene.transfer.source)
        yield url_for("discussions.show", ref=scene.transfer.target)
        yield url_for("discussions.show", ref=scene.held)
    if room == "moderation":
        yield from for_many(scene)
        yield url_for("moderation.reject_held", chosen=f"content-{scene.held.id}")
    if room == "decisions":
        yield url_for("decisions.show", decision_id=scene.objected)
        yield url_for("decisions.show", decision_id=scene.objection_settled)
        yield url_for("decisions.appeal", decision_id=scene.objected)
        yield url_for("decisions.appeals", view="decided")
    if room == "proposals":
        yield from (url_for("proposals.show", proposal_id=each) for each in scene.decided)
    if room == "wikis":
        yield url_for("wikis.show", ref=scene.binned)
        yield url_for("wikis.show", ref=scene.offered)
        yield url_for("wikis.send_back", ref=scene.offered)
        yield url_for("wikis.diff", ref=scene.page, a=1, b=2, view="inline")


def for_many(scene: Scene) -> Iterator[str]:
    """Yield the addresses of measures on more than one."""
    yield from (
        url_for(f"moderation.bulk_{name}", chosen=scene.asked.id) for name in ("lock", "move")
    )
    for name in ("hide", "split"):
        yield url_for(f"moderation.replies_{name}", content_id=scene.asked, chosen=scene.reply.id)
    yield url_for("moderation.merge", content_id=scene.asked, q="wie")
    yield url_for("moderation.trace", content_id=scene.transfer.target)


def arguments(rule: Rule, cast: Cast, scene: Scene) -> Iterator[dict[str, Any]]:
    """Yield values for an address; a new kind of argument needs a line here."""
    room = rule.endpoint.split(".")[0]
    slugs = {"groups": cast.closed.slug} | dict.fromkeys(
        ("settings", "themes", "wikis"), cast.theme.slug
    )
    refs = {
        "attachments": scene.document, "discussions": scene.asked, "people": cast.other, "blocks": cast.other,
        "images": scene.image,
        "settings": cast.other, "wikis": scene.page, "decisions": cast.other,
    }  # fmt: skip
    known: dict[str, Any] = {
        "ref": refs.get(room),
        "slug": "uitstel" if rule.endpoint.startswith("themes.tag") else slugs.get(room),
        "content_id": scene.asked, "comment_id": scene.reply, "grant_id": scene.grant.id,
        "draft_id": scene.draft, "template_key": "protocol", "help_id": scene.question, "proposal_id": scene.proposal, "case_id": scene.case.id, "decision_id": scene.decision, "crisis_id": scene.crisis, "request_id": scene.request, "invitation_id": scene.invitation, "department_id": scene.department,
        "name": "privacy", "token": "verlopen", "mark": "geen", "colour": "ffd700", "sha256": "geen", "width": 480, "number": 1, "a": 1, "b": 2,
    }  # fmt: skip
    if "transfer_id" in rule.arguments:
        known |= {"transfer_id": scene.transfer.id, "content_id": scene.transfer.target}
    if rule.arguments == {"name"}:
        yield from ({"name": name} for name in NAMES)
    else:
        yield {name: known[name] for name in rule.arguments}


def parts(html: str) -> set[str]:
    """Return the kinds of elements on a page: a page with no new kind needs no second look."""
    return set(re.findall(r'<\w+|class="[^"]*"|<use href="[^"]*"', html))


@pytest.mark.parametrize("room", ROOMS)
def test_every_page(
    room: str,
    app: Kring,
    cast: Cast,
    visit: Visit,
    client_of: Callable[[User | None], CheckingClient],
) -> None:
    with app.test_request_context():
        scene = make_scene(cast)
    urls = sorted(set(addresses(app, room, cast, scene)))
    seen: dict[str, set[str]] = defaultdict(set)
    complaints: list[str] = []
    for name in (None, *READERS):
        user = getattr(cast, name) if name else None
        client = client_of(user)
        worth = [url for url in urls if is_new(client, url, seen)]
        db.session.rollback()
        if not worth:
            continue
        page = visit(user)
        axe.prepare(page)
        for url, colours in zip(worth, cycle(COLOURS), strict=False):
            complaints += [f"{name} {url} {text}" for text in look(page, url, colours)]
    assert not complaints, "\n".join(complaints)


def is_new(client: CheckingClient, url: str, seen: dict[str, set[str]]) -> bool:
    """Tell whether a page shows a kind of element that the readers before did not see there.

    Around all pages of a room, and on all that refuse for one reason, stands the same.
    """
    answer = client.get(url)
    html = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    if not html.startswith("<!doctype html>") or answer.location:
        return False  # a part of a page, a redirect to one, or no page at all
    before, main, after = re.split("(?<=<main) |(?=</main>)", html)
    place = url if answer.status_code == HTTPStatus.OK else answer.status
    new = not parts(main) <= seen[place] or not parts(before + after) <= seen["around"]
    seen[place] |= parts(main)
    seen["around"] |= parts(before + after)
    return new


def look(page: Page, url: str, colours: Colours = COLOURS[0]) -> list[str]:
    """Return what is wrong with a page: wide in some colours, narrow in the others."""
    wide, narrow = colours
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme=wide, reduced_motion="reduce")
    page.goto(url)
    violations = axe.violations(page, axe.ALL) + page.evaluate(GLUED)
    found = [f"wide, {wide}: {text}" for text in violations]
    page.emulate_media(color_scheme=narrow, reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    found += [f"narrow, {narrow}: {text}" for text in axe.violations(page, axe.ALL)]
    page.set_viewport_size({"width": 320, "height": 640})
    outside = page.evaluate(OVERFLOW)[:3] + page.evaluate(MENUS)
    return found + [f"320 px: {text}" for text in outside]
