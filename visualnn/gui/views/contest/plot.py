"""How many updates each tried rate needed: both axes logarithmic, the best one ringed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.contest.content import Trial
from visualnn.gui.widgets.runner_disc import EDGE, runner_color
from visualnn.scene.scales import Scale, loss_scale

PADDING, GUTTER, TOP, HIGH, AXIS, LEGEND = 24, 56, 34, 88, 26, 20
DOT, RING, SIGN, FAILED_Y = 3.2, 6.5, 3.2, 14  # px

OUT = "not a number"


class RatePlot(QWidget):
    """Paints the trials it was given."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._trials: tuple[Trial, ...] = ()
        self._best: float | None = None
        self._color = "sgd"
        self._across = self._up = loss_scale(1e-3, 1.0, True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(TOP + HIGH + AXIS + LEGEND)
        self.setAccessibleName("Updates by rate")

    def show_trials(self, trials: Sequence[Trial], best: float | None, color: str) -> None:
        """Show these in a runner's colour; `best` is the rate that won."""
        if (tuple(trials), best, color) == (self._trials, self._best, self._color):
            return
        self._trials, self._best, self._color = tuple(sorted(trials, key=lambda each: each.rate)), best, color
        rates = [each.rate for each in trials] or [1e-3, 1.0]
        counts = [max(1, each.updates) for each in trials if each.updates is not None] or [10, 100]
        self._across = loss_scale(min(rates), max(rates), True)
        self._up = loss_scale(min(counts), max(counts), True)
        self.update()

    @property
    def legend(self) -> tuple[tuple[str, bool], ...]:
        """What the signs above the plot mean, where there are any, and whether each is the cross."""
        failed = {each.is_out for each in self._trials if each.updates is None}
        return tuple((text, is_out) for is_out, text in ((False, "did not arrive"), (True, OUT)) if is_out in failed)

    @property
    def _has_arrivals(self) -> bool:
        return any(each.updates is not None for each in self._trials)

    def spot(self, trial: Trial) -> QPointF:
        """Where a trial is drawn; one that did not arrive above all others."""
        box = self._box()
        x = box.left() + self._across.share(trial.rate) * box.width()
        if trial.updates is None:
            return QPointF(x, box.top() - FAILED_Y)
        return QPointF(x, box.bottom() - self._up.share(max(1.0, float(trial.updates))) * box.height())

    def _box(self) -> QRectF:
        return QRectF(PADDING + GUTTER, TOP, self.width() - 2 * PADDING - GUTTER - 4, HIGH)

    def paintEvent(self, _event: QEvent) -> None:
        box = self._box()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_axes(painter, box)
            self._paint_line(painter)
            for trial in self._trials:
                self._paint_trial(painter, trial)

    def _paint_axes(self, painter: QPainter, box: QRectF) -> None:
        theme.draw_text(painter, box.left() - 10, box.top() - FAILED_Y, "updates", 12, 450, "text3", "r")
        for tick in self._up.ticks if self._has_arrivals else ():
            y = round(box.bottom() - self._up.share(tick.value) * box.height()) + 0.5
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right() + 4, y))
            theme.draw_text(painter, box.left() - 8, y, tick.text, 12, 450, "text3", "r")
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(QPointF(box.left(), box.bottom() + 0.5), QPointF(box.right() + 4, box.bottom() + 0.5))
        for x, text in placed(self._across, box):
            theme.draw_text(painter, x, box.bottom() + 16, text, 12, 450, "text3", "c")
        theme.draw_text(painter, PADDING, box.bottom() + 16, "rate", 12, 450, "text3")
        x = box.right() + 4
        for text, is_out in reversed(self.legend):
            x -= theme.draw_text(painter, x, box.bottom() + AXIS + 10, text, 12, 450, "text3", "r") + SIGN + 6
            paint_sign(painter, QPointF(x, box.bottom() + AXIS + 10), is_out)
            x -= SIGN + 14

    def _paint_line(self, painter: QPainter) -> None:
        """From one that arrived to the next, where none lies between that did not."""
        pairs = [(a, b) for a, b in pairwise(self._trials) if a.updates is not None and b.updates is not None]
        inks = [] if theme.current().is_dark else [QPen(EDGE, 3.2)]
        for pen in (*inks, QPen(runner_color(self._color), 1.4)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            for a, b in pairs:
                painter.drawLine(self.spot(a), self.spot(b))

    def _paint_trial(self, painter: QPainter, trial: Trial) -> None:
        spot = self.spot(trial)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if trial.updates is None:
            paint_sign(painter, spot, trial.is_out)
            return
        if trial.rate == self._best:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawEllipse(spot, RING, RING)
        painter.setPen(QPen(EDGE, 1))
        painter.setBrush(runner_color(self._color))
        painter.drawEllipse(spot, DOT, DOT)


def paint_sign(painter: QPainter, middle: QPointF, is_out: bool) -> None:
    """A cross for no number, a ring for one that did not arrive."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("bad" if is_out else "text3"), 1.4))
    if not is_out:
        painter.drawEllipse(middle, SIGN, SIGN)
        return
    for slant in (SIGN, -SIGN):
        painter.drawLine(middle + QPointF(slant, -SIGN), middle - QPointF(slant, -SIGN))


def placed(scale: Scale, box: QRectF) -> list[tuple[float, str]]:
    """The ticks beneath a box, x and text, without those that would touch the one before."""
    found: list[tuple[float, str]] = []
    end = box.left() - 16.0
    for tick in scale.ticks:
        x, half = box.left() + scale.share(tick.value) * box.width(), theme.text_width(tick.text, 12, 450) / 2
        x = min(x, box.right() + 4 - half)
        if x - half > end + 8:
            found.append((x, tick.text))
            end = x + half
    return found
