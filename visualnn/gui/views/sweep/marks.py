"""What stands over the cells of a sweep and around them: names, how each rate does, who is best."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from visualnn.gui import theme
from visualnn.gui.widgets.card import wrapped
from visualnn.scene.sweep import Run, Standing, rate_text
from visualnn.scene.sweep_board import LINE, Board

PADDING, HEADING_Y, HEADING_LOW = 24, 30, 46  # px of the heading: from the left, to its middle, and to its end
NAME_GAP = 12  # px between a cell and its row's name
RATE_UP = 14  # px from a column's name to its first cell
BAR_DOWN, BAR_HIGH = 8, 3
FIRST_DOWN = 25  # px from the cells to the first line below them
RING, RADIUS = 2.0, 6.0
SIZE, BESIDE = 12, 6  # px of the letters around the cells, and between two texts side by side
SEED_EDGE, ENDS = 6, 5  # px left of the seeds; so many digits of one that is too long are shown
TAG_SIZE, TAG_HIGH, TAG_PAD = 11, 15, 3
TRACK = 0.5  # of the bars of the rates: the raised colour over the canvas


def paint_heading(painter: QPainter, lines: Sequence[tuple[Run, ...]], width: float, letters: float = 1.0) -> None:
    """The first of these for which there is room."""
    size = 14 * letters
    fitting = (line for line in lines if theme.runs_width(line, size, 450) <= width - 2 * PADDING)
    theme.draw_runs(painter, PADDING, HEADING_Y * letters, next(fitting, lines[-1]), size, 450)


def paint_trouble(painter: QPainter, box: QRectF, text: str, letters: float = 1.0) -> None:
    """Why there is nothing to be seen."""
    lines = wrapped(text, min(480.0 * letters, box.width() - 2 * PADDING), 16 * letters, 500)
    top = box.center().y() - 12 * letters * (len(lines) - 1)
    for index, line in enumerate(lines):
        y = top + 24 * letters * index
        theme.draw_text(painter, box.center().x(), y, line, 16 * letters, 500, "text2", "c")


def paint_empty(painter: QPainter, board: Board) -> None:
    """The places of cells that are still being drawn."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mix("canvas", "raised", 0.5))
    for index in range(len(board.xs) * len(board.ys)):
        painter.drawRoundedRect(QRectF(*board.box(index)), RADIUS - 1, RADIUS - 1)


def paint_names(painter: QPainter, board: Board, standing: Standing, index: int) -> None:
    """Rates over the columns, seeds beside the rows; those of the chosen cell are brighter."""
    chosen_row, chosen_column = standing.field.place(index)
    left, y = board.origin[0], board.origin[1] - RATE_UP * board.letters
    size, away = _size(board), left - NAME_GAP
    texts = [rate_text(rate) for rate in standing.field.rates]
    places = _spread(texts, board, (chosen_column, *standing.told))
    first = min(board.center(place) - theme.text_width(texts[place], size, 650) / 2 for place in places)
    theme.draw_text(painter, min(away, first - 10), y, "rate", size, 450, "text3", "r")
    for place in places:
        ink, weight = ("text", 650) if place == chosen_column else ("text2", 500)
        theme.draw_text(painter, board.center(place), y, texts[place], size, weight, ink, "c")
    for row, text in enumerate(_seed_names(standing.field.seeds, away - SEED_EDGE, size)):
        ink, weight = ("text", 650) if row == chosen_row else ("text2", 500)
        theme.draw_text(painter, away, board.middle(row), text, size, weight, ink, "r")


def _size(board: Board) -> float:
    """Of all letters around the cells."""
    return SIZE * board.letters


def _seed_names(seeds: Sequence[int], room: float, size: float) -> list[str]:
    """What all rows are called: "seed 7"; of a number that is too long its end, in which they differ."""
    for texts in ([f"seed {seed}" for seed in seeds], [f"{seed}" for seed in seeds]):
        if max(theme.text_width(text, size, 650) for text in texts) <= room:
            return texts
    return [f"…{str(seed)[-ENDS:]}" for seed in seeds]


def _spread(texts: Sequence[str], board: Board, first: Sequence[int] = ()) -> list[int]:
    """The columns that have room for their texts: those that come first, and then evenly as many as there can be.

    Where only some of them can, those with the shorter texts: 0.1 and 0.3 rather than 0.18 and 0.56.
    """
    wide = [theme.text_width(text, _size(board), 650) + BESIDE for text in texts]
    pitch = (board.xs[1] - board.xs[0]) / board.scale if len(board.xs) > 1 else 1e9
    every = max(1, ceil(max(wide) / pitch))
    start = min(range(every), key=lambda place: sum(map(len, texts[place::every])) / len(texts[place::every]))
    kept: list[int] = []
    for place in (*first, *range(start, len(texts), every)):
        if all(abs(place - other) * pitch >= (wide[place] + wide[other]) / 2 for other in kept):
            kept.append(place)
    return sorted(kept)


