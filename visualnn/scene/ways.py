"""The ways slopes took back from the outputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.trace import Trace, overflowing
from visualnn.scene.timeline import Step

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
        wires.add((column, n))
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
        wires |= {(layer + 1, m) for m in here}
    return links, wires


@overflowing
def _strongest(trace: Trace, layer: int, source: int, most: int) -> list[int]:
    """The neurons that bring most of the slope back to a source; none that brings nothing."""
    products = np.abs(np.nan_to_num(trace.layers[layer].w[source] * trace.slopes[layer].dz))
    order = np.argsort(-products, kind="stable")[:most]
    return [int(m) for m in order if products[m] > 0.0]
