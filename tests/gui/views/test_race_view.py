"""The page of a race: a row for each runner, their maps, and one request for every finished wish."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from tests.gui.conftest import LEFT
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.race import LABELS
from visualnn.gui.views.race import RaceView
from visualnn.nn.curve import CurveView
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training
from visualnn.project import Project
from visualnn.scene import look
from visualnn.scene.glances import glance
from visualnn.scene.maps import plane_of
from visualnn.scene.racing import Lane, five_optimizers, five_rates, marks, names

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def project() -> Project:
    return load("circles")


@pytest.fixture
def view(qtbot, project):
    view = RaceView()
    qtbot.addWidget(view)
    view.resize(360, 700)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.show_project(project)
    view.show_lanes(lanes(project, five_optimizers(project.options)[:3], 20))
    yield view
    view.hide()
    view.sights.rest()


def lanes(project: Project, racers: tuple[Options, ...], updates: int) -> tuple[Lane, ...]:
    """Where these are after so many updates."""
    made = []
    called, marked = names(racers, LABELS), marks([options.optimizer.name for options in racers])
    for name, mark, options in zip(called, marked, racers, strict=True):
        training = Training(project.network, project.data, replace(options, goal=None))
        training.run(updates)
        seen = training.snapshot(Stop.DONE)
        made.append(Lane(name, options, mark, seen.update, seen.loss, seen.stop, seen.parameters, seen.curve))
    return tuple(made)


def choose(menu: QMenu, text: str, qtbot) -> None:
    action = next(action for action in menu.actions() if action.text() == text)
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def test_every_runner_has_its_row_with_its_loss(view):
    assert [row.optimizer.label() for row in view.rows] == ["SGD", "Momentum", "Adam"]
    for row, lane in zip(view.rows, view._lanes, strict=True):
        assert row.rate.value() == lane.options.optimizer.rate
        assert row.state() == f"loss {lane.loss:#.4g}"
        assert row.accessibleName() == lane.name
    assert view.verdict.text().endswith(f"leads, at {min(lane.loss for lane in view._lanes):.3f}.")
    view.grab()


def test_the_curves_are_those_of_the_runners(view):
    for line, lane in zip(view.chart.lines, view._lanes, strict=True):
        assert np.array_equal(line.values[:-1], lane.curve.losses)
        assert (line.updates[-1], line.values[-1]) == (20, lane.loss)
        assert (line.letter, line.ink) == (lane.mark.letter, lane.mark.color)


def test_every_runner_has_the_map_of_its_own_weights(view, project, qtbot):
    qtbot.waitUntil(lambda: None not in view.sights.maps, timeout=20_000)
    plane, colors = plane_of(project), look.load("dark")
    for shown, lane in zip(view.sights.maps, view._lanes, strict=True):
        assert np.array_equal(shown.pixels, glance(project, lane.parameters, plane, colors).pixels)
    assert not np.array_equal(view.sights.maps[0].pixels, view.sights.maps[2].pixels)
    view.grab()


def test_data_without_a_plane_have_no_maps(view):
    digits = load("digits")
    view.show_project(digits)
    view.show_lanes(lanes(digits, five_optimizers(digits.options)[:2], 0))
    assert view.sights.height() == 0
    assert view.head.note() == "same start, same data"
    view.grab()


def test_another_optimizer_comes_at_its_usual_rate(view, qtbot):
    with qtbot.waitSignal(view.racers_requested) as asked:
        choose(view.rows[0].optimizer.open_menu(), "RMSprop", qtbot)
    (racers,) = asked.args
    assert (racers[0].optimizer.name, racers[0].optimizer.rate) == ("rmsprop", 0.01)
    assert racers[1:] == view.racers[1:]


def test_a_rate_is_asked_for_once_it_is_set(view, qtbot):
    field = view.rows[1].rate
    field.start_typing()
    field.editor().selectAll()
    qtbot.keyClicks(field.editor(), "0.5")
    with qtbot.waitSignal(view.racers_requested) as asked:
        qtbot.keyClick(field.editor(), Qt.Key.Key_Return)
    assert asked.args[0][1].optimizer.rate == 0.5


def test_runners_come_and_go(view, project, qtbot):
    with qtbot.waitSignal(view.racers_requested) as asked:
        qtbot.mouseClick(view.footer.add, LEFT)
    assert len(asked.args[0]) == 4
    assert asked.args[0][:3] == view.racers
    with qtbot.waitSignal(view.racers_requested) as asked:
        choose(view.rows[1].open_menu(), "Remove this runner", qtbot)
    assert asked.args[0] == (view.racers[0], view.racers[2])
    view.show_lanes(lanes(project, five_optimizers(project.options), 0))
    assert not view.footer.add.isEnabled()
    view.show_lanes(lanes(project, five_optimizers(project.options)[:2], 0))
    assert len(view.rows) == 2
    menu = view.rows[0].open_menu()
    assert not any(action.isEnabled() for action in menu.actions())  # nothing learned, and a race needs two
    menu.close()


def test_weights_can_be_kept(view, qtbot):
    with qtbot.waitSignal(view.adopt_requested) as asked:
        choose(view.rows[2].open_menu(), "Keep these weights", qtbot)
    assert asked.args == [2]


@pytest.mark.parametrize(
    ("text", "preset"),
    [("Five optimizers, their usual rates", five_optimizers), ("One optimizer, five rates", five_rates)],
)
def test_presets_line_up_five(view, project, qtbot, text, preset):
    with qtbot.waitSignal(view.racers_requested) as asked:
        choose(view.open_presets(), text, qtbot)
    assert asked.args[0] == preset(project.options)


def test_the_finishing_line_is_chosen_and_told(view, project, qtbot):
    with qtbot.waitSignal(view.goal_chosen) as asked:
        choose(view.controls.goal.open_menu(), "< 0.01", qtbot)
    assert asked.args == [0.01]
    done = replace_lane(view._lanes[2], loss=0.0099, stop=Stop.GOAL)
    view.show_lanes((*view._lanes[:2], done))
    view.show_state(running=False, speed=4.0, goal=0.01)
    assert view.controls.goal.label() == "< 0.01"
    assert view.controls.speed.label() == "4×"
    assert view.rows[2].state() == "loss 0.009900, below 0.01 at update 20"
    assert view.verdict.text().startswith("Adam was first below 0.01, at update 20.")
    view.grab()


def replace_lane(lane: Lane, **more: object) -> Lane:
    return replace(lane, **more)


def test_who_is_out_is_marked_at_its_rate(view):
    out = replace_lane(
        view._lanes[0], loss=float("nan"), stop=Stop.DIVERGED, curve=CurveView(np.array([1.0, np.inf]), 1)
    )
    view.show_lanes((out, *view._lanes[1:]))
    assert view.rows[0].state() == "out at update 20: not a number"
    assert "stopped being a number" in view.rows[0].rate.toolTip()
    view.grab()


def test_controls_and_keys_ask(view, qtbot):
    for button, signal in (
        (view.controls.play, view.play_toggled),
        (view.controls.step, view.step_requested),
        (view.controls.same_start, view.same_start_requested),
    ):
        button.setFocus(Qt.FocusReason.TabFocusReason)
        with qtbot.waitSignal(signal):
            qtbot.keyClick(button, Qt.Key.Key_Return)
    with qtbot.waitSignal(view.back_requested):
        qtbot.keyClick(view, Qt.Key.Key_Escape)


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("width", [320, 360, 420])
def test_nothing_overlaps_at_any_width(view, project, mode, width):
    theme.appearance().set_mode(mode)
    view.resize(width, 588)
    view.show_lanes(lanes(project, five_rates(project.options), 3))
    view.grab()
    controls = view.controls
    parts = [controls.same_start, controls.play, controls.step, controls.goal, controls.speed]
    for left, right in pairwise(parts):
        assert left.geometry().right() < right.geometry().left()
    row = view.rows[0]
    assert row.optimizer.geometry().right() < row.rate.geometry().left()
    assert row.more.geometry().right() <= width
