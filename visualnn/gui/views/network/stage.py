"""The stage: what is shown, from where, and which of its layers are folded."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from visualnn.gui.theme import current
from visualnn.gui.views.network.content import Content, tip
from visualnn.gui.views.network.picture import Sight, StagePicture
from visualnn.project import Project
from visualnn.scene import folding, look, network, playback
from visualnn.scene.arrangement import layout, most_open
from visualnn.scene.camera import HOME, Camera, kept, panned, zoomed
from visualnn.scene.frame import Frame, Place
from visualnn.scene.layout import Layout, Manner

MINIMAP_FROM = 440  # px of stage height from which a folded network has its map
MINIMAP_LOW, MINIMAP_HIGH, HIGH_FROM = 150, 188, 600  # how high that is, on a low stage and on a higher one
SHARED_CLASSES = 20  # outputs up to which each has its bar
STEP_ZOOM = 1.35  # of a key
PRESENTED = 1.28  # how much larger it is in a presentation


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
        self._presenting = False
        self._layout: Layout | None = None
        self.picture = StagePicture(self)
        self.picture.changed.connect(self._on_picture_changed)

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
        """Where the network is: what stands above and below it need not be painted again, heads least of all."""
        top = round(made.head_y + 36 * made.head_scale)
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
    def presenting(self) -> bool:
        """Whether it is shown large, without anything by which the network is shaped."""
        return self._presenting

    def set_presenting(self, presenting: bool) -> None:
        """Large and bare, or as it is worked with."""
        self._presenting = presenting
        self._arrange()

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

    def bring_into_view(self, place: Place) -> None:
        """Unfold and move the picture until a place is seen."""
        made = self.layout_shown()
        if made is None or place.kind == "fold":
            return
        if made.column(place.column) is None:
            self.unfold(place.column)
        column = self.layout_shown().column(place.column)
        if column is not None and not self.camera.is_home:
            x, y = column.x_of(place.neuron), column.y_of(place.neuron)
            if not (0 < x < made.width and made.clip[0] < y < made.clip[1]):
                self.pan(made.width / 2 - x, sum(made.clip) / 2 - y)

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
        scale = self._scale()
        data = content.project.data
        tiles = content.maps is not None
        shares = bool(data.classes) and net.activations[-1] == "softmax" and net.outputs <= SHARED_CLASSES
        opened = self._opened or folding.at_first(len(net.sizes), most_open(size.width(), scale))
        foot = self.minimap_height() + 8.0 if self._has_minimap(opened) else 0.0
        image = data.image if data.image and data.image[0] * data.image[1] == net.inputs else None
        manner = Manner(self._camera, opened, image, tiles, shares, foot)
        return layout(net, float(size.width()), float(size.height()), scale, True, manner)

    def _scale(self) -> float:
        """How large everything is drawn."""
        wide, high = (1280 / PRESENTED, 584 / PRESENTED) if self._presenting else (920, 616)
        most = 2 * PRESENTED if self._presenting else 2.0
        return round(max(1.0, min(self.width() / wide, self.height() / high, most)), 2)

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
            editable=not self._presenting, biases=not self._presenting, controls=not self._presenting,
            rows=self.chooses_rows, presented=self._presenting, classes=classes, silent=project.silent, cut=project.cut,
            dead=self._content.dead, blamed=self._content.blamed, blamed_links=self._content.blamed_links,
        )  # fmt: skip

    @property
    def chooses_rows(self) -> bool:
        """Whether it can be chosen which rows make an update: where a pass is followed step by step."""
        return self._content is not None and self._content.timeline is not None and not self._presenting

    def sight(self) -> Sight | None:
        """Everything that is to be seen now."""
        content, made, moment = self._content, self.layout_shown(), self.moment()
        if content is None or made is None or moment is None:
            return None
        colors, ratio = look.load(current().name), self.devicePixelRatioF()
        return Sight(made, moment, content.project.names, colors, self.style(), content.maps, ratio)

    def frame(self) -> Frame | None:
        """Everything on screen, as values."""
        sight = self.sight()
        return None if sight is None else self.picture.frame(sight)

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
        sight = self.sight()
        return None if sight is None else self.picture.place_at(sight, position.x(), position.y())

    def tip(self, place: Place) -> str:
        """A place with all its digits."""
        project, moment = self.project, self.moment()
        if self._content is None or project is None or moment is None:
            return ""
        return tip(project, moment, place, self._content.dead)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        sight = self.sight()
        with QPainter(self) as painter:
            if sight is None:
                painter.fillRect(self.rect(), current().color("canvas"))
            else:
                self.picture.paint(painter, sight)

    def _on_picture_changed(self) -> None:
        if self._layout is not None:
            self.update(self._between_controls(self._layout))

    def redraw(self) -> None:
        """Draw everything again, as after compiled code has come."""
        self.picture.redraw()
        self.update()

    @property
    def busy(self) -> bool:
        """Whether connections are being drawn."""
        return self.picture.busy

    def finish(self) -> None:
        """Have everything drawn now; for pictures and tests."""
        self.grab()
        self.picture.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self.picture.rest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.picture.redraw()
        super().changeEvent(event)
