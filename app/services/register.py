"""The register of processing, as article 30 of the GDPR asks, for what Kring does."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from app.models.user import SESSION_LIFETIME
from app.site import site


def headers() -> list[str]:
    """Return the names of the columns."""
    return [
        _("Processing"), _("Purpose"), _("Of whom"), _("Which data"), _("Recipients"),
        _("How long"), _("Security"),
    ]  # fmt: skip


def rows() -> Iterator[tuple[str, ...]]:
    """Yield one row for each processing; the terms are those that are set now."""
    members = _("Members, with an account")
    everyone = _("Everyone who can read the piece: the community, or a group")
    technique = _("Connections are encrypted (HTTPS). Who may what is decided in one place and tested. Measures and settings stand in a log that nobody can change.")  # fmt: skip
    for processing, purpose, whom, which, recipients, term in (
        (
            _("Accounts and profiles"), _("Know who takes part, and find each other's expertise"), members,
            _("Name, e-mail address, job title, department, roles; and, as each member chooses, photo, telephone, expertise and a text"),
            _("Other members, as far as the member allows; the community manager"),
            _("As long as someone takes part; when they leave, the name can be let go"),
        ),
        (
            _("Discussions, wiki pages, replies and documents"), _("Share knowledge about the work"), members,
            _("What members write and add, with their name and the time; likes, what they follow and keep; which day they read a piece"),
            everyone, _("As long as the community uses it; views are counted without showing who"),
        ),
        (
            _("Drafts"), _("Lose nothing that someone is writing"), members,
            _("What a member has written and not sent, and when"),
            _("The member"), _("Until the member sends it or throws it away"),
        ),
        (
            _("Search terms"), _("Show what people look for and do not find"), members,
            _("The words, the day and how often; not who searched, and nothing that looks like an e-mail address or a long number"),
            _("The community manager"),
            _("As long as the community exists"),
        ),
        (
            _("Signing in"), _("Let in members only, and stop guessing of passwords"),
            _("Members, and who tries to sign in"),
            _("Password as a hash; sessions with browser and address of the machine; attempts with e-mail address and address of the machine"),
            _("The administrator"),
            _("Sessions %(sessions)s, attempts %(attempts)s", sessions=days(SESSION_LIFETIME.days),
              attempts=days(site().keep_attempts_days)),
        ),
        (
            _("Invitations and requests to be let in"), _("Decide who takes part"),
            _("Who is invited, or asks to be let in"),
            _("Name, e-mail address, message, and who decided"),
            _("The community manager and the administrator"), _("A year after it is over"),
        ),
        (
            _("Mail"), _("Tell members what concerns them"), members,
            _("E-mail address, subject and text of each mail"),
            _("The member; the mail server of the municipality; the administrator sees address and subject of what did not leave"),
            days(site().keep_mail_days),
        ),
        (
            _("Notifications"), _("Show what is new for a member"), members,
            _("What happened, by whom and when"), _("The member"),
            _("%(days)s after reading", days=days(site().keep_notifications_days)),
        ),
        (
            _("Reports, measures and the log"), _("Keep the conversation safe, and account for the use of power"), members,
            _("Who reported or decided what, why and when; the address of the machine of who decided"),
            _("Moderators, the community manager and the administrator"),
            _("As long as the community exists"),
        ),
        (
            _("Questions to the community manager"), _("Help members"), members,
            _("The question, the answer and the page on which it came up"),
            _("The community manager"), _("As long as the community exists"),
        ),
    ):  # fmt: skip
        yield processing, purpose, whom, which, recipients, term, technique


def days(number: int) -> str:
    """Return a number of days in words."""
    return str(ngettext("%(num)d day", "%(num)d days", number))
