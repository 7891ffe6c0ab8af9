"""Texts for a seed: sentences of Dutch words, spread as words are spread in real texts.

Of a kind of word the one at place r occurs about 1/(r + 10) as often (Zipf, as Mandelbrot mended
it): a few words stand in every tenth text, half of all words in a few texts only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from random import Random

from bench import vocabulary as words

COMPOUNDS = 60_000
"""How many compound nouns there are besides the plain ones; Dutch makes them without end."""
SHIFT, EXPONENT = 10, 1.05
BLOCK = 50_000
"""Words drawn at once, which is what makes this fast."""

# N noun, A adjective, V verb, D determiner, P preposition, B adverb, C conjunction, R pronoun.
SENTENCES = (
    "DNVBDANPDN", "RVBDNPDAN", "PDNVDNBDAN", "DANPDNVDN", "RVDNCDNBVPDN", "DNPDNVBAN", "BVRDNPDN",
    "RVBPDNCRDANV", "DNVBPDN", "DNCDNVPDANPDN", "PDANVRBDN", "RVDANPDNCDNV", "DNVN", "BVDNPNCN",
)  # fmt: skip
QUESTIONS = ("VRBDNPDN", "VDNPDANBDN", "VRDNCVRDAN")
TITLES = ("ANPDN", "NCNPDN", "DANPDAN", "NPDANBV", "DNVDAN")


@dataclass(frozen=True)
class Text:
    """A text in Markdown, and the HTML that Kring's renderer makes of it."""

    body: str
    html: str


def compounds(nouns: Sequence[str], chance: Random) -> list[str]:
    """Return compound nouns, each once: zorgplan, schuldenloket."""
    first = [noun for noun in nouns if noun.isalpha() and len(noun) < 11]
    pairs = chance.sample(range(len(first) * len(first)), COMPOUNDS)
    made = (first[pair // len(first)] + first[pair % len(first)] for pair in pairs)
    return list(dict.fromkeys(made))


class Writer:
    """Writes sentences, titles and texts: the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  # a seed must give the same texts
        nouns = words.NOUNS.copy()
        self.chance.shuffle(nouns)
        self.kinds = {
            "N": self._drawn([*nouns, *compounds(words.NOUNS, self.chance)]),
            "A": self._drawn(words.ADJECTIVES),
            "V": self._drawn(words.VERBS),
            "D": self._drawn(words.DETERMINERS),
            "P": self._drawn(words.PREPOSITIONS),
            "B": self._drawn(words.ADVERBS),
            "C": self._drawn(words.CONJUNCTIONS),
            "R": self._drawn(words.PRONOUNS),
        }

    def _drawn(self, kind: Sequence[str]) -> Iterator[str]:
        """Yield words of a kind without end."""
        weights = (1 / (place + SHIFT) ** EXPONENT for place in range(1, len(kind) + 1))
        spread = list(accumulate(weights))
        while True:
            yield from self.chance.choices(kind, cum_weights=spread, k=BLOCK)

    def fill(self, pattern: str) -> str:
        """Return words by a pattern, the first with a capital."""
        text = " ".join([next(self.kinds[kind]) for kind in pattern])
        return text[0].upper() + text[1:]

    def sentence(self) -> str:
        """Return a sentence; one in eight is a question."""
        if self.chance.random() < 1 / 8:
            return self.fill(self.chance.choice(QUESTIONS)) + "?"
        return self.fill(self.chance.choice(SENTENCES)) + "."

    def title(self) -> str:
        """Return a title of a few words; half of them ask something."""
        title = self.fill(self.chance.choice(TITLES))
        return f"{title}?" if self.chance.random() < 1 / 2 else title

    def paragraph(self, sentences: int) -> str:
        """Return so many sentences."""
        return " ".join([self.sentence() for _ in range(sentences)])

    def length(self, usual: float) -> int:
        """Return a number of sentences: mostly few, now and then many."""
        return max(1, min(40, round(self.chance.lognormvariate(0, 0.6) * usual)))

    def reply(self, usual: float = 5) -> Text:
        """Return a text in paragraphs; one in ten has a list, one in ten a stressed sentence."""
        left, body, html = self.length(usual), [], []
        while left > 0:
            size = min(left, self.chance.randint(2, 5))
            part, left = self.paragraph(size), left - size
            body.append(part)
            html.append(f"<p>{escape(part, quote=False)}</p>")
        kind = self.chance.random()
        if kind < 1 / 10:
            items = [self.fill("ANPDN") for _ in range(3)]
            body.append("\n".join(f"- {item}" for item in items))
            lines = "\n".join(f"<li>{escape(item, quote=False)}</li>" for item in items)
            html.append(f"<ul>\n{lines}\n</ul>")
        elif kind < 2 / 10:
            stressed = self.sentence()
            body.append(f"**{stressed}**")
            html.append(f"<p><strong>{escape(stressed, quote=False)}</strong></p>")
        return Text("\n\n".join(body), "\n".join(html))

    def page(self, links: Sequence[str]) -> str:
        """Return the Markdown of a wiki page: sections, a list, a table, links to other pages."""
        parts = [self.paragraph(3)]
        for number in range(self.chance.randint(3, 6)):
            parts += [f"## {self.fill('ANPDN')}", self.paragraph(self.length(6))]
            if number == 1:
                parts.append("\n".join(f"- {self.fill('NVDAN')}" for _ in range(5)))
            if number == 2:
                rows = [f"| {self.fill('AN')} | {self.sentence()} |" for _ in range(4)]
                parts.append("\n".join(["| Stap | Wat je doet |", "|---|---|", *rows]))
        parts += [f"Zie ook [[{link}]]." for link in links]
        return "\n\n".join(parts) + "\n"
