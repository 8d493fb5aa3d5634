"""The map and its numbers, for real networks while they learn."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QScrollArea, QToolTip, QVBoxLayout, QWidget

from tests.gui.conftest import move
from visualnn.files.examples import load
from visualnn.files.fresh import fresh_project
from visualnn.gui import theme
from visualnn.gui.views.output import OutputView
from visualnn.nn import metrics
from visualnn.nn.data import Dataset, Recipe
from visualnn.nn.dataset import NONE
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.nn.training import Stop, Training
from visualnn.project import new_project
from visualnn.scene.formula import full, precise


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def view(qtbot):
    view = OutputView()
    qtbot.addWidget(view)
    view.resize(360, 300)
    view.show()
    yield view
    view.rest()


def shown(view):
    return {metric.label: f"{metric.value} {metric.rest}".strip() for metric in view.metrics()}


def trained(name, updates):
    project = load(name)
    training = Training(project.network, project.data, project.options)
    training.run(updates)
    return project, training.snapshot()


@pytest.mark.parametrize("updates", [0, 7, 20])
def test_the_numbers_of_a_classifier_are_those_of_its_parameters(view, updates):
    project, snapshot = trained("circles", updates)
    view.show_content(project, snapshot.parameters, snapshot)
    score = metrics.score(project.network, snapshot.parameters, project.data, project.options.loss)
    held = metrics.score(project.network, snapshot.parameters, project.data.held, project.options.loss)
    assert shown(view) == {
        "Train loss": precise(snapshot.loss),
        "Test loss": precise(held.loss),
        "Train right": f"{100 * score.right / score.rows:.1f} %",
        "Test right": f"{100 * held.right / held.rows:.1f} %",
    }
    assert (score.rows, held.rows) == (project.data.rows, project.data.tests)


def test_without_test_rows_the_numbers_say_of_which_update_they_are(view):
    project, snapshot = trained("xor", 7)
    project = replace(project, data=replace(project.data, test_inputs=NONE, test_targets=NONE))
    view.show_content(project, snapshot.parameters, snapshot)
    score = metrics.score(project.network, snapshot.parameters, project.data, project.options.loss)
    assert shown(view) == {
        "Loss": precise(score.loss),
        "Right": f"{100 * score.right / score.rows:.1f} %",
        "Rows right": f"{score.right} of {score.rows}",
        "Update": "7",
    }


def test_the_numbers_of_the_adder(view):
    project, snapshot = trained("adder", 40)
    view.show_content(project, snapshot.parameters, snapshot)
    misses = metrics.predict(project.network, snapshot.parameters, project.data.inputs) - project.data.targets
    assert shown(view) == {
        "Loss": precise((misses**2).mean()),
        "Mean miss": precise(np.abs(misses).mean()),
        "RMSE": precise(np.sqrt((misses**2).mean())),
        "Update": "40",
    }
    assert "Mean miss" in view.accessibleDescription()


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_misses_have_the_unit_of_the_data(view, loss):
    data = made(Recipe("houses", test_share=0.25, scaled=True))
    network = Network.of(data.inputs.shape[1], 4, 1)
    project = fresh_project("Houses", network, data, Options(loss=loss))
    view.show_content(project, project.parameters, None)
    raw = data.scaling.undo_targets(metrics.predict(network, project.parameters, data.test_inputs))
    misses = raw - data.scaling.undo_targets(data.test_targets)
    assert shown(view)["Test miss"] == precise(np.abs(misses).mean())
    assert shown(view)["Test RMSE"] == precise(np.sqrt((misses**2).mean()))


def test_100_percent_means_all(view):
    project, snapshot = trained("xor", 400)
    view.show_content(project, snapshot.parameters, None)
    label = "Train right" if project.data.tests else "Right"
    assert shown(view)[label] == "100 %"


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_the_map_shows_the_side_of_every_point(view, mode):
    theme.appearance().set_mode(mode)
    project, snapshot = trained("xor", 300)
    view.show_content(project, snapshot.parameters, snapshot)
    image, box = view.plane.grab().toImage(), view.plane.box()
    for x, y, role in ((0.03, 0.05, "pos"), (0.97, 0.95, "pos"), (0.03, 0.95, "neg"), (0.97, 0.05, "neg")):
        point = QPoint(round(box.left() + x * box.width()), round(box.top() + y * box.height()))
        expected = theme.mix(theme.mix("canvas", "raised", 0.5), role, 0.5)
        assert distance(image.pixelColor(point), expected) < 40


def distance(a: QColor, b: QColor) -> int:
    return abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue())


def test_pointing_at_the_map_says_what_the_network_says_there(view):
    project, snapshot = trained("adder", 40)
    view.show_content(project, snapshot.parameters, snapshot)
    point = view.plane.box().center().toPoint() + QPoint(30, -41)
    move(view.plane, point, Qt.MouseButton.NoButton)
    x, y, out = view.plane.output_at(QPointF(point))
    assert (x, y) == (round(x, 2), round(y, 2))
    assert out == metrics.predict(project.network, snapshot.parameters, np.array([[x, y]]))[0, 0]
    assert full(out) in QToolTip.text()
    assert QToolTip.text().startswith("a = ")


def test_the_tooltip_follows_the_training_and_goes_with_the_pointer(view):
    project, snapshot = trained("adder", 10)
    view.show_content(project, snapshot.parameters, snapshot)
    point = view.plane.box().center().toPoint()
    move(view.plane, point, Qt.MouseButton.NoButton)
    _project, later = trained("adder", 50)
    view.show_content(project, later.parameters, later)
    assert full(view.plane.output_at(QPointF(point))[2]) in QToolTip.text()
    assert view.plane.output_at(QPointF(2, 2)) is None


def test_other_networks_have_numbers_only(view):
    rng = np.random.default_rng(0)
    data = Dataset("wide", rng.normal(size=(40, 4)), rng.normal(size=(40, 2)), tuple("pqrs"))
    project = new_project("Four inputs", Network.of(4, 2), data, Options(), rng.normal(size=10))
    view.show_content(project, project.parameters, None)
    assert view.picture is None
    assert set(shown(view)) == {"Loss", "Mean miss", "RMSE", "Update"}
    low = view.height()
    adder = load("adder")
    view.show_content(adder, adder.parameters, None)
    assert view.height() > low


@pytest.mark.parametrize("width", [300, 320, 360, 420, 520])
@pytest.mark.parametrize("name", ["adder", "xor"])
def test_nothing_leaves_the_panel(view, width, name):
    project = load(name).renamed("A very long name of a network that nobody would give it")
    view.resize(width, 300)
    view.show_content(project, project.parameters, None)
    view.grab()
    box = view.plane.box().translated(view.plane.pos())
    assert box.left() >= 24
    assert width - box.right() >= 24 + 76
    assert view.height() >= box.bottom()
    assert box.width() == box.height()


def test_a_diverged_network_is_shown_as_it_is(view):
    project = load("adder")
    parameters = np.full(13, 1e200)
    view.show_content(project, parameters, None)
    view.grab()
    assert shown(view)["Loss"] in ("∞", "not a number")


@pytest.mark.parametrize("huge", [1e200, 1e308])
def test_a_sample_far_away_is_not_on_the_map(view, huge):
    project = replace(load("adder"), sample=np.array([huge, -huge]))
    view.show_content(project, project.parameters, None)
    assert not view.grab().isNull()


def rows(count):
    """A project with 13 parameters and so many rows, and a running training of it."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(count, 2))
    data = Dataset("sums", inputs, inputs.sum(axis=1, keepdims=True), ("a", "b"), False)
    project = replace(load("adder"), data=data)
    snapshot = Training(project.network, data, project.options).snapshot()
    return project, replace(snapshot, stop=None)


