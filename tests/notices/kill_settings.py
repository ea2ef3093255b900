"""The portal's settings for workers that are killed: short leases, a quick beat."""

from engage.settings import *  # noqa: F403, TID251

EMAIL_TIMEOUT = 1  # a lease is eight times that
CELERY_BEAT_SCHEDULE = {"tick": {"task": "engage.tasks.tick", "schedule": 1.0}}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
