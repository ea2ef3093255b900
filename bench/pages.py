"""The public's pages in the city, beside bare views with the same queries.

Each function does both once and returns (ours, bare) in seconds, in turn from call
to call. Both are views called with a request, without the middleware.
"""

import itertools
import time

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import bare
from consultations.models import Consultation, Stage
from consultations.views import public
from engage.views.home import home as our_home

_turn = itertools.count()
_factory = RequestFactory()
_templates = {}


def home() -> tuple[float, float]:
    """The home page."""
    return _beside(our_home, bare.home, "/")


def consultation_list() -> tuple[float, float]:
    """The list of open consultations, its first page."""
    return _beside(public.consultation_list, bare.consultation_list, "/consultations/")


def overview() -> tuple[float, float]:
    """The overview of a consultation that is open."""
    found = Consultation.objects.at_stage(Stage.OPEN, timezone.now())
    slug = found.order_by("pk").values_list("slug", flat=True)[0]
    return _beside(
        public.consultation_detail, bare.overview, f"/consultations/{slug}/", slug=slug
    )


def _beside(ours, other, address, **kwargs):
    if address not in _templates:
        _templates[address] = _template(ours, other, address, kwargs)
    template = _templates[address]
    # What a view cached on a request, the next one must ask again.
    request = _request(address)

    def page():
        assert ours(request, **kwargs).status_code == 200

    def bare_page():
        other(template, **kwargs)

    if next(_turn) % 2:
        second = _timed(bare_page)
        return _timed(page), second
    return _timed(page), _timed(bare_page)


def _template(ours, other, address, kwargs):
    """A template of as many bytes; the two must ask the database as often."""
    with CaptureQueriesContext(connection) as our_queries:
        size = len(ours(_request(address), **kwargs).content)
    template = engines["django"].from_string(_text(size))
    with CaptureQueriesContext(connection) as bare_queries:
        other(template, **kwargs)
    if len(our_queries) != len(bare_queries):
        asked = "\n".join(query["sql"][:300] for query in our_queries)
        raise AssertionError(
            f"{address}: {len(our_queries)} queries, bare {len(bare_queries)}\n{asked}"
        )
    return template


def _text(size: int) -> str:
    line = "<tr><td>Answer</td><td>1,250</td><td>45%</td></tr>\n"
    loop = "{% for row in rows %}<p>{{ row }}</p>\n{% endfor %}"
    return loop + line * (size // len(line))


def _request(address):
    request = _factory.get(address)
    request.user, request.session = AnonymousUser(), {}
    return request


def _timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
