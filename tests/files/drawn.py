"""Random documents for tests: networks, data, options, projects, as odd as they may be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from visualnn.files import fresh
from visualnn.nn.dataset import Dataset, Recipe
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS, losses_for
from visualnn.nn.initializers import INITIALIZERS
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import MEMORY_SLOTS, OPTIMIZERS, Optimizer
from visualnn.nn.options import PRECISIONS, Options
from visualnn.nn.readings import COLUMNS, Readings
from visualnn.nn.recipes import SOURCES, Source, made
from visualnn.nn.scaling import Scaling
from visualnn.nn.schedule import SCHEDULES, Schedule
from visualnn.nn.training import Stop, Training
from visualnn.project import Project, frozen, new_project
from visualnn.runs import Run, kept
from visualnn.work import MODES, View, Work

FINITE = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = hnp.from_dtype(np.dtype(np.float64), allow_nan=False, allow_infinity=False)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    hidden = draw(st.lists(st.builds(Layer, st.integers(1, 6), st.sampled_from(HIDDEN_ACTIVATIONS)), max_size=3))
    last = Layer(draw(st.integers(1, 4)), draw(st.sampled_from(ACTIVATIONS)))
    return Network(draw(st.integers(1, 5)), (*hidden, last), draw(st.integers(0, 3)))


@st.composite
def recipes(draw: st.DrawFn, source: Source) -> Recipe:
    noise = st.none() if source.noise is None else st.none() | st.floats(0, source.most_noise)
    return Recipe(
        source.name,
        draw(st.none() | st.integers(source.fewest, min(source.most, 50))) if source.fewest < 50 else None,
        draw(noise),
        draw(st.integers(0, 2**63 - 1)),
        draw(st.floats(0, 0.9)),
        draw(st.booleans()),
    )


@st.composite
def scalings(draw: st.DrawFn, network: Network) -> Scaling:
    spread = hnp.from_dtype(np.dtype(np.float64), min_value=1e-300, max_value=1e300, allow_nan=False)
    ends = network.inputs, network.outputs
    means = [draw(hnp.arrays(np.float64, size, elements=NUMBERS)) for size in ends]
    spreads = [draw(hnp.arrays(np.float64, size, elements=spread)) for size in ends]
    return Scaling(means[0], spreads[0], means[1], spreads[1])


@st.composite
def datasets(draw: st.DrawFn, network: Network) -> Dataset:
    fitting = [SOURCES[name] for name in fresh.fitting(network)]
    if fitting and draw(st.booleans()):
        return made(draw(recipes(draw(st.sampled_from(fitting)))))
    rows, tests, outputs = draw(st.integers(1, 5)), draw(st.integers(0, 3)), network.outputs

    def matrix(rows: int, columns: int) -> np.ndarray:
        return draw(hnp.arrays(np.float64, (rows, columns), elements=NUMBERS))

    def words(count: int) -> tuple[str, ...]:
        return tuple(draw(st.text(max_size=3)) for _ in range(count))

    return Dataset(
        draw(st.text(max_size=8) | st.sampled_from(sorted(SOURCES))),
        matrix(rows, network.inputs),
        matrix(rows, outputs),
        words(network.inputs),
        draw(st.booleans()),
        "sum" if outputs == 1 and draw(st.booleans()) else None,
        draw(st.sampled_from([None, (1, network.inputs), (network.inputs, 1)])),
        words(draw(st.sampled_from([0, outputs, 2 if outputs == 1 else outputs]))),
        matrix(tests, network.inputs),
        matrix(tests, outputs),
        words(draw(st.sampled_from([0, outputs]))),
        None,  # a recipe is checked where it made the rows
        draw(st.none() | scalings(network)),
        words(draw(st.sampled_from([0, rows + tests]))),
    )


OPTIMIZER = st.builds(
    Optimizer,
    st.sampled_from(OPTIMIZERS),
    rate=st.floats(0, 1e300, exclude_min=True),
    momentum=st.floats(0, 1, exclude_max=True),
    beta1=st.floats(0, 1, exclude_max=True),
    beta2=st.floats(0, 1, exclude_max=True),
    eps=st.floats(0, 1, exclude_min=True),
    rho=st.floats(0, 1, exclude_max=True),
    weight_decay=st.floats(0, 1e300),
)
SCHEDULE = st.builds(
    Schedule,
    st.sampled_from(SCHEDULES),
    period=st.integers(1, 10**12),
    gamma=st.floats(0, 1, exclude_min=True),
    warmup=st.integers(0, 10**12),
    patience=st.integers(0, 10**12),
    floor=st.floats(0, 1),
)


def options_for(network: Network) -> st.SearchStrategy[Options]:
    return st.builds(
        Options,
        OPTIMIZER,
        loss=st.sampled_from(losses_for(network.activations[-1])),
        batch_size=st.none() | st.integers(1, 10**9),
        initializer=st.sampled_from(INITIALIZERS),
        seed=st.integers(0, 2**63 - 1),
        goal=st.none() | FINITE,
        initializer_scale=st.floats(0, 1e100),
        schedule=SCHEDULE,
        l1=st.floats(0, 1e300),
        l2=st.floats(0, 1e300),
        dropout=st.floats(0, 1, exclude_max=True),
        clip_value=st.none() | st.floats(0, 1e300, exclude_min=True),
        clip_norm=st.none() | st.floats(0, 1e300, exclude_min=True),
        precision=st.sampled_from(PRECISIONS),
        epochs=st.none() | st.integers(1, 10**12),
        patience=st.none() | st.integers(1, 10**12),
    )


@st.composite
def silent_neurons(draw: st.DrawFn, network: Network) -> frozenset[tuple[int, int]]:
    neurons = [(c, n) for c, units in enumerate(network.sizes[:-1]) for n in range(units)]
    return frozenset(draw(st.lists(st.sampled_from(neurons), max_size=3)))


@st.composite
def cut_connections(draw: st.DrawFn, network: Network) -> frozenset[tuple[int, int, int]]:
    sides = list(enumerate(zip(network.sizes, network.sizes[1:], strict=False)))
    connections = [(layer, s, n) for layer, (left, right) in sides for s in range(left) for n in range(right)]
    return frozenset(draw(st.lists(st.sampled_from(connections), max_size=3)))


@st.composite
def projects(draw: st.DrawFn) -> Project:
    network = draw(networks())
    flat = hnp.arrays(np.float64, network.parameter_count, elements=NUMBERS)
    project = new_project(
        draw(st.text(max_size=20)), network, draw(datasets(network)), draw(options_for(network)), draw(flat)
    ).with_sample(draw(hnp.arrays(np.float64, network.inputs, elements=NUMBERS)))
    project = replace(project, notes=draw(st.text(max_size=40)), trained=draw(st.booleans()))
    project = replace(project, silent=draw(silent_neurons(network)), cut=draw(cut_connections(network)))
    if draw(st.booleans()):
        project = project.with_target(draw(hnp.arrays(np.float64, network.outputs, elements=NUMBERS)))
    if draw(st.booleans()):
        slots = MEMORY_SLOTS[project.options.optimizer.name]
        memory = hnp.arrays(np.float64, (slots, network.parameter_count), elements=NUMBERS)
        project = project.with_update(draw(flat), draw(memory))
    if draw(st.booleans()):
        project = project.with_batch(draw(st.integers(1, 70)))
        project = project.singled_out(draw(st.integers(0, 70)))
    return replace(project, origin=frozen(draw(flat))) if draw(st.booleans()) else project


@st.composite
def learned(draw: st.DrawFn, project: Project, number: int = 1) -> tuple[Run, Training]:
    """A run of a project as the window keeps it, and the training that goes on from there."""
    start = project.parameters if project.trained else None
    training = Training(project.network, project.data, project.options, start, mask=project.mask)
    stop = Stop.DONE
    for updates in draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)):
        training.remember()
        stop = training.run(updates)
        if draw(st.booleans()):
            training.set_rate(draw(st.floats(1e-3, 10)))
    training.remember()
    if draw(st.booleans()):
        training.seek(draw(st.integers(0, training.last)))
    count = draw(st.integers(0, 3))
    table = draw(hnp.arrays(np.float64, (len(COLUMNS), count)))
    run = kept(
        training,
        training.snapshot(stop),
        project,
        number=number,
        name=draw(st.text(max_size=8)),
        readings=Readings.of(np.arange(count, dtype=np.int64) * 3, table),
        branch=draw(st.none() | st.tuples(st.integers(1, 9), st.integers(0, 99))),
    )
    return run, training


@st.composite
def works(draw: st.DrawFn) -> Work:
    """A document with its runs, some of which share data, network or weights with it and with each other."""
    project = draw(projects())
    runs = []
    for number in sorted(draw(st.sets(st.integers(1, 9), max_size=3))):
        mine = project if draw(st.booleans()) else draw(projects())
        runs.append(draw(learned(mine, number))[0])
    if runs and draw(st.booleans()):
        runs[-1] = replace(runs[-1], project=None, moments=())
    number = draw(st.sampled_from([0, *(run.number for run in runs)]))
    words = st.text(max_size=5)
    view = View(draw(st.sampled_from(MODES)), draw(st.integers(0, 99)), draw(words), draw(words))
    return Work(project, tuple(runs), number, view)
