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
from visualnn.scene.sweep_board import LEFT, LINE, Board

PADDING, HEADING_Y = 24, 30
NAME_GAP = 12  # px between a cell and its row's name
RATE_UP = 14  # px from a column's name to its first cell
BAR_DOWN, BAR_HIGH = 8, 3
FIRST_DOWN = 25  # px from the cells to the first line below them
RING, RADIUS = 2.0, 6.0
TAG_SIZE, TAG_HIGH, TAG_PAD = 11, 15, 3
TRACK = 0.5  # of the bars of the rates: the raised colour over the canvas


def paint_heading(painter: QPainter, lines: Sequence[tuple[Run, ...]], width: float) -> None:
    """The first of these for which there is room."""
    fitting = (line for line in lines if theme.runs_width(line, 14, 450) <= width - 2 * PADDING)
    theme.draw_runs(painter, PADDING, HEADING_Y, next(fitting, lines[-1]), 14, 450)


def paint_trouble(painter: QPainter, box: QRectF, text: str) -> None:
    """Why there is nothing to be seen."""
    lines = wrapped(text, min(480.0, box.width() - 2 * PADDING), 16, 500)
    top = box.center().y() - 12 * (len(lines) - 1)
    for index, line in enumerate(lines):
        theme.draw_text(painter, box.center().x(), top + 24 * index, line, 16, 500, "text2", "c")


