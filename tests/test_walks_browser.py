"""What every page promises to people's eyes, hands and machines, in Chromium.

axe without a violation and no sideways scrolling at 320 and 1280 pixels, a
keyboard that reaches everything and shows where it is, few and light requests,
nobody else's server.
"""

import gzip

import pytest

from tests.browser import axe_violations, sideways
from tests.pages import ROWS
from tests.test_matrix import hold, sign_in
from tests.test_walks import who_looks
from tests.world import make_world

PUBLIC_BYTES, STAFF_BYTES = 100_000, 200_000
MOST_REQUESTS = 8
MOST_STOPS = {"public": 60, "link": 60}
STAFF_STOPS = 150
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const inside = box.bottom > 0 && box.top < innerHeight;
  const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
    || at.matches('input[type=radio], input[type=checkbox]');
  window.__stops = window.__stops || 0;
  if (!at.dataset.stop) at.dataset.stop = String(window.__stops += 1);
  return {
    number: Number(at.dataset.stop), inside, shown,
    what: at.tagName + ' ' + (at.innerText || at.name || at.id || '').slice(0, 40),
  };
}"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GROUPS = ("anonymous", "officer", "approver", "administrator")


def pages_of(who):
    return [r for r in ROWS if r.is_page and not r.posts_only and who_looks(r) == who]


def carry_cookies(client, page, live_server):
    """Give the browser what the test client has: the session and opened links."""
    page.context.clear_cookies()
    page.context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]
    )


@pytest.mark.parametrize("who", GROUPS)
def test_every_page_can_be_seen_and_used_by(who, new_page, live_server):
    world = make_world()
    page = new_page()
    wrong, traffic = [], []
    page.on("response", lambda response: traffic.append(response))
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))

    for row in pages_of(who):
        client = sign_in(world, who)
        hold(client, world, row)
        carry_cookies(client, page, live_server)
        for stage in row.stages or ("",):
            traffic.clear()
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(row.path(world, stage))
            wrong += weight_complaints(row, traffic, live_server.url)
            wrong += keyboard_complaints(row, page)
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 900})
                wrong += axe_violations(page)
                if over := sideways(page):
                    wrong.append(f"{page.url}: {over}px too wide at {width}px")

    assert wrong == [], "\n".join(wrong)


def weight_complaints(row, traffic, base):
    """First visit: every byte as gzip would send it, every request."""
    is_public = row.action in {"public", "link"}
    foreign = [r.url for r in traffic if not r.url.startswith(base)]
    weight = sum(len(gzip.compress(r.body())) for r in traffic if r.status == 200)
    if foreign:
        yield f"{row.route}: asks somebody else: {foreign}"
    if len(traffic) > MOST_REQUESTS:
        yield f"{row.route}: {len(traffic)} requests"
    if weight > (PUBLIC_BYTES if is_public else STAFF_BYTES):
        yield f"{row.route}: {weight} bytes"


def keyboard_complaints(row, page):
    """Tab from the top: the skip link first, each stop seen, no trap (CK-K1)."""
    most = MOST_STOPS.get(row.action, STAFF_STOPS)
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    last = 0
    for number in range(1, most + 2):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return
        if number == 1 and "skip" not in stop["what"].lower():
            yield f"{row.route}: the first stop is {stop['what']}"
        if stop["number"] <= last:
            return  # round again from the top
        last = stop["number"]
        if not stop["inside"]:
            yield f"{row.route}: {stop['what']} is out of view when it has focus"
        if not stop["shown"]:
            yield f"{row.route}: {stop['what']} does not show that it has focus"
    yield f"{row.route}: more than {most} stops"
