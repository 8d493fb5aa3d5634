"""The runs of this document that are kept, so that they can be compared and had back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from visualnn.runs import Run

MOST_RUNS = 60  # the oldest go first


class Runs(QObject):
    """A list of finished runs, each known by its number."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._runs: list[Run] = []
        self._numbers = 0

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def all(self) -> tuple[Run, ...]:
        """From the first to the latest."""
        return tuple(self._runs)

    def next_number(self) -> int:
        """For a run that begins."""
        self._numbers += 1
        return self._numbers

    def get(self, number: int) -> Run | None:
        """The run of this number."""
        return next((run for run in self._runs if run.number == number), None)

    def keep(self, run: Run) -> None:
        """One more; of the same number the later one counts."""
        before = self.get(run.number)
        if before is not None:
            run = run.renamed(before.name)
        others = [other for other in self._runs if other.number != run.number]
        self._set(sorted([*others, run], key=lambda each: each.number))

    def rename(self, number: int, name: str) -> None:
        """A name of one's own."""
        self._set([run.renamed(name) if run.number == number else run for run in self._runs])

    def remove(self, number: int) -> Run | None:
        """Throws a run away; the run, to bring it back with `keep`."""
        gone = self.get(number)
        self._set([run for run in self._runs if run.number != number])
        return gone

    def take(self, runs: tuple[Run, ...]) -> None:
        """Those of another document."""
        self._numbers = max((run.number for run in runs), default=0)
        self._set(sorted(runs, key=lambda each: each.number))

    def _set(self, runs: list[Run]) -> None:
        self._runs = runs[-MOST_RUNS:]
        self.changed.emit()
