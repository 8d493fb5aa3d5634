from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from visualnn.bench.workload import WORKLOADS, Workload, chosen

BY_NAME = {workload.name: workload for workload in WORKLOADS}


def test_names_are_unique_and_fit_the_table() -> None:
    assert len(BY_NAME) == len(WORKLOADS)
    assert max(map(len, BY_NAME)) <= 14


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)
def test_everybody_gets_the_same_whole_batches(workload: Workload) -> None:
    first, again = workload.problem(), workload.problem()
    assert first.inputs.shape == (workload.rows, workload.sizes[0])
    assert first.targets.shape == (workload.rows, workload.sizes[-1])
    assert [w.shape for w, _b in first.layers] == list(zip(workload.sizes, workload.sizes[1:], strict=False))
    assert all((a == b).all() for a, b in zip(first[:2], again[:2], strict=True))
    assert all(
        (a == b).all() for x, y in zip(first.layers, again.layers, strict=True) for a, b in zip(x, y, strict=True)
    )
    assert workload.batches * workload.batch in (workload.rows, 4090)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)
def test_a_workload_survives_the_pipe(workload: Workload) -> None:
    assert Workload.of(json.loads(json.dumps(workload.values()))) == workload


def test_targets() -> None:
    classes = BY_NAME["digits"].problem().targets
    assert set(np.unique(classes)) == {0.0, 1.0}
    assert (classes.sum(axis=1) == 1).all()
    assert set(np.unique(BY_NAME["w2"].problem().targets)) == {-1.0, 1.0}
    pairs = BY_NAME["w1-b1-sgd"].problem()
    assert abs(pairs.targets - pairs.inputs.sum(axis=1, keepdims=True)).mean() < 0.2


def test_operations_are_those_of_the_matrix_products() -> None:
    tiny = BY_NAME["w1-b1-sgd"]
    assert tiny.flops == 2 * (9 + 9 + 3)  # forward, to the weights, and to the inputs of the second layer only
    assert replace(tiny, batch=10).flops == 10 * tiny.flops
    assert BY_NAME["wide-b32-sgd"].flops == 2 * 32 * (3 * 2_010_000 - 1_000_000)
    assert [workload.name for workload in WORKLOADS if not workload.large] == [
        *("w1-b1-sgd", "w1-b10-sgd", "w1-b10-adam", "w2", "w2max", "digits", "maps")
    ]


def test_descriptions_fit_a_line() -> None:
    assert max(len(f"{workload.name}: {workload.describe()}") for workload in WORKLOADS) <= 100
    assert BY_NAME["deep"].describe() == "64-100x64-10 relu → softmax, batch 32, SGD"
    assert BY_NAME["w1-b10-adam"].describe() == "2-3-1 relu → linear, batch 10, Adam"
    assert "one core taken" in BY_NAME["contended"].describe()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["w2"], ["w2"]),
        (["w2max", "w1-b1-sgd"], ["w1-b1-sgd", "w2max"]),
        (["w1"], ["w1-b1-sgd", "w1-b10-sgd", "w1-b10-adam"]),
        (["wide-b32", "wide-b32-sgd"], ["wide-b32-sgd", "wide-b32-adam"]),
        ([], []),
    ],
)
def test_workloads_are_chosen_by_name(words: list[str], names: list[str]) -> None:
    assert [workload.name for workload in chosen(words)] == names


def test_an_unknown_workload_is_named() -> None:
    with pytest.raises(KeyError, match="wid"):
        chosen(["w2", "wid"])
