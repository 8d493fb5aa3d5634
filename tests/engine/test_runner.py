from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.fake_gpu import FakeGpu
from visualnn.engine.pacing import CALL_SECONDS, GPU_CALL_SECONDS, call_seconds
from visualnn.engine.runner import Cut, Pause, Restart, Run, Runner, Seek, SetDevice, SetRate, State, Step, TakeUp
from visualnn.nn.curve import CurveView
from visualnn.nn.data import number_pairs
from visualnn.nn.device import CPU, Device, DeviceError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels import accelerator, choose
from visualnn.nn.kernels.arguments import SEQUENCE, SHOT_HEAD
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Snapshot, Stop, Training
from visualnn.runs import Run as KeptRun
from visualnn.runs import kept_curve, kept_moments

ADAM = Optimizer()
PATIENCE_S = 30.0  # for a machine that is busy with something else


def make(batch: int | None = None, optimizer: Optimizer = ADAM) -> Training:
    return Training(Network.of(2, 3, 1), number_pairs(), Options(optimizer, batch_size=batch))


@pytest.fixture
def runner(kernel: str) -> Iterator[Runner]:
    runner = Runner(make())
    yield runner
    runner.close()
    assert runner.state is State.CLOSED


def after(runner: Runner, *commands: object) -> Snapshot:
    """The snapshot once these commands are done."""
    for command in commands:
        runner.tell(command)
    assert runner.wait_idle(PATIENCE_S)
    snapshot = runner.poll()
    assert snapshot is not None
    return snapshot


