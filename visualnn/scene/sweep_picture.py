"""All cells of a sweep as one picture made of arrays: what each network says, and the course of its loss.

Arrays of cells are (networks, rows, columns), in pixels of the screen; colours are 0xffRRGGBB.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.engine.sweep_moment import Ground, Moment
from visualnn.nn import metrics
from visualnn.nn.maps import activations
from visualnn.scene import look
from visualnn.scene.maps import CLASS_MARGIN, NUMBER_MARGIN, SHADES, answer, plane_around, shades
from visualnn.scene.sweep_board import Board, Box

POINTS = 24  # a map's shorter side has so many
PIXELS = 1.5  # from one to the next at least
LINE = 1.3  # px of a curve
DOT = 2.0  # px of a row of data
RADIUS = 5.0  # px of a cell's corners
CEILING = 3.0  # times the largest first loss is the top of a curve
DIM = 0.55  # of a diverged cell's curve, over its ground

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint32]


@dataclass(frozen=True, eq=False, slots=True)
class Plate:
    """What all pictures of a sweep on a board have in common."""

    ground: Ground
    board: Board
    colors: look.Look

    @property
    def shows_plane(self) -> bool:
        """Whether a cell has a map of the plane."""
        return has_map(self.ground) and self.ground.network.inputs == 2


def has_map(ground: Ground) -> bool:
    """Whether what a network says can be seen in a small picture: two inputs, or one, and one answer or two classes."""
    network = ground.network
    return network.inputs in (1, 2) and network.outputs <= (2 if ground.data.classification else 1)


@np.errstate(all="ignore")  # who has diverged has no numbers
def picture(plate: Plate, moment: Moment) -> Pixels:
    """All cells, on the canvas; (height, width) of the board."""
    board, colors = plate.board, plate.colors
    count = len(moment.losses)
    cells = np.full((count, board.height, board.width), 0xFF000000 | colors.mix("canvas", "raised", 0.5), np.uint32)
    if board.map is not None and plate.shows_plane:
        _window(cells, board.map)[:] = plane_maps(plate, moment)
    elif board.map is not None:
        _draw_fit(plate, moment, _window(cells, board.map))
        _draw_rule(plate, cells)
    _draw_losses(plate, moment, _window(cells, board.curve))
    _round(cells, RADIUS * board.scale, colors["canvas"])
    wide, high = board.size
    whole = np.full((high, wide), 0xFF000000 | colors["canvas"], dtype=np.uint32)
    for index, cell in enumerate(cells):
        row, column = divmod(index, len(board.xs))
        x, y = board.xs[column] - board.xs[0], board.ys[row] - board.ys[0]
        whole[y : y + board.height, x : x + board.width] = cell
    return whole


def _window(cells: Pixels, box: Box) -> Pixels:
    left, top, width, height = box
    return cells[:, top : top + height, left : left + width]


# -- maps of the plane -----------------------------------------------------------------------------------------------


def plane_maps(plate: Plate, moment: Moment) -> Pixels:
    """What all say all over the plane; wider or higher than the data where a cell is, so that nothing is distorted."""
    assert plate.board.map is not None
    _x, _y, width, height = plate.board.map
    ground, colors = plate.ground, plate.colors
    xs, ys = plane_lines(ground, width, height)
    x = np.empty((ys.size, xs.size, 2))
    x[..., 0], x[..., 1] = xs, ys[:, None]
    said = np.stack([_said(ground, each, x.reshape(-1, 2)) for each in moment.parameters])
    values = enlarged(_signed(ground, said).reshape(-1, ys.size, xs.size), height, width)
    values = np.where(moment.diverged[:, None, None], np.float32(0.0), values)
    places = np.clip(np.nan_to_num(values), -1, 1)
    pixels = shades(colors)[((places + 1) * ((SHADES - 1) / 2) + 0.5).astype(np.uint8)]
    if ground.data.classification:
        blend(pixels, boundary(values, plate.board.scale), colors["text"])
    return np.asarray(pixels)


def plane_lines(ground: Ground, width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Columns and rows of a map whose pixels mean the same across as down, as in the Output view."""
    margin = CLASS_MARGIN if ground.data.classification else NUMBER_MARGIN
    plane = plane_around(ground.data.inputs, margin)
    half = np.array((plane.right - plane.left, plane.top - plane.bottom)) / 2
    middle = np.array((plane.right + plane.left, plane.top + plane.bottom)) / 2
    wide = half * np.array((max(1.0, width / height), max(1.0, height / width)))
    least = min(POINTS, max(4, round(min(width, height) / PIXELS)))
    counts = [max(4, round(least * side / min(width, height))) for side in (width, height)]
    return (
        np.linspace(middle[0] - wide[0], middle[0] + wide[0], counts[0]),
        np.linspace(middle[1] + wide[1], middle[1] - wide[1], counts[1]),
    )


