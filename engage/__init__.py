"""The top floor: settings, addresses, and pages made of several apps.

Importing the package makes the Celery application the current one, so that
every task of the apps below is bound to it.
"""

from engage.celery import app as celery_app

__all__ = ["celery_app"]
