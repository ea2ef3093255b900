"""How somebody uses a page: with a pointer and no script, or by keyboard alone.

Both do the same things by the words on the page, and count their clicks: a click
is one activation of a link or button that loads or posts a page.
"""

import re

MOST_STOPS = 250
IS_FOCUSED = "element => element === document.activeElement"


class Person:
    """Somebody in front of a page. `clicks` counts links and buttons pressed."""

    def __init__(self, page):
        self.page = page
        self.clicks = 0

    def go(self, path):
        """Type the address of the site, or open a link of a mail."""
        self.page.goto(path)

    def press(self, words, *, within=None):
        """Activate the link or button of these words."""
        place = within or self.page
        target = place.get_by_role("button", name=words, exact=True).or_(
            place.get_by_role("link", name=words, exact=True)
        )
        self.press_on(target.first)

    def press_on(self, target):
        """Activate this link or button."""
        with self.page.expect_navigation():
            self.activate(target)
        self.clicks += 1

    def fill(self, label, text):
        """Write into the field of this label."""
        self.write(self.page.get_by_label(label, exact=True), text)

    def pick(self, *labels, within=None):
        """Choose radios or checkboxes by their labels, in a group if named."""
        place = self.group(within) if within else self.page
        for label in labels:
            self.choose(place.get_by_label(label, exact=True))

    def group(self, legend):
        """The group of controls under a question."""
        return self.page.get_by_role("group", name=re.compile(re.escape(legend)))

    def select(self, label, option):
        """Choose an option of a list."""
        self.drop_down(self.page.get_by_label(label, exact=True), option)

    def sees(self, words):
        """Whether the words stand in the main part of the page."""
        text = " ".join(self.page.locator("main").inner_text().split())
        assert words in text, f"{words!r} is not on {self.page.url}:\n{text}"

    def does_not_see(self, words):
        text = " ".join(self.page.locator("body").inner_text().split())
        assert words not in text, f"{words!r} is on {self.page.url}"

    def sign_in(self, user, password):
        """Sign in, whoever was signed in before."""
        self.page.context.clear_cookies()
        self.go("/accounts/login/")
        self.fill("Email address", user.email)
        self.fill("Password", password)
        self.press("Sign in", within=self.page.locator("main"))
        self.clicks = 0

    def clicks_since(self, before):
        return self.clicks - before


class WithoutScript(Person):
    """A pointer, and a browser that runs no script."""

    def activate(self, target):
        target.click()

    def write(self, field, text):
        field.fill(text)

    def choose(self, control):
        control.check()

    def drop_down(self, field, option):
        field.select_option(label=option)


class ByKeyboard(Person):
    """Tab, Shift, Space, Enter and the arrows; the pointer stays where it is."""

    def activate(self, target):
        self.tab_to(target)
        self.page.keyboard.press("Enter")

    def write(self, field, text):
        self.tab_to(field)
        self.page.keyboard.press("Control+A")
        if text:
            self.page.keyboard.insert_text(text)
        else:
            self.page.keyboard.press("Delete")

    def choose(self, control):
        if control.get_attribute("type") == "radio":
            self.choose_radio(control)
        elif not control.is_checked():
            self.tab_to(control)
            self.page.keyboard.press("Space")

    def choose_radio(self, control):
        """Tab stops once in a group of radios; the arrows move inside it."""
        if control.is_checked():
            return
        name = control.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]')
        self.tab_to(control, or_any_of=group)
        for _ in range(group.count() + 1):
            if control.evaluate(IS_FOCUSED):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {control}")

    def drop_down(self, field, option):
        self.tab_to(field)
        self.page.keyboard.type(option)
        chosen = field.evaluate("list => list.selectedOptions[0].label")
        assert chosen == option, f"{chosen!r} was chosen, not {option!r}"

    def tab_to(self, target, or_any_of=None):
        """Press Tab until the target has focus; the page must lead there."""
        goals = [target] if or_any_of is None else or_any_of.all()
        for _ in range(MOST_STOPS):
            if any(goal.evaluate(IS_FOCUSED) for goal in goals):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {target}")
