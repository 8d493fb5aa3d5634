"""Cards to choose a document from: one with a picture, one in a single row."""

from bisect import bisect_right
from math import ceil
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import Button

RADIUS = 14
LEAST_WIDTH, NARROWER = 40, 8  # px of lines that become equally long by taking away so much at a time
PADDING = 18


def wrapped(text: str, width: float, size: float, weight: int = 400, most: int = 2) -> list[str]:
    """`text` in at most `most` lines of about equal length; the last one ends with "…" if not all of it fits."""
    lines = _filled(text, width, size, weight)
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        return [*lines[: most - 1], theme.elided(rest, width, size, weight)]
    if len(lines) > 1:
        tries = range(1, max(1, ceil((width - LEAST_WIDTH) / NARROWER)) + 1)
        good = bisect_right(tries, len(lines), key=lambda n: len(_filled(text, width - NARROWER * n, size, weight)))
        lines = _filled(text, width - NARROWER * good, size, weight)
    return [theme.elided(line, width, size, weight) for line in lines]


def _filled(text: str, width: float, size: float, weight: int) -> list[str]:
    """As many words to a line as there is room for."""
    lines: list[str] = []
    for word in filter(None, text.replace("\n", " ").split(" ")):  # not at spaces that keep words together
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and theme.text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def folder_elided(folder: str, width: float, size: float) -> str:
    """A folder with "…" for the parts before its last ones that there is no room for, and for half of a last one."""
    if theme.text_width(folder, size) <= width:
        return folder
    parts = [part for part in Path(folder).parts if part != "…"]
    for first in range(1, len(parts)):
        shorter = str(Path("…", *parts[first:]))
        if theme.text_width(shorter, size) <= width:
            return shorter
    last = parts[-1] if parts else folder
    while last and theme.text_width(f"…{last}", size) > width:
        last = last[1:]
    return f"…{last}"


class Card(Button):
    """A rounded panel that is one large button; pointing at it raises its edge."""

    ring_radius = RADIUS

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_body(painter)
            self._paint_content(painter)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.mix("line", "line3", self._glide.value), 1))
            painter.drawRoundedRect(self._box(), RADIUS, RADIUS)

    def _box(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)

    def _paint_body(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._toned("panel", theme.mix("panel", "raised", 0.5)))
        painter.drawRoundedRect(self._box(), RADIUS, RADIUS)

    def _paint_content(self, painter: QPainter) -> None:
        """What stands on the panel."""


class PictureCard(Card):
    """A picture, a title, and a sentence of one or two lines.  Without a picture a calm fill stands in for it."""

    HEIGHT = 204
    PICTURE_HEIGHT = 124

    def __init__(self, title: str, subtitle: str, parent: QWidget | None = None):
        super().__init__(f"Open the example “{title}”", "", parent)
        self._title, self._subtitle = title, subtitle
        self._picture: QPixmap | None = None
        self.setAccessibleName(title)
        self.setAccessibleDescription(subtitle)

    def set_picture(self, picture: QPixmap | None) -> None:
        """Shows `picture`, of `picture_size`."""
        self._picture = picture
        self.update()

    def has_picture(self) -> bool:
        """Whether the picture is there already."""
        return self._picture is not None

    def picture_size(self) -> QSize:
        """How large the picture is to be, in logical pixels."""
        return QSize(self.width(), self.PICTURE_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(214, self.HEIGHT)

    def _paint_content(self, painter: QPainter) -> None:
        self._paint_picture(painter)
        y = self.PICTURE_HEIGHT + 25.0
        room = self.width() - 2 * PADDING
        theme.draw_text(painter, PADDING, y, theme.elided(self._title, room, 15, 600), 15, 600, "text")
        y += 22
        for line in wrapped(self._subtitle, room, 13):
            theme.draw_text(painter, PADDING, y, line, 13, 400, "text2")
            y += 17

    def _paint_picture(self, painter: QPainter) -> None:
        area = QRectF(0, 0, self.width(), self.PICTURE_HEIGHT)
        painter.save()
        if self._picture is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.mix("panel", "raised", 0.6))
            painter.drawPath(top_of_card(area))
        else:
            painter.drawPixmap(area, self._picture, QRectF(self._picture.rect()))
        painter.setPen(QPen(theme.color("line"), 1))
        y = self.PICTURE_HEIGHT + 0.5
        painter.drawLine(QPointF(1, y), QPointF(self.width() - 1, y))
        painter.restore()


