"""No cell of a file becomes a formula (T-21)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.analysis import cells

LEADS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("lead", LEADS)
@given(rest=st.text())
def test_a_text_that_starts_like_a_formula_is_marked_as_text(lead, rest):
    assert cells.safe(lead + rest).startswith("'")
    assert cells.safe(f" \u200b{lead}{rest}").startswith("'")


@given(st.lists(st.text()))
def test_every_part_of_a_joined_cell_is_safe(parts):
    found = cells.joined(parts)

    for part, made in zip(parts, [cells.safe(part) for part in parts], strict=True):
        assert made in found
        if part[:1] in LEADS:
            assert made[0] == "'"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=20))
def test_a_file_gives_back_what_was_written(rows):
    safe = [[cells.safe(cell) for cell in row] for row in rows]

    text = "".join(cells.lines(safe))

    text.encode("utf-8")
    read = list(csv.reader(io.StringIO(text.removeprefix(cells.BOM), newline="")))
    assert read == safe


def test_plain_words_are_left_alone():
    assert cells.safe("5 - 3 = 2") == "5 - 3 = 2"
    assert cells.safe("a\0b\ud800") == "ab?"
