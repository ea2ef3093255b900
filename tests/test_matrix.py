"""The permission matrix over every route and method.

For each person of the matrix: each route, with the consultation that is theirs,
with one that is hidden from them, and with one that does not exist; by GET, POST
and the methods that nothing uses. Forbidden means the right answer, the same one
for hidden and absent, and no row changed.
"""

import re
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection, transaction
from django.template import loader
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.matrix import EVERYBODY, KNOWS_DRAFTS, WHO, WITHOUT_A_POST
from tests.pages import ROWS
from tests.world import token

HIDDEN = {"draft", "waiting", "returned", "withdrawn"}
UNUSED_METHODS = ("put", "patch", "delete")
ABSENT = "no-such-consultation"
# Sessions and caches are not what a person may not change; and allauth notes whose
# address a reset link speaks of when it is opened.
WRITES = re.compile(
    r"\A\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"
    r'"(?!django_session|engage_cache|account_emailaddress)'
)


def sign_in(world, who):
    client = Client(raise_request_exception=True)
    if who != "anonymous":
        client.force_login(world.people[who])
        session = client.session
        # As allauth keeps it: the password was given just now.
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(world.people[who].pk)
        session.save()
    return client


def hold(client, world, row):
    """The cookie that an opened secret link left on the device."""
    if row.device in {"draft", "receipt"}:
        consultation = world.stages[row.stages[0]]
        thing = world.things[row.device]
        client.cookies[f"{row.device}-{consultation.pk}"] = token(row.device, thing)
    elif row.device == "join":
        client.get(f"/join/{token('join', world.things['invited'])}/")


def expected(who, row, stage):
    """What the matrix says: "yes", "sign in", 403 or 404."""
    if who in WHO[row.action]:
        return "yes"
    if who == "anonymous":
        return "sign in"
    if who in WITHOUT_A_POST:
        return 403
    if stage == ABSENT or (stage in HIDDEN and who not in KNOWS_DRAFTS):
        return 404
    if who in row.hidden_from:
        return 404
    return 403


def stages_of(row):
    """Where a consultation is asked for: at the row's first stage, at its first
    public one, which more people may know of, and where there is none."""
    if not row.stages:
        return ("",)
    public = [stage for stage in row.stages if stage not in HIDDEN]
    return (*dict.fromkeys([row.stages[0], *public[:1]]), ABSENT)


def close_files(response):
    """Read a file's answer to the end and close the file, but not the database."""
    if response.streaming:
        b"".join(response.streaming_content)
        for close in response._resource_closers:
            close()


def answer(client, method, path):
    """One request, rolled back; (response, whether any row was changed)."""
    with transaction.atomic():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = getattr(client, method)(path)
            close_files(response)
        transaction.set_rollback(True)
    wrote = any(WRITES.match(query["sql"]) for query in queries)
    return response, wrote


def is_sign_in(response):
    return response.status_code == 302 and "/accounts/login/" in response["Location"]


def complaint(who, row, stage, method, response, wrote):
    """Why this cell is wrong, or None."""
    wanted = expected(who, row, stage)
    cell = f"{who} {method.upper()} {row.route} ({stage}): {response.status_code}"
    if wanted == "yes":
        absent = stage == ABSENT
        if absent and response.status_code not in {404, 405}:
            return f"{cell}, wanted 404 for what does not exist"
        refused = response.status_code in {401, 403} or is_sign_in(response)
        if not absent and (refused or response.status_code in {404, 500}):
            return f"{cell}, wanted in"
        return None
    if wrote:
        return f"{cell}, changed a row"
    if wanted == "sign in":
        right = is_sign_in(response)
    else:
        right = response.status_code == wanted
    return None if right else f"{cell}, wanted {wanted}"


def body(response):
    """What a person sees, without what differs in every answer."""
    text = response.content.decode(errors="replace")
    return re.sub(r'value="[0-9a-zA-Z]{64}"', "", text)


@pytest.fixture(autouse=True)
def _without_templates(monkeypatch):
    """Who may do what does not hang on how a page looks; pages are most of the time.

    The pages that refuse (403, 404) are rendered as they are, by their own views.
    """
    real = loader.render_to_string

    def render(name, *args, **kwargs):
        is_refusal = str(name).startswith("40")
        return real(name, *args, **kwargs) if is_refusal else "<h1>A page</h1>"

    monkeypatch.setattr(loader, "render_to_string", render)


@pytest.mark.usefixtures("mail_in_files")
@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_the_matrix_holds_for(who, world):
    wrong = []

    for row in ROWS:
        client = sign_in(world, who)
        hold(client, world, row)
        seen = {}
        for stage in stages_of(row):
            slug = ABSENT if stage == ABSENT else ""
            path = row.path(world, "" if slug else stage, slug)
            for method in ("get", "post"):
                if method == "get" and row.posts_only:
                    continue
                response, wrote = answer(client, method, path)
                if response.status_code == 405 and method == "post":
                    continue
                seen[stage, method] = response
                wrong.append(complaint(who, row, stage, method, response, wrote))
        wrong += different_for_absent(who, row, seen)

    assert "\n".join(each for each in wrong if each) == ""


def different_for_absent(who, row, seen):
    """A hidden thing and one that does not exist must look the same."""
    for (stage, method), response in seen.items():
        absent = seen.get((ABSENT, method))
        if stage not in HIDDEN or absent is None or who in WHO[row.action]:
            continue
        if expected(who, row, stage) == expected(who, row, ABSENT) and body(
            response
        ).replace(row.stages[0], "") != body(absent).replace(row.stages[0], ""):
            yield f"{who} {method.upper()} {row.route}: hidden differs from absent"


@pytest.mark.usefixtures("mail_in_files")
@pytest.mark.django_db
def test_methods_that_nothing_uses_are_refused_everywhere(world):
    wrong = []

    for row in ROWS:
        client = sign_in(world, "approver")
        hold(client, world, row)
        for method in UNUSED_METHODS:
            response, wrote = answer(client, method, row.path(world))
            # allauth reads a PUT as it reads a POST: an empty form again.
            theirs = row.route.startswith(("account_", "mfa_"))
            fine = {302, 403, 404, 405} | ({200} if theirs else set())
            if response.status_code not in fine or wrote:
                wrong.append(f"{method.upper()} {row.route}: {response.status_code}")

    assert "\n".join(wrong) == ""
