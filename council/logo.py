"""What a file really is: a PNG or a JPEG, by its first bytes, and nothing else."""

from __future__ import annotations

MOST_BYTES = 200 * 1024
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": ("png", "image/png"),
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
}


def kind_of(content: bytes) -> tuple[str, str] | None:
    """Return (suffix, content type) of an image that may be a logo, or None."""
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            return kind
    return None
