"""The portrait at one moment as a `Frame`, and what of it lies at a point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Vector
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Frame, Item, Line, Links, Place, Spot, Text
from visualnn.scene.landscape.portrait.bodies import Bodies
from visualnn.scene.landscape.portrait.pills import LARGE, Pill, fitting
from visualnn.scene.landscape.portrait.placing import Gap, Plan, plan
from visualnn.scene.landscape.portrait.sitter import Sitter, index_of, place_of
from visualnn.scene.landscape.portrait.strands import lit, quiet
from visualnn.scene.look import Look, sign_role, text_width
from visualnn.scene.pills import bezier

WITHIN = 8.0  # px from a connection that still mean it
FOOT = 0.45  # of half a neuron below its middle, from where it stands for its bias
POINTED = 1.4  # px that a connection is wider while it is pointed at
SAMPLES = 25  # points of a curve that a distance is measured to


@dataclass(frozen=True, eq=False)
class Portrait:
    """A plan and what is painted of it."""

    plan: Plan
    frame: Frame
    quiet: tuple[Links, ...]  # of the frame's connections those that do not change while only the two chosen ones do
    lit: tuple[Links, ...]


def portrait(sitter: Sitter, parameters: Vector, size: tuple[float, float], look: Look) -> Portrait:
    """A whole portrait."""
    return drawn(plan(sitter, size), parameters, look)


def drawn(made: Plan, parameters: Vector, look: Look, pointed: int | None = None) -> Portrait:
    """The portrait with these weights; `pointed` is the parameter that brightens.

    Of the frame `ground` and `moving` depend on the weights, all else on the plan alone.
    """
    still, layers = stills(made, look), made.sitter.network.views(parameters)
    below = tuple(quiet(gap, layers[gap.layer].w, look, all_lit=made.sitter.pair is None) for gap in made.gaps)
    above = tuple(lit(gap, layers[gap.layer].w, look) for gap in made.gaps if gap.chosen.size)
    ground = (*below, *above)
    moving: list[Item] = []
    for index, pill in made.pills.items():
        moving += _pill(made, (index, pill), float(parameters[index]), look, pointed=index == pointed)
    trails = still.trails
    if pointed is not None:
        trails += _brightened(made, ground, pointed, look)
        moving += _tag(made, pointed, float(parameters[pointed]), look)
    return Portrait(made, replace(still, ground=ground, moving=tuple(moving), trails=trails), below, above)


@lru_cache(maxsize=16)
def stills(made: Plan, look: Look) -> Frame:
    """What stays while the weights move, and where everything can be hit."""
    bodies = Bodies(made, look)
    cuts = tuple(item for gap in made.gaps for item in _cuts(gap, look))
    items, words = tuple(bodies.items()), tuple(bodies.words())
    return Frame(*made.size, (), items, words, spots=tuple(_spots(made)), trails=cuts)


def _cuts(gap: Gap, look: Look) -> list[Line]:
    """Connections that are cut, dashed, where all are drawn."""
    if gap.others is None:
        return []
    found = []
    for flat in np.flatnonzero(~gap.working).tolist():
        points = bezier(_ends(gap, flat), np.linspace(0, 1, SAMPLES))
        found.append(Line(tuple((x, y) for x, y in points.tolist()), look["line2"], 1.2, (3.0, 4.0)))
    return found


def _ends(gap: Gap, flat: int) -> tuple[float, float, float, float]:
    source, neuron = divmod(flat, gap.right.units)
    return gap.left.exit_x, gap.left.y_of(source), gap.right.entry_x, gap.right.y_of(neuron)


# -- numbers -----------------------------------------------------------------------------------------------------------


def _pill(made: Plan, at: tuple[int, Pill], value: float, look: Look, *, pointed: bool) -> list[Item]:
    """A number in its pill: violet where it is one of the chosen ones, faded where it stays as it is."""
    index, pill = at
    sitter, lettering = made.sitter, pill.lettering
    marked = sitter.pair is not None and index in sitter.pair
    lit = marked or pointed or sitter.pair is None
    value = 0.0 if value == 0 else value
    text = fitting(value, sitter.decimals, lettering, pill.wide)
    role, strength = sign_role(value, 0.0), 1.0 if lit else look.faded
    edge = look["accent"] if marked else look["text2"] if pointed else look.mix("canvas", role, 0.25 + 0.3 * strength)
    wide = min(pill.wide, text_width(text, lettering.size) + lettering.padding)
    fill = look.mix("canvas", role, (0.10 if look.dark else 0.05) * strength)
    ink = look[role] if lit or not look.dark else look.mix("canvas", role, 0.82)
    items: list[Item] = [Line(pill.leader, look["accent"], 1.5)] if pill.leader else []
    box = Box(pill.x, pill.y, wide, lettering.high, lettering.high / 2, fill, edge, 2.0 if marked else 1.0)
    return [*items, box, Text(pill.x, pill.y, text, lettering.size, 600 if marked else 550, ink)]


def _tag(made: Plan, index: int, value: float, look: Look) -> list[Item]:
    """The number of what is pointed at, if it has none of its own: over whatever else is there."""
    if index in made.pills:
        return []
    at = _middle(made, place_of(made.sitter.network, index))
    if at is None:
        return []
    text = number(value, made.sitter.decimals) if value == value else "NaN"
    wide = text_width(text, LARGE.size) + LARGE.padding
    x = min(max(at[0], wide / 2 + 2), made.size[0] - wide / 2 - 2)
    return _pill(made, (index, Pill(x, at[1], wide, LARGE)), value, look, pointed=True)


def _middle(made: Plan, place: Place) -> tuple[float, float] | None:
    """Where a number is written for as long as it is pointed at."""
    right, left = made.made.column(place.column), made.made.column(place.column - 1)
    if right is None or left is None:
        return None
    if place.source is None:
        return right.x, right.y_of(place.neuron) + right.half + LARGE.high / 2 + 3
    ends = left.exit_x, left.y_of(place.source), right.entry_x, right.y_of(place.neuron)
    ((x, y),) = bezier(ends, np.array([0.5])).tolist()
    return x, y


def _brightened(made: Plan, ground: tuple[Links, ...], index: int, look: Look) -> tuple[Item, ...]:
    """What is pointed at once more, above the others and wider."""
    place = place_of(made.sitter.network, index)
    gap = next((gap for gap in made.gaps if gap.layer == place.column - 1), None)
    if gap is None:
        return ()
    if place.source is None:
        y, side = gap.right.y_of(place.neuron), 2 * gap.right.half + 5
        radius = side / 2 if gap.right.form != "block" else 0.22 * side
        return (Box(gap.right.x, y, side, side, radius, None, look["text2"], 2.0),)
    width, sign = next(_strokes_of(ground, place), (1.2, 0))
    points = bezier(_ends(gap, place.source * gap.right.units + place.neuron), np.linspace(0, 1, SAMPLES))
    color = look[("neg", "zero", "pos")[sign + 1]]
    return (Line(tuple((x, y) for x, y in points.tolist()), color, width + POINTED),)


def _strokes_of(ground: tuple[Links, ...], place: Place) -> Iterator[tuple[float, int]]:
    """How wide a connection is drawn, and its sign, if it is."""
    for links in ground:
        if links.layer == place.column - 1:
            for at in np.flatnonzero((links.source == place.source) & (links.neuron == place.neuron)).tolist():
                yield float(links.width[at]), int(links.sign[at])


# -- what lies where ---------------------------------------------------------------------------------------------------


def _spots(made: Plan) -> list[Spot]:
    """Numbers, and the feet of neurons for their biases."""
    network, pair = made.sitter.network, made.sitter.pair or ()
    first = sorted(made.pills.items(), key=lambda at: at[0] not in pair)
    found = [
        Spot(place_of(network, index), pill.x, pill.y, pill.wide, pill.lettering.high + 2) for index, pill in first
    ]
    for column in made.made.columns:
        if column.index and column.drawn:
            found += [
                _foot(column.index, neuron, column.x, y, column.half) for neuron, y in enumerate(column.ys.tolist())
            ]
    return [spot for spot in found if not made.sitter.is_off(index_of(network, spot.place))]


def _foot(column: int, neuron: int, x: float, y: float, half: float) -> Spot:
    top, bottom = y + FOOT * half, y + half + 3
    return Spot(Place("bias", column, neuron), x, (top + bottom) / 2, 2 * half, bottom - top)


def parameter_at(made: Portrait, x: float, y: float) -> int | None:
    """Where in the flat vector the weight or bias lies that is meant by a point; None where there is none."""
    place = made.frame.at(x, y) or _strand_at(made.frame, x, y)
    return None if place is None else index_of(made.plan.sitter.network, place)


def _strand_at(frame: Frame, x: float, y: float) -> Place | None:
    """The connection that passes within `WITHIN` px, the nearest one, of equals the topmost."""
    best, found = WITHIN, None
    for links in frame.ground:
        if not isinstance(links, Links) or not len(links) or not links.x0 - WITHIN <= x <= links.x1 + WITHIN:
            continue
        apart = _distances(links, x, y)
        nearest = len(apart) - 1 - int(apart[::-1].argmin())
        if apart[nearest] <= best:
            best = float(apart[nearest])
            found = Place("weight", links.layer + 1, int(links.neuron[nearest]), int(links.source[nearest]))
    return found


def _distances(links: Links, x: float, y: float) -> NDArray[np.float64]:
    """How far a point is from each connection, whose curve is taken as short straight pieces."""
    unit = bezier((0.0, 0.0, 1.0, 1.0), np.linspace(0, 1, SAMPLES))
    xs = links.x0 + (links.x1 - links.x0) * unit[:, 0]
    ys = links.y0[:, None] + (links.y1 - links.y0)[:, None] * unit[:, 1]
    ax, bx, ay, by = xs[:-1] - x, xs[1:] - x, ys[:, :-1] - y, ys[:, 1:] - y
    dx, dy = bx - ax, by - ay
    share = np.clip(-(ax * dx + ay * dy) / np.maximum(dx * dx + dy * dy, 1e-12), 0.0, 1.0)
    return np.asarray(np.hypot(ax + share * dx, ay + share * dy).min(axis=1))