def until(runner: Runner, wanted: Callable[[Snapshot], bool]) -> Snapshot:
    """Polls as the window does until a snapshot is like that."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        snapshot = runner.poll()
        if snapshot is not None and wanted(snapshot):
            return snapshot
        time.sleep(0.001)
    raise AssertionError("no such snapshot came")


def test_a_new_runner_shows_the_training_as_it_stands(runner: Runner):
    assert runner.state == "idle"
    snapshot = runner.poll()
    assert (snapshot.update, snapshot.epoch, snapshot.stop) == (0, 0, Stop.DONE)
    assert snapshot.loss == pytest.approx(15.6178, rel=1e-5)
    assert runner.poll() is None


def test_a_step_is_one_update(runner: Runner):
    expected = make()
    assert after(runner, Step()).update == 1
    snapshot = after(runner, Step(), Step(5), Step())
    expected.run(8)
    assert (snapshot.update, snapshot.stop) == (8, Stop.DONE)
    assert np.array_equal(snapshot.parameters, expected.parameters)
    assert snapshot.loss == expected.loss
    assert np.array_equal(snapshot.curve.losses, expected.curve.view(8).losses)


def test_run_until_an_update(runner: Runner):
    snapshot = after(runner, Run(until=300))
    assert (snapshot.update, snapshot.stop) == (300, Stop.DONE)
    assert after(runner, Run(until=200), Step()).update == 301


def test_run_until_the_goal(runner: Runner):
    snapshot = after(runner, Run(goal=1e-6))
    assert (snapshot.update, snapshot.stop) == (246, Stop.GOAL)
    assert snapshot.loss < 1e-6
    assert after(runner, Pause()).stop is Stop.GOAL
    assert after(runner, Step()).update == 247


def test_run_and_pause(runner: Runner):
    runner.tell(Run())
    seen = until(runner, lambda snapshot: snapshot.update > 50)
    assert seen.stop is None
    assert runner.state is State.RUNNING
    assert runner.updates_per_second > 0
    paused = after(runner, Pause())
    assert paused.stop is Stop.STOPPED
    assert paused.update >= seen.update
    assert runner.updates_per_second == 0
    assert runner.poll() is None


def test_a_paced_run_shows_every_update_it_makes_and_keeps_its_pace(runner: Runner):
    start = time.monotonic()
    runner.tell(Run(pace=200, until=20))
    assert runner.wait_idle(PATIENCE_S)
    assert time.monotonic() - start >= 19 / 200
    assert runner.poll().update == 20


def test_a_run_that_begins_makes_its_first_update_at_once_and_one_that_goes_on_does_not(runner: Runner):
    runner.tell(Run(pace=0.001))
    assert until(runner, lambda snapshot: snapshot.update == 1)
    runner.tell(Run(pace=0.002))  # another speed
    runner.tell(Pause())  # need not wait for the next update
    assert runner.wait_idle(PATIENCE_S)
    assert runner.training.updates == 1


def test_an_update_of_a_slow_run_is_seen_before_the_next(runner: Runner):
    runner.tell(Run(pace=20))
    seen = [until(runner, lambda snapshot: True).update for _ in range(5)]
    assert seen == sorted(seen)
    assert len(set(seen)) >= 4, "the start may be seen twice: before the thread has begun, and after"


def test_seek_goes_back_and_forth(runner: Runner):
    there = after(runner, Step(100))
    back = after(runner, Seek(99))
    assert back.update == len(back.curve.losses) == 99
    again = after(runner, Seek(100))
    assert np.array_equal(again.parameters, there.parameters)
    assert again.loss == there.loss


def test_nothing_of_a_replay_is_seen(runner: Runner):
    far = 100_000 if choose.loaded() else 300
    after(runner, Step(far))
    runner.tell(Seek(far - 1))
    assert until(runner, lambda snapshot: True).update == far - 1


def test_restart(runner: Runner):
    first = runner.poll()
    after(runner, Step(50))
    restarted = after(runner, Restart())
    assert restarted.update == 0
    assert len(restarted.curve.losses) == 0
    assert np.array_equal(restarted.parameters, first.parameters)


def test_restart_in_mid_run_never_mixes_two_runs(runner: Runner):
    reference_losses = None
    for _ in range(10):
        runner.tell(Restart())
        runner.tell(Run())
        seen = until(runner, lambda snapshot: snapshot.update > 20)
        losses = seen.curve.losses[: 20 // seen.curve.stride]
        assert np.isfinite(seen.curve.losses).all()
        if reference_losses is not None and seen.curve.stride == 1:
            assert np.array_equal(losses, reference_losses)
        reference_losses = losses if seen.curve.stride == 1 else None


def test_the_rate_changes_while_the_run_goes_on(runner: Runner):
    runner.tell(Run())
    for rate in (0.05, 0.02, 0.01):
        runner.tell(SetRate(rate))
    until(runner, lambda snapshot: snapshot.update > 10)
    assert runner.state is State.RUNNING
    after(runner, Pause())
    assert runner.training.rate == 0.01


def test_a_divergence_is_told(runner: Runner):
    snapshot = after(runner, SetRate(1e200), Run())
    assert snapshot.stop is Stop.DIVERGED
    assert not np.isfinite(snapshot.loss)


@pytest.mark.parametrize("batch", [None, 10])
def test_every_snapshot_is_of_one_moment(kernel: str, batch: int | None):
    slow = Optimizer("sgd", rate=1e-6)  # every update's loss differs from the next in the seventh digit
    training, judge = make(batch, slow), make(batch, slow)
    runner = Runner(training)
    runner.tell(Run())
    seen, wanted = [], 200 if choose.loaded() else 50
    while len(seen) < wanted:
        if (snapshot := runner.poll()) is not None:
            seen.append(snapshot)
    runner.close()
    for before, snapshot in pairwise(seen):
        assert snapshot.update >= before.update
    for snapshot in seen:
        if batch is None:
            judge.parameters[:] = snapshot.parameters
            assert snapshot.loss == pytest.approx(judge.loss, rel=1e-11)
        assert snapshot.epoch == snapshot.update // training.epoch_length
        assert len(snapshot.curve.losses) == -(-snapshot.update // snapshot.curve.stride)
        assert np.isfinite(snapshot.curve.losses).all()
    judge = make(batch, slow)
    for snapshot in seen[:20]:
        judge.run(snapshot.update - judge.updates)
        if kernel == "reference":
            assert np.array_equal(snapshot.parameters, judge.parameters)
            assert snapshot.loss == judge.loss


def test_the_compiled_kernel_takes_over_in_mid_run(compiled_kernel, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choose, "_ready", set())
    runner = Runner(make())
    runner.tell(Run(until=400))
    until(runner, lambda snapshot: snapshot.update > 20)
    monkeypatch.setattr(choose, "_ready", set(compiled_kernel))
    snapshot = after(runner)
    runner.close()
    whole = make()
    whole.run(100)
    runner.training.seek(100)
    assert snapshot.update == 400
    np.testing.assert_allclose(runner.training.parameters, whole.parameters, rtol=1e-9, atol=1e-9)


def test_a_snapshot_has_an_array_of_its_own(runner: Runner):
    runner.tell(Run())
    seen = [until(runner, lambda snapshot: snapshot.stop is None) for _ in range(3)]
    copies = [snapshot.parameters.copy() for snapshot in seen]
    until(runner, lambda snapshot: snapshot.update > seen[-1].update)
    for snapshot, copied in zip(seen, copies, strict=True):
        assert np.array_equal(snapshot.parameters, copied)
        assert not snapshot.parameters.flags.writeable
        assert not np.shares_memory(snapshot.parameters, runner.training.parameters)
    assert len({snapshot.parameters.ctypes.data for snapshot in seen}) == 3


def test_a_shot_is_made_once_for_each_time_it_is_asked_for(runner: Runner):
    control = runner.training.control
    runner.poll()  # asks
    shots = [None, None]
    for number in range(2):
        runner.tell(Step(5))
        assert runner.wait_idle(PATIENCE_S)
        shots[number] = control.take()
    assert np.array_equal(shots[0][SHOT_HEAD:], runner.training.start)  # of before the first update
    assert shots[1] is None


def test_nobody_asks_nobody_copies(runner: Runner):
    runner.poll()
    after(runner, Step())
    shots = runner.training.control.flags[SEQUENCE]
    runner.tell(Run(until=200))
    assert runner.wait_idle(PATIENCE_S)
    assert runner.training.control.flags[SEQUENCE] <= shots + 2  # the one asked for by the last poll, and the end


def test_what_goes_wrong_comes_up_at_the_next_poll_once(runner: Runner):
    runner.tell(SetRate(-1.0))
    assert runner.wait_idle(PATIENCE_S)
    with pytest.raises(VisualNNError, match="above 0"):
        runner.poll()
    assert after(runner, Step()).update == 1


def test_an_unexpected_error_is_logged_too(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(runner.training, "run", lambda updates: 1 / 0)
    runner.tell(Run())
    assert runner.wait_idle(PATIENCE_S)
    with pytest.raises(ZeroDivisionError):
        runner.poll()
    assert "training failed" in caplog.text


@pytest.mark.parametrize("command", [Run(), Run(pace=0.001), Step(2**40), Pause()])
def test_close_ends_whatever_goes_on(kernel: str, command: object):
    threads = threading.active_count()
    runner = Runner(make())
    runner.tell(command)
    runner.poll()
    runner.close()
    assert threading.active_count() == threads
    assert runner.state is State.CLOSED
    runner.tell(Run())  # ignored
    runner.close()  # again
    before = runner.training.updates
    assert runner.training.run(3) is Stop.DONE
    assert runner.training.updates == before + 3


def test_close_in_a_long_replay(kernel: str):
    runner = Runner(make())
    after(runner, Step(2000))
    runner.tell(Seek(1999))
    runner.tell(Seek(1998))
    runner.close()
    assert runner.state is State.CLOSED


def test_many_commands_at_once_are_all_obeyed_in_order(runner: Runner):
    for _ in range(50):
        runner.tell(Run())
        runner.tell(Step())
        runner.tell(Pause())
    updates = after(runner, Restart(), *[Step()] * 20).update
    assert updates == 20


def test_of_many_places_in_the_past_only_the_last_is_gone_to(runner: Runner, monkeypatch: pytest.MonkeyPatch):
    after(runner, Step(50))
    gone: list[int] = []
    seek = runner.training.seek

    def slow(update: int):
        gone.append(update)
        time.sleep(0.05)
        return seek(update)

    monkeypatch.setattr(runner.training, "seek", slow)
    for update in range(40, 10, -1):
        runner.tell(Seek(update))
    runner.tell(Step(2))
    assert runner.wait_idle(PATIENCE_S)
    assert runner.poll().update == 13
    assert len(gone) < 10
    assert gone[-2:] == [11, 13]


def test_closing_does_not_wait_for_places_still_to_go_to(runner: Runner, monkeypatch: pytest.MonkeyPatch):
    after(runner, Step(5))
    gone: list[int] = []
    monkeypatch.setattr(runner.training, "seek", gone.append)
    monkeypatch.setattr(runner.training, "publish", lambda _stop: None)
    runner._commands.put(Restart())
    for update in range(200):
        runner._commands.put(Seek(update % 5))
        runner._commands.put(Pause())
    runner.close()
    assert runner.state is State.CLOSED
    assert len(gone) < 200


# -- the past of a run -------------------------------------------------------------------------------------------------


def test_a_run_in_the_past_is_a_branch(runner: Runner):
    whole = after(runner, Run(until=60))
    back = after(runner, Seek(20))
    assert (back.update, back.last) == (20, 60)
    np.testing.assert_array_equal(back.whole.losses, whole.curve.losses)
    on = after(runner, SetRate(0.01), Run(until=30))
    assert (on.update, on.last) == (30, 30)
    np.testing.assert_array_equal(on.curve.losses[:20], whole.curve.losses[:20])
    assert runner.readings.updates.max() == 30
    assert all(report.update <= 30 for report in runner.reports)


def test_a_step_in_the_past_shows_what_came_then(runner: Runner):
    whole = after(runner, Step(30))
    shown = after(runner, Seek(10), Step(5))
    assert (shown.update, shown.last) == (15, 30)
    assert shown.loss == pytest.approx(whole.curve.losses[15], rel=1e-12)


def test_a_cut_forgets_the_rest(runner: Runner):
    snapshot = after(runner, Step(30), Seek(10), Cut())
    assert (snapshot.update, snapshot.last) == (10, 10)
    assert len(snapshot.whole.losses) == 10


def test_a_run_measures_the_rows_held_back(kernel: str):
    with_tests = Runner(few_rows(tests=20))
    after(with_tests, Step(5))
    with_tests.close()
    assert np.isfinite(with_tests.readings.test_loss).all()
    assert with_tests.readings.updates[-1] == 5


def few_rows(tests: int, patience_rate: float = 0.1) -> Training:
    """The adder's rows, the last of them held back with answers that cannot be learned."""
    data = number_pairs()
    kept = data.rows - tests
    held = {"test_inputs": data.inputs[kept:], "test_targets": -data.targets[kept:]}
    split = replace(data, inputs=data.inputs[:kept], targets=data.targets[:kept], rule=None, recipe=None, **held)
    return Training(Network.of(2, 3, 1), split, Options(Optimizer("adam", patience_rate), batch_size=20))


