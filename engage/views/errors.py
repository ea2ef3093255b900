"""What people see when something is wrong with a request, or with the portal."""

import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

RETRY_SECONDS = "30"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: say what to do."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer, 500 for a mistake of ours (REL-9).

    Django calls this while it handles the exception. The pages ask for nothing:
    no context, no database.
    """
    if _is_unreachable(sys.exc_info()[1]):
        response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = RETRY_SECONDS
        return response
    return HttpResponse(render_to_string("500.html"), status=500)


def _is_unreachable(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, says that the database is away.

    A connection cut in the middle of an answer is a bare DatabaseError: psycopg2
    has no code of the server's to tell it by. What the database refuses (a wrong
    value, a broken constraint) has a class of its own and is our mistake.
    """
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        if type(error) is DatabaseError:
            return True
        error = error.__cause__ or error.__context__
    return False
