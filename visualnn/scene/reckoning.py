"""What is known after the forward pass: how far loss, slopes and update have come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.network import Vector
from visualnn.nn.trace import Trace
from visualnn.scene.timeline import Step, Timeline


@dataclass(frozen=True)
class Reckoning:
    """How far everything after the forward pass has come.

    `sums` and `outputs` count, layer by layer, the neurons whose slopes are known: those of their sums, and those of
    what they pass on, where the activation makes these differ.
    """

    trace: Trace
    step: Step  # the one that is going on
    targets: int  # outputs whose miss is known
    loss: float | None
    mean: float | None  # of the rows, where there are several
    sums: tuple[int, ...]
    outputs: tuple[int, ...]
    after: float | None = None  # the loss when the same inputs are run again
    single: bool = True  # whether one operation is at work, not whole layers

    @property
    def goes_back(self) -> bool:
        """Whether slopes are being worked out."""
        return self.step.phase == "Backward"

    @property
    def key(self) -> tuple[object, ...]:
        """What it looks like depends on these."""
        at = self.step if self.single else self.step.phase
        return at, self.targets, self.loss, self.mean, self.sums, self.outputs, self.after, self.single

    def slope_of_sum(self, layer: int, neuron: int) -> float | None:
        """How the loss reacts to a neuron's sum, if that is known."""
        return float(self.trace.slopes[layer].dz[neuron]) if neuron < self.sums[layer] else None

    def slope_of_output(self, layer: int, neuron: int) -> float | None:
        """How it reacts to what the neuron passes on, if that is known and not the same."""
        return float(self.trace.slopes[layer].da[neuron]) if neuron < self.outputs[layer] else None

    def slope_at_work(self) -> float | None:
        """How it reacts to the weight or bias that is going on."""
        step = self.step
        if step.kind == "slope_weight" and step.source is not None:
            return self.trace.slopes[step.layer].of_weight(step.source, step.neuron)
        return float(self.trace.slopes[step.layer].db[step.neuron]) if step.kind == "slope_bias" else None

    def slopes_of_sums(self, layer: int) -> Vector:
        """How it reacts to the sums of a layer, NaN where that is not known yet."""
        found = np.full(self.trace.slopes[layer].dz.size, np.nan)
        found[: self.sums[layer]] = self.trace.slopes[layer].dz[: self.sums[layer]]
        return found


def reckoning(trace: Trace, timeline: Timeline, number: int, *, single: bool = True) -> Reckoning:
    """After `number` steps, the last of which may still be going on."""
    done, last = _begun(timeline, number), len(trace.layers) - 1
    firsts = [done.get(("slope_output" if layer == last else "slope_neuron", layer), 0) for layer in range(last + 1)]
    gates = [done.get(("slope_gate", layer)) for layer in range(last + 1)]
    return Reckoning(
        trace,
        timeline.step(number),
        done[("miss", last)],
        trace.loss if done[("loss", last)] else None,
        trace.mean_loss if done.get(("mean", last)) else None,
        tuple(first if gate is None else gate for first, gate in zip(firsts, gates, strict=True)),
        tuple(0 if gate is None else first for first, gate in zip(firsts, gates, strict=True)),
        single=single,
    )


def _begun(timeline: Timeline, number: int) -> dict[tuple[str, int], int]:
    """The neurons that each kind of step has come to, by kind and layer, after the forward pass."""
    found = {}
    for start, stretch in zip(timeline.starts, timeline.stretches, strict=False):
        if stretch.phase != "Forward":
            begun = -((start - number) // stretch.group)
            found[stretch.kind, stretch.layer] = min(max(begun, 0), stretch.neurons)
    return found
