from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

from visualnn import assets
from visualnn.files.errors import FileError
from visualnn.files.examples import EXAMPLES, IDS, MADE, load
from visualnn.files.fresh import shape_name
from visualnn.files.native import read
from visualnn.nn import metrics
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels.reference import gradient
from visualnn.nn.passes import predict
from visualnn.nn.trace import trace

ARTICLE = {
    "wac": 0.9907079,
    "wad": 0.01417504,
    "wae": 0.88046944,
    "wbc": 1.0264927,
    "wbd": -0.8950311,
    "wbe": 0.7524377,
    "bc": -0.00070612,
    "bd": -0.06846002,
    "be": -0.00055442,
    "wcf": 0.794296,
    "wdf": 1.1687347,
    "wef": 0.2406084,
    "bf": -0.00000929,
}


def test_the_examples_and_their_order() -> None:
    assert IDS == ("adder", "xor", "circles", "spirals", "digits", "backprop", "million", "deep")
    assert [shape_name(load(name).network) for name in IDS] == [
        "2-3-1", "2-4-1", "2-6-1", "2-8-6-1", "64-32-10", "2-3-1", "2-1000-1000-1", "2-24-24-…-24-1"
    ]  # fmt: skip
    assert [load(example.id).name for example in EXAMPLES] == [example.title for example in EXAMPLES]
    assert all(1 <= len(example.subtitle.split()) <= 14 for example in EXAMPLES)


def test_the_adder_is_the_articles() -> None:
    adder = load("adder")
    assert adder.parameters.tolist() == list(ARTICLE.values())
    assert adder.network.activations == ("relu", "linear")
    assert adder.names == (("a", "b"), ("c", "d", "e"), ("f",))
    assert adder.sample.tolist() == [2.0, 2.0]
    assert adder.data.rows == 81
    options = adder.options
    assert (options.optimizer.name, options.optimizer.rate, options.loss) == ("adam", 0.1, "mse")
    assert (options.batch_size, options.seed, options.initializer) == (None, 0, "glorot_uniform")
    assert options.goal == 1e-10


def test_the_adder_adds_as_the_articles_code_does() -> None:
    adder = load("adder")

    def run(a: float, b: float) -> float:
        n = ARTICLE
        c = (a * n["wac"]) + (b * n["wbc"]) + n["bc"]
        d = (a * n["wad"]) + (b * n["wbd"]) + n["bd"]
        e = (a * n["wae"]) + (b * n["wbe"]) + n["be"]
        return (max(0, c) * n["wcf"]) + (max(0, d) * n["wdf"]) + (max(0, e) * n["wef"]) + n["bf"]

    assert run(2, 2) == 3.9895875277625037
    for row in adder.data.inputs:
        assert predict(adder.network, adder.parameters, row)[0] == run(*row.tolist())


def test_the_numbers_of_backprop_by_hand() -> None:
    project = load("backprop")
    step = trace(
        project.network,
        project.parameters,
        project.sample,
        target=project.data.target_of(project.sample),
        optimizer=project.options.optimizer,
    )
    assert step.layers[0].z.tolist() == [2.5, -0.5, 2.0]
    assert (step.output.tolist(), step.loss) == ([2.5], 0.25)
    assert step.slopes[1].dw.ravel().tolist() == [-2.5, 0.0, -2.0]
    assert step.slopes[0].dw.tolist() == [[-0.6, 0.0, -0.5], [-1.2, 0.0, -1.0]]
    assert step.updated is not None
    assert predict(project.network, step.updated, project.sample)[0] == pytest.approx(2.8042, abs=5e-5)


@pytest.mark.parametrize("name", ["xor", "circles", "spirals"])
def test_the_classifiers_are_right_on_all_rows(name: str) -> None:
    project = load(name)
    answers = np.array([predict(project.network, project.parameters, row) for row in project.data.inputs])
    assert project.data.classification
    assert (project.data.recipe.test_share, project.data.tests) == (0.3, {"spirals": 60}.get(name, 48))
    test = metrics.score(project.network, project.parameters, project.data.held, project.options.loss)
    assert test.right == test.rows
    assert ((answers > 0.5) == (project.data.targets > 0.5)).all()
    assert project.data.target_of(project.sample) == 1.0
    assert project.options.loss == "binary_cross_entropy"


def test_the_digits_are_nearly_all_read() -> None:
    project = load("digits")
    answers = metrics.predict(project.network, project.parameters, project.data.inputs)
    assert metrics.is_right(answers, project.data.targets, project.options.loss).mean() > 0.99
    assert np.array_equal(project.data.target_of(project.sample), np.eye(10)[3])
    test = metrics.score(project.network, project.parameters, project.data.held, project.options.loss)
    assert (test.right, test.rows) == (354, 360)


def test_a_million_weights_add_too() -> None:
    project = load("million")
    assert project.network.parameter_count == 1_005_001
    assert project.sample.tolist() == [2.0, 2.0]
    assert np.array_equal(project.parameters, load("million").parameters)


def test_a_hundred_layers_are_alive_from_end_to_end() -> None:
    project = load("deep")
    network, data = project.network, project.data
    assert len(network.sizes) == 100
    activations = [layer.a for layer in trace(network, project.parameters, project.sample).layers[:-1]]
    assert all(0.1 < np.abs(a).mean() < 5.0 for a in activations)
    _, slopes = gradient(network, project.parameters, data.inputs, data.targets, project.options.loss)
    sizes = [np.linalg.norm(w) for w, _b in network.views(slopes)]
    assert max(sizes) < 50 * min(sizes)


@pytest.mark.parametrize("name", IDS)
def test_every_example_predicts(name: str) -> None:
    project = load(name)
    assert np.isfinite(predict(project.network, project.parameters, project.sample)).all()


def test_the_script_makes_the_shipped_files(tmp_path: Path) -> None:
    runpy.run_path(str(assets.path("examples", "make.py")))["main"](tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(IDS) - set(MADE)
    for path in tmp_path.iterdir():
        made, shipped = read(path), load(path.stem)
        assert path.stat().st_size < 40_000
        by_hand = path.stem in ("adder", "backprop")  # elsewhere another machine may find other last digits
        np.testing.assert_allclose(made.parameters, shipped.parameters, rtol=0 if by_hand else 1e-6)
        np.testing.assert_allclose(made.sample, shipped.sample, rtol=1e-12)
        assert (made.name, made.options, made.network) == (shipped.name, shipped.options, shipped.network)


def test_an_unknown_example_is_told() -> None:
    with pytest.raises(VisualNNError, match=r"^There is no example “add”. Known: adder, xor, .*, million, deep\.$"):
        load("add")


def test_a_missing_example_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "root", lambda: tmp_path)
    with pytest.raises(FileError, match=r"adder\.vnn is missing from"):
        load("adder")
