from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from app.lib.passwords import SCORED_LENGTH, hash_password, needs_rehash, problem, verify
from tests.effort import fastest

GOOD = "fietsbel paarse kaas"
JAN = ["Jan Kwaadsteniet", "jan.kwaadsteniet@voorbeeldstad.example", "Gemeente Voorbeeldstad"]


def test_a_password_belongs_to_its_hash_only() -> None:
    stored = hash_password(GOOD)
    assert verify(stored, GOOD)
    assert not verify(stored, GOOD + " ")
    assert not verify(stored, "")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)


def test_the_chosen_parameters_stand_in_the_hash() -> None:
    assert hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("stored", [None, "", "!", "not a hash", "$argon2id$broken"])
def test_without_a_usable_hash_nobody_enters(stored: str | None) -> None:
    assert not verify(stored, GOOD)


@pytest.mark.parametrize("stored", [None, "!"])
def test_an_unknown_account_takes_the_same_work(stored: str | None) -> None:
    known = hash_password(GOOD)
    real, dummy = fastest(lambda: verify(known, "x")), fastest(lambda: verify(stored, "x"))
    assert real / 2 < dummy < real * 2


def test_one_sign_typed_in_two_ways_is_one_password() -> None:
    assert verify(hash_password("cafe\u0301 met een terras"), "caf\u00e9 met een terras")


@pytest.mark.parametrize("password", ["\ud800" * 12, "\x00" * 12, "🚲" * 256])
def test_strange_signs_can_be_kept(password: str) -> None:
    assert verify(hash_password(password), password)


def test_older_parameters_ask_for_a_new_hash() -> None:
    older = PasswordHasher(memory_cost=8_192, time_cost=1, parallelism=1).hash(GOOD)
    assert needs_rehash(older)
    assert verify(older, GOOD)
    assert not needs_rehash(hash_password(GOOD))


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "voorbeeld-kring-2026",
        "correct horse battery",
        "lekkerfietsennaarhetwerk",
        "x7!kQp2vLm9z",
        "vier woorden op papier",
        "Kwaadsteniet eet graag rode uien",
        "ééndagsvlieg op zolder",
        "密码密码很长的一句话啊啊啊",
    ],
)
def test_good_passwords_are_taken(password: str) -> None:
    assert problem(password, words=JAN) is None


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "passwordpassword", "qwertyuiop12", "123456789012", "aaaaaaaaaaaa",
        "abcdefghijkl", "1q2w3e4r5t6y", "Amsterdam2026", "september2026", "p@ssw0rd1234",
        "welkom123456", "Welkom2026!!", "W3lkom012345", "Wachtwoord12", "wachtwoord123",
        "Gemeente2026!", "gemeente1234", "Zomer2026zomer", "December2026!", "hallohallo12",
        "ikhouvanjou12", "welkom@2026!!", "geheim!2026!",
        "a" * 256, "wáchtwóórd123", "kring-kring-kring",
    ],
)  # fmt: skip
def test_common_passwords_are_refused(password: str) -> None:
    assert problem(password, words=JAN) == "common"


@pytest.mark.parametrize(
    "password",
    [
        "Voorbeeldstad2026!",
        "voorbeeldstad12",
        "jan.kwaadsteniet@voorbeeldstad.example",
        "kwaadsteniet26",
    ],
)
def test_a_name_with_little_more_is_refused(password: str) -> None:
    assert problem(password, words=JAN) == "contains_name"


def test_without_names_the_same_password_is_taken() -> None:
    assert problem("kwaadsteniet26") is None


@pytest.mark.parametrize(
    "password, answer",
    [
        ("", "too_short"),
        ("x7!kQp2vLm9", "too_short"),
        ("x7!kQp2vLm9z", None),
        (GOOD + "ë" * (256 - len(GOOD)), None),
        (GOOD + "ë" * (257 - len(GOOD)), "too_long"),
        ("x7!kQp2vLe\u0301z", "too_short"),
    ],
)
def test_length_is_counted_in_signs(password: str, answer: str | None) -> None:
    assert problem(password) == answer


@pytest.mark.parametrize(
    "password", ["4@8({[<369&#!1/|0$5+7%2" * 11, "a4@8bc({<[3ei1!|l0o$5s+7tz2%x" * 8, "aA" * 128]
)
def test_a_long_password_takes_no_longer_to_judge(password: str) -> None:
    short = password[:SCORED_LENGTH]
    assert fastest(lambda: problem(password)) < 2 * fastest(lambda: problem(short))


def test_names_of_one_person_are_not_held_against_another() -> None:
    cases = [("kwaadsteniet26", ["Jan Kwaadsteniet"]), ("kwaadsteniet26", ["Els Bakker"])] * 40
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda case: problem(case[0], words=case[1]), cases))
    assert answers == ["contains_name", None] * 40
