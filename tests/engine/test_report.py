from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from visualnn.engine import pacing, replay, report
from visualnn.engine.gauge import few
from visualnn.engine.pacing import Ration
from visualnn.engine.replay import Replay, explosion, healthy
from visualnn.engine.report import Report, Reporter, next_change
from visualnn.engine.runner import Pause, Restart, Run, Runner, Seek, SetRate, State, Step
from visualnn.nn.data import Dataset, number_pairs
from visualnn.nn.diagnosis import DeadUnits, Plateau
from visualnn.nn.divergence import Divergence
from visualnn.nn.kernels import choose
from visualnn.nn.kernels.arguments import STOP
from visualnn.nn.mask import mask_of
from visualnn.nn.metrics import score
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.nn.statistics import statistics
from visualnn.nn.training import Stop, Training

PATIENCE_S = 30.0
POSITIVE = number_pairs(1, 5)


def adder(optimizer: str = "adam", rate: float = 0.1, data: Dataset | None = None, **options: object) -> Training:
    chosen = Options(Optimizer(optimizer, rate=rate), **options)
    return Training(Network.of(2, 3, 1), number_pairs() if data is None else data, chosen)


def bowl(rate: float, capacity: int = 65_536) -> Training:
    """f = w_a·a + w_b·b on 0…4: curvatures 4 and 20, so that plain descent explodes above the rate 0.1."""
    network = Network.of(2, 1)
    options = Options(Optimizer("sgd", rate=rate))
    mask, start = mask_of(network, parameters=[2]), np.array([-1.0, 2.5, 0.0])
    return Training(network, number_pairs(0, 4), options, start, mask=mask, curve_capacity=capacity)


@pytest.fixture
def start(kernel: str) -> Iterator[Callable[[Training], Runner]]:
    runners: list[Runner] = []

    def started(training: Training) -> Runner:
        runners.append(Runner(training))
        return runners[-1]

    yield started
    for runner in runners:
        runner.close()


