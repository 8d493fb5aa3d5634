"""How the stage comes onto the screen with little work a frame.

Connections, neurons and what moves are kept apart. Many connections are drawn in a thread; until their new picture is
there, the old one is shown, stretched to where it belongs now. What stands still becomes one picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPixmap

from visualnn.gui.canvas import paint_items
from visualnn.gui.tasks import Newest
from visualnn.gui.views.network.ground import FEW, GroundPicture, are_few, drawn, paint_ground
from visualnn.scene import network
from visualnn.scene.drawing import Maps
from visualnn.scene.frame import Frame, Ground, Place
from visualnn.scene.layout import Layout
from visualnn.scene.links import MAX_LINKS
from visualnn.scene.look import Look
from visualnn.scene.moment import Picture

VALUES = (int, float, str, frozenset, tuple, Place, network.Style)
FADE = 16  # px over which a view that is zoomed in ends
Key = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Sight:
    """Everything that is to be seen at one moment."""

    layout: Layout
    moment: Picture
    names: tuple[tuple[str, ...], ...]
    look: Look
    style: network.Style
    maps: Maps | None
    ratio: float  # device pixels to the point

    @property
    def what(self) -> tuple[Layout, Picture, tuple[tuple[str, ...], ...], Look, network.Style]:
        """What the scene draws from."""
        return self.layout, self.moment, self.names, self.look, self.style

    @property
    def clip(self) -> QRectF:
        """Where the network is seen."""
        top, bottom = self.layout.clip
        return QRectF(0, top, self.layout.width, bottom - top)

    def still_key(self) -> Key:
        """What neurons and words depend on."""
        moment, step = self.moment, self.moment.working
        number = "" if step is None else f"{step.number} {step.layer} {step.neuron}"
        known = None if moment.reckoning is None else moment.reckoning.key
        at = (moment.trace, moment.computed, number, moment.focus, known)
        return (self.layout, *at, self.style, self.look, self.maps, self.ratio)

    @property
    def may_be_few(self) -> bool:
        """Whether the lines could be so few that they are drawn while the window waits."""
        gaps = ((left.units * right.units) for _layer, left, right in self.layout.gaps)
        return sum(min(connections, MAX_LINKS) for connections in gaps) <= FEW

    @property
    def _switched(self) -> tuple[object, ...]:
        """What of the style is drawn on connections."""
        return self.style.cut, self.style.blamed_links

    def ground_key(self) -> Key:
        """What connections depend on."""
        lights, moment, moved = network.lights(*self.what), self.moment, self.moment.moved
        links = moment.way.links
        change = None if moved is None else (moved.step, moved.share if self.may_be_few else 1.0)
        return self.layout, moment.trace, change, lights, links, *self._switched, self.look, self.ratio


class StagePicture(QObject):
    """Keeps what has been drawn and draws what has changed."""

    changed = Signal()  # connections have come that were drawn beside the window

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._ground: GroundPicture | None = None
        self._ground_key: Key | None = None
        self._still: tuple[Key, Frame, QPixmap | None] | None = None
        self._backdrop: tuple[tuple[GroundPicture | None, QPixmap], QPixmap | None] | None = None
        self._artist = Newest(self)
        self._artist.done.connect(self._on_drawn)

    @property
    def busy(self) -> bool:
        """Whether connections are being drawn."""
        return self._artist.busy

    def wait(self) -> None:
        """Have all connections drawn."""
        self._artist.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._artist.rest()

    def redraw(self) -> None:
        """Draw everything again the next time."""
        self._ground_key = self._still = None

    # -- values --------------------------------------------------------------------------------------------------

    def frame(self, sight: Sight) -> Frame:
        """Everything on screen, as values."""
        below = self._below(sight)
        above = network.moving(*sight.what, below)
        return replace(self._standing(sight), ground=below, moving=above, trails=network.trails(*sight.what))

    def place_at(self, sight: Sight, x: float, y: float) -> Place | None:
        """What is drawn at a point."""
        return network.place_at(sight.layout, replace(self._standing(sight), ground=self._below(sight)), x, y)

    def _below(self, sight: Sight) -> tuple[Ground, ...]:
        """The connections, if they are those of this layout."""
        return () if self._ground is None or self._ground.layout is not sight.layout else self._ground.items

    def _standing(self, sight: Sight) -> Frame:
        """What stands while an operation goes on."""
        key = sight.still_key()
        if self._still is None or not _same(self._still[0], key):
            self._still = (key, network.still(*sight.what, sight.maps), None)
        return self._still[1]

    # -- painting ------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, sight: Sight) -> None:
        """Everything in order."""
        self._refresh_ground(sight)
        self._paint_backdrop(painter, sight)
        painter.setClipRect(sight.clip)
        paint_items(painter, network.moving(*sight.what, self._below(sight)))

    def _paint_backdrop(self, painter: QPainter, sight: Sight) -> None:
        """Connections and neurons; during a pass as one picture, from the second time on that neither has changed."""
        still = self._still_pixmap(sight)
        parts = (self._ground, still)
        if sight.moment.working is None:
            self._compose(painter, sight, still)
            return
        if self._backdrop is None or any(a is not b for a, b in zip(self._backdrop[0], parts, strict=True)):
            self._backdrop = (parts, None)
            self._compose(painter, sight, still)
            return
        pixmap = self._backdrop[1]
        if pixmap is None:
            pixmap = QPixmap(still.size())
            pixmap.setDevicePixelRatio(still.devicePixelRatio())
            with QPainter(pixmap) as inner:
                self._compose(inner, sight, still)
            self._backdrop = (parts, pixmap)
        painter.drawPixmap(0, 0, pixmap)

    def _compose(self, painter: QPainter, sight: Sight, still: QPixmap) -> None:
        made = sight.layout
        painter.fillRect(QRectF(0, 0, made.width, made.height), QColor.fromRgb(sight.look["canvas"]))
        if self._ground is not None:
            paint_ground(painter, self._ground, made, sight.clip)
        painter.setClipRect(sight.clip)
        paint_items(painter, network.trails(*sight.what))
        painter.setClipping(False)
        painter.drawPixmap(0, 0, still)
        if not made.manner.camera.is_home:
            fade_out(painter, sight)

    def _still_pixmap(self, sight: Sight) -> QPixmap:
        still = self._standing(sight)
        assert self._still is not None
        pixmap = self._still[2]
        if pixmap is None:
            pixmap = still_pixmap(still, sight)
            self._still = (self._still[0], still, pixmap)
        return pixmap

    # -- connections ---------------------------------------------------------------------------------------------

    def _refresh_ground(self, sight: Sight) -> None:
        """Have the connections drawn anew if something about them has changed."""
        key = sight.ground_key()
        if self._ground_key is not None and _same(self._ground_key, key):
            return
        self._ground_key = key
        if sight.may_be_few:
            items = network.ground(*sight.what)
            if are_few(items):
                self._artist.forget()
                self._ground = drawn(sight.layout, items, sight.look, sight.ratio)
                return
        self._artist.ask(partial(ground_of, replace(sight, moment=settled(sight.moment))))

    def _on_drawn(self, made: GroundPicture) -> None:
        wanted = self._ground_key[0] if self._ground_key else None
        if isinstance(wanted, Layout) and made.layout.network is wanted.network:
            self._ground = made
            self.changed.emit()


def settled(moment: Picture) -> Picture:
    """With the number on its way where it is going: one among many is not followed on its way."""
    moved = moment.moved
    return moment if moved is None else replace(moment, moved=replace(moved, share=1.0))


def ground_of(sight: Sight) -> GroundPicture:
    """The connections, chosen and drawn: for a thread beside the window's."""
    return drawn(sight.layout, network.ground(*sight.what), sight.look, sight.ratio)


