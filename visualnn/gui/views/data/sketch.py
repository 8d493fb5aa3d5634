"""The picture on a card, painted."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from visualnn.gui import theme
from visualnn.gui.widgets.table_paint import pixel_image
from visualnn.scene.sketches import Pictures, Points, Sketch, Words

DISC, DIAMOND, DOT = 1.9, 2.5, 1.9  # px: radii of what stands for a row
WIDEST = 0.62  # of a picture that is no square, in times of its width
GAP = 18  # px between two pictures
COARSE = 12  # pixels in a row, up to which there are lines between them


def paint_sketch(painter: QPainter, sketch: Sketch, box: QRectF, ground: QColor) -> None:
    """A picture in the middle of a box, on a ground of one colour."""
    painter.save()
    if isinstance(sketch, Words):
        _paint_words(painter, sketch, box)
    elif isinstance(sketch, Pictures):
        _paint_pictures(painter, sketch, box, ground)
    else:
        _paint_points(painter, sketch, box, ground)
    painter.restore()


def _paint_words(painter: QPainter, sketch: Words, box: QRectF) -> None:
    runs = [(part.text, part.role or "text") for part in sketch.parts]
    size = 18
    while size > 12 and theme.runs_width(runs, size, 600) > box.width():
        size -= 1
    theme.draw_runs(painter, box.center().x(), box.center().y(), runs, size, 600, align="c")


def _paint_pictures(painter: QPainter, sketch: Pictures, box: QRectF, ground: QColor) -> None:
    side = min(box.height() - 4, (box.width() - GAP) / 2)
    left = box.center().x() - (len(sketch.pixels) * (side + GAP) - GAP) / 2
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    for index, pixels in enumerate(sketch.pixels):
        place = QRectF(left + index * (side + GAP), box.center().y() - side / 2, side, side)
        painter.drawImage(place, pixel_image(pixels, ground, "pos"))
        if len(pixels) <= COARSE:
            _paint_lattice(painter, place, len(pixels), ground)


def _paint_lattice(painter: QPainter, place: QRectF, count: int, ground: QColor) -> None:
    """Thin lines between the pixels of a coarse picture."""
    painter.setPen(QPen(ground, 0.7))
    step = place.width() / count
    across = [QLineF(place.left(), place.top() + i * step, place.right(), place.top() + i * step) for i in range(count)]
    down = [QLineF(place.left() + i * step, place.top(), place.left() + i * step, place.bottom()) for i in range(count)]
    painter.drawLines([*across, *down])


def _paint_points(painter: QPainter, sketch: Points, box: QRectF, ground: QColor) -> None:
    high = box.height() / 2 - DIAMOND
    wide = high if sketch.classes else min(box.width() * WIDEST / 2, high * 1.9)
    middle = box.center()

    def placed(x: float, y: float) -> QPointF:
        return QPointF(middle.x() + x * wide, middle.y() - y * high)

    if sketch.line is not None:
        painter.setPen(QPen(theme.color("text3"), 1.2))
        painter.drawPolyline([placed(x, y) for x, y in sketch.line.tolist()])
    painter.setPen(Qt.PenStyle.NoPen)
    diamond = QPolygonF([QPointF(0, -DIAMOND), QPointF(DIAMOND, 0), QPointF(0, DIAMOND), QPointF(-DIAMOND, 0)])
    for (x, y), value in zip(sketch.at.tolist(), sketch.values.tolist(), strict=True):
        painter.setBrush(_ink(value, sketch.classes, ground))
        if sketch.classes and value < 0:
            painter.drawPolygon(diamond.translated(placed(x, y)))
        else:
            painter.drawEllipse(placed(x, y), DISC if sketch.classes else DOT, DISC if sketch.classes else DOT)


def _ink(value: float, classes: bool, ground: QColor) -> QColor:
    """A class has the colour of its sign; a number the more of it, the larger it is."""
    sign = "pos" if value > 0 else "neg"
    return theme.color(sign) if classes else theme.mix(theme.mix(ground, "zero", 0.55), sign, min(1.0, abs(value)))
