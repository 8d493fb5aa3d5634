"""A sweep: every network is the training of its rate and seed, whatever is looked at, split or stopped meanwhile."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest

from visualnn.engine.sweep import Sweep
from visualnn.engine.sweep_moment import CURVE_POINTS, Field, Ground, Moment, curves_of
from visualnn.files.examples import load
from visualnn.nn.device import Device, DeviceError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels import accelerator, choose, reference
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.network import Layer, Network
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training

FIELD = Field((0.01, 0.1, 1.0), (4, 5, 6, 7))
PATIENCE_S = 20.0


@pytest.fixture
def ground() -> Ground:
    project = load("circles")
    return Ground(project.network, project.data, replace(project.options, batch_size=20, goal=None))


@pytest.fixture
def begin(ground: Ground) -> Iterator[Callable[..., Sweep]]:
    made: list[Sweep] = []

    def start(field: Field = FIELD, **options: object) -> Sweep:
        made.append(Sweep(replace(ground, options=replace(ground.options, **options)), field))  # type: ignore[arg-type]
        return made[-1]

    yield start
    for sweep in made:
        sweep.close()


def moment_at(sweep: Sweep, update: int) -> Moment:
    """Go there, rest, and look."""
    if update:
        sweep.go(update)
    assert sweep.wait_idle(PATIENCE_S)
    moment = sweep.look()
    assert moment is not None
    return moment


def alone(sweep: Sweep, index: int, updates: int) -> Training:
    """What the Train panel would do with this rate and this seed."""
    ground = sweep.ground
    row, column = divmod(index, len(sweep.field.rates))
    optimizer = replace(ground.options.optimizer, rate=sweep.field.rates[column])
    options: Options = replace(ground.options, optimizer=optimizer, seed=sweep.field.seeds[row])
    training = Training(ground.network, ground.data, options, mask=ground.mask)
    training.run(updates)
    return training


def test_networks_that_see_batches_are_judged_by_means_over_an_epoch_or_a_few_batches_more(begin):
    few, many = begin(), begin(batch_size=2)
    for sweep, count in ((few, 16), (many, few.ground.data.rows // 2)):
        moment = moment_at(sweep, 70)
        for index in range(len(FIELD)):
            single = alone(sweep, index, 70)
            latest = [*single.curve.view(70).losses[-(count - 1) :], single.loss]
            assert moment.judged[index] == pytest.approx(np.mean(latest), rel=1e-12)
    assert moment_at(begin(batch_size=None), 10).recent is None


def test_there_is_no_goal_where_a_batch_could_reach_it_by_luck():
    project = load("circles")
    rows = project.data.rows
    for size, goal in ((None, 0.01), (rows, 0.01), (rows - 1, None), (1, None)):
        ground = Ground.of(project.with_options(replace(project.options, batch_size=size, goal=0.01)))
        assert ground.options.goal == goal
        assert ground.options.batch_size == size


def test_every_network_is_the_training_of_its_rate_and_seed_to_the_bit(begin):
    sweep = begin()
    moment = moment_at(sweep, 60)
    assert moment.update == 60
    for index in range(len(FIELD)):
        single = alone(sweep, index, 60)
        assert np.array_equal(sweep.parameters(index), single.parameters)
        assert np.array_equal(sweep.curve(index, 60).losses, single.curve.view(60).losses)
        assert moment.losses[index] == single.loss


def test_it_does_not_matter_how_the_way_is_split(begin):
    whole, parts = begin(), begin()
    for update in (1, 4, 23):
        moment_at(parts, update)
    assert np.array_equal(moment_at(whole, 60).losses, moment_at(parts, 60).losses)


def test_at_first_all_stand_at_their_start(begin):
    sweep = begin()
    moment = moment_at(sweep, 0)
    assert moment.update == 0
    assert not moment.updates.any()
    assert not moment.ended.any()
    assert moment.firsts.tolist() == [alone(sweep, index, 0).full_loss() for index in range(len(FIELD))]
    assert np.array_equal(moment.judged, moment.losses)
    assert np.array_equal(sweep.start(0), sweep.start(1)), "a row is a seed"
    assert not np.array_equal(sweep.start(0), sweep.start(3))


def test_who_reaches_the_goal_stays_there_and_the_others_go_on(begin):
    sweep = begin(batch_size=None, goal=0.45)
    moment = moment_at(sweep, 90)
    assert moment.reached.any()
    assert not moment.reached.all()
    for index in np.flatnonzero(moment.reached).tolist():
        single = alone(sweep, index, 90)
        assert single.updates == moment.updates[index] < 90
        assert moment.losses[index] == single.loss < 0.45
    assert set(moment.updates[~moment.reached].tolist()) == {90}


def test_who_diverges_stays_there_and_the_others_go_on():
    project = load("adder")
    sgd = project.options.optimizer.renamed("sgd")
    straight = Network(2, (Layer(3, "linear"), Layer(1, "linear")))
    ground = Ground(straight, project.data, replace(project.options, optimizer=sgd, goal=None))
    sweep = Sweep(ground, Field((1e-4, 10.0), (4, 5)))
    try:
        moment = moment_at(sweep, 200)
        assert moment.diverged.tolist() == [False, True, False, True]
        assert moment.updates[0] == 200
        assert alone(sweep, 1, 200).updates == moment.updates[1] < 200
    finally:
        sweep.close()


def test_where_all_have_ended_it_is_at_the_last_update_of_anybody(begin):
    sweep = begin(batch_size=None, goal=0.45)
    moment = moment_at(sweep, 10**6)
    assert moment.reached.all()
    assert moment.update == moment.updates.max() < 10**6


def test_where_nobody_can_go_on_it_rests(begin):
    sweep = begin(goal=1e9)
    moment = moment_at(sweep, 1000)
    assert moment.reached.all()
    assert not moment.updates.any()


def test_back_at_the_start_it_goes_the_same_way_again(begin):
    sweep = begin()
    first = moment_at(sweep, 20)
    sweep.restart()
    assert moment_at(sweep, 0).update == 0
    assert np.array_equal(moment_at(sweep, 20).losses, first.losses)


def test_told_to_rest_all_rest_at_the_same_update(begin):
    sweep = begin()
    sweep.go(10**9)
    moment = None
    while moment is None or moment.update == 0:
        moment = sweep.look()
    sweep.pause()
    rested = moment_at(sweep, 0)
    assert 0 < rested.update < 10**9
    assert set(rested.updates.tolist()) == {rested.update}
    assert sweep.idle


def test_while_it_goes_on_moments_are_of_one_update(begin):
    sweep = begin()
    sweep.go(10**9)
    seen: list[Moment] = []
    until = perf_counter() + PATIENCE_S
    while len(seen) < 3 and perf_counter() < until:
        moment = sweep.look()
        if moment is not None and moment.update:
            seen.append(moment)
    assert len(seen) == 3
    assert [moment.update for moment in seen] == sorted(moment.update for moment in seen)
    for moment in seen:
        assert set(moment.updates.tolist()) == {moment.update}


def test_a_look_shows_each_moment_once(begin):
    sweep = begin()
    moment_at(sweep, 5)
    assert sweep.look() is None


def test_closed_it_leaves_no_thread(ground):
    sweep = Sweep(ground, FIELD)
    sweep.go(10**9)
    sweep.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("sweep")]


def test_closed_while_it_is_made_it_leaves_no_thread(ground):
    Sweep(ground, Field(FIELD.rates, tuple(range(40)))).close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("sweep")]


def test_what_goes_wrong_is_raised_by_a_look_once(ground):
    sweep = Sweep(replace(ground, options=replace(ground.options, loss="cross_entropy")), FIELD)
    try:
        assert sweep.wait_idle(PATIENCE_S)
        with pytest.raises(VisualNNError, match="does not fit"):
            sweep.look()
        assert sweep.look() is None
        sweep.go(10)
        assert sweep.wait_idle(0.0), "nothing will come of it"
    finally:
        sweep.close()


class Card:
    """A GPU that trains as the readable loop does, until it fails."""

    fails = False
    calls = 0

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._loops = [reference.Loop(task) for task in tasks]

    def run(self, orders, states, controls, losses, strides, updates) -> list[int]:
        Card.calls += 1
        if Card.fails:
            raise DeviceError("The GPU was taken away.", is_lost=True)
        each = zip(self._loops, orders, states, controls, losses, strides, updates, strict=True)
        return [loop.run(*rest) for loop, *rest in each]


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> type[Card]:
    """The GPU is there, and works."""
    monkeypatch.setattr(choose, "_ready", set())  # the readable loop, which this card computes like
    monkeypatch.setattr(choose, "load", lambda *_kinds: False)
    monkeypatch.setattr(accelerator, "ready", lambda _task: True)
    monkeypatch.setattr(accelerator, "in_blocks", lambda _task: True)
    monkeypatch.setattr(accelerator, "GpuFleet", Card)
    Card.fails, Card.calls = False, 0
    return Card


def test_on_a_gpu_all_train_in_one_call(ground, card):
    sweep, twin = Sweep(ground, FIELD, Device("cuda")), Sweep(ground, FIELD)
    try:
        moment_at(sweep, 1)
        assert card.calls == 1
        assert sweep.on_gpu
        assert not twin.on_gpu
        assert np.array_equal(moment_at(sweep, 40).losses, moment_at(twin, 40).losses)
        assert not sweep.notice
    finally:
        sweep.close()
        twin.close()


def test_a_gpu_that_fails_is_told_of_and_the_sweep_goes_on_as_if_nothing_had_been(ground, card):
    sweep, twin = Sweep(ground, FIELD, Device("cuda")), Sweep(ground, FIELD)
    try:
        moment_at(sweep, 20)
        card.fails = True
        assert np.array_equal(moment_at(sweep, 40).losses, moment_at(twin, 40).losses)
        assert sweep.notice == "The GPU was taken away. Training goes on on the processor."
        assert not sweep.on_gpu
    finally:
        sweep.close()
        twin.close()


def test_what_a_sweep_holds_of_a_gpu_is_given_back_by_the_thread_that_has_used_it(ground, card):
    threads: list[str] = []

    class Watched(Card):
        def __init__(self, tasks: Sequence[Task]) -> None:
            super().__init__(tasks)
            weakref.finalize(self, lambda: threads.append(threading.current_thread().name))

    accelerator.GpuFleet = Watched
    sweep = Sweep(ground, FIELD, Device("cuda"))
    moment_at(sweep, 3)
    sweep.close()
    assert threads == ["sweep_0"]
    assert sweep.curve(0, 3).losses.size == 3


def test_the_speed_is_that_of_all_together(begin):
    sweep = begin()
    moment = moment_at(sweep, 40)
    assert moment.speed > 0


def test_curves_reach_from_the_first_loss_to_the_present_one(begin):
    sweep = begin(batch_size=None, goal=0.45)
    moment = moment_at(sweep, 90)
    assert moment.curves.shape == (len(FIELD), CURVE_POINTS)
    assert np.array_equal(moment.curves[:, 0], moment.firsts.astype(np.float32))
    going = ~moment.ended
    assert np.array_equal(moment.curves[going, -1], moment.losses[going].astype(np.float32))
    for line in moment.curves[moment.reached]:
        known = np.flatnonzero(np.isfinite(line))
        assert np.array_equal(known, np.arange(len(known))), "nothing after the end"
        assert line[known[-1]] < 0.45


def test_a_curve_of_many_losses_is_thinned(begin, ground):
    training = ground.training(FIELD, 0)
    assert training.run(1000) is Stop.DONE
    line = curves_of([training], np.array([training.loss]), 1000)[0]
    place = 1000 * 64 / (CURVE_POINTS - 1)
    assert line[64] == np.float32(training.curve.view(1000).losses[int(place)])


def test_the_memory_is_known_before_it_is_taken(ground):
    assert ground.size_bytes(2) == 2 * ground.size_bytes(1)
    assert ground.size_bytes(1) > 8 * ground.network.parameter_count


def test_a_network_has_its_rate_and_its_seed_and_no_end_but_the_goal(ground):
    base = replace(ground.options, goal=0.1, epochs=3, patience=2)
    options = FIELD.options(5, base)
    assert (options.optimizer.rate, options.seed) == (1.0, 5)
    assert (options.goal, options.epochs, options.patience) == (0.1, None, None)
