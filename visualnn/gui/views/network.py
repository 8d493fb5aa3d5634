"""The stage: the network, drawn at one moment, to be looked at, picked, scrubbed and typed into."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.gui.canvas import paint
from visualnn.gui.edits import describe, editable, number_at
from visualnn.gui.theme import current
from visualnn.gui.widgets.numbers import InlineEditor
from visualnn.nn.trace import Trace
from visualnn.project import Project
from visualnn.scene import look, network, playback
from visualnn.scene.formula import full
from visualnn.scene.frame import Frame, Place
from visualnn.scene.layout import Layout, layout
from visualnn.scene.timeline import Timeline

DRAG_STARTS_PX = 3
STEP_PER_PX = 0.01
TYPED = "0123456789.-−"  # begins a number


@dataclass(frozen=True, eq=False)
class Content:
    """What the stage shows. Without a timeline the pass is complete and nothing is lit."""

    project: Project
    trace: Trace
    timeline: Timeline | None = None
    t: float = 0.0
    decimals: int = 2


@dataclass(slots=True)
class Drag:
    """A number being scrubbed."""

    place: Place
    origin: float  # the number at the start
    x: float
    gesture: object
    moved: bool = False
    value: float = 0.0


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
        self._frame: Frame | None = None
        self._layout: Layout | None = None
        self._picture: playback.Picture | None = None
        self._selected: Place | None = None
        self._hovered: Place | None = None
        self._drag: Drag | None = None
        self._gestures = 0
        self._editor = InlineEditor(self)
        self._edited: Place | None = None
        self._editor.committed.connect(self._on_typed)
        self._editor.cancelled.connect(self._on_typing_ended)
        self._editor.moved.connect(self._on_next_editor)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, content: Content) -> None:
        """Show this from now on."""
        if self._content is None or content.project.network is not self._content.project.network:
            self._hovered = None
            self._editor.hide()
        self._content = content
        self._frame = None
        self._describe()
        self.update()

    def select(self, place: Place | None) -> None:
        """Mark a place without saying so."""
        self._selected = place
        self._frame = None
        self.update()

    @property
    def selected(self) -> Place | None:
        """The marked place."""
        return self._selected

    def frame(self) -> Frame | None:
        """The frame on screen."""
        if self._frame is None and self._content is not None:
            self._frame = self._build(self._content)
        return self._frame

    def position_of(self, place: Place) -> QPointF | None:
        """Where a place stands in this widget; None if it is not drawn."""
        made = self.frame()
        spot = next((s for s in made.spots if s.place == place), None) if made else None
        return None if spot is None else QPointF(spot.x, spot.y)

    def _build(self, content: Content) -> Frame:
        scale = max(1.0, min(self.width() / 920, self.height() / 616, 2.0))
        self._layout = layout(content.project.network, float(self.width()), float(self.height()), round(scale, 2))
        if content.timeline is None:
            picture = playback.whole(content.trace)
        else:
            picture = playback.picture(content.trace, content.timeline, content.t)
        self._picture = picture
        style = network.Style(content.decimals, self._selected, self._hovered)
        return network.frame(self._layout, picture, content.project.names, look.load(current().name), style)

    def _describe(self) -> None:
        content = self._content
        if content is None:
            return
        net = content.project.network
        self.setAccessibleName(f"Network {net}: {content.project.name}")

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), current().color("canvas"))
            made = self.frame()
            if made is not None:
                paint(painter, made)

    def resizeEvent(self, _event: object) -> None:
        self._frame = None
        self._editor.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._frame = None
        super().changeEvent(event)

    # -- pointer -------------------------------------------------------------------------------------------------

    def _place_at(self, position: QPointF) -> Place | None:
        made = self.frame()
        if made is None or self._layout is None:
            return None
        place = made.at(position.x(), position.y())
        return place or network.link_at(self._layout, position.x(), position.y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._content is None:
            return
        place = self._place_at(event.position())
        if editable(place) and place is not None:
            self._gestures += 1
            value = number_at(self._content.project, place)
            self._drag = Drag(place, value, event.position().x(), ("stage", self._gestures), value=value)
        else:
            self._choose(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._scrub(event)
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
        self._frame = None
        self.update()

    def _scrub(self, event: QMouseEvent) -> None:
        drag = self._drag
        assert drag is not None
        dx = event.position().x() - drag.x
        if not drag.moved and abs(dx) < DRAG_STARTS_PX:
            return
        if not drag.moved:
            drag.moved = True
            self._choose(drag.place)
            drag.x, dx = event.position().x(), 0.0
        drag.value += dx * STEP_PER_PX * _factor(event.modifiers())
        drag.x = event.position().x()
        self.number_requested.emit(drag.place, round(drag.value, 10), drag.gesture)

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
        text = "" if place is None or self._content is None else self._tip(place)
        QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()

    def _tip(self, place: Place) -> str:
        """A place with all its digits, as they are at this moment."""
        self.frame()  # makes the picture of this moment, if it has not been painted yet
        content, picture = self._content, self._picture
        assert content is not None
        assert picture is not None
        title = describe(content.project, place)
        if place.kind == "weight":
            value = picture.parameters(place.column - 1).w[place.source or 0, place.neuron]
            return f"{title}: {full(value)}\nDrag to change it, double-click to type"
        if place.kind == "bias":
            return f"{title}: {full(picture.parameters(place.column - 1).b[place.neuron])}\nDrag to change it"
        if place.column == 0:
            return f"{title}: {full(picture.trace.x[place.neuron])}\nClick to type, drag to change it"
        layer = picture.trace.layers[place.column - 1]
        return f"{title}: sum {full(layer.z[place.neuron])}, passes on {full(layer.a[place.neuron])}"

    # -- typing --------------------------------------------------------------------------------------------------

    def open_editor(self, place: Place) -> None:
        """Let a number be typed where it stands."""
        point = self.position_of(place)
        if self._content is None or point is None:
            return
        self._choose(place)
        self._edited = place
        project = self._content.project
        self._editor.open_at(point.toPoint(), number_at(project, place), describe(project, place))

    def _on_typed(self, value: float) -> None:
        place = self._edited
        if place is not None:
            self.number_requested.emit(place, value, None)
        self._on_typing_ended()

    def _on_typing_ended(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_next_editor(self, direction: int) -> None:
        """Tab goes to the next input."""
        place = self._edited
        if place is None or self._content is None or place.kind != "neuron":
            return
        count = self._content.project.network.inputs
        self.open_editor(replace(place, neuron=(place.neuron + direction) % count))

    # -- keys ----------------------------------------------------------------------------------------------------

    def _owns(self, event: QKeyEvent) -> bool:
        """Keys that mean the chosen number here, not the shortcuts they are elsewhere."""
        if event.key() == Qt.Key.Key_Escape:
            return self._drag is not None or self._selected is not None
        return _is_typed(event) and editable(self._selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._on_key(event):
            super().keyPressEvent(event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        if key == Qt.Key.Key_Escape:
            return self._escape()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and editable(self._selected):
            self.open_editor(self._selected)
            return True
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._up_down(1 if key == Qt.Key.Key_Up else -1, modifiers)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and alt:
            return self._walk_columns(1 if key == Qt.Key.Key_Right else -1)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            larger = int(bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
            self.step_requested.emit(1 if key == Qt.Key.Key_Right else -1, larger)
            return True
        if key == Qt.Key.Key_C and not modifiers:
            return self._next_connection()
        if _is_typed(event) and editable(self._selected):
            self.open_editor(self._selected)
            self._editor.setText(event.text())
            return True
        return False

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

    def _up_down(self, direction: int, modifiers: Qt.KeyboardModifier) -> bool:
        content, place = self._content, self._selected
        if content is None:
            return False
        if place is not None and place.kind in ("weight", "bias"):
            step = direction * STEP_PER_PX * _factor(modifiers)
            value = round(number_at(content.project, place) + step, 10)
            self.number_requested.emit(place, value, ("keys", place))
            return True
        if place is None:
            self._choose(Place("neuron", 0, 0))
            return True
        units = content.project.network.sizes[place.column]
        self._choose(Place("neuron", place.column, (place.neuron - direction) % units))
        return True

    def _walk_columns(self, direction: int) -> bool:
        content = self._content
        if content is None:
            return False
        place = self._selected or Place("neuron", 0, 0)
        sizes = content.project.network.sizes
        column = max(0, min(place.column + direction, len(sizes) - 1))
        self._choose(Place("neuron", column, min(place.neuron, sizes[column] - 1)))
        return True

    def _next_connection(self) -> bool:
        """Walk through the connections into the selected neuron (out of it, for an input)."""
        content, place = self._content, self._selected
        if content is None or place is None:
            return False
        sizes = content.project.network.sizes
        if place.kind == "weight":
            self._choose(replace(place, source=((place.source or 0) + 1) % sizes[place.column - 1]))
        elif place.column == 0:
            self._choose(Place("weight", 1, 0, place.neuron))
        else:
            self._choose(Place("weight", place.column, place.neuron, 0))
        return True


def _is_typed(event: QKeyEvent) -> bool:
    """Whether a key begins a number."""
    command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return bool(event.text()) and event.text() in TYPED and not event.modifiers() & command


def _factor(modifiers: Qt.KeyboardModifier) -> float:
    """Shift is fine, Ctrl is coarse."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 0.1
    return 10.0 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0
