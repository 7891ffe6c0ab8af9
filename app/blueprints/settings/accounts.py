"""The list of all accounts, and that list for a spreadsheet."""

from collections.abc import Iterable, Iterator
from math import ceil

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.extensions import db
from app.forms import tidy_line
from app.lib import csv_export
from app.lib.clock import local, now
from app.models import Grant, User
from app.policy import Ability
from app.queries.accounts import PAGE, State, accounts_page, in_full, number_of
from app.queries.accounts import accounts as find_accounts
from app.templating import role_label


@bp.get("/settings/accounts")
@requires(Ability.MANAGE_ACCOUNTS)
def accounts() -> ResponseReturnValue:
    """List accounts, also closed ones; `q` searches by name and address."""
    q, state = asked()
    number = request.args.get("page", 1, type=int)
    found = find_accounts(q, state)
    total = db.session.scalar(number_of(found)) or 0
    pages = ceil(total / PAGE)
    if not 1 <= number <= max(1, pages):
        abort(404)
    return plain_page(
        "accounts",
        accounts=db.session.scalars(accounts_page(found, number)).all(), total=total, q=q,
        state=state, State=State, page=number, pages=pages, grant_label=grant_label,
        page_url=lambda n: url_for(".accounts", q=q or None, state=state, page=n),
    )  # fmt: skip


@bp.get("/settings/accounts.csv")
@requires(Ability.MANAGE_ACCOUNTS)
def accounts_csv() -> ResponseReturnValue:
    """Give the same accounts for a spreadsheet; it can be changed there and imported."""
    found = db.session.scalars(in_full(find_accounts(*asked()))).all()
    headers = [
        _("Name"), _("E-mail address"), _("Department"), _("Job title"), _("Roles"),
        _("Member since"), _("Last seen"), _("Closed on"),
    ]  # fmt: skip
    name = f"accounts-{local(now()):%Y-%m-%d}.csv"
    return Response(
        csv_export.write(cells(found), headers),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def asked() -> tuple[str, State]:
    """Return what is searched for."""
    state = request.args.get("state", State.ALL, type=State)
    return tidy_line(request.args.get("q"))[:120], state


def cells(found: Iterable[User]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table."""
    for user in found:
        yield (
            user.name, user.email, user.department.name if user.department else "",
            user.job_title, " | ".join(map(grant_label, user.grants)), user.created_at,
            user.last_seen_at, user.deactivated_at,
        )  # fmt: skip


def grant_label(grant: Grant) -> str:
    """Return the name of a role, with the theme of a specialist."""
    label = role_label(grant.role)
    return f"{label}: {grant.theme.name}" if grant.theme else label
