"""What makes the difference between runs: every setting counts, and nothing that is the same is listed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from visualnn.nn.curve import CurveView
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.recipes import SOURCES, Recipe, made
from visualnn.nn.schedule import Schedule
from visualnn.project import new_project
from visualnn.runs import Run
from visualnn.scene.comparison import (
    branch_text,
    default_name,
    differences,
    last_known,
    length_text,
    small_curve,
)
from visualnn.scene.names import LABELS

NET = Network.of(2, 3, 1)
USED = Options(  # so that every constant matters to one optimizer or another
    schedule=Schedule("step"), initializer="normal"
)
OTHER: dict[str, Any] = {
    "loss": "mae",
    "batch_size": 16,
    "initializer": "uniform",
    "seed": 3,
    "goal": 0.01,
    "initializer_scale": 0.2,
    "l1": 0.1,
    "l2": 0.1,
    "dropout": 0.2,
    "clip_value": 1.0,
    "clip_norm": 1.0,
    "precision": "float32",
    "epochs": 50,
    "patience": 5,
}
CONSTANTS = {
    "rate": ("adam", 0.03),
    "momentum": ("nesterov", 0.5),
    "beta1": ("adam", 0.5),
    "beta2": ("lion", 0.5),
    "eps": ("rmsprop", 1e-4),
    "rho": ("rmsprop", 0.5),
    "weight_decay": ("sgd", 0.1),
}
RULES = {
    "period": ("cosine", 7),
    "gamma": ("step", 0.1),
    "warmup": ("constant", 9),
    "patience": ("plateau", 3),
    "floor": ("cosine", 0.2),
}


def run(number: int = 1, options: Options = USED, **more: Any) -> Run:
    given: dict[str, Any] = {
        "name": f"Run {number}",
        "network": NET,
        "update": 300,
        "epoch_length": 1,
        "loss": 0.1,
        "curve": CurveView(np.linspace(2.0, 0.1, 300), 1),
        "parameters": np.zeros(13),
        "start": np.zeros(13),
        "data_name": "pairs",
    }
    return Run(number=number, options=options, **(given | more))


def rows(*runs: Run) -> dict[str, tuple[str, ...]]:
    return {row.label: row.values for row in differences(runs, LABELS)}


def test_equal_runs_have_no_differences():
    assert rows(run(1), run(2)) == {}


def on(number: int, **recipe: Any) -> Run:
    """A run on data of this recipe."""
    data = made(Recipe("spirals", **recipe))
    return run(number, data_name="spirals", project=new_project("Spirals", NET, data, USED, np.zeros(13)))


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ({"noise": 0.1}, {"Noise": ("0.02", "0.1")}),
        ({"seed": 4}, {"Data seed": ("0", "4")}),
        ({"test_share": 0.25}, {"Rows": ("200", "150"), "Test rows": ("0", "50")}),
        ({"scaled": True}, {"Scaled": ("no", "yes")}),
        ({}, {}),
    ],
)
def test_other_data_are_a_difference(recipe, expected):
    assert rows(on(1, noise=0.02), on(2, **{"noise": 0.02, **recipe})) == expected


def test_noise_that_nobody_chose_is_that_of_the_source():
    assert rows(on(1), on(2, noise=0.1)) == {"Noise": (str(SOURCES["spirals"].noise), "0.1")}


def test_rows_that_only_their_numbers_tell_apart_are_a_difference():
    first = on(1)
    data = first.project.data
    other = replace(first, number=2, project=replace(first.project, data=replace(data, inputs=data.inputs + 1.0)))
    assert rows(first, other) == {"Data": ("spirals", "other rows")}


def test_rate_and_seed_are_listed_in_the_order_of_the_runs():
    other = replace(USED, optimizer=Optimizer(rate=0.01), seed=3)
    assert rows(run(1), run(2, other)) == {"Learning rate": ("0.1", "0.01"), "Seed": ("0", "3")}


def test_no_option_is_left_out():
    known = {field.name for field in fields(Options)} - {"optimizer", "schedule"}
    assert set(OTHER) == known
    for name, value in OTHER.items():
        found = rows(run(1), run(2, replace(USED, **{name: value})))
        assert len(found) == 1, name


@pytest.mark.parametrize(("kind", "table"), [("optimizer", CONSTANTS), ("schedule", RULES)])
def test_no_constant_is_left_out(kind: str, table: dict[str, tuple[str, float]]):
    whole = Optimizer if kind == "optimizer" else Schedule
    assert set(table) == {field.name for field in fields(whole)} - {"name"}
    for field, (name, value) in table.items():
        plain = replace(USED, **{kind: whole(name)})
        other = replace(USED, **{kind: whole(name, **{field: value})})
        assert len(rows(run(1, plain), run(2, other))) == 1, field


def test_a_constant_that_an_optimizer_does_not_have_is_not_worth_a_row():
    sgd, adam = Options(Optimizer("sgd")), Options(Optimizer("adam"))
    assert set(rows(run(1, sgd), run(2, adam))) == {"Optimizer"}
    assert "Beta 1" not in rows(run(1, sgd), run(2, replace(sgd, optimizer=Optimizer("sgd", beta1=0.5))))
    odd = Options(Optimizer("adam", beta1=0.5))
    assert rows(run(1, sgd), run(2, odd))["Beta 1"] == ("—", "0.5")


def test_networks_data_and_branches_differ_too():
    first = run(1)
    branch = run(3, network=Network.of(2, 8, 1, hidden="tanh"), data_name="circles", parent=2, branched_at=300)
    found = rows(first, branch)
    assert found["Network"] == ("2-3-1", "2-8-1")
    assert found["Activations"] == ("ReLU, Linear", "Tanh, Linear")
    assert found["Data"] == ("pairs", "circles")
    assert found["Start"] == ("its first weights", "update 300 of run 2")
    assert branch_text(branch) == "Branched at update 300 of run 2"
    assert branch_text(first) == ""


def test_a_rate_that_was_changed_on_the_way_is_told():
    changed = run(2, rate_changes=((0, 0.1), (200, 0.01)))
    assert rows(run(1), changed)["Learning rate"] == ("0.1", "0.1, then 0.01")


def test_a_run_is_called_by_optimizer_rate_and_seed():
    assert default_name(Options(Optimizer("adam", 0.02), seed=3), LABELS) == "Adam 0.02, seed 3"


def test_how_long_a_run_was():
    assert length_text(run(update=1)) == "1 update"
    assert length_text(run(update=1240, epoch_length=40)) == "31 epochs, 1,240 updates"


def test_a_small_curve_reaches_from_its_highest_to_its_lowest():
    curve = CurveView(np.array([10.0, 1.0, 0.1]), 5)
    assert small_curve(curve, 100) == pytest.approx(np.array([[0, 1], [0.5, 0.5], [1, 0]]))
    assert small_curve(CurveView(np.array([1.0]), 1), 100).shape == (0, 2)


def test_a_small_curve_of_a_long_run_keeps_its_spike_and_its_gap():
    losses = np.full(50_000, 0.1)
    losses[33_333], losses[40_000:] = 1e6, np.nan
    points = small_curve(CurveView(losses, 1), 72)
    assert len(points) <= 2 * 72
    assert np.nanmax(points[:, 1]) == 1.0
    assert np.isnan(points[-1, 1])


def test_the_newest_number_that_was_measured():
    assert last_known(np.array([0.5, 0.3, np.nan])) == 0.3
    assert last_known(np.array([np.nan])) is None
