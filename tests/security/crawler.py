"""A reader who follows every link on every page, and asks for every part that htmx would."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from werkzeug.test import TestResponse

from tests.checking import CheckingClient

LINK = re.compile(r'<(?:a|form(?![^>]*method="post"))\b[^>]*? (?:href|action)="([^"]*)"')
PART = re.compile(r' hx-get="([^"]*)"')
LEFT_OUT = ("/static/", "/logout")
# Help and the form to ask for it say of where one came from nothing but that address.
CAME_FROM = re.compile(r"(?<=[?&]from=)[^&]*")


def crawl(
    client: CheckingClient, *starts: str, most: int, htmx: bool = False
) -> Iterator[tuple[str, TestResponse]]:
    """Yield addresses and their answers as they come, of at most so many pages, nearest first."""
    waiting, known = deque(starts), set(starts)
    while waiting and most:
        path, most = waiting.popleft(), most - 1
        answer = client.get(path, htmx=htmx)
        yield path, answer
        for link in links(answer, path):
            place = CAME_FROM.sub("", link)
            if place not in known and not link.startswith(LEFT_OUT):
                known.add(place)
                waiting.append(link)


def links(answer: TestResponse, path: str) -> list[str]:
    """Return the own addresses that an answer leads to, by what stands in it or as a redirect."""
    found = [answer.location or "", answer.headers.get("HX-Redirect", "")]
    if answer.mimetype == "text/html":
        found += [unescape(link) for link in LINK.findall(answer.text) + PART.findall(answer.text)]
    whole = (urldefrag(urljoin(path, link)).url for link in found if link)
    return [link for link in whole if not urlsplit(link).netloc and link.startswith("/")]
