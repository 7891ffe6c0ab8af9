"""Who there is in a seed: members, their roles, themes, groups and keywords, as rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.lib.slugs import slugify
from app.models import (
    Department,
    Expertise,
    Grant,
    Group,
    GroupKind,
    GroupRole,
    Membership,
    PersonFollow,
    Role,
    Setting,
    Tag,
    Theme,
    ThemeFollow,
    ThemeLevel,
    User,
)
from bench import vocabulary as words
from bench.texts import Writer

DOMAIN = "voorbeeldstad.example"
READER = 1
"""The member whose pages are measured."""
KINDS = (GroupKind.OPEN,) * 6 + (GroupKind.CLOSED,) * 3 + (GroupKind.HIDDEN,)
TAGS = 120
SPECIALISTS_A_THEME = 5
Rows = Iterator[tuple[Any, list[dict[str, Any]]]]


def address_of(member: int) -> str:
    """Return the e-mail address of a member by number; they all have one password."""
    return f"lid-{member:05d}@{DOMAIN}"


@dataclass
class People:
    """Everyone by number, and who can read what."""

    members: int
    groups: int
    now: datetime
    chance: Random
    of_group: dict[int, list[int]] = field(default_factory=dict)
    specialists: dict[int, list[int]] = field(default_factory=dict)

    def readers(self, group: int | None) -> range | list[int]:
        """Return who takes part in a group, or in the whole community."""
        return self.of_group[group] if group else range(1, self.members + 1)

    def before(self, days: float) -> datetime:
        """Return a moment so many days ago."""
        return self.now - timedelta(days=days)

    def rows(self, password_hash: str, writer: Writer) -> Rows:
        """Yield tables with their rows, in an order in which each row finds what it names."""
        yield (
            Setting,
            [
                {"key": "name", "value": "Kenniskring"},
                {"key": "municipality", "value": "Voorbeeldstad"},
            ],
        )
        yield (
            Department,
            [{"id": number, "name": name} for number, name in enumerate(words.DEPARTMENTS, 1)],
        )
        yield User, [self._user(number, password_hash) for number in range(1, self.members + 1)]
        yield Theme, [
            {"id": number, "name": name, "slug": slugify(name), "position": number,
             "description": writer.sentence()}
            for number, name in enumerate(words.THEMES, 1)
        ]  # fmt: skip
        yield (
            Tag,
            [
                {"id": number, "name": noun, "slug": slugify(noun)}
                for number, noun in enumerate(dict.fromkeys(words.NOUNS[:TAGS]), 1)
            ],
        )
        yield Grant, list(self._grants())
        yield Group, [self._group(number, writer) for number in range(1, self.groups + 1)]
        yield Membership, list(self._memberships())
        yield Expertise, list(self._expertise())
        yield ThemeFollow, list(self._theme_follows())
        yield PersonFollow, list(self._person_follows())

    def _user(self, number: int, password_hash: str) -> dict[str, Any]:
        chance = self.chance
        name = f"{chance.choice(words.FIRST_NAMES)} {chance.choice(words.LAST_NAMES)}"
        came = self.before(chance.uniform(1100, 1500))
        return {
            "id": number, "email": address_of(number), "name": name,
            "handle": f"{slugify(name)}-{number}", "password_hash": password_hash,
            "department_id": chance.randint(1, len(words.DEPARTMENTS)),
            "job_title": chance.choice(words.JOBS), "created_at": came, "accepted_rules": 1,
            "welcomed_at": came, "steps_closed_at": came,
            "last_seen_at": self.before(chance.expovariate(1 / 20)),
        }  # fmt: skip

    def _grants(self) -> Iterator[dict[str, Any]]:
        """Give roles to those with the highest numbers: the first ones are members only."""
        last = self.members
        wanted = [Role.ADMINISTRATOR, *[Role.MANAGER] * 2, *[Role.MODERATOR] * 5]
        wanted += [Role.AMBASSADOR] * 15 + [Role.BLOGGER] * 20
        for role in wanted:
            yield self._grant(last, role, None)
            last -= 1
        for theme in range(1, len(words.THEMES) + 1):
            self.specialists[theme] = list(range(last - SPECIALISTS_A_THEME + 1, last + 1))
            for number in self.specialists[theme]:
                yield self._grant(number, Role.SPECIALIST, theme)
            last -= SPECIALISTS_A_THEME

    def _grant(self, number: int, role: Role, theme: int | None) -> dict[str, Any]:
        return {
            "user_id": number, "role": role, "theme_id": theme, "granted_at": self.before(1000),
            "reason": "",
        }  # fmt: skip

    def _group(self, number: int, writer: Writer) -> dict[str, Any]:
        name = f"Kring {number}: {writer.fill('AN').lower()}"
        return {
            "id": number, "name": name, "slug": slugify(name), "kind": KINDS[number % len(KINDS)],
            "description": writer.paragraph(2), "created_at": self.before(1000),
            "checked_at": self.before(30),
        }  # fmt: skip

    def _memberships(self) -> Iterator[dict[str, Any]]:
        """Give each group some of the members; the reader is in the first three."""
        for group in range(1, self.groups + 1):
            size = self.chance.randint(self.members // 50 + 3, self.members // 8 + 4)
            chosen = set(self.chance.sample(range(2, self.members + 1), size))
            chosen |= {READER} if group in {1, 2, 3} else set()
            self.of_group[group] = sorted(chosen)
            for place, number in enumerate(self.of_group[group]):
                role = GroupRole.OWNER if place in {1, 2} else GroupRole.MEMBER
                yield {"user_id": number, "group_id": group, "role": role,
                       "joined_at": self.before(900)}  # fmt: skip

    def _expertise(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.members + 1, 2):
            for noun in set(self.chance.choices(words.NOUNS, k=3)):
                yield {"user_id": number, "slug": slugify(noun), "name": noun}

    def _theme_follows(self) -> Iterator[dict[str, Any]]:
        themes = range(1, len(words.THEMES) + 1)
        for number in range(1, self.members + 1):
            for theme in self.chance.sample(themes, 3):
                yield {"user_id": number, "theme_id": theme, "level": ThemeLevel.HOME,
                       "created_at": self.before(800)}  # fmt: skip

    def _person_follows(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.members + 1):
            for other in set(self.chance.choices(range(1, self.members + 1), k=4)) - {number}:
                yield {"user_id": number, "person_id": other, "created_at": self.before(700)}