def paint_empty(painter: QPainter, board: Board) -> None:
    """The places of cells that are still being drawn."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mix("canvas", "raised", 0.5))
    for index in range(len(board.xs) * len(board.ys)):
        painter.drawRoundedRect(QRectF(*board.box(index)), RADIUS - 1, RADIUS - 1)


def paint_names(painter: QPainter, board: Board, standing: Standing, index: int) -> None:
    """Rates over the columns, seeds beside the rows; those of the chosen cell are brighter."""
    chosen_row, chosen_column = standing.field.place(index)
    left, top = board.origin
    texts = [rate_text(rate) for rate in standing.field.rates]
    first = board.center(0) - theme.text_width(texts[0], 12, 650) / 2
    theme.draw_text(painter, min(left - NAME_GAP, first - 10), top - RATE_UP, "rate", 12, 450, "text3", "r")
    every = _every(texts, board)
    for column, text in enumerate(texts):
        if column % every == 0 or column == chosen_column:
            bright = column == chosen_column
            beside = every > 1 and not bright and abs(column - chosen_column) < every
            if not beside:
                ink = "text" if bright else "text2"
                theme.draw_text(
                    painter, board.center(column), top - RATE_UP, text, 12, 650 if bright else 500, ink, "c"
                )
    for row, seed in enumerate(standing.field.seeds):
        bright = row == chosen_row
        text = f"seed {seed}" if theme.text_width(f"seed {seed}", 12, 500) < LEFT - NAME_GAP - 4 else f"{seed}"
        text = theme.elided(text, left - NAME_GAP - 4, 12, 500)
        ink = "text" if bright else "text2"
        theme.draw_text(painter, left - NAME_GAP, board.middle(row), text, 12, 650 if bright else 500, ink, "r")


def _every(texts: list[str], board: Board) -> int:
    """Every how many columns there is room for a text."""
    pitch = (board.xs[1] - board.xs[0]) / board.scale if len(board.xs) > 1 else 1e9
    widest = theme.text_width(max(texts, key=len), 12, 650) + 6
    return max(1, -(-int(widest) // max(1, int(pitch))))


def paint_columns(painter: QPainter, board: Board, standing: Standing) -> None:
    """Below the cells: how many of the seeds learned at each rate, and what the seeds come to in the median."""
    left, bottom, wide = board.origin[0], board.bottom, board.width / board.scale
    most = max(column.learned for column in standing.columns)
    for place, column in enumerate(standing.columns):
        box = QRectF(board.center(place) - wide / 2, bottom + BAR_DOWN, wide, BAR_HIGH)
        _paint_bar(painter, box, column.learned / column.seeds)
    lines = [(name, _short(texts, board)) for name, texts in standing.summary]
    every = max(_every(texts, board) for _name, texts in lines)
    for line, (name, texts) in enumerate(lines):
        y = bottom + FIRST_DOWN + LINE * line
        theme.draw_text(painter, left - NAME_GAP, y, name, 12, 450, "text3", "r")
        for place, text in enumerate(texts):
            if place % every == 0:
                best = line == 0 and standing.columns[place].learned == most > 0
                weight, ink = (650, "text") if best else (450, "text2")
                theme.draw_text(painter, board.center(place), y, text, 12, weight, ink, "c")


def _short(texts: Sequence[str], board: Board) -> list[str]:
    """Shares in fewer letters where there is no room for all of them."""
    crowded = _every(list(texts), board) > 1
    return [text.replace(" of ", "/") if crowded else text for text in texts]


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
            _paint_diverged(painter, _map_box(board, box), text)
        else:
            _paint_reached(painter, board, box, text)


def _map_box(board: Board, box: QRectF) -> QRectF:
    if board.map is None:
        return box
    left, top, wide, high = (each / board.scale for each in board.map)
    return QRectF(box.left() + left, box.top() + top, wide, high)


def _paint_diverged(painter: QPainter, box: QRectF, text: str) -> None:
    middle = box.center()
    if theme.text_width(text, TAG_SIZE, 500) < box.width() - 2:
        theme.draw_text(painter, middle.x(), middle.y(), text, TAG_SIZE, 500, "bad", "c")
    else:
        theme.draw_icon(painter, "x", middle.x(), middle.y(), 12, "bad")


def _paint_reached(painter: QPainter, board: Board, box: QRectF, text: str) -> None:
    """A tick with the update, in the lower right corner; beside the map only what there is room for."""
    ratio, look = painter.device().devicePixelRatio(), theme.current().name
    room = (board.curve[2] if board.is_flat else board.width) / board.scale - 1
    tags = (_tag(f"tick {text}", look, ratio), _tag(text, look, ratio), _tag("tick", look, ratio))
    roomy = theme.text_width("000", TAG_SIZE, 600) + 2 * TAG_PAD <= room  # else ticks for all, not for some
    tag = next((each for each in tags if roomy and each.width() / ratio <= room), tags[-1])
    wide, high = tag.width() / ratio, tag.height() / ratio
    painter.drawPixmap(QPointF(round(box.right() - wide), round(box.bottom() - high - 1)), tag)
    if tag is tags[1] and board.is_flat:
        painter.drawPixmap(QPointF(round(box.right() - TAG_HIGH), round(box.top() + 1)), tags[2])


@lru_cache(maxsize=512)
def _tag(text: str, _theme: str, ratio: float) -> QPixmap:
    """A tick, an update, or both, drawn once: there may be hundreds of them in a frame."""
    ticked, number = text.startswith("tick"), text.removeprefix("tick").strip()
    long = theme.text_width(number, TAG_SIZE, 600)
    wide = long + 2 * TAG_PAD + (14 if ticked else 0) if number else float(TAG_HIGH)
    tag = QPixmap(ceil(wide * ratio), round(TAG_HIGH * ratio))
    tag.setDevicePixelRatio(ratio)
    tag.fill(Qt.GlobalColor.transparent)
    with QPainter(tag) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mix("canvas", "raised", 0.5))
        painter.drawRoundedRect(QRectF(0, 0, wide, TAG_HIGH), 4, 4)
        if ticked:
            theme.draw_icon(painter, "check", TAG_PAD + 5 if number else wide / 2, TAG_HIGH / 2, 11, "good")
        theme.draw_text(painter, wide - TAG_PAD, TAG_HIGH / 2, number, TAG_SIZE, 600, "good", "r")
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
