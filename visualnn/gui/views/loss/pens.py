"""Ink, width and dashes of every kind of line in the chart; the legend and the readout show the same."""

from __future__ import annotations

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from visualnn.gui import theme
from visualnn.gui.widgets.run_ink import run_dash, run_ink

BOLD, OTHER, THIN = 1.8, 1.5, 1.0  # px
TEST_DASH = (4.0, 3.0)
RAW, LATER = 0.42, 0.34  # of the ink, over the panel; opaque, since strokes overlap


def ink_of(role: str, tint: int = 0) -> str:
    """The role of a line's colour."""
    return {"train": "text", "test": "accent"}.get(role) or run_ink(tint)


def dash_of(role: str, tint: int = 0) -> tuple[float, float] | None:
    """Px drawn and px left out; None for a solid line."""
    return None if role == "train" else TEST_DASH if role == "test" else run_dash(tint)


def width_of(role: str) -> float:
    """Px of a line that is no raw one."""
    return OTHER if role == "other" else BOLD


def shade(role: str, tint: int, *, raw: bool = False, later: bool = False) -> QColor:
    """A line's colour: fainter beneath its moving average, and behind what is looked at."""
    strength = (RAW if raw else 1.0) * (LATER if later else 1.0)
    return theme.mix("panel", ink_of(role, tint), strength)


def paint_sample(painter: QPainter, x: float, y: float, length: float, role: str, tint: int = 0) -> None:
    """A short piece of a line, for a legend."""
    pen = QPen(theme.color(ink_of(role, tint)), 2.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    dash = dash_of(role, tint)
    if dash is not None:
        pen.setDashPattern([part / 2.0 for part in dash])
    painter.setPen(pen)
    painter.drawLine(QLineF(x, y, x + length, y))
