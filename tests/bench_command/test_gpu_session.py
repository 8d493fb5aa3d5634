"""Sections and processes, with those who take part played by small scripts or by none."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from visualnn.bench.gpu import background, checks, sections
from visualnn.bench.gpu.crew import CPU, GPU, TORCH, Crew
from visualnn.bench.gpu.sections import SECTIONS, USUAL
from visualnn.bench.gpu.session import Rules, Session
from visualnn.bench.process import WorkerError

Asked = tuple[str, str, dict[str, Any]]
DESK = """
import json, sys
def say(**answer): print(json.dumps(answer), flush=True)
say(version="1.0")
for number, line in enumerate(sys.stdin):
    asked = json.loads(line)
    if asked["call"] == "crash": sys.exit("illegal address")
    if asked["call"] == "decline": say(unavailable="not here.")
    elif asked["call"] == "fail": say(error="ValueError: no", trace="line 7")
    else: say(number=number, given=asked["with"])
"""


class Played:
    """A crew without processes: answers like everybody, unless it is told what somebody does at a call."""

    device = "cuda"

    def __init__(self, **fails: str) -> None:
        self.fails = fails  # by “who_call”, what goes wrong
        self.versions: dict[str, str] = {}
        self.traces: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.ended: list[str] = []

    def ask(self, who: str, call: str, *, patience_s: float, **given: Any) -> dict[str, Any]:
        self.asked.append((who, call, given))
        if f"{who}_{call}" in self.fails:
            raise WorkerError(self.fails[f"{who}_{call}"])
        graph = {"graph_us": 1.5, "launch_us": 2.5, "in_graph": 64}
        us = {GPU: 2.0, CPU: 4.0, TORCH: 300.0}[who]
        return {
            "prepare": {"first_s": 1.0},
            "turn": {"us": us, "call_ms": 1.0},
            "check": {"deviation": 1e-6, "met": True, "same_bits": True},
            "product": {"us": us, "deviation": 1e-7},
            "tuning": {"us": {"by default": 2.0, "tiles of 64×64": "RuntimeError: no"}},
            "launches": {"no_arguments_us": 4.0, "arrays": 9, "arrays_us": 9.0, **graph},
            "transfers": {"megabytes": 64.0, "to_gpu_gb_per_s": 20.0, "to_gpu_4_bytes_us": 9.0},
            "frames": {
                "us": us,
                "launches": 9,
                "updates_per_launch": 4000,
                "median_ms": 8.0,
                "longest_ms": 9.0,
                "frame_ms": 16.0,
                "updates_per_frame": 8000,
                "stop_ms": 9.0,
                "longest_stop_ms": 17.0,
            },
            "snapshots": {
                "us_alone": us,
                "us_watched": us,
                "shots": 60,
                "us_per_shot": 20.0,
                "wait_ms": 9.0,
                "parameters": 105,
            },
            "surroundings": {
                "implementation": "NVIDIA",
                "python": "3.12",
                "numpy": "2.4",
                "packages": {"numba": "0.68"},
                "libraries": {"nvvm": None},
                "device": {"name": "H200"},
                "driver_says": {"clocks.sm": "1980 MHz"},
            },
        }[call]

    def is_there(self, who: str) -> bool:
        return True

    def end(self, who: str) -> None:
        self.ended.append(who)

    def turns(self) -> list[str]:
        return [given["variant"] for _who, call, given in self.asked if call == "turn"]


class Audience:
    """What a session says, tells and saves."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.told: list[str] = []
        self.saved: list[dict[str, Any]] = []

    def session(self, crew: Any, rules: Rules | None = None) -> Session:
        def save(report: dict[str, Any]) -> None:
            self.saved.append(json.loads(json.dumps(report)))

        return Session(
            crew,
            rules or Rules(rounds=2),
            say=self.said.extend,
            tell=self.told.append,
            show=lambda _: None,
            save=save,
        )


@pytest.fixture
def audience(monkeypatch: pytest.MonkeyPatch) -> Audience:
    """Nothing is compiled."""
    seconds = {"import_s": 0.3, "block_s": 2.0, "grid_s": 8.0, "all_s": 10.0, "errors": {"grid": "RuntimeError: no"}}
    monkeypatch.setattr(sections, "_loaded", lambda session: seconds)
    return Audience()


def test_everything_is_measured_and_said(audience: Audience) -> None:
    run = audience.session(Played())
    run.run(SECTIONS, list(SECTIONS))
    report = run.report
    assert audience.told == report["notes"] == ["compile, grid: RuntimeError: no"]
    assert set(report["sections"]) == set(SECTIONS)
    assert all(section["error"] is None for section in report["sections"].values())
    assert [case["name"] for case in report["cases"]] == ["tiny", "small", "sweep", "mnist", "wide", "wide-tf32"]
    assert report["cases"][0]["measured"]["graph"] == 150.0
    assert report["product"][0]["measured"]["cublas"] == 150.0
    assert report["launches"]["goals"][0]["met"]
    assert set(report["tuning"]) == {"tiny", "small", "mnist", "wide", "wide-tf32"}
    assert "    tiles of 64×64          RuntimeError: no" in audience.said
    assert set(report["frames"]) == set(report["snapshots"]) == {"tiny", "mnist", "wide"}
    assert len(report["correctness"]) == len(checks.CHECKS)
    assert max(map(len, audience.said)) <= 200
    assert audience.saved[-1] == json.loads(json.dumps(report))