def test_a_run_stops_early_where_the_test_loss_gets_no_better(kernel: str):
    runner = Runner(few_rows(tests=20))
    snapshot = after(runner, Run(patience=3))
    runner.close()
    assert snapshot.stop is Stop.EARLY
    length = runner.training.epoch_length
    assert snapshot.update % length == 0
    seen = runner.readings
    ends = {int(u): loss for u, loss in zip(seen.updates, seen.test_loss, strict=True) if u % length == 0 and u}
    best = min(ends, key=ends.__getitem__)
    assert snapshot.update - best == 3 * length


def test_stopping_early_does_not_depend_on_how_a_run_is_paused(kernel: str):
    ends = []
    for pauses in ((), (7,), (3, 11, 12)):
        runner = Runner(few_rows(tests=20))
        for update in pauses:
            after(runner, Run(until=update, patience=3))
        ends.append(after(runner, Run(patience=3)).update)
        runner.close()
    assert len(set(ends)) == 1


def test_a_kept_run_is_taken_up_where_it_was_left(runner: Runner):
    whole = after(runner, Run(until=50))
    training = runner.training
    kept = KeptRun(
        number=1, name="", options=training.options, network=training.network, update=50, epoch_length=1,
        loss=whole.loss, curve=whole.curve, parameters=whole.parameters, start=training.start,
        readings=runner.readings, rate_changes=training.rates, moments=kept_moments(training.history.moments),
    )  # fmt: skip
    again = Runner(make())
    shown = after(again, TakeUp(kept))
    np.testing.assert_array_equal(shown.parameters, whole.parameters)
    np.testing.assert_array_equal(again.readings.updates, runner.readings.updates)
    np.testing.assert_array_equal(after(again, Seek(20)).parameters, after(runner, Seek(20)).parameters)
    again.close()


