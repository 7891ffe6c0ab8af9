"""Keeping passwords (argon2id) and refusing the ones that are guessed first.

Rules after NIST SP 800-63B and ASVS 5.0 6.2: a length, no rules of composition, and a check
against what attackers try first. That check is zxcvbn's: it knows the common passwords and how
people vary them, so `Welkom2026!!` is refused as well as `welkom`.
"""

import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from secrets import token_bytes
from threading import Lock
from typing import Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.lib.lazily import lazily

zxcvbn = lazily("zxcvbn")  # 12 MB of what people choose, for who chooses a password
Problem = Literal["too_short", "too_long", "common", "contains_name"]

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 256

ENOUGH_GUESSES: Final = 10**10
"""zxcvbn's highest score. The one below starts at 10**8, where any three words arrive."""

SCORED_LENGTH: Final = 32
"""More signs only make it harder to guess, while scoring takes 0.3 s here and 2.4 s at 100."""

_SHORTEST_NAME = 3
_FAVOURITES = """
welkom wachtwoord gemeente geheim inloggen intranet kring werk kantoor ambtenaar raadhuis
gemeentehuis stadhuis lente zomer herfst winter voorjaar najaar januari februari maart april
mei juni juli augustus september oktober november december maandag dinsdag woensdag
donderdag vrijdag zaterdag zondag nederland holland oranje amsterdam rotterdam utrecht
denhaag feyenoord ajax psv hallo schatje liefje lieverd kusje knuffel poes hond mama papa
ikhouvanjou ikhouvanje vakantie voetbal fiets bloemen zonnetje vlinder koningsdag kerstmis
beheerder beheer admin tijdelijk verander nieuw test toegang sleutel kennis community
""".split()  # noqa: SIM905 - sixty words read better as text
_YEARS = [str(year) for year in range(2020, 2040)]  # zxcvbn knows the years up to 2019


def _random(number: int) -> str:
    return b64encode(token_bytes(number)).decode().rstrip("=")


_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
# A hash that no password leads to, with the parameters of the others: checking takes as long.
_hash_of_nobody = f"$argon2id$v=19$m=19456,t=2,p=1${_random(16)}${_random(32)}"
_scoring = Lock()


def hash_password(password: str) -> str:
    """Make the argon2id hash to store, with its parameters and salt."""
    return _hasher.hash(_bytes(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the stored hash.

    Without a usable hash (an unknown account, one that cannot sign in) the answer is no, after
    the same work, so that the time taken tells nobody which accounts exist.
    """
    try:
        _hasher.verify(stored or _hash_of_nobody, _bytes(password))
    except InvalidHashError:
        return verify(None, password)
    except VerificationError:
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def problem(password: str, *, words: Iterable[str] = ()) -> Problem | None:
    """Why this password may not be chosen; None when it may.

    `words`: what others know of the person: name, e-mail address, name of the organisation. They
    may stand in the password, as long as the rest makes it hard enough to guess.
    """
    length = len(_normal(password))
    if length < MIN_LENGTH:
        return "too_short"
    if length > MAX_LENGTH:
        return "too_long"
    if _guesses(password, _names(words)) >= ENOUGH_GUESSES:
        return None
    return "common" if _guesses(password, []) < ENOUGH_GUESSES else "contains_name"


def _guesses(password: str, names: list[str]) -> int:
    # zxcvbn keeps the words of a call in a global, so two calls at once would mix them up.
    with _scoring:
        scored = zxcvbn.zxcvbn(_folded(password)[:SCORED_LENGTH], [*names, *_FAVOURITES, *_YEARS])
    return int(scored["guesses"])


def _names(words: Iterable[str]) -> list[str]:
    """List the words and the parts that they are made of: `jan.de.boer@x.nl` gives `boer` too."""
    whole = [_folded(word) for word in words]
    parts = ["".join(c if c.isalnum() else " " for c in word).split() for word in whole]
    names = [*whole, *(part for some in parts for part in some), *map("".join, parts)]
    return [name[:SCORED_LENGTH] for name in dict.fromkeys(names) if len(name) >= _SHORTEST_NAME]


def _normal(password: str) -> str:
    """One form for what keyboards write in two ways, such as é in one sign or in two."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).lower()
