"""Every route is in the registry, and nothing is in it that is no route."""

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from tests.pages import ELSEWHERE, ROWS


def routes(resolver=None, namespaces=()):
    """Every named route of the resolver, with its namespaces."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or str(pattern.pattern)])
        else:
            inner = [pattern.namespace] if pattern.namespace else []
            yield from routes(pattern, [*namespaces, *inner])


def test_every_route_is_listed():
    listed = {row.route for row in ROWS}

    unlisted = {
        route
        for route in routes()
        if route not in listed and not route.startswith(tuple(ELSEWHERE))
    }

    assert unlisted == set()


def test_nothing_listed_is_no_route():
    assert {row.route for row in ROWS} - set(routes()) == set()