def seen(runner: Runner, wanted: Callable[[Report], bool] = lambda _: True) -> Report:
    """Asks as the window does until a report is like that."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        newest = runner.report()
        if newest is not None and wanted(newest):
            return newest
        time.sleep(0.002)
    raise AssertionError("no such report came")


def at_rest(runner: Runner, *commands: object, stop: Stop = Stop.DONE) -> Report:
    """The report of where these commands led."""
    for command in commands:
        runner.tell(command)
    assert runner.wait_idle(PATIENCE_S)
    return seen(runner, lambda report: report.stop is stop and report.update == runner.training.updates)


def test_nobody_asks_nobody_reports(start: Callable[[Training], Runner], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Reporter, "make", lambda _self: pytest.fail("made"))
    runner = start(adder())
    runner.tell(Run(until=200))
    runner.tell(Step())
    assert runner.wait_idle(PATIENCE_S)
    assert runner._reporter.newest is None


def test_a_report_of_a_training_that_has_not_begun(start: Callable[[Training], Runner]):
    runner = start(adder())
    assert runner.report() is None
    found = seen(runner)
    assert (found.update, found.troubles) == (0, ())
    expected = score(runner.training.network, runner.training.start, number_pairs(), "mse")
    assert (found.score.loss, found.score.rows) == (expected.loss, 81)
    assert runner.state is State.IDLE
    assert seen(runner) is found  # there is nothing new


@pytest.mark.parametrize("batch", [None, 10])
@pytest.mark.parametrize("name", ["sgd", "nadam"])
def test_the_change_is_that_of_the_next_update(name: str, batch: int | None):
    schedule = Schedule("step", period=7, gamma=0.1)
    training = adder(name, 0.01, batch_size=batch, schedule=schedule, l2=0.01, clip_norm=1.0, dropout=0.3)
    training.run(15)
    before = training.parameters.copy()
    change = next_change(training, 1000)
    assert np.array_equal(training.parameters, before)
    training.run(1)
    np.testing.assert_allclose(change, training.parameters - before, rtol=1e-12, atol=1e-15)
    assert np.abs(change).max() > 0


def test_the_change_of_a_large_batch_comes_from_some_of_its_rows():
    training = adder("sgd", 0.01)
    whole, part = next_change(training, 81), next_change(training, 27)
    assert not np.array_equal(whole, part)
    assert part @ whole > 0.9 * np.linalg.norm(part) * np.linalg.norm(whole)


def test_a_large_data_set_is_judged_by_even_rows():
    part = few(number_pairs(), 9)
    assert part.rows == len(part.targets) == 9
    assert part.inputs[:, 0].tolist() == [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    assert few(part, 9) is part


def test_reports_come_while_a_run_goes_on_and_are_of_one_moment(start: Callable[[Training], Runner]):
    training = adder("sgd", 1e-4, batch_size=10)
    runner = start(training)
    runner.tell(Run())
    found = [seen(runner, lambda report: report.update > 0)]
    found.append(seen(runner, lambda report: report.update > found[0].update))
    runner.tell(Pause())
    assert runner.wait_idle(PATIENCE_S)
    judge = adder("sgd", 1e-4, batch_size=10)
    for one in found:
        assert one.stop is None
        assert one.statistics.update == one.update
        if choose.loaded():
            continue  # other numbers in the last digits, and far more updates
        judge.run(one.update - judge.updates)
        change = next_change(judge, 1000)
        expected = statistics(judge.network, judge.parameters, change, judge.dataset, "mse")
        for ours, theirs in zip(one.statistics.layers, expected.layers, strict=True):
            assert (ours.weight_norm, ours.update_ratio) == (theirs.weight_norm, theirs.update_ratio)
        assert one.score.loss == score(judge.network, judge.parameters, judge.dataset, "mse").loss


def test_reports_change_nothing(start: Callable[[Training], Runner]):
    training = adder(batch_size=10)
    runner = start(training)
    for until in (40, 80, 120):
        runner.report()
        at_rest(runner, Run(until=until))
    expected = adder(batch_size=10)
    for _ in range(3):
        expected.run(40)
    np.testing.assert_allclose(training.parameters, expected.parameters, rtol=1e-9)
    if not choose.loaded():
        assert np.array_equal(training.parameters, expected.parameters)


def test_a_report_is_made_wherever_training_comes_to_rest(start: Callable[[Training], Runner]):
    runner = start(adder())
    seen(runner)
    assert (at_rest(runner, Run(until=30)).update, seen(runner).stop) == (30, Stop.DONE)
    goal = at_rest(runner, Run(goal=1e-3), stop=Stop.GOAL)
    assert goal.score.loss < 1e-3
    assert at_rest(runner, Step(3)).update == goal.update + 3
    assert at_rest(runner, Seek(5)).update == 5
    assert at_rest(runner, Restart()).update == 0
    runner.tell(Run())
    at_rest(runner, Pause(), stop=Stop.STOPPED)


def test_dead_neurons_and_the_plateau_after_them_are_told(start: Callable[[Training], Runner]):
    runner = start(adder("sgd", 0.05, POSITIVE, seed=11))
    seen(runner)
    dead, still = at_rest(runner, Run(until=600)).troubles
    assert isinstance(dead, DeadUnits)
    assert dead.blocked == 0
    assert isinstance(still, Plateau)
    assert still.answers_constant
    assert still.loss == pytest.approx(4.0, abs=1e-6)


def test_an_explosion_is_told_with_its_update_and_a_safe_rate(start: Callable[[Training], Runner]):
    runner = start(bowl(0.15))
    seen(runner)
    (trouble,) = at_rest(runner, Run(), stop=Stop.DIVERGED).troubles
    assert isinstance(trouble, Divergence)
    assert (trouble.since, trouble.update, trouble.rate) == (2, 3, 0.15)
    assert (trouble.loss_before, trouble.loss_after) == pytest.approx((20.3136, 80.0502), rel=1e-5)
    assert trouble.sharpness == pytest.approx(20.0)
    assert 0.08 <= trouble.safe_rate < 0.1


def test_a_rate_that_is_set_in_mid_run_is_the_one_that_exploded(start: Callable[[Training], Runner]):
    runner = start(bowl(0.01))
    seen(runner)
    at_rest(runner, Run(until=40))
    runner.tell(SetRate(0.5))
    (trouble,) = at_rest(runner, Run(), stop=Stop.DIVERGED).troubles
    assert isinstance(trouble, Divergence)
    assert trouble.rate == 0.5
    assert 40 < trouble.update <= 45
    assert 0.08 <= trouble.safe_rate < 0.1


@pytest.mark.parametrize("asked", [0, 1])
def test_an_explosion_is_found_from_any_healthy_place(asked: int):
    training = bowl(0.15)
    kept = [None, healthy(training)][asked]
    assert training.run(1000) is Stop.DIVERGED
    assert explosion(training, kept).update == 3


def test_a_healthy_place_of_another_run_is_of_no_use():
    training = bowl(0.15)
    training.run(5)
    later = healthy(training)
    training.restart()
    training.run(1000)
    assert explosion(training, later).update == 3
    assert explosion(training, later._replace(era=training.curve.era)).since == 5


def test_an_explosion_between_two_points_of_a_thinned_curve():
    training = bowl(0.101, capacity=64)  # 2 % more each update
    assert training.run(100_000) is Stop.DIVERGED
    assert training.curve.stride > 64
    found = explosion(training, None)
    assert found.update == found.since + 1
    assert 1 < found.update < 200
    assert found.loss_before <= 30 < 4 * found.loss_after


def test_an_explosion_in_small_batches_and_a_rate_that_holds_for_all_of_them():
    training = adder("momentum", 0.05, seed=1, batch_size=1)
    kept = healthy(training)
    assert training.run(2000) is Stop.DIVERGED
    found = explosion(training, kept)
    assert found.update == found.since + 1 <= training.updates
    again = adder("momentum", found.safe_rate, seed=1, batch_size=1)
    assert again.run(2000) is Stop.DONE
    assert again.full_loss() < 15


def test_a_replay_ends_when_a_command_waits_or_the_time_is_up(monkeypatch: pytest.MonkeyPatch):
    training = bowl(0.15)
    training.run(1000)
    training.control.flags[STOP] = 1
    assert not Replay(training, None).run_to(300)
    found = explosion(training, None)
    assert (found.since, found.update) == (1, training.updates)
    assert not np.isfinite(found.loss_after)
    training.control.flags[STOP] = 0
    monkeypatch.setattr(replay, "SECONDS", 0.0)
    assert explosion(training, None).since == 1


def test_an_error_in_a_report_does_not_end_the_run(
    start: Callable[[Training], Runner], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(report, "statistics", lambda *_args, **_options: 1 / 0)
    runner = start(adder())
    runner.report()
    runner.tell(Run(until=100))
    assert runner.wait_idle(PATIENCE_S)
    deadline = time.monotonic() + PATIENCE_S
    while "no report" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.002)
    assert "ZeroDivisionError" in caplog.text
    assert runner.poll().update == 100
    assert runner.report() is None


def test_asking_disturbs_no_run(start: Callable[[Training], Runner], monkeypatch: pytest.MonkeyPatch):
    runner = start(adder())
    made = []
    make = Reporter.make
    monkeypatch.setattr(Reporter, "make", lambda self: (made.append(time.monotonic()), make(self)))
    begin = time.monotonic()
    runner.tell(Run())
    while len(made) < 4 and time.monotonic() < begin + PATIENCE_S:
        runner.report()
        time.sleep(0.005)
    runner.tell(Pause())
    assert runner.wait_idle(PATIENCE_S)
    assert len(made) >= 4
    assert min(np.diff([begin, *made])) >= 0.09


def test_a_ration_leaves_many_times_as_much_to_training(monkeypatch: pytest.MonkeyPatch):
    now = [100.0]
    monkeypatch.setattr(pacing, "perf_counter", lambda: now[0])
    ration = Ration()
    assert ration.wait() == 0.0
    ration.restart()
    assert ration.wait() == pytest.approx(0.1)
    ration.spent(0.001)
    assert ration.wait() == pytest.approx(0.1)
    ration.spent(0.1)
    assert ration.wait() == pytest.approx(2.5)
    ration.restart()  # a new run does not make it sooner
    assert ration.wait() == pytest.approx(2.5)
    now[0] += 3.0
    assert ration.wait() == 0.0


@pytest.mark.parametrize("command", [Run(), Step(2**40)])
def test_close_while_reports_are_made(start: Callable[[Training], Runner], command: object):
    runner = start(adder())
    runner.report()
    runner.tell(command)
    time.sleep(0.05)
    runner.close()
    assert runner.state is State.CLOSED
    runner.report()  # nobody answers, nothing happens


def test_a_training_that_never_was_healthy_has_no_explosion(start: Callable[[Training], Runner]):
    data = Dataset("holes", np.array([[1.0, np.nan], [2.0, 1.0]]), np.ones((2, 1)), ("a", "b"))
    runner = start(adder("sgd", 0.01, data))
    seen(runner)
    assert at_rest(runner, Run(), stop=Stop.DIVERGED).troubles == ()
