"""A landscape as it stands, with its legend and captions: a value that any thread can paint, on pixels or as curves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from visualnn.gui import canvas
from visualnn.gui.export import paper
from visualnn.gui.views.landscape.painting import image
from visualnn.scene.frame import Frame, Item, Pixels, Text, moved
from visualnn.scene.landscape.camera import HOME, Camera
from visualnn.scene.landscape.chart import chart
from visualnn.scene.landscape.legend import caption, legend
from visualnn.scene.landscape.marks import NOTHING, Marks
from visualnn.scene.landscape.overlay import overlay
from visualnn.scene.landscape.picture import Quality, picture
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.look import Look

SHARP = 2.0  # pixels to the point of the surface
SAMPLES = 2  # so many by so many for a pixel
AIR = 14.0  # points above what is said
LEGEND = 150.0  # points beside a map, for the names of its paths
WIDEST = 1.4  # times its height
STOPS = 33  # colours of a bar that is drawn as a gradient

Shown = Literal["relief", "map"]


@dataclass(frozen=True, eq=False)
class LandscapeShot:
    """What is to be seen of a landscape; `title` names it."""

    relief: Relief
    look: Look
    marks: Marks = NOTHING
    camera: Camera = HOME
    palette: Palette = "vivid"
    size: tuple[int, int] = (1280, 800)  # in points
    headline: str = ""  # what is said of the moment
    captions: tuple[str, ...] = ()  # what is said of the surface
    title: str = ""
    shown: Shown = "relief"
    foot: float = 0.0  # of the height, kept free for what is said even if that needs less

    @property
    def width(self) -> float:
        """In points, as the height."""
        return self.size[0]

    @property
    def height(self) -> float:
        """Of all of it."""
        return self.size[1]

    @property
    def description(self) -> str:
        """All that is said beneath."""
        return " ".join(filter(None, (self.headline, *self.captions)))

    @cached_property
    def said(self) -> tuple[Text, ...]:
        """Headline and captions, at the lower edge."""
        return tuple(caption(self.look, self.size, self.headline, self.captions))

    @cached_property
    def needed(self) -> float:
        """How much of the height they take."""
        return self.size[1] - self.said[0].y + AIR if self.said else 0.0

    @cached_property
    def area(self) -> tuple[int, int]:
        """What is above them, in points."""
        return self.size[0], round(self.size[1] - max(self.foot, self.needed))

    def items(self, ratio: float) -> tuple[Item, ...]:
        """Lines and letters in painting order; of a map its colours, too, `ratio` pixels to the point."""
        frame = self._map(ratio) if self.shown == "map" else self._above()
        return (*frame.items, *frame.around, *frame.moving, *legend(self.look, self.marks.trails), *self.said)

    def ground(self, ratio: float) -> QImage | None:
        """The pixels beneath them, `ratio` to the point; a map has none."""
        if self.shown == "map":
            return None
        quality = Quality(ratio, SAMPLES)
        return image(picture(self.relief, self.camera, self.area, self.look, quality=quality, palette=self.palette))

    def _above(self) -> Frame:
        return overlay(self.relief, self.camera, self.area, self.look, marks=self.marks, palette=self.palette)

    def _map(self, ratio: float) -> Frame:
        """In the middle, no wider than looks well, beside the legend."""
        left = LEGEND if self.marks.trails else 0.0
        width, height = self.area
        wide = min(width - 2 * left, WIDEST * height)
        made = chart(self.relief, (wide, height), self.look, marks=self.marks, palette=self.palette, scale=ratio)
        return moved(made, (width - wide) / 2, 0.0)


def paint(painter: QPainter, shot: LandscapeShot, *, ratio: float = SHARP) -> list[Text]:
    """Paint everything; the texts, in order. Only the surface is a picture, of `ratio` pixels to the point."""
    painter.setRenderHints(canvas.HINTS)
    painter.fillRect(QRectF(0, 0, shot.width, shot.height), QColor.fromRgb(shot.look["canvas"]))
    ground = shot.ground(ratio)
    if ground is not None:
        painter.drawImage(QRectF(0, 0, *shot.area), ground)
    items = shot.items(ratio)
    for item in items:
        if isinstance(item, Pixels) and item.colors.shape[1] == 1:
            _paint_bar(painter, item)
        else:
            paper.paint_items(painter, (item,))
    return [item for item in items if isinstance(item, Text)]


def picture_of(shot: LandscapeShot, ratio: float) -> QImage:
    """The shot as a picture of `ratio` pixels to the point."""
    made = QImage(round(shot.width * ratio), round(shot.height * ratio), QImage.Format.Format_RGB32)
    made.fill(QColor.fromRgb(shot.look["canvas"]))  # a fraction of a point may be left at the edge
    made.setDevicePixelRatio(ratio)
    with QPainter(made) as painter:
        paint(painter, shot, ratio=ratio)
    return made


def _paint_bar(painter: QPainter, bar: Pixels) -> None:
    """A column of colours as a gradient."""
    area = QRectF(bar.x - bar.width / 2, bar.y - bar.height / 2, bar.width, bar.height)
    fade = QLinearGradient(QPointF(bar.x, area.top()), QPointF(bar.x, area.bottom()))
    last = len(bar.colors) - 1
    for share in np.linspace(0, 1, STOPS).tolist():
        fade.setColorAt(share, QColor.fromRgb(int(bar.colors[round(share * last), 0])))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fade)
    painter.drawRoundedRect(area, bar.radius, bar.radius)
