from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.files.drawn import learned, projects, works
from tests.files.likeness import assert_same_bits, assert_same_run, assert_same_work
from visualnn.files import native, salvage
from visualnn.files.document import told
from visualnn.nn.data import number_pairs
from visualnn.nn.history import Checkpoint, Progress
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.readings import NO_READINGS
from visualnn.nn.schedule import SCHEDULES, Schedule
from visualnn.nn.training import Stop, Training
from visualnn.project import Project, new_project
from visualnn.runs import Run, kept
from visualnn.work import View, Work

NETWORK = Network.of(2, 3, 1)


def adder(**options: object) -> Project:
    data = number_pairs(-2, 2)
    start = initial_parameters(NETWORK, "he_normal", 1)
    return new_project("Adder", NETWORK, data, Options(**options), start)


def taught(project: Project, *, updates: int = 12, number: int = 1, every: int = 4) -> tuple[Run, Training]:
    """A run that was left after so many updates, and its training."""
    training = Training(project.network, project.data, project.options, mask=project.mask)
    stop = Stop.DONE
    for _ in range(0, updates, every):
        training.remember()
        stop = training.run(every)
    training.remember()
    snapshot = training.snapshot(stop)
    return kept(training, snapshot, project, number=number, name="Run", readings=NO_READINGS, branch=None), training


def again(work: Work) -> Work:
    return native.decode(io.BytesIO(native.encode(work)))


def stored(work: Work) -> dict[str, np.ndarray]:
    return told(work)[1]


@given(works())
@settings(max_examples=40)
def test_a_document_comes_back_to_the_bit_with_its_runs(work: Work) -> None:
    content = native.encode(work)
    found = native.decode(io.BytesIO(content))
    assert_same_work(work, found)
    assert native.encode(found) == content


@given(st.data())
@settings(max_examples=30)
def test_a_run_goes_on_from_a_file_as_if_it_had_never_been_saved(data: st.DataObject) -> None:
    project = data.draw(projects())
    run, training = data.draw(learned(project))
    training.seek(training.last)
    found = again(Work(project, (run,), 1))
    one = found.runs[0]
    other = Training(one.network, found.project.data, one.options, one.start, mask=found.project.mask)
    other.restore(one.moments, one.curve, one.rate_changes, one.update)
    for each in (training, other):
        each.run(7)
    assert_same_training(training, other)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [None, 10])
def test_every_rule_goes_on_from_every_moment(batch: int | None, optimizer: str, schedule: str) -> None:
    rule = Schedule(schedule, period=5, patience=0, warmup=3)
    project = adder(optimizer=Optimizer(optimizer, 0.02), batch_size=batch, schedule=rule)
    run, training = taught(project)
    one = again(Work(project, (run,), 1)).runs[0]
    assert [moment.update for moment in one.moments] == [0, 4, 8, 12]
    for moment in one.moments:
        training.seek(moment.update)
        other = Training(one.network, one.project.data, one.options, one.start)
        other.resume(moment)
        other.run(9)
        training.seek(moment.update)
        twin = Training(project.network, project.data, project.options)
        twin.run(moment.update + 9)
        assert_same_bits(twin.parameters, other.parameters)
        assert_same_bits(twin.memory, other.memory)


def assert_same_training(left: Training, right: Training) -> None:
    assert left.rates == right.rates
    for ours, theirs in zip(left.state, right.state, strict=True):
        assert_same_bits(ours, theirs)
    for name in ("line", "words", "epoch"):
        assert_same_bits(getattr(left.order, name), getattr(right.order, name))
    assert_same_bits(left.curve.view(left.updates).losses, right.curve.view(right.updates).losses)


# -- what is the same is kept once -------------------------------------------------------------------------------------


def document() -> Work:
    """A document whose weights are those of its run."""
    project = adder(batch_size=10)
    run, training = taught(project, updates=8)
    progress = Progress(training.checkpoint(), training.start, training.curve.view(8))
    after = project.with_parameters(training.parameters).with_progress(progress)
    return Work(after, (replace(run, project=after),), 1)


def test_what_is_the_same_stands_in_a_file_once() -> None:
    names = stored(document()).keys()
    assert {"parameters", "run_start", "run_memory", "run_line", "inputs", "targets"} <= names
    alike = {"runs.0.parameters", "runs.0.start", "runs.0.curve", "runs.0.project.parameters"}
    assert not names & (alike | {f"runs.0.moments.2.{name}" for name in ("parameters", "memory", "line")})
    assert "runs.0.moments.1.memory" in names


def test_what_is_the_same_is_the_same_object_when_it_is_back() -> None:
    found = again(document())
    project, run = found.project, found.runs[0]
    assert project.origin is project.parameters
    assert run.parameters is project.parameters
    assert run.project.parameters is project.parameters
    assert run.project.data is project.data
    assert run.moments[-1].parameters is project.parameters
    assert run.moments[-1].memory is project.progress.checkpoint.memory
    assert run.start is project.progress.start
    assert run.moments[-1].order.line is project.progress.checkpoint.order.line


def test_nothing_that_came_from_a_file_can_be_written_into() -> None:
    run = again(document()).runs[0]
    moment = run.moments[-1]
    arrays = [run.parameters, run.start, run.curve.losses, moment.parameters, moment.memory, moment.scalars]
    assert not any(array.flags.writeable for array in (*arrays, moment.order.line, run.readings.test_loss))


