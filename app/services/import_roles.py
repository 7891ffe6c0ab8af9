"""The cell of a list of people that says their roles: "blogger, themaspecialist: Wonen"."""

import re

from app.models import Role

NAMES = {
    "lid": Role.MEMBER, "member": Role.MEMBER,
    "blogger": Role.BLOGGER,
    "themaspecialist": Role.SPECIALIST, "themespecialist": Role.SPECIALIST,
    "specialist": Role.SPECIALIST,
    "ambassadeur": Role.AMBASSADOR, "ambassador": Role.AMBASSADOR,
    "moderator": Role.MODERATOR,
    "communitymanager": Role.MANAGER, "manager": Role.MANAGER,
    "beheerder": Role.ADMINISTRATOR, "administrator": Role.ADMINISTRATOR,
}  # fmt: skip
BETWEEN = re.compile(r"([|,])")


class UnknownRole(ValueError):
    """There is no role of this name."""


def read(cell: str) -> list[tuple[Role, str]]:
    """Return the roles in a cell, each with what stands after its colon: the name of a theme.

    Between roles stands a comma, a `|` or, where no theme is named, a space. The name of a theme may
    have commas. Raises UnknownRole.
    """
    found: list[tuple[Role, str]] = []
    pieces = ["", *BETWEEN.split(cell)]
    for sign, part in zip(pieces[::2], pieces[1::2], strict=True):
        names, colon, theme = part.partition(":")
        try:
            roles = named(names)
        except UnknownRole:
            if sign != "," or not found or not found[-1][1]:
                raise
            role, start = found.pop()
            found.append((role, f"{start}, {part.strip()}"))
            continue
        found += [(role, "") for role in roles]
        if colon and roles:
            found[-1] = (roles[-1], theme.strip())
    return [wish for wish in dict.fromkeys(found) if wish[0] is not Role.MEMBER]


def named(text: str) -> list[Role]:
    """Return one role that is called so, or else one for each word. Raises UnknownRole."""
    whole = NAMES.get(folded(text))
    if whole is not None:
        return [whole]
    words = text.split()
    for word in words:
        if folded(word) not in NAMES:
            raise UnknownRole(word)
    return [NAMES[folded(word)] for word in words]


def folded(text: str) -> str:
    """Return a name without capitals, spaces and hyphens."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
