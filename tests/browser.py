"""What browser tests share: how Chromium is started, and the axe check.

A browser test is marked ``browser`` and takes the fixture `new_page` or `page`
(tests/conftest.py), with pytest-django's ``live_server``.
"""

import os
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from tests import chromium

REPOSITORY = Path(__file__).resolve().parent.parent
AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 1280)
FLAGS = [
    "--no-sandbox",  # it needs rights that root in a container does not have
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright, executable: Path) -> Browser:
    """Start a headless Chromium."""
    environment = dict(os.environ)
    flags = list(FLAGS)
    if executable.is_relative_to(chromium.UNPACKED):
        environment.update(chromium.environment())
        flags.append("--headless=shell")
    return playwright.chromium.launch(
        executable_path=executable, args=flags, env=environment
    )


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def axe_violations(page: Page) -> list[str]:
    """Run axe on the page as it stands; one line for each element that fails.

    The script is evaluated, not added, so the Content-Security-Policy stays as the
    reader's browser would have it.
    """
    page.evaluate(_axe())
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS
    )
    return [
        f"{page.url}: {violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def assert_accessible(page: Page, widths: tuple[int, ...] = WIDTHS) -> None:
    """No axe violation and no sideways scrolling at each width."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += axe_violations(page)
        if overflow := sideways(page):
            found.append(f"{page.url}: {overflow}px too wide at {width}px")
    assert found == [], "\n".join(found)


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window (WCAG 1.4.10)."""
    return page.evaluate(
        "() => { const html = document.documentElement;"
        " return Math.max(0, html.scrollWidth - html.clientWidth); }"
    )
