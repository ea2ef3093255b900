"""The portal's database with one bare view and no middleware (bench.bare)."""

from engage.settings import *  # noqa: F403, TID251

ROOT_URLCONF = "bench.bare"
MIDDLEWARE = []
# allauth does not start without its middleware.
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]  # noqa: F405
