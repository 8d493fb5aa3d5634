"""A number with its name, and the four that say how well a network does."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from visualnn.gui import theme
from visualnn.nn.metrics import Score
from visualnn.project import Project
from visualnn.scene.formula import precise
from visualnn.scene.units import spread_of

SMALLEST = 1e-4  # values below are written with an exponent: there is little room
VALUE_SIZES = (17, 15, 13, 12)
BESIDE = 4  # px that a label may be longer than a value


@dataclass(frozen=True, slots=True)
class Metric:
    """A label, its value and, smaller, what belongs to it; `hint` says what is measured."""

    label: str
    value: str
    rest: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """A score, and the root of its mean squared miss where the answers are numbers."""

    score: Score
    root: float | None


def metrics_of(
    project: Project, train: Marks, test: Marks | None, update: int | None, by_batch: bool
) -> tuple[Metric, ...]:
    """What is told of both, all of the same update; `by_batch` if the curve shows the losses of batches."""
    if test is None:
        now = Metric("Update", f"{update:,}" if update is not None else "–")
        return _loss(train, "Loss, all rows" if by_batch else "Loss", "rows"), *_learned(project, train), now
    losses = _loss(train, "Train loss", "rows to learn from"), _loss(test, "Test loss", "test rows")
    if test.root is not None:
        return *losses, *_misses(project, test, ("Test miss", "Test RMSE"), "test rows")
    return *losses, _right(train, "Train right", "rows to learn from"), _right(test, "Test right", "test rows")


def _learned(project: Project, marks: Marks) -> tuple[Metric, ...]:
    if marks.root is not None:
        return _misses(project, marks, ("Mean miss", "RMSE"), "rows")
    rows = Metric("Rows right", f"{marks.score.right:,}", f"of {marks.score.rows:,}")
    return _right(marks, "Right", "rows"), rows


def _loss(marks: Marks, label: str, rows: str) -> Metric:
    return Metric(label, _written(marks.score.loss), hint=f"The mean loss of {marks.score.rows:,} {rows}")


def _right(marks: Marks, label: str, rows: str) -> Metric:
    right, count = marks.score.right or 0, marks.score.rows
    return Metric(label, percent(right, count), hint=f"{right:,} of {count:,} {rows} are right (accuracy)")


def _misses(project: Project, marks: Marks, labels: tuple[str, str], rows: str) -> tuple[Metric, ...]:
    """In the units of the data."""
    score, unit = marks.score, spread_of(project.data)
    of = f"of {score.rows:,} {rows}"
    largest = _written(unit * score.largest_miss)
    mean = f"The mean miss {of} = mean absolute error (MAE)\nThe largest miss is {largest}"
    root = f"The root of the mean squared miss {of} (RMSE)"
    assert marks.root is not None
    return (
        Metric(labels[0], _written(unit * score.mean_miss), hint=mean),
        Metric(labels[1], _written(unit * marks.root), hint=root),
    )


def _written(value: float) -> str:
    return precise(value, smallest=SMALLEST)


def percent(right: int, rows: int) -> str:
    """Rounded, but 100 % only if all are right."""
    return "100 %" if right == rows else f"{min(100 * right / rows, 99.9):.1f} %"


def size_for(metric: Metric, room: float) -> int:
    """The largest size of a value for which there is room."""
    rest = theme.text_width(metric.rest, 12, 450) + 4 if metric.rest else 0
    fitting = (size for size in VALUE_SIZES if theme.text_width(metric.value, size, 600) + rest <= room)
    return next(fitting, VALUE_SIZES[-1])


def paint_metric(painter: QPainter, box: QRectF, metric: Metric, size: int, drop: int = 21) -> None:
    """The label at the top of the box and the value `drop` below it."""
    x, y, room = box.left(), box.top(), box.width()
    theme.draw_text(painter, x, y, theme.elided(metric.label, room + BESIDE, 12, 450), 12, 450, "text2")
    width = theme.draw_text(painter, x, y + drop, theme.elided(metric.value, room, size, 600), size, 600)
    theme.draw_text(painter, x + width + 4, y + drop + 1, metric.rest, 12, 450, "text2")
