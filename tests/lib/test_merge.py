import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.merge import Merge, three_way
from tests.effort import grows_in_proportion

BASE = "een\ntwee\ndrie\nvier\nvijf\n"
TEXTS = st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=8).map(
    lambda some: "\n".join([*some, "slot"])
)


@pytest.mark.parametrize(
    "mine, theirs, merged",
    [
        ("EEN\ntwee\ndrie\nvier\nvijf\n", "een\ntwee\ndrie\nvier\nVIJF\n",
         "EEN\ntwee\ndrie\nvier\nVIJF\n"),
        ("nul\n" + BASE, BASE + "zes\n", "nul\n" + BASE + "zes\n"),
        ("een\ndrie\nvier\nvijf\n", "een\ntwee\ndrie\nvijf\n", "een\ndrie\nvijf\n"),
        ("een\nTWEE\ndrie\nvier\nvijf\n", "een\nTWEE\ndrie\nvier\nVIJF\n",
         "een\nTWEE\ndrie\nvier\nVIJF\n"),
        ("een\ntwee\ntweeënhalf\ndrie\nvier\nvijf\n", "een\ntwee\ndrie\nvier\n",
         "een\ntwee\ntweeënhalf\ndrie\nvier\n"),
        ("EEN\r\ntwee\r\ndrie\r\nvier\r\nvijf\r\n", BASE, "EEN\ntwee\ndrie\nvier\nvijf\n"),
    ],
)  # fmt: skip
def test_changes_in_different_places_are_joined(mine: str, theirs: str, merged: str) -> None:
    assert three_way(BASE, mine, theirs) == Merge(merged, conflicts=False)


@pytest.mark.parametrize(
    "mine, theirs, merged",
    [
        ("een\nTWEE\ndrie\nvier\nvijf\n", "een\n2\ndrie\nvier\nvijf\n",
         "een\n<<<<<<<\nTWEE\n=======\n2\n>>>>>>>\ndrie\nvier\nvijf\n"),
        ("EEN\ntwee\ndrie\nvier\nvijf\n", "een\n2\ndrie\nvier\nvijf\n",
         "<<<<<<<\nEEN\ntwee\n=======\neen\n2\n>>>>>>>\ndrie\nvier\nvijf\n"),
        (BASE + "zes\n", BASE + "6\n", BASE + "<<<<<<<\nzes\n=======\n6\n>>>>>>>\n"),
        ("een\nvijf\n", "een\ntwee\nDRIE\nvier\nvijf\n",
         "een\n<<<<<<<\n=======\ntwee\nDRIE\nvier\n>>>>>>>\nvijf\n"),
    ],
)  # fmt: skip
def test_changes_of_the_same_lines_stand_side_by_side(mine: str, theirs: str, merged: str) -> None:
    assert three_way(BASE, mine, theirs) == Merge(merged, conflicts=True)


def test_new_texts_without_a_base() -> None:
    assert three_way("", "a\n", "a\n") == Merge("a\n", conflicts=False)
    assert three_way("", "", "") == Merge("", conflicts=False)
    assert three_way("", "a", "b").conflicts


@given(TEXTS, TEXTS)
def test_one_change_is_taken_as_it_is(base: str, changed: str) -> None:
    assert three_way(base, changed, base) == Merge(changed, conflicts=False)
    assert three_way(base, base, changed) == Merge(changed, conflicts=False)
    assert three_way(base, changed, changed) == Merge(changed, conflicts=False)


@given(TEXTS, TEXTS, TEXTS)
def test_the_order_matters_to_conflicts_only(base: str, mine: str, theirs: str) -> None:
    one, other = three_way(base, mine, theirs), three_way(base, theirs, mine)
    assert one.conflicts == other.conflicts
    assert one.conflicts or one.text == other.text


def joined(lines: int) -> Merge:
    base = [f"regel {n}" for n in range(lines)]
    mine = [line.upper() if n % 4 == 0 else line for n, line in enumerate(base)]
    theirs = [line + "!" if n % 4 == 2 else line for n, line in enumerate(base)]
    return three_way("\n".join(base), "\n".join(mine), "\n".join(theirs))


def test_long_texts_take_no_longer_than_their_length() -> None:
    assert grows_in_proportion(joined, 20_000)
    merge = joined(20_000)
    assert not merge.conflicts
    assert merge.text.startswith("REGEL 0\nregel 1\nregel 2!\nregel 3\nREGEL 4\n")
