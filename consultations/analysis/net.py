"""Net support and shares in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from consultations.questionnaire.document import Role

FOR = frozenset({Role.STRONG_POSITIVE, Role.POSITIVE})
AGAINST = frozenset({Role.STRONG_NEGATIVE, Role.NEGATIVE})
SCALE = FOR | AGAINST | {Role.NEUTRAL}
# Answers that take no side and are left out of the base, but shown (NET-01).
ASIDE = frozenset({Role.DONT_KNOW, Role.PREFER_NOT_TO_SAY})


@dataclass(frozen=True)
class Net:
    """Net support with the raw counts that it comes from."""

    positive: int
    negative: int
    neutral: int
    aside: int
    base: int
    value: int

    @property
    def signed(self) -> str:
        """+47, −12 or 0: the sign is always shown (NET-02)."""
        if self.value == 0:
            return "0"
        return f"+{self.value}" if self.value > 0 else f"−{-self.value}"


def net_support(
    counts: Iterable[tuple[str, int]], *, with_dont_know: bool = False
) -> Net | None:
    """Return the net support of (role, count) pairs; None without a base.

    The base is everybody who answered, with those who neither agree nor
    disagree; "don't know" is left out unless it is asked for (NET-01). It is
    computed from the raw counts and rounded once, half up (NET-02).
    Raises ValueError for an option without a role on the scale (NET-04).
    """
    positive = negative = neutral = aside = 0
    for role, count in counts:
        if role in FOR:
            positive += count
        elif role in AGAINST:
            negative += count
        elif role == Role.NEUTRAL:
            neutral += count
        elif role in ASIDE:
            aside += count
        else:
            raise ValueError("net support needs a role for every option")
    base = positive + negative + neutral + (aside if with_dont_know else 0)
    if not base:
        return None
    value = half_up(100 * (positive - negative), base)
    return Net(positive, negative, neutral, aside, base, value)


def has_roles(roles: Iterable[str]) -> bool:
    """Whether these options make a scale: a side each way and no option apart."""
    found = list(roles)
    return (
        any(role in FOR for role in found)
        and any(role in AGAINST for role in found)
        and all(role in SCALE | ASIDE for role in found)
    )


def half_up(numerator: int, denominator: int) -> int:
    """Return the quotient rounded once to a whole number, half away from zero."""
    quotient = Decimal(numerator) / Decimal(denominator)
    return int(quotient.quantize(Decimal(1), ROUND_HALF_UP))


Nearness = Literal["none", "below", "almost", "exactly", "just_over", "over", "all"]


@dataclass(frozen=True)
class Share:
    """A share in plain words: how near it is to "so many in so many" (NET-05)."""

    nearness: Nearness
    many: int = 0
    of: int = 0


# The fixed table: every share that people picture without arithmetic.
PLAIN_SHARES = (
    (1, 20),
    (1, 10),
    (1, 5),
    (1, 4),
    (1, 3),
    (2, 5),
    (1, 2),
    (3, 5),
    (2, 3),
    (3, 4),
    (4, 5),
    (9, 10),
    (19, 20),
)
EXACT = Fraction(1, 200)
NEAR = Fraction(1, 40)


def plain_share(count: int, total: int) -> Share:
    """Return how a person would say this share (NET-05).

    Within half a percentage point it is "4 in 5"; up to 2.5 below "almost 4 in
    5", up to 2.5 above "just over"; further above "more than".
    """
    if count <= 0 or total <= 0:
        return Share("none")
    if count >= total:
        return Share("all")
    value = Fraction(count, total)
    nearest = min(PLAIN_SHARES, key=lambda pair: abs(value - Fraction(*pair)))
    distance = value - Fraction(*nearest)
    if abs(distance) <= EXACT:
        return Share("exactly", *nearest)
    if -NEAR <= distance < 0:
        return Share("almost", *nearest)
    if 0 < distance <= NEAR:
        return Share("just_over", *nearest)
    below = [pair for pair in PLAIN_SHARES if Fraction(*pair) < value]
    if not below:
        return Share("below", *PLAIN_SHARES[0])
    return Share("over", *below[-1])
