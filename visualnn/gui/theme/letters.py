"""Fonts, and text drawn centred on its capitals."""

from functools import cache, lru_cache
from math import floor

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QPainter

from visualnn import assets
from visualnn.gui.theme.tokens import Ink, color

CUTS = ((475, 400), (525, 500), (675, 600), (1001, 700))  # below this weight: that cut of the four


def font(size: float, weight: int = 400, mono: bool = False) -> QFont:
    """Inter, or JetBrains Mono for code, `size` pixels high, in the cut that stands for `weight`."""
    return QFont(_font(size, next(cut for limit, cut in CUTS if weight < limit), mono))


@lru_cache(maxsize=8192)  # who breaks a sentence into lines asks for the same words at several sizes, again and again
def text_width(text: str, size: float, weight: int = 400, mono: bool = False) -> float:
    """How many pixels wide `text` is drawn."""
    return _metrics(size, weight, mono).horizontalAdvance(text)


def elided(text: str, width: float, size: float, weight: int = 400) -> str:
    """`text`, with "…" at its end if it would be wider than `width`."""
    return _metrics(size, weight, False).elidedText(text, Qt.TextElideMode.ElideRight, width)


def draw_text(painter: QPainter, x, y, text: str, size=13.0, weight=400, ink: Ink = "text", align="l", mono=False):
    """Draws `text` with the middle of its capitals at `y` and its left, middle or right ("l", "c", "r") at `x`.

    Returns the text's width.
    """
    metrics, width = _metrics(size, weight, mono), text_width(text, size, weight, mono)
    left = x - {"l": 0.0, "c": width / 2, "r": width}[align]
    painter.setFont(font(size, weight, mono))
    painter.setPen(color(ink))
    painter.drawText(QPointF(left, y + metrics.capHeight() / 2), text)
    return width


def runs_width(runs, size: float, weight: int = 400) -> float:
    """How wide `draw_runs` draws the same runs."""
    return sum(text_width(text, size, heavy or weight) for text, _, heavy in map(_run, runs))


def draw_runs(painter: QPainter, x: float, y: float, runs, size=13, weight=400, ink: Ink = "text", align="l") -> float:
    """Draws a line of parts, each a text or (text, role or None[, weight or None]).  Returns its width."""
    width = runs_width(runs, size, weight)
    left = x - {"l": 0.0, "c": width / 2, "r": width}[align]
    for text, role, heavy in map(_run, runs):
        left += draw_text(painter, left, y, text, size, heavy or weight, role or ink)
    return width


def _run(part) -> tuple[str, Ink | None, int | None]:
    """A part of a line with nothing left out: text, ink, weight."""
    if isinstance(part, str):
        return part, None, None
    text, ink, *weight = part
    return text, ink, weight[0] if weight else None


@cache
def _register(family: str) -> str:
    """Makes the files of a family known to Qt."""
    for path in sorted(assets.path("fonts").glob(f"{family.replace(' ', '')}-*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    return family


@lru_cache(maxsize=512)
def _font(size: float, cut: int, mono: bool) -> QFont:
    result = QFont(_register("JetBrains Mono" if mono else "Inter"))
    result.setPixelSize(floor(size + 0.5))  # Qt draws whole sizes only
    result.setWeight(QFont.Weight(cut))
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    result.setFeature(QFont.Tag("calt" if mono else "tnum"), 0 if mono else 1)
    return result


@lru_cache(maxsize=512)
def _metrics(size: float, weight: int, mono: bool) -> QFontMetricsF:
    return QFontMetricsF(font(size, weight, mono))
