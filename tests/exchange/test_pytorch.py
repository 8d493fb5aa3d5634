"""The PyTorch project: its programs compile, its numbers are ours to the bit, and its loop does what ours does.

PyTorch itself is not here: what needs none of it is executed, and `tests/bench/exchange.py torch` runs all of it.
"""

from __future__ import annotations

import math
import re
import runpy
import sys
import types
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load

from tests.exchange.projects import project, state_of, training_of
from visualnn.exchange import pytorch, rows
from visualnn.nn.data import circles, number_pairs, random_rows
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import MEMORY_SLOTS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import rows_of
from visualnn.nn.schedule import Schedule, factor, fresh_scalars, note_loss
from visualnn.project import Project, new_project

NUMBERS = range(30)
RESUMED = [number for number in NUMBERS if state_of(number) == "resumed"]
NET = Network.of(2, 4, 3, 1, hidden="tanh")


def made(options: Options, network: Network = NET, data=None) -> Project:
    data = data or number_pairs()
    return new_project("test", network, data, options, np.linspace(-1, 1, network.parameter_count))


def written(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def transposed(network: Network, parameters: np.ndarray) -> list[np.ndarray]:
    """As PyTorch has them: (outputs, inputs), and the biases, layer by layer."""
    return [part for w, b in network.views(parameters) for part in (w.T, b)]


def in_order(content: bytes) -> list[np.ndarray]:
    """The tensors of a file by layer, the weights first."""
    tensors = load(content)
    return [
        tensors[name]
        for name in sorted(tensors, key=lambda name: ([*map(int, re.findall(r"\d+", name))], "b" in name[-4:]))
    ]


def same(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    return [x.shape for x in a] == [x.shape for x in b] and all(
        x.tobytes() == y.tobytes() for x, y in zip(a, b, strict=True)
    )


# -- programs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", NUMBERS)
def test_every_program_compiles_and_its_lines_are_short(number: int):
    files = pytorch.files(project(number))
    for name in ("model.py", "data.py", "train.py", "predict.py"):
        text = files[name].decode()
        compile(text, name, "exec")
        assert max(map(len, text.splitlines())) <= 120


def test_the_same_project_gives_the_same_bytes():
    assert pytorch.files(project(8)) == pytorch.files(project(8))


def test_a_name_is_data_and_nothing_else():
    evil = 'x"""\nimport os\n# `rm`\r\n## <b>\u2028{boom} [a](javascript:b)'
    found = made(Options(batch_size=9))
    named = replace(found, name=evil, data=replace(found.data, name=evil, input_names=(evil, "]")))
    plain, files = pytorch.files(found), pytorch.files(named)
    assert [name for name in files if files[name] != plain[name]] == ["README.md", "data.csv"]
    headings = [line for line in files["README.md"].decode().splitlines() if line.startswith("#")]
    assert headings[1:] == [line for line in plain["README.md"].decode().splitlines() if line.startswith("#")][1:]
    assert len(headings) == 6
    assert "`rm`" not in files["README.md"].decode()
    assert "<b>" not in files["README.md"].decode().replace("\\<b", "")


def test_a_limit_that_is_never_reached_is_a_number_too():
    text = pytorch.files(made(Options(goal=math.inf, clip_norm=math.inf, clip_value=math.inf)))["train.py"].decode()
    assert text.count('float("inf")') == 3
    assert not re.search(r'(?<!")inf', text)


def fake_nn() -> types.SimpleNamespace:
    """Enough of torch.nn to see which modules a model has, and in which order."""

    class Module:
        pass

    def known(name: str):
        return lambda *arguments, **_named: (name, *arguments)

    names = ("ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Softplus", "Tanh", "Sigmoid", "Hardtanh", "Hardsigmoid")
    others: dict[str, Any] = {name: known(name) for name in (*names, "Hardswish", "Softmax", "Dropout", "Linear")}
    return types.SimpleNamespace(Module=Module, ModuleList=list, Sequential=lambda *parts: [*parts], **others)


def linear_names(text: str) -> dict[str, tuple[int, int]]:
    """The names PyTorch will give the linear layers of a model, with their sizes."""
    code = text[text.index("\n\n\n") : text.index("def loaded")]
    scope: dict[str, Any] = {"nn": fake_nn()}
    exec(compile(code, "model.py", "exec"), scope)
    model = scope["network"]()
    found: dict[str, tuple[int, int]] = {}

    def visit(part: Any, name: str) -> None:
        if isinstance(part, list):
            for place, each in enumerate(part):
                visit(each, f"{name}.{place}" if name else str(place))
        elif part[0] == "Linear":
            found[name] = part[1:]

    visit(model, "") if isinstance(model, list) else visit(model.layers, "layers")
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_the_weights_have_the_names_and_shapes_of_the_model(number: int):
    found = project(number)
    for dropout in (0.0, 0.25):
        files = pytorch.files(replace(found, options=replace(found.options, dropout=dropout)))
        tensors = load(files["model.safetensors"])
        linear = linear_names(files["model.py"].decode())
        assert tensors.keys() == {f"{name}.{part}" for name in linear for part in ("weight", "bias")}
        for name, (inputs, outputs) in linear.items():
            assert tensors[f"{name}.weight"].shape == (outputs, inputs)
            assert tensors[f"{name}.bias"].shape == (outputs,)


def test_sixty_alike_layers_are_written_once_and_named_all():
    network = Network.of(2, *(5 for _ in range(61)), 1, hidden="relu")
    files = pytorch.files(made(Options(), network))
    assert len(linear_names(files["model.py"].decode())) == 62 == len(load(files["model.safetensors"])) / 2
    lines = files["model.py"].decode().splitlines()
    assert len(lines) < 60
    assert max(map(len, lines)) <= 120


# -- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", NUMBERS)
def test_the_weights_are_those_of_the_window_to_the_bit(number: int):
    found = project(number)
    kept = found.parameters if found.mask is None else found.mask.kept(found.parameters)
    assert same(in_order(pytorch.files(found)["model.safetensors"]), transposed(found.network, kept))


@pytest.mark.parametrize("number", NUMBERS)
def test_training_begins_with_the_weights_it_begins_with_here(number: int):
    found = project(number)
    files = pytorch.files(found)
    training = training_of(found)
    begun = training.parameters if found.mask is None else found.mask.kept(training.parameters)
    name = "start.safetensors" if "start.safetensors" in files else "model.safetensors"
    assert f'loaded("{name}", DTYPE)' in files["train.py"].decode()
    assert same(in_order(files[name]), transposed(found.network, begun))
    assert (f"FIRST = {training.updates} " in files["train.py"].decode()) == (training.updates > 0)


def test_weights_that_are_shown_but_not_trained_are_not_the_start():
    found = made(Options(seed=4))
    assert {"model.safetensors", "start.safetensors"} <= pytorch.files(found).keys()
    assert "start.safetensors" not in pytorch.files(found.with_parameters(found.parameters))


@pytest.mark.parametrize("number", RESUMED)
def test_the_memory_of_the_optimizer_is_ours_to_the_bit(number: int):
    found = project(number)
    files, checkpoint = pytorch.files(found), training_of(found).checkpoint()
    slots = MEMORY_SLOTS[found.options.optimizer.name]
    assert ("optimizer.safetensors" in files) == (slots > 0)
    if not slots:
        return
    tensors = load(files["optimizer.safetensors"])
    names = list(dict.fromkeys(re.findall(r'memory\[f"(\w+)\.', files["train.py"].decode())))
    assert len(names) == slots
    for name, values in zip(names, checkpoint.memory, strict=True):
        kept = values if found.mask is None else found.mask.kept(values)
        ours = dict(zip(sorted_names(files), transposed(found.network, kept), strict=True))
        for tensor, known in ours.items():
            assert tensors[f"{name}.{tensor}"].tobytes() == np.ascontiguousarray(known).tobytes()
    assert len(tensors) == slots * len(sorted_names(files))


def sorted_names(files: dict[str, bytes]) -> list[str]:
    """The names of the tensors by layer, the weights first."""
    names = load(files["model.safetensors"])
    return sorted(names, key=lambda name: ([*map(int, re.findall(r"\d+", name))], name.endswith("bias")))


def test_what_is_switched_off_is_marked_and_has_weight_0():
    found = made(Options()).with_cut(0, 1, 2, True).with_silent(1, 0, True)
    files = pytorch.files(found)
    assert found.mask is not None
    mask = in_order(files["mask.safetensors"])
    assert same(
        [part.astype(float) for part in mask], [np.ascontiguousarray(p) for p in transposed(NET, found.mask.parameters)]
    )
    for keep, weights in zip(mask, in_order(files["model.safetensors"]), strict=True):
        assert not weights[keep == 0].any()
    assert "mask.safetensors" in files["train.py"].decode()
    assert "weight 0 here" in files["README.md"].decode()


def test_a_silent_neuron_says_nothing_through_a_shortcut_either():
    network = Network(2, (Layer(3, "sigmoid"), Layer(3, "sigmoid"), Layer(1, "linear")), 1)
    text = pytorch.files(made(Options(), network).with_silent(1, 2, True))["model.py"].decode()
    assert "SILENT = {1: [2]}" in text
    assert "index_fill" in text
    assert "SILENT" not in pytorch.files(made(Options(), network).with_cut(0, 0, 0, True))["model.py"].decode()


# -- rows --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [rows.MOST_CELLS, 10])
@pytest.mark.parametrize("number", [0, 1, 3, 7, 10])
def test_the_rows_come_back_to_the_bit_and_in_our_order(number: int, most: int, tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "MOST_CELLS", most)
    monkeypatch.chdir("/")
    found = project(number)
    program = runpy.run_path(str(written(pytorch.files(found), tmp_path) / "data.py"))
    data = found.data
    for name, known in (
        ("x", data.inputs),
        ("y", data.targets),
        ("x_test", data.test_inputs),
        ("y_test", data.test_targets),
    ):
        assert program[name].dtype == np.float64
        assert program[name].shape == known.shape
        assert program[name].tobytes() == known.tobytes()
    batch = min(found.options.batch_size or data.rows, data.rows)
    updates = [batch for epoch in islice(program["epochs"](), 4) for batch in epoch]
    assert len(updates) == 4 * training_of(found).epoch_length
    for t, update in enumerate(updates):
        assert np.array_equal(update, rows_of(data.rows, batch, found.options.seed, t))


# -- the loop, with losses that are given ------------------------------------------------------------------------------


class Loss:
    """A number that stands for a loss: all that train.py does with one."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __truediv__(self, _count: int) -> Loss:
        return self

    def __rmul__(self, _world: int) -> Loss:
        return self

    def __add__(self, _penalty: float) -> Loss:
        return self

    def detach(self) -> Loss:
        return self

    def clone(self) -> Loss:
        return self

    def backward(self) -> None:
        pass

    def item(self) -> float:
        return self.value


class Stub:
    """Whatever is asked of it."""

    def __getattr__(self, _name: str) -> Stub:
        return Stub()

    def __call__(self, *_arguments: Any, **_named: Any) -> Stub:
        return Stub()

    def __getitem__(self, _place: Any) -> Stub:
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_error: object) -> None:
        pass

    def __len__(self) -> int:
        return 3


def asked(name: str) -> Any:
    """What a module that is not here holds."""
    if name.startswith("__"):
        raise AttributeError(name)
    found = Stub()
    found.Module = found.Optimizer = object  # to be inherited from
    return found


def trained(
    found: Project, folder: Path, monkeypatch, losses: list[float], tests=()
) -> tuple[list[float], str, list[float]]:
    """What `train` of train.py does with these losses: those it notes, why it ends, and the rate of each update."""
    names = ("torch", "torch.distributed", "torch.nn", "torch.nn.parallel", "safetensors.torch")
    for name in names:
        module = types.ModuleType(name)
        module.__dict__["__getattr__"] = asked
        monkeypatch.setitem(sys.modules, name, module)
    written(pytorch.files(found), folder)
    monkeypatch.syspath_prepend(str(folder))
    for name in ("data", "model"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    program = runpy.run_path(str(folder / "train.py"))
    for name in ("data", "model"):
        sys.modules.pop(name, None)
    rates: list[float] = []
    group = {"lr": found.options.optimizer.rate}
    optimizer = Stub()
    optimizer.param_groups, optimizer.step = [group], lambda: rates.append(group["lr"])
    given = iter([float("nan")])
    train = program["train"]
    kinds = {True: iter(losses), False: iter(tests)}
    learning = [True]
    model = Stub()
    model.eval, model.train = lambda: learning.__setitem__(0, False), lambda: learning.__setitem__(0, True)
    model.parameters = model.named_parameters = list
    train.__globals__["loss_of"] = lambda *_given: Loss(next(kinds[learning[0]], next(given, math.nan)))
    noted, why = train(model, Stub(), optimizer, *[Stub()] * (train.__code__.co_argcount - 3))
    return noted, why, rates


SCHEDULES = [
    Schedule("plateau", gamma=0.5, patience=1, floor=0.1),
    Schedule("plateau", gamma=0.7, patience=0, warmup=9),
    Schedule("cosine", period=23, warmup=4, floor=0.2),
    Schedule("step", period=7),
    Schedule("exponential", period=11, warmup=3),
    Schedule(warmup=12),
]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("batch", [None, 30])
def test_the_rate_is_ours_in_every_update(schedule: Schedule, batch: int | None, tmp_path, monkeypatch):
    rule = Optimizer("momentum", rate=0.3, weight_decay=0.1)
    found = made(Options(rule, batch_size=batch, schedule=schedule, epochs=20))
    length = 1 if batch is None else 3
    losses = np.random.default_rng(3).uniform(0.2, 1.0, 20 * length).tolist()
    noted, why, rates = trained(found, tmp_path, monkeypatch, losses)
    assert (noted, why) == (losses, "20 epochs are done.")
    scalars = fresh_scalars()
    for t, (rate, loss) in enumerate(zip(rates, losses, strict=True)):
        assert rate == pytest.approx(0.3 * factor(schedule, t, scalars), rel=1e-14)
        note_loss(schedule, t, length, loss, scalars)


def test_a_run_ends_at_its_goal_and_where_the_loss_is_no_number(tmp_path, monkeypatch):
    found = made(Options(goal=0.5, epochs=9))
    noted, why, rates = trained(found, tmp_path, monkeypatch, [1.0, 0.5, 0.4, 0.3])
    assert (noted, len(rates)) == ([1.0, 0.5, 0.4], 2)
    assert why == "2 updates: the loss is below 0.5."
    noted, why, rates = trained(found, tmp_path, monkeypatch, [1.0, math.inf, 0.4])
    assert (noted, len(rates)) == ([1.0, math.inf], 1)
    assert "finite" in why


def test_a_run_ends_when_its_patience_does(tmp_path, monkeypatch):
    data = circles()
    held = replace(data, test_inputs=data.inputs[:8], test_targets=data.targets[:8])
    network = Network.of(2, 3, 1, output="sigmoid")
    found = made(Options(loss="binary_cross_entropy", epochs=50, patience=3), network, held)
    tests = [0.9, 0.8, 0.8, 0.7, 0.75, 0.7, 0.71, 0.1]
    noted, why, _rates = trained(found, tmp_path, monkeypatch, [1.0] * 50, tests)
    assert len(noted) == 7
    assert why == "7 updates: the test loss is no longer better."
    without = made(Options(loss="binary_cross_entropy", epochs=50, patience=3), network, data)
    assert "PATIENCE" not in pytorch.files(without)["train.py"].decode()


@pytest.mark.parametrize("number", RESUMED)
def test_a_run_goes_on_where_it_was_left(number: int, tmp_path, monkeypatch):
    found = project(number)
    found = found.with_options(replace(found.options, goal=None, patience=None))
    training = training_of(found)
    length, first = training.epoch_length, training.updates
    left = (found.options.epochs or 0) * length - first
    losses = np.random.default_rng(3).uniform(0.2, 1.0, left).tolist()
    noted, _why, rates = trained(found, tmp_path, monkeypatch, losses)
    assert noted == losses
    scalars, schedule = training.checkpoint().scalars, found.options.schedule
    for t, (rate, loss) in enumerate(zip(rates, losses, strict=True), first):
        assert rate == pytest.approx(found.options.optimizer.rate * factor(schedule, t, scalars), rel=1e-14)
        note_loss(schedule, t, length, loss, scalars)


def test_a_run_that_has_had_its_epochs_gets_as_many_again():
    found = project(RESUMED[0])
    done = training_of(found).epoch
    over = found.with_options(replace(found.options, epochs=max(1, done)))
    assert f"EPOCHS = {2 * done}\n" in pytorch.files(over)["train.py"].decode()
    assert done > 0


@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_the_loss_over_all_rows_is_the_mean_of_theirs(loss: str):
    data = number_pairs()
    network = Network.of(2, 3, 2, output="softmax" if loss == "cross_entropy" else "linear")
    both = replace(data, targets=np.repeat(data.targets, 2, axis=1), test_targets=np.empty((0, 2)))
    text = pytorch.files(made(Options(loss=loss), network, both))["train.py"].decode()
    scope: dict[str, Any] = {"torch": Stub(), "OUTPUTS": 2, "loss_of": lambda said, y: np.abs(said - y).sum()}
    start = text.index("def loss_over")
    exec(text[start : text.index("\n\n\n", start)], scope)
    x, y = np.arange(8.0).reshape(4, 2), np.ones((4, 2))
    found = scope["loss_over"](type("Model", (Stub,), {"__call__": lambda _self, x: 2 * x})(), x, y)
    rows = np.abs(2 * x - y)
    assert found == pytest.approx(rows.sum(axis=1).mean() if loss == "cross_entropy" else rows.mean())


def test_a_program_prints_its_losses_in_the_end(tmp_path):
    data = circles()
    held = replace(data, test_inputs=data.inputs[:8], test_targets=data.targets[:8])
    network = Network.of(2, 3, 1, output="sigmoid")
    options = Options(loss="binary_cross_entropy")
    text = pytorch.files(made(options, network, held))["train.py"].decode()
    assert "loss over all rows: {loss_over(model, *rows[:2]):.6g}" in text
    assert "loss over the test rows: {loss_over(model, *rows[2:]):.6g}" in text
    assert "train(model, net, optimizer, *rows[:2])" in text
    waits = pytorch.files(made(replace(options, patience=3), network, held))["train.py"].decode()
    assert "train(model, net, optimizer, *rows)" in waits
    assert "test rows" not in pytorch.files(made(options, network, data))["train.py"].decode()


def test_who_shortens_a_run_still_sees_its_losses():
    text = pytorch.files(made(Options(batch_size=30)))["train.py"].decode()
    (line,) = (line for line in text.splitlines() if line.startswith("EVERY"))
    for epochs, every in ((3, 1), (100, 100 * -(-number_pairs().rows // 30) // 20)):
        scope = {"EPOCHS": epochs}
        exec(line, scope)
        assert scope["EVERY"] == every


# -- words -------------------------------------------------------------------------------------------------------------


def test_the_readme_says_what_differs_and_why():
    text = pytorch.files(made(Options(dropout=0.3, precision="float32", batch_size=20)))["README.md"].decode()
    assert "Dropout silences other neurons" in text
    assert "seventh digit" in text
    assert "same order" in text
    plain = pytorch.files(made(Options()))["README.md"].decode()
    assert "Dropout" not in plain
    assert "32 bits" not in plain
    hard = Network.of(2, 3, 1, hidden="hard_sigmoid")
    assert "hard sigmoid is 1/6 with 32 bits" in pytorch.files(made(Options(), hard))["README.md"].decode()


def test_every_file_is_told_of_in_the_readme():
    for number in NUMBERS:
        files = pytorch.files(project(number))
        text = files["README.md"].decode()
        assert [
            name for name in files if f"`{name}`" not in text and name not in ("README.md", "requirements.txt")
        ] == []


def test_what_random_rows_make_is_no_table_with_another_shape():
    network = Network.of(3, 2)
    found = made(Options(), network, random_rows(3, 2))
    assert load(pytorch.files(found)["model.safetensors"])["0.weight"].shape == (2, 3)
