"""The page registry: every route, who it is for, and the states it is looked at in.

Compared with the resolver's routes by `test_every_route_is_listed`: a route that
is in neither `ROWS` nor `ELSEWHERE` fails the build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.matrix import STAFF as ALL_STAFF
from tests.world import World, token

Extra = Callable[[World], dict[str, Any]]


def none(world):
    return {}


@dataclass(frozen=True)
class Row:
    """One route.

    `action` is a key of `matrix.WHO`; `stages` whose consultation's address is used
    (the first one for permissions, all of them as states); `extra` gives the other
    parts of the address; `posts_only` has no page of its own; `device` is the secret
    link whose cookie the browser holds; `query` are further states of a list; `is_page`
    is off for files, redirects and answers for machines.
    """

    route: str
    action: str
    stages: tuple[str, ...] = ()
    extra: Extra = none
    posts_only: bool = False
    device: str = ""
    query: tuple[str, ...] = ("",)
    is_page: bool = True
    # Who has a post but may not know that this thing exists: 404, not 403.
    # Consultations have their stages for that.
    hidden_from: Iterable[str] = ()
    # Stages at which the page says why what was there is not there any more.
    gone_at: tuple[str, ...] = ()

    def status(self, stage: str) -> int:
        return 410 if stage in self.gone_at else 200

    def path(self, world: World, stage: str = "", slug: str = "") -> str:
        kwargs = self.extra(world)
        if self.stages:
            kwargs["slug"] = slug or world.slug(stage or self.stages[0])
        return reverse(self.route, kwargs=kwargs)


def consultation(name, action, *stages, **rest):
    return Row(f"consultations:{name}", action, stages, **rest)


def thing(key, kwarg, attribute="pk"):
    return lambda world: {kwarg: getattr(world.things[key], attribute)}


def token_of(purpose, key):
    return lambda world: {"token": token(purpose, world.things[key])}


PUBLIC_PAGES = [
    Row("engage:home", "public"),
    Row("engage:find_ward", "public"),
    Row("engage:ward", "public", extra=thing("ward", "slug", "slug")),
    Row("engage:accessibility", "public"),
    Row("engage:privacy", "public"),
    Row("engage:cookies", "public"),
    Row("engage:contact", "public"),
    Row("engage:brand_css", "public", is_page=False),
    Row(
        "engage:logo",
        "public",
        extra=lambda w: {"name": w.things["logo"]},
        is_page=False,
    ),
    Row("engage:healthz", "public", is_page=False),
    Row("engage:readyz", "public", is_page=False),
    Row("engage:robots_txt", "public", is_page=False),
    Row("engage:security_txt", "public", is_page=False),
    consultation(
        "list",
        "public",
        query=(
            "",
            "?status=closed",
            "?q=nothing+like+this",
            "?page=99&ward=castlegate",
            "?status=feedback&sort=newest",
        ),
    ),
    consultation("what_we_did", "public", query=("", "?outcome=changed", "?year=1999")),
    consultation(
        "detail",
        "public",
        "open",
        "opens_soon",
        "closed",
        "findings",
        "feedback",
        "taken_away",
        gone_at=("taken_away",),
    ),
    consultation("document", "public", "open", extra=thing("document_open", "pk")),
    consultation(
        "document_file",
        "public",
        "open",
        extra=thing("document_file", "pk"),
        is_page=False,
    ),
    consultation("follow", "public", "open", posts_only=True),
    consultation("followed", "public", "open"),
    consultation("results", "public", "feedback", "findings"),
    consultation(
        "results_csv",
        "public",
        "feedback",
        extra=lambda world: {"key": "q_use"},
        is_page=False,
    ),
    consultation("start", "public", "open", posts_only=True),
    consultation("lost_link", "public"),
]

LINK_PAGES = [
    consultation(
        "respond_page", "link", "open", extra=lambda w: {"n": 1}, device="draft"
    ),
    consultation("respond_check", "link", "open", device="draft"),
    consultation("respond_save", "link", "open", device="draft"),
    consultation("respond_finish", "link", "open", device="draft", posts_only=True),
    consultation("respond_sent", "link", "open", device="receipt"),
    consultation(
        "respond_equality", "link", "open", extra=lambda w: {"n": 1}, device="receipt"
    ),
    consultation("receipt", "link", "open", device="receipt"),
    consultation("receipt_change", "link", "open", device="receipt", posts_only=True),
    consultation("receipt_withdraw", "link", "open", device="receipt"),
    consultation("receipt_contact", "link", "open", device="receipt", posts_only=True),
    consultation("resume", "link", extra=token_of("draft", "draft"), is_page=False),
    consultation(
        "open_receipt", "link", extra=token_of("receipt", "receipt"), is_page=False
    ),
    consultation("stop_reminders", "link", extra=token_of("stop-reminders", "draft")),
    consultation("stop_contact", "link", extra=token_of("contact", "contact")),
    Row("notices:manage", "link", extra=token_of("alert", "alert")),
    Row("notices:stop", "link", extra=token_of("stop-alert", "alert")),
    Row("engage:join", "link", extra=token_of("join", "invited"), is_page=False),
    Row("engage:join_here", "link", device="join"),
]

STAFF_PAGES = [
    consultation("your_work", "work"),
    consultation("staff_list", "work", query=("", "?q=library", "?page=zzz")),
    consultation("new", "start"),
    consultation(
        "hub",
        "read plan",
        "draft",
        "waiting",
        "returned",
        "opens_soon",
        "open",
        "closed",
        "scheduled",
        "findings",
        "feedback",
        "withdrawn",
    ),
    consultation("edit_overview", "edit", "draft"),
    consultation("edit_people", "edit", "draft"),
    consultation("edit_dates", "edit", "draft"),
    consultation("edit_privacy", "edit", "draft"),
    consultation("documents", "edit", "draft"),
    consultation("document_add", "edit", "draft"),
    consultation("document_edit", "edit", "draft", extra=thing("document_draft", "pk")),
    consultation(
        "document_remove", "edit", "draft", extra=thing("document_draft", "pk")
    ),
    consultation(
        "document_move",
        "edit",
        "draft",
        extra=thing("document_draft", "pk"),
        posts_only=True,
    ),
    consultation("questions", "edit", "draft"),
    consultation("questions_undo", "edit", "draft", posts_only=True),
    consultation("page_add", "edit", "draft"),
    consultation("page_change", "edit", "draft", extra=lambda w: {"page": "p1"}),
    consultation(
        "page_do", "edit", "draft", extra=lambda w: {"page": "p1"}, posts_only=True
    ),
    consultation("page_routes", "edit", "draft", extra=lambda w: {"page": "p1"}),
    consultation("question_add", "edit", "draft", extra=lambda w: {"page": "p1"}),
    consultation("question_change", "edit", "draft", extra=lambda w: {"key": "q_use"}),
    consultation(
        "question_do",
        "edit",
        "draft",
        extra=lambda w: {"key": "q_use"},
        posts_only=True,
    ),
    consultation("preview", "read plan", "draft", "open", extra=lambda w: {"n": 1}),
    consultation("preview_check", "read plan", "draft", "open"),
    consultation("send_for_approval", "send for approval", "draft"),
    consultation("recall", "send for approval", "waiting", "opens_soon"),
    consultation("plan", "read plan", "waiting", "draft", "open"),
    consultation("approve", "approve", "waiting"),
    consultation("extend", "run", "open"),
    consultation("close_early", "run", "open"),
    consultation("withdraw", "run", "open"),
    consultation("move_feedback", "run", "closed"),
    consultation("amend", "run", "open"),
    consultation("amend_plan", "run", "open"),
    consultation("amend_words", "run", "open", extra=lambda w: {"key": "q_use"}),
    consultation("amend_document", "run", "open", extra=thing("document_open", "pk")),
    consultation(
        "amended_file",
        "run",
        "open",
        extra=thing("amendment", "pk"),
        is_page=False,
    ),
    consultation("history", "read trail", "draft", "open"),
    consultation("counts", "read counts", "open", "closed"),
    consultation("comments", "read comments", "closed"),
    consultation("comment", "read comments", "closed", extra=thing("comment", "pk")),
    consultation("responses", "read response", "closed"),
    consultation(
        "response",
        "read response",
        "closed",
        extra=thing("response_closed", "reference", "reference"),
    ),
    consultation("export", "export", "closed"),
    consultation("held", "decide held", "open"),
    consultation(
        "held_decide",
        "decide held",
        "open",
        extra=thing("held", "reference", "reference"),
    ),
    consultation("findings", "write feedback", "closed"),
    consultation("findings_preview", "write feedback", "closed", "scheduled"),
    consultation("findings_confirm", "publish", "closed", "scheduled"),
    consultation("findings_cancel", "publish", "scheduled", "closed"),
    consultation("feedback", "write feedback", "closed"),
    consultation("feedback_charts", "write feedback", "closed"),
    consultation("feedback_preview", "write feedback", "closed"),
    consultation("feedback_confirm", "publish", "closed"),
    consultation("feedback_cancel", "publish", "closed"),
]


def person(name):
    return lambda world: {"pk": world.people[name].pk}


def somebody(kwarg, key="somebody"):
    return lambda world: {kwarg: world.things[key].pk}


def part(**kwargs):
    return lambda world: dict(kwargs)


COUNCIL_PAGES = [
    Row(
        "engage:people", "open people", query=("", "?role=finance", "?q=zzz", "?page=9")
    ),
    Row("engage:invite", "people"),
    Row("engage:person", "people", extra=somebody("pk"), hidden_from=ALL_STAFF),
    Row(
        "engage:invite_again",
        "people",
        extra=lambda w: {"pk": w.things["invited"].pk},
        hidden_from=ALL_STAFF,
    ),
    Row("engage:give_role", "people", extra=somebody("pk"), hidden_from=ALL_STAFF),
    Row(
        "engage:end_role",
        "people",
        extra=lambda w: {"pk": w.things["somebody"].pk, "kind": "service_officer"},
        hidden_from=ALL_STAFF,
    ),
    Row("engage:services", "people", extra=somebody("pk"), hidden_from=ALL_STAFF),
    Row("engage:switch_off", "people", extra=somebody("pk"), hidden_from=ALL_STAFF),
    Row("engage:switch_on", "people", extra=somebody("pk"), hidden_from=ALL_STAFF),
    Row("engage:hand_over", "people", extra=somebody("pk"), hidden_from=ALL_STAFF),
    Row(
        "engage:start_term",
        "terms",
        extra=somebody("pk", "somebody_elected"),
        hidden_from=ALL_STAFF,
    ),
    Row(
        "engage:end_term",
        "terms",
        extra=lambda w: {
            "pk": w.things["somebody_elected"].pk,
            "term": w.things["term"].pk,
        },
        hidden_from=ALL_STAFF,
    ),
    Row("engage:deputy", "deputies", extra=person("approver"), hidden_from=ALL_STAFF),
    Row(
        "engage:end_deputy",
        "deputies",
        extra=lambda w: {
            "pk": w.people["approver"].pk,
            "named": w.things["deputy"].pk,
        },
        posts_only=True,
        hidden_from=ALL_STAFF,
    ),
    Row("engage:account", "work"),
    Row("engage:history", "read trail of people"),
    Row("engage:council_settings", "council"),
    Row("engage:change_settings", "council", extra=part(part="name")),
    Row("engage:change_logo", "council"),
    Row("engage:change_page", "council", extra=part(kind="cookies")),
    Row("engage:add_privacy_notice", "council"),
    Row("engage:council_services", "council"),
    Row("engage:add_service", "council"),
    Row("engage:change_service", "council", extra=part(slug="libraries")),
    Row("engage:status", "status"),
    Row("notices:mail", "mail"),
    Row("notices:outbox", "outbox", query=("", "?status=failed", "?page=9")),
    Row(
        "notices:retry",
        "handle notice",
        extra=thing("notice", "pk"),
        posts_only=True,
        hidden_from=("other_officer",),
    ),
    Row(
        "notices:abort",
        "handle notice",
        extra=thing("notice", "pk"),
        posts_only=True,
        hidden_from=("other_officer",),
    ),
    Row(
        "notices:allow",
        "handle notice",
        extra=thing("notice", "pk"),
        posts_only=True,
        hidden_from=("other_officer",),
    ),
]

# Democratic services may know of a councillor, and change nothing but the terms.
ELECTED_PAGES = [
    Row(
        f"engage:{name}",
        action,
        extra=lambda w, more=more: {"pk": w.things["elected_approver"].pk, **more},
        hidden_from=ALL_STAFF - {"democratic"},
        is_page=False,  # looked at already, as somebody else's
    )
    for name, action, more in (
        ("person", "open people", {}),
        ("give_role", "people", {}),
        ("end_role", "people", {"kind": "councillor"}),
        ("services", "people", {}),
        ("switch_off", "people", {}),
        ("switch_on", "people", {}),
        ("hand_over", "people", {}),
        ("deputy", "deputies of others", {}),
    )
]

SIGN_IN_PAGES = [
    Row("account_login", "public"),
    Row("account_logout", "public", is_page=False),
    Row("account_inactive", "public"),
    Row("account_reauthenticate", "signed in"),
    Row("account_change_password", "signed in"),
    Row("account_reset_password", "public"),
    Row("account_reset_password_done", "public"),
    Row(
        "account_reset_password_from_key",
        "public",
        extra=part(uidb36="1", key="used-already"),
    ),
    Row("account_reset_password_from_key_done", "public"),
    Row("mfa_index", "signed in"),
    Row("mfa_activate_totp", "signed in"),
]

ROWS = [*PUBLIC_PAGES, *LINK_PAGES, *STAFF_PAGES, *COUNCIL_PAGES, *ELECTED_PAGES]
ROWS += SIGN_IN_PAGES

# Routes that the walk cannot open, each with its reason. Those of the second factor
# are walked by tests/design/test_sign_in.py.
ELSEWHERE = {
    "admin:": "Django's own, for technical staff; it asks for is_staff",
    "mfa_authenticate": "opens only between password and code",
    "mfa_deactivate_totp": "opens only with a second factor",
    "mfa_generate_recovery_codes": "opens only with a second factor",
    "mfa_view_recovery_codes": "opens only with a second factor",
    "mfa_download_recovery_codes": "opens only with a second factor",
    "mfa_reauthenticate": "opens only with a second factor",
}
