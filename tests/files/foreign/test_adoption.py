"""A network of another tool becomes a project."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.files import native
from visualnn.files.foreign.adoption import NO_DATA, adopted, dense, suitable
from visualnn.nn import room
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import ACTIVATIONS
from visualnn.nn.network import Layer, Network
from visualnn.nn.options import Options
from visualnn.nn.passes import predict
from visualnn.nn.training import Training


def layer(inputs: int, units: int, activation: str = "relu", kind: type = np.float64):
    rng = np.random.default_rng(inputs * 100 + units)
    return rng.normal(size=(inputs, units)).astype(kind), rng.normal(size=units).astype(kind), activation


def test_layers_become_a_network():
    first, last = layer(3, 4, "tanh"), layer(4, 2, "softmax")
    network, parameters = dense([first, last])
    assert (network.sizes, network.activations) == ((3, 4, 2), ("tanh", "softmax"))
    z = np.tanh(np.array([1.0, 2.0, 3.0]) @ first[0] + first[1]) @ last[0] + last[1]
    shares = np.exp(z) / np.exp(z).sum()
    assert predict(network, parameters, np.array([1.0, 2.0, 3.0])) == pytest.approx(shares, rel=1e-13)


def test_weights_of_32_bits_are_widened_exactly():
    w, b, activation = layer(2, 3, "linear", np.float32)
    _, parameters = dense([(w, b, activation)])
    assert parameters.astype(np.float32).tolist() == [*w.ravel().tolist(), *b.tolist()]
    assert adopted("A", *dense([(w, b, activation)])).options.precision == "float64"


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([layer(2, 3), layer(4, 1)], "its layer 2 takes 4 inputs, but the layer before has 3 outputs"),
        ([(np.zeros((2, 3)), np.zeros(2), "relu")], "its layer 1 has weights of 2×3 and biases of 2"),
        ([(np.zeros(3), np.zeros(3), "relu")], "its layer 1 has weights of 3 and biases of 3"),
        ([(np.zeros((2, 0)), np.zeros(0), "relu")], "A layer can have 1 to 100,000 neurons, not 0."),
        ([layer(2, 2, "softmax"), layer(2, 1)], "“softmax” is for the output layer only."),
        ([], "A network needs at least one layer after its inputs."),
        (
            [layer(2, 3), (np.full((3, 1), np.inf), np.zeros(1), "linear")],
            "the weights of its layer 2 hold a value that is not a finite number",
        ),
        (
            [(np.ones((2, 1), np.float32), np.array([np.nan], np.float32), "linear")],
            "the biases of its layer 1 hold a value that is not a finite number",
        ),
    ],
)
def test_layers_that_are_no_network_are_told(layers, said: str):
    with pytest.raises(VisualNNError) as caught:
        dense(layers)
    assert str(caught.value) == said


def test_nothing_is_widened_that_does_not_fit_into_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "known_memory", lambda: room.Memory(1000, "{} are free"))
    with pytest.raises(VisualNNError, match=r"^This network would need about"):
        dense([layer(20, 20), layer(20, 1)])


def test_an_adopted_network_counts_as_trained():
    network, parameters = dense([layer(2, 3), layer(3, 1, "linear")])
    project = adopted("Mine", network, parameters, notes="From somewhere.")
    assert (project.name, project.trained) == ("Mine", True)
    assert np.array_equal(project.parameters, parameters)
    assert project.origin is project.parameters
    assert project.notes == f"From somewhere.\n{NO_DATA}"


def test_data_that_come_along_are_kept():
    network, parameters = dense([layer(3, 1, "sigmoid")])
    data = suitable(network)
    project = adopted("Mine", network, parameters, data=data, options=Options(loss="mse"))
    assert project.data is data
    assert (project.options.loss, project.notes) == ("mse", "")


@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(2, 1), (2, 3), (5, 4, 1)])
def test_every_output_has_data_it_can_learn_from(sizes: tuple[int, ...], output: str):
    network = Network.of(*sizes, output=output)
    project = adopted("Mine", network, np.full(network.parameter_count, 0.1))
    training = Training(network, project.data, project.options, project.parameters)
    training.run(3)
    assert np.isfinite(training.parameters).all()
    if output in ("sigmoid", "softmax"):
        assert set(np.unique(project.data.targets)) <= {0.0, 1.0}
    if output == "softmax":
        assert (project.data.targets.sum(axis=1) == 1.0).all()


def test_a_built_in_source_is_taken_where_it_asks_the_same():
    assert suitable(Network.of(64, 32, 10, output="softmax")).name == "digits"
    assert suitable(Network.of(64, 32, 10, output="linear")).name == "random"
    assert suitable(Network.of(2, 3, 1)).name == "pairs"
    assert suitable(Network.of(2, 3, 1, output="sigmoid")).name == "xor"
    assert suitable(Network.of(2, 3, 1, output="relu")).name == "pairs"


def test_a_wide_network_gets_few_rows():
    assert suitable(Network(100_000, (Layer(1), Layer(100_000, "linear")))).rows == 20


def test_any_name_can_be_saved():
    network, parameters = dense([layer(2, 1, "linear")])
    project = adopted("weights\udcff" + "a" * 200, network, parameters)
    assert len(project.name) == 100
    assert native.encode(project)
    assert adopted("", network, parameters).name == "Imported"
