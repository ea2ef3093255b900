"""The public results of a consultation, put together from releases alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.analysis import pieces, words
from consultations.analysis.cells import joined, safe
from consultations.analysis.figures import figure
from consultations.analysis.tables import OptionFigure, QuestionTable
from consultations.models import Consultation, Release
from design.charts import Figure
from design.components import Table


@dataclass
class Shown:
    """One question as the page shows it."""

    table: QuestionTable
    chart: Figure | None
    quotes: list[str]
    csv: str = ""


@dataclass
class Results:
    """Everything on the results page."""

    consultation: Consultation
    findings: Release | None = None
    feedback: Release | None = None
    charts: list[Shown] = field(default_factory=list)
    questions: list[Shown] = field(default_factory=list)

    @property
    def ways(self) -> Table | None:
        """How people answered, from the release."""
        release = self.findings or self.feedback
        return pieces.totals_table(release.counts) if release else None

    @property
    def fates(self) -> Table | None:
        """What became of the answers, exclusions included (CON-08)."""
        release = self.findings or self.feedback
        return pieces.fates_table(release.counts) if release else None

    @property
    def counted(self) -> int:
        """How many answers the figures are made of."""
        release = self.findings or self.feedback
        return int(release.counts["counted"]) if release else 0

    @property
    def published_at(self) -> datetime | None:
        """When the feedback became public; a preview has no such moment yet."""
        return self.feedback.public_from if self.feedback else None

    @property
    def next_update_on(self) -> date | None:
        """When more will be told."""
        told = self.feedback.texts.get("next_update_on") if self.feedback else ""
        return date.fromisoformat(told) if told else None

    @property
    def outcome(self) -> str:
        """What came of it, in words."""
        if self.feedback is None:
            return ""
        return str(dict(Consultation.Outcome.choices).get(self.feedback.outcome, ""))


# What names a release that is never edited: its key, and when and of what it was made.
ReleaseKey = tuple[int, datetime, str]


def public_keys(consultation: Consultation, when: datetime) -> tuple[ReleaseKey, ...]:
    """The newest release of each kind that the public may read at a moment."""
    found = (
        Release.objects.filter(consultation=consultation, public_from__lte=when)
        .order_by("kind", "-number")
        .values_list("kind", "pk", "created_at", "input_digest")
    )
    newest: dict[str, ReleaseKey] = {}
    for kind, pk, created_at, digest in found:
        newest.setdefault(kind, (pk, created_at, digest))
    return tuple(newest.values())


def releases_of(keys: Iterable[ReleaseKey]) -> list[Release]:
    """The releases of these keys, with their consultation."""
    wanted = [pk for pk, _created_at, _digest in keys]
    found = Release.objects.filter(pk__in=wanted).select_related("consultation")
    return list(found.order_by("kind"))


def public_releases(consultation: Consultation, when: datetime) -> list[Release]:
    """The releases that the public may read at a moment: the newest of each kind."""
    return releases_of(public_keys(consultation, when))


@lru_cache(maxsize=64)
def public_body(keys: tuple[ReleaseKey, ...], slug: str, language: str) -> str:
    """The results as HTML, drawn once in a process for each set of releases.

    A release is never edited, so what is kept is never stale; a later release has
    another key, a consultation that moved another address.
    """
    releases = releases_of(keys)
    shown = results(releases[0].consultation, releases)
    return render_to_string("consultations/feedback/_results.html", {"results": shown})


def results(
    consultation: Consultation,
    releases: Iterable[Release],
    *,
    with_files: bool = True,
) -> Results:
    """Put releases together; charts of the feedback stand under "You said"."""
    by_kind = {release.kind: release for release in releases}
    found = Results(consultation, by_kind.get("findings"), by_kind.get("feedback"))
    tables = _tables(found)
    chosen = [t["key"] for t in found.feedback.tables] if found.feedback else []
    for key, (table, release) in tables.items():
        shown = _shown(table, release, with_files=with_files)
        (found.charts if key in chosen else found.questions).append(shown)
    return found


def _tables(found: Results) -> dict[str, tuple[QuestionTable, Release]]:
    """Every table once: the findings' own where both kinds have it."""
    tables: dict[str, tuple[QuestionTable, Release]] = {}
    for release in filter(None, (found.findings, found.feedback)):
        for table in release.tables:
            tables.setdefault(table["key"], (table, release))
    return tables


def _shown(table: QuestionTable, release: Release, *, with_files: bool) -> Shown:
    min_base = int(release.policy["min_base_for_percent"])
    chart = figure(table, min_base=min_base)
    address = ""
    if with_files and chart:
        slug = release.consultation.slug
        address = reverse("consultations:results_csv", args=[slug, table["key"]])
    quotes = release.texts.get("quotes", {}).get(table["key"], [])
    return Shown(table, chart, quotes, address)


def table_of(releases: Iterable[Release], key: str) -> QuestionTable | None:
    """One question's table as it is public."""
    by_kind = {release.kind: release for release in releases}
    shown = Results(Consultation(), by_kind.get("findings"), by_kind.get("feedback"))
    found = _tables(shown).get(key)
    return found[0] if found else None


def rows(table: QuestionTable) -> list[list[object]]:
    """A table as rows of a file, with its base and its question (T-21)."""
    heading: list[object] = [
        _("Question"),
        _("Statement"),
        _("Answer"),
        _("Number"),
        _("Percentage"),
        _("Base"),
    ]
    question = safe(table["label"])
    found: list[list[object]] = [heading]

    def add(statement: str, options: Iterable[OptionFigure], base: int) -> None:
        for option in options:
            share = "" if option["percent"] is None else option["percent"]
            found.append(
                [
                    question,
                    safe(statement),
                    safe(option["label"]),
                    option["count"],
                    share,
                    base,
                ]
            )

    add("", table["options"], table["base"])
    for row in table["rows"]:
        add(row["label"], row["options"], row["base"])
    for step in table["numbers"]["bins"] if table["numbers"] else []:
        share = "" if step["percent"] is None else step["percent"]
        cell = joined([step["label"]])
        found.append([question, "", cell, step["count"], share, table["base"]])
    found.append([safe(words.base_line(table)), "", "", "", "", ""])
    return found