def paint_columns(painter: QPainter, board: Board, standing: Standing) -> None:
    """Below the cells: how many of the seeds learned at each rate, and what the seeds come to in the median."""
    left, bottom, wide = board.origin[0], board.bottom, board.width / board.scale
    most = max(column.learned for column in standing.columns)
    for place, column in enumerate(standing.columns):
        box = QRectF(board.center(place) - wide / 2, bottom + BAR_DOWN, wide, BAR_HIGH * board.letters)
        _paint_bar(painter, box, column.learned / column.seeds)
    size = _size(board)
    for line, (name, texts) in enumerate(standing.summary):
        y = bottom + (FIRST_DOWN + LINE * line) * board.letters
        theme.draw_text(painter, left - NAME_GAP, y, name, size, 450, "text3", "r")
        shorter = _short(texts, board)
        for place in _spread(shorter, board, standing.told):
            best = line == 0 and standing.columns[place].learned == most > 0
            weight, ink = (650, "text") if best else (450, "text2")
            theme.draw_text(painter, board.center(place), y, shorter[place], size, weight, ink, "c")


def _short(texts: Sequence[str], board: Board) -> Sequence[str]:
    """Shares in fewer letters where there is no room for all of them."""
    is_crowded = len(_spread(texts, board)) < len(texts)
    return [text.replace(" of ", "/") for text in texts] if is_crowded else texts


def _paint_bar(painter: QPainter, box: QRectF, share: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(box, 1.5, 1.5)
    if share:
        painter.setBrush(theme.color("good"))
        painter.drawRoundedRect(
            QRectF(box.topLeft(), QPointF(box.left() + share * box.width(), box.bottom())), 1.5, 1.5
        )


def paint_tags(painter: QPainter, board: Board, standing: Standing) -> None:
    """Which networks have diverged, and which reached the goal, with the update."""
    moment = standing.moment
    for index in moment.ended.nonzero()[0].tolist():
        box, text = QRectF(*board.box(index)), standing.tag(index)
        if moment.diverged[index]:
            _paint_diverged(painter, _map_box(board, box), text, board.letters)
        else:
            _paint_reached(painter, board, box, text)


def _map_box(board: Board, box: QRectF) -> QRectF:
    if board.map is None:
        return box
    left, top, wide, high = (each / board.scale for each in board.map)
    return QRectF(box.left() + left, box.top() + top, wide, high)


def _paint_diverged(painter: QPainter, box: QRectF, text: str, letters: float) -> None:
    middle, size = box.center(), TAG_SIZE * letters
    if theme.text_width(text, size, 500) < box.width() - 2:
        theme.draw_text(painter, middle.x(), middle.y(), text, size, 500, "bad", "c")
    else:
        theme.draw_icon(painter, "x", middle.x(), middle.y(), 12 * letters, "bad")


def _paint_reached(painter: QPainter, board: Board, box: QRectF, text: str) -> None:
    """A tick with the update, in the lower right corner; beside the map only what there is room for."""
    ratio, letters = painter.device().devicePixelRatio(), board.letters
    look = theme.current().name, ratio, letters
    room = (board.curve[2] if board.is_flat else board.width) / board.scale - 1
    tags = (_tag(f"tick {text}", *look), _tag(text, *look), _tag("tick", *look))
    least = letters * (theme.text_width("000", TAG_SIZE, 600) + 2 * TAG_PAD)  # else ticks for all, not for some
    tag = next((each for each in tags if least <= room and each.width() / ratio <= room), tags[-1])
    wide, high = tag.width() / ratio, tag.height() / ratio
    painter.drawPixmap(QPointF(round(box.right() - wide), round(box.bottom() - high - 1)), tag)
    if tag is tags[1] and board.is_flat:
        painter.drawPixmap(QPointF(round(box.right() - TAG_HIGH * letters), round(box.top() + 1)), tags[2])


@lru_cache(maxsize=512)
def _tag(text: str, _theme: str, ratio: float, letters: float) -> QPixmap:
    """A tick, an update, or both, drawn once: there may be hundreds of them in a frame."""
    ticked, number = text.startswith("tick"), text.removeprefix("tick").strip()
    long = theme.text_width(number, TAG_SIZE, 600)
    wide = long + 2 * TAG_PAD + (14 if ticked else 0) if number else float(TAG_HIGH)
    fine = ratio * letters
    tag = QPixmap(ceil(wide * fine), round(TAG_HIGH * fine))
    tag.setDevicePixelRatio(fine)
    tag.fill(Qt.GlobalColor.transparent)
    with QPainter(tag) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mix("canvas", "raised", 0.5))
        painter.drawRoundedRect(QRectF(0, 0, wide, TAG_HIGH), 4, 4)
        if ticked:
            theme.draw_icon(painter, "check", TAG_PAD + 5 if number else wide / 2, TAG_HIGH / 2, 11, "good")
        theme.draw_text(painter, wide - TAG_PAD, TAG_HIGH / 2, number, TAG_SIZE, 600, "good", "r")
    tag.setDevicePixelRatio(ratio)
    return tag


def paint_rings(painter: QPainter, board: Board, standing: Standing, index: int, hovered: int | None) -> None:
    """The best one, the one that is looked at, and the one that is pointed at."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if hovered is not None and hovered not in (index, standing.best) and hovered < len(standing.field):
        _paint_ring(painter, QRectF(*board.box(hovered)), "line3", 1.0)
    if standing.best is not None:
        _paint_ring(painter, QRectF(*board.box(standing.best)), "good", 0.0)
    _paint_ring(painter, QRectF(*board.box(index)), "accent", 1.5 if index != standing.best else RING + 1.0)


def _paint_ring(painter: QPainter, box: QRectF, ink: str, out: float) -> None:
    painter.setPen(QPen(theme.color(ink), RING))
    painter.drawRoundedRect(box.adjusted(-out, -out, out, out), RADIUS + out - 1, RADIUS + out - 1)
