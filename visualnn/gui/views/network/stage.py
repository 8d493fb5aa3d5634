"""The stage as a picture: what is shown, from where, and how it comes onto the screen with little work a frame.

Connections, neurons and what moves are kept apart. Many connections are drawn in a thread; until their new picture is
there, the old one is shown, stretched to where it belongs now.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from visualnn.gui.canvas import paint_items
from visualnn.gui.tasks import Newest
from visualnn.gui.theme import current
from visualnn.gui.views.network.content import Content, tip
from visualnn.gui.views.network.ground import GroundPicture, are_few, drawn, paint_ground
from visualnn.project import Project
from visualnn.scene import folding, look, network, playback
from visualnn.scene.camera import HOME, Camera, kept, panned, zoomed
from visualnn.scene.frame import Frame, Ground, Place
from visualnn.scene.layout import Layout, Manner, layout, most_open

AT_ONCE = 3_000  # connections whose lines are chosen while the window waits
MINIMAP_FROM = 440  # px of stage height from which a folded network has its map
MINIMAP_LOW, MINIMAP_HIGH, HIGH_FROM = 150, 188, 600  # how high that is, on a low stage and on a higher one
SHARED_CLASSES = 20  # outputs up to which each has its bar
VALUES = (int, float, str, frozenset, Place, network.Style)
STEP_ZOOM = 1.35  # of a key


class Stage(QWidget):
    """Shows a content through a camera."""

    layout_changed = Signal()  # other places: another size, network, camera or fold
    content_shown = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self._content: Content | None = None
        self._moment: playback.Picture | None = None
        self._selected: Place | None = None
        self._hovered: Place | None = None
        self._camera, self._opened = HOME, None
        self._layout: Layout | None = None
        self._ground: GroundPicture | None = None
        self._ground_key: object = None
        self._still: tuple[object, Frame, QPixmap | None] | None = None
        self._backdrop: tuple[tuple[GroundPicture | None, QPixmap], QPixmap | None] | None = None
        self._artist = Newest(self)
        self._artist.done.connect(self._on_drawn)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, content: Content) -> None:
        """Show this from now on."""
        before = self._content
        if before is None or content.project.network is not before.project.network:
            self._forget(content, before)
        elif (content.maps is None) != (before.maps is None):
            self._layout = None  # neurons become tiles, or circles again
        self._content, self._moment = content, None
        if before is None or content.project is not before.project:
            self.setAccessibleName(f"Network {content.project.network}: {content.project.name}")
        self.content_shown.emit()
        if self._layout is None:
            self.update()
        else:
            self.update(self._between_controls(self._layout))

    def _between_controls(self, made: Layout) -> QRect:
        """Where the network is: what stands above and below it need not be painted again."""
        top = round(made.head_y + 32 * made.head_scale)
        return QRect(0, top, self.width(), round(made.foot_y - 19 * made.head_scale) - top)

    def _forget(self, content: Content, before: Content | None) -> None:
        """Another network: what was pointed at is no longer there, and where it was seen from may not be either."""
        self._hovered = None
        if before is None or len(before.project.network.sizes) != len(content.project.network.sizes):
            self._camera, self._opened = HOME, None
        self._layout = None

    def select(self, place: Place | None) -> None:
        """Mark a place without saying so."""
        self._selected = place
        self.update()

    @property
    def selected(self) -> Place | None:
        """The marked place."""
        return self._selected

    @property
    def content(self) -> Content | None:
        """What is shown."""
        return self._content

    @property
    def project(self) -> Project | None:
        """Whose network is shown."""
        return None if self._content is None else self._content.project

    # -- the view ------------------------------------------------------------------------------------------------

    @property
    def camera(self) -> Camera:
        """From where the network is seen."""
        return self._camera

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer, about a point or the middle."""
        made = self.layout_shown()
        if made is not None:
            point = QPointF(self.width() / 2, self.height() / 2) if at is None else at
            height = made.height - made.manner.foot
            share = point.x() / made.width, (point.y() - made.lowered) / height
            self._look_from(zoomed(self._camera, made.limits, factor, share))

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by so many px."""
        made = self.layout_shown()
        if made is not None:
            by = dx / made.width, dy / (made.height - made.manner.foot)
            self._look_from(panned(self._camera, made.limits, by))

    def fit(self) -> None:
        """All of the network."""
        self._look_from(HOME)

    def look_at_all(self) -> None:
        """Forget zoom and folds: another document comes."""
        self._camera, self._opened = HOME, None
        self._arrange()

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom(STEP_ZOOM)

    def zoom_out(self) -> None:
        """One step back."""
        self.zoom(1 / STEP_ZOOM)

    def _look_from(self, where: Camera) -> None:
        if where != self._camera:
            self._camera = where
            self._arrange()

    def unfold(self, column: int) -> None:
        """Open the layers around a column."""
        project, made = self.project, self.layout_shown()
        if project is not None and made is not None:
            columns = len(project.network.sizes)
            self._open(folding.around(columns, most_open(made.width, made.head_scale), column))

    def unfold_all(self) -> None:
        """As many layers as there is room for."""
        project, made = self.project, self.layout_shown()
        if project is not None and made is not None:
            self._open(folding.at_first(len(project.network.sizes), most_open(made.width, made.head_scale)))

    def fold(self, column: int) -> None:
        """Fold a hidden column away."""
        project, made = self.project, self.layout_shown()
        if project is not None and made is not None:
            opened = tuple(each.index for each in made.columns)
            self._open(folding.without(opened, len(project.network.sizes), column))

    def _open(self, opened: tuple[int, ...]) -> None:
        self._opened = opened
        self._camera = HOME
        self._arrange()

    def _arrange(self) -> None:
        self._layout = None
        self.layout_changed.emit()
        self.update()

    # -- what is where -------------------------------------------------------------------------------------------

    def layout_shown(self) -> Layout | None:
        """Where everything stands."""
        if self._layout is None and self._content is not None and self.width() > 0:
            self._layout = self._laid_out(self._content)
            near = kept(self._camera, self._layout.limits)
            if near != self._camera:  # the network cannot be zoomed as far as the one before
                self._camera = near
                self._layout = self._laid_out(self._content)
        return self._layout

    def _laid_out(self, content: Content) -> Layout:
        size, net = self.size(), content.project.network
        scale = round(max(1.0, min(size.width() / 920, size.height() / 616, 2.0)), 2)
        data = content.project.data
        tiles = content.maps is not None
        shares = bool(data.classes) and net.activations[-1] == "softmax" and net.outputs <= SHARED_CLASSES
        opened = self._opened or folding.at_first(len(net.sizes), most_open(size.width(), scale))
        foot = self.minimap_height() + 8.0 if self._has_minimap(opened) else 0.0
        image = data.image if data.image and data.image[0] * data.image[1] == net.inputs else None
        manner = Manner(self._camera, opened, image, tiles, shares, foot)
        return layout(net, float(size.width()), float(size.height()), scale, True, manner)

    def minimap_height(self) -> int:
        """How high the map of a folded network is on this stage."""
        return MINIMAP_HIGH if self.height() >= HIGH_FROM else MINIMAP_LOW

    def _has_minimap(self, opened: tuple[int, ...]) -> bool:
        return bool(folding.folded(opened)) and self.height() >= MINIMAP_FROM

    def moment(self) -> playback.Picture | None:
        """The state of the pass."""
        if self._moment is None and self._content is not None:
            self._moment = self._content.moment()
        return self._moment

    def style(self) -> network.Style:
        """How it is shown."""
        assert self._content is not None
        project = self._content.project
        classes = project.data.classes if len(project.data.classes) == project.network.outputs else ()
        return network.Style(
            self._content.decimals, self._selected, self._hovered,
            controls=True, classes=classes, silent=project.silent, cut=project.cut,
        )  # fmt: skip

    def frame(self) -> Frame | None:
        """Everything on screen, as values."""
        made = self.layout_shown()
        if made is None or self._content is None:
            return None
        below = self._below(made)
        return replace(self._still_frame(made), ground=below, moving=network.moving(*self._what(made), below))

    def _below(self, made: Layout) -> tuple[Ground, ...]:
        """The connections, if they are those of this layout."""
        return () if self._ground is None or self._ground.layout is not made else self._ground.items

    def _what(
        self, made: Layout
    ) -> tuple[Layout, playback.Picture, tuple[tuple[str, ...], ...], look.Look, network.Style]:
        content, moment = self._content, self.moment()
        assert content is not None
        assert moment is not None
        return made, moment, content.project.names, look.load(current().name), self.style()

    def position_of(self, place: Place) -> QPointF | None:
        """Where a place stands in this widget; None if it is not drawn."""
        made = self.frame()
        if made is None:
            return None
        spot = next((s for s in made.spots if s.place == place), None)
        if spot is not None:
            return QPointF(spot.x, spot.y)
        column = self.layout_shown().column(place.column)
        if place.kind != "neuron" or column is None or place.neuron not in column.visible:
            return None
        return QPointF(column.x_of(place.neuron), column.y_of(place.neuron))

    def place_at(self, position: QPointF) -> Place | None:
        """What is drawn there."""
        made, shown = self.layout_shown(), self._still
        if made is None or shown is None:
            return None
        return network.place_at(made, replace(shown[1], ground=self._below(made)), position.x(), position.y())

    def tip(self, place: Place) -> str:
        """A place with all its digits."""
        project, moment = self.project, self.moment()
        return "" if project is None or moment is None else tip(project, moment, place)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        made = self.layout_shown()
        with QPainter(self) as painter:
            if made is None:
                painter.fillRect(self.rect(), current().color("canvas"))
                return
            self._refresh_ground(made)
            self._paint_backdrop(painter, made)
            painter.setClipRect(_clip(made))
            paint_items(painter, network.moving(*self._what(made), self._below(made)))

    def _paint_backdrop(self, painter: QPainter, made: Layout) -> None:
        """Connections and neurons; as one picture from the second time on that neither has changed."""
        still = self._still_pixmap(made)
        parts = (self._ground, still)
        if self._backdrop is None or any(a is not b for a, b in zip(self._backdrop[0], parts, strict=True)):
            self._backdrop = (parts, None)
            self._compose(painter, made, still)
            return
        pixmap = self._backdrop[1]
        if pixmap is None:
            pixmap = QPixmap(still.size())
            pixmap.setDevicePixelRatio(still.devicePixelRatio())
            with QPainter(pixmap) as inner:
                self._compose(inner, made, still)
            self._backdrop = (parts, pixmap)
        painter.drawPixmap(0, 0, pixmap)

    def _compose(self, painter: QPainter, made: Layout, still: QPixmap) -> None:
        painter.fillRect(self.rect(), current().color("canvas"))
        if self._ground is not None:
            paint_ground(painter, self._ground, made, _clip(made))
        painter.drawPixmap(0, 0, still)

    def _still_key(self, made: Layout) -> tuple:
        content, moment = self._content, self.moment()
        step = moment.working
        number = "" if step is None else f"{step.number} {step.layer} {step.neuron}"
        return (
            made,
            moment.trace,
            moment.computed,
            number,
            moment.focus,
            moment.moved,
            self.style(),
            current().name,
            content.maps,
        )

    def _still_frame(self, made: Layout) -> Frame:
        key = self._still_key(made)
        if self._still is None or not _same(self._still[0], key):
            self._still = (key, network.still(*self._what(made), self._content.maps), None)
        return self._still[1]

    def _still_pixmap(self, made: Layout) -> QPixmap:
        still = self._still_frame(made)
        assert self._still is not None
        pixmap = self._still[2]
        if pixmap is None:
            pixmap = self._pixmap(still, _clip(made))
            self._still = (self._still[0], still, pixmap)
        return pixmap

    def _pixmap(self, still: Frame, clip: QRectF) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(round(self.width() * ratio), round(self.height() * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setClipRect(clip)
            paint_items(painter, still.items)
            painter.setClipping(False)
            paint_items(painter, still.around)
        return pixmap

    # -- connections ---------------------------------------------------------------------------------------------

    def _refresh_ground(self, made: Layout) -> None:
        """Have the connections drawn anew if something about them has changed."""
        what = self._what(made)
        _, moment, _, colors, style = what
        lights = network.lights(*what)
        key = (made, moment.trace, moment.moved, lights, style.cut, colors, self.devicePixelRatioF())
        if self._ground_key is not None and _same(self._ground_key, key):
            return
        self._ground_key = key
        if made.network.connection_count <= AT_ONCE:
            items = network.ground(*what)
            if are_few(items):
                self._artist.forget()
                self._ground = drawn(made, items, colors, self.devicePixelRatioF())
                return
        self._artist.ask(partial(_draw, what, self.devicePixelRatioF()))

    def _on_drawn(self, made: GroundPicture) -> None:
        if self.project is None or made.layout.network is not self.project.network:
            return
        self._ground = made
        self.update(self._between_controls(made.layout))

    def redraw(self) -> None:
        """Draw the connections again, as after compiled code has come."""
        self._ground_key = None
        self.update()

    @property
    def busy(self) -> bool:
        """Whether connections are being drawn."""
        return self._artist.busy

    def finish(self) -> None:
        """Have everything drawn now; for pictures and tests."""
        self.grab()
        self._artist.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._artist.rest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._still = None
        super().changeEvent(event)


def _clip(made: Layout) -> QRectF:
    """Where the network is seen."""
    return QRectF(0, made.clip[0], made.width, made.clip[1] - made.clip[0])


def _draw(what: tuple, ratio: float) -> GroundPicture:
    made, _, _, colors, _ = what
    return drawn(made, network.ground(*what), colors, ratio)


def _same(before: tuple, now: tuple) -> bool:
    """Whether two keys mean the same: identical parts, or equal ones where those are small values."""
    return all(a is b or (isinstance(a, VALUES) and a == b) for a, b in zip(before, now, strict=True))