def test_small_trainings_are_measured_at_once(view):
    project, snapshot = rows(1000)
    for update in range(4):
        view.show_content(project, snapshot.parameters, replace(snapshot, update=update))
        assert shown(view)["Update"] == str(update)


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def test_large_trainings_are_measured_beside_the_window(qtbot):
    view = OutputView(now=(clock := Clock()))
    qtbot.addWidget(view)
    project, snapshot = rows(200_000)
    view.show_content(project, snapshot.parameters, replace(snapshot, update=1))
    assert shown(view) == {}
    for update in (2, 3):
        view.show_content(project, snapshot.parameters, replace(snapshot, update=update))
    qtbot.waitUntil(lambda: shown(view).get("Update") == "3")
    view.show_content(project, snapshot.parameters, replace(snapshot, update=4))
    view.finish()
    qtbot.wait(1)
    assert shown(view)["Update"] == "3"  # the run gets most of the time
    clock.seconds += 60
    view.show_content(project, snapshot.parameters, replace(snapshot, update=5))
    qtbot.waitUntil(lambda: shown(view).get("Update") == "5")
    view.show_content(project, snapshot.parameters, replace(snapshot, update=6, stop=Stop.STOPPED))
    qtbot.waitUntil(lambda: shown(view).get("Update") == "6")
    view.rest()
    score = metrics.score(project.network, snapshot.parameters, project.data, project.options.loss)
    assert shown(view)["Loss"] == precise(score.loss, smallest=1e-4)


def test_numbers_of_other_data_are_never_shown(view, qtbot):
    view.show_content(*large(1))
    qtbot.waitUntil(lambda: shown(view).get("Update") == "1")
    view.show_content(*large(2))
    assert shown(view) == {}
    qtbot.waitUntil(lambda: shown(view).get("Update") == "2")


def large(update):
    project, snapshot = rows(200_000)
    return project, snapshot.parameters, replace(snapshot, update=update)


def test_a_page_just_too_low_for_the_map_comes_to_rest(qtbot):
    """The scroll bar makes the page narrower, the map smaller, and the page high enough without a scroll bar."""
    area, page = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    view = OutputView()
    project = load("circles")
    view.show_content(project, project.parameters, None)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(view)
    column.addStretch(1)
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.show()
    for height in range(260, 225, -1):
        area.resize(320, height)
        for _ in range(3):
            QApplication.processEvents()
        assert view.height() >= view.plane.box().translated(view.plane.pos()).bottom()
