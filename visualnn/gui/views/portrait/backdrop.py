"""The picture of the connections that stay as they are: made once, in a thread where they are many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from visualnn.gui.canvas import paint_links
from visualnn.gui.tasks import Newest
from visualnn.scene.frame import Links
from visualnn.scene.kernels import raster
from visualnn.scene.landscape.portrait import Plan, Portrait
from visualnn.scene.look import Look

FEW = 60  # connections up to which they are painted at once, every time


@dataclass(frozen=True, eq=False)
class Wish:
    """Connections of a plan, to be drawn in a look with `ratio` pixels to the point."""

    plan: Plan
    links: tuple[Links, ...]
    look: Look
    ratio: float

    def is_like(self, other: Wish) -> bool:
        """Whether both look the same."""
        if not self.fits(other) or len(self.links) != len(other.links):
            return False
        return all(map(_alike, self.links, other.links))

    def fits(self, other: Wish) -> bool:
        """Whether both have the same places and colours."""
        return (self.plan, self.look, self.ratio) == (other.plan, other.look, other.ratio)


def _alike(a: Links, b: Links) -> bool:
    """Whether two gaps are drawn alike; the ends follow from which connections these are."""
    if a is b:
        return True
    pairs = ((a.source, b.source), (a.neuron, b.neuron), (a.width, b.width), (a.color, b.color))
    return all(np.array_equal(one, other) for one, other in pairs)


class Backdrop(QObject):
    """Keeps the picture, and has it made anew where a connection has changed."""

    changed = Signal()  # a new picture has come

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._wanted: Wish | None = None
        self._made: tuple[Wish, QImage] | None = None
        self._artist = Newest(self)
        self._artist.done.connect(self._on_drawn)

    @property
    def busy(self) -> bool:
        """Whether connections are being drawn."""
        return self._artist.busy

    def wait(self) -> None:
        """Have everything drawn."""
        self._artist.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._artist.rest()

    def redraw(self) -> None:
        """Draw everything again the next time."""
        self._wanted = self._made = None

    def paint(self, painter: QPainter, portrait: Portrait, look: Look) -> None:
        """The connections; until many new ones are drawn, the old ones if these stand where they should."""
        if sum(map(len, portrait.quiet)) <= FEW:
            self._artist.forget()
            self._wanted = None
            paint_links(painter, portrait.quiet)
            return
        wish = Wish(portrait.plan, portrait.quiet, look, painter.device().devicePixelRatioF())
        if self._wanted is None or not wish.is_like(self._wanted):
            self._wanted = wish
            self._artist.ask(partial(drawn, wish))
        if self._made is not None and self._made[0].fits(wish):
            painter.drawImage(QRectF(0, 0, *wish.plan.size), self._made[1])

    def _on_drawn(self, made: tuple[Wish, QImage]) -> None:
        self._made = made
        self.changed.emit()


def drawn(wish: Wish) -> tuple[Wish, QImage]:
    """A wish and its picture, which fills the whole plan: in any thread."""
    size = round(wish.plan.size[0] * wish.ratio), round(wish.plan.size[1] * wish.ratio)
    image = _rastered(size, wish) if raster.loaded() else _painted(size, wish)
    return wish, image


def _rastered(size: tuple[int, int], wish: Wish) -> QImage:
    ink, r = raster.ink(*size), np.float32(wish.ratio)
    for links in wish.links:
        ends = links.x0 * wish.ratio, links.x1 * wish.ratio, links.y0 * r, links.y1 * r
        raster.stroke(ink, *ends, links.width * r, links.strength, links.sign)
    pixels = np.empty((size[1], size[0]), dtype=np.uint32)
    raster.resolve(ink, wish.look["pos"], wish.look["neg"], wish.look["canvas"], pixels)
    return QImage(pixels.data, *size, 4 * size[0], QImage.Format.Format_RGB32).copy()


def _painted(size: tuple[int, int], wish: Wish) -> QImage:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor.fromRgb(wish.look["canvas"]))
    with QPainter(image) as painter:
        painter.scale(wish.ratio, wish.ratio)
        paint_links(painter, wish.links)
    return image
