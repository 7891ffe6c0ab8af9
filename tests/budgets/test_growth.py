"""Every page of a community of some size: no statement in a loop, no large table read whole."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

import pytest

from app.extensions import Kring, db
from app.models import User
from tests.browser.scene import make_scene
from tests.browser.test_every_page import ROOMS, addresses
from tests.budgets.filling import fill
from tests.budgets.plans import full_scans, only_indexes
from tests.budgets.recording import Recording, recording, watch_queries
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
Reasons = Mapping[str, Collection[str]]

READERS = ("member", "specialist", "moderator", "manager", "administrator", "group_owner")
MOST_OF_ONE = 3
"""As often may one statement be sent for one page."""

LOOPS: Reasons = {
    "an export is sent page by page, so that it never stands in memory as a whole": {
        "/wikis/themes/schuldhulp/export.zip",
    },
}
"""The pages that may."""

WHOLE: Reasons = {
    "there are some thousands of people, who are shown by name without regard to capitals": {
        "blueprints.desk.asking.offer",
        "blueprints.groups.members.members_page",
        "blueprints.people.views.index",
        "blueprints.settings.accounts.accounts",
        "blueprints.settings.accounts.accounts_csv",
        "blueprints.suggest.views.people",
        "queries.pages.members",
        "queries.search_choices.choices",
        "services.people.free_handle",
    },
    "on how many pieces a keyword stands is counted for each reader, by what they may see": {
        "blueprints.search.views.beginning",
        "blueprints.suggest.views.tags",
        "queries.tags.names_offered",
        "queries.tags.page_of",
    },
    "figures for the manager, of what comes in some times a day at most": {
        "blueprints.entry.invitations.page",
        "blueprints.help.views.index",
        "queries.moderation_figures.count_cases",
        "queries.moderation_figures.pairs",
        "queries.search.terms",
    },
    "it stops at a hundred": {
        "queries.attention.attention",
    },
    "a job in the background, some times a day": {
        "services.appeals.remind",
        "services.attachments.needed",
        "services.attachments.of_images",
        "services.attention.tidy",
        "services.images.awaited",
        "services.jobs.tidy",
    },
}
"""The functions that may read a large table whole."""

UNCALLED: Reasons = {
    "asked when a form was filled in or sent; tests of services ask it": {
        "askable.candidate",
        "askable.named",
        "comments.quote_of",
        "entry.deciders",
        "entry.open_invitations",
        "entry.request_of",
        "entry.to_decide",
        "glass.shut_group",
        "groups.active_owners",
        "groups.called",
        "groups.heirs",
        "groups.in_groups",
        "groups.with_name",
        "moderation.by_or_about",
        "moderation.start_of",
        "proposals.waiting_of",
        "related.with_keyword",
        "replying.place",
        "reviews.after",
        "reviews.one_doubt",
        "reviews.without_owner",
        "search_sight.put_away",
        "tags.group_that_knows",
        "tags.known",
        "tags.tag_formerly",
    },
    "called by way of a table of functions, or by its own module under another name": {
        "cases.about_person",
        "discussions.followed",
        "following.followed",
        "discussions.mine",
        "drafts.own",
        "proposals.handled",
        "proposals.mine",
        "search.finds",
        "search_sight.person_in_sight",
        "templates.beginning_of",
        "templates.texts",
    },
    "for the other database": {
        "search_match.fts5",
        "search_match.in_fts5",
        "search_match.in_postgres",
        "search_match.in_sqlite",
        "search_match.in_tsquery",
        "search_match.marked",
        "search_match.tsquery",
    },
}
"""The queries that no page, no job and nothing in the scene calls."""


def test_the_work_for_a_page_does_not_grow_with_the_community(
    app: Kring, cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session().expire_on_commit = False
    fill(cast)
    uncalled = watch_queries(monkeypatch)
    with recording() as found:
        loops = dict(walk(app, cast, client_of, found))
    scans = whole(found)
    assert not beyond(loops, LOOPS)
    assert not beyond(scans, WHOLE)
    assert not uncalled - names_in(UNCALLED)


def names_in(reasons: Reasons) -> set[str]:
    """Return all names for which there is a reason."""
    return {name for names in reasons.values() for name in names}


def beyond(found: Mapping[str, object], reasons: Reasons) -> dict[str, object]:
    """Return what was found without a reason for it."""
    allowed = names_in(reasons)
    return {name: what for name, what in found.items() if name not in allowed}


def walk(app: Kring, cast: Cast, client_of: Clients, found: Recording) -> Iterator[tuple[str, str]]:
    """Make every kind of thing, run every job, open every page as every reader; yield loops."""
    found.begin("making the scene")
    with app.test_request_context():
        scene = make_scene(cast)
    for job in app.jobs._registry.periodic_tasks:
        found.begin(job.name)
        job.execute()
    urls = {url for room in ROOMS for url in addresses(app, room, cast, scene)}
    for name in READERS:
        client = client_of(getattr(cast, name))
        client.reads = False
        for url in sorted(urls - {"/logout"}):
            found.begin(f"{name} {url}")
            assert client.get(url).status_code < 500
            for statement, times in found.now.items():
                if times > MOST_OF_ONE:
                    yield url, f"{name}, {times} times: {statement}"


def whole(found: Recording) -> dict[str, list[tuple[list[str], str, str]]]:
    """Return who reads large tables whole: which tables, for what page, by what statement."""
    connection = db.session.connection()
    only_indexes(connection)
    readers = defaultdict(list)
    for (statement, sender), (parameters, page) in found.sent.items():
        tables = full_scans(connection, statement, parameters)
        if tables and sender != "tests":
            readers[sender].append((sorted(tables), page, statement))
    return readers
