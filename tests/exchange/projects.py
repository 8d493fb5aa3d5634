"""Random projects that between them have everything a project can have: drawn from a number, the same each time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from visualnn.nn.dataset import Dataset
from visualnn.nn.functions import ACTIVATIONS, DISTANCES, HIDDEN_ACTIVATIONS, losses_for
from visualnn.nn.history import Progress
from visualnn.nn.initializers import INITIALIZERS, initial_parameters
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.scaling import Scaling
from visualnn.nn.schedule import SCHEDULES, Schedule
from visualnn.nn.training import Training
from visualnn.project import Project, new_project

RATES = {"sgd": 0.05, "momentum": 0.01, "nesterov": 0.01, "adagrad": 0.05, "lion": 0.003}
STATES = ("fresh", "trained", "resumed", "resumed", "shown otherwise")  # where the training begins


def project(number: int, *, updates: int = 100, precision: str | None = None) -> Project:
    """One of them; it is trained for about so many updates."""
    rng = np.random.default_rng((71, number))
    network = _network(rng, number)
    data = _data(rng, network, number)
    options = _options(rng, network, data, number, updates)
    options = replace(options, precision=precision or options.precision)
    return _state(rng, new_project(f"Net {number}", network, data, options, _start(network, options)), number)


def state_of(number: int) -> str:
    """Where the training of one of them begins."""
    return STATES[number // 3 % len(STATES)]


def training_of(project: Project) -> Training:
    """As “Train” begins it in the window when the document has just been opened."""
    start = project.parameters if project.trained else None
    training = Training(project.network, project.data, project.options, start, mask=project.mask)
    progress = project.resumable
    if progress is not None and project.trained:
        training.resume(progress.checkpoint)
    return training


def _network(rng: np.random.Generator, number: int) -> Network:
    shortcut = int(rng.choice([0, 0, 1, 2]))
    width = int(rng.integers(2, 7))
    hidden = []
    for place in range(int(rng.integers(2, 6)) if shortcut else int(rng.integers(0, 4))):
        activation = HIDDEN_ACTIVATIONS[(number + place) % len(HIDDEN_ACTIVATIONS)]
        hidden.append(Layer(width if shortcut else int(rng.integers(1, 9)), activation))
    output = ("linear", "sigmoid", "softmax", "tanh", ACTIVATIONS[number % len(ACTIVATIONS)])[number % 5]
    outputs = int(rng.integers(2, 5)) if output == "softmax" else int(rng.integers(1, 4))
    return Network(int(rng.integers(1, 5)), (*hidden, Layer(outputs, output)), shortcut)


def _data(rng: np.random.Generator, network: Network, number: int) -> Dataset:
    rows, tests = int(rng.integers(3, 40)), int(rng.integers(0, 9))
    inputs = rng.normal(0, 1, (rows + tests, network.inputs))
    loss = _loss(network, number)
    targets = _targets(rng, loss, rows + tests, network.outputs)
    data = Dataset("random", inputs[:rows], targets[:rows], (), loss not in DISTANCES)
    data = replace(data, test_inputs=inputs[rows:], test_targets=targets[rows:])
    scaling = Scaling(
        np.ones(network.inputs), np.full(network.inputs, 2.0), np.zeros(network.outputs), np.ones(network.outputs)
    )
    return replace(data, scaling=scaling) if number % 7 == 0 else data


def _targets(rng: np.random.Generator, loss: str, rows: int, outputs: int) -> np.ndarray:
    if loss in DISTANCES:
        return rng.normal(0, 1, (rows, outputs))
    if loss in ("hinge", "binary_cross_entropy"):
        return rng.integers(0, 2, (rows, outputs)).astype(np.float64)
    return np.eye(outputs)[rng.integers(0, outputs, rows)]


def _loss(network: Network, number: int) -> str:
    natural, *others = losses_for(network.activations[-1])
    return natural if number // 5 % 2 else others[number // 10 % len(others)]


def _options(rng: np.random.Generator, network: Network, data: Dataset, number: int, updates: int) -> Options:
    name = OPTIMIZERS[number % len(OPTIMIZERS)]
    rule = Optimizer(name, rate=RATES.get(name, 0.01), weight_decay=float(rng.choice([0.0, 0.0, 0.05])))
    rule = replace(rule, eps=1e-6, beta2=0.99) if rng.random() < 0.5 else rule
    batch = None if rng.random() < 0.3 else int(rng.integers(1, data.rows + 2))
    length = -(-data.rows // min(batch or data.rows, data.rows))
    schedule = Schedule(
        SCHEDULES[number % len(SCHEDULES)],
        period=int(rng.integers(5, 60)),
        gamma=0.7,
        warmup=int(rng.integers(1, 20)) * int(rng.random() < 0.4),
        patience=int(rng.integers(0, 3)),
        floor=float(rng.choice([0.0, 0.1])),
    )
    return Options(
        rule,
        _loss(network, number),
        batch,
        INITIALIZERS[number % len(INITIALIZERS)],
        seed=int(rng.integers(0, 1000)),
        goal=0.2 if number % 11 == 5 else None,
        initializer_scale=0.5,
        schedule=schedule,
        l1=float(rng.choice([0.0, 0.0, 0.002])),
        l2=float(rng.choice([0.0, 0.0, 0.003])),
        clip_value=0.3 if rng.random() < 0.25 else None,
        clip_norm=0.4 if rng.random() < 0.3 else None,
        precision="float32" if number % 4 == 2 else "float64",
        epochs=-(-updates // length),
        patience=int(rng.integers(2, 9)) if rng.random() < 0.4 else None,
    )


def _start(network: Network, options: Options) -> np.ndarray:
    return initial_parameters(network, options.initializer, options.seed, options.initializer_scale)


def _state(rng: np.random.Generator, project: Project, number: int) -> Project:
    """With some of it switched off, and where it stands in its training."""
    sizes = project.network.sizes
    if rng.random() < 0.4:
        project = project.with_cut(0, 0, 0, True)
        if len(sizes) > 2:
            project = project.with_silent(int(rng.integers(1, len(sizes) - 1)), 0, True)
    match state_of(number):
        case "trained":
            return project.with_parameters(rng.normal(0, 0.6, project.network.parameter_count))
        case "resumed":
            return _resumed(project, int(rng.integers(3, 40)))
        case "shown otherwise":
            return project.with_parameter(0, 0.25)
    return project


def _resumed(project: Project, updates: int) -> Project:
    """In the middle of a run."""
    endless = replace(project.options, goal=None)
    training = Training(project.network, project.data, endless, mask=project.mask)
    training.run(updates)
    curve = training.snapshot().curve
    options = replace(project.options, epochs=(project.options.epochs or 0) + -(-updates // training.epoch_length))
    made = project.with_options(options).with_parameters(training.parameters)
    return made.with_progress(
        Progress(replace(training.checkpoint(), parameters=made.parameters), training.start, curve)
    )
