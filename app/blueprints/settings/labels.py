"""What settings are called, and their values in words, where they stand in a list."""

import json
import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

LABELS = {
    "name": _l("Name of the community"),
    "municipality": _l("Name of the municipality"),
    "tagline": _l("What it is for, in one sentence"),
    "locale": _l("Language for visitors and new members"),
    "logo_sha256": _l("Logo"),
    "logo_type": _l("Kind of image of the logo"),
    "style": _l("House style"),
    "brand_colour": _l("Colour of the community"),
    "entry_domains": _l("E-mail domains that can make an account"),
    "entry_requests": _l("Asking to be let in"),
    "invitation_days": _l("Days that an invitation holds"),
    "mail_host": _l("Mail server"),
    "mail_port": _l("Port of the mail server"),
    "mail_security": _l("Protection of the mail connection"),
    "mail_username": _l("User name at the mail server"),
    "mail_password": _l("Password at the mail server"),
    "mail_from": _l("Sender of mail"),
    "keep_mail_days": _l("Days that sent mail is kept"),
    "keep_notifications_days": _l("Days that notifications are kept"),
    "keep_attempts_days": _l("Days that sign-in attempts are kept"),
    "keep_bin_days": _l("Days that wiki pages stay in the bin"),
    "upload_megabytes": _l("Largest document, in megabytes"),
    "upload_types": _l("Kinds of documents"),
    "show_views": _l("Counting and showing views"),
    "modules_off": _l("Parts that are off"),
    "unanswered_days": _l("Working days after which a question stands out"),
    "ambassador_cap": _l("Ambassadors, at most"),
    "help_days": _l("Working days within which the manager answers"),
    "own_edit_days": _l("Days to change or withdraw your own text"),
    "case_hours": _l("Hours until a reminder of a report"),
    "hide_after_reports": _l("Reports after which something is hidden"),
    "watched_words": _l("Words that a moderator wants to know of"),
    "premoderated_posts": _l("First texts of a new member that wait"),
    "appeal_days": _l("Days to object to a decision"),
    "call_list": _l("Who to call"),
    "crisis_mode": _l("What a crisis changes"),
    "crisis_banner": _l("Message to the members"),
    "crisis_theme": _l("Theme of the crisis"),
    "crisis_group": _l("Group of the crisis"),
    "moderation_review_on": _l("Day of the next evaluation"),
    "rules_version": _l("Version of the house rules to accept"),
    "security_contact": _l("Whom to tell of a weakness"),
    "security_expires": _l("Last day of security.txt"),
}
ARROW = " → "
_SHA256 = re.compile("[0-9a-f]{64}")


def label_of(key: str) -> str:
    """Return what a setting is called; one that there is no more goes by its own name."""
    return str(LABELS.get(key, key))


def change_in_words(result: str) -> tuple[str, str]:
    """Return the old and the new value of a row of the log, in words."""
    old, arrow, new = result.partition(ARROW)
    return (in_words(old), in_words(new)) if arrow else ("", in_words(old))


def in_words(text: str) -> str:
    """Return a value that the log holds as people say it."""
    known = {"true": _("on"), "false": _("off"), "": _("(empty)"), "[]": _("(empty)")}
    if text in known:
        return str(known[text])
    if _SHA256.fullmatch(text):
        return f"{text[:12]}…"
    return ", ".join(map(str, listed(text))) if text.startswith("[") else text


def listed(text: str) -> list[Any]:
    """Return the parts of a list as the log holds it; cut off, it is one part."""
    try:
        found = json.loads(text)
    except ValueError:
        return [text]
    return found if isinstance(found, list) else [text]
