"""What is copied gives the very same floats as the pass that is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import networks, parameters_of
from visualnn.nn.functions import ACTIVATIONS, LOSSES, losses_for
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Layer, Network, neuron_names
from visualnn.nn.optimizers import DEFAULTS, MEMORY_SLOTS, OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.trace import Batch, Trace, trace
from visualnn.scene.code import FORMS, MAX_NAMED, bias_name, source, weight_name


@dataclass(frozen=True)
class Lesson:
    """What a network is taught."""

    network: Network
    options: Options
    seed: int
    rows: int = 1
    update: int = 1
    masked: bool = False

    @property
    def trace(self) -> Trace:
        rng = np.random.default_rng(self.seed)
        network, rule = self.network, self.options.optimizer.name
        memory = rng.uniform(0, 1, (MEMORY_SLOTS[rule], network.parameter_count))
        kwargs = {"options": self.options, "memory": memory if self.update > 1 else None, "update": self.update}
        hidden = [(c, int(rng.integers(size))) for c, size in enumerate(network.sizes[:-1])]
        mask = mask_of(network, hidden[:2], [int(rng.integers(network.parameter_count))]) if self.masked else None
        inputs, targets = rng.normal(0, 2, (self.rows, network.inputs)), self.targets(rng)
        if self.rows == 1:
            kwargs |= {"x": inputs[0], "target": targets[0]}
        else:
            kwargs["batch"] = Batch(inputs, targets, int(rng.integers(self.rows)))
        return trace(network, parameters_of(network, self.seed), mask=mask, **kwargs)

    def targets(self, rng: np.random.Generator) -> np.ndarray:
        outputs = self.network.outputs
        if self.options.loss == "cross_entropy" and self.seed % 2:
            return np.eye(outputs)[rng.integers(outputs, size=self.rows)]
        if self.options.loss in ("hinge", "binary_cross_entropy"):
            return rng.integers(0, 2, (self.rows, outputs)).astype(float)
        return rng.normal(0, 1, (self.rows, outputs))


@st.composite
def lessons(draw: st.DrawFn, most_units: int = 4, most_layers: int = 4) -> Lesson:
    network = draw(networks(most_units, most_layers))
    rule = draw(st.sampled_from(OPTIMIZERS))
    constants = {"weight_decay": draw(st.sampled_from((0.0, 0.01)))} | DEFAULTS.get(rule, {})
    options = Options(
        Optimizer(rule, 0.05, **constants),
        draw(st.sampled_from(losses_for(network.activations[-1]))),
        l1=draw(st.sampled_from((0.0, 0.01))),
        l2=draw(st.sampled_from((0.0, 0.02))),
        clip_value=draw(st.sampled_from((None, 0.3))),
        clip_norm=draw(st.sampled_from((None, 0.5))),
    )
    numbers = {"seed": st.integers(0, 2**16), "rows": st.integers(1, 3), "update": st.sampled_from((1, 1, 7))}
    return Lesson(network, options, **{k: draw(v) for k, v in numbers.items()}, masked=draw(st.booleans()))


def executed(text: str) -> dict:
    """A program's names at its end, and what it printed as "printed"."""
    printed: list[object] = []
    space: dict = {"print": lambda *said: printed.append(said[-1])}
    exec(compile(text, "copied.py", "exec"), space)
    return {**space, "printed": printed}


def flat(space: dict, network: Network, prefix: str, *, named: bool) -> list[float]:
    """The program's numbers as the flat vector has them."""
    if not named:
        parts = (space[f"{prefix}{kind}{layer + 1}"] for layer in range(len(network.layers)) for kind in "wb")
        return [v for part in parts for v in np.ravel(part).tolist()]
    names, found = neuron_names(network), []
    for layer in range(len(network.layers)):
        sources, units = range(network.sizes[layer]), range(network.sizes[layer + 1])
        found += [weight_name(names, layer, i, n) for i in sources for n in units]
        found += [bias_name(names, layer, n) for n in units]
    return [float(space[prefix + name]) for name in found]


def check(lesson: Lesson, form: str) -> None:
    taught, network, options = lesson.trace, lesson.network, lesson.options
    space = executed(source(taught, neuron_names(network), "A test", form))
    named = form == "python" and network.parameter_count <= MAX_NAMED
    changed = options.l1 or options.l2 or options.is_clipped
    assert np.ravel(space["printed"][0]).tolist() == taught.output.tolist()
    assert flat(space, network, "d", named=named) == taught.mean_gradient.tolist()
    assert flat(space, network, "g" if changed else "d", named=named) == taught.gradient.tolist()
    assert flat(space, network, "", named=named) == taught.updated.tolist()
    assert space["printed"][1:] == [taught.mean_loss, taught.loss_after]
    if taught.batch is not None:
        assert list(space["losses"]) == taught.batch_losses.tolist()


@given(lessons())
@pytest.mark.parametrize("form", FORMS)
def test_a_program_gives_the_floats_of_the_pass(form: str, lesson: Lesson) -> None:
    check(lesson, form)


@given(lessons(most_units=9, most_layers=5))
@pytest.mark.parametrize("form", FORMS)
def test_a_longer_one_as_well(form: str, lesson: Lesson) -> None:
    check(lesson, form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 12, 8, 2)])
def test_every_optimizer_is_written_out(sizes: tuple[int, ...], rule: str, form: str) -> None:
    options = Options(Optimizer(rule, 0.05, **DEFAULTS.get(rule, {})))
    check(Lesson(Network.of(*sizes, hidden="tanh"), options, 3, update=4), form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_after_every_output(loss: str, output: str, form: str) -> None:
    if loss in losses_for(output):
        for sizes in ((2, 2, 1), (2, 3, 3), (4, 25, 3)):
            check(Lesson(Network.of(*sizes, output=output), Options(Optimizer("sgd"), loss), 5), form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hidden", [name for name in ACTIVATIONS if name != "softmax"])
@pytest.mark.parametrize("units", [2, 9])
def test_silent_neurons_in_front_of_shortcuts_are_silent(units: int, hidden: str, form: str) -> None:
    network = Network(2, (*[Layer(units, hidden)] * 5, Layer(1, "linear")), shortcut=2)
    check(Lesson(network, Options(Optimizer("adam")), 8, masked=True), form)
