from __future__ import annotations

from dataclasses import replace

import pytest

from visualnn.bench.gpu import lines, turns
from visualnn.bench.gpu.cases import CASES, Case
from visualnn.bench.gpu.goals import Goal, verdicts
from visualnn.bench.gpu.outcome import Outcome, advice
from visualnn.bench.job import Turn

BY_NAME = {case.name: case for case in CASES}


def outcome(name: str, **us: float) -> Outcome:
    samples = {key.replace("_", " "): [{"us": value, "call_ms": 3.0}] * 3 for key, value in us.items()}
    return Outcome(BY_NAME[name], samples)


def fake_run(monkeypatch: pytest.MonkeyPatch, us: float, call_s: float) -> list[int]:
    """Runs of so many updates take as long as this machine says."""
    asked: list[int] = []

    def take_turn(run: object, updates: int) -> Turn:
        asked.append(updates)
        return Turn(updates, call_s + updates * us * 1e-6, 0.0)

    monkeypatch.setattr(turns, "take_turn", take_turn)
    return asked


def test_what_a_call_costs_is_no_part_of_an_update(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_run(monkeypatch, us=150.0, call_s=0.03)
    turn = turns.Watch(lambda updates: updates).turn(0.2)
    assert turn["us"] == pytest.approx(150.0)
    assert turn["call_ms"] == pytest.approx(30.0)
    assert turn["whole_us"] > 150.0


def test_warming_up_goes_on_until_updates_can_be_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fake_run(monkeypatch, us=1.0, call_s=1.0)
    turns.Watch(lambda updates: updates)
    assert asked[0] == 1
    assert sum(asked[-2:]) * 1e-6 >= 0.02


def test_a_turn_is_as_long_as_it_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_run(monkeypatch, us=10.0, call_s=0.0)
    assert turns.Watch(lambda updates: updates).turn(0.5)["wall_s"] == pytest.approx(0.5, rel=1e-3)


def test_where_the_long_run_was_not_longer_it_counts_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "take_turn", lambda run, updates: Turn(updates, 1.0, 0.0))
    assert turns.Watch(lambda updates: updates, longer=2).turn(1e-6)["us"] == pytest.approx(0.5e6)


def test_a_goal_is_met_on_the_good_side() -> None:
    assert [Goal("us", 2.0, at_most=True).verdict({"us": us})["met"] for us in (1.9, 2.0, 2.1)] == [True, True, False]
    assert [Goal("graph", 3).verdict({"graph": ratio})["met"] for ratio in (2.9, 3.0)] == [False, True]
    assert Goal("graph", 3).verdict({})["met"] is None
    assert Goal("us", 2.0, 1.0, at_most=True).verdict({"us": 1.5})["stretch_met"] is False
    assert Goal("us", 2.0, at_most=True).verdict({"us": 1.5})["stretch_met"] is None


def test_no_number_is_no_goal() -> None:
    nan = float("nan")
    assert Goal("us", 2.0, at_most=True).verdict({"us": nan})["met"] is False
    assert Goal("graph", 2.0).verdict({"graph": nan})["met"] is False


def test_ratios_are_to_the_better_graph() -> None:
    measured = outcome("tiny", gpu=2.0, eager=300.0, graph=40.0, graph_of_16=30.0, cpu=1.0).measured()
    assert (measured["eager"], measured["graph"], measured["cpu"]) == (150.0, 15.0, 0.5)
    assert measured["updates_per_frame"] == 8000.0
    assert [each["met"] for each in verdicts(BY_NAME["tiny"].goals, measured)] == [True, True, True]


def test_updates_of_many_networks_count_one_by_one() -> None:
    others = [outcome("tiny", gpu=2.0).values()]
    measured = outcome("sweep", gpu=2.2).measured(others)
    assert measured["updates_per_s"] == pytest.approx(132 / 2.2e-6)
    assert measured["alone"] == pytest.approx(2.0 / 2.2)
    assert measured["updates_per_frame"] == pytest.approx(16_000 / 2.2)
    assert "alone" not in outcome("sweep", gpu=2.2).measured()
    assert outcome("sweep", gpu=2.2, cpu=22.0).measured()["cpu"] == pytest.approx(10.0), "which trains as many"


