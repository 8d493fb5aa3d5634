"""The Inspector's widget: what it shows, its field and its way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from visualnn.gui.theme import color, draw_text, elided, font
from visualnn.gui.views.inspector.curve import paint_curve
from visualnn.gui.views.inspector.rows import PAD, Rows
from visualnn.gui.views.inspector.sections import (
    CURVE_HEIGHT,
    FIELD_HEIGHT,
    TOP,
    Density,
    density_for,
    full_height,
    sections,
)
from visualnn.gui.views.inspector.speech import EMPTY, spoken
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.number_field import NumberField, Steps
from visualnn.scene.findings import Inspection

NARROWEST = 240  # px


class InspectorView(QWidget):
    """Paints an Inspection; offers a field for the number and a way back for an edited one."""

    number_scrubbed = Signal(float)  # while a field is dragged
    number_committed = Signal(float)
    number_finished = Signal()  # the drag is over, however it ended
    reset_requested = Signal()
    next_requested = Signal()  # go on with the weights after the update

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._inspection: Inspection | None = None
        self._low = False
        self._tips: list[tuple[QRectF, str]] = []
        self._field = NumberField(0.0, Steps(size=0.01), self, name="Value", width=150)
        self._reset = TextButton("Reset this weight", "rotate-ccw", "ghost", self)
        self._field.edited.connect(self.number_scrubbed)
        self._field.committed.connect(self._on_committed)
        self._field.finished.connect(self.number_finished)
        self._reset.clicked.connect(self._on_reset)
        hint = "Begin another update with these weights"
        self._next = TextButton("Next update", "arrow-right", "ghost", self, tooltip=hint, key="N")
        self._next.clicked.connect(self._on_next)
        for control in (self._field, self._reset, self._next):
            control.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_inspection(
        self,
        inspection: Inspection | None,
        number: float | None = None,
        edited: bool = False,
        label: str = "",
        *,
        over: bool = False,
    ) -> None:
        """Show this; `number` is the editable value, `edited` whether it differs from before the edits by hand.

        `over`: the update has come to its end, and another one can begin.
        """
        self._inspection = inspection
        self._next.setVisible(over and number is None)
        self._field.setVisible(number is not None)
        self._reset.setVisible(number is not None and edited)
        if number is not None:
            self._field.set_value(number)
            self._field.setAccessibleName(label)
            self._reset.set_label(f"Reset this {label.split()[0].lower()}" if label else "Reset")
        self._place_fields()
        self.setAccessibleName(spoken(inspection))
        self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Leave the curve out and stand closer where the window is low."""
        self._low = compact
        self._place_fields()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, round(self._height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, round(self._height()))

    # -- geometry ------------------------------------------------------------------------------------------------

    def _has_field(self) -> bool:
        return not (self._field.isHidden() and self._next.isHidden())

    def _density(self, shown: Inspection) -> Density:
        room = max(self.width(), NARROWEST) - 2 * PAD
        return density_for(shown, low=self._low, field=self._has_field(), room=room)

    def _field_y(self) -> float:
        shown = self._inspection
        if shown is None:
            return TOP
        return TOP + sum(section.height for section in sections(shown, self._density(shown)))

    def _height(self) -> float:
        shown = self._inspection
        return 110 if shown is None else full_height(shown, self._density(shown), field=self._has_field())

    def _place_fields(self) -> None:
        y = round(self._field_y()) - 12
        hint = self._reset.sizeHint()
        beside = 0 if self._reset.isHidden() else hint.width() - 12 + 4
        wide = min(150, self.width() - 2 * PAD - beside)
        self._field.setGeometry(self.width() - PAD - wide, y, wide, 32)
        self._reset.setGeometry(PAD - 12, y, hint.width(), 32)
        self._next.setGeometry(PAD - 12, y, self._next.sizeHint().width(), 32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_fields()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # what is too wide takes two lines

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
        rows, y, density = Rows(painter, self.width()), float(TOP), self._density(shown)
        for section in sections(shown, density):
            section.paint(rows, y)
            y += section.height
        if not self._field.isHidden():
            self._paint_name(painter, shown.place.kind)
            rows.note(QRectF(self._field.geometry()), shown.exact)
        if self._has_field():
            y += FIELD_HEIGHT
        self._tips = rows.tips
        if shown.activation is not None and density.curve:
            paint_curve(painter, shown.activation, QRectF(PAD, y - 10, right - PAD, CURVE_HEIGHT))

    def _paint_name(self, painter: QPainter, kind: str) -> None:
        """What the field holds, where there is no way back to say so."""
        if self._reset.isHidden():
            name = {"bias": "Bias", "weight": "Weight", "target": "Target"}.get(kind, "Value")
            draw_text(painter, PAD, self._field.geometry().center().y() + 0.5, name, 13, 450, "text2")

    # -- events --------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = next((t for area, t in self._tips if area.contains(QPointF(event.pos()))), "")
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    def _on_committed(self, _old: float, new: float) -> None:
        self.number_committed.emit(new)

    def _on_next(self) -> None:
        self.next_requested.emit()

    def _on_reset(self) -> None:
        self.reset_requested.emit()
