"""The operations of one update in order: forward, loss, backward, update.

Nothing is listed: a step is worked out from its number, so that a network of a million weights has a timeline too.
Step k stands between the moments t = k−1 and t = k; at t = 0 nothing has happened yet.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import ceil
from typing import Literal

from visualnn.nn.by_hand import CROSS_ENTROPIES
from visualnn.nn.network import Network
from visualnn.scene.frame import Place

Phase = Literal["Forward", "Loss", "Backward", "Update"]
Grain = Literal["operation", "neuron", "layer", "pass"]
GRAINS: tuple[Grain, ...] = ("operation", "neuron", "layer", "pass")


@dataclass(frozen=True, slots=True)
class Step:
    """One operation. `number` counts from 1 over the whole timeline; layer 0 is the first after the inputs."""

    number: int
    phase: Phase
    kind: str
    layer: int
    neuron: int = 0
    source: int | None = None

    @property
    def place(self) -> Place:
        """What on the stage this operation is about."""
        column = self.layer + 1
        if self.source is not None:
            return Place("weight", column, self.neuron, self.source)
        if self.kind in ("activate", "shortcut", "slope_gate"):
            return Place("gate", column, self.neuron)
        if self.kind in ("bias", "slope_bias", "update_bias"):
            return Place("bias", column, self.neuron)
        return Place("neuron", column, self.neuron)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of steps of one phase in one layer, `group` steps for each neuron."""

    phase: Phase
    kind: str
    layer: int
    neurons: int
    group: int

    @property
    def length(self) -> int:
        """How many steps."""
        return self.neurons * self.group


@dataclass(frozen=True)
class Timeline:
    """All steps for one row. Without a loss the timeline ends after the forward pass; in a batch rows are averaged."""

    network: Network
    loss: str | None = None
    batched: bool = False

    def operations(self, layer: int) -> tuple[str, ...]:
        """What a neuron of this layer does after its multiplications."""
        activates = () if self.network.activations[layer] == "linear" else ("activate",)
        skips = () if self.network.shortcuts[layer + 1] is None else ("shortcut",)
        return ("sum", "bias", *activates, *skips)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The runs of steps, in order."""
        net, last = self.network, len(self.network.layers) - 1
        found = []
        for layer in range(last + 1):
            operations = net.sizes[layer] + len(self.operations(layer))
            found.append(Stretch("Forward", "forward", layer, net.sizes[layer + 1], operations))
        if self.loss is None:
            return tuple(found)
        found += [Stretch("Loss", "miss", last, net.outputs, 1), Stretch("Loss", "loss", last, 1, 1)]
        if self.batched:
            found.append(Stretch("Loss", "mean", last, 1, 1))
        for layer in range(last, -1, -1):
            units = net.sizes[layer + 1]
            found.append(Stretch("Backward", "slope_output" if layer == last else "slope_neuron", layer, units, 1))
            if net.activations[layer] != "linear" and (layer < last or self.loss not in CROSS_ENTROPIES):
                found.append(Stretch("Backward", "slope_gate", layer, units, 1))
            found.append(Stretch("Backward", "slope_weight", layer, units, net.sizes[layer]))
            found.append(Stretch("Backward", "slope_bias", layer, units, 1))
        for layer in range(last + 1):
            found.append(Stretch("Update", "update_weight", layer, net.sizes[layer + 1], net.sizes[layer]))
            found.append(Stretch("Update", "update_bias", layer, net.sizes[layer + 1], 1))
        return tuple(found)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """How many steps come before each stretch; the last entry is the number of all steps."""
        return (0, *accumulate(s.length for s in self.stretches))

    def __len__(self) -> int:
        return self.starts[-1]

    @cached_property
    def phases(self) -> tuple[tuple[Phase, int], ...]:
        """The phases with their numbers of steps."""
        counts: dict[Phase, int] = {}
        for stretch in self.stretches:
            counts[stretch.phase] = counts.get(stretch.phase, 0) + stretch.length
        return tuple(counts.items())

    @property
    def forward_length(self) -> int:
        """Steps of the forward pass."""
        return self.phases[0][1]

    def step(self, number: int) -> Step:
        """Step 1 … len(self). Raises IndexError outside."""
        if not 1 <= number <= len(self):
            raise IndexError(f"there is no step {number} of {len(self)}")
        index = bisect_right(self.starts, number - 1) - 1
        stretch = self.stretches[index]
        neuron, part = divmod(number - 1 - self.starts[index], stretch.group)
        kind, source = self._kind(stretch, part)
        return Step(number, stretch.phase, kind, stretch.layer, neuron, source)

    def _kind(self, stretch: Stretch, part: int) -> tuple[str, int | None]:
        if stretch.kind in ("slope_weight", "update_weight"):
            return stretch.kind, part
        if stretch.kind != "forward":
            return stretch.kind, None
        inputs = self.network.sizes[stretch.layer]
        return ("multiply", part) if part < inputs else (self.operations(stretch.layer)[part - inputs], None)

    def flows_at(self, t: float) -> bool:
        """Whether whole layers can be seen at work at a moment: within a pass or the update."""
        inside = 0 < t < len(self) and t != self.forward_length
        return inside and self.step(ceil(t)).phase != "Loss"

    def ends_layer(self, t: float) -> bool:
        """Whether a layer has just been finished."""
        return t > 0 and self.after(t - 0.5, "layer") == t

    def after(self, t: float, grain: Grain) -> int:
        """The next stop to the right of t at this grain."""
        done = int(t)  # whole steps behind us
        return self._group(min(done, len(self) - 1), grain)[1]

    def before(self, t: float, grain: Grain) -> int:
        """The next stop to the left of t at this grain."""
        running = int(t) if t > int(t) else int(t) - 1
        return self._group(max(running, 0), grain)[0]

    def _group(self, index: int, grain: Grain) -> tuple[int, int]:
        """First and last moment of the group of steps that holds step index + 1."""
        if grain == "operation":
            return index, index + 1
        place = bisect_right(self.starts, index) - 1
        stretch = self.stretches[place]
        if grain == "neuron":
            start = self.starts[place] + (index - self.starts[place]) // stretch.group * stretch.group
            return start, start + stretch.group

        def same(other: Stretch) -> bool:
            return other.phase == stretch.phase and (grain == "pass" or other.layer == stretch.layer)

        first, last = place, place
        while first and same(self.stretches[first - 1]):
            first -= 1
        while last + 1 < len(self.stretches) and same(self.stretches[last + 1]):
            last += 1
        return self.starts[first], self.starts[last + 1]

    def find(self, kind: str, layer: int, neuron: int) -> int | None:
        """The number of the first step of a kind at a neuron, or None."""
        for index, stretch in enumerate(self.stretches):
            if stretch.layer != layer or neuron >= stretch.neurons:
                continue
            for part in range(stretch.group) if stretch.kind == "forward" else (0,):
                if self._kind(stretch, part)[0] == kind:
                    return self.starts[index] + neuron * stretch.group + part + 1
        return None
