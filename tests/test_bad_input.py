"""Every form and every address of the registry, with what nobody should send (SEC-2).

The forms are found on the pages themselves: each is posted empty, with each field
set in turn to something absurd, twice over, with wrong files, and with names that
it does not have (SEC-7). The answer is a sentence, a redirect or a page that says
what to do: never a 500, never longer than five seconds, and what was typed stays.
"""

import copy
import io
import itertools
import re
import time
import zipfile
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.forms import BaseForm
from django.test import Client
from django.urls import resolve
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.models import Document
from design.formats import storable
from engage import wsgi
from tests.factories import PASSWORD
from tests.html_forms import Form, forms_of, posting_forms
from tests.pages import ROWS
from tests.test_matrix import hold, sign_in
from tests.test_walks import Reader, who_looks

SLOWEST = 5
POLYGLOT = "</title></textarea>'\"><zz onload=zz(1)>{{7*7}}{% now %} ' OR 1=1 --"
TRAP = "your-website"  # left empty by people, and filled in by programs
LONG = "a long story " * 77_000
LARGE = "9" * 40
BAD_TEXTS = (
    "\0",
    "a\ud800b",
    LONG,
    "\u202eright to left \u05d0\u05d1",
    "👩‍👩‍👧‍👦 \U0001f1ec\U0001f1e7",
    "1" + "0" * 30,
    "9" * 5000,
    "-1",
    "NaN",
    "1e400",
    "0001-01-01",
    "31/12/9999",
    "31/2/2027",
    "1/1/0001",
    "https://[",
    "a@" + "b" * 300 + ".org",
    "=cmd|' /C calc'!A0",
    POLYGLOT,
)
NASTY = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(lambda day: f"{day:%d/%m/%Y}"),
    st.sampled_from(BAD_TEXTS),
)
GENERIC = re.compile(
    r"this field is required|\binvalid\b|enter a valid|not a valid|valid choice"
    r"|ensure this|constraint|null",
    re.IGNORECASE,
)
# Names that a form of a list may think are a lookup of a queryset (T-06).
LOOKUPS = "&".join(
    (
        "password__startswith=a",
        "lead_officer__email__startswith=o",
        "created_by__password__gte=a",
        "status__in=draft",
        "pk__gte=0",
        "order_by=lead_officer__password",
        "ordering=-pk",
    )
)


