"""Accounts for the authors of imported texts: they have a name and cannot sign in.

Never a member's account: a file cannot put words into someone's mouth.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.lib.slugs import slugify
from app.models import User
from app.services import people

DOMAIN = "import.invalid"
"""Addresses in `.invalid` can never exist (RFC 2606), so no mail opens these accounts."""
NAME_LENGTH = 120
LONGEST = 60


def email_of(author: str) -> str:
    """Return the address of the account for an author of imported texts."""
    return f"{slugify(author, max_length=LONGEST)}@{DOMAIN}"


def is_import(author: User) -> bool:
    """Tell whether this account was made for imported texts."""
    return author.email.endswith(f"@{DOMAIN}")


def readable(author: str) -> str:
    """Return a name for people: `auteur-01` is "Auteur 01"."""
    plain = author == slugify(author, max_length=LONGEST)
    return (author.replace("-", " ").capitalize() if plain else " ".join(author.split()))[
        :NAME_LENGTH
    ]


def add(authors: Mapping[str, str]) -> None:
    """Make an account for each author who has none yet; the values are names, or empty."""
    names: dict[str, str] = {}
    for author, name in authors.items():
        shown = " ".join(name.split())[:NAME_LENGTH]
        names.setdefault(email_of(author), shown or readable(author))
    for email in sorted(names.keys() - by_email(names).keys()):
        account = people.add(names[email], email)
        account.deactivated_at = now()


def by_email(emails: Collection[str]) -> dict[str, User]:
    """Return the accounts with these addresses."""
    found = db.session.scalars(select(User).where(User.email.in_(emails)))
    return {account.email: account for account in found}


def named(author: User) -> dict[str, str]:
    """Return what names an author in files: a word, and the name when that says something else."""
    word = author.email.partition("@")[0] if is_import(author) else author.handle
    if author.name == readable(word):
        return {"author": word}
    return {"author": word, "author_name": author.name}
