"""The questions of the city's largest consultation: 20 on four pages."""

from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Role,
    Row,
    Words,
)

SCALE = (
    (Role.STRONG_POSITIVE, "Strongly agree"),
    (Role.POSITIVE, "Agree"),
    (Role.NEUTRAL, "Neither agree nor disagree"),
    (Role.NEGATIVE, "Disagree"),
    (Role.STRONG_NEGATIVE, "Strongly disagree"),
    (Role.DONT_KNOW, "I do not know"),
)


def questionnaire() -> Questionnaire:
    """20 questions on four pages, without routes."""
    words: dict[str, Words] = {}

    def said(key: str, label: str) -> str:
        words[key] = Words(label=label)
        return key

    def options(question: str, number: int) -> tuple[Option, ...]:
        return tuple(
            Option(key=said(f"{question}_o{n}", f"Answer number {n} of {question}"))
            for n in range(number)
        )

    def scale(question: str) -> tuple[Option, ...]:
        return tuple(
            Option(key=said(f"{question}_o{n}", label), role=role)
            for n, (role, label) in enumerate(SCALE)
        )

    questions: list[Question] = []
    for number in range(10):
        key = said(f"one{number}", f"Which one of these is true of place {number}?")
        questions.append(Question(key=key, kind=Kind.ONE, options=options(key, 6)))
    for number, size in enumerate((9, 9, 10)):
        key = said(f"many{number}", f"Which of these would you like in {number}?")
        questions.append(Question(key=key, kind=Kind.MANY, options=options(key, size)))
    for number in range(3):
        key = said(f"grid{number}", f"Do you agree with each of these in {number}?")
        rows = tuple(
            Row(key=said(f"{key}_r{n}", f"Statement {n} of {key}")) for n in range(5)
        )
        questions.append(
            Question(key=key, kind=Kind.AGREE_GRID, options=scale(key), rows=rows)
        )
    key = said("agree0", "Do you agree with the plan?")
    questions.append(Question(key=key, kind=Kind.AGREE, options=scale(key)))
    for number in range(3):
        key = said(f"text{number}", f"What else do you think of place {number}?")
        questions.append(Question(key=key, kind=Kind.LONG_TEXT, max_length=2000))
    pages = tuple(
        Page(
            key=said(f"p{place}", f"Page {place + 1}"),
            questions=tuple(questions[place * 5 : place * 5 + 5]),
        )
        for place in range(4)
    )
    return Questionnaire(pages=pages, texts={DEFAULT_LANGUAGE: words}, next_number=1000)
