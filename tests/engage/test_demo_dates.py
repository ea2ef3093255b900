"""The demonstration stays alive: its days move with the year, and it loads once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from consultations.models import Consultation, Release, Stage
from engage.demo.loading import load

LONDON = ZoneInfo("Europe/London")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day", [(2027, 1, 2), (2027, 10, 19), (2027, 10, 21), (2028, 2, 29)]
)
def test_the_demonstration_stays_alive_in_other_years(day):
    when = datetime(*day, 12, tzinfo=LONDON)

    load(when)

    published = Release.objects.filter(kind="feedback", public_from__lte=when)
    assert published.count() == 1
    assert Consultation.objects.at_stage(Stage.OPEN, when).exists()


@pytest.mark.django_db
def test_the_command_loads_it_once(capsys):
    call_command("demo")
    number = Consultation.objects.count()

    call_command("demo")

    assert Consultation.objects.count() == number
    assert "nothing was loaded" in capsys.readouterr().out
    assert Consultation.objects.at_stage(Stage.OPEN, timezone.now()).exists()
