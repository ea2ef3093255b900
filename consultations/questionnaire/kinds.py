"""What the kinds of questions and the meanings of options are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from consultations.questionnaire.document import Kind, Role

# Lazy texts, so that a form that is made once speaks every language.
KIND_NAMES: dict[Kind, Any] = {
    Kind.ONE: _("One choice"),
    Kind.MANY: _("Many choices"),
    Kind.AGREE: _("Agree scale"),
    Kind.AGREE_GRID: _("Agree grid"),
    Kind.NUMBER: _("Number"),
    Kind.SHORT_TEXT: _("Short text"),
    Kind.LONG_TEXT: _("Long text"),
    Kind.WARD: _("Postcode or ward"),
    Kind.CAPACITY: _("For themselves or an organisation"),
}
KIND_HINTS: dict[Kind, Any] = {
    Kind.ONE: _("People choose one of your options."),
    Kind.MANY: _("People choose as many of your options as they like."),
    Kind.AGREE: _("From strongly agree to strongly disagree, or don’t know."),
    Kind.AGREE_GRID: _("Several statements on one agree scale."),
    Kind.NUMBER: _("People enter a number."),
    Kind.SHORT_TEXT: _("One line."),
    Kind.LONG_TEXT: _("Several lines, with a limit."),
    Kind.WARD: _("A postcode becomes the ward. The postcode is not kept."),
    Kind.CAPACITY: _("Organisations are asked for their name."),
}
ROLE_NAMES: dict[Role, Any] = {
    Role.NONE: _("Nothing special"),
    Role.STRONG_POSITIVE: _("Strongly for"),
    Role.POSITIVE: _("For"),
    Role.NEUTRAL: _("Neither for nor against"),
    Role.NEGATIVE: _("Against"),
    Role.STRONG_NEGATIVE: _("Strongly against"),
    Role.DONT_KNOW: _("Does not know"),
    Role.PREFER_NOT_TO_SAY: _("Prefers not to say"),
    Role.MYSELF: _("Answers for themselves"),
    Role.ORGANISATION: _("Answers for an organisation"),
}
