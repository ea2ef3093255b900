"""The report of an import: what changed, what is wrong and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class ImportReport:
    """Counts by name, notes, and every bad row with its reason."""

    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        """Add to a count."""
        self.counts[what] = self.counts.get(what, 0) + number

    def refuse(self, where: str, reason: str) -> None:
        """Name a bad row and its reason."""
        self.bad.append(f"{where}: {reason}")

    def lines(self) -> Iterator[str]:
        """The report as lines of text."""
        for what, number in self.counts.items():
            yield f"{what}: {number:,}"
        yield from self.notes
        if self.bad:
            yield f"bad rows: {len(self.bad):,}"
            yield from self.bad