@dataclass
class Case:
    """One form of a page, and the person at it."""

    name: str
    client: Client
    path: str
    form: Form


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _no_limits(settings):
    """How often somebody may try is not what is looked at here."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture(scope="module")
def cases(world, django_db_blocker):
    """Every form that posts, on every page of the registry, once."""
    with django_db_blocker.unblock():
        return list(_cases(world))


def _cases(world):
    seen = set()
    for row in ROWS:
        client = at_the_page(world, row)
        for stage in row.stages[:1] or ("",):
            path = row.path(world, stage)
            if row.posts_only:
                forms = [Form("post", path)]
            elif row.is_page:
                forms = posting_forms(client.get(path).content.decode())
            else:
                continue
            for form in forms:
                target = form.action or path
                key = (resolve(target).view_name, *form.controls)
                if key not in seen:
                    seen.add(key)
                    yield Case(f"{row.route} {target}", client, target, form)


def at_the_page(world, row):
    """The person who uses a page most, with the password just given."""
    client, who = Client(), who_looks(row)
    if who != "anonymous":
        if who not in world.things:
            signed_in = sign_in(world, who)
            signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
            world.things[who] = signed_in.cookies
        client.cookies = copy.deepcopy(world.things[who])
    hold(client, world, row)
    return client


# Sending -------------------------------------------------------------------------


def as_bytes(value):
    return str(value).encode("utf-8", "surrogatepass")


def encode(data, *, is_multipart):
    """(body, content type) as a browser makes them, whatever the text is."""
    pairs = [
        (name, value)
        for name, values in data.items()
        for value in (values if isinstance(values, list | tuple) else [values])
    ]
    if not is_multipart:
        body = "&".join(
            f"{quote(as_bytes(name))}={quote(as_bytes(v))}" for name, v in pairs
        )
        return body.encode(), "application/x-www-form-urlencoded"
    return b"".join(_parts(pairs)), "multipart/form-data; boundary=frontier"


def _parts(pairs):
    for name, value in pairs:
        yield b'--frontier\r\nContent-Disposition: form-data; name="'
        yield as_bytes(name) + b'"'
        if isinstance(value, Upload):
            yield b'; filename="' + as_bytes(value.name) + b'"\r\nContent-Type: '
            yield value.kind.encode() + b"\r\n\r\n" + value.content + b"\r\n"
        else:
            yield b"\r\n\r\n" + as_bytes(value) + b"\r\n"
    yield b"--frontier--\r\n"


@dataclass
class Upload:
    name: str
    content: bytes
    kind: str = "application/pdf"


def send(case, data):
    """Post, and undo: (answer, what is wrong with it)."""
    body, kind = encode(data, is_multipart=case.form.is_multipart)
    cookies = copy.deepcopy(case.client.cookies)
    with transaction.atomic():
        started = time.monotonic()
        response = case.client.generic("POST", case.path, body, kind)
        seconds = time.monotonic() - started
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    case.client.cookies = cookies
    wrong = []
    if response.status_code >= 500:
        wrong.append(f"{response.status_code}")
    if seconds > SLOWEST:
        wrong.append(f"took {seconds:.1f} s")
    return response, wrong


def typed(data, form):
    """What somebody wrote into boxes: (name, text)."""
    for name, control in form.controls.items():
        value = None if name == TRAP else data.get(name)
        last = value[-1] if isinstance(value, list) and value else value
        if control.is_typed and isinstance(last, str) and last.strip():
            yield name, last


def comparable(text):
    """Without what cannot be stored and what a browser may change."""
    return re.sub(r"[\s?\ufffd\ud800-\udfff]", "", storable(text).replace("\0", ""))


def complaints_of_errors(response, data, form):
    """A form with errors: a summary, sentences, the title, and what was typed."""
    bound = errors_in(response)
    if response.status_code != 200 or not bound:
        return
    html = response.content.decode()
    if "govuk-error-summary" not in html:
        yield f"no error summary for {bound}"
    reader = Reader()
    reader.feed(html)
    if not reader.title.strip().startswith("Error:"):
        yield f"the title is {reader.title.strip()!r}"
    said = re.findall(r'class="govuk-error-message">(.*?)</p>', html, re.DOTALL)
    said += re.findall(r'error-summary__list">(.*?)</ul>', html, re.DOTALL)
    for text in said:
        words = " ".join(re.sub(r"<[^>]*>", " ", text).split())
        if GENERIC.search(words):
            yield f"says {words!r}"
    kept = {
        name: control
        for each in forms_of(html)
        if each.method == "post"
        for name, control in each.controls.items()
    }
    for name, text in typed(data, form):
        now = kept[name].values[-1] if name in kept and kept[name].values else None
        if now is None or comparable(now) != comparable(text):
            yield f"{name}: {text[:40]!r} became {now and now[:40]!r}"


def errors_in(response):
    """The errors of every form of the page."""
    found = []
    for layer in response.context or ():
        for each in getattr(layer, "dicts", [layer]):
            for value in each.values():
                if isinstance(value, BaseForm) and value.is_bound and value.errors:
                    found += [dict(value.errors.get_json_data())]
    return found


def check(case, data):
    response, wrong = send(case, data)
    wrong += complaints_of_errors(response, data, case.form)
    return response, [f"{case.name}: {each}" for each in wrong]


def report(complaints):
    assert "\n".join(dict.fromkeys(complaints)) == ""


# Forms ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_form_posted_empty_says_what_is_missing(cases):
    wrong = []

    for case in cases:
        # Django's token is the one thing that is never missing.
        wrong += check(case, {"csrfmiddlewaretoken": "x"})[1]
        blank = dict.fromkeys(case.form.controls, "")
        wrong += check(case, blank)[1]
        for name, value in case.form.buttons:
            if name:
                wrong += check(case, {name: value})[1]

    report(wrong)


def each_field(cases, texts_of):
    """Each field in turn set to a bad text, in a form that is filled otherwise."""
    wrong = []
    for number, case in enumerate(cases):
        for place, name in enumerate(case.form.controls):
            for text in texts_of(number + place):
                _, found = check(case, case.form.filled(**{name: text}))
                wrong += [f"{name}={text[:30]!r} {each}" for each in found]
    return wrong


@pytest.mark.django_db
def test_each_field_in_turn_takes_something_absurd(cases):
    report(each_field(cases, lambda turn: [BAD_TEXTS[turn % len(BAD_TEXTS)]]))


@pytest.mark.sqlite
@pytest.mark.django_db
def test_each_field_in_turn_takes_a_number_that_no_database_can_hold(cases):
    """SQLite's driver breaks where PostgreSQL's does not."""
    report(each_field(cases, lambda turn: [LARGE]))


@pytest.mark.soak
@pytest.mark.django_db
def test_each_field_in_turn_takes_everything_absurd(cases):
    report(each_field(cases, lambda turn: BAD_TEXTS))


@pytest.mark.django_db
def test_all_fields_at_once_take_something_absurd(cases):
    wrong = []

    for turn, case in enumerate(cases):
        texts = itertools.islice(itertools.cycle(BAD_TEXTS), turn, None)
        data = dict(zip(case.form.controls, texts, strict=False))
        wrong += check(case, data)[1]

    report(wrong)


def anything(cases, data):
    case = data.draw(st.sampled_from(cases), label="form")
    names = [*case.form.controls, "page", "next", "action"]
    body = st.dictionaries(
        st.sampled_from(names), st.lists(NASTY, min_size=1, max_size=3), max_size=6
    )
    report(check(case, case.form.filled(**data.draw(body, label="body")))[1])


FUZZ = settings(suppress_health_check=list(HealthCheck), deadline=None)


@pytest.mark.django_db
@settings(FUZZ, max_examples=60)
@given(data=st.data())
def test_no_form_breaks_on_what_nobody_thought_of(cases, data):
    anything(cases, data)


@pytest.mark.soak
@pytest.mark.django_db
@settings(FUZZ, max_examples=10_000)
@given(data=st.data())
def test_no_form_breaks_on_ten_thousand_odd_answers(cases, data):
    anything(cases, data)


@pytest.mark.django_db
def test_keys_that_come_twice_break_nothing(cases):
    wrong = []

    for case in cases:
        filled = case.form.filled()
        twice = {
            name: [*(value if isinstance(value, list) else [value]), "", POLYGLOT]
            for name, value in filled.items()
        }
        wrong += check(case, twice)[1]

    report(wrong)


# Files ---------------------------------------------------------------------------


def archive(member):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        written.writestr(member, "x")
    return made.getvalue()


PDF = b"%PDF-1.4 a plan"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
REFUSED = [
    Upload("plan.pdf", b""),
    Upload("plan.pdf", b"MZ\x90 a program"),
    Upload("plan.pdf", HTML),
    Upload("plan.pdf", b"\n" + PDF),
    Upload("plan.html", HTML, "text/html"),
    Upload("plan.svg", SVG, "image/svg+xml"),
    Upload("plan.png", SVG, "image/png"),
    Upload("plan.pdf.exe", PDF),
    Upload("plan", PDF),
    Upload("plan.docx", archive("nothing/here.txt")),
    Upload("plan.docm", archive("word/vbaProject.bin")),
    Upload("plan.docx", b"PK\x03\x04 cut off"),
    Upload("plan.pdf", PDF + b"0" * (11 * 1024 * 1024)),
    Upload("plan\u202efdp.exe", PDF),
]
STRANGE_NAMES = [
    "../../../etc/cron.d/plan.pdf",
    "..\\..\\plan.pdf",
    "exe.\u202eplan.pdf",
    "a\r\nSet-Cookie: a=b.pdf",
    '<img src=x onerror=zz(1)>".pdf',
    "long" * 200 + ".pdf",
    "\0.pdf",
    "\ud800.pdf",
    "=cmd.pdf",
    ".pdf",
]


def with_files(cases):
    for case in cases:
        for name, control in case.form.controls.items():
            if control.kind == "file":
                yield case, name


@pytest.mark.django_db
def test_wrong_files_are_refused_with_a_sentence(cases):
    wrong = []

    for case, name in with_files(cases):
        for upload in REFUSED:
            data = case.form.filled(**{name: upload})
            response, found = check(case, data)
            wrong += found
            if not any(name in errors for errors in errors_in(response)):
                wrong.append(f"{case.name} took {upload.name!r} {upload.content[:9]!r}")

    report(wrong)


@pytest.mark.django_db
def test_a_file_keeps_nothing_dangerous_of_its_name(cases, world, tmp_path):
    case = next(each for each in cases if "document_add" in each.name)
    outside = set(tmp_path.parent.iterdir())

    for name in STRANGE_NAMES:
        data = case.form.filled(upload=Upload(name, PDF))
        body, kind = encode(data, is_multipart=True)
        with transaction.atomic():
            response = case.client.generic("POST", case.path, body, kind)
            assert response.status_code == 302 or errors_in(response), name
            added = Document.objects.filter(file_name__gt="").latest("pk")
            transaction.set_rollback(True)
        assert not re.search(r'[/\\<>":;\r\n\0\u202e]', added.file_name), name
        assert re.fullmatch(r"documents/[\w.=-]+", added.file.name), added.file.name
    assert set(tmp_path.parent.iterdir()) == outside


# Addresses -----------------------------------------------------------------------

BAD_PARTS = ("0", "-1", "9" * 30, "%00", "a%00b", "a" * 3000, quote(POLYGLOT, safe=""))
BAD_PARTS += ("..%2f..%2fetc", "%ED%A0%80", "%E2%80%AE", "%2e%2e")
BAD_PAGES = ("-1", "0", "999999", "abc", "%00", "9" * 5000, "1e400", "NaN", "")


def look(client, path):
    """GET, and undo: (answer or None, what is wrong with it)."""
    with transaction.atomic():
        started = time.monotonic()
        response = client.generic("GET", path)
        seconds = time.monotonic() - started
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    wrong = []
    if response.status_code >= 500 and "readyz" not in path:
        wrong.append(f"{response.status_code} {path[:120]}")
    if seconds > SLOWEST:
        wrong.append(f"{path[:120]} took {seconds:.1f} s")
    if not response.streaming and (
        b"<zz" in response.content or b"onload=zz" in escaped_away(response.content)
    ):
        wrong.append(f"{path[:120]} repeats what it was given, unescaped")
    return response, wrong


def escaped_away(content):
    """The page without text in which < is escaped: there, nothing is markup."""
    return re.sub(rb"&lt;zz onload=zz\(1\)&gt;", b"", content)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_no_address_with_an_absurd_part_breaks(world):
    report(absurd_parts(world, lambda turn: [BAD_PARTS[turn % len(BAD_PARTS)], "%00"]))


@pytest.mark.soak
@pytest.mark.django_db
def test_no_address_with_any_absurd_part_breaks(world):
    report(absurd_parts(world, lambda turn: BAD_PARTS))


def absurd_parts(world, parts_of):
    """Each part of each address replaced, read and posted to."""
    wrong, turn = [], 0
    for row in ROWS:
        if row.route == "account_reset_password_from_key":
            continue  # says for every key that it has been used
        kwargs = row.extra(world)
        if row.stages:
            kwargs["slug"] = world.slug(row.stages[0])
        client = at_the_page(world, row)
        for value in kwargs.values():
            path, turn = row.path(world), turn + 1
            for bad in parts_of(turn):
                changed = path.replace(f"/{value}", f"/{bad}", 1)
                response, found = look(client, changed)
                wrong += [f"{row.route}: {each}" for each in found]
                if response.status_code == 200 and row.action != "link":
                    wrong.append(f"{row.route} answers {changed[:120]}")
                form = Case(row.route, client, changed, Form("post", ""))
                wrong += send(form, {"a": "b"})[1]
    return wrong


def names_asked(html):
    """The names of a page's filters, and of the links that change the list."""
    names = {
        name
        for form in forms_of(html)
        if form.method == "get"
        for name in form.controls
    }
    return names | set(re.findall(r"[?;&](\w+)=", html)) | {"page", "next", "q"}


