"""The pictures on the cards: what the example's own network really does, drawn a few milliseconds at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import atan2, cos, sin
from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from visualnn.files import examples
from visualnn.files.fresh import from_shape
from visualnn.gui import theme
from visualnn.gui.canvas import paint
from visualnn.gui.views.start import sketches
from visualnn.gui.views.start.adder import panel_look
from visualnn.gui.widgets.card import RADIUS, FileCard, PictureCard, side_of_card, top_of_card
from visualnn.nn.functions import activate
from visualnn.nn.network import Matrix
from visualnn.nn.trace import trace
from visualnn.project import Project
from visualnn.scene import network, playback
from visualnn.scene.arrangement import layout
from visualnn.scene.frame import Frame, Line, Text, moved
from visualnn.scene.layout import Layout, bezier

SLICE_S = 0.003  # and the portion that was begun: below 8 ms together
BAND = 24  # rows of a map in one go
REACH = 1.15  # how far up and down a map looks; the points lie between −1 and 1
MAX_POINTS = 160
MOST_LAYERS, MOST_NEURONS = 10, 12  # of a network that is drawn neuron by neuron; the neurons in one column
SMALLER = {"million": "2-90-90-1"}
FINER = 2  # times as large as it is shown is the picture of a file drawn
STRENGTH, BEND = 0.42, 0.75  # of a map's colours


class Thumbnails(QObject):
    """Makes the pictures of cards one after the other while nothing else is to be done."""

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._jobs: dict[PictureCard | FileCard, Iterator[QPixmap | None]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timeout)

    def request(self, card: PictureCard, example: str) -> None:
        """Makes the picture of an example for a card; an older wish for this card is forgotten."""
        self._jobs[card] = example_picture(example, card.picture_size(), card.devicePixelRatioF())
        self._timer.start()

    def request_file(self, card: FileCard, found: Cover) -> None:
        """Makes the picture of what lies in a file."""
        self._jobs[card] = file_picture(found, card.devicePixelRatioF())
        self._timer.start()

    def forget(self, card: FileCard) -> None:
        """The card is gone."""
        self._jobs.pop(card, None)

    def is_busy(self) -> bool:
        """Whether pictures are still to come."""
        return bool(self._jobs)

    def stop(self) -> None:
        """Forgets what is still to come."""
        self._jobs.clear()
        self._timer.stop()

    def _on_timeout(self) -> None:
        deadline = perf_counter() + SLICE_S
        while self._jobs and perf_counter() < deadline:
            card, job = next(iter(self._jobs.items()))
            picture = next(job)
            if picture is not None:
                del self._jobs[card]
                card.set_picture(picture)
        if not self._jobs:
            self._timer.stop()


def example_picture(example: str, size: QSize, ratio: float) -> Iterator[QPixmap | None]:
    """An example's picture in small portions of work: None until it is finished."""
    project = subject(example)
    yield None
    bands = []
    if has_map(project):
        for band in decision_map(project, size.width(), size.height()):
            bands.append(band)
            yield None
    shape = top_of_card(QRectF(0, 0, size.width(), size.height()))
    made = portions(project, size, example == "backprop")
    yield from draw(made, np.vstack(bands) if bands else None, size, ratio, shape)


@dataclass(frozen=True, eq=False)
class Cover:
    """What the picture of a file is painted from, on `size` pixels: more than are shown, as the card is small."""

    size: QSize
    values: Matrix | None  # of a decision map
    portions: Sequence[sketches.Portion]


def cover(project: Project, shown: QSize) -> Cover:
    """All that takes time: for a thread beside the window."""
    size = shown * FINER
    bands = list(decision_map(project, size.width(), size.height())) if has_map(project) else []
    return Cover(size, np.vstack(bands) if bands else None, portions(project, size, False))


def file_picture(found: Cover, ratio: float) -> Iterator[QPixmap | None]:
    """A file's picture in small portions of work: None until it is finished."""
    shape = side_of_card(QRectF(0, 0, found.size.width(), found.size.height()), FINER * RADIUS)
    yield from draw(found.portions, found.values, found.size, ratio / FINER, shape)


def draw(
    parts: Sequence[sketches.Portion], values: Matrix | None, size: QSize, ratio: float, shape: QPainterPath
) -> Iterator[QPixmap | None]:
    """A picture on a ground of this shape, a part at a time: None until it is finished."""
    pixmap = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    fill = theme.color("panel") if values is None else map_image(values)
    yield None
    for part in (partial(fill_shape, fill=fill, shape=shape), *parts):
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            part(painter)
        yield None
    yield pixmap


def subject(example: str) -> Project:
    """The network on the picture: the example, or one of its kind with as many neurons as the picture has room for."""
    return from_shape(SMALLER[example]) if example in SMALLER else examples.load(example)


def portions(project: Project, size: QSize, slopes: bool) -> list[sketches.Portion]:
    """What is painted on the ground of the card, in the way that suits the network."""
    if has_map(project):
        return [partial(draw_points, project=project, size=size)]
    if has_pictures(project):
        return sketches.pictures(project, size)
    if len(project.network.layers) > MOST_LAYERS:
        return sketches.layers(project, size)
    if max(project.network.sizes) > MOST_NEURONS:
        return sketches.fan(project, size)
    return [partial(paint_small_network, project=project, size=size, slopes=slopes)]


