"""Who may do what: written by hand from the permission matrix, never from the code.

`WHO` names each action of the matrix and the people of `tests.world` who may do it
with a consultation of the service "Libraries". Everybody else gets the same answer
whether the thing is hidden from them or absent.
"""

OFFICERS = {"officer", "second_officer"}  # of the consultation's own service
STAFF = OFFICERS | {
    "other_officer",
    "approver",
    "equalities",
    "funding",
    "finance",
    "democratic",
    "councillor",
    "monitoring",
    "administrator",
}
WITHOUT_A_POST = {"group_member", "no_role", "superuser"}
EVERYBODY = STAFF | WITHOUT_A_POST | {"anonymous"}

# Row 2: who may know of a consultation that is not public.
KNOWS_DRAFTS = OFFICERS | {"approver", "equalities"}
RUNS = OFFICERS | {"approver"}

WHO = {
    # Open to anybody, or to whoever holds the secret link (rows 1, 3, 4, 8, 15).
    "public": EVERYBODY,
    "link": EVERYBODY,
    # Consultations (rows 2, 5 to 7, 9 to 14, 24).
    "start": RUNS | {"other_officer"},
    "work": STAFF,
    "read plan": KNOWS_DRAFTS,
    "edit": RUNS,
    "send for approval": RUNS,
    "approve": {"approver"},
    "run": RUNS,
    "decide held": RUNS,
    "read counts": RUNS | {"equalities"},
    "read comments": RUNS,
    "read response": RUNS,
    "export": RUNS,
    "write feedback": RUNS,
    "publish": RUNS,
    "read trail": RUNS | {"monitoring", "administrator"},
    # The council and its people (rows 26, 29, 30, 34).
    "people": {"administrator"},
    # Democratic services see councillors there, and nobody else.
    "open people": {"administrator", "democratic"},
    "read trail of people": {"administrator", "monitoring"},
    "terms": {"administrator", "democratic"},
    "deputies": {"administrator", "approver"},
    "deputies of others": {"administrator"},
    "council": {"administrator"},
    "status": {"administrator"},
    # Funding's and meetings' messages come with their pages; the superuser reads
    # the outbox in the technical admin (notices.admin).
    "outbox": RUNS | {"other_officer", "administrator"},
    "handle notice": RUNS | {"administrator"},
    "mail": STAFF,
    "signed in": EVERYBODY - {"anonymous"},
}
