"""`python -m tests.reliability.seed COUNT [--without-key]`: drafts to be sent.

Runs against the database that the environment names, and prints as JSON what the
clients need: the consultation and the cookie of each draft. `--without-key` drops
the key that keeps a response single, for the control.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engage.settings")

KEY = "response_once_for_each_key"


def main(count, *options):
    django.setup()
    # After setup, because models need the app registry.
    from django.core.management import call_command
    from django.db import connection

    from accounts.secret_links import make_token
    from consultations.models import Draft, Response
    from tests import factories
    from tests.world import ANSWERS

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    factories.make_council()
    consultation = factories.make_published_consultation(slug="library-hours")
    version = consultation.questionnaires.get()
    drafts = Draft.objects.bulk_create(
        Draft(
            consultation=consultation,
            version=version,
            answers={**ANSWERS, "q_why": f"Because of reason {number}."},
            pages_done=["p1", "p2", "p3"],
        )
        for number in range(count)
    )
    if "--without-key" in options:
        constraints = {c.name: c for c in Response._meta.constraints}
        key = constraints.pop(KEY)
        # SQLite makes the table anew, from what the model says.
        Response._meta.constraints = list(constraints.values())
        with connection.schema_editor() as editor:
            editor.remove_constraint(Response, key)
    sys.stdout.write(
        json.dumps(
            {
                "consultation": consultation.pk,
                "slug": consultation.slug,
                "drafts": {
                    str(draft.pk): make_token("draft", draft.pk, draft.generation)
                    for draft in drafts
                },
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