def test_without_tensor_cores_nothing_is_called_tf32_that_is_not(audience: Audience) -> None:
    crew = Played()
    run = audience.session(crew, Rules(rounds=2, tf32=False))
    run.run(SECTIONS, list(SECTIONS))
    asked = [given for _who, _call, given in crew.asked]
    assert not any(given.get("tf32") or given.get("case", {}).get("tf32") for given in asked)
    assert not any("TF32" in check["name"] for check in run.report["correctness"])
    assert {case["name"] for case in run.report["cases"]} == {"tiny", "small", "sweep", "mnist", "wide"}
    assert "wide-tf32: not measured: this GPU has no tensor cores for TF32" in audience.said
    assert all(section["error"] is None for section in run.report["sections"].values())


def test_what_is_for_tuning_must_be_named() -> None:
    assert set(SECTIONS) - set(USUAL) == {"tuning"}


def test_what_is_known_is_saved_after_every_section(audience: Audience) -> None:
    audience.session(Played()).run(SECTIONS, ["launches", "tiny"])
    assert [list(each["sections"]) for each in audience.saved] == [
        ["launches"],
        ["launches", "tiny"],
        ["launches", "tiny"],
    ]


def test_everybody_takes_turns_the_other_way_round_every_other_round(audience: Audience) -> None:
    crew = Played()
    audience.session(crew).run(SECTIONS, ["tiny"])
    order = ["gpu", "eager", "graph", "graph of 16", "cpu"]
    assert crew.turns() == order + order[::-1]


def test_many_networks_have_no_rival_in_pytorch_but_one_on_the_processor(audience: Audience) -> None:
    crew = Played()
    audience.session(crew).run(SECTIONS, ["sweep"])
    prepared = {who: given["case"]["networks"] for who, call, given in crew.asked if call == "prepare"}
    assert prepared == {GPU: 132, CPU: 132}


def test_rivals_can_stay_away(audience: Audience) -> None:
    crew = Played()
    audience.session(crew, Rules(rounds=1, rivals=False)).run(SECTIONS, ["tiny", "product"])
    assert {who for who, _call, _given in crew.asked} == {GPU, CPU}


def test_memory_of_large_cases_is_given_back(audience: Audience) -> None:
    crew = Played()
    audience.session(crew).run(SECTIONS, ["tiny", "wide"])
    assert crew.ended == [GPU, TORCH]


def test_one_section_that_fails_does_not_end_the_others(audience: Audience) -> None:
    run = audience.session(Played(cuda_launches="it crashed with code 1: boom"))
    run.run(SECTIONS, ["launches", "transfers"])
    assert run.report["sections"]["launches"]["error"] == "it crashed with code 1: boom"
    assert run.report["sections"]["transfers"]["error"] is None
    assert audience.told == ["launches: it crashed with code 1: boom"]


