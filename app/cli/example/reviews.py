"""Whether the pages of the example wiki hold: looked through, too late, offered, doubted."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.cli.example.community import Example, load
from app.cli.example.times import ago
from app.extensions import db
from app.lib.clock import local
from app.models import Doubt, Follow, Review, Standing, Status, WikiPage
from app.queries.wikis import specialists
from app.services import activity, reviews, wikis
from app.services.activity import Verb
from app.services.wikis import Facts, Version


def add_reviews(example: Example) -> None:
    """Let people look through pages, offer one, and doubt one."""
    facts = load("reviews.yaml")
    for key in facts["four_eyes"]:
        example.themes[key].four_eyes = True
    for key, months in facts["months"].items():
        example.themes[key].review_months = months
    for title, by, days, until in facts["reviews"]:
        add_review(example, page_called(title), by, days, until)
    for offered in facts["offered"]:
        add_offered(example, offered)
    for title, by, days, line in facts["doubts"]:
        add_doubt(example, page_called(title), by, days, line)


def page_called(title: str) -> WikiPage:
    """Return the page of this title."""
    pages = db.session.scalars(select(WikiPage).where(WikiPage.title == title))
    return pages.one()


def add_review(example: Example, page: WikiPage, by: str, days: int, until: int) -> None:
    """Let someone have looked through a page; `until`: in how many days someone does so again."""
    moment = ago(example.start, days)
    page.reviewed_at, page.reviewed_by = moment, example.people[by]
    page.review_on = local(example.start).date() + timedelta(days=until)
    # Who opens the example gets no mail about it.
    page.reminded_at = example.start
    db.session.add(
        Review(
            page_id=page.id, version=page.version, reviewer_id=example.people[by].id,
            reviewed_at=moment, next_on=page.review_on,
        )
    )  # fmt: skip


def add_offered(example: Example, facts: dict[str, Any]) -> None:
    """Add a page that waits for a second pair of eyes."""
    author, moment = example.people[facts["by"]], ago(example.start, facts["days"])
    version = Version(facts["title"], facts["body"].strip(), author, created_at=moment)
    theme = example.themes[facts["theme"]]
    page = wikis.build(theme, version, facts=Facts(Standing.OFFERED, author))
    page.status, page.published_at = Status.PENDING, None
    page.offered_at, page.offered_by = moment, author
    page.position = wikis.next_position(page)
    wikis.render(page)
    db.session.add(Follow(user_id=author.id, content_id=page.id, created_at=moment))
    for person in db.session.scalars(specialists(theme.id)).all():
        activity.notify(person.id, Verb.WIKI_OFFERED, page, author)


def add_doubt(example: Example, page: WikiPage, by: str, days: int, line: str) -> None:
    """Let a reader doubt a page."""
    doubter, moment = example.people[by], ago(example.start, days)
    db.session.add(
        Doubt(
            page_id=page.id, version=page.version, doubter_id=doubter.id, line=line,
            created_at=moment,
        )
    )  # fmt: skip
    for person in reviews.keepers(page, but=doubter):
        activity.notify(person.id, Verb.DOUBTED, page, doubter, line)