def test_of_many_moments_some_are_kept_with_a_run():
    training = make()
    for _ in range(200):
        training.remember()
        training.run(1)
    moments = kept_moments(training.history.moments)
    assert len(moments) == 64
    assert (moments[0], moments[-1]) == (training.history.moments[0], training.history.moments[-1])
    assert kept_moments(()) == ()


def test_of_a_long_curve_every_second_loss_is_kept_with_a_run():
    losses = np.arange(20_000.0)
    curve = kept_curve(CurveView(losses, 2))
    assert len(curve.losses) <= 8192
    np.testing.assert_array_equal(curve.updates, 2 * curve.losses)


# -- where it computes -------------------------------------------------------------------------------------------------


def on_gpu() -> Training:
    options = Options(batch_size=16, precision="float32")
    return Training(Network.of(2, 3, 1), number_pairs(), options, device=Device("cuda"))


@pytest.fixture
def card(fake_gpu: FakeGpu, monkeypatch: pytest.MonkeyPatch) -> FakeGpu:
    """A GPU whose loops are loaded; it computes like the processor's."""
    monkeypatch.setattr(choose, "_ready", set())
    assert accelerator.load() == ""
    return fake_gpu


def test_a_run_that_goes_on_moves_to_the_gpu_and_back(card: FakeGpu):
    runner = Runner(on_gpu())
    try:
        runner.tell(SetDevice(CPU))
        runner.tell(Run())
        until(runner, lambda snapshot: snapshot.update > 50)
        assert not card.calls
        runner.tell(SetDevice(Device("cuda")))
        until(runner, lambda snapshot: bool(card.calls))
        assert runner.state is State.RUNNING
        runner.tell(SetDevice(CPU))
        moved = len(card.calls)
        until(runner, lambda snapshot: snapshot.update > card.calls[-1][0] + 100)
        snapshot = after(runner, Pause())
        assert len(card.calls) <= moved + 1
        expected = on_gpu()
        expected.set_device(CPU)
        expected.run(snapshot.update)
        assert np.array_equal(snapshot.parameters, expected.parameters)
        assert runner.notice() == ""
    finally:
        runner.close()


