"""Random questionnaires and random edits, for property tests."""

from hypothesis import strategies as st

from accounts import ActionRefused
from consultations.questionnaire import edit
from consultations.questionnaire.change import Choice, Statement
from consultations.questionnaire.document import (
    CHOICE_KINDS,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Role,
    Route,
)
from consultations.questionnaire.routing import END

words = st.text(min_size=1, max_size=12).filter(lambda text: text.strip())


@st.composite
def an_edit(draw, questionnaire):
    """One edit that a person might make of a questionnaire, as a function of it."""
    pages = [page.key for page in questionnaire.pages]
    questions = [question.key for question in questionnaire.questions()]
    page, label = draw(st.sampled_from(pages)), draw(words)
    verbs = ["add_page", "add_question", "move_page", "delete_page", "set_routes"]
    if questions:
        verbs += ["change", "move", "move_away", "copy", "delete", "say"]
    verb = draw(st.sampled_from(verbs))
    key = draw(st.sampled_from(questions)) if questions else ""
    step = draw(st.sampled_from([-1, 1]))
    simple = {
        "add_page": lambda q: edit.add_page(q, label=label),
        "move_page": lambda q: edit.move_page(q, page, step=step),
        "delete_page": lambda q: edit.delete_page(q, page),
        "move": lambda q: edit.move_question(q, key, step=step),
        "move_away": lambda q: edit.move_question(q, key, page=page),
        "copy": lambda q: edit.copy_question(q, key),
        "delete": lambda q: edit.delete_question(q, key),
        "say": lambda q: edit.set_words(q, key, label=label),
    }
    if verb in simple:
        return simple[verb]
    if verb == "add_question":
        kind = draw(st.sampled_from(list(Kind)))
        options = [Choice(each) for each in draw(st.lists(words, max_size=4))]
        rows = [Statement(each) for each in draw(st.lists(words, max_size=3))]
        return lambda q: edit.add_question(
            q, page=page, kind=kind, label=label, options=options, rows=rows
        )
    if verb == "change":
        return _a_change(draw, questionnaire.question(key), label)
    routes = _some_routes(draw, questionnaire, questionnaire.page(page))
    return lambda q: edit.set_routes(q, page, routes)


def _a_change(draw, question, label):
    kept = [Choice("kept", key=o.key, role=o.role) for o in question.options]
    options = draw(st.permutations(kept))[draw(st.integers(0, 2)) :]
    options = [*options, *(Choice(each) for each in draw(st.lists(words, max_size=2)))]
    rows = [Statement("kept", key=row.key) for row in question.rows]
    return lambda q: edit.change_question(
        q, question.key, label=label, options=options, rows=rows
    )


def _some_routes(draw, questionnaire, page):
    choices = [q for q in page.questions if q.kind in CHOICE_KINDS]
    targets = [p.key for p in questionnaire.pages] + [END]
    if not choices:
        return []
    made = []
    for _ in range(draw(st.integers(0, 3))):
        question = draw(st.sampled_from(choices))
        keys = [option.key for option in question.options]
        some = draw(st.lists(st.sampled_from(keys), min_size=1, unique=True))
        made.append(
            Route(
                question=question.key,
                options=tuple(some),
                to=draw(st.sampled_from(targets)),
            )
        )
    return made


@st.composite
def an_edited_questionnaire(draw, most=12):
    """A questionnaire that was made by edits, and every document on the way."""
    history = [edit.first()]
    for _ in range(draw(st.integers(0, most))):
        function = draw(an_edit(history[-1]))
        try:
            history.append(function(history[-1]))
        except ActionRefused:
            history.append(history[-1])
    return history


@st.composite
def a_routed_questionnaire(draw):
    """Two to four pages with up to two small questions each, and any rules at all."""
    count = draw(st.integers(2, 4))
    targets = [f"p{n}" for n in range(count)] + [END, "nowhere"]
    pages = []
    for n in range(count):
        questions = tuple(
            Question(
                key=f"q{n}_{m}",
                kind=draw(st.sampled_from([Kind.ONE, Kind.MANY])),
                required=draw(st.booleans()),
                options=tuple(
                    Option(key=f"o{n}_{m}_{o}", role=Role.NONE)
                    for o in range(draw(st.integers(1, 2)))
                ),
            )
            for m in range(draw(st.integers(0, 2)))
        )
        routes = []
        for _ in range(draw(st.integers(0, 3)) if questions else 0):
            question = draw(st.sampled_from(questions))
            keys = [option.key for option in question.options]
            some = draw(st.lists(st.sampled_from(keys), min_size=1, unique=True))
            to = draw(st.sampled_from(targets))
            routes.append(Route(question=question.key, options=tuple(some), to=to))
        pages.append(Page(key=f"p{n}", questions=questions, routes=tuple(routes)))
    return Questionnaire(pages=tuple(pages))
