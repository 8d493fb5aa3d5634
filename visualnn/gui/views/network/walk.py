"""Ways from place to place; `sizes` are the units of every column."""

from __future__ import annotations

from dataclasses import replace

from visualnn.scene.frame import Place

FIRST = Place("neuron", 0, 0)


def above(sizes: tuple[int, ...], place: Place | None, direction: int = 1) -> Place:
    """The neuron above (−1: below), going round."""
    if place is None:
        return FIRST
    return Place("neuron", place.column, (place.neuron - direction) % sizes[place.column])


def beside(sizes: tuple[int, ...], place: Place | None, direction: int) -> Place:
    """A neuron in the column to the right (−1: to the left)."""
    place = place or FIRST
    column = max(0, min(place.column + direction, len(sizes) - 1))
    return Place("neuron", column, min(place.neuron, sizes[column] - 1))


def connection(sizes: tuple[int, ...], place: Place) -> Place:
    """The next of the connections into a neuron (out of it, for an input)."""
    if place.kind == "weight":
        return replace(place, source=((place.source or 0) + 1) % sizes[place.column - 1])
    if place.column == 0:
        return Place("weight", 1, 0, place.neuron)
    return Place("weight", place.column, place.neuron, 0)
