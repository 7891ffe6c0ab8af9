"""House rules have articles: each heading 2 is one, with a number and a lasting address."""

import re

from app.lib.markdown import ID_PREFIX

ANCHOR = "artikel-"
HEADING = re.compile(r'<h2 id="([^"]*)">')
WRITTEN = re.compile(rf'href="#{ID_PREFIX}{ANCHOR}(\d+)"')


def numbered(html: str) -> str:
    """Return rendered HTML with its headings 2 as articles: `#artikel-3` leads to the third.

    Links to a heading, by its title or as `[artikel 3](#artikel-3)`, lead to the article.
    """
    headings = HEADING.findall(html)
    html = WRITTEN.sub(rf'href="#{ANCHOR}\1"', html)
    for number, old in enumerate(headings, start=1):
        anchor = f"{ANCHOR}{number}"
        html = html.replace(f'<h2 id="{old}">', f'<h2 id="{anchor}">{number}. ')
        html = html.replace(f'href="#{old}"', f'href="#{anchor}"')
    return html
