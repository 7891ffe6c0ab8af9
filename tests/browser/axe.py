"""axe: what a machine can find that keeps people out."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# axe leaves this one out unless it is asked for by name: targets of at least 24 by 24 pixels.
ALL = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": ["color-contrast"]}


def prepare(page: Page) -> None:
    """Have axe at hand on every page that is opened from now on: faster than to bring it each time."""
    page.add_init_script(AXE_SCRIPT)


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what is wrong with the page as it stands: the rule, the element, the reason."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, {...options, resultTypes: ['violations']})"
        ".then(results => results.violations)",
        options,
    )
    return [
        f"{rule['id']}: {node['html'][:160]} ({' '.join(node['failureSummary'].split())[:240]})"
        for rule in found
        for node in rule["nodes"]
    ]
