"""`flask setup`: an empty community with its first administrator, for real use."""

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.cli.migrating import upgrade_schema
from app.extensions import db
from app.lib import passwords
from app.models import Grant, Role, Setting, User
from app.services import people, search_rebuild, support_groups
from app.site import forget_site


@click.command("setup")
@click.option(
    "--community", prompt="Naam van de community", help="Such as: Kenniskring Casemanagers."
)
@click.option("--municipality", prompt="Naam van de gemeente")
@click.option("--name", prompt="Je naam", help="Name of the first administrator.")
@click.option("--email", prompt="Je e-mailadres")
@click.option(
    "--password", prompt="Je wachtwoord", hide_input=True, confirmation_prompt="Nog een keer"
)
@with_appcontext
def setup(community: str, municipality: str, name: str, email: str, password: str) -> None:
    """Make the database and the first account, which is administrator and community manager."""
    upgrade_schema()
    if db.session.scalar(select(func.count()).select_from(User)):
        raise click.ClickException(_("There are accounts already: this community has been set up."))
    address = checked_email(email)
    check_password(password, (name, address, community, municipality))
    first = people.add(name.strip(), address, password_hash=passwords.hash_password(password))
    # A community starts with one person, who appoints the others. Both roles are needed for that.
    first.grants = [Grant(role=role, reason="setup") for role in (Role.ADMINISTRATOR, Role.MANAGER)]
    for key, value in {"name": community.strip(), "municipality": municipality.strip()}.items():
        db.session.merge(Setting(key=key, value=value))
    db.session.flush()
    forget_site()
    # Help is near from the first day, and the ambassadors have a place of their own.
    support_groups.make_support([first], first)
    support_groups.make_ambassadors([first], first)
    db.session.commit()
    search_rebuild.rebuild()
    forget_site()
    click.echo(_("%(community)s is ready. Start it with: flask serve", community=community))


def checked_email(email: str) -> str:
    """Return the address as it will be kept; raises ClickException when it is none."""
    try:
        return validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise click.ClickException(_("%(email)s is not an e-mail address.", email=email)) from error


def check_password(password: str, words: tuple[str, ...]) -> None:
    """Raise ClickException when the password is guessed too easily."""
    match passwords.problem(password, words=words):
        case None:
            return
        case "too_short":
            reason = _("Use at least %(n)d characters.", n=passwords.MIN_LENGTH)
        case "too_long":
            reason = _("Use at most %(n)d characters.", n=passwords.MAX_LENGTH)
        case _other:
            reason = _(
                "This password is guessed too easily. Use a few words that don't belong together."
            )
    raise click.ClickException(reason)