def queries_of(row, html, turn):
    """All names at once, twice; on a list each name with each absurd text."""
    names = sorted(names_asked(html))
    yield "&".join(f"{name}={quote(POLYGLOT)}" for name in names)
    some = [quote(as_bytes(text)) for text in BAD_TEXTS if text != LONG]
    turned = some[turn % len(some) :] + some
    yield "&".join(f"{n}={text}&{n}=b" for n, text in zip(names, turned, strict=False))
    if any(form.method == "get" for form in forms_of(html)):
        some.append(quote(LONG[:20_000]))
        yield from (f"page={bad}" for bad in BAD_PAGES)
        yield from (f"{n}={some[(turn + i) % len(some)]}" for i, n in enumerate(names))
        yield from (f"q={text}" for text in some)


@pytest.mark.django_db
def test_no_query_breaks_a_page_or_comes_back_as_markup(world):
    wrong = []

    for turn, row in enumerate(ROWS):
        if row.posts_only:
            continue
        client, path = at_the_page(world, row), row.path(world)
        first, _ = look(client, path)
        is_text = not first.streaming and "text/html" in first.get("Content-Type", "")
        html = first.content.decode() if is_text else ""
        for query in queries_of(row, html, turn):
            wrong += [f"{row.route}: {w}" for w in look(client, f"{path}?{query}")[1]]

    report(wrong)


