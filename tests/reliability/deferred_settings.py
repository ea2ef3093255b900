"""The portal with Django's own way to begin a transaction on SQLite (a control).

DEFERRED takes no lock until the first write; a transaction that has read before then
fails at once, however long the timeout.
"""

from engage.settings import *  # noqa: F403, TID251
from engage.settings import DATABASES  # noqa: TID251

DATABASES["default"]["OPTIONS"]["transaction_mode"] = "DEFERRED"
