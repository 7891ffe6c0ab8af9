"""E-mail addresses: one form for each, and lists of them as people paste them from elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

NAME_LENGTH = 120
# Anyone can have an address there, so it says nothing about where someone works.
PUBLIC_MAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com outlook.nl hotmail.com hotmail.nl live.com live.nl msn.com
    icloud.com me.com mac.com yahoo.com yahoo.nl proton.me protonmail.com pm.me gmx.com gmx.net
    gmx.de aol.com mail.com zoho.com tutanota.com tuta.com fastmail.com hey.com ziggo.nl
    ziggomail.com kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl chello.nl upcmail.nl quicknet.nl
    casema.nl xs4all.nl xmsnet.nl tele2.nl telfort.nl online.nl solcon.nl zonnet.nl caiway.nl
    caiway.net delta.nl zeelandnet.nl telenet.be skynet.be mailinator.com yopmail.com
    """.split()  # noqa: SIM905  # a list of names reads better as text
)
_BRACKETS = re.compile(r"([^<>]*)<([^<>]*)>")
_AROUND_NAME = " \t,\"'"


@dataclass(frozen=True)
class Entry:
    """One of a list: as it was typed, the name before the address, and the address itself."""

    text: str
    name: str
    address: str


def normal(address: str) -> str:
    """Return an address as it is kept: without capitals. Raises ValueError when it is none.

    What stands before the plus counts as it is: mail for `anna+kring@` may be another's than
    mail for `anna@`.
    """
    try:
        found = validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return found.normalized.lower()


def domain_of(address: str) -> str:
    """Return the domain of an address as computers write it, in ASCII. Raises ValueError."""
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return found.ascii_domain.lower()


def domain(text: str) -> str:
    """Return a domain as computers write it; `@` before it is left out. Raises ValueError."""
    return domain_of(f"x@{text.strip().removeprefix('@')}")


def is_in(address: str, domains: tuple[str, ...]) -> bool:
    """Tell whether an address lies in exactly one of these domains; what lies below one does not."""
    wanted = domain_of(address)
    for name in domains:
        try:
            if domain(name) == wanted:
                return True
        except ValueError:
            continue  # the environment can name anything
    return False


def entries(text: str) -> list[Entry]:
    """Read a list: one on a line, or separated by `;` or `,`, with or without a name before it."""
    parts = [part for part in re.split(r"[\n;]+", text) if part.strip()]
    return [entry for part in parts for entry in entries_of(part)]


def entries_of(part: str) -> Iterator[Entry]:
    """Read what stands between two line ends or semicolons: `Bos, Anna <anna@x.nl>, jan@x.nl`."""
    end = 0
    for match in _BRACKETS.finditer(part):
        *before, name = addresses_before(match[1])
        yield from before
        words = name.text.strip(_AROUND_NAME)
        yield Entry(
            f"{name.text.strip(' ,')} <{match[2]}>".strip(), turned(words), match[2].strip()
        )
        end = match.end()
    for piece in part[end:].split(","):
        yield from bare(piece)


def addresses_before(text: str) -> list[Entry]:
    """Split what stands before a bracket in bare addresses, and the name that is left."""
    pieces = text.split(",")
    first = 0
    while first < len(pieces) - 1 and ("@" in pieces[first] or not pieces[first].strip()):
        first += 1
    found = [entry for piece in pieces[:first] for entry in bare(piece)]
    return [*found, Entry(",".join(pieces[first:]), "", "")]


def bare(text: str) -> list[Entry]:
    """Read what has no brackets: one address, some with spaces between, or a name and an address."""
    words = text.split()
    if words and all("@" in word for word in words):
        return [Entry(word, "", word) for word in words]
    if words and [word for word in words if "@" in word] == words[-1:]:
        return [Entry(" ".join(words), turned(" ".join(words[:-1])), words[-1])]
    return [Entry(" ".join(words), "", " ".join(words))] if words else []


def turned(name: str) -> str:
    """Return a name as one says it: address books write "Boer, Jan de"."""
    last, comma, first = name.partition(",")
    said = f"{first} {last}" if comma and "," not in first else name
    return " ".join(said.split())[:NAME_LENGTH]
