"""Landscapes, as they are typed."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from visualnn.cli import main
from visualnn.cli.progress import progress
from visualnn.files import native
from visualnn.files.documents import open_document
from visualnn.files.examples import load
from visualnn.nn.landscape import grid
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.metrics import score
from visualnn.nn.readings import NO_READINGS
from visualnn.nn.training import Training
from visualnn.project import Project
from visualnn.runs import kept
from visualnn.work import Work

Result = tuple[int, str, str]
Call = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], here: Path) -> Call:
    """Runs ``visualnn landscape`` in this process, in an empty folder: exit code, standard output, standard error."""

    def call(*arguments: str) -> Result:
        code = main(["landscape", *arguments])
        return (code, *capsys.readouterr())

    return call


def summary(result: Result) -> dict[str, Any]:
    code, out, err = result
    assert (code, err) == (0, "")
    return json.loads(out)


def adder() -> Project:
    return load("adder")


# What is computed


def test_two_weights_of_a_network_are_its_score_at_every_place(run: Call, here: Path) -> None:
    found = summary(run("adder", "--axes", "wac,bf", "--size", "9", "--updates", "5", "--out", "grid.npz", "--json"))
    assert (found["kind"], found["axes"], found["exact"], found["kept"]) == ("weights", ["wac", "bf"], True, None)
    project = adder()
    with np.load(here / "grid.npz") as arrays:
        assert arrays["loss"].shape == (9, 9)
        for row, y in enumerate(arrays["y"]):
            for column, x in enumerate(arrays["x"]):
                parameters = project.parameters.copy()
                parameters[[0, 12]] = x, y
                expected = score(project.network, parameters, project.data, "mse").loss
                assert arrays["loss"][row, column] == pytest.approx(expected, rel=1e-12)
        assert [arrays["x"][0], arrays["x"][-1], arrays["y"][0], arrays["y"][-1]] == found["window"]
        assert arrays["path"].shape == (6, 2)
        np.testing.assert_array_equal(arrays["path_loss"], arrays["path_height"])
        np.testing.assert_array_equal(arrays["path"][0], [found["start"]["x"], found["start"]["y"]])


def test_the_lowest_place_is_that_of_the_grid(run: Call, here: Path) -> None:
    found = summary(run("himmelblau", "--window", "-5,5,-5,5", "--size", "51", "--out", "h.csv", "--json"))
    with (here / "h.csv").open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == ["x", "y", "loss"]
    places = np.array(lines, dtype=np.float64)
    assert places.shape == (51 * 51, 3)
    np.testing.assert_array_equal(places[:, 2], CLASSICS["himmelblau"].heights(places[:, 0], places[:, 1]))
    assert [*found["lowest"].values()] == places[places[:, 2].argmin()].tolist()


def test_main_directions_state_what_they_keep_and_how_far_the_ball_is_from_the_surface(run: Call) -> None:
    found = summary(run("adder", "--plane", "path", "--size", "5", "--updates", "60", "--json"))
    options = replace(adder().options, goal=None)
    training = Training(adder().network, adder().data, options)
    moments, first = [training.parameters.copy()], training.full_loss()
    for _ in range(60):
        training.run(1)
        moments.append(training.parameters.copy())
    way = np.array(moments) - moments[-1]
    values = np.linalg.svd(way, compute_uv=False)
    assert found["kept"] == pytest.approx((values[:2] ** 2).sum() / (values**2).sum(), rel=1e-9)
    assert found["start"]["loss"] == pytest.approx(first, rel=1e-12)
    assert found["start"]["height"] != pytest.approx(first, rel=0.01)
    assert found["end"]["loss"] == pytest.approx(training.full_loss(), rel=1e-9)
    assert found["end"]["height"] == pytest.approx(training.full_loss(), rel=1e-9)
    assert summary(run("adder", "--plane", "main", "--size", "5", "--updates", "60", "--json")) == found


def test_a_file_s_run_is_its_path_and_another_rate_a_new_one(run: Call, here: Path) -> None:
    project = replace(adder(), options=replace(adder().options, goal=None))
    training = Training(project.network, project.data, project.options)
    for _ in range(10):
        training.remember()
        training.run(4)
    training.remember()
    shown = project.with_parameters(training.parameters)
    made = kept(training, training.snapshot(), shown, number=1, name="Run 1", readings=NO_READINGS, branch=None)
    native.write(here / "mine.vnn", Work(shown, (made,), 1))
    found = summary(run("mine.vnn", "--plane", "path", "--size", "3", "--json"))
    assert found["moments"] == len(made.moments)
    assert found["end"]["loss"] == pytest.approx(training.full_loss(), rel=1e-12)
    other = summary(run("mine.vnn", "--plane", "path", "--size", "3", "--rate", "0.01", "--updates", "20", "--json"))
    assert other["moments"] == 21


def test_random_directions_show_no_path(run: Call, here: Path) -> None:
    found = summary(run("adder", "--plane", "random", "--size", "5", "--out", "r.npz", "--json"))
    assert found["kind"] == "random"
    assert not found["exact"]
    assert "start" not in found
    with np.load(here / "r.npz") as arrays:
        assert "path" not in arrays
        middle = score(adder().network, adder().parameters, adder().data, "mse").loss
        assert arrays["loss"][2, 2] == pytest.approx(middle, rel=1e-12)
    other = summary(run("adder", "--plane", "random", "--size", "5", "--seed", "7", "--json"))
    assert other["lowest"] != found["lowest"]


def test_at_the_critical_rate_the_bowl_is_never_left(run: Call) -> None:
    found = summary(run("bowl", "--rate", "0.1", "--size", "5", "--json"))
    assert found["end"]["loss"] == pytest.approx(1.25, rel=1e-9)
    code, out, _err = run("bowl", "--rate", "10", "--size", "5")
    assert code == 0
    assert "the loss is no longer a finite number, try a smaller --rate" in out


def test_the_article_s_slice_ends_where_the_demonstration_says(run: Call, here: Path) -> None:
    pairs = np.array([(a, b) for a in range(5) for b in range(5)], dtype=np.float64)
    data = replace(adder().data, inputs=pairs, targets=pairs.sum(axis=1, keepdims=True), recipe=None, name="0…4")
    native.write(here / "five.vnn", replace(adder(), data=data))
    found = summary(
        run("five.vnn", "--axes", "wac,wbc", "--start", "-.5,2", "--optimizer", "sgd", "--rate", "0.05",
            "--updates", "400", "--size", "3", "--json")
    )  # fmt: skip
    end = found["end"]
    assert (end["x"], end["y"]) == (pytest.approx(0.992442, rel=1e-6), pytest.approx(1.03122, rel=1e-5))
    assert end["loss"] == pytest.approx(7.92021e-08, rel=1e-5)


def test_few_rows_are_said_to_be_few(run: Call) -> None:
    _code, out, _err = run("digits", "--plane", "random", "--size", "2", "--rows", "256")
    assert "over 256 of 1,437 rows" in out
    assert summary(run("digits", "--plane", "random", "--size", "2", "--rows", "256", "--json"))["rows"] == 256


def test_a_network_of_one_weight_shows_it_with_its_bias(run: Call) -> None:
    found = summary(run("1-1", "--size", "5", "--updates", "3", "--json"))
    assert found["axes"] == ["wxb", "bb"]


# Races, and examples


def test_a_race_has_a_path_for_each_runner(run: Call, here: Path) -> None:
    found = summary(
        run(
            "twins",
            "--race",
            "sgd:0.5,momentum:0.1,adam:0.1",
            "--updates",
            "66",
            "--size",
            "9",
            "--out",
            "t.npz",
            "--json",
        )
    )
    names = [(runner["name"], runner["optimizer"], runner["rate"], runner["moments"]) for runner in found["runners"]]
    assert names == [("SGD", "sgd", 0.5, 67), ("Momentum", "momentum", 0.1, 67), ("Adam", "adam", 0.1, 67)]
    assert {tuple(runner["start"].values()) for runner in found["runners"]} == {
        (-1.0, 1.2, *[found["runners"][0]["start"]["loss"]] * 2)
    }
    assert "optimizer" not in found
    with np.load(here / "t.npz") as arrays:
        assert arrays["runners"].tolist() == ["SGD", "Momentum", "Adam"]
        for name, runner in zip(("path", "path_2", "path_3"), found["runners"], strict=True):
            x, y = arrays[name][-1]
            assert (x, y, arrays[f"{name}_loss"][-1]) == tuple(runner["end"][key] for key in ("x", "y", "loss"))
            np.testing.assert_array_equal(arrays[f"{name}_update"], np.arange(67))
    assert found["runners"][2]["end"]["loss"] < 1e-3  # as the example says: Adam arrives at update 66


def test_a_race_of_two_weights_begins_at_the_same_place_with_the_same_rows(run: Call) -> None:
    found = summary(
        run("xor", "--race", "sgd:0.1,sgd:0.2", "--start", "1,-1", "--updates", "3", "--size", "3", "--json")
    )
    alone = summary(
        run("xor", "--optimizer", "sgd", "--rate", "0.2", "--start", "1,-1", "--updates", "3", "--size", "3", "--json")
    )
    assert [runner["name"] for runner in found["runners"]] == ["SGD 0.1", "SGD 0.2"]
    assert found["runners"][1]["end"] == alone["end"]


def test_main_directions_of_a_race_are_those_of_the_first_runner(run: Call) -> None:
    options = ("--plane", "path", "--updates", "40", "--size", "3", "--json")
    found = summary(run("adder", *options, "--race", "sgd:0.03,adam:0.05"))
    alone = summary(run("adder", *options, "--optimizer", "sgd", "--rate", "0.03"))
    assert found["kept"] == alone["kept"]
    assert found["runners"][0]["end"] == alone["end"]
    assert found["runners"][1]["end"]["loss"] != pytest.approx(found["runners"][1]["end"]["height"], rel=0.01)


def test_an_example_is_what_it_opens_with(run: Call, here: Path) -> None:
    found = summary(run("race-saddle", "--size", "3", "--out", "r.csv", "--json"))
    assert [runner["optimizer"] for runner in found["runners"]] == ["sgd", "momentum", "adagrad", "rmsprop", "adam"]
    assert {runner["moments"] for runner in found["runners"]} == {541}
    lines = (here / "r.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "x,y,loss,runner,update"
    assert len(lines) == 1 + 9 + 5 * 541
    adder = summary(run("adder-into-c", "--size", "3", "--updates", "300", "--json"))
    assert (adder["axes"], adder["exact"]) == (["wac", "wbc"], True)
    assert adder["end"]["loss"] == pytest.approx(7.92021e-08, rel=1e-5)
    assert adder["rows"] == 25


def test_an_example_may_run_at_another_rate(run: Call) -> None:
    found = summary(run("rate-small", "--rate", "0.05", "--size", "3", "--updates", "37", "--json"))
    assert (found["rate"], found["end"]["loss"] < 1e-6) == (0.05, True)


def test_what_is_said_of_a_race(run: Call) -> None:
    code, out, err = run("bowl", "--race", "sgd:0.1,sgd:10", "--size", "3", "--updates", "400")
    assert (code, err) == (0, "")
    *_before, start, first, second = out.splitlines()
    assert start == "start (-1, 2.5): loss 13.5"
    assert first == "sgd, rate 0.1: end (0.75, 0.75): loss 1.25"
    assert second.startswith("sgd, rate 10: end (")
    assert second.endswith("; the loss is no longer a finite number, try a smaller rate")
    _code, out, _err = run("adder", "--plane", "path", "--race", "sgd:0.03,adam:0.05", "--size", "3", "--updates", "40")
    assert "% of SGD’s movement lies in this plane" in out


# What is said


def test_what_is_said_of_an_exact_surface(run: Call) -> None:
    code, out, err = run("ravine", "--size", "11", "--updates", "2", "--out", "r.csv")
    assert (code, err) == (0, "")
    x = np.linspace(-10, 4, 11)
    nearest, end_x, end_y = x[np.abs(x).argmin()], -8 * 0.91**2, 1.5 * 0.8**2
    assert out == (
        "Ravine: x and y; by formula, exact\n"
        "11 × 11 heights, x from -10 to 4, y from -3 to 3\n"
        f"lowest loss {nearest**2 / 20:.6g} at x = {nearest:.6g}, y = 0\n"
        "start (-8, 1.5): loss 5.45\n"
        f"end ({end_x:.6g}, {end_y:.6g}): loss {end_x**2 / 20 + end_y**2:.6g}\n"
        "sgd, rate 0.9, 3 moments\n"
        "saved as r.csv\n"
    )


def test_a_dead_shelf_and_places_without_a_loss_are_said(run: Call) -> None:
    _code, out, _err = run("valley", "--window", "-3,-1,0,1", "--size", "5")
    assert "it is flat, these weights do not matter here" in out
    _code, out, _err = run("bowl", "--window", "-1e200,1e200,0,1", "--size", "5")
    assert "20 losses are no finite numbers" in out
    _code, out, _err = run("bowl", "--window", "1e200,2e200,0,1", "--size", "5")
    assert "no loss here is a finite number" in out
    found = summary(run("bowl", "--window", "1e200,2e200,0,1", "--size", "5", "--json"))
    assert (found["lowest"], found["not_finite"]) == (None, 25)


# What is wrong


ALL = "wac, wad, wae, wbc, wbd, wbe, bc, bd, be, wcf, wdf, wef, bf"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["adder", "--axes", "wac,wzz"], f"There is no weight “wzz” in 2-3-1; there are {ALL}."),
        (["adder", "--axes", "wac,wac"], "A surface needs two different weights, not wac twice."),
        (["adder", "--axes", "wac"], "argument --axes: must be two names with a comma, like wac,wbc, not wac."),
        (
            ["adder", "--axes", "wac,wbc", "--plane", "random"],
            "--axes chooses two weights and cannot go with --plane random.",
        ),
        (
            ["adder", "--plane", "path", "--start", "0,0"],
            "--start needs two chosen weights; a run starts where its seed says.",
        ),
        (["bowl", "--window", "1,1,0,2"], "This window has no width: it goes from 1 to 1."),
        (["adder", "--window", "0,1,3,2"], "This window has no height: it goes from 3 to 2."),
        (["bowl", "--window", "0,1,2"], "argument --window: must be 4 numbers with commas, not 0,1,2."),
        (["bowl", "--start", "nan,1"], "argument --start: each of them must be a finite number, not nan."),
        (["bowl", "--start", "a,1"], "argument --start: “a” is not a number."),
        (["bowl", "--axes", "wac,wbc"], "--axes is for networks; bowl is a formula of x and y."),
        (["bowl", "--seed", "3"], "--seed is for networks; bowl is a formula of x and y."),
        (["bowl", "--race", "sgd:1"], "argument --race: a race has 2 to 5 runners, not 1."),
        (["bowl", "--race", ",".join(["sgd:1"] * 6)], "argument --race: a race has 2 to 5 runners, not 6."),
        (["bowl", "--race", "sgd:1,sgd:1.0"], "argument --race: sgd:1 is there twice."),
        (
            ["bowl", "--race", "sgd:1,adam"],
            "argument --race: must be optimizers with their rates, like sgd:0.5,adam:0.1, not adam.",
        ),
        (["bowl", "--race", "sgd:0,adam:1"], "argument --race: the rate of sgd must be a number above 0, not 0."),
        (["bowl", "--race", "sgd:1,adam:x"], "argument --race: the rate of adam must be a number above 0, not x."),
        (["bowl", "--race", "sgd:1,adam:1", "--rate", "2"], "--rate is for one runner; --race says it for each."),
        (
            ["adder", "--plane", "random", "--updates", "2"],
            "--updates belongs to a path, and over random directions none can be drawn.",
        ),
        (
            ["race-twins", "--plane", "path"],
            "--plane cannot be chosen here; race-twins is an example, which says it.",
        ),
        (["bowl", "--rows", "3"], "--rows is for networks; bowl is a formula of x and y."),
        (["bowl", "--size", "1"], "argument --size: must be a whole number from 2, not 1."),
        (["bowl", "--out", "grid.txt"], "“grid.txt” does not end in .npz or .csv."),
        (["bowl", "--out", "no/grid.npz"], "there is no folder “no”."),
    ],
)  # fmt: skip
def test_wrong_use_is_told_in_a_sentence(run: Call, here: Path, arguments: list[str], said: str) -> None:
    assert run(*arguments) == (2, "", f"visualnn landscape: {said} See visualnn landscape --help.\n")
    assert not [*here.iterdir()]


def test_what_is_neither_a_network_nor_a_surface_is_told(run: Call) -> None:
    code, out, err = run("bogus")
    assert (code, out) == (2, "")
    assert err.startswith("visualnn landscape: “bogus” is neither a file nor an example")


def test_a_network_in_which_one_number_moves_has_no_surface(run: Call, here: Path) -> None:
    native.write(here / "one.vnn", open_document("1-1").with_cut(0, 0, 0, True))
    assert run("one.vnn") == (
        1, "", "visualnn landscape: A surface needs two weights that can move; here there are fewer.\n"
    )  # fmt: skip
    assert run("one.vnn", "--axes", "wxb,bb")[0] == 1


def test_a_start_without_a_loss_is_told(run: Call) -> None:
    assert run("rosenbrock", "--start", "1e200,0") == (
        1, "", "visualnn landscape: The loss at the start is not a finite number; choose another start.\n"
    )  # fmt: skip


def test_a_run_that_does_not_move_has_no_directions(run: Call) -> None:
    code, out, err = run("adder", "--plane", "path", "--updates", "0")
    assert (code, out) == (1, "")
    assert err == "visualnn landscape: A path that does not move has no directions; train a few steps first.\n"


def test_nothing_is_replaced_unless_that_is_asked_for(run: Call, here: Path) -> None:
    (here / "grid.npz").write_bytes(b"years of work")
    assert run("bowl", "--out", "grid.npz") == (
        1, "", "visualnn landscape: “grid.npz” exists already; --force replaces it.\n"
    )  # fmt: skip
    assert (here / "grid.npz").read_bytes() == b"years of work"
    assert run("bowl", "--size", "3", "--out", "grid.npz", "--force")[0] == 0
    with np.load(here / "grid.npz") as arrays:
        assert arrays["loss"].shape == (3, 3)


def test_stopped_halfway_it_leaves_nothing(run: Call, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def survey(*_arguments: object) -> Any:
        yield grid.Portion(10, 100)
        raise KeyboardInterrupt

    monkeypatch.setattr(grid, "survey", survey)
    assert run("bowl", "--out", "grid.npz") == (130, "", "Stopped.\n")
    assert not [*here.iterdir()]


def test_how_far_it_is_shows_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress(10, "heights") as advance:
        advance(4)
    assert "heights" in capsys.readouterr().err


def test_a_surface_is_found_under_any_spelling_and_a_file_of_that_name_comes_first(run: Call, here: Path) -> None:
    assert summary(run("Styblinski-Tang", "--size", "3", "--json"))["kind"] == "formula"
    (here / "bowl").write_bytes(b"no network")
    code, _out, err = run("bowl", "--size", "3")
    assert code != 0
    assert "bowl" in err


def test_options_of_the_file_are_those_of_the_path(run: Call) -> None:
    found = summary(run("xor", "--size", "3", "--updates", "2", "--json"))
    rule = load("xor").options.optimizer
    assert (found["optimizer"], found["rate"]) == (rule.name, rule.rate)