def without_tokens(response):
    text = response.content.decode()
    return re.sub(r'value="[0-9A-Za-z:_.-]{32,}"', "", text)


@pytest.mark.django_db
def test_lists_take_no_lookup_of_the_database_from_the_address(world):
    wrong = []

    for row in ROWS:
        if row.posts_only or not row.is_page or row.device:
            continue
        if row.route == "mfa_activate_totp":
            continue  # a new secret each time it is looked at
        client, path = at_the_page(world, row), row.path(world)
        plain = without_tokens(look(client, path)[0])
        asked = without_tokens(look(client, f"{path}?{LOOKUPS}")[0])
        # A list may repeat the whole query in the links to its pages.
        if asked.replace(LOOKUPS, "").replace(escape(LOOKUPS), "") != plain:
            wrong.append(row.route)

    report(wrong)


ALPHABETS = ("utf-7", "unicode_escape", "base64", "idna", "utf-16", "nothing")


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ALPHABETS)
def test_a_request_in_another_alphabet_is_read_as_ours(world, charset, monkeypatch):
    """By the server's door: Django reads the address before any middleware."""
    client = Client()
    inside = client.handler
    monkeypatch.setattr(wsgi, "_django", lambda environ, start: inside(environ))
    client.handler = lambda environ: wsgi.application(environ, None)
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n+2AA-\\ud800\r\n'
        % name
        for name in (b"email", b"postcode", b"q")
    )
    wrong = []

    for path in ("/wards/", "/lost-link/", "/consultations/", "/feedback/"):
        for kind in ("multipart/form-data; boundary=x", "a/b"):
            kind = f"{kind}; charset={charset}"
            query = f"{path}?q=%2B2AA-%5Cud800&page=%FF"
            asked = client.generic("GET", query, CONTENT_TYPE=kind)
            posted = client.generic("POST", path, body + b"--x--", kind)
            if asked.status_code != 200 or posted.status_code not in {200, 405}:
                wrong.append(f"{path} in {kind}")

    report(wrong)


