"""The sections of the settings, and how each is shown and saved on its own."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm

from app.lib import htmx
from app.policy import Ability, can
from app.services import settings
from app.site import PREFIX, fixed, site


class Area(StrEnum):
    """What a section is about, in the order of the first page of the settings."""

    COMMUNITY = "community"
    PEOPLE = "people"
    TECHNIQUE = "technique"


AREAS = {
    Area.COMMUNITY: _l("Community"),
    Area.PEOPLE: _l("People"),
    Area.TECHNIQUE: _l("Technique"),
}


@dataclass(frozen=True)
class Section:
    """A page of the settings: `name` is the last part of its endpoint."""

    name: str
    label: LazyString
    explanation: LazyString
    ability: Ability = Ability.CHANGE_SETTINGS
    icon: str = "settings"
    area: Area = Area.TECHNIQUE


SECTIONS = (
    Section(
        "general", _l("General"), _l("The name of the community, its logo, and its language."),
        icon="home", area=Area.COMMUNITY,
    ),
    Section(
        "style", _l("House style"), _l("The colours of the community."),
        icon="eye", area=Area.COMMUNITY,
    ),
    Section(
        "modules", _l("Parts"), _l("Which parts the community uses, and whether views are counted."),
        icon="folder", area=Area.COMMUNITY,
    ),
    Section(
        "themes", _l("Themes"), _l("Sub-areas of the profession: which there are, and in which order."),
        Ability.MANAGE_THEMES, icon="folder", area=Area.COMMUNITY,
    ),
    Section(
        "departments", _l("Departments"), _l("What people choose from in their profile."),
        icon="people", area=Area.PEOPLE,
    ),
    Section(
        "entry", _l("Getting in"), _l("Who can come in, and how long an invitation works."),
        icon="people", area=Area.PEOPLE,
    ),
    Section(
        "accounts", _l("Accounts"), _l("Everyone with an account: look up, close, open again."),
        Ability.MANAGE_ACCOUNTS, icon="person", area=Area.PEOPLE,
    ),
    Section(
        "import", _l("Import people"), _l("Make accounts of a list, after a look at what it does."),
        Ability.MANAGE_ACCOUNTS, icon="plus", area=Area.PEOPLE,
    ),
    Section(
        "community", _l("Agreements"), _l("How long a question may wait, and how many ambassadors there are."),
        icon="calendar", area=Area.COMMUNITY,
    ),
    Section(
        "moderation", _l("Moderating"), _l("What a moderator sees first, and how long things may take."),
        icon="flag", area=Area.COMMUNITY,
    ),
    Section(
        "keywords", _l("Keywords"), _l("Look through the keywords: rename, merge, delete."),
        Ability.MANAGE_KEYWORDS, icon="bookmark", area=Area.COMMUNITY,
    ),
    Section(
        "searches", _l("What people search for"), _l("What members look for, and what they do not find."),
        Ability.SEE_SEARCHES, icon="search", area=Area.COMMUNITY,
    ),
    Section(
        "templates", _l("Texts to begin with"), _l("What one can choose to begin a wiki page or a discussion with."),
        Ability.MANAGE_TEMPLATES, icon="page", area=Area.COMMUNITY,
    ),
    Section(
        "mail", _l("Mail"), _l("By which server mail leaves, with a test, and what did not leave."),
        icon="bell",
    ),
    Section(
        "uploads", _l("Documents"), _l("How large documents can be, and of which kinds."),
        icon="page",
    ),
    Section(
        "privacy", _l("Privacy"), _l("How long data is kept, and the register of processing."),
        icon="lock",
    ),
    Section(
        "security", _l("Report a weakness"), _l("Where others can tell that Kring is not safe."),
        icon="flag",
    ),
    Section(
        "log", _l("Log of the settings"), _l("Who changed which setting, and when."),
        icon="history",
    ),
    Section(
        "server", _l("Server"), _l("How Kring runs here. You only look: this is decided on the server."),
        icon="info",
    ),
)  # fmt: skip


def section_named(name: str) -> Section:
    """Return a section. Raises StopIteration when there is none."""
    return next(section for section in SECTIONS if section.name == name)


def mine() -> list[Section]:
    """Return the sections that the reader may open, by area."""
    areas = list(Area)
    open_to_reader = [section for section in SECTIONS if can(current_user, section.ability)]
    return sorted(open_to_reader, key=lambda section: areas.index(section.area))


def by_area() -> list[tuple[LazyString, list[Section]]]:
    """Return the sections that the reader may open with the title of their area."""
    found = [(AREAS[area], [s for s in mine() if s.area is area]) for area in Area]
    return [(title, sections) for title, sections in found if sections]


def chosen(form: FlaskForm) -> dict[str, Any]:
    """Return what a form says of settings that the environment does not fix."""
    return {name: value for name, value in settings_in(form).items() if name not in fixed()}


def settings_in(form: FlaskForm) -> dict[str, Any]:
    """Return what a form says of settings, by their names."""
    return {name: field.data for name, field in form._fields.items() if hasattr(site(), name)}


def plain_page(name: str, section: str = "", **values: Any) -> str:
    """Return a page of a section as its template says; the first page is called as its section."""
    return render_template(
        f"settings/{name}.html", section=section_named(section or name), sections=mine(), **values
    )


def page(name: str, form: FlaskForm, status: int = 200, **values: Any) -> ResponseReturnValue:
    """Return the page of a section; fields that the environment fixes cannot be filled in there."""
    lock_fixed(form)
    fixed_here = {field: f"{PREFIX}{field.upper()}" for field in fixed() & set(form._fields)}
    return plain_page(name, form=form, fixed=fixed_here, **values), status


def lock_fixed(form: FlaskForm) -> None:
    """Let fields that the environment fixes hold what it says, whatever was sent."""
    for key in fixed() & set(form._fields):
        field = form[key]
        field.process_data(getattr(site(), key))
        field.validators, field.render_kw = (), {"disabled": True}


def save(
    name: str, form: FlaskForm, also: Callable[[], bool] = lambda: False, **values: Any
) -> ResponseReturnValue:
    """Show a section, or keep what its form says: all of it, or, when a value is wrong, nothing.

    `also` keeps what is no setting, and tells whether that changed.
    """
    lock_fixed(form)
    if not form.is_submitted():
        return page(name, form, **values)
    if not form.validate():
        return page(name, form, 422, **values)
    changed = settings.change(chosen(form), current_user) + also()
    flash(
        _("The settings have been saved.") if changed else _("There was nothing to change."), "ok"
    )
    return htmx.see_other(request, url_for(f"settings.{name}"))