def fade_out(painter: QPainter, sight: Sight) -> None:
    """Let what goes on beyond the view end softly above and below."""
    canvas, clear = QColor.fromRgb(sight.look["canvas"]), QColor.fromRgb(sight.look["canvas"])
    clear.setAlpha(0)
    for edge, inward in ((sight.clip.top(), FADE), (sight.clip.bottom(), -FADE)):
        gradient = QLinearGradient(0, edge, 0, edge + inward)
        gradient.setColorAt(0, canvas)
        gradient.setColorAt(1, clear)
        painter.fillRect(QRectF(0, min(edge, edge + inward), sight.layout.width, FADE), gradient)


def still_pixmap(still: Frame, sight: Sight) -> QPixmap:
    """Neurons and words on nothing."""
    made = sight.layout
    pixmap = QPixmap(QSize(round(made.width * sight.ratio), round(made.height * sight.ratio)))
    pixmap.setDevicePixelRatio(sight.ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setClipRect(sight.clip)
        paint_items(painter, still.items)
        painter.setClipping(False)
        paint_items(painter, still.around)
    return pixmap


def _same(before: Key, now: Key) -> bool:
    """Whether two keys mean the same: identical parts, or equal ones where those are small values."""
    return all(a is b or (isinstance(a, VALUES) and a == b) for a, b in zip(before, now, strict=True))
