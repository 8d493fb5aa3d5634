from __future__ import annotations

import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from visualnn import precompiled
from visualnn.bench import engine, job, machine, ours
from visualnn.bench.job import Turn, UnavailableError, passes, updates_for, warm_up
from visualnn.bench.worker import Desk
from visualnn.bench.workload import Workload
from visualnn.nn.kernels import choose

TINY = Workload("tiny", (2, 3, 1), 10, rows=100)


def test_a_turn_lasts_as_long_as_it_should() -> None:
    assert updates_for(0.1, Turn(50, 0.2, 0.2)) == 25
    assert updates_for(0.1, Turn(1, 3.0, 3.0)) == 1


def test_passes_are_whole_or_one_short_one() -> None:
    assert passes(7, 100) == (1, 7)
    assert passes(249, 100) == (2, 100)
    assert passes(100, 100) == (1, 100)


def test_warming_up_ends_with_a_run_that_can_be_timed() -> None:
    asked = []

    def run(updates: int) -> int:
        asked.append(updates)
        time.sleep(updates * 1e-3)
        return updates

    turn = warm_up(run)
    assert turn.wall_s >= job.FIRST_S
    assert asked[:4] == [1, 1, 2, 4]
    assert turn.updates == asked[-1]


def test_ours_trains_from_the_weights_of_the_workload() -> None:
    run = ours.prepare(TINY, "")
    assert run(20) == 20


def test_ours_says_when_it_ends_by_itself() -> None:
    run = ours.prepare(Workload("wild", (2, 3, 1), 10, rate=1e30, rows=100), "")
    with pytest.raises(UnavailableError, match="diverged"):
        run(1000)


def test_ours_starts_where_the_rivals_do(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(ours, "Training", lambda network, data, options, start: seen.append((network, options, start)))
    ours.prepare(TINY, "")
    network, options, start = seen[0]
    for (w, b), (w0, b0) in zip(network.views(start), TINY.problem().layers, strict=True):
        assert np.array_equal(w, w0)
        assert np.array_equal(b, b0)
    assert (options.precision, options.batch_size, options.optimizer.name) == ("float32", 10, "sgd")


def competitor(**functions: object) -> ModuleType:
    module = ModuleType("competitor")
    vars(module).update(functions)
    return module


def test_a_desk_answers() -> None:
    desk = Desk(competitor(prepare=lambda workload, variant: lambda updates: time.sleep(0.03) or updates))  # type: ignore[func-returns-value]
    assert desk.answer({"prepare": TINY.values()}) == {}
    answer = desk.answer({"turn": 0.03})
    assert answer["updates"] >= 1
    assert answer["wall_s"] >= 0.03
    assert set(answer) == {"updates", "wall_s", "cpu_s"}


def test_a_desk_turns_exceptions_into_sentences() -> None:
    def fail(workload: Workload, variant: str) -> None:
        raise ValueError(f"{workload.name} {variant}\nmore")

    def decline() -> None:
        raise UnavailableError("not here.")

    desk = Desk(competitor(prepare=fail, peak=decline), "fused")
    assert desk.answer({"prepare": TINY.values()}) == {"error": "ValueError: tiny fused"}
    assert desk.answer({"peak": True}) == {"unavailable": "not here."}


def test_the_load_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = iter([10.0, 13.0])
    clock = iter([100.0, 102.0])
    monkeypatch.setattr(machine, "busy_s", lambda: next(busy))
    monkeypatch.setattr(machine, "perf_counter", lambda: next(clock))
    assert machine.Watch().others(own_s=1.0) == 1.0


def test_no_load_is_known_without_proc(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(machine, "STAT", tmp_path_factory.getbasetemp() / "nowhere")
    monkeypatch.setattr(machine, "CPU_INFO", tmp_path_factory.getbasetemp() / "nowhere")
    assert machine.busy_s() is None
    assert machine.Watch().others() is None
    begun = time.perf_counter()
    machine.wait_until_quiet()
    assert time.perf_counter() - begun < machine.PATIENCE_S
    assert machine.describe()["cpu"]


def test_waiting_for_a_quiet_machine_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = []
    monkeypatch.setattr(machine, "LOOK_S", 0.01)
    monkeypatch.setattr(machine, "PATIENCE_S", 0.05)
    monkeypatch.setattr(machine.Watch, "others", lambda self, own_s=0.0: waited.append(1) or 1.0)
    machine.wait_until_quiet(taken=1.0)
    assert len(waited) == 1
    machine.wait_until_quiet()
    assert 2 < len(waited) < 10


def test_the_engine_is_timed_in_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def timed(python: str, script: str, environment: dict[str, str]) -> object:
        if script is engine.IMPORT:
            return [0.1, 0.05]
        return 5.0 if not seen.append(environment["VISUALNN_CACHE_DIR"]) and len(seen) == 1 else 0.4

    seen: list[str] = []
    monkeypatch.setattr(engine, "_timed", timed)
    times = engine.measure("python", {})
    assert times == {"import_numpy_s": 0.1, "import_engine_s": 0.05, "compile_cold_s": 5.0, "load_warm_s": 0.4}
    assert len(set(seen)) == 1


def test_kernels_that_were_compiled_ahead_are_only_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(precompiled, "place", lambda: tmp_path)
    monkeypatch.setattr(choose, "load", lambda: True)
    monkeypatch.setattr(choose, "set_threads", lambda threads: None)
    monkeypatch.setattr(engine, "_timed", lambda python, script, _: [0.1, 0.05] if script is engine.IMPORT else 0.2)
    times = engine.measure("python", {})
    assert (times["compile_cold_s"], times["load_warm_s"]) == (None, 0.2)
    assert ours.begin(1).endswith(", kernels compiled ahead of time")


def test_a_library_without_the_chains_has_no_peak(monkeypatch: pytest.MonkeyPatch) -> None:
    def kernel(module: str, name: str) -> None:
        raise ImportError(f"{module}.{name} was not compiled ahead.")

    monkeypatch.setattr(precompiled, "kernel", kernel)
    assert "cannot be measured" in Desk(ours).answer({"peak": True})["unavailable"]


def test_the_engine_is_imported_without_numba() -> None:
    import os
    import sys

    numpy, own = engine._timed(sys.executable, engine.IMPORT, dict(os.environ))
    assert numpy > 0
    assert own > 0
