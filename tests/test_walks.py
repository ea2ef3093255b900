"""What every page of the registry promises, by the test client.

Headers, no inline script or style, GET writes nothing, no cookie without a form,
one h1 and headings in order, a title of its own, links that say something.
"""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.matrix import WHO
from tests.pages import ROWS
from tests.test_matrix import WRITES, close_files, hold, sign_in

BANNED_LINKS = {"click here", "here", "read more", "more", "link", "this page"}
BANNED_WORDS = re.compile(
    r"\b(oops|sorry|stakeholders?|utilise|leverage|invalid|submit)\b", re.IGNORECASE
)


def who_looks(row):
    """The person for whom a page is walked: the one who uses it most."""
    for who in ("anonymous", "officer", "approver", "administrator"):
        if who in WHO[row.action]:
            return who
    raise AssertionError(f"nobody of the walk may see {row.route}")


class Reader(HTMLParser):
    """What the walks ask of a page's HTML."""

    def __init__(self):
        super().__init__()
        self.headings, self.ids, self.problems = [], [], []
        self.links, self.forms, self._text, self._href = [], [], None, None
        self.title = ""
        self.in_title = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "style" in given or any(name.startswith("on") for name in given):
            self.problems.append(f"inline style or script on <{tag}>")
        if tag == "style" or (tag == "script" and "src" not in given):
            self.problems.append(f"inline <{tag}>")
        if "required" in given:
            self.problems.append(f"`required` on {given.get('name')}")
        self.ids += [given["id"]] if given.get("id") else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        elif tag == "form":
            self.forms.append(given.get("method", "get").lower())
        elif tag == "a":
            self._href, self._text = given.get("href"), []
        self.in_title = tag == "title"

    def handle_data(self, data):
        if self.in_title:
            self.title += data
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "a" and self._text is not None:
            self.links.append((" ".join("".join(self._text).split()), self._href))
            self._text = None
        if tag == "title":
            self.in_title = False

    def complaints(self):
        yield from self.problems
        if self.headings.count(1) != 1:
            yield f"{self.headings.count(1)} h1"
        for before, after in zip(self.headings, self.headings[1:], strict=False):
            if after > before + 1:
                yield f"a heading of level {after} follows one of level {before}"
        double = {name for name in self.ids if self.ids.count(name) > 1}
        if double:
            yield f"ids used twice: {sorted(double)}"
        for text, href in self.links:
            if not text or text.lower() in BANNED_LINKS:
                yield f"a link {text!r} to {href} says nothing"


def read(response):
    reader = Reader()
    reader.feed(response.content.decode())
    return reader


def looks(world):
    """Every state of every page: (row, stage, query, client)."""
    for row in ROWS:
        if row.posts_only:
            continue
        for stage in row.stages or ("",):
            for query in row.query:
                client = sign_in(world, who_looks(row))
                hold(client, world, row)
                yield row, stage, query, client


@pytest.mark.usefixtures("mail_in_files")
@pytest.mark.django_db
def test_every_page_keeps_its_promises(world):
    wrong, titles = [], {}

    for row, stage, query, client in looks(world):
        path = row.path(world, stage) + query
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            response = client.get(path)
            close_files(response)
        name = f"{row.route} ({stage or '-'}{query})"
        if row.is_page and response.status_code != row.status(stage):
            wrong.append(f"{name}: {response.status_code}, not {row.status(stage)}")
        wrong += [f"{name}: {c}" for c in page_complaints(response, queries)]
        if row.is_page:
            reader = read(response)
            wrong += [f"{name}: {each}" for each in reader.complaints()]
            titles.setdefault(" ".join(reader.title.split()), set()).add(path)
            has_form = "post" in reader.forms
            cookies = set(response.cookies) - {"session"}
            if cookies and not has_form:
                wrong.append(f"{name}: sets {cookies} without a form that posts")

    assert "\n".join(wrong) == ""


def page_complaints(response, queries):
    """What is wrong with an answer, whatever it shows."""
    for query in queries:
        if WRITES.match(query["sql"]):
            yield f"a GET that writes: {query['sql'][:80]}"
    policy = response.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"Content-Security-Policy: {policy}"
    for header, value in {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }.items():
        if response.headers.get(header) != value:
            yield f"{header}: {response.headers.get(header)}"


@pytest.mark.django_db
def test_no_page_for_the_public_uses_a_banned_word(world):
    wrong = []

    for row in ROWS:
        if row.posts_only or not row.is_page or row.action not in {"public", "link"}:
            continue
        client = Client()
        hold(client, world, row)
        text = client.get(row.path(world)).content.decode()
        words = re.sub(r"<[^>]*>", " ", text)
        wrong += [f"{row.route}: {match}" for match in BANNED_WORDS.findall(words)]

    assert "\n".join(wrong) == ""


@pytest.mark.rule("ACC-03", "refuses")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field", "completes"),
    [
        ("/accounts/login/", "login", "email"),
        ("/accounts/login/", "password", "current-password"),
        ("/accounts/password/reset/", "email", "email"),
    ],
)
def test_signing_in_keeps_nobody_from_pasting_or_using_a_password_manager(
    client, path, field, completes
):
    html = client.get(path).content.decode()
    control = re.search(rf'<input[^>]*name="{field}"[^>]*>', html)[0]

    assert f'autocomplete="{completes}"' in control
    assert "onpaste" not in control
    assert "captcha" not in html.lower()
