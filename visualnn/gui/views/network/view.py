"""The stage's widget: it paints the network and turns pointer and keys into requests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.gui import edits
from visualnn.gui.edits import editable, number_at
from visualnn.gui.views.network import keys, touch
from visualnn.gui.views.network.content import Content
from visualnn.gui.views.network.drag import Drag
from visualnn.gui.views.network.editor import PlaceEditor
from visualnn.gui.views.network.shaper import Shaper
from visualnn.gui.views.network.stage import Stage
from visualnn.scene.frame import Place


class NetworkView(Stage):
    """Shows the network and turns pointer and keys into requests."""

    place_selected = Signal(object)  # Place or None
    number_requested = Signal(object, float, object)  # Place, value, gesture (None: an edit of its own)
    edit_requested = Signal(object)  # Edit
    edit_cancelled = Signal(object)  # gesture
    step_requested = Signal(int, int)  # direction −1 or 1, larger grain 0 or 1
    matrix_requested = Signal(int)  # layer
    batch_requested = Signal(int)  # rows that make an update; 0: the one on the stage
    row_requested = Signal(int)  # so many further on among them
    inside_requested = Signal(object)  # Place of a neuron to step through

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("stage")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._drag: Drag | None = None
        self._held: QPointF | None = None  # where the picture is held while it is moved
        self._gestures = 0
        self._editor = PlaceEditor(self)
        self._editor.number_typed.connect(self._on_typed)
        self._editor.cancelled.connect(self._on_typing_ended)
        self._editor.place_requested.connect(self.open_editor)
        self.layout_changed.connect(self._editor.hide)
        self.shaper = Shaper(self)
        self.shaper.edit_requested.connect(self._on_edit_requested)
        self.shaper.matrix_requested.connect(self.matrix_requested)
        self.shaper.inspection_requested.connect(self._choose)
        self.shaper.shaping.batch_requested.connect(self.batch_requested)
        self.shaper.shaping.row_requested.connect(self.row_requested)

    def show_content(self, content: Content) -> None:
        """Show this from now on."""
        before = self.project
        if before is None or content.project.network is not before.network:
            self._editor.hide()
        super().show_content(content)

    # -- pointer -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._content is None:
            return
        place = self.place_at(event.position())
        if place is not None and place.kind == "fold":
            self.unfold((place.column + place.neuron) // 2)
        elif self._is_scrubbable(place) and place is not None:
            self._gestures += 1
            value = number_at(self._content.project, place)
            self._drag = Drag(place, value, event.position().x(), ("stage", self._gestures))
        else:
            self._choose(place)
            if place is None and not self.camera.is_home:
                self._held = event.position()
                self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _is_scrubbable(self, place: Place | None) -> bool:
        """Whether there is a number to be dragged, and it works."""
        project = self.project
        return place is not None and project is not None and editable(place) and not edits.is_off(project, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._scrub(self._drag, event)
        elif self._held is not None:
            by, self._held = event.position() - self._held, event.position()
            self.pan(by.x(), by.y())
        else:
            self._hover(self.place_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if self._held is not None:
            self._held = None
            self.unsetCursor()
        if event.button() != Qt.MouseButton.LeftButton or drag is None:
            return
        self._choose(drag.place)
        if not drag.moved and drag.place.kind == "neuron":
            self.open_editor(drag.place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if self._is_scrubbable(place) and place is not None:
            self.open_editor(place)
        elif keys.opens(place):
            self.inside_requested.emit(place)
        elif place is None:
            self.fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = (
            self.place_at(QPointF(event.pos())) if event.reason() == QContextMenuEvent.Reason.Mouse else self.selected
        )
        if place is not None:
            self.shaper.open_menu(place, event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._move(touch.wish_of_wheel(event))
        event.accept()

    def _move(self, wish: touch.Wish | None) -> bool:
        match wish:
            case touch.Zoom(factor, x, y):
                self.zoom(factor, None if x is None or y is None else QPointF(x, y))
            case touch.Pan(dx, dy):
                self.pan(dx, dy)
            case touch.Fit():
                self.fit()
        return wish is not None

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
        if isinstance(event, QNativeGestureEvent) and self._move(touch.wish_of_gesture(event)):
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        place = self.place_at(QPointF(event.pos()))
        text = "" if place is None else self.tip(place)
        QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()

    # -- typing --------------------------------------------------------------------------------------------------

    def open_editor(self, place: Place) -> None:
        """Let a number be typed where it stands."""
        point = self.position_of(place)
        if self._content is None or point is None or not self._is_scrubbable(place):
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
                self.bring_into_view(wish)
            case keys.Reshape():
                return self._reshape(wish)
            case keys.Nudge(by):
                self._nudge(by)
            case keys.Step(direction, larger):
                self.step_requested.emit(direction, larger)
            case keys.Inside():
                self.inside_requested.emit(self._selected)
            case keys.Typing(text):
                self.open_editor(self._selected)
                if text is not None:
                    self._editor.setText(text)
        return wish is not None

    def _reshape(self, wish: keys.Reshape) -> bool:
        """What a key asks for at the chosen place; False if it means nothing there."""
        project, place = self.project, self.selected
        if project is None or place is None:
            return False
        hidden = 0 < place.column < len(project.network.sizes) - 1
        units = project.network.sizes[place.column]
        edit: edits.Edit | None = None
        match wish.what:
            case "switch":
                edit = edits.switched(project, place)
            case "remove" if hidden and place.kind != "weight":
                edit = edits.neuron_removed(place)
            case "fewer" | "more" if hidden and place.kind != "weight":
                edit = edits.resized(place.column, units + (1 if wish.what == "more" else -1))
            case "layer" if place.column < len(project.network.sizes) - 1:
                edit = edits.layer_added(place.column)
            case "activation" if place.column:
                return self.shaper.shaping.open_head_menu(place.column) is not None
            case "matrix" if place.column:
                self.matrix_requested.emit(place.column - 1)
                return True
        if edit is not None:
            self._on_edit_requested(edit)
        return edit is not None

    def _on_edit_requested(self, edit: edits.Edit) -> None:
        if edit.moves:
            self._choose(None)
        self.edit_requested.emit(edit)

    def _nudge(self, by: float) -> None:
        content, place = self._content, self._selected
        assert content is not None
        if place is None or not self._is_scrubbable(place):
            return
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