@pytest.mark.django_db
def test_broken_bodies_and_headers_break_nothing(cases, world):
    wrong = []
    broken = [
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"\xff" * 100, "multipart/form-data; boundary=" + "x" * 300),
        (b"%%%=%zz&&&=\0", "application/x-www-form-urlencoded"),
        (b"a=b&" * 5000, "application/x-www-form-urlencoded"),
        (b"x" * 6_000_000, "application/x-www-form-urlencoded"),
        (b'{"a": NaN}', "application/json"),
        (b"a", "\u202e/\u202e"),
    ]
    headers = {
        "HTTP_COOKIE": 'session="\x80\\; draft-1=;=;receipt-\xff=1; csrf=' + "a" * 4000,
        "HTTP_ACCEPT_LANGUAGE": "x" * 3000 + ";q=NaN,*;q=-1",
        "HTTP_REFERER": "http://[",
        "HTTP_IF_MODIFIED_SINCE": "Thu, 99 Foo 99999 99:99:99 GMT",
        "HTTP_RANGE": "bytes=-1-0,99999999999999999999-",
        "HTTP_USER_AGENT": "\xff" * 5000,
        "HTTP_X_FORWARDED_FOR": "not an address, " * 100,
    }

    for case in cases[::5]:
        for body, kind in broken:
            with transaction.atomic():
                response = case.client.generic("POST", case.path, body, kind)
                transaction.set_rollback(True)
            if response.status_code >= 500:
                wrong.append(f"{case.name}: {response.status_code} for {body[:20]!r}")
    for row in ROWS:
        if not row.posts_only and "readyz" not in row.route:
            response = Client().generic("GET", row.path(world), **headers)
            if response.streaming:
                b"".join(response.streaming_content)
            if response.status_code >= 500:
                wrong.append(f"{row.route}: {response.status_code} for headers")

    report(wrong)