def test_a_mistake_of_the_session_itself_ends_one_section(audience: Audience, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visualnn.bench.gpu.lines.launches", lambda found: found["weather"])
    crew = Played()
    audience.session(crew).run(SECTIONS, ["launches", "transfers"])
    assert audience.told == ["launches: 'weather'"]
    assert "KeyError" in crew.traces[0]["trace"]


def test_who_fails_at_a_case_is_missing_there_only(audience: Audience) -> None:
    run = audience.session(Played(torch_prepare="this PyTorch has no CUDA.", cuda_turn="The GPU stopped."))
    run.run(SECTIONS, ["tiny"])
    case = run.report["cases"][0]
    assert set(case["us_per_update"]) == {"cpu"}
    assert case["errors"] == {"torch": "this PyTorch has no CUDA.", "gpu": "The GPU stopped."}
    assert [goal["met"] for goal in case["goals"]] == [None] * 3
    assert "tiny, gpu: The GPU stopped." in audience.told


def test_checks_are_given_up_after_some_that_failed(audience: Audience) -> None:
    crew = Played(cuda_check="The GPU stopped.")
    run = audience.session(crew)
    run.run(SECTIONS, ["correctness"])
    tried = [check["name"].split()[0] for check in run.report["correctness"]]
    assert tried == ["block"] * sections.FAILURES + ["grid"] * sections.FAILURES
    assert not any(check["met"] for check in run.report["correctness"])
    assert "  WRONG          –  block 2-9-9-3 relu → linear, mse, sgd, batch 13: The GPU stopped." in audience.said


def test_no_section_begins_when_the_time_is_over(audience: Audience) -> None:
    crew = Played()
    run = audience.session(crew, Rules(minutes=0.05))
    run.run(SECTIONS, ["launches", "tiny"])
    assert crew.asked == []
    assert audience.told == ["launches: there was no time left for it.", "tiny: there was no time left for it."]


def test_nobody_is_waited_for_longer_than_there_is_time(audience: Audience, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    crew = Played()
    ask = crew.ask

    def noted(who: str, call: str, *, patience_s: float, **given: Any) -> dict[str, Any]:
        seen.append(patience_s)
        return ask(who, call, patience_s=patience_s, **given)

    crew.ask = noted  # type: ignore[method-assign]
    audience.session(crew, Rules(minutes=0.5)).run(SECTIONS, ["launches"])
    assert 20 < seen[0] <= 30


def test_another_numba_cuda_is_told_of(audience: Audience) -> None:
    crew = Played()
    crew.device = "cpu"
    audience.session(crew).run(SECTIONS, ["environment"])
    assert audience.told == ["environment: numba.cuda is not NVIDIA's but “NVIDIA”."]


def test_kernels_of_the_processor_are_compiled_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr("visualnn.nn.kernels.choose.prepare", lambda kind: seen.append("-".join(kind)))
    with background.kernels(wanted=True):
        background.wait(10.0)
        assert sorted(seen) == ["lane-float32", "lanes-float32", "tile-float32"]
    with background.kernels(wanted=False):
        background.wait(10.0)
    assert len(seen) == 3


def test_who_is_stopped_does_not_wait_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = threading.Event()
    monkeypatch.setattr("visualnn.nn.kernels.choose.prepare", lambda kind: compiled.wait(30.0))
    with pytest.raises(KeyboardInterrupt), background.kernels(wanted=True):
        raise KeyboardInterrupt
    assert not compiled.is_set()
    compiled.set()


def test_a_broken_compiler_is_told_of_by_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sections, "LOAD", "raise RuntimeError('no libnvvm')")
    told: list[str] = []
    with Crew(os.environ, sys.executable, tmp_path, simulated=True) as crew:
        run = Session(crew, Rules(), say=lambda _: None, tell=told.append, show=lambda _: None)
        run.run(SECTIONS, ["compile"])
    assert told == ["compile: RuntimeError: no libnvvm"]


Make = Callable[..., Crew]


@pytest.fixture
def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crew:
    """Its members are a small script."""
    made = Crew({**os.environ, "OPENBLAS_CORETYPE": "Haswell"}, sys.executable, tmp_path)
    monkeypatch.setattr(Crew, "command", lambda self, name: (sys.executable, "-c", DESK))
    return made


def test_a_member_is_asked_one_question_after_the_other(crew: Crew) -> None:
    with crew:
        answers = [crew.ask(GPU, "turn", seconds=0.1) for _ in range(2)]
    assert answers == [{"number": n, "given": {"seconds": 0.1}} for n in (0, 1)]
    assert crew.versions == {GPU: "1.0"}


@pytest.mark.parametrize("call", ["crash", "fail"])
def test_who_has_failed_starts_afresh(crew: Crew, call: str) -> None:
    with crew:
        crew.ask(GPU, "turn")
        with pytest.raises(WorkerError):
            crew.ask(GPU, call)
        assert crew.ask(GPU, "turn")["number"] == 0


def test_where_it_failed_is_kept(crew: Crew) -> None:
    with crew, pytest.raises(WorkerError, match="ValueError: no"):
        crew.ask(GPU, "fail", size=3)
    assert crew.traces == [{"who": GPU, "call": "fail", "with": {"size": 3}, "trace": "line 7"}]


def test_who_cannot_take_part_is_not_asked_again(crew: Crew) -> None:
    with crew:
        for call in ("decline", "turn"):
            with pytest.raises(WorkerError, match="not here"):
                crew.ask(TORCH, call)
        assert not crew.is_there(TORCH)
        assert crew.is_there(GPU)


def test_kernels_of_the_gpu_are_compiled_anew_and_those_of_the_processor_are_not(crew: Crew, tmp_path: Path) -> None:
    assert crew.environment_of(GPU)["VISUALNN_CACHE_DIR"] == str(tmp_path)
    assert crew.environment_of(CPU).get("VISUALNN_CACHE_DIR") == os.environ.get("VISUALNN_CACHE_DIR")
    assert "OPENBLAS_CORETYPE" not in crew.environment_of(TORCH)


def test_the_members_are_modules_of_ours_and_another_python(tmp_path: Path) -> None:
    crew = Crew({}, "/other/python", tmp_path)
    assert crew.command(GPU)[0] == crew.command(CPU)[0] == sys.executable
    assert crew.command(TORCH)[0] == "/other/python"
    assert crew.command(TORCH)[-2:] == ("visualnn.bench.rivals.torch_cuda", "1")
