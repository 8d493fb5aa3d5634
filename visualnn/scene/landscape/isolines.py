"""Contour lines of a relief as lines of points, and where on them their loss is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.contours import contour, joined
from visualnn.scene.frame import Item, Line, Text
from visualnn.scene.landscape.board import Area, touch
from visualnn.scene.landscape.heights import field
from visualnn.scene.landscape.levels import levels
from visualnn.scene.landscape.plot import Plot, Points, thinned
from visualnn.scene.landscape.ramp import Palette, channels, color_at
from visualnn.scene.landscape.relief import TALL, Relief
from visualnn.scene.look import RGB, Look, blend, text_width
from visualnn.scene.scales import tick_text

THIN, MAIN = (1.0, 0.40), (1.3, 0.72)  # px, and how much of the ink
CLOSEST = 4.0  # px from a line to the next; where they would be closer, only main ones are drawn
PACE = 0.8  # px from a point of a line to the next, about
LABEL, PAD = 11.0, 4.0  # px of the letters, and beside them
APART, EDGE = 120.0, 6.0  # px from a label to another of its line, and to the edges of the map
HIGH = 15.0  # px of a label
FEWEST, SOME = 2, 4  # main lines that suffice, and how many others are written where they do not
SHORTEST = 72.0  # px of a line that is labelled
SMALL = 34.0  # px: a closed line that is narrower is not labelled
ALONE = 1.7  # times its width: so much of its line, and no more, a label may cover
STUMP = 48.0  # px: a shorter piece of a line between two crowded ones is not drawn
DARK, LIGHT = 0x0B0E18, 0xFFFFFF


@dataclass(frozen=True, eq=False, slots=True)
class Isoline:
    """Where the loss is the same: lines of points (n, 2)."""

    loss: float
    share: float  # how high that is, 0…1
    is_main: bool
    lines: tuple[Points, ...]


def isolines(relief: Relief) -> tuple[Isoline, ...]:
    """The lines at the levels of the relief in the coordinates of its window, the lowest first; none on a plain."""
    x0, x1, y0, y1 = relief.window
    low, extent = np.array([x0, y0]), np.array([x1 - x0, y1 - y0])
    return tuple(replace(each, lines=tuple(low + line * extent for line in each.lines)) for each in _traced(relief))


@lru_cache(maxsize=4)
def _traced(relief: Relief) -> tuple[Isoline, ...]:
    """The same in shares of the window, 0…1."""
    across, first, main = levels(relief)
    if not across > 0:
        return ()
    grid = _grid(relief)
    known = grid[np.isfinite(grid)]
    if not known.size:
        return ()
    found = []
    for number in range(ceil(float(known.min()) * across - first), floor(across - first) + 1):
        share = (number + first) / across
        lines = _lines(grid, share)
        if lines and 0 <= share <= 1:
            found.append(Isoline(relief.loss(share), share, number % main == 0, lines))
    return tuple(found)


@lru_cache(maxsize=4)
def _rim(relief: Relief) -> tuple[Points, ...]:
    """Where what is cut off begins."""
    return _lines(_grid(relief), 1.0) if relief.is_clipped else ()


def ruled(relief: Relief, plot: Plot, look: Look, palette: Palette = "vivid") -> Iterator[Item]:
    """The lines in a plot that shows the relief's window, with gaps for the losses written into some of them."""
    boxes: list[Area] = []
    texts: list[Item] = []
    placed = [(line, [_spots(plot, shares) for shares in line.lines]) for line in _traced(relief)]
    named = _named([line for line, _parts in placed])
    for line, parts in placed:
        if line in named and len(texts) < _most(plot):
            label = tick_text(float(f"{line.loss:.{2 if line.is_main else 3}g}"))
            for x, y in _places(plot, parts, text_width(label, LABEL) + 2 * PAD, boxes):
                texts.append(Text(x, y, label, LABEL, 600, _letters(line.share, look, palette)))
    for line, parts in placed:
        width, strength = MAIN if line.is_main else THIN
        ink = blend(color_at(line.share, look, palette), LIGHT if look.dark else DARK, strength)
        for spots in parts:
            for run in _shown(relief, plot, spots, line.is_main, boxes):
                yield Line(thinned(run, PACE), ink, width)
    for shares in _rim(relief):
        yield Line(thinned(_spots(plot, shares), PACE), look["warn"], 1.6)
    yield from texts


def _grid(relief: Relief) -> NDArray[np.float64]:
    """Shares of the height, no number where a line must not run."""
    made = field(relief)
    return np.where(made[..., 3] < 0, np.nan, made[..., 0].astype(np.float64))


def _lines(grid: NDArray[np.float64], share: float) -> tuple[Points, ...]:
    """In shares of the window."""
    rows, columns = grid.shape
    return tuple(line / (columns - 1, rows - 1) for line in joined(contour(grid, share)))


