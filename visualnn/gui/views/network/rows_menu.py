"""Which rows make an update, chosen at the head of the inputs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from visualnn.gui.widgets.menu import Menu

SIZES = (2, 4, 8, 16, 32)  # of batches


@dataclass(frozen=True, slots=True)
class RowsSpot:
    """How many rows there are, how many are followed together (0: one alone), and which of these is seen."""

    rows: int
    batch: int = 0
    row: int = 0

    def label(self, alone: str) -> str:
        """What the head says; `alone` without a batch."""
        return f"row {self.row + 1} of {self.batch}" if self.batch else alone


NO_ROWS = RowsSpot(0)


class RowsMenu(Menu):
    """One row alone or several together, and another row to be seen."""

    batch_chosen = Signal(int)
    row_chosen = Signal(int)  # so many further on in the batch, or in the data

    def __init__(self, spot: RowsSpot, parent: QWidget):
        super().__init__(parent)
        self.add_choice("One row alone", "batch:0", not spot.batch, hint="The update follows this row")
        for size in (size for size in SIZES if size <= spot.rows):
            hint = "The update follows the mean over these rows"
            self.add_choice(f"{size} rows together", f"batch:{size}", size == spot.batch, hint=hint)
        self.addSeparator()
        self._add("Next row", "row:1")
        self._add("Row before", "row:-1")
        self.triggered.connect(self._on_triggered)

    def _add(self, text: str, key: str) -> None:
        self.addAction(text).setData(key)

    def _on_triggered(self, action: QAction) -> None:
        kind, _, number = str(action.data()).partition(":")
        (self.batch_chosen if kind == "batch" else self.row_chosen).emit(int(number))
