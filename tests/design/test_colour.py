"""CK-T1: the colours of text, parts and charts can be told from what is behind them."""

import itertools
import re
from pathlib import Path

import pytest
from django.conf import settings

from design.colour import (
    MINIMUM_GRAPHIC,
    MINIMUM_TEXT,
    WHITE,
    brand_stylesheet,
    contrast,
    is_colour,
)

# Colour, what is behind it, and the ratio as it was computed by hand.
TEXTS = [
    ("#0b0c0c", "#ffffff", 19.59),
    ("#484949", "#ffffff", 9.03),
    ("#484949", "#f3f3f3", 8.14),
    ("#1a65a6", "#ffffff", 6.08),
    ("#54319f", "#ffffff", 9.06),
    ("#0f385c", "#ffffff", 12.07),
    ("#ca3535", "#ffffff", 5.16),
    ("#0f7a52", "#ffffff", 5.35),
    ("#ffffff", "#12436d", 10.25),
    ("#0b0c0c", "#ffdd00", 14.55),
    ("#0f385c", "#d2e2f1", 9.13),
    ("#083d29", "#cfe4dc", 9.23),
    ("#651b1b", "#f4d7d7", 9.01),
    ("#7a3c1c", "#fde4d7", 6.93),
    ("#0b0c0c", "#f3f3f3", 17.65),
    ("#2a1950", "#ddd6ec", 11.01),
    ("#0b0c0c", "#fff8cc", 18.24),
    ("#0b4144", "#d0e6e7", 8.71),
]
CATEGORIES = ["#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1"]
SCALE = ["#12436d", "#5694ca", "#858686", "#f46a25", "#801650"]


@pytest.mark.parametrize(("colour", "behind", "ratio"), TEXTS)
def test_text_can_be_read_on_its_background(colour, behind, ratio):
    assert contrast(colour, behind) == pytest.approx(ratio, abs=0.01)
    assert contrast(colour, behind) >= MINIMUM_TEXT


def test_links_can_be_read_on_the_grey_of_header_and_footer():
    assert contrast("#1a65a6", "#f3f3f3") >= MINIMUM_TEXT


@pytest.mark.parametrize("colour", [*CATEGORIES, *SCALE])
def test_every_colour_of_a_chart_stands_out_from_the_page(colour):
    assert contrast(colour, WHITE) >= MINIMUM_GRAPHIC


def test_neighbours_of_the_categories_differ_from_each_other():
    for one, next_one in itertools.pairwise(CATEGORIES):
        assert contrast(one, next_one) >= MINIMUM_GRAPHIC


@pytest.mark.parametrize("shade", [0, 1, 2, 3, 4])
def test_the_figure_written_in_a_piece_of_a_bar_can_be_read(shade):
    ink = "#ffffff" if shade in {0, 4} else "#0b0c0c"

    assert contrast(ink, SCALE[shade]) >= MINIMUM_TEXT


def test_the_style_sheet_has_the_colours_that_were_checked():
    scss = Path(settings.BASE_DIR, "design/scss/_charts.scss").read_text("utf-8")

    listed = {
        name: re.findall(r"#[0-9a-f]{6}", values)
        for name, values in re.findall(r"\$(categories|scale): \(([^)]*)\)", scss)
    }

    assert listed == {"categories": CATEGORIES, "scale": SCALE}


def test_contrast_is_the_same_both_ways_and_knows_its_limits():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#ABCDEF", "#abcdef") == 1


@pytest.mark.parametrize(
    "text", ["red", "#12", "#12436g", "#12436d;}", "", "#12436d\n"]
)
def test_what_is_no_colour_is_refused(text):
    assert not is_colour(text)
    assert brand_stylesheet(text) == ""
    with pytest.raises(ValueError, match="not a colour"):
        contrast(text, WHITE)


def test_a_council_gets_its_colour_when_white_can_be_read_on_it():
    assert brand_stylesheet("#7A1F5C") == ":root{--govuk-brand-colour:#7a1f5c}\n"


def test_a_pale_brand_colour_leaves_the_default():
    assert brand_stylesheet("#ffdd00") == ""
