"""The rows of the table: what is measured, beside what, and the figure to reach."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from bench import analysis, notices, pages, responses

LESS, MORE = "≤", "≥"
SAME_QUERIES = "bare view: the same queries and bytes"


@dataclass
class Row:
    """One line: both figures of each run, in seconds or in pieces a second.

    `measure` returns (ours, bare); a run is the median of `each` calls. `target` is
    the ratio to reach, None where it is only shown. With `pieces` the figures are
    rates, and the ratio is of rates.
    """

    name: str
    against: str
    measure: Callable[[], tuple[float, float]]
    sign: str = LESS
    target: float | None = None
    each: int = 1
    pieces: int = 0
    runs: list[tuple[float, float]] = field(default_factory=list)
    single: list[float] = field(default_factory=list)

    def run(self) -> None:
        calls = [self.measure() for _n in range(self.each)]
        self.single += [ours for ours, _bare in calls]
        ours, bare = (median(side) for side in zip(*calls, strict=True))
        if self.pieces:
            ours, bare = self.pieces / ours, self.pieces / bare
        self.runs.append((ours, bare))

    @property
    def ratios(self) -> list[float]:
        return sorted(ours / bare for ours, bare in self.runs)

    @property
    def is_met(self) -> bool | None:
        if self.target is None:
            return None
        ratio = median(self.ratios)
        return ratio <= self.target if self.sign == LESS else ratio >= self.target


def rows(number: int) -> list[Row]:
    """What a city with so many responses has pages for."""
    return [
        Row("home", SAME_QUERIES, pages.home, target=1.5, each=15),
        Row(
            "consultation list",
            SAME_QUERIES,
            pages.consultation_list,
            target=1.5,
            each=15,
        ),
        Row("overview", SAME_QUERIES, pages.overview, target=1.5, each=15),
        Row("results page", SAME_QUERIES, analysis.results_page, target=1.5, each=15),
        Row("question page", SAME_QUERIES, responses.question_page, target=2, each=15),
        Row(
            "Continue",
            "bare POST that reads and updates the document",
            responses.continue_page,
            target=2.5,
            each=15,
        ),
        Row(
            "send",
            "bare POST that reads and writes the same rows",
            responses.send,
            target=2,
            each=15,
        ),
        Row(
            "send",
            "the driver alone inserts the same rows",
            responses.driver_send,
            each=15,
        ),
        Row(
            f"analysis page, cold, {number:,} responses",
            "the driver fetches the codes column",
            analysis.analysis_page,
            target=3,
        ),
        Row(
            f"CSV of {number:,} responses",
            "server-side cursor into csv.writer",
            analysis.csv_file,
            target=1.5,
        ),
        Row(
            "10,000 notices made",
            "one INSERT … SELECT of the same rows",
            notices.notices_made,
            target=3,
        ),
        Row(
            "10,000 notices sent, a second",
            "a loop of sendmail, one connection",
            notices.notices_sent,
            sign=MORE,
            target=0.7,
            pieces=notices.COUNT,
        ),
    ]
