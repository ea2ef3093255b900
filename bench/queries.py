"""Whether a page of the registry asks the database more often when there is more.

The small council of `tests.world`, then the same with ten times the consultations,
answers, people, wards, services, documents, messages and trail: every registered
page must take as many queries as before.
"""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.roles import RoleKind
from consultations.models import Document
from notices.models import Notice
from tests import factories
from tests.test_matrix import hold, sign_in
from tests.test_walks import looks, who_looks
from tests.world import ANSWERS, make_world

TIMES = 10


def pages_that_ask_more() -> tuple[int, list[str]]:
    """How many pages were looked at, and a line for each that took more queries."""
    with transaction.atomic():
        world = make_world()
        for stage, consultation in world.stages.items():
            _hang_on(world, consultation, stage)  # a list of none asks for less
        before = _counts(world)
        _more(world)
        after = _counts(world)
        transaction.set_rollback(True)
    changed = [
        f"{name}: {count} queries, then {after[name]}"
        for name, count in before.items()
        if after[name] != count
    ]
    return len(before), changed


def _counts(world) -> dict[str, int]:
    found = {}
    for row, stage, query, _client in looks(world):
        path = row.path(world, stage) + query
        for _again in range(2):  # what is loaded once for a process is not the page's
            client = sign_in(world, who_looks(row))
            hold(client, world, row)
            with transaction.atomic(), CaptureQueriesContext(connection) as queries:
                response = client.get(path)
                if response.streaming:
                    b"".join(response.streaming_content)
                transaction.set_rollback(True)
        found[f"{row.route} ({stage or '-'}{query})"] = len(queries)
    return found


def _more(world) -> None:
    """Nine more of everything that there was one of."""
    services = [factories.make_service() for _n in range(TIMES)]
    for number, service in enumerate(services):
        factories.make_officer(service)
        factories.make_user(RoleKind.COUNCILLOR)
        factories.make_topic()
        factories.make_ward(name=f"Ward {number}", slug=f"ward-{number}")
    for stage, consultation in world.stages.items():
        _another(world, consultation)
        has_answers = consultation.responses.exists()
        for number in range(3 * (TIMES - 1) if has_answers else 0):
            held = {"status": "held", "held_because": "Quick."} if number % 3 else {}
            factories.make_response(consultation, ANSWERS, **held)
        for _n in range(TIMES - 1):
            _hang_on(world, consultation, stage)


def _another(world, consultation) -> None:
    make = factories.make_consultation
    if consultation.approved_at is not None:
        make = factories.make_published_consultation
    for _n in range(TIMES - 1):
        make(
            service=consultation.service,
            lead_officer=consultation.lead_officer,
            topic=consultation.topic,
            level=consultation.level,
            privacy_notice=consultation.privacy_notice,
        )


def _hang_on(world, consultation, stage) -> None:
    """A document, a message and an entry in the trail."""
    officer = world.people["officer"]
    Document.objects.create(consultation=consultation, title="Another", text="Words.")
    Notice.objects.create(
        kind="consultations.closing_soon",
        recipient="resident@example.org",
        recipient_key="a" * 40,
        occasion=f"{stage} {Notice.objects.count()}",
        status="failed",
        about_type="consultations.consultation",
        about_id=str(consultation.pk),
    )
    audit.record("consultation.changed", consultation, by=officer, about=consultation)
