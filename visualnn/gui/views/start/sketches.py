"""Pictures of networks that are too large to be drawn neuron by neuron, and of rows that are pictures themselves.

Each is a list of portions to be painted one after the other, none of which takes longer than a few milliseconds.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from visualnn.gui import theme
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.trace import trace
from visualnn.project import Project

Portion = Callable[[QPainter], None]

MARGIN = 20.0
SHOWN_DIGITS = 4  # of a row; there are two rows
GAP, CORNER, FRAME = 6.0, 6.0, 3.0  # between and in the frames of the digits
LEAST_INK = 0.06  # that is drawn
BARS = 24.0  # how high the bars of the slopes are
MOST_LINES, LINES_AT_ONCE = 210, 30  # between two columns
SHADES = 65  # from the strongest orange to the strongest blue
STRIP = 5.0  # how wide a column of cells is


def pictures(project: Project, size: QSize) -> list[Portion]:
    """The first row of each of eight classes, of four where there is less room, as the pictures they are."""
    labels, (rows, columns) = project.data.targets.argmax(axis=1), project.data.image
    shown = SHOWN_DIGITS if size.width() > size.height() + SHOWN_DIGITS * GAP else SHOWN_DIGITS // 2
    side = min((size.height() - 5 * GAP) / 2, (size.width() - (shown + 3) * GAP) / shown)
    left = (size.width() - shown * (side + GAP) + GAP) / 2
    top = (size.height() - 2 * side - GAP) / 2
    portions: list[Portion] = []
    for i in range(2 * shown):
        pixels = project.data.inputs[int((labels == i).argmax())].reshape(rows, columns)
        x, y = left + i % shown * (side + GAP), top + i // shown * (side + GAP)
        portions.append(partial(_paint_pixels, pixels=pixels, place=QRectF(x, y, side, side)))
    return portions


def _paint_pixels(painter: QPainter, pixels: Matrix, place: QRectF) -> None:
    """One picture in a frame, with thin lines between its pixels."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("canvas"))
    painter.drawRoundedRect(place, CORNER, CORNER)
    inner = place.adjusted(FRAME, FRAME, -FRAME, -FRAME)
    wide, high = inner.width() / pixels.shape[1], inner.height() / pixels.shape[0]
    for row, column in zip(*np.nonzero(pixels > LEAST_INK), strict=True):
        painter.setBrush(theme.mix("canvas", "pos", float(pixels[row, column])))
        cell = QRectF(inner.left() + column * wide, inner.top() + row * high, wide - 0.5, high - 0.5)
        painter.drawRoundedRect(cell, 1, 1)


def layers(project: Project, size: QSize) -> list[Portion]:
    """Every neuron of a deep network as a cell, and below a bar for each layer: how large its slopes are."""
    target = project.data.target_of(project.sample)
    passed = trace(project.network, project.parameters, project.sample, target=target, loss=project.options.loss)
    cells = np.column_stack([layer.a for layer in passed.layers[:-1]])
    slopes = np.array([float(np.linalg.norm(slope.dw)) for slope in passed.slopes[:-1]])
    area = QRectF(MARGIN, MARGIN, size.width() - 2 * MARGIN, size.height() - 2 * MARGIN)
    above, below = area.adjusted(0, 0, 0, -BARS - GAP), area.adjusted(0, area.height() - BARS, 0, 0)
    return [partial(_paint_cells, cells=cells, place=above), partial(_paint_bars, slopes=slopes, place=below)]


def _paint_cells(painter: QPainter, cells: Matrix, place: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, cell_image(cells))


def cell_image(cells: Matrix) -> QImage:
    """A pixel for each number: blue above zero, orange below, the largest the strongest."""
    shades = np.array([_tint(share).rgb() for share in np.linspace(-1.0, 1.0, SHADES).tolist()], dtype=np.uint32)
    shares = cells / max(float(np.abs(cells).max()), 1e-300)
    pixels = np.ascontiguousarray(shades[np.rint((shares + 1.0) / 2.0 * (SHADES - 1)).astype(int)])
    height, width = cells.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _tint(share: float) -> QColor:
    return theme.mix("zerofill", "pos" if share > 0 else "neg", abs(share) ** 0.8)


