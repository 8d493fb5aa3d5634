"""Lucide icons in the colours of roles."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from visualnn import assets
from visualnn.gui.theme.tokens import Ink, color

FILLED_ICONS = ("play", "pause")
ICON_RATIOS = (1, 2, 3)


def draw_icon(painter: QPainter, name: str, x: float, y: float, size: float, ink: Ink = "text2") -> None:
    """Draws the icon `name` around (x, y), on whole pixels of the device."""
    ratio = painter.device().devicePixelRatio() * (painter.transform().m11() or 1.0)
    left, top = (round((middle - size / 2) * ratio) / ratio for middle in (x, y))
    pixmap = icon_pixmap(name, ink, size, ratio)
    painter.drawPixmap(QRectF(left, top, size, size), pixmap, QRectF(pixmap.rect()))


def icon_pixmap(name: str, ink: Ink, size: float, ratio: float = 1.0) -> QPixmap:
    """The icon `name` in one colour, for a screen with `ratio` pixels per unit."""
    return _icon_pixmap(name, color(ink).name(), size, ratio)


def icon(name: str, ink: Ink = "text2", size: float = 18) -> QIcon:
    """The icon `name` for a menu or an action, of the current theme: ask again when the theme has changed."""
    result = QIcon()
    for ratio in ICON_RATIOS:
        result.addPixmap(icon_pixmap(name, ink, size, ratio))
        result.addPixmap(icon_pixmap(name, "line2", size, ratio), QIcon.Mode.Disabled)
    return result


@lru_cache(maxsize=1024)
def _icon_pixmap(name: str, rgb: str, size: float, ratio: float) -> QPixmap:
    svg = assets.read_text("icons", f"{name}.svg")
    if name in FILLED_ICONS:
        svg = svg.replace('fill="none"', 'fill="currentColor"')
    pixmap = QPixmap(QSize(1, 1) * max(round(size * ratio), 1))
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        QSvgRenderer(QByteArray(svg.replace("currentColor", rgb).encode())).render(painter)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
