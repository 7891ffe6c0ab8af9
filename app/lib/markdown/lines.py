"""What a line of Markdown can be. Every expression is linear: possessive, without nesting."""

import re

BLANK = re.compile(r"\s*$")
LIST_ITEM = re.compile(r"( *+)([-*+•]|\d{1,9}+[.)])(?:( ++)(\S.*)|\s*)$")
HEADING = re.compile(r" {0,3}+(#{1,6}+)(\s*+)(.*)$")
UNDERLINE = re.compile(r" {0,3}+(={2,}+|-{2,}+)\s*$")
RULE = re.compile(r" {0,3}+([-*_])(?:[ ]*+\1){2,}+\s*$")
QUOTE = re.compile(r" {0,3}+> ?(.*)$")
FENCE = re.compile(r" *+(?:(`{3,}+)([^`]*+)|(~{3,}+)(.*+))$")
BOX = re.compile(
    r" {0,3}+(!!!|\?\?\?\+?+) ?+((?:[A-Za-z][\w-]*+(?: ++(?!\"))?+){0,5}+)(?: *+\"([^\"\n]*+)\")?+ *$"
)
FOOTNOTE = re.compile(r" {0,3}+\[\^([^\]\[\s]{1,64}+)\]:\s*+(.*)$")
REFERENCE = re.compile(
    r" {0,3}+\[([^\[\]^][^\[\]]{0,200}+)\]:\s*+<?+([^\s<>]++)>?+(?:\s++[\"'(](.*)[\"')])?\s*$"
)
TABLE_RULE = re.compile(r"\s*+\|?+\s*+:?+-++:?+\s*+(?:\|\s*+:?+-++:?+\s*+)*+\|?+\s*$")
HTML_BLOCK = re.compile(
    r" {0,3}+</?(?:div|section|article|aside|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|p|h[1-6]"
    r"|blockquote|details|pre|summary|figure|figcaption|address|center|nav|header|footer|main)(?=[\s/>]|$)",
    re.IGNORECASE,
)
CODE = 4
"""Spaces that make a line code, and that put it inside an item or a box."""
COMMENT = "<!--"
COMMENT_END = "-->"
ATTRIBUTES = re.compile(
    r"[ \t]*+\{:?[ \t]*+(?:(?:[.#][\w-]++|[\w:-]++=(?:\"[^\"{}]*+\"|[^\s{}\"]++)|[\w]++-[\w-]++)[ \t]*+)++\}\s*$"
)
"""A list of attributes after a heading, as other Markdown programs know it; ours drops it."""
CLOSING_HASHES = re.compile(r"(?:^|\s)#++\s*$")


def indent(line: str) -> int:
    """Count the spaces before the first other character."""
    return len(line) - len(line.lstrip(" "))


def trimmed(block: list[str]) -> list[str]:
    """Return the lines without blank ones at the start and the end."""
    start, end = 0, len(block)
    while start < end and not block[start]:
        start += 1
    while end > start and not block[end - 1]:
        end -= 1
    return block[start:end]


def interrupts(line: str) -> bool:
    """Say whether the line starts something of its own, so that it cannot belong to a paragraph."""
    return bool(
        RULE.match(line)
        or QUOTE.match(line)
        or FENCE.match(line)
        or BOX.match(line)
        or FOOTNOTE.match(line)
        or HTML_BLOCK.match(line)
        or is_heading(line)
    )


def is_heading(line: str) -> bool:
    """Accept `# Kop` and `##Kop`; but `#kop` is what people type for a keyword."""
    match = HEADING.match(line)
    if not match or not heading_text(match[3]):
        return False
    return bool(match[2]) or len(match[1]) > 1


def heading_text(text: str) -> str:
    """Return the text of a heading without closing hashes and without attributes."""
    text = ATTRIBUTES.sub("", text) or text
    return CLOSING_HASHES.sub("", text).strip()


def starts_list(line: str, *, in_paragraph: bool) -> bool:
    """Say whether the line starts a list: a year at the start of a line of running text does not."""
    match = LIST_ITEM.match(line)
    if not match or RULE.match(line):
        return False
    if in_paragraph:
        return bool(match[4]) and (not match[2][0].isdigit() or match[2][:-1] == "1")
    return len(match[1]) < CODE


def is_table_head(line: str, following: str) -> bool:
    """Say whether `line` heads a table, given the line after it."""
    return (
        "|" in line
        and "-" in following
        and bool(TABLE_RULE.match(following))
        and ("|" in following)
    )


def as_text(text: str) -> str:
    """Keep a line that is text here from being taken for something else later."""
    if text.startswith(("#", ">", "!!!")):
        return "\\" + text
    if text.startswith("???") or text.strip("= ") == "":
        return f"&#{ord(text[0])};{text[1:]}"
    return "\\" + text if text == "-" or UNDERLINE.match(text) or RULE.match(text) else text
