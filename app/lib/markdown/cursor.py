"""A place in a list of lines, and what is asked of the lines around it."""

from app.lib.markdown import lines as ln


class Cursor:
    """Lines, and the number of the one that is to be read next."""

    def __init__(self, source: list[str]) -> None:
        self.source = source
        self.at = 0

    def next_line(self) -> str:
        return self.source[self.at + 1] if self.at + 1 < len(self.source) else ""

    def item_lines(self, margin: int, offset: int) -> list[str]:
        """Read the lines after the first of an item whose list stands at `margin`."""
        inner: list[str] = []
        first = True
        while self.at < len(self.source):
            line = self.source[self.at]
            if not line.strip():
                if self.margin_after_blanks() < margin + 2:
                    break
                inner.append("")
            elif (spaces := ln.indent(line)) >= margin + 2:
                offset = min(spaces, offset) if first else offset
                first = False
                inner.append(line[min(spaces, offset) :])
            elif (inner and not inner[-1]) or ln.LIST_ITEM.match(line) or ln.interrupts(line):
                break
            else:
                inner.append(line.lstrip())
            self.at += 1
        return inner

    def margin_after_blanks(self) -> int:
        """Skip to the last of a run of blank lines; the margin of the line after it, or -1."""
        while self.at + 1 < len(self.source) and not self.next_line().strip():
            self.at += 1
        return ln.indent(self.next_line()) if self.next_line() else -1

    def skips_to_sibling(self, margin: int) -> bool:
        """Skip blank lines before another item of the same list."""
        at = self.at
        while at < len(self.source) and not self.source[at].strip():
            at += 1
        if at == self.at or at == len(self.source) or ln.indent(self.source[at]) >= margin + 2:
            return False
        if not ln.LIST_ITEM.match(self.source[at]):
            return False
        self.at = at
        return True
