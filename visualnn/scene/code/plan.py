"""What a program has to do, without its numbers: the lines are the same as long as this is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from visualnn.nn.by_hand import added
from visualnn.nn.mask import Mask
from visualnn.nn.network import Network
from visualnn.nn.trace import Trace
from visualnn.scene.code.line import Names

MAX_NAMED = 120  # parameters up to which every number gets its own name
NEEDS_SUM = ("gelu", "silu", "softplus", "hard_sigmoid", "hard_silu")  # whose slopes cannot be told from what they make


@dataclass(frozen=True)
class Plan:
    """The network, what it learns by, and what is switched off in it."""

    network: Network
    names: Names
    loss: str | None = None
    rule: str | None = None  # the optimizer's name
    decays: bool = False
    l1: bool = False
    l2: bool = False
    clips: bool = False
    clips_norm: bool = False
    batched: bool = False
    certain: bool = True  # the targets of each row add up to 1
    listed: bool = False  # however small it is
    drops: bool = False  # `learn` is told which hidden neurons sit out
    silent: frozenset[tuple[int, int]] = frozenset()  # (column, neuron)
    cut: frozenset[int] = frozenset()  # parameters by their place; of a larger network the layers that have some

    @property
    def named(self) -> bool:
        """Whether every number has a name of its own."""
        return self.network.parameter_count <= MAX_NAMED and not self.listed

    @property
    def in_lists(self) -> Plan:
        """The same without names for the numbers."""
        return replace(self, listed=True, names=(), cut=self.cut_layers)

    @cached_property
    def activations(self) -> tuple[str, ...]:
        """The activation of every layer."""
        return self.network.activations

    @cached_property
    def _landings(self) -> dict[int, int]:
        return {source: column for column, source in enumerate(self.network.shortcuts) if source is not None}

    @cached_property
    def silent_columns(self) -> frozenset[int]:
        """The columns in which a neuron is silent."""
        return frozenset(column for column, _neuron in self.silent)

    @cached_property
    def cut_layers(self) -> frozenset[int]:
        """The layers in which something is cut."""
        if not self.named:
            return self.cut
        starts = [weights for weights, _biases in self.network.offsets]
        return frozenset(bisect_right(starts, place) - 1 for place in self.cut)

    @property
    def last(self) -> int:
        """The last layer."""
        return len(self.network.layers) - 1

    @property
    def changes_gradient(self) -> bool:
        """Whether something is done to the slopes before the update."""
        return self.l1 or self.l2 or self.clips or self.clips_norm

    def has_gate(self, layer: int) -> bool:
        """Whether slopes pass through an activation function here."""
        if layer == self.last and self.loss in ("binary_cross_entropy", "cross_entropy"):
            return False
        return self.activations[layer] != "linear"

    def keeps_sum(self, layer: int) -> bool:
        """Whether the sums have a line of their own, since the loss or a slope asks for them."""
        activation = self.activations[layer]
        if activation == "softmax":
            return True
        if self.loss is None or activation == "linear":
            return False
        if layer == self.last and self.loss == "binary_cross_entropy":
            return True
        return self.has_gate(layer) and (activation in NEEDS_SUM or self.changes_activation(layer))

    def drops_out(self, layer: int) -> bool:
        """Whether neurons of this layer sit out."""
        return self.drops and layer < self.last

    def changes_activation(self, layer: int) -> bool:
        """Whether what a neuron passes on is not what its activation function makes."""
        return self.network.shortcuts[layer + 1] is not None or self.drops_out(layer)

    def splits_slope(self, layer: int) -> bool:
        """Whether the slopes before the activation function have a line of their own."""
        softmax = self.activations[layer] == "softmax" and self.has_gate(layer)
        return softmax or (self.network.shortcuts[layer + 1] is not None and self.has_gate(layer))

    def shortcut_from(self, column: int) -> int | None:
        """The column that a shortcut from this one leads to."""
        return self._landings.get(column)


def plan_of(trace: Trace, names: Names) -> Plan:
    """The plan of the program that does what a trace has followed."""
    network, mask = trace.network, trace.mask
    small = network.parameter_count <= MAX_NAMED
    off = {"silent": _silent(network, mask), "cut": _cut(network, mask, small)}
    if trace.target is None:
        return Plan(network, names if small else (), **off)  # type: ignore[arg-type]
    options, optimizer = trace.options, trace.optimizer
    return Plan(
        network,
        names if small else (),
        trace.loss_name,
        None if optimizer is None else optimizer.name,
        decays=optimizer is not None and optimizer.weight_decay > 0,
        l1=options is not None and options.l1 > 0,
        l2=options is not None and options.l2 > 0,
        clips=options is not None and options.clip_value is not None,
        clips_norm=options is not None and options.clip_norm is not None,
        batched=trace.batch is not None,
        certain=all(added(row) == 1.0 for row in targets(trace)),
        **off,  # type: ignore[arg-type]
    )


def targets(trace: Trace) -> Iterator[list[float]]:
    """What the rows should give."""
    if trace.batch is not None:
        yield from trace.batch.targets.tolist()
    elif trace.target is not None:
        yield trace.target.tolist()


def _silent(network: Network, mask: Mask | None) -> frozenset[tuple[int, int]]:
    if mask is None:
        return frozenset()
    columns = enumerate(mask.columns(network))
    return frozenset((c, int(n)) for c, units in columns for n in np.flatnonzero(units == 0.0))


def _cut(network: Network, mask: Mask | None, small: bool) -> frozenset[int]:
    if mask is None:
        return frozenset()
    if small:
        return frozenset(np.flatnonzero(mask.parameters == 0.0).tolist())
    layers = enumerate(network.views(mask.parameters))
    return frozenset(layer for layer, (w, b) in layers if not (w.all() and b.all()))
