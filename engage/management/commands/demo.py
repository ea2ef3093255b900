"""`manage.py demo`: load the demonstration into an empty database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consultations.models import Consultation
from engage.demo import SIGN_INS
from engage.demo.loading import load


class Command(BaseCommand):
    """Loads it once; says so where it is there already."""

    help = "Load the demonstration: an invented council with consultations."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration is not for production.")
        if Consultation.objects.exists():
            self.stdout.write("There are consultations already: nothing was loaded.")
            return
        loaded = load(timezone.now())
        if not options["verbosity"]:
            return
        self.stdout.write(f"Loaded {len(loaded)} invented consultations.")
        for email, password, roles in SIGN_INS:
            self.stdout.write(f"  {email}  {password}  ({roles})")
