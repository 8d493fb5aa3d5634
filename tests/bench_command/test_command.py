from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from visualnn import gpu
from visualnn.bench import engine
from visualnn.bench.gpu import sections
from visualnn.bench.gpu.session import Session
from visualnn.cli import main
from visualnn.cli.bench_gpu import is_sound

Run = Callable[..., tuple[int, str, str]]
QUICK = ("--rounds", "2", "--seconds", "0.01")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``visualnn bench``: exit code, standard output, standard error."""
    monkeypatch.setattr("visualnn.bench.machine.PATIENCE_S", 0.0)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["bench", *arguments])
        return (code, *capsys.readouterr())

    return call


def test_ours_alone_makes_a_table(run: Run) -> None:
    code, out, err = run("--only", "w1-b10-sgd", "--rivals", "none", *QUICK)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].endswith("medians of 2 rounds")
    assert lines[2] == "w1-b10-sgd: 2-3-1 relu → linear, batch 10, SGD"
    assert lines[3].startswith("  VisualNN, 1 thread")
    assert next(line for line in lines if line.startswith("w1-b10-sgd  ")).split()[-5:] == ["–"] * 5
    assert max(map(len, lines[1:])) <= 100


def test_json_has_every_measurement(run: Run) -> None:
    code, out, err = run("--only", "w1-b10-sgd", "--rivals", "none", "--json", *QUICK)
    assert (code, err) == (0, "")
    values = json.loads(out)
    assert set(values) == {
        *("visualnn", "machine", "rounds", "seconds", "versions", "workloads", "engine", "notes"),
    }
    assert (values["rounds"], values["notes"], values["engine"]) == (2, [], None)
    workload = values["workloads"][0]
    assert (workload["name"], workload["ratios"]) == ("w1-b10-sgd", {})
    ours = workload["competitors"][0]
    assert ours["us_per_update"] > 0
    assert [set(sample) for sample in ours["samples"]] == [{"us", "updates", "cpu", "others"}] * 2


def test_the_engine_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    times = {"import_numpy_s": 0.1, "import_engine_s": 0.05, "compile_cold_s": None, "load_warm_s": None}
    monkeypatch.setattr(engine, "measure", lambda python, environment: times)
    code, out, err = run("--only", "engine")
    assert (code, err) == (0, "")
    assert out.splitlines()[2:4] == ["engine", "  import of NumPy                             100 ms"]


def test_help_names_every_workload(run: Run) -> None:
    from visualnn.bench.workload import WORKLOADS

    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert all(f"  {workload.name} " in out for workload in WORKLOADS)
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "w3"], "there is no workload “w3”; there are w1-b1-sgd, "),
        (["--only", "w2,,w1"], "argument --only: must be names with commas between them, not “w2,,w1”."),
        (["--rivals", "caffe"], "there is no rival “caffe”; there are torch, jax, sklearn, keras, or none."),
        (["--python", "/nowhere/python"], "there is no Python “/nowhere/python”."),
        (["--playground", "nowhere.js"], "there is no file “nowhere.js”."),
        (["--rounds", "0"], "argument --rounds: must be a whole number from 1, not 0."),
        (["--simulate"], "--simulate and --save go with --gpu."),
        (["--save", "bench.json"], "--simulate and --save go with --gpu."),
        (["--gpu", "--save", "bench.txt"], "“bench.txt” does not end in .json."),
        (["--gpu", "--save", "/nowhere/bench.json"], "there is no folder “/nowhere”."),
    ],
)
def test_wrong_use_is_told(run: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"visualnn bench: {said}")
    assert err.endswith(" See visualnn bench --help.\n")


def test_a_packaged_app_cannot_measure_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert run()[0] == 2


def test_ctrl_c_ends_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(self: object, workload: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("visualnn.bench.contest.Contest.measure", stop)
    code, _out, err = run("--only", "w2", "--rivals", "none")
    assert (code, err) == (130, "Stopped.\n")


SIMULATE = ("--gpu", "--simulate", "--rivals", "none")


def test_without_a_gpu_the_reason_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    none = gpu.Gpu(usable=False, sentence="There is no GPU here; training uses the processor.")
    monkeypatch.setattr(gpu, "probe", lambda: none)
    assert run("--gpu") == (2, "", "visualnn bench: There is no GPU here. See visualnn bench --help.\n")


def test_a_section_that_is_not_there(run: Run) -> None:
    code, out, err = run(*SIMULATE, "--only", "weather")
    assert (code, out) == (2, "")
    assert "there is no section “weather”; there are environment, compile, correctness, launches, tiny, " in err


def test_a_gpu_is_measured_in_the_simulator(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "gpu.json"
    code, out, err = run(*SIMULATE, "--only", "environment,launches,transfers", "--save", str(file))
    assert (code, err) == (0, "")
    assert "Numba's simulator stands in for a GPU: no figure counts." in out.splitlines()[0]
    for head in ("environment", "launches", "transfers", "goals"):
        assert head in out.splitlines()
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report["simulated"]
    assert report["environment"]["implementation"] == "simulator"
    assert report["launches"]["no_arguments_us"] > 0
    assert report["transfers"]["inside_gb_per_s"] > 0
    assert report["notes"] == []


def test_json_of_a_gpu_is_one_object_and_lines_beside_it(run: Run) -> None:
    code, out, err = run(*SIMULATE, "--only", "transfers", "--json")
    assert code == 0
    assert set(json.loads(out)) == {
        *("visualnn", "machine", "gpu", "simulated", "rounds", "turn_s", "seconds", "versions", "notes", "traces"),
        *("sections", "cases", "transfers"),
    }
    assert "  inside " in err


def test_a_measurement_that_is_stopped_tells_what_is_known(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(session: Session) -> list[str]:
        os.kill(os.getpid(), signal.SIGTERM)
        return []

    monkeypatch.setitem(sections.SECTIONS, "launches", stop)
    before = signal.getsignal(signal.SIGTERM)
    code, out, _err = run(*SIMULATE, "--only", "environment,launches", "--json")
    report = json.loads(out)
    assert code == 130
    assert report["environment"]["implementation"] == "simulator"
    assert report["notes"] == ["It was stopped."]
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(
    "fault",
    [
        {"sections": {"tiny": {"error": "boom"}}},
        {"correctness": [{"met": False, "same_bits": True}]},
        {"correctness": [{"met": True, "same_bits": False}]},
        {"compile": {"cold": {"errors": {"grid": "boom"}}}},
        {"cases": [{"us_per_update": {"eager": 300.0}}]},
    ],
)
def test_the_exit_code_says_whether_all_went_well(fault: dict[str, object]) -> None:
    good = {
        "sections": {"tiny": {"error": None}},
        "correctness": [{"met": True, "same_bits": True}],
        "compile": {"cold": {"errors": {}}},
        "cases": [{"us_per_update": {"gpu": 2.0}}],
    }
    assert is_sound(good)
    assert is_sound({"sections": {}, "cases": []})
    assert not is_sound({**good, **fault})


def test_our_loops_are_measured_in_the_simulator(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "gpu.json"
    names = ["compile", "correctness", "tiny", "sweep", "wide-tf32", "product", "frames", "snapshots"]
    code, out, err = run(*SIMULATE, "--only", ",".join(names), "--save", str(file))
    assert (code, err) == (0, "")
    report = json.loads(file.read_text(encoding="utf-8"))
    assert list(report["sections"]) == names
    assert report["notes"] == report["traces"] == []
    assert report["compile"]["cold"]["all_s"] > 0
    assert {check["name"].split()[0] for check in report["correctness"]} == {"block", "grid"}
    assert all(check["met"] and check["same_bits"] for check in report["correctness"])
    assert [list(case["us_per_update"]) for case in report["cases"]] == [["gpu", "cpu"]] * 3
    assert all(case["measured"]["us"] > 0 for case in report["cases"])
    exact, rounded = (product["deviation"] for product in report["product"])
    assert exact < 1e-6 < rounded < 1e-3
    assert report["frames"]["tiny"]["launches"] > 0
    assert report["snapshots"]["tiny"]["us_watched"] > 0
    assert "  ok" in out