def _said(ground: Ground, parameters: Floats, x: NDArray[np.float64]) -> Floats:
    out = activations(ground.network, parameters.astype(np.float64), x, ground.mask)[-ground.network.outputs :]
    return np.asarray(answer(np.moveaxis(out.astype(np.float64), 0, -1)), dtype=np.float32)


def _signed(ground: Ground, said: Floats) -> Floats:
    """Answers as −1 … 1: 0 is where one class meets the other, or the number 0."""
    if not ground.data.classification:
        return said / np.float32(float(np.abs(ground.data.targets).max()) or 1.0)
    middle = 0.0 if ground.network.outputs > 1 else metrics.decision(ground.options.loss)
    return np.float32(1 / (1 - middle)) * (said - np.float32(middle))


def enlarged(grids: Floats, height: int, width: int) -> Floats:
    """Grids whose first and last points lie on the edges, to so many pixels; straight from point to point."""
    rows, columns = grids.shape[1:]
    tall = _between(grids, np.linspace(0, rows - 1, height), axis=1)
    return _between(tall, np.linspace(0, columns - 1, width), axis=2)


def _between(grids: Floats, places: NDArray[np.float64], axis: int) -> Floats:
    low = np.minimum(places.astype(np.intp), grids.shape[axis] - 2)
    share = (places - low).astype(np.float32)
    share = share[:, None] if axis == 1 else share
    first = np.take(grids, low, axis)
    return np.asarray(first + share * (np.take(grids, low + 1, axis) - first))


def boundary(values: Floats, scale: float) -> Floats:
    """How much of each pixel a line of one px covers where the value is 0."""
    steep = np.hypot(np.gradient(values, axis=1), np.gradient(values, axis=2))
    near = np.abs(values) / np.maximum(steep, np.float32(1e-6))
    cover = np.clip(np.float32(0.5 * LINE * scale + 0.5) - near, 0, 1)
    return np.where(steep > 1e-4, cover, np.float32(0.0))


# -- lines -------------------------------------------------------------------------------------------------------------


def _draw_losses(plate: Plate, moment: Moment, cells: Pixels) -> None:
    """The losses of all, from the start to now, on one logarithmic scale."""
    colors, (low, high) = plate.colors, loss_range(moment, plate.ground.options.goal)
    logs = np.log10(np.maximum(moment.curves.astype(np.float64), low / 10))
    shares = ((np.log10(high) - logs) / (np.log10(high) - np.log10(low))).astype(np.float32)
    ground = 0xFF000000 | colors.mix("canvas", "raised", 0.5)
    muted = look.blend(ground & 0xFFFFFF, colors["bad"], DIM)
    inks = np.where(moment.diverged, muted, colors["text2"])
    goal = plate.ground.options.goal
    if goal is not None and low <= goal <= high:
        level = (np.log10(high) - np.log10(goal)) / (np.log10(high) - np.log10(low))
        row = min(cells.shape[1] - 1, round(float(level) * (cells.shape[1] - 1)))
        cells[:, row, :: max(2, round(3 * plate.board.scale))] = 0xFF000000 | colors["good"]
    blend(cells, covered(shares, cells.shape[1], cells.shape[2], LINE * plate.board.scale), inks)


def loss_range(moment: Moment, goal: float | None) -> tuple[float, float]:
    """The least and the largest loss that curves have room for, at least a decade apart."""
    known = moment.curves[np.isfinite(moment.curves) & (moment.curves > 0)]
    firsts = moment.firsts[np.isfinite(moment.firsts) & (moment.firsts > 0)]
    high = CEILING * float(firsts.max()) if firsts.size else 1.0
    low = min(float(known.min()), high / 10) if known.size else high / 10
    return max(1e-12, min(low, goal or low)), max(high, 1e-11)