def _spots(plot: Plot, shares: Points) -> Points:
    return np.asarray((plot.left, plot.bottom) + shares * (plot.width, -plot.height))


def _named(lines: list[Isoline]) -> list[Isoline]:
    """Whose losses are written: those of the main ones, and where there are hardly any, of some others."""
    main = [line for line in lines if line.is_main]
    if len(main) >= FEWEST:
        return main
    return [*main, *[line for line in lines[1 :: max(1, len(lines) // SOME)] if not line.is_main]]


def _most(plot: Plot) -> int:
    """How many losses are written at most."""
    return max(3, round(plot.width * plot.height / 30_000))


def _letters(share: float, look: Look, palette: Palette) -> RGB:
    """Dark or light letters, whichever are read better on that height's colour."""
    red, green, blue = (part**2.2 for part in channels(color_at(share, look, palette)))
    return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.2 else LIGHT


def _places(plot: Plot, parts: list[Points], wide: float, boxes: list[Area]) -> list[tuple[float, float]]:
    """Where a loss is written on a line: at its most level places, on none of the boxes, which it is added to."""
    found: list[tuple[float, float]] = []
    for spots in sorted(parts, key=_length, reverse=True)[:4]:
        if _length(spots) < SHORTEST + wide or np.ptp(spots, axis=0).min() < SMALL * (spots[0] == spots[-1]).all():
            continue
        for x, y in _level(spots, wide):
            box = (x, y, wide, HIGH)
            far = all(abs(x - a) + abs(y - b) > APART for a, b in found)
            inside = plot.holds(x - wide / 2, y - HIGH / 2, EDGE) and plot.holds(x + wide / 2, y + HIGH / 2, EDGE)
            alone = _covered(spots, box) < ALONE * wide
            if far and inside and alone and not any(touch(box, other) for other in boxes):
                boxes.append(box)
                found.append((x, y))
                break
    return found


def _length(spots: Points) -> float:
    return float(np.linalg.norm(np.diff(spots, axis=0), axis=1).sum())


def _covered(spots: Points, box: Area) -> float:
    """How many px of a line lie in a box."""
    middles = (spots[:-1] + spots[1:]) / 2
    inside = (np.abs(middles - box[:2]) * 2 < box[2:]).all(axis=1)
    return float(np.linalg.norm(np.diff(spots, axis=0), axis=1)[inside].sum())


def _level(spots: Points, wide: float) -> list[tuple[float, float]]:
    """Points of a line, those first around which it runs across for the width of a label."""
    way = np.linalg.norm(np.diff(spots, axis=0), axis=1)
    at = np.concatenate([[0.0], np.cumsum(way)])
    middles = np.linspace(wide / 2, at[-1] - wide / 2, 24)
    ends = np.stack([middles - wide / 2, middles, middles + wide / 2])
    x, y = (np.interp(ends, at, spots[:, k]) for k in (0, 1))
    steep = np.abs(np.diff(y, axis=0)).sum(axis=0) - 0.5 * np.abs(x[2] - x[0])
    order = np.argsort(steep, kind="stable")
    return list(zip(x[1][order].tolist(), y[1][order].tolist(), strict=True))


def _shown(relief: Relief, plot: Plot, spots: Points, is_main: bool, boxes: list[Area]) -> Iterator[Points]:
    """The parts of a line that are drawn: outside of the labels, and where there is room between lines."""
    hidden = np.zeros(len(spots), np.bool_)
    for x, y, wide, high in boxes:
        hidden |= (np.abs(spots[:, 0] - x) * 2 < wide) & (np.abs(spots[:, 1] - y) * 2 < high)
    dense = np.zeros_like(hidden) if is_main else _dense(relief, plot, spots)
    hidden |= dense
    if not hidden.any():
        yield spots
        return
    cuts = np.flatnonzero(np.diff(hidden.astype(np.int8))) + 1
    for part in np.split(np.arange(len(spots)), cuts):
        if not hidden[part[0]] and len(part) > 1 and not (dense.any() and _length(spots[part]) < STUMP):
            yield spots[part]


def _dense(relief: Relief, plot: Plot, spots: Points) -> NDArray[np.bool_]:
    """Where the next line is too close to be told apart."""
    made = field(relief)
    rows, columns, _ = made.shape
    j = np.clip(((spots[:, 0] - plot.left) / plot.width * (columns - 1)).round(), 0, columns - 1).astype(np.intp)
    i = np.clip(((plot.bottom - spots[:, 1]) / plot.height * (rows - 1)).round(), 0, rows - 1).astype(np.intp)
    x, y = made[i, j, 1] * 2 / plot.width, made[i, j, 2] * 2 / plot.height  # a rise of the world's height a px
    return np.asarray(np.hypot(x, y) / TALL * levels(relief).across * CLOSEST > 1)
