"""Secret links: derived, never stored (architecture, "Secret links").

A token is the row's key and an HMAC of (purpose, row, generation) under a key
that can be rotated. The outbox can so make it again whenever it sends, and
raising the row's generation kills every link that was given out.
"""

import base64
import hashlib
import hmac
import re

from django.conf import settings

_TOKEN = re.compile(r"\A([0-9a-z-]{1,40})\.([a-z2-7]{32})\Z")


def _mac(key: str, purpose: str, row: str, generation: int) -> str:
    text = f"{purpose}\x1f{row}\x1f{generation}".encode()
    digest = hmac.digest(key.encode(), text, "sha256")[:20]
    return base64.b32encode(digest).decode().lower()


def make_token(purpose: str, row: object, generation: int) -> str:
    """Return the token of a link: 160 bits that only the server can make."""
    return f"{row}.{_mac(settings.LINK_KEYS[0], purpose, str(row), generation)}"


def row_of(token: str) -> str | None:
    """Return the key of the row that a token speaks of, unchecked, or None."""
    match = _TOKEN.match(token)
    return match.group(1) if match else None


def opens(token: str, purpose: str, row: object, generation: int) -> bool:
    """Whether the token opens this row for this purpose, under any key in use."""
    match = _TOKEN.match(token)
    if match is None or match.group(1) != str(row):
        return False
    given = match.group(2)
    return any(
        hmac.compare_digest(given, _mac(key, purpose, str(row), generation))
        for key in settings.LINK_KEYS
    )


def address_key(address: str) -> str:
    """Return the digest by which an e-mail address is compared and remembered.

    Keyed, so that the list of digests says nothing without the server's key;
    it stays when the address itself is purged, so that nothing is sent twice.
    Uses the oldest link key: rotating in a new one must not forget whom we wrote.
    """
    text = address.strip().lower().encode()
    key = settings.LINK_KEYS[-1].encode()
    return hmac.new(key, b"address\x1f" + text, hashlib.sha256).hexdigest()[:40]
