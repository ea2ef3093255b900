"""Pages made of several apps, and the portal's own."""

from engage.views.errors import csrf_failure, server_error
from engage.views.home import home

__all__ = ["csrf_failure", "home", "server_error"]
