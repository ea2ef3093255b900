"""`manage.py import_postcodes FILE.csv`: load which ward each postcode lies in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import ActionRefused
from wards.actions import import_postcodes
from wards.boundaries import UnreadableFile
from wards.reading import read_text


class Command(BaseCommand):
    """All or nothing; running it twice changes nothing."""

    help = "Load postcodes and their wards from a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", default="", help="keep only this council's code")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_postcodes(
                read_text(options["file"]),
                by=None,
                area=options["area"],
                dry_run=options["dry_run"],
            )
        except (UnreadableFile, ActionRefused) as problem:
            raise CommandError(str(problem)) from problem
        for line in report.lines():
            self.stdout.write(line)
        if report.bad:
            raise CommandError("Nothing was loaded. Mend the bad rows and try again.")
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was changed")
