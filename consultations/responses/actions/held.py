"""What officers decide about responses that look wrong (CON-08).

Nothing is dropped: a response is left out of the counts only for a reason from
the list, by somebody, and can be put back.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.refusals import ActionRefused
from consultations import permissions
from consultations.models import Consultation, Response

Status = Response.Status


@transaction.atomic
def release(response: Response, *, note: str = "", by: User) -> Response:
    """Count a response that was held or excluded."""
    response = _locked(response)
    if response.status not in (Status.HELD, Status.EXCLUDED):
        raise ActionRefused(_("This response is neither held nor excluded."))
    before = _facts(response)
    response.status, response.excluded_because = Status.SENT, ""
    _decide(response, "response.released", before, note=note, by=by)
    return response


@transaction.atomic
def exclude(response: Response, *, reason: str, note: str = "", by: User) -> Response:
    """Leave a response out of the counts, for one of the reasons (CON-08)."""
    response = _locked(response)
    if reason not in Response.Exclusion.values:
        raise ActionRefused(_("Select why this response is not counted."))
    if response.status not in (Status.SENT, Status.HELD):
        raise ActionRefused(_("This response is not counted already."))
    before = _facts(response)
    response.status, response.excluded_because = Status.EXCLUDED, reason
    _decide(response, "response.excluded", before, note=note, by=by)
    return response


def _locked(response: Response) -> Response:
    # Results are made under this lock: they know of the decision, or come before it.
    Consultation.objects.select_for_update().get(pk=response.consultation_id)
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("consultation")
        .get(pk=response.pk)
    )


def _facts(response: Response) -> dict[str, str]:
    return {"status": response.status, "because": response.excluded_because}


def _decide(
    response: Response, action: str, before: dict[str, str], *, note: str, by: User
) -> None:
    response.decided_by, response.decision_note = by, note
    response.save(
        update_fields=["status", "excluded_because", "decided_by", "decision_note"]
    )
    audit.record(
        action,
        response,
        by=by,
        acting_as=permissions.acting_as(by, response.consultation),
        before=before,
        after=_facts(response),
        reason=note or response.get_excluded_because_display(),
        about=response.consultation,
    )
