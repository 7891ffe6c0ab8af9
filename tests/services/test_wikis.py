"""Wiki pages as a whole: versions, conflicts, the tree, the bin, and links that stay right."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.extensions import Kring, commit, db
from app.models import (
    Follow,
    LogEntry,
    Notification,
    Revision,
    Standing,
    Status,
    Theme,
    User,
    WikiLink,
    WikiPage,
)
from app.queries import wikis as queries
from app.services import text, wikis
from app.services.wikis import Conflict, Facts, MisplacedError, Version
from tests.cast import Cast


def make(
    author: User, theme: Theme, title: str, body: str = "Tekst.", parent: WikiPage | None = None
) -> WikiPage:
    page = wikis.create(theme, Version(title, body, author), parent=parent)
    db.session.commit()
    return page


def save(page: WikiPage, author: User, title: str | None = None, body: str | None = None) -> None:
    version = Version(title or page.title, body or page.body, author)
    wikis.save(page, version, expected_version=page.version)
    db.session.commit()


def html(page: WikiPage) -> str:
    db.session.expire_all()
    db.session.commit()
    return page.body_html


def below(page: WikiPage | None, theme: Theme) -> list[str]:
    found = queries.siblings(theme.id, page.id if page else None)
    return [each.title for each in db.session.scalars(found)]


def test_a_new_page_has_its_first_version_and_its_author_follows_it(cast: Cast) -> None:
    page = make(cast.specialist, cast.theme, "Beslagvrije voet", "# Kop\n\nZo werkt het.")
    revision = db.session.scalars(select(Revision)).one()
    assert (revision.number, revision.body, page.version) == (1, "# Kop\n\nZo werkt het.", 1)
    assert "Zo werkt het." in page.body_html and page.summary.endswith("Zo werkt het.")
    assert db.session.get(Follow, (cast.specialist.id, page.id))
    assert page.status is Status.PUBLISHED


def test_every_save_is_a_version_and_followers_hear_of_it(cast: Cast) -> None:
    page = make(cast.specialist, cast.theme, "Beslag")
    db.session.add(Follow(user_id=cast.member.id, content_id=page.id))
    version = Version("Beslag", "Nieuwe tekst.", cast.specialist, note="Wet veranderd")
    wikis.save(page, version, expected_version=1)
    db.session.commit()
    revisions = db.session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [(r.number, r.note) for r in revisions] == [(1, ""), (2, "Wet veranderd")]
    heard = db.session.scalars(select(Notification)).one()
    assert (heard.user_id, heard.verb) == (cast.member.id, "wiki_edited")
    logged = db.session.scalars(select(LogEntry)).one()
    assert (logged.action, logged.reason) == ("wiki_edited", "Wet veranderd")
    assert page.edited_by is cast.specialist


def test_a_save_on_an_older_version_changes_nothing(cast: Cast) -> None:
    page = make(cast.specialist, cast.theme, "Beslag")
    save(page, cast.specialist, body="Van de eerste.")
    with pytest.raises(Conflict) as conflict:
        wikis.save(page, Version("Beslag", "Van de tweede.", cast.specialist), expected_version=1)
    assert conflict.value.latest.body == "Van de eerste."
    db.session.commit()
    assert page.version == 2 and db.session.scalar(select(func.count(Revision.id))) == 2


def test_the_same_save_sent_twice_is_one_version(cast: Cast) -> None:
    page = make(cast.specialist, cast.theme, "Beslag")
    for _ in range(2):
        version = Version("Beslag", "Nog eens.", cast.specialist)
        wikis.save(page, version, expected_version=1)
        db.session.commit()
    assert page.version == 2 and db.session.scalar(select(func.count(Revision.id))) == 2


def test_an_old_version_returns_as_a_new_one(cast: Cast) -> None:
    page = make(cast.specialist, cast.theme, "Beslag", "Eerst dit.")
    save(page, cast.specialist, title="Beslag leggen", body="Toen dat.")
    first = db.session.scalars(select(Revision).where(Revision.number == 1)).one()
    wikis.restore(page, first, cast.specialist, expected_version=2)
    db.session.commit()
    assert (page.version, page.title, page.body, page.slug) == (3, "Beslag", "Eerst dit.", "beslag")
    assert "Eerst dit." in page.body_html


def test_versions_of_an_import_are_cheap_and_keep_their_dates(cast: Cast) -> None:
    moments = [datetime(2024, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3)]
    first, *others = [
        Version("Beslag", f"Versie {moment.day}", cast.blogger, created_at=moment)
        for moment in moments
    ]
    page = wikis.build(cast.theme, first, source_path="beslag.md")
    for other in others:
        wikis.add_version(page, other)
    assert page.body_html in ("", None)
    wikis.render(page)
    db.session.commit()
    kept = select(Revision.created_at).order_by(Revision.number)
    assert list(db.session.scalars(kept)) == moments
    assert (page.created_at, page.edited_at, page.last_active_at) == (
        moments[0], moments[2], moments[2],
    )  # fmt: skip
    assert "Versie 3" in page.body_html and page.renderer > 0
    assert not db.session.scalar(select(func.count(LogEntry.id)))


def test_standing_owner_and_keywords_stay_unless_given(cast: Cast) -> None:
    page = make(cast.specialist, cast.theme, "Beslag")
    facts = Facts(standing=Standing.EXPIRED, owner=cast.specialist, keywords=["Wet"])
    db.session.refresh(page, ["tags"])
    wikis.save(page, Version("Beslag", "a", cast.specialist), expected_version=1, facts=facts)
    save(page, cast.specialist, body="b")
    db.session.refresh(page, ["tags"])
    assert (page.standing, page.owner) == (Standing.EXPIRED, cast.specialist)
    assert [tag.name for tag in page.tags] == ["Wet"]


# The tree


def test_pages_stand_in_order_and_can_be_put_elsewhere(cast: Cast) -> None:
    a, b, c = (make(cast.specialist, cast.theme, name) for name in "abc")
    wikis.move(c, cast.specialist, theme=cast.theme, parent=None, after=wikis.FIRST)
    assert below(None, cast.theme) == ["c", "a", "b"]
    wikis.move(c, cast.specialist, theme=cast.theme, parent=None, after=a.id)
    assert below(None, cast.theme) == ["a", "c", "b"]
    wikis.move(a, cast.specialist, theme=cast.theme, parent=None)
    assert below(None, cast.theme) == ["c", "b", "a"]
    wikis.move(a, cast.specialist, theme=cast.theme, parent=b)
    assert (below(None, cast.theme), below(b, cast.theme)) == (["c", "b"], ["a"])


def test_no_page_stands_in_its_own_branch(cast: Cast) -> None:
    a = make(cast.specialist, cast.theme, "a")
    b = make(cast.specialist, cast.theme, "b", parent=a)
    c = make(cast.specialist, cast.theme, "c", parent=b)
    for parent in (a, b, c):
        with pytest.raises(MisplacedError, match="own_branch"):
            wikis.move(a, cast.specialist, theme=cast.theme, parent=parent)


def test_a_branch_is_at_most_so_deep(cast: Cast) -> None:
    parent = None
    for number in range(wikis.MAX_DEPTH):
        parent = make(cast.specialist, cast.theme, f"Pagina {number}", parent=parent)
    with pytest.raises(MisplacedError, match="too_deep"):
        make(cast.specialist, cast.theme, "Te diep", parent=parent)
    top = make(cast.specialist, cast.theme, "Los")
    with pytest.raises(MisplacedError, match="too_deep"):
        wikis.move(top, cast.specialist, theme=cast.theme, parent=parent)


def test_a_branch_goes_to_another_theme_as_a_whole(cast: Cast) -> None:
    a = make(cast.specialist, cast.theme, "a")
    b = make(cast.specialist, cast.theme, "b", parent=a)
    wikis.move(a, cast.specialist, theme=cast.other_theme, parent=None)
    db.session.commit()
    assert (a.theme_id, b.theme_id) == (cast.other_theme.id, cast.other_theme.id)
    assert below(a, cast.other_theme) == ["b"]


def test_a_parent_in_another_theme_is_refused(cast: Cast) -> None:
    elsewhere = make(cast.other_specialist, cast.other_theme, "elders")
    with pytest.raises(MisplacedError, match="other_theme"):
        make(cast.specialist, cast.theme, "a", parent=elsewhere)


# The bin


def test_a_branch_goes_into_the_bin_and_comes_back_as_a_whole(cast: Cast) -> None:
    a = make(cast.specialist, cast.theme, "a")
    b = make(cast.specialist, cast.theme, "b", parent=a)
    c = make(cast.specialist, cast.theme, "c", parent=b)
    wikis.archive(c, cast.specialist)
    assert wikis.archive(a, cast.specialist) == 1
    db.session.commit()
    assert {page.status for page in (a, b, c)} == {Status.ARCHIVED}
    wikis.unarchive(a, cast.specialist)
    db.session.commit()
    assert (a.status, b.status, c.status) == (
        Status.PUBLISHED, Status.PUBLISHED, Status.ARCHIVED,
    )  # fmt: skip
    assert below(a, cast.theme) == ["b"]
    wikis.unarchive(c, cast.specialist)
    assert below(b, cast.theme) == ["c"]


def test_a_page_whose_parent_lies_in_the_bin_returns_on_top(cast: Cast) -> None:
    a = make(cast.specialist, cast.theme, "a")
    b = make(cast.specialist, cast.theme, "b", parent=a)
    wikis.archive(a, cast.specialist)
    wikis.unarchive(b, cast.specialist)
    db.session.commit()
    assert (b.status, b.parent_id, a.status) == (Status.PUBLISHED, None, Status.ARCHIVED)


def test_nothing_is_put_under_a_page_in_the_bin(cast: Cast) -> None:
    a = make(cast.specialist, cast.theme, "a")
    wikis.archive(a, cast.specialist)
    with pytest.raises(MisplacedError, match="in_bin"):
        make(cast.specialist, cast.theme, "b", parent=a)


# Links


def test_a_missing_link_lives_as_soon_as_its_page_is_made(cast: Cast) -> None:
    source = make(cast.specialist, cast.theme, "Bron", "Zie [[Beslagvrije Voet]].")
    assert "wiki-missing" in source.body_html and "wiki-link" not in source.body_html
    target = make(cast.specialist, cast.theme, "Beslagvrije voet")
    assert f'href="/wikis/{target.id}-beslagvrije-voet"' in html(source)
    assert "wiki-missing" not in source.body_html


def test_a_link_survives_a_rename(cast: Cast) -> None:
    target = make(cast.specialist, cast.theme, "Oud")
    source = make(cast.specialist, cast.theme, "Bron", "Zie [[Oud]] en [[oud|dit]].")
    save(target, cast.specialist, title="Nieuw")
    assert html(source).count(f'href="/wikis/{target.id}-nieuw"') == 2
    namesake = make(cast.specialist, cast.theme, "Oud")
    save(source, cast.specialist, body=source.body + "\n\nMeer.")
    assert f"/wikis/{target.id}-nieuw" in html(source)
    assert f"/wikis/{namesake.id}-" not in source.body_html


def test_a_link_survives_a_move(cast: Cast) -> None:
    target = make(cast.specialist, cast.theme, "Doel")
    source = make(cast.specialist, cast.theme, "Bron", "Zie [[Doel]].")
    wikis.move(target, cast.specialist, theme=cast.other_theme, parent=None)
    save(source, cast.specialist, body="Zie nog steeds [[Doel]].")
    assert f'href="/wikis/{target.id}-doel"' in html(source)


def test_the_own_theme_goes_first(cast: Cast) -> None:
    other = make(cast.other_specialist, cast.other_theme, "Privacy")
    own = make(cast.specialist, cast.theme, "Privacy")
    source = make(cast.specialist, cast.theme, "Bron", "[[privacy]]")
    there = make(cast.other_specialist, cast.other_theme, "Daar", "[[Privacy]]")
    assert f"/wikis/{own.id}-" in source.body_html and f"/wikis/{other.id}-" in there.body_html


def test_links_to_the_bin_are_missing_until_it_comes_back(cast: Cast) -> None:
    target = make(cast.specialist, cast.theme, "Doel")
    source = make(cast.specialist, cast.theme, "Bron", "Zie [[Doel]].")
    wikis.archive(target, cast.specialist)
    db.session.commit()
    assert "wiki-missing" in html(source)
    wikis.unarchive(target, cast.specialist)
    db.session.commit()
    assert "wiki-missing" not in html(source) and f"/wikis/{target.id}-doel" in source.body_html


def test_a_page_in_the_bin_gives_its_name_to_a_new_one(cast: Cast) -> None:
    target = make(cast.specialist, cast.theme, "Doel")
    source = make(cast.specialist, cast.theme, "Bron", "Zie [[Doel]].")
    wikis.archive(target, cast.specialist)
    fresh = make(cast.specialist, cast.theme, "Doel")
    assert f"/wikis/{fresh.id}-doel" in html(source)


def test_a_link_does_not_show_the_name_of_what_is_hidden(cast: Cast) -> None:
    target = make(cast.specialist, cast.theme, "Doel")
    source = make(cast.specialist, cast.theme, "Bron", f"Zie [dit](kring:content/{target.id}).")
    assert f"/wikis/{target.id}-doel" in source.body_html
    target.hidden_at = target.created_at
    text.page_changed(target)
    db.session.commit()
    assert "wiki-missing" in html(source)


def test_a_page_no_longer_named_is_no_longer_linked(cast: Cast) -> None:
    make(cast.specialist, cast.theme, "Doel")
    source = make(cast.specialist, cast.theme, "Bron", "Zie [[Doel]] en [[Niets]].")
    assert db.session.scalar(select(func.count()).select_from(WikiLink)) == 2
    save(source, cast.specialist, body="Zonder.")
    assert db.session.scalar(select(func.count()).select_from(WikiLink)) == 0


def test_many_links_are_put_right_after_the_save(app: Kring, cast: Cast) -> None:
    sources = [make(cast.specialist, cast.theme, f"Bron {n}", "Zie [[Doel]].") for n in range(25)]
    wikis.create(cast.theme, Version("Doel", "Hier.", cast.specialist))
    commit()
    db.session.expire_all()
    assert all("wiki-link" in source.body_html for source in sources)


def test_headings_make_a_table_of_contents(cast: Cast) -> None:
    body = "# Een\n\n## Een punt een\n\n## Een & punt twee\n\n# Twee\n\nTekst."
    page = make(cast.specialist, cast.theme, "Lang", body)
    assert page.toc_html == (
        '<ul><li><a href="#h-een">Een</a><ul><li><a href="#h-een-punt-een">Een punt een</a></li>'
        '<li><a href="#h-een-punt-twee">Een &amp; punt twee</a></li></ul></li>'
        '<li><a href="#h-twee">Twee</a></li></ul>'
    )
    save(page, cast.specialist, body="# Een\n\nKort.")
    assert page.toc_html == ""
