"""Which images stand in a text, and in whose eyes."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Content, Image, ImageUse, LogEntry, Notification, User
from app.policy import images_visible_to
from app.services import comments, discussions, images, pages, text, wikis
from app.services.discussions import Words
from tests.cast import Cast, comment, discussion, image, wiki_page


def naming(*shown: Image) -> str:
    return "Kijk:\n\n" + "\n\n".join(f"![Ons schema](/images/{one.id}-x.png)" for one in shown)


def sees(user: User, one: Image) -> bool:
    found = select(Image.id).where(Image.id == one.id, images_visible_to(user))
    return db.session.scalar(found) is not None


def uses() -> list[tuple[int, int | None, int | None]]:
    rows = select(ImageUse.image_id, ImageUse.content_id, ImageUse.comment_id)
    return [(*row,) for row in db.session.execute(rows.order_by(ImageUse.id))]


def started(author: User, body: str, **more: object) -> Content:
    words = Words("Een vraag", body, is_question=True, theme_id=None)
    made = discussions.start(author, words, more.get("group"), f"sleutel {body}")  # type: ignore[arg-type]  # a group
    db.session.commit()
    return made


def test_an_image_of_a_text_is_seen_by_its_readers(cast: Cast) -> None:
    own = image(cast.member, sizes=[{"width": 480, "sha256": "a" * 64, "size": 1}])
    assert not sees(cast.other, own)
    piece = started(cast.member, naming(own, own))
    assert uses() == [(own.id, piece.id, None)] and sees(cast.other, own)
    path = f"/images/{own.id}-plaatje.png"
    assert piece.body_html.count(f'<a href="{path}"><img alt="Ons schema"') == 2
    assert f'srcset="{path}/480 480w, {path} 10w"' in piece.body_html
    for part in ('width="10"', 'height="10"', 'loading="lazy"', 'alt="Ons schema"', " 10w"):
        assert part in piece.body_html


def test_its_words_stand_in_for_missing_ones(cast: Cast) -> None:
    own = image(cast.member)
    piece = started(cast.member, f"![](/images/{own.id})")
    assert 'alt="Een plaatje"' in piece.body_html


def test_who_guesses_an_address_publishes_nothing(cast: Cast) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    hidden = image(cast.insider, inside)
    piece = started(cast.member, naming(hidden) + f'\n\n<img src="/images/{hidden.id}-x.png">')
    assert len(uses()) == 1 and not sees(cast.member, hidden)
    assert "srcset" not in piece.body_html and "image-missing" in piece.body_html
    never = started(cast.member, naming(hidden).replace(f"/{hidden.id}-", "/999999-"))
    assert str(never.body_html) in piece.body_html, "what is there and what is not look the same"


@pytest.mark.parametrize("render", [True, False])
def test_nor_has_someone_else_publish_it(cast: Cast, render: bool) -> None:
    """A colleague who may see the image changes a word of the same text."""
    secret = image(cast.specialist)
    page = wiki_page(cast.other_specialist, cast.theme)
    version = wikis.Version("Pagina", naming(secret), cast.other_specialist)
    wikis.save(page, version, expected_version=1)
    db.session.commit()
    assert uses() == []
    if render:
        text.render_again(page.id)
    again = wikis.Version("Pagina", naming(secret) + "\n\nEn dit.", cast.specialist)
    wikis.save(page, again, expected_version=2)
    wikis.save(
        page,
        wikis.Version("Pagina", naming(secret) + "\n\nEn.", cast.specialist),
        expected_version=3,
    )
    db.session.commit()
    assert uses() == [] and not sees(cast.other, secret)
    wikis.save(page, wikis.Version("Pagina", "Niets.", cast.specialist), expected_version=4)
    wikis.save(page, wikis.Version("Pagina", naming(secret), cast.specialist), expected_version=5)
    db.session.commit()
    assert len(uses()) == 1 and sees(cast.other, secret), "who puts it there shows it"


def test_a_reply_shows_its_own(cast: Cast) -> None:
    own, foreign = image(cast.member), image(cast.other)
    asked = discussion(cast.other)
    made = comments.add(asked, cast.member, naming(own, foreign), "sleutel")
    db.session.commit()
    assert uses() == [(own.id, asked.id, made.id)]
    comments.edit(made, cast.moderator, "Weg.", 1, "reden")
    db.session.commit()
    assert len(uses()) == 1 and sees(cast.insider, own), "an earlier version still shows it"


def test_what_is_typed_as_html_counts_too(cast: Cast) -> None:
    own = image(cast.member)
    piece = started(cast.member, f'<img src="/images/{own.id}-x.png" alt="Hier">')
    assert uses() == [(own.id, piece.id, None)]


def test_rendering_anew_changes_nothing(cast: Cast) -> None:
    own = image(cast.member)
    piece = started(cast.member, naming(own))
    before = piece.body_html
    text.render_again(piece.id)
    db.session.commit()
    assert piece.body_html == before and len(uses()) == 1


def test_a_removed_image_leaves_words_and_goes_from_sight(cast: Cast) -> None:
    own = image(cast.member)
    piece = started(cast.member, naming(own))
    reply = comment(piece, cast.member)
    comments.edit(reply, cast.member, naming(own), 1)
    images.remove(own, cast.moderator, "Er staat iemand op.")
    db.session.commit()
    for one in (piece, reply):
        assert "Afbeelding verwijderd: Ons schema" in one.body_html
        assert "<img" not in one.body_html
    assert not sees(cast.member, own) and not sees(cast.other, own)


def test_who_added_it_hears_and_the_log_knows(cast: Cast) -> None:
    own = image(cast.member)
    inside = discussion(cast.member, group=cast.closed)
    db.session.add(ImageUse(image_id=own.id, content_id=inside.id))
    piece = started(cast.member, naming(own))
    images.remove(own, cast.moderator, "Er staat iemand op.")
    db.session.commit()
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.action, entry.reason, entry.result) == (
        "image_removed",
        "Er staat iemand op.",
        own.alt,
    )
    assert entry.subject_id == piece.id, "of what the moderator cannot see, the log says nothing"
    news = db.session.scalars(select(Notification)).one()
    assert (news.user_id, news.message) == (cast.member.id, "Er staat iemand op.")


def test_an_own_image_goes_without_a_word(cast: Cast) -> None:
    own = image(cast.member)
    started(cast.member, naming(own))
    images.remove(own, cast.member)
    db.session.commit()
    assert db.session.scalar(select(LogEntry)) is None


def test_a_standing_page_shows_images(cast: Cast) -> None:
    own, hidden = image(cast.manager), image(cast.member)
    made = pages.edit("help", "Hulp", naming(own, hidden), cast.manager)
    db.session.commit()
    assert made.body_html.count("<img") == 1 and sees(cast.other, own)
    images.remove(own, cast.manager)
    db.session.commit()
    assert "<img" not in made.body_html and not sees(cast.other, own)
