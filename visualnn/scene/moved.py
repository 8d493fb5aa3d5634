"""The parameters while an update goes on."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.nn.network import LayerParameters
from visualnn.nn.trace import Trace
from visualnn.scene.timeline import Step


def _rank(layer: int, neuron: int, source: int | None) -> tuple[int, bool, int, int]:
    """When a parameter is updated."""
    return layer, source is None, neuron, source or 0


@dataclass(frozen=True, eq=False)
class Moved:
    """The parameters in an update: new up to `step`, whose own one has come `share` of its way, as before after it.

    `whole`: all parameters of its layer are on their way together.
    """

    trace: Trace
    step: Step
    share: float
    whole: bool = False

    def layer(self, layer: int) -> LayerParameters:
        """Weights and biases of a layer; made when they are asked for."""
        network, after = self.trace.network, self.trace.updated
        assert after is not None
        if layer != self.step.layer:
            return network.views(after if layer < self.step.layer else self.trace.parameters)[layer]
        if self.whole:
            return self._blended(layer)
        (first, biases), units = network.offsets[layer], network.sizes[layer + 1]
        now, n, source = self.trace.parameters[first : biases + units].copy(), self.step.neuron, self.step.source
        new = after[first : biases + units]
        w, b, size = now[: biases - first].reshape(-1, units), now[biases - first :], biases - first
        if source is None:
            now[: size + n] = new[: size + n]
            b[n] = self.own
        else:
            w[:, :n] = new[:size].reshape(-1, units)[:, :n]
            w[:source, n] = new[:size].reshape(-1, units)[:source, n]
            w[source, n] = self.own
        return LayerParameters(w, b)

    def _blended(self, layer: int) -> LayerParameters:
        assert self.trace.updated is not None
        old, new = (self.trace.network.views(flat)[layer] for flat in (self.trace.parameters, self.trace.updated))
        w, b = (a + self.share * (z - a) for a, z in zip(old, new, strict=True))
        return LayerParameters(w, b)

    def one(self, layer: int, neuron: int, source: int | None) -> float:
        """A weight, or a bias where there is no source."""
        mine, working = _rank(layer, neuron, source), _rank(self.step.layer, self.step.neuron, self.step.source)
        if mine == working:
            return self.own
        assert self.trace.updated is not None
        if self.whole and layer == self.step.layer:
            index = self.trace.network.parameter_index(layer, neuron, source)
            before, after = float(self.trace.parameters[index]), float(self.trace.updated[index])
            return before + self.share * (after - before)
        flat = self.trace.updated if mine < working else self.trace.parameters
        return float(flat[self.trace.network.parameter_index(layer, neuron, source)])

    @property
    def own(self) -> float:
        """The parameter on its way."""
        before, after = self.ends
        return after if self.share >= 1 else before + self.share * (after - before)

    @property
    def ends(self) -> tuple[float, float]:
        """The parameter before and after its step."""
        assert self.trace.updated is not None
        index = self.trace.network.parameter_index(self.step.layer, self.step.neuron, self.step.source)
        return float(self.trace.parameters[index]), float(self.trace.updated[index])
