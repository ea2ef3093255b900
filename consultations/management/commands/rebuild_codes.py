"""manage.py rebuild_codes: derive every response's codes from its answers again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from consultations.responses.rebuild import rebuild_codes, stale_codes


class Command(BaseCommand):
    help = "Derives the compact codes of every response from its answers again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing; exit 1 where codes differ from the answers.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            count = sum(1 for _row in stale_codes())
            self.stdout.write(f"{count} rows have stale codes.")
            if count:
                raise SystemExit(1)
            return
        self.stdout.write(f"{rebuild_codes()} rows had stale codes.")