def top_of_card(area: QRectF) -> QPainterPath:
    """The shape of a card's picture: round above, straight below."""
    inner = area.adjusted(0.5, 0.5, -0.5, 0)
    path = QPainterPath(inner.bottomLeft())
    path.lineTo(inner.left(), inner.top() + RADIUS)
    path.arcTo(QRectF(inner.left(), inner.top(), 2 * RADIUS, 2 * RADIUS), 180, -90)
    path.arcTo(QRectF(inner.right() - 2 * RADIUS, inner.top(), 2 * RADIUS, 2 * RADIUS), 90, -90)
    path.lineTo(inner.bottomRight())
    path.closeSubpath()
    return path


class FileCard(Card):
    """A file in one row: its picture and its name, and beneath where it lies and when it was changed."""

    HEIGHT = 72
    PICTURE_WIDTH = 76
    INDENT = 14  # from the picture to the words
    NARROW = 150  # room for words below which where it lies is told by the tooltip alone

    def __init__(self, name: str, place: str, when: str, parent: QWidget | None = None):
        super().__init__(f"Open “{name}”", "", parent)
        self._lines = name, place, when
        self._picture: QPixmap | None = None
        self.setAccessibleName(name)
        self.setAccessibleDescription(f"{place}, {when}" if when else place)

    def set_picture(self, picture: QPixmap | None) -> None:
        """Shows `picture`, of `picture_size`."""
        self._picture = picture
        self.update()

    def has_picture(self) -> bool:
        """Whether the picture is there already."""
        return self._picture is not None

    def picture_size(self) -> QSize:
        """How large the picture is to be, in logical pixels."""
        return QSize(self.PICTURE_WIDTH, self.height())

    def sizeHint(self) -> QSize:
        return QSize(214, self.HEIGHT)

    def _paint_content(self, painter: QPainter) -> None:
        self._paint_picture(painter)
        name, place, when = self._lines
        left, middle = self.PICTURE_WIDTH + self.INDENT, self.height() / 2
        room = self.width() - left - self.INDENT
        theme.draw_text(painter, left, middle - 11, theme.elided(name, room, 15, 600), 15, 600, "text")
        if room < self.NARROW and when:
            theme.draw_text(painter, left, middle + 13, when, 13, 400, "text3")
            return
        right = self.width() - self.INDENT
        taken = theme.draw_text(painter, right, middle + 13, when, 13, 400, "text3", "r") + 12 if when else 0
        theme.draw_text(painter, left, middle + 13, folder_elided(place, room - taken, 13), 13, 400, "text2")

    def _paint_picture(self, painter: QPainter) -> None:
        area = QRectF(0, 0, self.PICTURE_WIDTH, self.height())
        if self._picture is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.mix("panel", "raised", 0.6))
            painter.drawPath(side_of_card(area, RADIUS))
        else:
            painter.drawPixmap(area, self._picture, QRectF(self._picture.rect()))
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(QPointF(area.right() + 0.5, 1), QPointF(area.right() + 0.5, self.height() - 1))


def side_of_card(area: QRectF, radius: float) -> QPainterPath:
    """The shape of a picture at the left of a card: round on that side, straight on the other."""
    inner = area.adjusted(0.5, 0.5, 0, -0.5)
    path = QPainterPath(inner.topRight())
    path.lineTo(inner.left() + radius, inner.top())
    path.arcTo(QRectF(inner.left(), inner.top(), 2 * radius, 2 * radius), 90, 90)
    path.arcTo(QRectF(inner.left(), inner.bottom() - 2 * radius, 2 * radius, 2 * radius), 180, 90)
    path.lineTo(inner.bottomRight())
    path.closeSubpath()
    return path
