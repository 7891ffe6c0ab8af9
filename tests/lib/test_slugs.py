import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.slugs import slugify


@pytest.mark.parametrize(
    "title, slug",
    [
        ("Hoe pak je dit aan?", "hoe-pak-je-dit-aan"),
        ("Eén coördinator, twee reünies", "een-coordinator-twee-reunies"),
        ("Straße, œuvre en ĳs", "strasse-oeuvre-en-ijs"),
        ("Wmo & Jeugd", "wmo-en-jeugd"),
        ("50% voor €10", "50-procent-voor-euro-10"),
        ("'s-Hertogenbosch: foto's", "s-hertogenbosch-foto-s"),
        ("Fiets 🚲 plan", "fiets-plan"),
        ("a_b/c\\d..e", "a-b-c-d-e"),
        ("&amp; &#39; &#x27;", "en-amp-en-39-en-x27"),
        ("Ελλάδα Київ", "ellada-kiiv"),
        ("🚲", "zonder-titel"),
        ("", "zonder-titel"),
        ("../..", "zonder-titel"),
    ],
)
def test_titles_become_slugs(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_a_long_title_is_cut_between_words() -> None:
    assert slugify("woorden " * 20, max_length=20) == "woorden-woorden"


def test_one_long_word_is_cut_within() -> None:
    assert slugify("a" * 200) == "a" * 80


@given(st.text(max_size=200))
def test_every_title_gives_a_clean_slug(title: str) -> None:
    slug = slugify(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 80
    assert slugify(slug) == slug