def fill_shape(painter: QPainter, fill: QColor | QImage, shape: QPainterPath) -> None:
    """The ground."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(fill))
    painter.drawPath(shape)


def has_map(project: Project) -> bool:
    """Whether the network sorts the points of a plane into two classes, and does so quickly."""
    network = project.network
    return (
        project.data.classification
        and (network.inputs, network.outputs) == (2, 1)
        and len(network.layers) <= MOST_LAYERS
    )


def has_pictures(project: Project) -> bool:
    """Whether the rows are pictures, of as many classes as are shown."""
    return project.data.image is not None and project.network.outputs >= 2 * sketches.SHOWN_DIGITS


def decision_map(project: Project, width: int, height: int) -> Iterator[np.ndarray]:
    """What the network answers in every pixel, between −1 and 1, in bands from the top."""
    xs = (np.arange(width) + 0.5 - width / 2) * (2 * REACH / height)
    for top in range(0, height, BAND):
        ys = (height / 2 - (np.arange(top, min(top + BAND, height)) + 0.5)) * (2 * REACH / height)
        a = np.column_stack([np.tile(xs, ys.size), np.repeat(ys, xs.size)])
        for (w, b), activation in zip(
            project.network.views(project.parameters), project.network.activations, strict=True
        ):
            a = activate(activation, a @ w + b)
        yield (2 * a[:, 0] - 1).reshape(ys.size, width)


def map_image(values: np.ndarray) -> QImage:
    """Answers as colours: orange below zero, blue above, calm where the network is undecided."""
    share = (np.abs(np.linspace(-1, 1, 256)) ** BEND * STRENGTH)[:, None]
    low, middle, high = (
        np.array(color.getRgbF()[:3])
        for color in (theme.color("neg"), theme.mix("canvas", "raised", 0.5), theme.color("pos"))
    )
    ramp = middle * (1 - share) + np.where(np.arange(256)[:, None] < 128, low, high) * share
    codes = (ramp * 255).round().astype(np.uint32)
    table = 0xFF000000 | codes[:, 0] << 16 | codes[:, 1] << 8 | codes[:, 2]
    index = np.clip((np.nan_to_num(values) * 0.5 + 0.5) * 255, 0, 255).astype(np.uint8)  # NaN where it diverged
    pixels = np.ascontiguousarray(table[index].astype(np.uint32))
    height, width = values.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def draw_points(painter: QPainter, project: Project, size: QSize) -> None:
    """The rows: blue discs for 1, orange diamonds for 0."""
    scale = size.height() / (2 * REACH)
    edge = theme.mix("canvas", "shadow", 0.35) if theme.current().is_dark else theme.color("panel")
    painter.setPen(QPen(edge, 1))
    diamond = QPolygonF([QPointF(0, -3.8), QPointF(3.8, 0), QPointF(0, 3.8), QPointF(-3.8, 0)])
    rows = zip(project.data.inputs[:MAX_POINTS].tolist(), project.data.targets[:MAX_POINTS, 0].tolist(), strict=True)
    for (x, y), target in rows:
        point = QPointF(size.width() / 2 + x * scale, size.height() / 2 - y * scale)
        painter.setBrush(theme.color("pos" if target > 0.5 else "neg"))
        if target > 0.5:
            painter.drawEllipse(point, 3.2, 3.2)
        else:
            painter.drawPolygon(diamond.translated(point))


def paint_small_network(painter: QPainter, project: Project, size: QSize, slopes: bool) -> None:
    """The network neuron by neuron."""
    paint(painter, small_network(project, size, slopes))


def small_network(project: Project, size: QSize, slopes: bool) -> Frame:
    """The network without words, after a pass; with `slopes` the way one slope takes back is marked."""
    k = 0.42
    made = layout(project.network, size.width() + 40 * k, 2 * 38 + 140 * k, k, heads=False)
    picture = playback.whole(trace(project.network, project.parameters, project.sample))
    style = network.Style(editable=False, heads=False, biases=False)
    colors = panel_look(theme.current().name)
    whole = network.frame(replace(made, pills={}), picture, project.names, colors, style)
    items = [item for item in whole.items if not isinstance(item, Text)]
    if slopes:
        items += backward_way(made, colors["accent"])
    return moved(replace(whole, items=tuple(items)), -20 * k, (size.height() - made.height) / 2)


def backward_way(place: Layout, color: int) -> list[Line]:
    """A dashed line from the output back to the second input, with an arrow head at every connection's start."""
    items = []
    for layer, source, neuron in ((1, 0, 0), (0, 1, 0)):
        ends = place.link(layer, source, neuron)
        points = tuple(bezier(*ends, s) for s in np.linspace(1, 0.06, 40))
        items.append(Line(points, color, 2.0, (6.0, 4.0)))
        items.append(arrow_head(points[-3], points[-1], color))
    return items


def arrow_head(before: tuple[float, float], tip: tuple[float, float], color: int) -> Line:
    """An open arrow head at `tip`, coming from `before`."""
    angle = atan2(tip[1] - before[1], tip[0] - before[0])
    left, right = ((tip[0] - 6 * cos(angle + turn), tip[1] - 6 * sin(angle + turn)) for turn in (0.5, -0.5))
    return Line((left, tip, right), color, 2.0)
