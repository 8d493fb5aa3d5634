"""Many narrow networks trained by one call, against each trained by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn.nn.kernels import choose
from visualnn.nn.kernels.arguments import DIVERGED, DONE, GOAL_LOSS, STOP, STOPPED, UPDATE, Control, Fleet, State, Task
from visualnn.nn.mask import mask_of
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import PRECISIONS, Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import SCHEDULES, Schedule, fresh_scalars


@pytest.fixture(scope="module")
def loaded(compiled_kernel) -> None:
    """The kernels of both."""
    assert choose.load(*choose.FLEETS)


class Crew:
    """Some networks of one shape, ready to be trained."""

    def __init__(self, tasks: list[Task], starts: list[np.ndarray]) -> None:
        self.tasks = tasks
        rules = [task.options.optimizer for task in tasks]
        memories = [rule.memory(start.size) for rule, start in zip(rules, starts, strict=True)]
        memory = zip(starts, memories, strict=True)
        self.states = [State(start.copy(), memory, fresh_scalars()) for start, memory in memory]
        self.controls = [Control(start.size, rule.rate, None) for rule, start in zip(rules, starts, strict=True)]
        self.orders = [Order(task.rows, task.batch, task.options.seed) for task in tasks]
        self.losses = [np.full(40, np.nan) for _ in tasks]

    def together(self, fleet: Fleet, updates: list[int]) -> list[int]:
        strides = [1 + i for i in range(len(self.tasks))]
        return fleet.run(self.orders, self.states, self.controls, self.losses, strides, updates)

    def alone(self, updates: list[int]) -> list[int]:
        from visualnn.nn.kernels.narrow import LaneLoop

        everyone = zip(self.tasks, self.orders, self.states, self.controls, self.losses, updates, strict=True)
        return [
            LaneLoop(task).run(order, state, control, losses, 1 + i, count)
            for i, (task, order, state, control, losses, count) in enumerate(everyone)
        ]

    def facts(self) -> list[list[float]]:
        """All that training has changed."""
        everyone = zip(self.states, self.controls, self.orders, self.losses, strict=True)
        return [
            np.concatenate(
                [np.ravel(part).astype(float) for part in (*s, c.flags, o.line, o.words[:4] >> 12, o.epoch, x)]
            ).tolist()
            for s, c, o, x in everyone
        ]


def crews(problem: Problem, options: Options, mask=None) -> tuple[Crew, Crew]:
    """The same networks twice."""
    rng, n = np.random.default_rng(0), problem.parameters.size
    chosen = [
        replace(options, seed=seed, optimizer=replace(options.optimizer, rate=rate))
        for seed, rate in ((3, 1e-3), (3, 1e-2), (2**40, 3e-3))
    ]
    tasks = [Task.of(problem.network, each, problem.dataset, mask) for each in chosen]
    starts = [problem.parameters, *rng.normal(0, 0.5, (2, n))]
    return Crew(tasks, starts), Crew(tasks, starts)


@settings(max_examples=60)
@given(
    problem=problems(),
    optimizer=st.sampled_from(OPTIMIZERS),
    precision=st.sampled_from(PRECISIONS),
    batch=st.integers(2, 12),
    schedule=st.sampled_from(SCHEDULES),
    dropout=st.sampled_from([0.0, 0.3]),
    clip_norm=st.sampled_from([None, 0.5]),
    cut=st.sets(st.integers(0, 300), max_size=3),
)
def test_each_ends_up_where_it_would_alone_to_the_bit(
    loaded, problem: Problem, optimizer, precision, batch, schedule, dropout, clip_norm, cut
):
    options = Options(
        Optimizer(optimizer, 1e-3, weight_decay=0.01),
        problem.loss,
        batch,
        schedule=Schedule(schedule, period=3, warmup=2, patience=1),
        dropout=dropout,
        clip_norm=clip_norm,
        l2=0.01 if cut else 0.0,
        precision=precision,
    )
    mask = mask_of(problem.network, (), {index % problem.network.parameter_count for index in cut})
    ours, others = crews(problem, options, mask)
    fleet = choose.fleet(ours.tasks)
    if fleet is None:  # for such tasks there is none
        assert choose.fleet_of(ours.tasks[0]) not in choose.FLEETS
        return
    for updates in ([3, 3, 3], [4, 0, 2]):
        assert ours.together(fleet, updates) == others.alone(updates)
    assert str(ours.facts()) == str(others.facts())


def test_each_ends_for_a_reason_of_its_own(loaded):
    from visualnn.nn.data import number_pairs
    from visualnn.nn.network import Network

    network = Network.of(2, 3, 1)
    problem = Problem(network, np.linspace(-1, 1, 13), number_pairs(), "mse")
    ours, others = crews(problem, Options())
    for crew in (ours, others):
        crew.states[0].parameters[4] = np.nan
        crew.controls[1].flags[STOP] = 1
        crew.controls[2].dials[GOAL_LOSS] = -np.inf
    fleet = choose.fleet(ours.tasks)
    assert ours.together(fleet, [5, 5, 5]) == others.alone([5, 5, 5]) == [DIVERGED, STOPPED, DONE]
    assert str(ours.facts()) == str(others.facts())


@pytest.mark.parametrize("wrong", ["32 bits", "gaps"])
def test_what_is_no_array_of_the_kernels_kind_is_never_written_to(loaded, wrong):
    from visualnn.nn.data import number_pairs
    from visualnn.nn.network import Network

    ours, _others = crews(Problem(Network.of(2, 3, 1), np.linspace(-1, 1, 13), number_pairs(), "mse"), Options())
    ours.losses[1] = np.zeros(40, np.float32) if wrong == "32 bits" else np.zeros(80)[::2]
    with pytest.raises(TypeError, match="64 bits without gaps"):
        ours.together(choose.fleet(ours.tasks), [5, 5, 5])
    assert [int(control.flags[UPDATE]) for control in ours.controls] == [0, 0, 0]


def test_without_the_kernel_there_is_no_fleet(monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.data import number_pairs
    from visualnn.nn.network import Network

    task = Task.of(Network.of(2, 3, 1), Options(), number_pairs())
    monkeypatch.setattr(choose, "_ready", set())
    assert choose.fleet([task]) is None
    wide = Task.of(Network.of(2, 300, 300, 1), Options(), number_pairs())
    assert choose.fleet_of(wide) is None
    plain = Task.of(Network.of(2, 3, 1), Options(Optimizer("sgd"), batch_size=1), number_pairs())
    assert choose.fleet_of(plain) is None
