"""Who else waits: reports, objections, questions to the manager and proposals, with their queues."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import ngettext
from flask_login import current_user

from app.queries.desk import MOST
from app.queries.desk_counts import Counts


@dataclass(frozen=True)
class Elsewhere:
    """One line: how many, of what, and the queue in which it is dealt with, when there is one."""

    number: str
    text: str
    url: str | None
    note: str = ""


TEXTS: dict[str, Callable[[int], str]] = {
    "reports": lambda n: ngettext("open report", "open reports", n),
    "held": lambda n: ngettext("text waits for approval", "texts wait for approval", n),
    "appeals": lambda n: ngettext(
        "objection should have been decided about",
        "objections should have been decided about",
        n,
    ),
    "help": lambda n: ngettext(
        "question to the community manager", "questions to the community manager", n
    ),
    "proposals": lambda n: ngettext(
        "proposal for the wiki waits too long for a specialist",
        "proposals for the wiki wait too long for a specialist",
        n,
    ),
}


def lines(counts: Counts) -> list[Elsewhere]:
    """Return a line for each of which there is any."""
    return [line(name, counts) for name in TEXTS if counts.get(name)]


def line(name: str, counts: Counts) -> Elsewhere:
    """Return one line."""
    number, late = counts[name], counts.get(f"{name}_late", 0)
    note = ngettext("%(num)d of them waits too long", "%(num)d of them wait too long", late)
    return Elsewhere(
        f"{MOST}+" if number > MOST else str(number), TEXTS[name](number), place(name),
        str(note) if late else "",
    )  # fmt: skip


def place(name: str) -> str | None:
    """Return where someone deals with it: proposals only who decides about them."""
    match name:
        case "reports":
            return url_for("moderation.queue")
        case "help":
            return url_for("help.index", state="open")
        case "proposals" if current_user.specialist_theme_ids:
            return url_for("proposals.index")
        case "held":
            return url_for("moderation.held")
        case "appeals":
            return url_for("decisions.appeals")
    return None
