"""People, themes, roles and groups of the example community."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from app.extensions import db
from app.lib.clock import now
from app.lib.slugs import slugify
from app.models import (
    Audience,
    Comment,
    Content,
    Discussion,
    Grant,
    Group,
    GroupKind,
    GroupRole,
    Membership,
    Proposal,
    Role,
    Setting,
    Theme,
    User,
)
from app.queries.templates import named
from app.services import activity, following, people, profiles, support_groups
from app.services.activity import Verb
from app.site import forget_site

DATA = Path(__file__).parent.parent / "demo_data"
DOMAIN = "voorbeeldstad.example"
ACCOUNTS = ("lid", "blogger", "specialist", "ambassadeur", "moderator", "manager", "beheer")
WEEKS = timedelta(weeks=8)
SEED = 2026
GROUP_TEXTS = ("description", "welcome", "rules", "is_support")
ROLE_REASON = "Bij de start van de Kring"


def load(name: str) -> Any:
    """Return what stands in a file of the example."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@dataclass
class Example:
    """What was made so far, by its key in the files; discussions and replies by title."""

    start: datetime
    people: dict[str, User] = field(default_factory=dict)
    themes: dict[str, Theme] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    pieces: dict[str, Discussion] = field(default_factory=dict)
    replies: dict[str, list[Comment]] = field(default_factory=dict)
    # The same choices every time: a picture of the example stays the same.
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311

    def readers(self, group: str | None) -> list[User]:
        """Return who takes part in a group, or everyone, in a fixed order."""
        keys = self.members[group] if group else list(self.people)
        return [self.people[key] for key in keys]


def log(
    verb: Verb,
    subject: Content | Comment | User | Group | Proposal,
    actor: User,
    moment: datetime,
    *,
    reason: str,
    result: str = "",
) -> None:
    """Add a row to the log for something of the past."""
    entry = activity.row(verb, subject, actor, reason=reason, result=result)
    entry.at = moment
    activity.log_all([entry])


def make_community(password_hash: str) -> Example:
    """Make people, themes, roles and groups. Everyone has the same password."""
    facts = load("community.yaml")
    example = Example(now())
    for key in ("name", "municipality", "tagline"):
        db.session.merge(Setting(key=key, value=facts[key]))
    forget_site()
    for position, theme in enumerate(facts["themes"]):
        made = Theme(
            name=theme["name"], slug=slugify(theme["name"]), description=theme["description"],
            position=position,
        )  # fmt: skip
        example.themes[theme["key"]] = made
        db.session.add(made)
    for key, *words in facts["people"]:
        add_person(example, key, words, password_hash)
        example.people[key].about = facts["about"].get(key, "")
    db.session.flush()
    add_profiles(example, facts)
    add_follows(example, facts)
    add_roles(example, facts)
    for group in facts["groups"]:
        add_group(example, group)
    db.session.flush()
    return example


def add_person(example: Example, key: str, words: list[str], password_hash: str) -> None:
    """Add someone who came within the first days and was seen not long ago."""
    name, department, job_title = words
    local_part = key if key in ACCOUNTS else slugify(name).replace("-", ".")
    person = people.add(
        name, f"{local_part}@{DOMAIN}", password_hash=password_hash, job_title=job_title,
        department=department,
    )  # fmt: skip
    person.accepted_rules, person.welcomed_at = 1, example.start - WEEKS
    person.steps_closed_at = example.start - WEEKS
    person.created_at = example.start - WEEKS - timedelta(hours=example.chance.randint(1, 72))
    person.last_seen_at = example.start - timedelta(hours=example.chance.randint(1, 90))
    example.people[key] = person


def add_profiles(example: Example, facts: dict[str, Any]) -> None:
    """Let people tell what they know about, and choose who sees what."""
    for key, names in facts["expertise"].items():
        profiles.set_expertise(example.people[key], names)
    for key, (phone, seen_by) in facts["phones"].items():
        example.people[key].phone = phone
        example.people[key].phone_audience = Audience(seen_by)
    for key, part, seen_by in facts["audiences"]:
        setattr(example.people[key], f"{part}_audience", Audience(seen_by))


def add_follows(example: Example, facts: dict[str, Any]) -> None:
    """Let people follow others, and themes."""
    for key, wanted in facts["follows"].items():
        for person in wanted["people"]:
            following.follow_person(example.people[key], example.people[person])
        for theme in wanted["themes"]:
            following.follow_theme(example.people[key], example.themes[theme])


def add_roles(example: Example, facts: dict[str, Any]) -> None:
    """Give the roles, by the manager, and write them in the log."""
    manager = example.people["manager"]
    moment = example.start - WEEKS
    wanted: list[tuple[Role, str, Theme | None]] = [
        (Role(role), key, None) for role, keys in facts["roles"].items() for key in keys
    ]
    wanted += [
        (Role.SPECIALIST, key, example.themes[theme])
        for theme, keys in facts["specialists"].items()
        for key in keys
    ]
    for role, key, theme in wanted:
        person = example.people[key]
        grant = Grant(
            role=role, theme=theme, granted_by_id=manager.id, granted_at=moment, reason=ROLE_REASON
        )
        person.grants.append(grant)
        result = f"{role}: {theme.name}" if theme else role.value
        log(Verb.ROLE_GRANTED, person, manager, moment, reason=ROLE_REASON, result=result)


def add_group(example: Example, facts: dict[str, Any]) -> None:
    """Make a group with its members."""
    kind = GroupKind(facts["kind"])
    moment = example.start - WEEKS + timedelta(days=1)
    group = Group(
        name=facts["name"], slug=slugify(facts["name"]), kind=kind, created_at=moment,
        **{name: facts[name] for name in GROUP_TEXTS if name in facts},
    )  # fmt: skip
    if "auto_role" in facts:
        group.auto_role = Role(facts["auto_role"])
    if group.is_support:
        question = named(support_groups.QUESTION)
        group.question_text = question.body if question else ""
    db.session.add(group)
    db.session.flush()
    roles = {
        **dict.fromkeys(facts["owners"], GroupRole.OWNER),
        **dict.fromkeys(facts["moderators"], GroupRole.MODERATOR),
    }
    example.members[facts["key"]] = [*roles, *facts["members"]]
    for key in example.members[facts["key"]]:
        role = roles.get(key, GroupRole.MEMBER)
        db.session.add(
            Membership(user=example.people[key], group=group, role=role, joined_at=moment)
        )
    maker = example.people[facts["owners"][0]]
    log(Verb.GROUP_MADE, group, maker, moment, reason="", result=kind.value)
    example.groups[facts["key"]] = group
