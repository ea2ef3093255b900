"""`manage.py import_wards FILE.geojson`: load a dated set of wards."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import ActionRefused
from wards.actions import import_wards
from wards.boundaries import UnreadableFile
from wards.reading import read_text
from wards.successors import Following, read_following


def following(text: str) -> Following:
    try:
        return read_following(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """All or nothing; running it twice changes nothing."""

    help = "Load wards from a GeoJSON file as a dated ward set."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--from",
            dest="in_force_from",
            type=date.fromisoformat,
            help="the day from which these wards are in force, like 2025-05-01",
        )
        parser.add_argument("--area", default="", help="keep only this council's code")
        parser.add_argument(
            "--successor",
            dest="successors",
            type=following,
            action="append",
            default=[],
            metavar="OLD=NEW[:SHARE]",
            help="a ward of the set before and one that follows it, once for each",
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_wards(
                read_text(options["file"]),
                by=None,
                in_force_from=options["in_force_from"],
                area=options["area"],
                source=options["file"].name,
                successors=options["successors"],
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