@pytest.mark.parametrize("update", [-1, 0, 120])
def test_a_run_whose_gpu_fails_goes_on_and_says_so_once(card: FakeGpu, update: int):
    card.fail(DeviceError("The GPU stopped: it is not connected any more.", is_lost=True), update)
    runner = Runner(on_gpu())
    try:
        snapshot = after(runner, Run(until=300))
        assert (snapshot.update, snapshot.stop) == (300, Stop.DONE)
        assert runner.notice() == "The GPU stopped: it is not connected any more. Training goes on on the processor."
        assert runner.notice() == ""
        expected = on_gpu()
        expected.set_device(CPU)
        expected.run(300)
        assert np.array_equal(snapshot.parameters, expected.parameters)
        assert np.array_equal(snapshot.curve.losses, expected.curve.view(300).losses)
    finally:
        runner.close()


def test_what_a_loop_holds_of_the_gpu_is_given_back_by_its_own_thread(card: FakeGpu):
    threads: list[str] = []
    made = card.loops = []
    runner = Runner(on_gpu())
    after(runner, Step(3))
    weakref.finalize(made.pop(), lambda: threads.append(threading.current_thread().name))
    runner.close()
    assert threads == ["training"]
    assert runner.training.device == Device("cuda")
    runner.training.run(2)
    assert runner.training.updates == 5


def test_a_call_on_the_gpu_is_long_enough_to_take_the_state_there(
    card: FakeGpu, compiled_kernel: frozenset[choose.Kind], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(choose, "_ready", set(compiled_kernel))
    training = on_gpu()
    assert call_seconds(training) == GPU_CALL_SECONDS
    training.set_device(CPU)
    assert call_seconds(training) == CALL_SECONDS
