"""security.txt (RFC 9116): where to report a weakness in this Kring."""

from datetime import date, timedelta
from urllib.parse import quote

from flask import current_app

from app.lib.clock import local, now
from app.site import site

ADDRESS = "/.well-known/security.txt"
LONGEST = timedelta(days=365)
"""The standard advises less than a year, so that nobody reports to an address that is gone."""
SOON = timedelta(days=30)


def written(contact: str, until: date) -> str:
    """Return the file, for a contact that is an e-mail address or a page, until the end of a day."""
    lines = {
        "Contact": contact if contact.startswith("https://") else f"mailto:{quote(contact, '@+')}",
        "Expires": f"{until.isoformat()}T23:59:59Z",
        "Preferred-Languages": "nl, en",
        "Canonical": current_app.config["BASE_URL"] + ADDRESS,
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def present() -> str | None:
    """Return the file as it is now, None when the settings do not say what should stand in it."""
    until = expires()
    contact = site().security_contact
    return written(contact, until) if contact and until else None


def expires() -> date | None:
    """Return the last day on which the file holds; None for no day."""
    try:
        return date.fromisoformat(site().security_expires)
    except ValueError:
        return None


def days_left() -> int | None:
    """Return how many days the file still holds, less than 0 when it is over; None without a file."""
    until = expires()
    return (until - today()).days if until and site().security_contact else None


def needs_renewal() -> bool:
    """Tell whether the file is over, or soon will be."""
    left = days_left()
    return left is not None and left <= SOON.days


def today() -> date:
    """Return the day that it is on a Dutch clock."""
    return local(now()).date()
