"""``visualnn render --mode landscape``: what it draws, and that it draws it."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

import visualnn
from visualnn import cli, display
from visualnn.cli.arguments import WrongUseError
from visualnn.cli.landscape_options import NAMES
from visualnn.cli.scenery import footage
from visualnn.files import native
from visualnn.files.documents import open_document
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.metrics import score
from visualnn.nn.readings import NO_READINGS
from visualnn.nn.training import Training
from visualnn.runs import kept
from visualnn.scene.landscape.camera import HOME, view
from visualnn.scene.landscape.examples import find
from visualnn.scene.landscape.flight import Footage
from visualnn.scene.landscape.picking import pick
from visualnn.work import Work

Render = Callable[..., tuple[int, str]]
RACE = (("sgd", 0.5), ("momentum", 0.1), ("adam", 0.1))


def shown(document: str, **options: Any) -> Footage:
    return footage(argparse.Namespace(document=document, **dict.fromkeys(NAMES) | options))


# What is drawn


def test_a_classic_surface_with_its_minima_and_a_descent():
    made = shown("himmelblau", updates=50)
    x, y = np.meshgrid(*(np.linspace(-5, 5, made.relief.losses.shape[0]) for _ in range(2)))
    assert made.relief.losses == pytest.approx((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)
    marks, said = made.scene(50)
    assert [(mark.x, mark.y) for mark in marks.minima] == [minimum[:2] for minimum in CLASSICS["himmelblau"].minima]
    assert len(marks.trails[0].losses) == 51
    assert said.startswith("After 50 updates the loss is ")
    assert made.captions[0] == "Himmelblau’s function: four minima."


def test_two_weights_of_a_network_have_the_losses_of_the_engine():
    made = shown("adder", updates=5)
    project = open_document("adder")
    parameters = project.parameters.copy()
    assert made.relief.names == ("wac", "wbc")
    assert "exact" in " ".join(made.captions)
    x0, _x1, y0, _y1 = made.relief.window
    parameters[0], parameters[3] = x0, y0
    expected = score(project.network, parameters, project.data, project.options.loss, project.mask).loss
    assert made.relief.losses[0, 0] == pytest.approx(expected, rel=1e-12)
    assert made.scene(5)[0].trails[0].letter == "A"


def test_the_scene_at_an_update_is_the_race_until_then():
    made = shown("twins", race=RACE, updates=40)
    for update in (0, 1, 17, 40):
        marks, _said = made.scene(update)
        assert [len(trail.points) for trail in marks.trails] == [update + 1] * 3
    last = made.scene(40)[0].trails
    for trail, early in zip(last, made.scene(17)[0].trails, strict=True):
        np.testing.assert_array_equal(trail.points[:18], early.points)
    assert [trail.letter for trail in last] == ["S", "M", "A"]
    assert len({trail.color for trail in last}) == 3
    assert made.scene(0)[1] == "All start at the same point."
    assert made.scene(40)[1].startswith("After 40 updates: ")


def test_on_an_exact_surface_no_ball_stands_on_a_stalk():
    made = shown("race-himmelblau")
    for trail in made.scene(made.updates)[0].trails:
        np.testing.assert_array_equal(trail.floors, trail.losses)


def test_an_example_is_drawn_as_it_opens():
    example = find("race-twins")
    made = shown("race-twins")
    assert (made.title, made.updates) == (example.title, example.updates)
    marks, said = made.scene(made.updates)
    assert marks.start is not None
    assert marks.start[:2] == example.start
    assert "Adam was first below 0.001, at update 66." in said
    assert len(marks.trails[2].points) == 67  # it rests there
    own = shown("adder-into-c")
    assert own.relief.names == ("wac", "wbc")
    assert own.scene(400)[0].start == pytest.approx((-0.5, 2.0, 3.74557), rel=1e-5)


def test_an_example_runs_with_what_is_typed_in_place_of_its_own():
    made = shown("race-twins", race=(("sgd", 0.5), ("lion", 0.01)), updates=7, window=(-2.0, 4.0, -2.0, 4.0))
    assert made.updates == 7
    assert [trail.letter for trail in made.scene(7)[0].trails] == ["S", "L"]
    assert made.relief.window == (-2.0, 4.0, -2.0, 4.0)


def test_main_directions_show_every_runner_above_or_below_the_surface():
    made = shown("adder", plane="path", race=(("sgd", 0.03), ("adam", 0.05)), updates=60)
    first, second = made.scene(60)[0].trails
    assert first.floors[-1] == pytest.approx(first.losses[-1], rel=1e-9)
    assert second.floors[-1] != pytest.approx(second.losses[-1], rel=0.01)
    assert "shadows" in " ".join(made.captions)


def test_the_run_that_a_file_keeps_is_drawn_with_its_true_losses(tmp_path):
    project = open_document("adder")
    project = replace(project, options=replace(project.options, goal=None))
    training = Training(project.network, project.data, project.options)
    for _ in range(10):
        training.remember()
        training.run(4)
    training.remember()
    after = project.with_parameters(training.parameters)
    run = kept(training, training.snapshot(), after, number=1, name="Run 1", readings=NO_READINGS, branch=None)
    native.write(tmp_path / "mine.vnn", Work(after, (run,), 1))
    made = shown(str(tmp_path / "mine.vnn"), plane="path")
    [trail] = made.scene(made.updates)[0].trails
    assert len(trail.points) == len(run.moments)
    assert trail.losses[-1] == pytest.approx(training.full_loss(), rel=1e-12)


def test_random_directions_have_no_ball_and_nothing_to_say_of_one():
    made = shown("digits", plane="random")
    marks, said = made.scene(0)
    assert (made.updates, marks.trails, marks.start, said) == (0, (), None, "")
    assert not any("Computed from" in sentence for sentence in made.captions)
    assert shown("digits", plane="random", rows=20, seed=3).captions[-1] == "Computed from 20 of 1,437 rows."


def test_a_network_whose_picture_takes_long_has_fewer_places():
    sides = [
        shown(name, plane="random", rows=rows).relief.losses.shape[0]
        for name, rows in (("adder", None), ("digits", 1437))
    ]
    assert sides == [97, 49]


def test_what_is_no_document_is_refused_with_the_surfaces_there_are():
    with pytest.raises(WrongUseError, match=r"nor a shape .* nor a surface \(bowl, valley, .*ackley\)\."):
        shown("no-such-thing")


@pytest.mark.parametrize("name", list(CLASSICS))
def test_every_classic_surface_is_seen(name):
    made = shown(name, updates=20)
    assert not made.relief.is_flat
    start = made.scene(20)[0].start
    assert start is not None
    assert np.abs(made.relief.world([start[:2]])).max() <= 1
    seen = view(HOME, (900, 640))
    hits = [pick(made.relief, seen, x, 300) for x in range(300, 600, 20)]
    assert all(hit is not None and np.isfinite(hit.loss) for hit in hits)


# What is written


def test_the_picture_is_written(tmp_path):
    out = tmp_path / "bowl.png"
    command = [sys.executable, "-W", "error", "-m", "visualnn", "render", "bowl", str(out), "--mode", "landscape"]
    done = subprocess.run([*command, "--scale", "0.5"], capture_output=True, encoding="utf-8", timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (640, 400)
    colors = {picture.pixelColor(x, y).hue() // 30 for x in range(200, 460, 9) for y in range(40, 280, 9)}
    assert len(colors) > 5


def test_the_flight_is_written(tmp_path):
    out = tmp_path / "race.gif"
    command = [sys.executable, "-W", "error", "-m", "visualnn", "render", "race-twins", str(out), "--mode", "landscape"]
    options = ["--size", "960x640", "--scale", "0.5", "--fps", "2", "--view", "map", "--theme", "light"]
    done = subprocess.run([*command, *options], capture_output=True, encoding="utf-8", timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(out) as gif:
        assert gif.size == (480, 320)
        assert gif.n_frames > 5


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Footage, Path, dict[str, Any]]]:
    """What the app is asked to draw."""
    calls: list[tuple[Footage, Path, dict[str, Any]]] = []

    class App:
        @staticmethod
        def render_landscape(made: Footage, out: Path, **how: Any) -> None:
            del how["report"]
            calls.append((made, out, how))

    monkeypatch.setitem(sys.modules, "visualnn.app", App)
    monkeypatch.setattr(visualnn, "app", App, raising=False)
    monkeypatch.setattr(display, "problem", lambda platform=None: None)
    return calls


def test_a_picture_has_its_defaults(drawn, tmp_path):
    assert cli.main(["render", "bowl", str(tmp_path / "a.svg"), "--mode", "landscape"]) == 0
    [(made, out, how)] = drawn
    assert (made.updates, out) == (300, tmp_path / "a.svg")
    usual = {"theme": "dark", "palette": "even", "shown": "relief", "size": (1280, 800), "scale": 2.0, "fps": None}
    assert how == usual


def test_what_is_typed_is_drawn(drawn, tmp_path):
    out = tmp_path / "a.mp4"
    options = ["--start", "-0.5,2", "--window", "-1,3,-1,3", "--race", "sgd:0.05, Adam:0.1", "--step", "12"]
    how = ["--fps", "20", "--palette", "even", "--view", "map", "--size", "960x640", "--scale", "1.5"]
    assert cli.main(["render", "adder", str(out), "--mode", "landscape", "--axes", "wac,wbc", *options, *how]) == 0
    [(made, _out, told)] = drawn
    assert (made.relief.window, made.updates) == ((-1.0, 3.0, -1.0, 3.0), 12)
    marks, _said = made.scene(12)
    assert marks.start is not None
    assert marks.start[:2] == (-0.5, 2.0)
    assert [trail.name for trail in marks.trails] == ["SGD", "Adam"]
    assert (told["size"], told["shown"], told["palette"], told["fps"]) == ((1440, 960), "map", "even", 20.0)


LAND = ("--mode", "landscape")
ALL_RULES = "sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw, nadam, lion"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.jpg", *LAND], "“a.jpg” does not end in .png, .svg, .pdf, .gif or .mp4."),
        (["a.png", *LAND, "--part", "stage"], "a landscape has no parts."),
        (["a.gif", *LAND, "--steps", "all"], "--steps belongs to the steps of a network; a landscape has --updates."),
        (
            ["a.gif", *LAND, "--seconds-per-step", "2"],
            "--seconds-per-step belongs to the steps of a network; a landscape has --updates.",
        ),
        (["a.png", *LAND, "--fps", "20"], "--fps belongs to films, which end in .gif or .mp4."),
        (
            ["a.png", *LAND, "--step", "3", "--updates", "3"],
            "--step and --updates say the same of a landscape; one of them is enough.",
        ),
        (["a.png", "--axes", "wac,wbc"], "--axes belongs to --mode landscape."),
        (["a.png", "--mode", "train", "--race", "sgd:1,adam:1"], "--race belongs to --mode landscape."),
        (["a.png", "--view", "map"], "--view belongs to --mode landscape."),
        (["a.png", "--palette", "even"], "--palette belongs to --mode landscape."),
        (
            ["a.png", *LAND, "--view", "globe"],
            "argument --view: invalid choice: 'globe' (choose from relief, map).",
        ),
        (
            ["a.png", *LAND, "--plane", "random", "--race", "sgd:1,adam:1"],
            "--race belongs to a path, and over random directions none can be drawn.",
        ),
        (["a.png", *LAND, "--race", "sgd:1"], "argument --race: a race has 2 to 5 runners, not 1."),
        (
            ["a.png", *LAND, "--race", "sgd:1,sdg:2"],
            f"argument --race: there is no optimizer “sdg”; there are {ALL_RULES}.",
        ),
    ],
)
def test_wrong_use_is_told_in_a_sentence(tmp_path, monkeypatch, capsys, drawn, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["render", "adder", *arguments]) == 2
    error = capsys.readouterr().err.replace("'relief', 'map'", "relief, map")  # as Python 3.11 writes it
    assert error == f"visualnn render: {said} See visualnn render --help.\n"
    assert drawn == []