def covered(shares: Floats, height: int, width: int, thick: float) -> Floats:
    """How much of each pixel lines cover that run from left to right; in shares of the way down, NaN for none."""
    places = np.linspace(0, shares.shape[1] - 1, width + 1)
    low = np.minimum(places.astype(np.intp), shares.shape[1] - 2)
    part = (places - low).astype(np.float32)
    inner = height - thick
    ends = (shares[:, low] * (1 - part) + np.where(part > 0, shares[:, low + 1] * part, 0)) * inner + thick / 2
    top = np.minimum(ends[:, :-1], ends[:, 1:]) - thick / 2
    bottom = np.maximum(ends[:, :-1], ends[:, 1:]) + thick / 2
    rows = np.arange(height, dtype=np.float32)[:, None]
    cover = np.minimum(bottom[:, None], rows + 1) - np.maximum(top[:, None], rows)
    return _widened(np.nan_to_num(np.clip(cover, 0, 1)).astype(np.float32), thick - 1)


def _widened(cover: Floats, more: float) -> Floats:
    """The same for lines that are so many pixels wider where they are steep."""
    wide = cover.copy()
    np.maximum(wide[..., 1:], np.float32(min(1.0, more)) * cover[..., :-1], out=wide[..., 1:])
    if more > 1:
        np.maximum(wide[..., :-1], np.float32(min(1.0, more - 1)) * cover[..., 1:], out=wide[..., :-1])
    return wide


def _draw_rule(plate: Plate, cells: Pixels) -> None:
    """A hairline between two plots."""
    assert plate.board.map is not None
    _left, _top, width, height = plate.board.map
    ink = np.uint32(0xFF000000 | plate.colors["line"])
    if plate.board.is_flat:
        cells[:, :, width] = ink
    else:
        cells[:, height, :] = ink


def _draw_fit(plate: Plate, moment: Moment, cells: Pixels) -> None:
    """One input: the data as dots, and what each network says from left to right."""
    ground, colors = plate.ground, plate.colors
    x, y = ground.data.inputs[:, 0], ground.data.targets.mean(axis=1)
    left, right = _around(x)
    bottom, top = _around(y)
    points = np.linspace(left, right, 2 * POINTS)[:, None]
    said = np.stack([_said(ground, each, points) for each in moment.parameters])
    said[moment.diverged] = np.nan
    height, width = cells.shape[1:]
    size = max(1, round(DOT * plate.board.scale))
    across = ((x - left) / (right - left) * (width - size)).astype(np.intp)
    down = ((top - y) / (top - bottom) * (height - size)).astype(np.intp)
    for dx in range(size):
        for dy in range(size):
            cells[:, down + dy, across + dx] = 0xFF000000 | colors["text3"]
    shares = np.clip((np.float32(top) - said) / np.float32(top - bottom), -1, 2)
    blend(cells, covered(shares, height, width, 1.2 * LINE * plate.board.scale), colors["pos"])


def _around(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    edge = 0.1 * (high - low) or 1.0
    return low - edge, high + edge


# -- pixels ------------------------------------------------------------------------------------------------------------


def blend(cells: Pixels, cover: Floats, inks: int | NDArray[np.int64]) -> None:
    """Lays ink over cells, as much as covered; one ink, or one for each cell."""
    spots = np.nonzero(cover > 0.02)
    share = cover[spots]
    under = cells[spots]
    ink = np.asarray(inks)[spots[0]] if np.ndim(inks) else np.full(1, inks)
    mixed = np.full(len(share), 0xFF000000, dtype=np.uint32)
    for shift in (16, 8, 0):
        low = ((under >> np.uint32(shift)) & np.uint32(255)).astype(np.float32)
        high = ((ink >> shift) & 255).astype(np.float32)
        mixed |= (low + (high - low) * share + 0.5).astype(np.uint32) << np.uint32(shift)
    cells[spots] = mixed


def _round(cells: Pixels, radius: float, canvas: int) -> None:
    """Round corners."""
    height, width = cells.shape[1:]
    side = min(int(np.ceil(radius)), height // 2, width // 2)
    ticks = np.arange(side) + 0.5
    away = np.hypot(radius - ticks[:, None], radius - ticks[None, :])
    corner = np.clip(away - radius + 0.5, 0, 1).astype(np.float32)
    for rows, columns, cover in (
        (slice(0, side), slice(0, side), corner),
        (slice(0, side), slice(width - side, width), corner[:, ::-1]),
        (slice(height - side, height), slice(0, side), corner[::-1]),
        (slice(height - side, height), slice(width - side, width), corner[::-1, ::-1]),
    ):
        part = cells[:, rows, columns]
        blend(part, np.broadcast_to(cover, part.shape), canvas)
