"""The stage's widget: it paints the network and turns pointer and keys into requests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.gui.canvas import paint
from visualnn.gui.edits import editable, number_at
from visualnn.gui.theme import current
from visualnn.gui.views.network import keys
from visualnn.gui.views.network.drag import Drag
from visualnn.gui.views.network.editor import PlaceEditor
from visualnn.gui.views.network.picture import Content, Picture
from visualnn.scene.frame import Frame, Place


class NetworkView(QWidget):
    """Paints the network and turns pointer and keys into requests."""

    place_selected = Signal(object)  # Place or None
    number_requested = Signal(object, float, object)  # Place, value, gesture (None: an edit of its own)
    edit_cancelled = Signal(object)  # gesture
    step_requested = Signal(int, int)  # direction −1 or 1, larger grain 0 or 1

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("stage")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self._content: Content | None = None
        self._picture: Picture | None = None
        self._selected: Place | None = None
        self._hovered: Place | None = None
        self._drag: Drag | None = None
        self._gestures = 0
        self._editor = PlaceEditor(self)
        self._editor.number_typed.connect(self._on_typed)
        self._editor.cancelled.connect(self._on_typing_ended)
        self._editor.place_requested.connect(self.open_editor)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, content: Content) -> None:
        """Show this from now on."""
        if self._content is None or content.project.network is not self._content.project.network:
            self._hovered = None
            self._editor.hide()
        self._content = content
        self._picture = None
        self.setAccessibleName(f"Network {content.project.network}: {content.project.name}")
        self.update()

    def select(self, place: Place | None) -> None:
        """Mark a place without saying so."""
        self._selected = place
        self._picture = None
        self.update()

    @property
    def selected(self) -> Place | None:
        """The marked place."""
        return self._selected

    def picture(self) -> Picture | None:
        """The picture on screen."""
        if self._picture is None and self._content is not None:
            self._picture = Picture.of(self._content, self.size(), self._selected, self._hovered)
        return self._picture

    def frame(self) -> Frame | None:
        """The frame on screen."""
        made = self.picture()
        return None if made is None else made.frame

    def position_of(self, place: Place) -> QPointF | None:
        """Where a place stands in this widget; None if it is not drawn."""
        made = self.picture()
        return None if made is None else made.position_of(place)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), current().color("canvas"))
            made = self.frame()
            if made is not None:
                paint(painter, made)

    def resizeEvent(self, _event: object) -> None:
        self._picture = None
        self._editor.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._picture = None
        super().changeEvent(event)

    # -- pointer -------------------------------------------------------------------------------------------------

    def _place_at(self, position: QPointF) -> Place | None:
        made = self.picture()
        return None if made is None else made.place_at(position)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._content is None:
            return
        place = self._place_at(event.position())
        if editable(place) and place is not None:
            self._gestures += 1
            value = number_at(self._content.project, place)
            self._drag = Drag(place, value, event.position().x(), ("stage", self._gestures))
        else:
            self._choose(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._scrub(self._drag, event)
        else:
            self._hover(self._place_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if event.button() != Qt.MouseButton.LeftButton or drag is None:
            return
        self._choose(drag.place)
        if not drag.moved and drag.place.kind == "neuron":
            self.open_editor(drag.place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if editable(place) and place is not None:
            self.open_editor(place)

    def leaveEvent(self, _event: QEvent) -> None:
        self._hover(None)

    def _hover(self, place: Place | None) -> None:
        if place == self._hovered:
            return
        self._hovered = place
        if editable(place):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        elif place is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        self._picture = None
        self.update()

    def _scrub(self, drag: Drag, event: QMouseEvent) -> None:
        x = event.position().x()
        if drag.starts(x):
            self._choose(drag.place)
        if drag.moved:
            self.number_requested.emit(drag.place, drag.pull(x, event.modifiers()), drag.gesture)

    def _choose(self, place: Place | None) -> None:
        if place != self._selected:
            self.select(place)
            self.place_selected.emit(place)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._owns(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        place = self._place_at(QPointF(event.pos()))
        text = "" if place is None else self._tip(place)
        QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()

    def _tip(self, place: Place) -> str:
        made = self.picture()
        return "" if made is None else made.tip(place)

    # -- typing --------------------------------------------------------------------------------------------------

    def open_editor(self, place: Place) -> None:
        """Let a number be typed where it stands."""
        point = self.position_of(place)
        if self._content is None or point is None:
            return
        self._choose(place)
        self._editor.open_for(self._content.project, place, point.toPoint())

    def _on_typed(self, place: Place, value: float) -> None:
        self.number_requested.emit(place, value, None)
        self._on_typing_ended()

    def _on_typing_ended(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- keys ----------------------------------------------------------------------------------------------------

    def _owns(self, event: QKeyEvent) -> bool:
        """Keys that mean the chosen number here, not the shortcuts they are elsewhere."""
        if event.key() == Qt.Key.Key_Escape:
            return self._drag is not None or self._selected is not None
        return keys.begins_number(event) and editable(self._selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            done = self._escape()
        else:
            sizes = () if self._content is None else self._content.project.network.sizes
            done = self._grant(keys.meant(event, sizes, self._selected))
        if not done:
            super().keyPressEvent(event)

    def _grant(self, wish: keys.Wish | None) -> bool:
        match wish:
            case Place():
                self._choose(wish)
            case keys.Nudge(by):
                self._nudge(by)
            case keys.Step(direction, larger):
                self.step_requested.emit(direction, larger)
            case keys.Typing(text):
                self.open_editor(self._selected)
                if text is not None:
                    self._editor.setText(text)
        return wish is not None

    def _nudge(self, by: float) -> None:
        content, place = self._content, self._selected
        assert content is not None
        assert place is not None
        value = round(number_at(content.project, place) + by, 10)
        self.number_requested.emit(place, value, ("keys", place))

    def _escape(self) -> bool:
        if self._drag is not None:
            drag, self._drag = self._drag, None
            if drag.moved:
                self.edit_cancelled.emit(drag.gesture)
            return True
        if self._selected is None:
            return False
        self._choose(None)
        return True