def test_tensor_cores_are_compared_with_our_own_float32() -> None:
    measured = outcome("wide-tf32", gpu=50.0, graph=40.0).measured([outcome("wide", gpu=150.0).values()])
    assert measured["float32"] == 3.0
    assert measured["graph"] == 0.8
    assert measured["tflops"] == pytest.approx(5.12e9 / 50e-6 * 1e-12)


def test_without_ours_nothing_is_known() -> None:
    assert outcome("tiny", eager=300.0).measured() == {}
    values = outcome("tiny", eager=300.0).values()
    assert [goal["met"] for goal in values["goals"]] == [None] * 3
    assert values["call_ms"] is None


@pytest.mark.parametrize(
    ("gpu", "cpu", "said"),
    [
        (2.0, 4.0, "the GPU is 2.0× as fast"),
        (4.0, 2.0, "the GPU does not pay here"),
        (2.0, 2.1, "it makes no difference"),
    ],
)
def test_cpu_or_gpu_is_answered_in_a_sentence(gpu: float, cpu: float, said: str) -> None:
    assert said in advice(outcome("tiny", gpu=gpu, cpu=cpu))
    assert advice(outcome("tiny", gpu=gpu)) == ""


def test_a_case_is_a_block_of_lines() -> None:
    case = outcome("wide", gpu=150.0, eager=280.0, graph=130.0, cpu=20_000.0)
    case.prepared["cpu"] = {"first_s": 0.5, "compiled": False}
    shown = lines.case(case, case.values())
    assert shown[0] == "wide: 1000-1000-1000 relu → softmax, batch 512, Adam, float32"
    assert shown[1].split() == ["PyTorch,", "CUDA", "graph", "130", "µs", "0.87×", "7,692", "/s", "39.4", "TFLOP/s"]
    assert "  met       at least 1.2 × as fast as PyTorch: 1.87" in shown
    assert any("WITHOUT COMPILED KERNELS" in line for line in shown)
    assert any("the GPU is 133× as fast" in line for line in shown)
    assert max(map(len, shown)) <= lines.WIDTH


def test_nobody_is_told_of() -> None:
    assert "  nobody could do this" in lines.case(outcome("tiny"), outcome("tiny").values())


def test_the_summary_has_every_goal_and_every_note() -> None:
    report = {"cases": [outcome("tiny", gpu=2.5, eager=300.0).values()], "notes": ["launches: broken."]}
    shown = lines.summary(report)
    assert shown[1:4] == [
        "  tiny        NOT MET   at most 2 µs for an update: 2.5",
        "  tiny        met       at least 100 × as fast as PyTorch: 120",
        "  tiny        not known at least 15 × as fast as PyTorch in a CUDA graph",
    ]
    assert shown[-1] == "  launches: broken."


def test_cases_are_those_of_the_goals() -> None:
    shapes = {case.name: (case.workload.sizes, case.workload.batch, case.networks, case.tf32) for case in CASES}
    assert shapes == {
        "tiny": ((2, 8, 8, 1), 32, 1, False),
        "small": ((2, 64, 64, 2), 64, 1, False),
        "sweep": ((2, 8, 8, 1), 32, 132, False),
        "mnist": ((784, 128, 64, 10), 64, 1, False),
        "wide": ((1000, 1000, 1000), 512, 1, False),
        "wide-tf32": ((1000, 1000, 1000), 512, 1, True),
    }
    assert [case.large for case in CASES] == [False, False, False, False, True, True]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_survives_json_and_the_simulator(case: Case) -> None:
    assert Case.of(case.values()) == replace(case, goals=(), floor_us=None)
    tiny = case.tiny()
    assert (len(tiny.workload.sizes), tiny.tf32) == (len(case.workload.sizes), case.tf32)
    assert tiny.workload.problem().inputs.shape == (16, tiny.workload.sizes[0])
