"""What happens inside the processes, with the readable loop in place of the GPU's."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

from visualnn.bench.gpu import checks, frames, hardware, ours, processor, simulation, surroundings, tuning, turns
from visualnn.bench.gpu.cases import CASES, Case
from visualnn.bench.gpu.checks import CHECKS, Check
from visualnn.bench.job import UnavailableError
from visualnn.bench.worker import Desk
from visualnn.nn.functions import HIDDEN_ACTIVATIONS, LOSSES
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import Control, State, Task
from visualnn.nn.network import Vector
from visualnn.nn.optimizers import OPTIMIZERS
from visualnn.nn.order import Order
from visualnn.nn.training import Stop, Training

TINY = CASES[0].tiny().values()
MANY = next(case for case in CASES if case.networks > 1).tiny().values()


@pytest.fixture(autouse=True)
def _few_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "FIRST_S", 1e-4)
    monkeypatch.setattr(ours, "loop_of", lambda training, *, tf32=False: reference.Loop(training.task))


def test_a_desk_calls_what_is_asked_for() -> None:
    competitor = ModuleType("competitor")
    vars(competitor)["CALLS"] = {"add": lambda a, b: {"sum": a + b}}
    desk = Desk(competitor)
    assert desk.answer({"call": "add", "with": {"a": 2, "b": 3}}) == {"sum": 5}
    answer = desk.answer({"call": "take", "with": {}})
    assert answer["error"] == "KeyError: 'take'"
    assert answer["trace"].endswith("KeyError: 'take'\n")


def test_who_is_not_there_says_so_at_a_call() -> None:
    def decline() -> None:
        raise UnavailableError("not here.")

    competitor = ModuleType("competitor")
    vars(competitor)["CALLS"] = {"turn": decline}
    assert Desk(competitor).answer({"call": "turn", "with": {}}) == {"unavailable": "not here."}


@pytest.mark.parametrize("module", [ours, processor])
def test_ours_is_prepared_and_takes_turns(module: ModuleType) -> None:
    prepared = module.CALLS["prepare"](case=TINY, device="cpu")
    assert prepared["first_s"] > 0
    turn = module.CALLS["turn"](variant="gpu", seconds=1e-6)
    assert turn["us"] > 0
    assert turn["updates"] == 3


class Fleet:
    """Many readable loops, one after another."""

    def __init__(self, trainings: Sequence[Training]) -> None:
        self.loops = [reference.Loop(training.task) for training in trainings]

    def run(self, *places: Sequence[Any]) -> list[int]:
        return [loop.run(*place) for loop, *place in zip(self.loops, *places, strict=True)]


def test_many_networks_are_timed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Training] = []

    def fleet_of(trainings: Sequence[Training]) -> Fleet:
        seen.extend(trainings)
        return Fleet(trainings)

    monkeypatch.setattr(ours, "fleet_of", fleet_of)
    ours.prepare({**MANY, "networks": 25}, "cpu")
    before = [training.updates for training in seen]
    turn = ours.turn("gpu", 1e-9)
    assert {training.updates - n for training, n in zip(seen, before, strict=True)} == {turn["updates"]} == {3}
    assert len({(training.rate, training.options.seed) for training in seen}) == 25
    assert len({training.rate for training in seen}) == 3


def test_the_processor_trains_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Training] = []
    monkeypatch.setattr(processor, "trainings_of", lambda case: seen.extend(ours.trainings_of(case)) or seen)
    processor.prepare({**MANY, "networks": 5}, "cpu")
    before = [training.updates for training in seen]
    turn = processor.turn("cpu", 1e-9)
    assert {training.updates - n for training, n in zip(seen, before, strict=True)} == {turn["updates"]} == {3}
    seen[4].set_goal(1e9)
    with pytest.raises(RuntimeError, match="ended by itself: goal"):
        processor.turn("cpu", 1e-9)


def test_one_of_many_that_ends_by_itself_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    def fleet_of(trainings: Sequence[Training]) -> Fleet:
        trainings[1].set_goal(1e9)
        return Fleet(trainings)

    monkeypatch.setattr(ours, "fleet_of", fleet_of)
    with pytest.raises(RuntimeError, match="ended by itself"):
        ours.prepare(MANY, "cpu")


def test_a_training_that_ends_by_itself_is_no_measurement() -> None:
    training = ours.training_of(Case.of(TINY).workload)
    training.set_goal(1e9)
    with pytest.raises(RuntimeError, match="ended by itself"):
        ours.advance(reference.Loop(training.task), training, 10)


def test_a_door_that_does_not_open_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    from visualnn.nn.device import DeviceError

    def shut(name: str) -> ModuleType:
        raise DeviceError("The GPU package cannot be used.")

    monkeypatch.setattr(ours, "import_module", shut)
    monkeypatch.setattr(simulation, "is_wanted", lambda: False)
    with pytest.raises(UnavailableError, match="cannot be used"):
        ours.begin(1)


def test_checks_ask_for_everything_there_is() -> None:
    for family in ("block", "grid"):
        own = [check for check in CHECKS if check.family == family]
        assert {check.hidden for check in own} == set(HIDDEN_ACTIVATIONS)
        assert {check.loss for check in own} == set(LOSSES)
        assert {check.rule for check in own} == set(OPTIMIZERS)
        assert any(check.everything for check in own)
    assert any(check.tf32 for check in CHECKS)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", [*checks.SIMULATED, *(c for c in CHECKS if max(c.sizes) < 100)], ids=lambda c: c.name)
def test_every_check_is_a_training_that_stays_finite(check: Check) -> None:
    training = check.training()
    assert training.run(check.updates) is Stop.DONE
    change = np.linalg.norm(training.parameters - training.start) / np.linalg.norm(training.start)
    assert change > 1e-5


class Wrong(reference.Loop):
    """Changes one parameter, by a share of what an update changes at least."""

    by = 0.0
    calls = 0

    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        why = super().run(order, state, control, losses, stride, updates)
        state.parameters[0] += self.by
        return why


@pytest.mark.parametrize(
    ("by", "met"), [(0.0, True), (1e-3, False), (float("nan"), False)], ids=["right", "wrong", "no number"]
)
def test_a_check_tells_right_from_wrong(monkeypatch: pytest.MonkeyPatch, by: float, met: bool) -> None:
    monkeypatch.setattr(checks, "_loop", lambda check, task: type("Other", (Wrong,), {"by": by})(task))
    found = checks.answer(0, "cpu")
    assert found["met"] is met
    assert found["same_bits"] is (by == 0.0)


def test_launches_are_noted_and_a_run_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "BEFORE_STOP_S", 0.01)
    found = ours.CALLS["frames"](case=TINY, seconds=0.01)
    assert found["launches"] == 0
    assert found["longest_ms"] is None
    assert 0 <= found["stop_ms"] <= found["longest_stop_ms"]
    assert found["updates_per_frame"] == pytest.approx(16_000 / found["us"])


def test_the_length_of_a_launch_is_what_a_loop_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    from visualnn.nn.kernels.gpu.chunk import Chunk

    with frames.noted() as launches:
        Chunk().measured(4, 0.001)
    Chunk().measured(8, 0.001)
    assert launches == [(4, 0.001)]


def test_a_look_has_a_price() -> None:
    found = ours.CALLS["snapshots"](case=TINY, seconds=0.1)
    assert found["shots"] > 0
    assert found["parameters"] == Case.of(TINY).workload.problem().layers[0][0].size + 3 + 12 + 4
    assert 0 < found["wait_ms"] < 1e3


def test_surroundings_of_a_machine_without_a_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings.shutil, "which", lambda name: None)
    found = surroundings.found()
    assert found["implementation"] == "simulator"
    assert found["driver_says"] == found["device"] == {}
    assert set(found["libraries"]) == {"nvvm", "nvrtc", "nvJitLink", "cudart"}


def test_what_the_driver_says_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings.shutil, "which", lambda name: name)
    answer = SimpleNamespace(
        stdout="NVIDIA H200, 580.1, 1980 MHz, 3201 MHz, 1980 MHz, 90 W, 700 W, 30, 0 %, Disabled\n"
    )
    monkeypatch.setattr(surroundings.subprocess, "run", lambda *_, **__: answer)
    said = surroundings.driver_says()
    assert (said["name"], said["clocks.sm"], said["mig.mode.current"]) == ("NVIDIA H200", "1980 MHz", "Disabled")
    monkeypatch.setattr(surroundings.subprocess, "run", MagicMock(side_effect=OSError("denied")))
    assert surroundings.driver_says() == {"error": "denied"}


def test_a_device_is_described_in_plain_values() -> None:
    device = SimpleNamespace(name=b"NVIDIA H200", compute_capability=(9, 0), MULTIPROCESSOR_COUNT=132)
    found = surroundings._device(SimpleNamespace(get_current_device=lambda: device))
    assert (found["name"], found["capability"], found["clock_khz"]) == ("NVIDIA H200", [9, 0], None)
    broken = MagicMock(side_effect=RuntimeError("Error at driver init"))
    assert surroundings._device(SimpleNamespace(get_current_device=broken)) == {
        "error": "RuntimeError: Error at driver init"
    }


class Graphs:
    """cuda.core, of which a graph only counts its launches."""

    def __init__(self) -> None:
        self.builder, self.graph, self.stream = MagicMock(), MagicMock(), MagicMock()
        self.builder.end_building.return_value.complete.return_value = self.graph
        self.Device = MagicMock()
        self.Device.return_value.create_graph_builder.return_value = self.builder
        self.Device.return_value.create_stream.return_value = self.stream


def test_launches_of_a_graph_are_those_of_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    graphs, kernel = Graphs(), MagicMock()
    monkeypatch.setattr(hardware, "import_module", lambda name: graphs)
    clock = iter(range(1000))
    monkeypatch.setattr(hardware, "perf_counter", lambda: next(clock) * 64e-6)
    found = hardware._graph(kernel, ["array"], 10)
    assert kernel.__getitem__.return_value.call_count == found["in_graph"] == 64
    assert graphs.graph.launch.call_count == 1 + 10 * hardware.ROUNDS
    assert graphs.stream.sync.call_count == 1 + hardware.ROUNDS
    assert found["launch_us"] == pytest.approx(64 / 10 / 8)
    assert found["graph_us"] == pytest.approx(128 / 10 / 64)


def test_without_graphs_launches_are_known_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_graph", MagicMock(side_effect=RuntimeError("too old")))
    found = hardware.launches("cuda", count=2)
    assert found["arrays_us"] > 0
    assert (found["launch_us"], found["graph_error"]) == (None, "RuntimeError: too old")


def test_every_choice_is_timed_or_says_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def choices(task: Task, *, tf32: bool, flops: int) -> list[tuple[str, object]]:
        return [("by default", lambda: reference.Loop(task)), ("huge", MagicMock(side_effect=ValueError("too large")))]

    monkeypatch.setattr(tuning, "_choices", choices)
    found = ours.CALLS["tuning"](case=TINY, seconds=0.0)["us"]
    assert found["by default"] > 0
    assert found["huge"] == "ValueError: too large"


def test_choices_are_threads_for_small_networks_and_tiles_for_all() -> None:
    task = ours.training_of(Case.of(TINY).workload).task
    labels = [label for label, _make in tuning._choices(task, tf32=False, flops=10**6)]
    assert labels[:2] == ["by default", "32 threads"]
    assert labels[-1] == "tiles of 128×128"
    assert not any("threads" in label for label, _ in tuning._choices(task, tf32=False, flops=10**10))
    assert not any("threads" in label for label, _ in tuning._choices(task, tf32=True, flops=10**6))
