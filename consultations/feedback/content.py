"""What a release will hold: the same for a preview and for the release itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from consultations.analysis import words
from consultations.analysis.reading import Reading, read
from consultations.analysis.tables import QuestionTable
from consultations.models import Comment, Consultation, Feedback, Findings, Release
from consultations.questionnaire.document import TEXT_KINDS, Kind
from council.models import Council

POLICY_VERSION = "1"
# Who answered is a table of subgroups: not published before disclosure control.
ABOUT_PEOPLE = frozenset({Kind.CAPACITY, Kind.WARD})
MOST_QUOTES = 3
PUBLISHABLE = (Comment.Publish.PUBLISHABLE, Comment.Publish.REDACTED)


def policy(council: Council) -> dict[str, object]:
    """The rules of disclosure that a release is made under (SDC-01)."""
    return {
        "min_base_for_percent": council.min_base_for_percent,
        "subgroup_tables": "none",
        "counted": "sent",
    }


def reading_now(consultation: Consultation, council: Council) -> Reading:
    """Everything counted now, with the digest of what was read."""
    return read(consultation, min_base=council.min_base_for_percent, for_release=True)


def publishable(tables: Iterable[QuestionTable]) -> list[QuestionTable]:
    """The tables about opinions; those about who answered stay with staff."""
    return [table for table in tables if table["kind"] not in ABOUT_PEOPLE]


def worded(
    tables: Iterable[QuestionTable], question_texts: dict[str, dict[str, Any]]
) -> list[QuestionTable]:
    """The tables with the officer's headlines and sentences, or else the figures'."""
    found: list[QuestionTable] = []
    for table in tables:
        own = question_texts.get(table["key"], {})
        said = table.copy()
        said["headline"] = own.get("headline") or words.headline(table)
        said["sentence"] = own.get("sentence") or words.sentence(table)
        found.append(said)
    return found


def quotes(consultation: Consultation, findings: Findings) -> dict[str, list[str]]:
    """The chosen quotes that may be published now, by question (GDPR-09).

    Asked of the database anew: what somebody has taken back since it was chosen,
    or changed so that it must be reviewed again, is left out.
    """
    chosen = {
        key: list(own.get("quotes", []))[:MOST_QUOTES]
        for key, own in findings.question_texts.items()
    }
    wanted = [pk for pks in chosen.values() for pk in pks]
    if not wanted:
        return {}
    cleared = {comment.pk: comment for comment in clear_comments(consultation, wanted)}
    found = {
        key: [public_text(cleared[pk]) for pk in pks if pk in cleared]
        for key, pks in chosen.items()
    }
    return {key: texts for key, texts in found.items() if texts}


def clear_comments(
    consultation: Consultation, only: Iterable[int] | None = None
) -> Iterable[Comment]:
    """The texts that somebody has reviewed and cleared, of responses that count."""
    found = Comment.objects.filter(
        consultation=consultation, publish__in=PUBLISHABLE, response__status="sent"
    ).order_by("pk")
    return found if only is None else found.filter(pk__in=list(only))


def public_text(comment: Comment) -> str:
    """A cleared text as the public may read it."""
    if comment.publish == Comment.Publish.REDACTED:
        return comment.redacted_text
    return comment.text


def findings_release(findings: Findings, council: Council) -> Release:
    """Findings as a release that is not stored yet."""
    consultation = findings.consultation
    found = reading_now(consultation, council)
    tables = worded(publishable(found.tables), findings.question_texts)
    return Release(
        consultation=consultation,
        kind=Release.Kind.FINDINGS,
        texts={
            "summary": findings.summary,
            "how_people_took_part": findings.how_people_took_part,
            "quotes": quotes(consultation, findings),
        },
        tables=tables,
        counts=dict(found.totals),
        policy=policy(council),
        policy_version=POLICY_VERSION,
        input_digest=found.digest,
    )


def feedback_release(feedback: Feedback, council: Council) -> Release:
    """We asked, You said, We did as a release that is not stored yet.

    Its charts are those of the newest findings, so that the two agree; without
    findings they are counted now.
    """
    consultation = feedback.consultation
    base = newest(consultation, Release.Kind.FINDINGS)
    if base is None:
        base = findings_release(_no_findings(consultation), council)
    return Release(
        consultation=consultation,
        kind=Release.Kind.FEEDBACK,
        texts={
            "we_asked": feedback.we_asked,
            "you_said": feedback.you_said,
            "we_did": feedback.we_did,
            "outcome_reason": feedback.outcome_reason,
            "signed_off_by": feedback.signed_off_by,
            "next_update_on": feedback.next_update_on.isoformat()
            if feedback.next_update_on
            else "",
        },
        tables=[t for t in base.tables if t["key"] in feedback.charts],
        counts=base.counts,
        policy=base.policy,
        policy_version=base.policy_version,
        input_digest=base.input_digest,
        outcome=feedback.outcome,
    )


def _no_findings(consultation: Consultation) -> Findings:
    return Findings(consultation=consultation)


def newest(consultation: Consultation, kind: str) -> Release | None:
    """The last release of a kind, public yet or not."""
    found = Release.objects.filter(consultation=consultation, kind=kind)
    return found.order_by("-number").first()


def is_text(table: QuestionTable) -> bool:
    """Whether people answered it in their own words."""
    return table["kind"] in TEXT_KINDS


def fingerprint(release: Release) -> str:
    """A short digest of everything that a release shows."""
    shown = [release.texts, release.tables, release.counts, release.outcome]
    text = json.dumps(shown, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
