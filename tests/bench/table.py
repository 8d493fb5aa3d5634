"""How long a frame of the table of rows takes: 100,000 rows × 50 columns, scrolled to random places. By hand."""

from __future__ import annotations

import os
from time import process_time

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from visualnn.gui import theme
from visualnn.gui.views.data import DataView
from visualnn.gui.widgets.table import RowsTable
from visualnn.nn.data import Dataset
from visualnn.scene.rows import DataRows

ROWS, COLUMNS, FRAMES = 100_000, 50, 100


def milliseconds(work) -> float:
    """Of this process, whatever else the machine does."""
    start = process_time()
    work()
    return 1e3 * (process_time() - start)


def main() -> None:
    app = QApplication([])
    theme.appearance().set_reduced_motion(True)
    rng = np.random.default_rng(0)
    names = tuple(f"column {i}" for i in range(COLUMNS))
    data = Dataset("big", rng.normal(0, 100, (ROWS, COLUMNS)), rng.normal(size=(ROWS, 1)), names)
    table = RowsTable("Rows")
    table.resize(352, 588)
    table.show()
    print(f"shown for the first time: {milliseconds(lambda: (table.set_rows(DataRows(data)), table.grab())):.1f} ms")

    def frame() -> None:
        table.show_cell(int(rng.integers(ROWS)), int(rng.integers(COLUMNS)))
        table.grab()

    frames = sorted(milliseconds(frame) for _ in range(FRAMES))
    print(f"a frame elsewhere: median {frames[FRAMES // 2]:.1f} ms, slowest {frames[-1]:.1f} ms")
    view = DataView()
    view.resize(352, 688)
    print(f"the panel opens: {milliseconds(lambda: (view.show(), view.grab())):.1f} ms, ", end="")
    view.hide()
    print(f"again: {milliseconds(lambda: (view.show(), view.grab())):.1f} ms")
    view.rest()
    app.processEvents()


if __name__ == "__main__":
    main()
