"""The council, people and clock of the main journey."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.cache import cache

from council.models import EngagementLevel
from engage.tasks import tick
from tests import factories
from wards.models import Postcode

LONDON = ZoneInfo("Europe/London")
LINK = re.compile(r"https?://[^\s<>\"]+")


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


@dataclass
class Scene:
    """Who is there, the clock to move, the mail that arrived."""

    clock: object
    mailbox: list
    people: dict

    def at(self, *parts):
        """Move the clock to a moment in London, and let beat tick there, twice."""
        self.clock.move_to(london(*parts))
        cache.clear()
        tick()
        tick()

    def mails(self, address, kind=""):
        """Subjects of the mails to somebody, or those that hold some words."""
        subjects = [message["Subject"] for message in self.mailbox.to(address)]
        return [subject for subject in subjects if kind in subject]

    def link(self, address, path):
        """The link to a path in the newest mail to somebody, as a path."""
        tick()
        for message in reversed(self.mailbox.to(address)):
            body = message.get_body(("plain",)).get_content()
            for link in LINK.findall(body):
                found = "/" + link.split("/", 3)[3]
                if found.startswith(path):
                    return found
        raise AssertionError(f"no link to {path} was mailed to {address}")


def set_the_scene(clock, mailbox):
    """A council with a ward, a library service, two officers and an approver."""
    factories.make_council(name="Fernshire Council", place="Fernshire")
    if not EngagementLevel.objects.filter(name="Consulting").exists():
        factories.make_level(name="Consulting")  # flushed by an earlier test
    factories.make_privacy_notice(version=1)
    factories.make_equality_set()
    factories.make_topic(name="Libraries", slug="libraries")
    ward = factories.make_ward(name="Castlegate", slug="castlegate")
    Postcode.objects.create(code="FN11AA", ward_code=ward.code)
    service = factories.make_service(name="Library service")
    people = {
        "officer": factories.make_officer(service, email="officer@example.org"),
        "second": factories.make_officer(service, email="second@example.org"),
        "approver": factories.make_approver(email="approver@example.org"),
    }
    return Scene(clock, mailbox, people)
