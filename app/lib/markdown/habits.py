"""From what people type to the strict form that Python-Markdown reads.

A list or table right under a line of text, lists that are indented by two or three spaces, code
fences inside lists, `1)`, a quote with the answer right under it: they are common and mean one
thing. One pass over the lines writes them with the blank lines and the four spaces that the parser
wants, takes code and HTML blocks out, drops comments and refuses what is nested too deep.
"""

import html
import re
from collections.abc import Callable

from app.lib.markdown import lines as ln
from app.lib.markdown.cursor import Cursor
from app.lib.markdown.limits import MAX_CELLS, MAX_NESTING, MarkdownRefused

Stash = Callable[[str], str]
References = dict[str, tuple[str, str]]
LANGUAGE = re.compile(r"\s*+\{?\.?([A-Za-z][\w+#-]{0,30}+)")
SPACES = re.compile(r"(?<=\S) {2,}+(?=\S)")


class Reader:
    """One pass over one text. `stash` takes HTML and returns a placeholder for it.

    `references` is filled with the addresses that the text gives names to.
    """

    def __init__(
        self, stash: Stash, clean_html: Callable[[str], str], references: References
    ) -> None:
        self.references = references
        self.stash = stash
        self.clean_html = clean_html
        self.cells = 0

    def read(self, source: list[str], depth: int = 0, *, in_item: bool = False) -> list[str]:
        """Return the lines in strict form. Raises MarkdownRefused("too_nested")."""
        if depth > MAX_NESTING:
            raise MarkdownRefused("too_nested")
        return _Level(self, source, depth, in_item=in_item).run()