def test_data_of_other_runs_are_kept_once_and_told_apart() -> None:
    project = adder()
    small = project.with_data(number_pairs(0, 1))
    works = Work(project, tuple(taught(each, number=n)[0] for n, each in enumerate((small, project, small), 1)), 2)
    found = again(works)
    first, second, third = (run.project.data for run in found.runs)
    assert second is found.project.data
    assert third is first
    assert_same_bits(first.inputs, small.data.inputs)
    assert [name for name in stored(works) if name.endswith("inputs")] == ["inputs", "runs.0.project.inputs"]


# -- runs that went wrong ----------------------------------------------------------------------------------------------


def diverged() -> tuple[Run, Training]:
    project = adder(optimizer=Optimizer("sgd", 1e308))
    return taught(project, updates=20)


def test_a_run_that_diverged_is_kept_as_it_is() -> None:
    run, _training = diverged()
    run = replace(run, loss=np.inf)
    assert run.stop is Stop.DIVERGED
    assert not np.isfinite(run.parameters).all()
    found = again(Work(run.project.with_parameters(run.parameters), (run,), 1))
    assert_same_run(run, found.runs[0])
    assert_same_bits(run.parameters, found.project.parameters)


@pytest.mark.parametrize("loss", [np.nan, np.inf, -np.inf])
def test_a_loss_that_is_no_number_comes_back(loss: float) -> None:
    run = replace(taught(adder())[0], loss=loss)
    assert np.array_equal(again(Work(adder(), (run,))).runs[0].loss, loss, equal_nan=True)


def odd_runs() -> dict[str, Run]:
    """Runs that no file can keep whole."""
    run, _training = taught(adder(), number=2)
    short = replace(run.moments[-1], parameters=np.zeros(3))
    endless = replace(run.project.data, targets=np.full((25, 1), np.nan))
    return {
        "a moment of another network": replace(run, moments=(*run.moments[:-1], short)),
        "moments in no order": replace(run, moments=run.moments[::-1]),
        "data without end": replace(run, project=replace(run.project, data=endless)),
    }


@pytest.mark.parametrize("case", odd_runs())
def test_an_odd_run_is_kept_without_what_it_takes_to_go_on_and_the_others_whole(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    odd, good = odd_runs()[case], taught(adder(), number=3)[0]
    found = again(Work(adder(), (odd, good), 3, View("train", 2, "d")))
    assert_same_work(Work(adder(), (replace(odd, project=None, moments=()), good), 3, View("train", 2, "d")), found)
    assert "not all can be saved" in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        {"name": "\ud800"},
        {"parameters": np.zeros(5)},
        {"update": -1},
        {"epoch_length": 0},
        {"number": 3},
        {"rate_changes": ((3, 0.1),)},
    ],
)
def test_a_run_that_cannot_be_told_is_left_out_and_nothing_else(change: dict[str, object]) -> None:
    run, good = replace(taught(adder(), number=2)[0], **change), taught(adder(), number=3)[0]
    assert_same_work(Work(adder(), (good,), 0), again(Work(adder(), (run, good), 2)))


def test_an_odd_project_is_told_whatever_its_runs_are() -> None:
    with pytest.raises(native.VisualNNError, match="“name” is not a text"):
        native.encode(Work(adder().renamed("\ud800"), (taught(adder())[0],), 1))


def test_a_view_that_no_file_can_hold_is_left_out() -> None:
    assert again(Work(adder(), (), 0, View("upside down"))).view == View()


def test_a_file_has_room_for_so_many_moments_and_always_for_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = tuple(taught(adder(), number=number, updates=40)[0] for number in (1, 2))
    monkeypatch.setattr(salvage, "FILE_BYTES", 8 * runs[0].moments[0].size_bytes)
    found = again(Work(adder(), runs, 1))
    updates = [[moment.update for moment in run.moments] for run in found.runs]
    assert updates == [[0, 12, 28, 40]] * 2
    assert native.encode(found) == native.encode(Work(adder(), runs, 1))
    monkeypatch.setattr(salvage, "FILE_BYTES", 1)
    assert [moment.update for moment in again(found).runs[1].moments] == [40]


def test_rates_that_were_set_often_are_not_told_for_each_moment() -> None:
    run, _training = taught(adder())
    rates = ((0, 0.1), (2, 0.2), (4, 0.3), (12, 0.4))
    other = ((0, 0.1), (2, 0.2), (4, 0.9))
    moments = tuple(replace(moment, rates=rates[: 1 + place]) for place, moment in enumerate(run.moments[:-1]))
    last: Checkpoint = replace(run.moments[-1], rates=other)
    whole = replace(run, rate_changes=rates, moments=(*moments, last))
    values = told(Work(adder(), (whole,)))[0]["runs"][0]["moments"]
    assert [each["shared_rates"] for each in values] == [1, 2, 3, 2]
    assert [each["rates"] for each in values] == [[], [], [], [[4, 0.9]]]
    assert_same_run(whole, again(Work(adder(), (whole,))).runs[0])


def test_nothing_is_copied_on_the_way_to_a_file_and_back() -> None:
    work = document()
    numbers = stored(work)
    assert numbers["parameters"] is work.project.parameters
    assert numbers["runs.0.moments.1.memory"] is work.runs[0].moments[1].memory
    found = again(work)
    assert found.project.parameters.base is not None
    assert found.project.parameters.base is found.runs[0].moments[1].memory.base


def test_numbers_that_numpy_counted_are_numbers() -> None:
    run = taught(adder())[0]
    counted = replace(run, number=np.int64(1), update=np.int64(12), parent=np.int64(3), branched_at=np.int64(2))
    found = again(Work(adder(), (counted,), 1, View("step", np.int64(3))))
    assert_same_run(replace(run, parent=3, branched_at=2), found.runs[0])
    assert found.view.step == 3
