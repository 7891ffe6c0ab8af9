"""The documents of the example: one at a discussion, one at a wiki page."""

from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from app.cli.example.community import Example
from app.extensions import db
from app.models import WikiPage
from app.services import attachments

DISCUSSION = "Beslag op de uitkering, maar de beslagvrije voet klopt niet"
PAGE = "Beslagvrije voet laten herstellen"
LETTER = """Onderwerp: verzoek om herberekening van de beslagvrije voet

Geachte heer, mevrouw,

Namens [naam], met dossiernummer [nummer], vraag ik u de beslagvrije voet opnieuw te berekenen.
Uw berekening gaat uit van oude gegevens:

- de huur is nu [bedrag] per maand;
- de zoon van 19 jaar is student en telt niet mee als partner.

Het bewijs en de machtiging stuur ik mee. Wilt u binnen een week antwoorden, en herstellen wat er
in de afgelopen maanden te veel is ingehouden?

Met vriendelijke groet,
"""
CALCULATION = """Stap;Volgens de deurwaarder;Zoals het is
Huur per maand;540;615
Huishouden;met partner;alleenstaand
Beslagvrije voet;1480;1692
Verschil per maand;;212
"""


def add_documents(example: Example) -> None:
    """Add the documents, by who wrote the pieces."""
    discussion = example.pieces[DISCUSSION]
    page = db.session.scalars(select(WikiPage).where(WikiPage.title == PAGE)).one()
    specialist = example.people["specialist"]
    letter = attachments.add(
        discussion, discussion.author, BytesIO(LETTER.encode()), "brief-herberekening.txt",
        "Voorbeeldbrief: vraag om herberekening",
    )  # fmt: skip
    letter.created_at = discussion.created_at + timedelta(hours=26)
    letter.download_count = 14
    sums = attachments.add(
        page, specialist, BytesIO(CALCULATION.encode()), "rekenvoorbeeld.csv",
        "Rekenvoorbeeld beslagvrije voet",
    )  # fmt: skip
    sums.created_at = page.created_at + timedelta(days=1)
    sums.download_count = 31