class _Level(Cursor):
    """The lines inside one container: the page, an item, a quote or a box."""

    def __init__(self, reader: Reader, source: list[str], depth: int, *, in_item: bool) -> None:
        self.reader = reader
        super().__init__(source)
        self.depth = depth
        self.in_item = in_item
        self.out: list[str] = []
        self.paragraph = 0
        self.comments_close = True

    def run(self) -> list[str]:
        while self.at < len(self.source):
            line = self.source[self.at]
            if not line.strip():
                self._gap()
                self.at += 1
            elif not self._block(line):
                self._text(line)
        return self.out

    def _block(self, line: str) -> bool:
        """Read the block that starts here; False when it is a line of text."""
        return (
            self._code(line)
            or self._comment(line)
            or self._fence(line)
            or self._heading(line)
            or self._underlined(line)
            or self._rule(line)
            or self._quote(line)
            or self._list(line)
            or self._box(line)
            or self._footnote(line)
            or self._reference(line)
            or self._html(line)
            or self._table(line)
        )

    def _gap(self) -> None:
        """End what is being written by one blank line."""
        self.paragraph = 0
        if self.out and self.out[-1]:
            self.out.append("")

    def _add(self, block: list[str]) -> bool:
        self._gap()
        self.out.extend(block)
        self._gap()
        return True

    def _one(self, line: str) -> bool:
        self.at += 1
        return self._add([line])

    def _text(self, line: str) -> None:
        self.at += 1
        text = SPACES.sub(" ", line.strip()) + ("  " if line.endswith("  ") else "")
        self.out.append(ln.as_text(text))
        self.paragraph += 1

    def _heading(self, line: str) -> bool:
        match = ln.HEADING.match(line)
        if not match or not ln.is_heading(line):
            return False
        return self._one(f"{match[1]} {ln.heading_text(match[3])}")

    def _underlined(self, line: str) -> bool:
        match = ln.UNDERLINE.match(line)
        if self.paragraph != 1 or not match:
            return False
        text = self.out.pop()
        text = ln.heading_text(text[1:] if text.startswith("\\#") else text)
        return self._one(("# " if match[1][0] == "=" else "## ") + text)

    def _rule(self, line: str) -> bool:
        return bool(ln.RULE.match(line)) and self._one("---")

    def _code(self, line: str) -> bool:
        if self.paragraph or ln.indent(line) < ln.CODE or ln.FENCE.match(line):
            return False
        block: list[str] = []
        while self.at < len(self.source):
            line = self.source[self.at]
            if line.strip() and ln.indent(line) < ln.CODE:
                break
            block.append(line[ln.CODE :])
            self.at += 1
        return self._stash_code(block, "")

    def _fence(self, line: str) -> bool:
        match = ln.FENCE.match(line)
        if not match:
            return False
        mark, margin = match[1] or match[3], ln.indent(line)
        block: list[str] = []
        self.at += 1
        while self.at < len(self.source):
            line = self.source[self.at]
            self.at += 1
            closing = line.strip()
            if closing.startswith(mark) and not closing.strip(mark[0]):
                break
            block.append(line[min(margin, ln.indent(line)) :])
        language = LANGUAGE.match(match[2] or match[4] or "")
        return self._stash_code(block, language[1].lower() if language else "")

    def _stash_code(self, block: list[str], language: str) -> bool:
        kind = f' class="language-{html.escape(language)}"' if language else ""
        code = html.escape("\n".join(block).rstrip(), quote=False)
        return self._add(
            [self.reader.stash(f'<pre tabindex="0"><code{kind}>{code}\n</code></pre>')]
        )

    def _comment(self, line: str) -> bool:
        """Drop a comment; False when it is never closed, for then it is text."""
        if not line.lstrip().startswith(ln.COMMENT):
            return False
        rest = line.lstrip()[len(ln.COMMENT) :]
        at = self.at
        while self.comments_close and ln.COMMENT_END not in rest:
            at += 1
            if at >= len(self.source):
                self.comments_close = False
                return False
            rest = self.source[at]
        if ln.COMMENT_END not in rest:
            return False
        rest = rest.split(ln.COMMENT_END, 1)[1]
        self.at = at
        if rest.strip():
            self.source[at] = rest.lstrip()
        else:
            self.at += 1
        return True

    def _html(self, line: str) -> bool:
        if not ln.HTML_BLOCK.match(line):
            return False
        block: list[str] = []
        while self.at < len(self.source) and self.source[self.at].strip():
            block.append(self.source[self.at])
            self.at += 1
        return self._add([self.reader.stash(self.reader.clean_html("\n".join(block).strip()))])

    def _quote(self, line: str) -> bool:
        if not ln.QUOTE.match(line):
            return False
        inner: list[str] = []
        while self.at < len(self.source) and (match := ln.QUOTE.match(self.source[self.at])):
            inner.append(match[1])
            self.at += 1
        body = ln.trimmed(self.reader.read(inner, self.depth + 1))
        return self._add([f"> {text}" if text else ">" for text in body])

    def _box(self, line: str) -> bool:
        match = ln.BOX.match(line)
        if not match:
            return False
        mark, kind, title = match.groups()
        self.at += 1
        body = self._indented(2)
        kind = " ".join(kind.lower().split()) or "note"
        head = f"{mark} {kind}" + (f' "{title}"' if title is not None else "")
        return self._add([head, *_shifted(body)])

    def _footnote(self, line: str) -> bool:
        match = ln.FOOTNOTE.match(line)
        if not match:
            return False
        self.at += 1
        start = [match[2]]
        while self.at < len(self.source):
            line = self.source[self.at]
            if not line.strip() or ln.interrupts(line):
                break
            start.append(line.lstrip())
            self.at += 1
        body = self._indented(4, start) or [""]
        return self._add([f"[^{match[1]}]: {body[0]}", *_shifted(body[1:])])

    def _reference(self, line: str) -> bool:
        """`[name]: address "title"`: Python-Markdown looks for these again after each it finds."""
        match = ln.REFERENCE.match(line)
        if not match:
            return False
        self.at += 1
        self.reader.references[match[1].strip().lower()] = (match[2], match[3] or "")
        return True

    def _indented(self, least: int, start: list[str] | None = None) -> list[str]:
        """Read the lines that are indented by at least so many spaces, as a container's body."""
        inner = start or []
        while self.at < len(self.source):
            line = self.source[self.at]
            margin = ln.indent(line)
            if line.strip() and margin < least:
                break
            inner.append(line[min(margin, 4) :])
            self.at += 1
        return ln.trimmed(self.reader.read(inner, self.depth + 1))

    def _table(self, line: str) -> bool:
        if not ln.is_table_head(line, self.next_line()):
            return False
        rows: list[str] = []
        while self.at < len(self.source):
            line = self.source[self.at]
            if "|" not in line or (len(rows) > 1 and ln.interrupts(line)):
                break
            rows.append(line.strip())
            self.at += 1
        self.reader.cells += len(rows) * (max(row.count("|") for row in rows) + 1)
        if self.reader.cells > MAX_CELLS:
            raise MarkdownRefused("too_complex")
        return self._add(rows)

    def _list(self, line: str) -> bool:
        first = ln.LIST_ITEM.match(line)
        if not first or not ln.starts_list(line, in_paragraph=bool(self.paragraph)):
            return False
        # A list right under the text of an item belongs to it; a blank line would loosen the list.
        if not (self.in_item and self.paragraph):
            self._gap()
        self.paragraph = 0
        margin, ordered = len(first[1]), first[2][0].isdigit()
        while self.at < len(self.source):
            match = ln.LIST_ITEM.match(self.source[self.at])
            if not match or match[2][0].isdigit() != ordered or ln.RULE.match(match[0]):
                break
            loose = self._item(match, margin)
            if self.skips_to_sibling(margin) or loose:
                self.out.append("")
        self._gap()
        return True

    def _item(self, match: re.Match[str], margin: int) -> bool:
        """Read one item; True when it holds a blank line, so that one must follow it."""
        spaces = len(match[3] or " ")
        offset = len(match[1]) + len(match[2]) + (spaces if spaces <= ln.CODE else 1)
        mark = f"{match[2][:-1]}." if match[2][0].isdigit() else "-"
        self.at += 1
        inner = [match[4] or "", *self.item_lines(margin, offset)]
        body = ln.trimmed(self.reader.read(inner, self.depth + 1, in_item=True)) or [""]
        self.out.append(f"{mark:<3} {body[0]}")
        self.out.extend(_shifted(body[1:]))
        return "" in body


def _shifted(body: list[str]) -> list[str]:
    return [" " * ln.CODE + line if line else "" for line in body]
