"""The drawing of the network: a connection that is clicked, or reached by keys, is asked for as an axis."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.canvas import paint_items, paint_links
from visualnn.gui.views.portrait.backdrop import Backdrop
from visualnn.gui.views.portrait.content import PortraitContent, said, tip
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.scene import look
from visualnn.scene.frame import Frame
from visualnn.scene.landscape.portrait import Plan, Portrait, Sitter, drawn, index_of, parameter_at, plan
from visualnn.scene.look import Look

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PortraitCanvas(KeyboardFocus, QWidget):
    """A network small; `parameter_chosen` brings where a weight or bias lies in the flat vector."""

    parameter_chosen = Signal(int)

    own_keys = frozenset({*STEPS, *ENDS, *ENTER})

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._content: PortraitContent | None = None
        self._sitter: Sitter | None = None
        self._plan: Plan | None = None
        self._shown: tuple[Look, Portrait] | None = None
        self._still: tuple[Frame, QPixmap] | None = None
        self._hovered: int | None = None
        self._cursor: int | None = None
        self.backdrop = Backdrop(self)
        self.backdrop.changed.connect(self.update)

    def show_content(self, content: PortraitContent) -> None:
        """Show this from now on; where everything stands is worked out again only if it may have changed."""
        before, sitter = self._sitter, content.sitter(self._sitter)
        self._content, self._sitter, self._shown = content, sitter, None
        if sitter is not before:
            self._plan = None
            if before is None or sitter.network is not before.network:
                self._hovered = self._cursor = None
            self.setAccessibleName(f"Network {content.network}")
        if self._cursor is not None:
            self.setAccessibleDescription(said(content, self._cursor))
        self.update()

    def redraw(self) -> None:
        """Draw everything again the next time."""
        self._shown = self._still = None
        self.backdrop.redraw()
        self.update()

    # -- values --------------------------------------------------------------------------------------------------

    def plan(self) -> Plan | None:
        """Where everything stands."""
        if self._plan is None and self._sitter is not None and not self.size().isEmpty():
            self._plan = plan(self._sitter, (float(self.width()), float(self.height())))
        return self._plan

    def portrait(self) -> Portrait | None:
        """What is on screen."""
        made, content, colors = self.plan(), self._content, look.load(theme.current().name)
        if made is None or content is None:
            return None
        if self._shown is None or self._shown[0] is not colors:
            self._shown = colors, drawn(made, content.parameters, colors, self.pointed)
        return self._shown[1]

    def choices(self) -> list[int]:
        """The weights and biases that can be pointed at, in the order of the vector."""
        shown = self.portrait()
        if shown is None:
            return []
        network = shown.plan.sitter.network
        links = (
            network.weight_index(each.layer, int(source), int(neuron))
            for each in (*shown.quiet, *shown.lit)
            for source, neuron in zip(each.source, each.neuron, strict=True)
        )
        spots = (index_of(network, spot.place) for spot in shown.frame.spots)
        return sorted({*links, *spots})

    @property
    def pointed(self) -> int | None:
        """The parameter under the pointer, or that the keys have reached."""
        return self._cursor if self._hovered is None else self._hovered

    def resizeEvent(self, _event: object) -> None:
        self._plan = self._shown = None

    # -- pointer -------------------------------------------------------------------------------------------------

    def _parameter_at(self, position: QPointF) -> int | None:
        shown = self.portrait()
        return None if shown is None else parameter_at(shown, position.x(), position.y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._parameter_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._parameter_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index == self._hovered:
            return
        self._hovered, self._shown = index, None
        choosable = self._content is not None and self._content.choosable
        self.setCursor(Qt.CursorShape.PointingHandCursor) if index is not None and choosable else self.unsetCursor()
        self.update()

    def _choose(self, index: int) -> None:
        if self._content is not None and self._content.choosable:
            self.parameter_chosen.emit(index)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index, content = self._parameter_at(QPointF(event.pos())), self._content
            text = "" if index is None or content is None else tip(content, index)
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    # -- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, choices = event.key(), self.choices()
        if key in ENTER and self._cursor is not None:
            self._choose(self._cursor)
        elif key in STEPS and choices:
            self._move_to(self._beside(choices, STEPS[key]))
        elif key in ENDS and choices:
            self._move_to(choices[ENDS[key]])
        else:
            super().keyPressEvent(event)

    def _beside(self, choices: list[int], step: int) -> int:
        """The next weight; at first the second axis, which a new one takes the place of."""
        if self._cursor not in choices:
            pair = self._sitter.pair if self._sitter is not None else None
            return pair[1] if pair is not None and pair[1] in choices else choices[0]
        return choices[(choices.index(self._cursor) + step) % len(choices)]

    def _move_to(self, index: int | None) -> None:
        self._cursor, self._shown = index, None
        text = "" if index is None or self._content is None else said(self._content, index)
        self.setAccessibleDescription(text)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._move_to(None)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown, colors = self.portrait(), look.load(theme.current().name)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor.fromRgb(colors["canvas"]))
            if shown is None:
                return
            self.backdrop.paint(painter, shown, colors)
            paint_links(painter, shown.lit)
            paint_items(painter, shown.frame.trails)
            painter.drawPixmap(0, 0, self._still_pixmap(shown))
            paint_items(painter, shown.frame.moving)

    def _still_pixmap(self, shown: Portrait) -> QPixmap:
        """Neurons and words on nothing: they stay while the weights move."""
        frame, ratio = shown.frame, self.devicePixelRatioF()
        made = self._still
        if made is None or made[0].items is not frame.items or made[1].devicePixelRatio() != ratio:
            pixmap = QPixmap(QSize(round(self.width() * ratio), round(self.height() * ratio)))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                paint_items(painter, (*frame.items, *frame.around))
            self._still = made = frame, pixmap
        return made[1]
