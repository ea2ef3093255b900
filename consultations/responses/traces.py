"""Traces against misuse: what is looked at, what is kept, what looks suspicious.

No CAPTCHA (ACC-03). Kept apart from the answers, as digests that are keyed by
consultation and day, and deleted some days after closing (GDPR-11). A suspicious
response is held and shown to an officer; it is never dropped.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.requests import client_address
from consultations.models import AbuseSignal, Consultation
from council.clock import local_day
from council.models import Council

# A name that robots like to fill in and that no question can have.
HONEYPOT = "your-website"
RENDERED = "rendered"
_SALT = "consultations.responses.rendered"
MOST_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Traces:
    """What a sending request looked like, and the council whose limits hold."""

    address: str
    agent: str
    honeypot_filled: bool
    was_rendered: bool
    council: Council


def rendered_mark(draft_key: object, when: datetime) -> str:
    """Return the signed proof that the page to send from was shown."""
    return signing.dumps([str(draft_key), int(when.timestamp())], salt=_SALT)


def of_request(request: HttpRequest, draft_key: object, council: Council) -> Traces:
    """Read the traces of a request that sends a draft."""
    return Traces(
        address=_network(client_address(request)),
        agent=request.headers.get("User-Agent", "")[:300],
        honeypot_filled=bool(request.POST.get(HONEYPOT)),
        was_rendered=_is_mark(request.POST.get(RENDERED, ""), draft_key),
        council=council,
    )


def _is_mark(mark: str, draft_key: object) -> bool:
    """Whether the mark is ours; however old: people may take as long as they like."""
    try:
        key, _at = signing.loads(mark[:500], salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return bool(key == str(draft_key))


def _network(address: str) -> str:
    """The network of an address: /24 or /56, so that it is nobody's alone."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    bits = 24 if parsed.version == 4 else 56
    return str(ipaddress.ip_network(f"{parsed}/{bits}", strict=False))


def _digest(consultation: Consultation, when: datetime, value: str) -> str:
    if not value:
        return ""
    salt = f"signal\x1f{consultation.pk}\x1f{local_day(when)}"
    key = hmac.new(settings.SECRET_KEY.encode(), salt.encode(), hashlib.sha256)
    return hmac.new(key.digest(), value.encode(), hashlib.sha256).hexdigest()[:40]


def signal_of(
    consultation: Consultation,
    traces: Traces,
    *,
    started_at: datetime | None,
    when: datetime,
) -> AbuseSignal:
    """Return the row to keep, without its response: the hour, never the minute."""
    seconds = int((when - started_at).total_seconds()) if started_at else None
    return AbuseSignal(
        hour=when.replace(minute=0, second=0, microsecond=0),
        seconds_taken=None if seconds is None else max(0, min(seconds, MOST_SECONDS)),
        address_digest=_digest(consultation, when, traces.address),
        agent_digest=_digest(consultation, when, traces.agent),
    )


def suspicion(traces: Traces, signal: AbuseSignal, body_digest: str) -> str:
    """Return why a response should be looked at by a person, or "".

    The council's limits count what comes from one network and one kind of browser
    in one hour. A library or a school has one of each too: so they are far above
    what people in one room can send, and equal answers count sooner.
    """
    if traces.honeypot_filled:
        return _("A field that people cannot see was filled in.")
    if not traces.was_rendered:
        return _("It was sent without opening the page to send it from.")
    fastest, taken = traces.council.fastest_seconds, signal.seconds_taken
    if taken is not None and taken < fastest:
        return _("It was started and sent within %(seconds)s seconds.") % {
            "seconds": fastest
        }
    return _burst(signal, body_digest, traces.council)


def _burst(signal: AbuseSignal, body_digest: str, council: Council) -> str:
    if not signal.address_digest:
        return ""
    same_place = AbuseSignal.objects.filter(
        address_digest=signal.address_digest,
        agent_digest=signal.agent_digest,
        hour__gte=signal.hour,
        hour__lt=signal.hour + timedelta(hours=1),
    )
    # One look at the newest of them says both: how many, and how many alike.
    alike = same_place.values_list("response__body_digest", flat=True)
    digests = list(alike[: council.most_an_hour])
    if len(digests) >= council.most_an_hour:
        return _("Very many came from one place within the hour.")
    if digests.count(body_digest) >= council.most_equal_an_hour:
        return _("Many with the same answers came from one place within the hour.")
    return ""
