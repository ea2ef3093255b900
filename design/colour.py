"""Contrast of two colours, as WCAG 2.2 computes it, and the council's brand colour."""

import re

MINIMUM_TEXT = 4.5
MINIMUM_GRAPHIC = 3.0
WHITE = "#ffffff"
HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def is_colour(text: str) -> bool:
    """Whether this is a colour of the form #rgb or #rrggbb, and nothing else."""
    return HEX.fullmatch(text) is not None


def _luminance(colour: str) -> float:
    if not is_colour(colour):
        raise ValueError(f"not a colour: {colour!r}")
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = []
    for start in (0, 2, 4):
        part = int(digits[start : start + 2], 16) / 255
        channels.append(
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        )
    red, green, blue = channels
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """The ratio between two colours, from 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def brand_stylesheet(colour: str) -> str:
    """The served stylesheet that gives the portal a council's colour.

    A colour that white text cannot be read on, or that is no colour, leaves the
    default: what is in the database must not make the page unreadable.
    """
    if not is_colour(colour) or contrast(colour, WHITE) < MINIMUM_TEXT:
        return ""
    return f":root{{--govuk-brand-colour:{colour.lower()}}}\n"
