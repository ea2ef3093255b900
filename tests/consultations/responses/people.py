"""A resident at a browser, for the tests of answering."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from consultations.models import Draft, Response

FULL = {
    1: {"q_capacity": "o_me", "q_ward.ward": "outside", "q_use": "o_often"},
    2: {
        "q_days": ["o_mon", "o_sat"],
        "q_agree": "ao_a",
        "q_grid.r_quiet": "go_sa",
        "q_grid.r_cafe": "go_d",
    },
    3: {"q_age": "2", "q_name": "The den", "q_why": "Evenings suit us.\r\nBoth."},
}
# The button beside Continue.
LATER = {"save-for-later": "1"}


class Resident:
    """Answers one consultation, as a browser without scripts would."""

    def __init__(self, consultation, client=None):
        self.consultation = consultation
        self.client = client or Client(
            REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="A browser"
        )
        self.root = f"/consultations/{consultation.slug}"

    def get(self, path):
        return self.client.get(f"{self.root}/{path}")

    def post(self, path, data=None):
        return self.client.post(f"{self.root}/{path}", data or {})

    def start(self):
        return self.post("respond/")

    def answer(self, n, data=None, **more):
        return self.post(
            f"respond/{n}/", {**(FULL[n] if data is None else data), **more}
        )

    def answer_all(self):
        self.start()
        for n in FULL:
            answer = self.answer(n)
            assert answer.status_code == 302, answer.content.decode()
        return self

    def check(self):
        """The fields that the check page holds, as a browser would post them."""
        html = self.get("respond/check/").content.decode()
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))

    def send(self, **more):
        fields = self.check()
        fields.pop("csrfmiddlewaretoken", None)
        return self.post("respond/check/", {**fields, **more})

    def slowly(self):
        """As somebody who took a quarter of an hour."""
        Draft.objects.filter(consultation=self.consultation, is_sent=False).update(
            started_at=timezone.now() - timedelta(minutes=15)
        )
        return self

    def draft(self):
        return Draft.objects.get(consultation=self.consultation)

    def response(self):
        return Response.objects.get(consultation=self.consultation)


def sent(consultation, **more):
    """A resident who has answered everything and sent it."""
    resident = Resident(consultation)
    resident.answer_all().slowly().send(**more)
    return resident
