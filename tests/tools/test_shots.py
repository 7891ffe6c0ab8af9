"""Screenshots: one for each form of address."""

import pytest

from tools.shots import form_of


@pytest.mark.parametrize(
    "path, form",
    [
        ("/", "/"),
        ("/discussions/12-hoe-dan", "/discussions/N"),
        ("/wikis/3-beleid/diff/1/2", "/wikis/N/diff/N/N"),
        ("/pages/house-rules", "/pages/house-rules"),
        ("/wikis/themes/wonen/bin", "/wikis/themes/N/bin"),
        ("/groups/intervisie/members", "/groups/N/members"),
        ("/groups/new", "/groups/new"),
    ],
)
def test_numbers_and_titles_do_not_make_another_form(path: str, form: str) -> None:
    assert form_of(path) == form
