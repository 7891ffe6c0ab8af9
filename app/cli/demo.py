"""`flask demo`: a community to look around in, with people, discussions and a wiki."""

import ipaddress
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select

from app.cli.example import make_example
from app.cli.example.community import ACCOUNTS, DOMAIN
from app.cli.migrating import upgrade_schema
from app.cli.schema import SchemaState, check_schema, schema_state, told_plainly
from app.cli.setup import check_password
from app.extensions import commit, db
from app.lib import passwords
from app.models import User
from app.services import search_rebuild
from app.site import forget_site

PASSWORD = "voorbeeld-kring-2026"


@click.command("demo")
@click.option("--password", help=f"For all accounts; else {PASSWORD}.")
@click.option("--if-empty", is_flag=True, help="Do nothing when there are accounts already.")
@click.option("--upgrade", is_flag=True, help="Bring the database up to date first.")
@with_appcontext
def demo(password: str | None, *, if_empty: bool, upgrade: bool) -> None:
    """Fill an empty database with the example community."""
    if upgrade:
        with told_plainly():
            state = schema_state()
        if state in {SchemaState.EMPTY, SchemaState.BEHIND}:
            upgrade_schema()
    check_schema()
    if db.session.scalar(select(User.id).limit(1)) is not None:
        if if_empty:
            show_accounts(None)
            return
        raise click.ClickException(
            _("There are accounts already. The example community needs an empty database.")
        )
    if password is not None:
        check_password(password, ())
    elif not is_loopback(current_app.config["BASE_URL"]):
        raise click.ClickException(
            _("Others can reach this community, and everyone knows the example's password."
              " Choose one: flask demo --password …")
        )  # fmt: skip
    with told_plainly():
        make_example(passwords.hash_password(password or PASSWORD))
        commit()
        search_rebuild.rebuild()
    forget_site()
    click.echo(_("The example community is ready."))
    show_accounts(password)


def is_loopback(base_url: str) -> bool:
    """Tell whether only this machine can reach an address."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def show_accounts(password: str | None) -> None:
    """Print who can sign in to the example; a password that someone chose is not repeated."""
    emails = [f"{name}@{DOMAIN}" for name in ACCOUNTS]
    people = db.session.scalars(select(User).where(User.email.in_(emails)).order_by(User.id)).all()
    if not people:
        return
    click.echo(_("Sign in as one of:"))
    for person in people:
        click.echo(f"  {person.email:<36}{person.name}, {person.job_title}")
    standard = any(passwords.verify(person.password_hash, PASSWORD) for person in people[:1])
    if password is None and standard:
        click.echo(_("Everyone's password is: %(password)s", password=PASSWORD))
