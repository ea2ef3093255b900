"""``python -m tests.screenshots``: the pictures in docs/screenshots/.

Starts a portal of its own with the demonstration in a throw-away folder, walks
through it in headless Chromium without JavaScript, and takes each page at both
widths. Names of pictures on the command line take only those.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import WIDTHS, launch
from tests.chromium import HOW_TO_GET, find_chromium
from tests.reliability.portal import REPOSITORY, Portal, environment

FOLDER = REPOSITORY / "docs" / "screenshots"
TALLEST = {320: 1100, 1280: 1200}
MOST_BYTES = 3_000_000
PASSWORD = "fernshire-demonstration"
FINISHED = "draft-communities-strategy"
OPEN = "evening-and-sunday-buses"
OVERDUE = "library-opening-hours"
WAITING = "tree-planting-in-bracken-hill"
DRAFT = "youth-clubs-after-school"


def main(only: list[str]) -> int:
    """Take the pictures; 1 where there is no browser or they have grown too large."""
    executable = find_chromium()
    if executable is None:
        sys.stdout.write(f"{HOW_TO_GET}\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright, executable)
        portal = start(Path(folder))
        try:
            for name, page in walk(browser, f"http://127.0.0.1:{portal.port}"):
                if not only or name in only:
                    take(name, page)
        finally:
            browser.close()
            portal.stop()
    total = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    sys.stdout.write(f"{total // 1000} kB in all\n")
    return int(total > MOST_BYTES)


def start(folder: Path) -> Portal:
    """A portal with the demonstration, its files in `folder`."""
    assets = os.environ.get("PORTAL_ASSETS", str(REPOSITORY / "var" / "assets"))
    portal = Portal(environment(folder, PORTAL_ASSETS=assets))
    for command in ("migrate", "createcachetable", "demo"):
        subprocess.run(
            [sys.executable, "manage.py", command, "--verbosity=0"],
            cwd=REPOSITORY,
            env=portal.environment,
            check=True,
        )
    portal.start(workers=2)
    return portal


# The pages ----------------------------------------------------------------------


def walk(browser: Browser, base: str) -> Iterator[tuple[str, Page]]:
    """Each picture's name, with a page that shows it."""
    yield from as_resident(somebody(browser, base))
    yield from as_officer(signed_in(browser, base, "officer@example.org"))
    yield from as_approver(signed_in(browser, base, "approver@example.org"))
    yield from as_administrator(signed_in(browser, base, "administrator@example.org"))


def as_resident(page: Page) -> Iterator[tuple[str, Page]]:
    """Find the open consultation, answer it, and read what came of another."""
    page.goto("/")
    yield "home", page
    page.goto("/consultations/")
    yield "list", page
    page.goto(f"/consultations/{FINISHED}/results/")
    yield "results", page
    page.goto(f"/consultations/{OPEN}/")
    yield "overview", page
    page.get_by_role("button", name="Start").first.click()
    page.get_by_label("Most weeks").check()
    page.get_by_label("Sunday morning").check()
    page.get_by_label("Strongly agree").check()
    yield "question", page
    send_on(page)
    page.get_by_label("For myself").check()
    page.get_by_label("Postcode").fill("FN5 1AA")
    send_on(page)
    yield "check", page
    page.get_by_role("button", name="Send").click()
    yield "receipt", page


def as_officer(page: Page) -> Iterator[tuple[str, Page]]:
    """The officer's own work, one consultation, and what is left to publish."""
    page.goto("/staff/")
    yield "your-work", page
    page.goto(f"/staff/consultations/{DRAFT}/")
    yield "hub", page
    page.goto(f"/staff/consultations/{DRAFT}/questions/")
    yield "builder", page
    page.goto(f"/staff/consultations/{OVERDUE}/counts/")
    yield "counts", page
    page.goto(f"/staff/consultations/{OVERDUE}/feedback/")
    yield "feedback", page


def as_approver(page: Page) -> Iterator[tuple[str, Page]]:
    """What the approver sees of a plan that waits."""
    page.goto(f"/staff/consultations/{WAITING}/approve/")
    yield "approve", page


def as_administrator(page: Page) -> Iterator[tuple[str, Page]]:
    """The people, and how the portal is."""
    page.goto("/staff/people/")
    yield "people", page


def send_on(page: Page) -> None:
    """Press the button that leads to the next page of questions."""
    page.get_by_role("button", name="Continue").first.click()


def somebody(browser: Browser, base: str) -> Page:
    """A page of a person without JavaScript and without cookies."""
    context = browser.new_context(
        base_url=base,
        java_script_enabled=False,
        viewport={"width": 1280, "height": 900},
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def signed_in(browser: Browser, base: str, email: str) -> Page:
    page = somebody(browser, base)
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


# The files ----------------------------------------------------------------------


def take(name: str, page: Page) -> None:
    """Write the picture at each width, no taller than is worth looking at."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": TALLEST[width]})
        file = FOLDER / f"{name}-{width}.png"
        page.screenshot(path=file, animations="disabled", caret="hide")
        sys.stdout.write(f"{file.name} {file.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
