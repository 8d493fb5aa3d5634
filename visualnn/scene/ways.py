"""The ways slopes took back from the outputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from visualnn.nn.by_hand import CROSS_ENTROPIES
from visualnn.nn.passes import overflowing
from visualnn.nn.trace import Trace
from visualnn.scene.timeline import Step

MOST_LINKS = 24  # of a whole layer: of more, those whose slopes are the strongest
MOST_WAYS = 3  # that lead back to one neuron: of more, the strongest
Link = tuple[int, int, int]  # layer, source, neuron


@dataclass(frozen=True, slots=True)
class Way:
    """The way slopes took from the outputs to what a step is about; nothing comes through a closed neuron."""

    links: frozenset[Link] = frozenset()
    wires: frozenset[tuple[int, int]] = frozenset()  # (column, neuron): from its activation block to its sum


NO_WAY = Way()


def way_back(trace: Trace, step: Step) -> Way:
    """The way to what a step of the backward pass is about; the strongest ways, where there are many."""
    if step.phase != "Backward" or step.kind == "slope_output":
        return NO_WAY
    column, n = step.layer + 1, step.neuron
    links, wires = _beyond(trace, column, n)
    if step.kind != "slope_neuron" and trace.slopes[step.layer].dz[n] != 0.0:
        wires |= _wires(trace, column, [n])
        if step.source is not None:
            links.add((step.layer, step.source, n))
    return Way(frozenset(links), frozenset(wires))


def _beyond(trace: Trace, column: int, neuron: int) -> tuple[set[Link], set[tuple[int, int]]]:
    """What lies between the outputs and what a neuron passes on."""
    links: set[Link] = set()
    wires: set[tuple[int, int]] = set()
    here, most = [neuron], MOST_WAYS
    for layer in range(column, len(trace.layers)):
        found = [(n, m) for n in here for m in _strongest(trace, layer, n, most)]
        links |= {(layer, n, m) for n, m in found}
        here, most = sorted({m for _n, m in found}), 1
        wires |= _wires(trace, layer + 1, here)
    return links, wires


def _wires(trace: Trace, column: int, neurons: Iterable[int]) -> set[tuple[int, int]]:
    """From the blocks of these neurons to their sums, but where slopes begin at the sums."""
    if column == len(trace.layers) and trace.loss_name in CROSS_ENTROPIES:
        return set()
    return {(column, n) for n in neurons}


@lru_cache(maxsize=8)
@overflowing
def ways_of_layer(trace: Trace, layer: int) -> Way:
    """Back through all connections of a layer that bring something; the strongest ones, where there are many."""
    slopes = trace.slopes[layer]
    x, dz = (np.abs(np.nan_to_num(values)) for values in (slopes.x, slopes.dz))
    sources, neurons = (np.sort(np.argsort(-values, kind="stable")[:MOST_LINKS]) for values in (x, dz))
    products = np.outer(x[sources], dz[neurons])
    many = x.size * dz.size > MOST_LINKS
    brought = products > 0.0 if many else np.broadcast_to(dz[neurons] > 0.0, products.shape)
    if slopes.keep is not None:
        brought = brought & (slopes.keep.w[np.ix_(sources, neurons)] != 0.0)
    order = np.argsort(np.where(brought, -products, np.inf), axis=None, kind="stable")[:MOST_LINKS]
    found = [divmod(int(place), neurons.size) for place in order if brought.flat[place]]
    links = frozenset((layer, int(sources[i]), int(neurons[n])) for i, n in found)
    return Way(links, frozenset(_wires(trace, layer + 1, {n for _layer, _source, n in links})))


@overflowing
def _strongest(trace: Trace, layer: int, source: int, most: int) -> list[int]:
    """The neurons that bring most of the slope back to a source; none that brings nothing."""
    products = np.abs(np.nan_to_num(trace.layers[layer].w[source] * trace.slopes[layer].dz))
    order = np.argsort(-products, kind="stable")[:most]
    return [int(m) for m in order if products[m] > 0.0]
