"""What has to be said about a surface so that nobody is misled by it.

Four kinds, in the order of their honesty: a model of two weights or a formula, two chosen weights of a network, the
main directions of a path, two random directions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.landscape.surfaces import Classic
from visualnn.scene.formula import percent
from visualnn.scene.landscape.flatness import Names, Stretch, blamed, stretches
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.scales import tick_text

BRIEF = {  # half a line, for a list
    "formula": "by formula, exact",
    "weights": "only these two weights move, all others are fixed: exact",
    "path": "the main directions of a run: its path is a shadow on this slice",
    "random": "two random directions: no path can be drawn here",
}
EXACT = "All others are fixed, so this surface is exact."
MARKED = f"Only the two marked weights move. {EXACT}"
ALONE = "Nothing else moves, so this surface is exact."
BEYOND = "A real network has many more weights. A picture is then one thin slice of it."
ADDED = "y² is added, so that there is a surface."
FORMULA = "A formula of two numbers, not a network. Every height is exact."
RANDOM_WALK = 90  # %, of its movement about its end that two main directions keep of a walk at random
MODELS = {
    "bowl": f"A network of two weights that learns to add. {ALONE}",
    "valley": f"One ReLU neuron, a weight in and a weight out. {ALONE}",
    "twins": f"Two tanh neurons with a weight each. {ALONE}",
    "plateau": f"A sigmoid neuron that should say 1: its weight and its bias. {ALONE}",
    "sine": f"A neuron with one weight: sin(w·x) should be sin(2x). {ADDED}",
    "double_well": f"A formula of one number w, not a network. {ADDED}",
}
NETWORKS = ("bowl", "valley", "twins", "plateau")


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """A surface as it is shown. It is a classic one, or a plane through a network."""

    relief: Relief
    classic: Classic | None = None
    plane: Plane | None = None
    task: Task | None = None  # whose loss is drawn
    names: Names = ()  # of the network's neurons
    rows: int | None = None  # of the data, of which the task may have fewer
    update: int | None = None  # the surface is that of this update, and another one after the next
    marked: bool = False  # whether the two weights are marked on the network beside


def captions(seen: Seen) -> tuple[str, ...]:
    """All of it, the most important first: each one or two sentences."""
    return (*_kind(seen), *_rows(seen), *_flat(seen), *seen.relief.notes)


def of_classic(classic: Classic) -> tuple[str, ...]:
    """What a classic surface is."""
    return (MODELS.get(classic.name, FORMULA), *((BEYOND,) if classic.name in NETWORKS else ()))


def of_plane(plane: Plane, *, update: int | None = None, marked: bool = False) -> tuple[str, ...]:
    """What a plane through a network shows and hides."""
    made = {"weights": _of_weights, "path": _of_path, "random": _of_random}[plane.kind]
    return tuple(made(plane, update, marked))


def of_rows(used: int, every: int) -> str:
    """That a picture takes some of the rows only."""
    return f"Computed from {used:,} of {every:,} rows."


def of_stretch(stretch: Stretch, name: str, why: str = "") -> str:
    """That nothing changes along an axis, and why: “neuron d is off for every row”."""
    if stretch.is_whole:
        return f"Nothing changes along {name}: {why}." if why else f"Nothing changes along {name} here."
    if stretch.from_low:
        where = f"Up to {name} = {_about(stretch.high)} nothing changes along it."
    else:
        where = f"From {name} = {_about(stretch.low)} on nothing changes along it."
    return f"{where} {_capital(why)} there." if why else where


# -- the kinds -------------------------------------------------------------------------------------------------------


def _kind(seen: Seen) -> tuple[str, ...]:
    if seen.classic is not None:
        return of_classic(seen.classic)
    if seen.plane is not None:
        return of_plane(seen.plane, update=seen.update, marked=seen.marked)
    return ()


def _of_weights(plane: Plane, update: int | None, marked: bool) -> Iterator[str]:
    if update is not None:
        which = "The two marked weights vary." if marked else f"{plane.names[0]} and {plane.names[1]} vary."
        yield f"{which} All others are as they are at update {update:,}."
        yield "Next update, another surface."
        return
    yield MARKED if marked else f"Only {plane.names[0]} and {plane.names[1]} move. {EXACT}"
    if plane.kept is not None and plane.kept < 1:
        yield f"A whole run moves all weights: {percent(plane.kept)} of its movement lies here."


def _of_path(plane: Plane, _update: int | None, _marked: bool) -> Iterator[str]:
    yield f"The network has {plane.origin.size:,} weights and biases. This is one flat slice through them."
    if plane.kept is not None:
        kept = f"It keeps {percent(plane.kept)} of the path’s movement about its end."
        yield f"{kept} A walk at random would keep about {RANDOM_WALK} %."
    yield "Paths are shadows on it and may seem to float or cut corners."
    yield "A ball stands at its true loss, on a stalk where the surface differs."


def _of_random(plane: Plane, _update: int | None, _marked: bool) -> Iterator[str]:
    yield f"The network has {plane.origin.size:,} weights and biases. This is one flat slice through them."
    yield "Two random directions, each neuron’s as long as its own weights."
    if plane.kept is None:
        yield "No path lies in it, so no ball is drawn."
    elif plane.kept > 0:
        yield f"It keeps only {percent(plane.kept)} of the path, so no ball is drawn."
    else:
        yield "It keeps nothing of the path, so no ball is drawn."


def _rows(seen: Seen) -> Iterator[str]:
    if seen.task is not None and seen.rows is not None and seen.task.rows < seen.rows:
        yield of_rows(seen.task.rows, seen.rows)


def _flat(seen: Seen) -> Iterator[str]:
    found = [(stretch, _why(seen, stretch)) for stretch in stretches(seen.relief)]
    if len(found) == 2 and all(stretch.is_whole for stretch, _why in found):  # a note says that all is flat
        yield from (f"{_capital(why)}." for why in dict.fromkeys(why for _stretch, why in found if why))
        return
    for stretch, why in found:
        yield of_stretch(stretch, seen.relief.names[stretch.axis], why)


def _why(seen: Seen, stretch: Stretch) -> str:
    """What makes a stretch flat, as far as is known."""
    if seen.classic is not None:
        return "the neuron is off for every row" if seen.classic.name == "valley" else ""
    if seen.plane is None or seen.task is None or not seen.names:
        return ""
    found = blamed(seen.task, seen.plane, seen.relief, stretch)
    if found is None:
        return ""
    column, place = found
    name = seen.names[column][place]
    return f"neuron {name} is off for every row" if column else f"input {name} is 0 for every row"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _about(value: float) -> str:
    """A place on an axis in three digits."""
    return tick_text(float(f"{value:.3g}"))