def _paint_bars(painter: QPainter, slopes: Vector, place: QRectF) -> None:
    """From a tenth of the height for the smallest to all of it for the largest, by their logarithms."""
    logs = np.log10(np.maximum(slopes, 1e-300))
    shares = 0.1 + 0.9 * (logs - logs.min()) / max(float(np.ptp(logs)), 1e-9)
    wide = place.width() / slopes.size
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    for i, share in enumerate(shares.tolist()):
        high = share * place.height()
        painter.drawRect(QRectF(place.left() + i * wide, place.bottom() - high, wide - 0.5, high))


def fan(project: Project, size: QSize) -> list[Portion]:
    """Columns of cells and the strongest connections between them."""
    passed = trace(project.network, project.parameters, project.sample)
    columns = [passed.x, *(layer.a for layer in passed.layers)]
    xs = np.linspace(MARGIN, size.width() - MARGIN, len(columns)).tolist()
    ys = [_heights(column.size, size.height()) for column in columns]
    portions: list[Portion] = []
    for layer, (w, _b) in enumerate(project.network.views(project.parameters)):
        ends = xs[layer] + STRIP / 2, xs[layer + 1] - STRIP / 2
        portions += _link_portions(w, ends, ys[layer], ys[layer + 1])
    strips = zip(xs, ys, columns, strict=True)
    return [*portions, *(partial(_paint_strip, x=x, ys=y, values=values) for x, y, values in strips)]


def _heights(count: int, height: int) -> Vector:
    """Where the neurons of a column lie: as high as the picture allows, few of them around its middle."""
    reach = min(height - MARGIN, (count - 1) * 2 * MARGIN)
    return height / 2 + (np.linspace(-0.5, 0.5, count) * reach if count > 1 else np.zeros(1))


def _link_portions(w: Matrix, ends: tuple[float, float], above: Vector, below: Vector) -> list[Portion]:
    """The strongest connections, the weakest of them first."""
    strongest = np.argsort(np.abs(w), axis=None, kind="stable")[-MOST_LINES:]
    sources, neurons = np.unravel_index(strongest, w.shape)
    shares = w[sources, neurons] / max(float(np.abs(w).max()), 1e-300)
    lines = list(zip(above[sources].tolist(), below[neurons].tolist(), shares.tolist(), strict=True))
    return [
        partial(_paint_links, ends=ends, lines=lines[first : first + LINES_AT_ONCE])
        for first in range(0, len(lines), LINES_AT_ONCE)
    ]


def _paint_links(painter: QPainter, ends: tuple[float, float], lines: list[tuple[float, float, float]]) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    (left, right), middle = ends, sum(ends) / 2
    for y0, y1, share in lines:
        color = theme.color("pos" if share > 0 else "neg")
        color.setAlphaF(0.15 + 0.7 * abs(share) ** 2)
        painter.setPen(QPen(color, 0.5 + 0.6 * abs(share)))
        path = QPainterPath(QPointF(left, y0))
        path.cubicTo(middle, y0, middle, y1, right, y1)
        painter.drawPath(path)


def _paint_strip(painter: QPainter, x: float, ys: Vector, values: Vector) -> None:
    """A column: cells one upon the other, or discs where there is room."""
    shares = (values / max(float(np.abs(values).max()), 1e-300)).tolist()
    painter.setPen(Qt.PenStyle.NoPen)
    if len(shares) <= 3:
        for y, share in zip(ys.tolist(), shares, strict=True):
            painter.setBrush(_tint(share))
            painter.drawEllipse(QPointF(x, y), STRIP, STRIP)
        return
    edges = np.append(ys, 2 * ys[-1] - ys[-2]) - (ys[1] - ys[0]) / 2
    for (top, bottom), share in zip(pairwise(edges.tolist()), shares, strict=True):
        painter.fillRect(QRectF(x - STRIP / 2, top, STRIP, bottom - top), _tint(share))
