"""The map and its numbers, for real networks while they learn."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QScrollArea, QToolTip, QVBoxLayout, QWidget

from tests.gui.conftest import move
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.views.output import OutputView
from visualnn.nn import metrics
from visualnn.nn.data import Dataset
from visualnn.nn.network import Network
from visualnn.nn.options import Options
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


def wide(outputs=3):
    rng = np.random.default_rng(0)
    data = Dataset("wide", rng.normal(size=(40, 4)), np.eye(outputs)[rng.integers(0, outputs, 40)], tuple("pqrs"), True)
    network = Network.of(4, 5, outputs, output="softmax")
    return new_project(
        "Four inputs", network, data, Options(loss="cross_entropy"), rng.normal(size=5 * 5 + 6 * outputs)
    )


@pytest.mark.parametrize("updates", [0, 7, 20])
def test_the_numbers_of_a_classifier_are_those_of_its_parameters(view, updates):
    project, snapshot = trained("circles", updates)
    view.show_content(project, snapshot.parameters, snapshot)
    score = metrics.score(project.network, snapshot.parameters, project.data, project.options.loss)
    assert shown(view) == {
        "Loss": precise(snapshot.loss),
        "Right": f"{100 * score.right / 160:.1f} %",
        "Rows right": f"{score.right} of 160",
        "Update": str(updates),
    }


def test_the_numbers_of_the_adder(view):
    project, snapshot = trained("adder", 40)
    view.show_content(project, snapshot.parameters, snapshot)
    score = metrics.score(project.network, snapshot.parameters, project.data, "mse")
    assert shown(view) == {
        "Loss": precise(score.loss),
        "Mean miss": precise(score.mean_miss),
        "Largest miss": precise(score.largest_miss),
        "Update": "40",
    }
    assert "Mean miss" in view.accessibleDescription()


def test_100_percent_means_all(view):
    project, snapshot = trained("xor", 400)
    view.show_content(project, snapshot.parameters, None)
    assert shown(view)["Right"] == "100 %"
    assert shown(view)["Update"] == "–"


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_the_map_shows_the_side_of_every_point(view, mode):
    theme.appearance().set_mode(mode)
    project, snapshot = trained("xor", 300)
    view.show_content(project, snapshot.parameters, snapshot)
    image, box = view.grab().toImage(), view.map_rect()
    for x, y, role in ((0.03, 0.05, "pos"), (0.97, 0.95, "pos"), (0.03, 0.95, "neg"), (0.97, 0.05, "neg")):
        point = QPoint(round(box.left() + x * box.width()), round(box.top() + y * box.height()))
        expected = theme.mix(theme.mix("canvas", "raised", 0.5), role, 0.5)
        assert distance(image.pixelColor(point), expected) < 40


def distance(a: QColor, b: QColor) -> int:
    return abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue())


def test_pointing_at_the_map_says_what_the_network_says_there(view):
    project, snapshot = trained("adder", 40)
    view.show_content(project, snapshot.parameters, snapshot)
    point = view.map_rect().center().toPoint() + QPoint(30, -41)
    move(view, point, Qt.MouseButton.NoButton)
    x, y, out = view.output_at(QPointF(point))
    assert (x, y) == (round(x, 2), round(y, 2))
    assert out == metrics.predict(project.network, snapshot.parameters, np.array([[x, y]]))[0, 0]
    assert full(out) in QToolTip.text()
    assert QToolTip.text().startswith("a = ")


def test_the_tooltip_follows_the_training_and_goes_with_the_pointer(view):
    project, snapshot = trained("adder", 10)
    view.show_content(project, snapshot.parameters, snapshot)
    point = view.map_rect().center().toPoint()
    move(view, point, Qt.MouseButton.NoButton)
    _project, later = trained("adder", 50)
    view.show_content(project, later.parameters, later)
    assert full(view.output_at(QPointF(point))[2]) in QToolTip.text()
    assert view.output_at(QPointF(2, 2)) is None


def test_other_networks_have_numbers_only(view):
    project = wide()
    view.show_content(project, project.parameters, None)
    assert view.map_rect().isEmpty()
    assert set(shown(view)) == {"Loss", "Right", "Rows right", "Update"}
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
    box = view.map_rect()
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
        assert view.height() >= view.map_rect().bottom()
