"""A number with its name, and the four that say how well a network does."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QPainter

from visualnn.gui import theme
from visualnn.nn.metrics import Score
from visualnn.nn.training import Snapshot
from visualnn.scene.formula import precise

SMALLEST = 1e-4  # values below are written with an exponent: there is little room
VALUE_SIZES = (17, 15, 13, 12)


@dataclass(frozen=True, slots=True)
class Metric:
    """A label, its value and, smaller, what belongs to it."""

    label: str
    value: str
    rest: str = ""


def metrics_of(score: Score, snapshot: Snapshot | None, by_batch: bool) -> tuple[Metric, ...]:
    """What is told of a score over all rows, and the update it belongs to; `by_batch` if the curve shows batches."""
    update = Metric("Update", f"{snapshot.update:,}" if snapshot is not None else "–")
    loss = Metric("Loss, all rows" if by_batch else "Loss", precise(score.loss, smallest=SMALLEST))
    if score.right is None:
        miss = Metric("Mean miss", precise(score.mean_miss, smallest=SMALLEST))
        return loss, miss, Metric("Largest miss", precise(score.largest_miss, smallest=SMALLEST)), update
    rows = Metric("Rows right", f"{score.right:,}", f"of {score.rows:,}")
    return loss, Metric("Right", _percent(score.right, score.rows)), rows, update


def _percent(right: int, rows: int) -> str:
    """Rounded, but 100 % only if all are right."""
    return "100 %" if right == rows else f"{min(100 * right / rows, 99.9):.1f} %"


def paint_metric(painter: QPainter, x: float, y: float, metric: Metric, room: float, drop: int = 21) -> None:
    """The label at `y` and the value `drop` below it, in the largest size for which there is room."""
    theme.draw_text(painter, x, y, theme.elided(metric.label, room, 12, 450), 12, 450, "text2")
    rest = theme.text_width(metric.rest, 12, 450) + 4 if metric.rest else 0
    fitting = (size for size in VALUE_SIZES if theme.text_width(metric.value, size, 600) + rest <= room)
    size = next(fitting, VALUE_SIZES[-1])
    width = theme.draw_text(painter, x, y + drop, theme.elided(metric.value, room, size, 600), size, 600)
    theme.draw_text(painter, x + width + 4, y + drop + 1, metric.rest, 12, 450, "text2")
