"""The Inspector: one neuron's sum, or one weight, written out with its real numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from visualnn.gui.theme import color, draw_runs, draw_text, elided, font, runs_width, text_width
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.number_field import NumberField, Steps
from visualnn.nn.functions import activate
from visualnn.scene.formula import MINUS, Part, number
from visualnn.scene.inspection import ActivationLine, Inspection, Line

PAD, PITCH = 24, 28
CURVE_HEIGHT, CURVE_MIN_ROOM = 118, 96
SMALLEST = 12  # px; where that is too wide still, numbers are rounded
EQUAL_ROOM = 34  # px between factors and results
GAP = 8
FARTHEST = 1e300  # sums are drawn up to here
EMPTY = "Click a neuron or a connection to see its sum."


@dataclass(frozen=True, slots=True)
class Fit:
    """How the rows of a table are written so that all of them fit: alike."""

    result_width: float
    size: int = 13
    short: bool = False
    decimals: int | None = None  # of the factors; None: as they come

    @classmethod
    def of(cls, rows: tuple[Line, ...], room: float) -> Fit:
        """The most telling one that needs no more than `room`."""
        result_width = max([70.0, *(text_width(row.result.text, 14, 600) for row in rows)])
        options = [cls(result_width), *(cls(result_width, size, True) for size in (13, SMALLEST))]
        options += [cls(result_width, SMALLEST, True, decimals) for decimals in range(6, 1, -1)]
        return next((fit for fit in options if all(fit.holds(row, room) for row in rows if row.factors)), options[-1])

    def holds(self, row: Line, room: float) -> bool:
        """Whether a row with factors fits."""
        factors = runs_width(_runs(self.factors(row)), self.size, 500)
        return text_width(self.label(row), 13, 450) + GAP + factors + EQUAL_ROOM + self.result_width <= room

    def factors(self, row: Line) -> tuple[Part, ...]:
        """The row's factors, rounded if need be."""
        return row.factors if self.decimals is None else _rounded(row.factors, self.decimals)

    def label(self, row: Line) -> str:
        """The row's label; a short one is the source's name alone."""
        return row.label.removesuffix(" × weight").removeprefix("to ") if self.short else row.label


def _runs(parts: tuple[Part, ...]) -> list[tuple[str, str, None]]:
    return [(part.text, part.role or "text", None) for part in parts]


def _rounded(parts: tuple[Part, ...], decimals: int) -> tuple[Part, ...]:
    """The same with at most so many decimals in every number."""
    return tuple(Part(_rounded_text(part.text, decimals), part.role) for part in parts)


def _rounded_text(text: str, decimals: int) -> str:
    if len(text.partition(".")[2]) <= decimals or "e" in text:
        return text
    return number(float(text.replace(MINUS, "-").replace(",", "")), decimals)


def _fitted(parts: tuple[Part, ...], room: float) -> tuple[Part, ...]:
    """A formula, rounded until it fits; cut at its end if that does not help."""
    for fewer in (parts, *(_rounded(parts, decimals) for decimals in range(6, 1, -1))):
        if runs_width(_runs(fewer), 14, 500) <= room:
            return fewer
    return (Part(elided("".join(part.text for part in parts), room, 14, 500), "text2"),)


