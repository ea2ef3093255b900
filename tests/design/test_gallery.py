"""The components in a real browser: axe, reflow, print, and no script."""

import pytest

from tests import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.design.gallery"),
]


@pytest.mark.parametrize("address", ["/gallery/", "/gallery/?errors=1"])
def test_everybody_can_use_every_component_on_a_phone_and_on_a_desk(new_page, address):
    page = new_page()

    page.goto(address)

    browser.assert_accessible(page)


def test_text_at_twice_its_size_does_not_widen_the_page(new_page):
    page = new_page()
    page.goto("/gallery/")

    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert browser.sideways(page) == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_what_belongs_to_an_option_shows_with_it_script_or_not(new_page, javascript):
    page = new_page(javascript=javascript)
    page.goto("/gallery/")
    assert not page.is_visible("#id_which")

    page.check("#id_colour_1")

    assert page.is_visible("#id_which")


def test_without_a_script_the_limit_of_a_text_is_written_under_it(new_page):
    page = new_page(javascript=False)

    page.goto("/gallery/")

    assert page.inner_text("#id_story-info") == "You can enter up to 200 characters"


def test_the_counter_and_the_excluding_option_come_with_the_script(new_page):
    page = new_page()
    page.goto("/gallery/")

    page.check("#id_known_0")
    page.check("#id_known_2")
    page.fill("#id_story", "x" * 201)

    assert not page.is_checked("#id_known_0")
    page.wait_for_selector("text=You have 1 character too many")


def test_the_error_summary_takes_the_focus_and_its_links_reach_the_controls(new_page):
    page = new_page()
    page.goto("/gallery/?errors=1")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"

    page.click(".govuk-error-summary a[href='#id_colour_0']")

    assert page.evaluate("document.activeElement.id") == "id_colour_0"


def test_on_paper_there_are_patterns_and_tables_and_no_navigation(new_page):
    page = new_page(width=720)
    page.emulate_media(media="print")

    page.goto("/gallery/")

    assert not page.is_visible(".govuk-service-navigation")
    assert not page.is_visible("button[type=submit]")
    assert page.is_visible("#c table")  # folded away on the screen
    assert page.locator(".portal-pattern").first.is_visible()
    assert page.is_visible("text=Printed on")
    assert browser.sideways(page) == 0


def test_links_that_stand_alone_are_large_enough_to_press(new_page):
    page = new_page(width=320)
    page.goto("/gallery/?errors=1")

    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input, select, summary")]
        .filter(e => e.offsetParent && !e.closest("p") && e.type !== "hidden"
            && !e.classList.contains("govuk-skip-link"))
        .filter(e => e.getBoundingClientRect().height < 23.9)
        .map(e => e.outerHTML.slice(0, 120))"""
    )

    assert small == []