# Names that a form does not have (SEC-7) ---------------------------------------------

# They differ from one time to the next, whoever sends what.
OF_THE_MOMENT = re.compile(
    r"(^|_)(id|at|on|since|date_joined|key|digest|token|generation|request_id|password|occasion|payload"
    r"|reference|email|hour|starts|ends|codes|file|logo|seconds_taken|last_login|session"
    r"|expire_date|answers|fingerprint|data)$"
)
PORTAL = ("accounts", "council", "notices", "portfolios", "wards", "consultations")


def portal_models():
    return [m for m in apps.get_models() if m._meta.app_label in PORTAL]


def something_else(column):
    """A value that would show, were it taken."""
    if column.choices:
        return str(column.choices[-1][0])
    if isinstance(column, models.BooleanField):
        return "on"
    if column.is_relation or isinstance(column, models.IntegerField):
        return "1"
    if isinstance(column, models.DateTimeField):
        return "2031-05-06 07:08"
    return "2031-05-06" if isinstance(column, models.DateField) else "taken"


def every_column():
    """Every field of every model, under its own name and its column's."""
    names = {}
    for model in portal_models():
        for column in model._meta.fields:
            names[column.name] = names[column.attname] = something_else(column)
    return names


def rows_of_all_tables():
    """Each table's rows by key, without what the moment brings."""
    found = {}
    with connection.cursor() as cursor:
        for model in portal_models():
            columns = [
                c.column
                for c in model._meta.concrete_fields
                if not OF_THE_MOMENT.search(c.column)
                or c.attname in {"is_active", "is_staff", "is_superuser"}
            ]
            names = ", ".join(f'"{name}"' for name in columns) or "1"
            cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}"')
            found[model._meta.label] = sorted(
                repr(list(zip(columns, row, strict=False))) for row in cursor.fetchall()
            )
    return found


def after(case, data):
    body, kind = encode(data, is_multipart=case.form.is_multipart)
    cookies = copy.deepcopy(case.client.cookies)
    with transaction.atomic():
        response = case.client.generic("POST", case.path, body, kind)
        rows = rows_of_all_tables()
        transaction.set_rollback(True)
    case.client.cookies = cookies
    return response.status_code, rows


@pytest.mark.django_db
def test_a_form_changes_only_what_it_asks_for(cases):
    """Posted with every field of every model: the same rows as without (SEC-7)."""
    wrong, changed = [], 0
    extra = every_column()
    before = rows_of_all_tables()

    for case in cases:
        filled = case.form.filled()
        status, rows = after(case, filled)
        more = {name: v for name, v in extra.items() if name not in case.form.controls}
        status_of_more, rows_of_more = after(case, {**more, **filled})
        changed += rows != before
        if status != status_of_more:
            wrong.append(f"{case.name}: {status} and {status_of_more}")
        for table, kept in rows.items():
            if kept != rows_of_more[table]:
                odd = set(kept) ^ set(rows_of_more[table])
                wrong.append(f"{case.name}: {table}: {sorted(odd)}")

    report(wrong)
    assert changed > len(cases) / 3, "few forms were filled in well enough to show it"