class InspectorView(QWidget):
    """Paints an Inspection; offers a field for the number and a way back for an edited one."""

    number_scrubbed = Signal(float)  # while a field is dragged
    number_committed = Signal(float)
    number_finished = Signal()  # the drag is over, however it ended
    reset_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._inspection: Inspection | None = None
        self._with_curve = True
        self._tips: list[tuple[QRectF, str]] = []
        self._field = NumberField(0.0, Steps(size=0.01), self, name="Value", width=150)
        self._reset = TextButton("Reset this weight", "rotate-ccw", "ghost", self)
        self._field.edited.connect(self.number_scrubbed)
        self._field.committed.connect(self._on_committed)
        self._field.finished.connect(self.number_finished)
        self._reset.clicked.connect(self._on_reset)
        self._field.hide()
        self._reset.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_inspection(
        self, inspection: Inspection | None, number: float | None = None, edited: bool = False, label: str = ""
    ) -> None:
        """Show this; `number` is the editable value, `edited` whether it differs from before the edits by hand."""
        self._inspection = inspection
        self._field.setVisible(number is not None)
        self._reset.setVisible(number is not None and edited)
        if number is not None:
            self._field.set_value(number)
            self._field.setAccessibleName(label)
            self._reset.set_label(f"Reset this {label.split()[0].lower()}" if label else "Reset")
        self._place_fields()
        self.setAccessibleName(self._spoken())
        self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Leave the curve out where the window is low."""
        self._with_curve = not compact
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, round(self._height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, round(self._height()))

    # -- geometry ------------------------------------------------------------------------------------------------

    def _rows_end(self) -> float:
        shown = self._inspection
        rows = 0 if shown is None else len(shown.rows)
        return 78 + rows * PITCH

    def _field_y(self) -> float:
        shown = self._inspection
        y = self._rows_end()
        if shown is not None and shown.total is not None:
            y += 44
        if shown is not None and shown.activation is not None:
            y += 66
        return y

    def _height(self) -> float:
        shown = self._inspection
        if shown is None:
            return 110
        y = self._field_y()
        if not self._field.isHidden():
            y += 40
        if shown.activation is not None and self._with_curve:
            y += CURVE_HEIGHT + 14
        return y + 6

    def _place_fields(self) -> None:
        y = round(self._field_y()) - 12
        hint = self._reset.sizeHint()
        beside = 0 if self._reset.isHidden() else hint.width() - 12 + 4
        wide = min(150, self.width() - 2 * PAD - beside)
        self._field.setGeometry(self.width() - PAD - wide, y, wide, 32)
        self._reset.setGeometry(PAD - 12, y, hint.width(), 32)

    def resizeEvent(self, _event: object) -> None:
        self._place_fields()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._tips = []
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            if self._inspection is None:
                draw_text(painter, PAD, 34, "Inspector", 17, 650)
                painter.setFont(font(13))
                painter.setPen(color("text2"))
                room = QRectF(PAD, 58, self.width() - 2 * PAD, 44)
                painter.drawText(room, Qt.TextFlag.TextWordWrap, EMPTY)
            else:
                self._paint(painter, self._inspection)

    def _paint(self, painter: QPainter, shown: Inspection) -> None:
        right = self.width() - PAD
        wide = draw_text(painter, PAD, 34, elided(shown.title, right - PAD, 17, 650), 17, 650)
        room = right - PAD - wide - 10
        draw_text(painter, PAD + wide + 10, 34.5, elided(shown.subtitle, room, 13, 450), 13, 450, "text2")
        y, fit = 78.0, Fit.of(shown.rows, right - PAD)
        for row in shown.rows:
            self._paint_row(painter, row, y, fit)
            y += PITCH
        if shown.total is not None:
            self._paint_total(painter, shown.total, y)
            y += 44
        if shown.activation is not None:
            self._paint_activation(painter, shown.activation, y)
            y += 66
        if not self._field.isHidden():
            if self._reset.isHidden():
                name = "Bias" if shown.place.kind == "bias" else "Weight" if shown.place.kind == "weight" else "Value"
                draw_text(painter, PAD, self._field.geometry().center().y() + 0.5, name, 13, 450, "text2")
            self._tip(QRectF(self._field.geometry()), shown.exact)
            y += 40
        if shown.activation is not None and self._with_curve:
            self._paint_curve(painter, shown.activation, QRectF(PAD, y - 10, right - PAD, CURVE_HEIGHT))

    def _tip(self, area: QRectF, text: str) -> None:
        if text:
            self._tips.append((area, text))

    def _light(self, painter: QPainter, y: float, height: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accentbg"))
        painter.drawRoundedRect(QRectF(PAD - 12, y - height / 2, self.width() - 2 * PAD + 24, height), 10, 10)

    def _paint_row(self, painter: QPainter, row: Line, y: float, fit: Fit) -> None:
        right = self.width() - PAD
        if row.lit:
            self._light(painter, y, PITCH)
        room = right - PAD - GAP - (fit.result_width if row.factors else text_width(row.result.text, 14, 600))
        if row.factors:
            factors = fit.factors(row)
            room -= EQUAL_ROOM + runs_width(_runs(factors), fit.size, 500)
            draw_runs(painter, right - fit.result_width - 22, y, _runs(factors), fit.size, 500, align="r")
            equal = row.equal if factors == row.factors else "≈"
            draw_text(painter, right - fit.result_width - 12, y, equal, 13, 400, "text3", "c")
        draw_text(painter, PAD, y, elided(fit.label(row), room + 0.5, 13, 450), 13, 450, "text2")
        draw_text(painter, right, y, row.result.text, 14, 600, row.result.role or "text", "r")
        self._tip(QRectF(right - 100, y - 14, 100, PITCH), row.exact)

    def _paint_total(self, painter: QPainter, total: Line, y: float) -> None:
        right = self.width() - PAD
        painter.setPen(QPen(color("line2"), 1))
        painter.drawLine(QPointF(PAD, y - 10.5), QPointF(right, y - 10.5))
        if total.lit:
            self._light(painter, y + 10, 32)
        draw_text(painter, PAD, y + 10, total.label, 14, 600)
        if total.equal != "=":
            beside = max(90.0, text_width(total.result.text, 16, 650) + 12)
            draw_text(painter, right - beside, y + 10, total.equal, 13, 400, "text3", "c")
        draw_text(painter, right, y + 10, total.result.text, 16, 650, total.result.role or "text", "r")
        self._tip(QRectF(right - 100, y - 4, 100, PITCH), total.exact)

    def _paint_activation(self, painter: QPainter, line: ActivationLine, y: float) -> None:
        right, y = self.width() - PAD, y + 6
        if line.lit:
            self._light(painter, y + 10, 60)
        wide = draw_text(painter, PAD, y - 1, line.title, 13, 600, "act")
        room = right - PAD - wide - 8
        draw_text(painter, PAD + wide + 8, y - 1, elided(line.words, room, 13, 450), 13, 450, "text2")
        parts = line.formula if line.known or line.lit else (Part("…", "text3"),)
        room = max(76.0, text_width(line.result.text, 16, 650) + 12)
        fitted = _fitted(parts, right - PAD - room - 14)
        draw_runs(painter, PAD, y + 20, _runs(fitted), 14, 500)
        if line.known:
            equal = line.equal if fitted == parts else "≈"
            draw_text(painter, right - room, y + 20, equal, 13, 400, "text3", "c")
        draw_text(painter, right, y + 20, line.result.text, 16, 650, line.result.role or "text", "r")
        self._tip(QRectF(right - 100, y + 6, 100, PITCH), line.exact)

    def _paint_curve(self, painter: QPainter, line: ActivationLine, area: QRectF) -> None:
        """The activation over sums, with axes through zero and the point of this very sum on it."""
        known = line.known and isfinite(line.z)
        reach = min(max(4.5, abs(line.z) * 1.25), FARTHEST) if known else 4.5
        squeezing = line.name in ("tanh", "sigmoid", "softmax")
        floor = area.bottom() - 26 if line.name != "tanh" else area.center().y()
        middle = area.left() + area.width() * 0.52
        per_x = area.width() * 0.48 / reach
        per_y = (floor - area.top() - 12) / (1.0 if squeezing else reach * 0.72)
        painter.setPen(QPen(color("line2"), 1))
        painter.drawLine(QPointF(area.left(), floor), QPointF(area.right(), floor))
        painter.drawLine(QPointF(middle, area.top() + 4), QPointF(middle, area.bottom() - 6))
        self._paint_function(painter, line, (middle, floor, per_x, per_y), reach, area)
        label = QRectF()
        if (line.known or line.lit) and isfinite(line.z) and isfinite(line.a):
            label = self._paint_point(painter, line, (middle, floor, per_x, per_y), area)
        captions = (
            (area.left(), floor + 15, "sum"),
            (middle + 8, area.top() + 10, "out"),
            (middle + 6, floor + 15, "0"),
        )
        for x, y, text in captions:
            if not label.intersects(QRectF(x - 4, y - 8, text_width(text, 12, 450) + 8, 16)):
                draw_text(painter, x, y, text, 12, 450, "text3")

    def _paint_function(
        self,
        painter: QPainter,
        line: ActivationLine,
        axes: tuple[float, float, float, float],
        reach: float,
        area: QRectF,
    ) -> None:
        import numpy as np

        middle, floor, per_x, per_y = axes
        xs = np.unique(np.concatenate([np.linspace(-reach * 1.08, reach, 121), [0.0]]))
        ys = activate("sigmoid" if line.name == "softmax" else line.name, xs)
        points = [QPointF(middle + x * per_x, floor - y * per_y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
        inside = [p for p in points if area.top() + 4 <= p.y() <= area.bottom() and p.x() >= area.left()]
        painter.setPen(QPen(color("act"), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(inside))

    def _paint_point(
        self, painter: QPainter, line: ActivationLine, axes: tuple[float, float, float, float], area: QRectF
    ) -> QRectF:
        """The point, and below or above it the sum; returns where that is written."""
        middle, floor, per_x, per_y = axes
        x = min(max(middle + line.z * per_x, area.left()), area.right())
        y = min(max(floor - line.a * per_y, area.top()), area.bottom())
        part = next((p for p in line.formula if p.role in ("pos", "neg", "zero")), None)
        ink = part.role if part and part.role else "text"
        label = number(line.z)
        painter.setPen(QPen(color(ink), 1.5, Qt.PenStyle.CustomDashLine))
        pen = painter.pen()
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        above = line.a * per_y < 20
        painter.drawLine(QPointF(x, y), QPointF(x, floor - 34 if above else floor))
        painter.setPen(QPen(color("panel"), 2))
        painter.setBrush(color("dot"))
        painter.drawEllipse(QPointF(x, y), 6, 6)
        half, height = text_width(label, 13, 600) / 2, floor - 46 if above else floor + 15
        x = min(max(x, area.left() + half), area.right() - half)
        draw_text(painter, x, height, label, 13, 600, ink, "c")
        return QRectF(x - half, height - 8, 2 * half, 16)

    # -- events --------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = next((t for area, t in self._tips if area.contains(QPointF(event.pos()))), "")
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    def _on_committed(self, _old: float, new: float) -> None:
        self.number_committed.emit(new)

    def _on_reset(self) -> None:
        self.reset_requested.emit()

    def _spoken(self) -> str:
        shown = self._inspection
        if shown is None:
            return EMPTY
        pieces = [f"{shown.title}, {shown.subtitle}"]
        for row in shown.rows:
            factors = "".join(part.text for part in row.factors)
            pieces.append(" ".join(piece for piece in (row.label, factors, row.equal, row.result.text) if piece))
        if shown.total is not None:
            about = "about " if shown.total.equal != "=" else ""
            pieces.append(f"{shown.total.label} {about}{shown.total.result.text}")
        if shown.activation is not None:
            pieces.append(f"{shown.activation.title} gives {shown.activation.result.text}")
        return ". ".join(pieces)
