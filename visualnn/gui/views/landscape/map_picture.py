"""The colours and contour lines of a map as a picture, made in a thread; until a new one is there the last one does."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from visualnn.gui.canvas import paint_items
from visualnn.gui.tasks import Newest
from visualnn.scene.landscape import chart
from visualnn.scene.landscape.plot import Plot
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.tints import hole_color
from visualnn.scene.look import Look


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn: the whole window of a relief, so many px large, `ratio` pixels to the px."""

    relief: Relief
    size: tuple[float, float]
    look: Look
    palette: Palette
    ratio: float


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """A picture, and what it was made for."""

    wanted: Wanted
    image: QImage


def drawn(wanted: Wanted) -> Sheet:
    """Draws it; any thread may."""
    width, height = wanted.size
    image = QImage(
        max(1, round(width * wanted.ratio)), max(1, round(height * wanted.ratio)), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(wanted.ratio)
    image.fill(QColor.fromRgb(hole_color(wanted.look)))
    area = Plot(0.0, 0.0, width, height, wanted.relief.window)
    with QPainter(image) as painter:
        paint_items(painter, chart.ground(wanted.relief, area, wanted.look, wanted.palette, wanted.ratio))
    return Sheet(wanted, image)


class MapPicture(QObject):
    """Keeps the newest picture and has another one made when something else is wanted."""

    changed = Signal()

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._newest = Newest(self)
        self._newest.done.connect(self._on_done)
        self._sheet: Sheet | None = None
        self._asked: Wanted | None = None

    @property
    def busy(self) -> bool:
        """Whether what is wanted is not to be seen yet."""
        return self._asked is not None and (self._sheet is None or self._sheet.wanted is not self._asked)

    @property
    def relief(self) -> Relief | None:
        """Whose picture is to be seen: its heights are known, so that asking for one takes no time."""
        return None if self._sheet is None else self._sheet.wanted.relief

    def want(self, wanted: Wanted | None) -> None:
        """Have this drawn, unless it is."""
        if wanted == self._asked:
            return
        self._asked = wanted
        if wanted is None:
            self._newest.forget()
            self._sheet = None
        else:
            self._newest.ask(lambda: drawn(wanted))

    def forget(self) -> None:
        """What is to be seen belongs to another surface: show nothing until the next picture is there."""
        self._sheet = None

    def finish(self) -> None:
        """Draw it now."""
        if self._asked is not None and self.busy:  # another may still be made: it is older
            self._newest.forget()
            self._sheet = drawn(self._asked)
            self.changed.emit()

    def rest(self) -> None:
        """Let nothing go on."""
        self._newest.rest()

    def redraw(self) -> None:
        """Draw it again when it is wanted next, as after compiled code has come."""
        self._asked = None

    def paint(self, painter: QPainter, area: Plot, look: Look) -> None:
        """The picture where its window lies in an area, which may show more or less than it; nothing beyond."""
        box = QRectF(area.left, area.top, area.width, area.height)
        painter.fillRect(box, QColor.fromRgb(hole_color(look)))
        if self._sheet is None:
            return
        painter.save()
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(*area.part(self._sheet.wanted.relief.window)), self._sheet.image)
        painter.restore()

    def _on_done(self, sheet: object) -> None:
        if isinstance(sheet, Sheet) and self._asked is not None:
            self._sheet = sheet
            self.changed.emit()
