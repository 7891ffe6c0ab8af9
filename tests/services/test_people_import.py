"""A list of people becomes accounts: what a plan says is done, once, and by who may."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Department,
    Grant,
    LogEntry,
    OutgoingMail,
    Role,
    Setting,
    Theme,
    User,
    UserSession,
)
from app.services import import_plan, import_roles, people_import
from app.services.import_plan import Plan
from app.site import forget_site
from bench.statements import statements
from tests.cast import Cast, person

HEADER = "email;name;department;job_title;roles"
LOTTE = "lotte-lid@voorbeeldstad.example"


def content(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def bring(*lines: str, actor: User | None = None) -> Plan:
    """Import a list as a request or a command does."""
    made = people_import.bring(content(*lines), actor)
    db.session.commit()
    return made


def reasons(plan: Plan) -> list[str]:
    return [line.reason for line in plan.refused]


def found(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def roles_of(email: str) -> set[tuple[Role, int | None]]:
    rows = db.session.execute(
        select(Grant.role, Grant.theme_id)
        .join(User, User.id == Grant.user_id)
        .where(User.email == email)
    )
    return {(role, theme_id) for role, theme_id in rows}


def log() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(LogEntry).order_by(LogEntry.id))
    return [(row.action, row.subject_label, row.result) for row in rows]


def test_new_people_have_no_password_and_get_no_mail(cast: Cast) -> None:
    bring("Anna@B.nl;Anna Bos;Schuldhulp;Consulent;blogger", "b@b.nl;Anna Bos;schuldhulp ;;")
    db.session.expire_all()
    anna, other = found("anna@b.nl"), found("b@b.nl")
    assert (anna.name, anna.job_title, anna.handle) == ("Anna Bos", "Consulent", "anna-bos")
    assert other.handle == "anna-bos-2"
    assert anna.password_hash is None and anna.welcomed_at is None and anna.accepted_rules == 0
    assert anna.department_id == other.department_id is not None
    assert db.session.scalars(select(Department.name)).all() == ["Schuldhulp"]
    assert roles_of("anna@b.nl") == {(Role.BLOGGER, None)}
    assert not db.session.scalars(select(OutgoingMail.id)).all()
    assert log() == [
        ("department_added", "Schuldhulp", ""),
        ("account_added", "Anna Bos", ""),
        ("account_added", "Anna Bos", ""),
        ("role_granted", "Anna Bos", "blogger"),
    ]
    assert {row.actor_name for row in db.session.scalars(select(LogEntry))} == {"flask"}


def test_a_second_time_there_is_nothing_to_do(cast: Cast) -> None:
    lines = [
        "a@b.nl;Anna;Zorg;Consulent;blogger, themaspecialist: wonen",
        f"{LOTTE};Lotte Nieuw;  zorg;Adviseur;",
    ]
    first = bring(*lines)
    assert (len(first.added), len(first.updated)) == (1, 1)
    before = log()
    again = bring(*lines)
    assert (len(again.added), len(again.updated), len(again.unchanged)) == (0, 0, 2)
    assert log() == before
    assert db.session.scalar(select(func.count()).where(User.email == "a@b.nl")) == 1


def test_an_update_says_what_changes_and_an_empty_cell_changes_nothing(cast: Cast) -> None:
    bring(f"{LOTTE};Lotte Lid;Zorg;Consulent;")
    plan = bring(f"{LOTTE.upper()};Lotte de Boer;Wonen;;", f"{cast.other.email};Otto Ander;;;")
    assert [tuple(change) for change in plan.updated[0].changes] == [
        ("name", "Lotte Lid", "Lotte de Boer"),
        ("department", "Zorg", "Wonen"),
    ]
    assert len(plan.unchanged) == 1
    db.session.expire_all()
    assert (cast.member.name, cast.member.job_title) == ("Lotte de Boer", "Consulent")
    assert cast.member.handle == "lotte-lid"
    # Which department someone works in, and what they do, is theirs to show: not in the log.
    assert log()[-1] == ("account_changed", "Lotte Lid", "name, department")


def test_a_plan_writes_nothing(cast: Cast) -> None:
    with statements() as asked:
        plan = import_plan.plan(content("a@b.nl;Anna;Nieuw;;blogger", f"{LOTTE};L;;;"), None)
    assert (len(plan.added), len(plan.updated), plan.departments) == (1, 1, ("Nieuw",))
    assert not db.session.new and not db.session.dirty
    assert all(statement.startswith("SELECT") for statement in asked)


def test_who_left_stays_out(cast: Cast) -> None:
    cast.member.deactivated_at = now()
    db.session.commit()
    plan = bring(f"{LOTTE};Lotte Terug;Zorg;;blogger", "b@b.nl;Bo;;;")
    assert reasons(plan) == ["Dit account is gesloten. Open het eerst."]
    db.session.expire_all()
    assert cast.member.deactivated_at is not None and cast.member.name == "Lotte Lid"
    assert len(plan.added) == 1


def test_bad_lines_leave_the_good_ones(cast: Cast) -> None:
    lines = [f"fout{n};Persoon;;;" for n in range(500)] + ["a@b.nl;Anna;;;", "=b;Bo;;;"]
    plan = bring(*lines)
    assert [line.number for line in plan.refused] == [*range(2, 502), 503]
    assert reasons(plan)[0] == "Dit is geen e-mailadres."
    assert "formule" in reasons(plan)[-1]
    assert found("a@b.nl").name == "Anna"


class TestRoles:
    """What the column `roles` gives, and what it never gives."""

    @pytest.mark.parametrize("name", ["administrator", "beheerder", "Beheerder, blogger"])
    def test_nobody_becomes_administrator(self, cast: Cast, name: str) -> None:
        both = person("Beide", Role.ADMINISTRATOR, Role.MANAGER)
        db.session.commit()
        for actor in (None, cast.administrator, both):
            plan = bring(f"{LOTTE};Lotte;;;{name}", f"a@b.nl;Anna;;;{name}", actor=actor)
            assert len(plan.refused) == 2 and "maakt niemand beheerder" in reasons(plan)[0]
        db.session.expire_all()
        assert cast.member.roles == {Role.MEMBER} and cast.member.name == "Lotte Lid"
        assert db.session.scalar(select(User.id).where(User.email == "a@b.nl")) is None

    def test_an_administrator_gives_no_roles(self, cast: Cast) -> None:
        plan = bring(f"{LOTTE};Lotte;;;moderator", "a@b.nl;Anna;;;", actor=cast.administrator)
        assert "dat doet de communitymanager" in reasons(plan)[0]
        assert roles_of(LOTTE) == set() and found("a@b.nl")

    @pytest.mark.usefixtures("cast")
    def test_nobody_gives_themselves_a_role(self) -> None:
        both = person("Beide", Role.ADMINISTRATOR, Role.MANAGER)
        db.session.commit()
        plan = bring(f"{both.email};Beide;;;moderator", f"{LOTTE};Lotte;;;moderator", actor=both)
        assert reasons(plan) == ["Je kunt jezelf geen rol geven."]
        assert roles_of(LOTTE) == {(Role.MODERATOR, None)}

    def test_a_manager_gives_roles_in_their_own_name(self, cast: Cast) -> None:
        both = person("Beide", Role.ADMINISTRATOR, Role.MANAGER)
        db.session.add(UserSession(user_id=cast.member.id, token_hash="x"))
        db.session.commit()
        bring(f"{LOTTE};Lotte Lid;;;themaspecialist: Wonen | blogger", actor=both)
        assert roles_of(LOTTE) == {(Role.SPECIALIST, cast.other_theme.id), (Role.BLOGGER, None)}
        given = db.session.scalars(select(Grant).where(Grant.user_id == cast.member.id)).all()
        assert {grant.granted_by_id for grant in given} == {both.id}
        assert {grant.reason for grant in given} == {"Import van een lijst mensen"}
        # Who can sign in hears it, and takes a new session id.
        subjects = db.session.scalars(select(OutgoingMail.subject)).all()
        assert sorted(subjects) == ["Je bent nu blogger", "Je bent nu themaspecialist voor Wonen"]
        assert db.session.scalars(select(UserSession.must_renew)).all() == [True]

    @pytest.mark.usefixtures("cast")
    def test_a_command_mails_without_a_name(self) -> None:
        bring(f"{LOTTE};Lotte Lid;;;blogger")
        mail = db.session.scalars(select(OutgoingMail)).one()
        assert "Je hebt een rol gekregen: blogger." in mail.body

    def test_roles_are_added_and_never_withdrawn(self, cast: Cast) -> None:
        bring(f"{cast.blogger.email};Bea Blogger;;;moderator")
        assert roles_of(cast.blogger.email) == {(Role.BLOGGER, None), (Role.MODERATOR, None)}
        plan = bring(f"{cast.administrator.email};Bram Beheer;;;beheerder")
        assert len(plan.unchanged) == 1

    @pytest.mark.usefixtures("cast")
    def test_there_are_no_more_ambassadors_than_agreed(self) -> None:
        db.session.add(Setting(key="ambassador_cap", value=3))
        db.session.commit()
        forget_site()
        plan = bring(*(f"p{n}@b.nl;Persoon;;;ambassadeur" for n in range(4)))
        assert [line.number for line in plan.refused] == [4, 5]
        assert "Er zijn al 3 ambassadeurs" in reasons(plan)[0]
        held = select(func.count()).where(Grant.role == Role.AMBASSADOR)
        assert db.session.scalar(held) == 3

    @pytest.mark.parametrize(
        "cell, reason",
        [
            ("koning", "Er is geen rol “koning”."),
            ("blogger koning", "Er is geen rol “koning”."),
            ("themaspecialist", "Schrijf het thema achter de rol"),
            ("themaspecialist: Zwemmen", "Er is geen thema “Zwemmen”."),
            ("themaspecialist: Oud", "gearchiveerd"),
            ("blogger: Wonen", "Kies het thema"),
        ],
    )
    @pytest.mark.usefixtures("cast")
    def test_a_role_that_there_is_not(self, cell: str, reason: str) -> None:
        db.session.add(Theme(name="Oud", slug="oud", archived_at=now()))
        db.session.commit()
        plan = bring(f"a@b.nl;Anna;;;{cell}")
        assert reason in reasons(plan)[0] and not plan.added

    @pytest.mark.parametrize(
        "cell, wanted",
        [
            ("", []),
            ("lid, member", []),
            ("Blogger", [(Role.BLOGGER, "")]),
            ("community manager", [(Role.MANAGER, "")]),
            ("blogger moderator", [(Role.BLOGGER, ""), (Role.MODERATOR, "")]),
            ("blogger, blogger | Ambassadeur", [(Role.BLOGGER, ""), (Role.AMBASSADOR, "")]),
            ("blogger themaspecialist: Wonen", [(Role.BLOGGER, ""), (Role.SPECIALIST, "Wonen")]),
            ("themaspecialist: Werk, inkomen en zorg, blogger", [
                (Role.SPECIALIST, "Werk, inkomen en zorg"), (Role.BLOGGER, ""),
            ]),
            ("specialist: A | theme specialist: B", [(Role.SPECIALIST, "A"), (Role.SPECIALIST, "B")]),
        ],
    )  # fmt: skip
    def test_how_roles_can_be_written(self, cell: str, wanted: list[tuple[Role, str]]) -> None:
        assert import_roles.read(cell) == wanted


def many(number: int, job_title: str = "Consulent") -> Iterator[str]:
    """Yield lines of which many ask the same handle, and some a role."""
    for n in range(number):
        role = "blogger" if n % 10 == 0 else ""
        yield f"p{n}@b.nl;Persoon {n % 7};Afdeling {n % 5};{job_title};{role}"


def test_two_thousand_lines_take_a_few_statements(cast: Cast) -> None:
    with statements() as small:
        bring(*many(20))
    with statements() as first:
        plan = bring(*many(2000))
    assert len(plan.added) == 1980
    with statements() as second:
        plan = bring(*many(2000, "Adviseur"))
    assert len(plan.updated) == 2000
    assert len(first) < len(small) + 50 and len(second) < len(small) + 50
    handles = db.session.scalars(select(User.handle).where(User.email.endswith("@b.nl"))).all()
    assert len(set(handles)) == 2000
