from __future__ import annotations

import json
from dataclasses import replace

import pytest

from visualnn.bench import report, table
from visualnn.bench.competitor import FAMILIES, JAX, OURS, PYTORCH, Competitor
from visualnn.bench.figures import Result, Sample, Standing, fastest, flops, turn_order
from visualnn.bench.workload import WORKLOADS

SMALL, LARGE = WORKLOADS[0], next(workload for workload in WORKLOADS if workload.name == "wide-b32-sgd")


def standing(family: str, *us: float, threads: int = 1, variant: str = "", others: float | None = 0.0) -> Standing:
    return Standing(Competitor(family, (), threads, variant), [Sample(t, 7, 1.0, others) for t in us])


RESULT = Result(
    SMALL,
    [
        standing(OURS, 2.0, 100.0, 1.0),
        standing(PYTORCH, 300.0, 200.0, 400.0, variant="default"),
        standing(PYTORCH, 50.0, 210.0, 220.0, variant="fused", threads=2),
        standing(JAX, 1.0, 1.0, 9.0),
    ],
)


def test_a_standing_is_the_median() -> None:
    assert standing(OURS, 1.0, 50.0, 2.0).us == 2.0
    assert standing(OURS, 1.0, 2.0).us == 1.5


def test_a_family_is_its_best_configuration() -> None:
    best = RESULT.best(PYTORCH)
    assert best is not None
    assert best.competitor.name == "PyTorch fused, 2 threads"
    assert RESULT.best("Keras") is None


def test_ratios_are_of_medians() -> None:
    assert RESULT.ratios == {PYTORCH: 105.0, JAX: 0.5}
    assert Result(SMALL, RESULT.standings[1:]).ratios == {}


def test_who_was_never_timed_does_not_count() -> None:
    assert fastest([standing(JAX), standing(PYTORCH, 3.0)]) == standing(PYTORCH, 3.0)
    assert fastest([standing(JAX)]) is None


def test_the_share_of_the_peak_is_that_of_as_many_threads() -> None:
    two = standing(OURS, 1000.0, threads=2)
    result = Result(LARGE, [two], {1: [1.0], 2: [4e11, 5e11, 9e11]})
    assert flops(LARGE, 1000.0) == pytest.approx(3.2192e11)
    assert result.share(two) == pytest.approx(3.2192e11 / 5e11)
    assert result.share(standing(OURS, 1.0, threads=3)) is None


def test_every_other_round_is_backwards() -> None:
    assert [list(turn_order(3, number)) for number in range(3)] == [[0, 1, 2], [2, 1, 0], [0, 1, 2]]


def test_other_load_is_a_median_of_what_is_known() -> None:
    assert standing(OURS, 1.0, others=None).others is None
    samples = [Sample(1.0, 1, 1.0, others) for others in (None, 0.1, 0.9, 0.2)]
    assert Standing(Competitor(OURS, ()), samples).others == 0.2


@pytest.mark.parametrize(
    ("value", "text"), [(0.0441, "0.0441"), (0.144, "0.144"), (1.756, "1.76"), (95.04, "95.0"), (3446.2, "3,446")]
)
def test_three_digits_matter(value: float, text: str) -> None:
    assert table.significant(value) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.00123, "0.0012×"), (0.0213, "0.021×"), (0.834, "0.83×"), (4.23, "4.2×"), (53.4, "53×"), (2271.0, "2,271×")],
)
def test_ratios_are_short(ratio: float, text: str) -> None:
    assert table.times(ratio) == text


def test_a_block_begins_with_the_fastest() -> None:
    lines = table.block(RESULT)
    assert [line.split(",")[0].strip() for line in lines[1:]] == [JAX, OURS, "PyTorch fused", "PyTorch default"]
    assert lines[1].split()[3:6] == ["1.00", "µs", "0.50×"]
    assert table.block(Result(SMALL, [standing(JAX)]))[1:] == ["  nobody could do this"]


def test_a_noisy_figure_is_marked() -> None:
    noisy = Result(SMALL, [standing(OURS, 1.0, others=0.5)])
    assert "†" in table.block(noisy)[1]
    assert table.summary([noisy])[-1] == table.NOISY_MEANS
    assert not any("†" in line for line in table.summary([RESULT]))


def test_the_widest_table_fits() -> None:
    everybody = [standing(family, 23456789.0, threads=2, variant="foreach", others=1.0) for family in FAMILIES]
    results = [Result(replace(w, name=f"{w.name:x<14}"), everybody, {2: [1e12]}) for w in WORKLOADS]
    extreme = [standing(OURS, 0.0441), *(standing(family, 600.0) for family in FAMILIES[1:])]
    lines = [*table.summary([*results, Result(SMALL, extreme)]), *(line for r in results for line in table.block(r))]
    assert max(map(len, lines)) <= 100
    assert len({len(line) for line in table.summary([RESULT])[2:3]}) == 1


def test_a_program_gets_every_turn() -> None:
    values = report.values(replace(RESULT, peaks={1: [3.0, 1.0, 2.0]}))
    assert json.loads(json.dumps(values)) == {**values, "sizes": [2, 3, 1]}
    assert values["ratios"] == RESULT.ratios
    assert values["peak_flops_per_s"] == {"1": 2.0}
    ours = values["competitors"][0]
    assert (ours["family"], ours["threads"], ours["us_per_update"]) == (OURS, 1, 2.0)
    assert [sample["us"] for sample in ours["samples"]] == [2.0, 100.0, 1.0]


def test_engine_times_may_be_unknown() -> None:
    times = {"import_numpy_s": 0.1, "import_engine_s": 0.05, "compile_cold_s": 5.5, "load_warm_s": None}
    ends = [line.split()[-2:] for line in table.engine_lines(times)[1:]]
    assert ends == [["100", "ms"], ["50", "ms"], ["5,500", "ms"], ["loaded", "–"]]
