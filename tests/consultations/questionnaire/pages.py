"""What a browser would send if a form were posted as it stands."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.data, self.textarea, self.select = {}, "", ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name", "")
        if tag == "textarea":
            self.textarea = name
            self.data[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.data[self.select] = given["value"]
        elif tag == "input" and name:
            tick = given.get("type") in ("radio", "checkbox")
            if not tick or "checked" in given:
                self.data[name] = given.get("value", "on")

    def handle_data(self, data):
        if self.textarea:
            self.data[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = ""


def fields_as_they_stand(html):
    """The names and values of the fields of a page with one form."""
    reader = _Fields()
    reader.feed(html)
    return reader.data
