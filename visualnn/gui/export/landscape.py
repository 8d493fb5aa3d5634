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
from visualnn.scene.frame import Item, Pixels, Text
from visualnn.scene.landscape.camera import HOME, Camera
from visualnn.scene.landscape.marks import NOTHING, Marks
from visualnn.scene.landscape.overlay import captions, legend, overlay
from visualnn.scene.landscape.picture import Quality, picture
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.look import Look

SHARP = 2.0  # pixels to the point of the surface
SAMPLES = 2  # so many by so many for a pixel
AIR = 14.0  # points above the captions
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
    captions: tuple[str, ...] = ()
    title: str = ""
    shown: Shown = "relief"
    foot: float = 0.0  # of the height, kept free for captions even if they need less

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
        """All that is said below."""
        return " ".join(self.captions)

    @cached_property
    def said(self) -> tuple[Item, ...]:
        """The captions, at the lower edge."""
        return tuple(captions(self.look, self.size, self.captions))

    @cached_property
    def needed(self) -> float:
        """How much of the height they take."""
        tops = [item.y for item in self.said if isinstance(item, Text)]
        return self.size[1] - min(tops) + AIR if tops else 0.0

    @cached_property
    def area(self) -> tuple[int, int]:
        """What is above them, in points."""
        return self.size[0], round(self.size[1] - max(self.foot, self.needed))

    def items(self) -> tuple[Item, ...]:
        """Lines and letters in painting order."""
        frame = overlay(self.relief, self.camera, self.area, self.look, marks=self.marks, palette=self.palette)
        return (*frame.items, *frame.around, *frame.moving, *legend(self.look, self.marks.trails), *self.said)

    def ground(self, ratio: float) -> QImage:
        """The pixels beneath them, `ratio` to the point."""
        quality = Quality(ratio, SAMPLES)
        return image(picture(self.relief, self.camera, self.area, self.look, quality=quality, palette=self.palette))


def paint(painter: QPainter, shot: LandscapeShot, *, ratio: float = SHARP) -> list[Text]:
    """Paint everything; the texts, in order. Only the surface is a picture, of `ratio` pixels to the point."""
    painter.setRenderHints(canvas.HINTS)
    painter.fillRect(QRectF(0, 0, shot.width, shot.height), QColor.fromRgb(shot.look["canvas"]))
    painter.drawImage(QRectF(0, 0, *shot.area), shot.ground(ratio))
    items = shot.items()
    for item in items:
        if isinstance(item, Pixels) and item.colors.shape[1] == 1:
            _paint_bar(painter, item)
        else:
            paper.paint_items(painter, (item,))
    return [item for item in items if isinstance(item, Text)]


def picture_of(shot: LandscapeShot, ratio: float) -> QImage:
    """The shot as a picture of `ratio` pixels to the point."""
    made = QImage(round(shot.width * ratio), round(shot.height * ratio), QImage.Format.Format_RGB32)
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
