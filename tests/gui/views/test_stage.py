"""The stage as a picture: gone into, moved, folded, and covered with the maps of its neurons."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from tests.gui.conftest import LEFT, NOTHING, Learner, move
from visualnn.gui import theme
from visualnn.gui.views.network.minimap import Minimap
from visualnn.nn import metrics
from visualnn.scene.camera import HOME, kept
from visualnn.scene.formula import number
from visualnn.scene.frame import Pixels, Place
from visualnn.scene.maps import TILE_POINTS, plane_of
from visualnn.scene.network import caption

SURE = 0.04  # from the decision: a colour that cannot be taken for the other one
EPOCHS = 20
INSIDE = list(product(range(6, TILE_POINTS - 6, 3), repeat=2))  # of a map, away from its round corners


def opened(learner: Learner, name: str) -> Learner:
    """An example with everything drawn."""
    assert learner.window.open_document(name)
    return drawn(learner)


def drawn(learner: Learner) -> Learner:
    """Everything that is drawn beside the window has come."""
    learner.page.finish()
    QCoreApplication.processEvents()
    return learner


def turn(learner: Learner, at: QPoint, notches: float) -> None:
    """The wheel over a point of the stage."""
    stage, local = learner.stage, QPointF(at)
    rest = (Qt.MouseButton.NoButton, NOTHING, Qt.ScrollPhase.NoScrollPhase, False)
    angle = QPoint(0, round(120 * notches))
    QApplication.sendEvent(stage, QWheelEvent(local, stage.mapToGlobal(local), QPoint(), angle, *rest))


def pinch(learner: Learner, at: QPoint, kind: Qt.NativeGestureType, value: float = 0.0) -> None:
    """Two fingers on a touchpad."""
    stage, local = learner.stage, QPointF(at)
    there = stage.mapToGlobal(local)
    device = QPointingDevice.primaryPointingDevice()
    QApplication.sendEvent(stage, QNativeGestureEvent(kind, device, 2, local, local, there, value, QPointF()))


def empty_point(learner: Learner) -> QPoint:
    """Where nothing is drawn and no control stands."""
    stage = learner.stage
    points = (QPoint(x, y) for y in range(90, stage.height() - 90, 7) for x in range(stage.width() // 3, 900, 7))
    return next(p for p in points if stage.place_at(QPointF(p)) is None and stage.childAt(p) is None)


def middle_neuron(learner: Learner) -> Place:
    """One of the first hidden column's, in its middle."""
    return Place("neuron", 1, learner.project.network.sizes[1] // 2)


def close(a: QPointF, b: QPointF) -> bool:
    return (a - b).manhattanLength() < 1e-6


# -- nearer and back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["xor", "digits", "million"])
def test_a_wheel_zooms_and_what_is_under_the_pointer_stays_there(learner, name):
    opened(learner, name)
    place = middle_neuron(learner)
    before = learner.stage.position_of(place)
    for _ in range(3):
        turn(learner, before.toPoint(), 1)
    assert learner.stage.camera.zoom == pytest.approx(1.2**3)
    assert (learner.stage.position_of(place) - before).manhattanLength() < 2
    turn(learner, before.toPoint(), -9)
    assert learner.stage.camera == HOME


def test_keys_zoom_and_fit(learner):
    opened(learner, "digits")
    learner.press("Ctrl+=")
    near = learner.stage.camera.zoom
    assert near > 1
    learner.press("Ctrl+=")
    assert learner.stage.camera.zoom == pytest.approx(near * near)
    learner.press("Ctrl+-")
    assert learner.stage.camera.zoom == pytest.approx(near)
    learner.press("Ctrl+0")
    assert learner.stage.camera == HOME


def test_fingers_zoom_and_fit(learner):
    opened(learner, "digits")
    at = learner.at(middle_neuron(learner))
    pinch(learner, at, Qt.NativeGestureType.ZoomNativeGesture, 0.5)
    assert learner.stage.camera.zoom == pytest.approx(1.5)
    pinch(learner, at, Qt.NativeGestureType.SmartZoomNativeGesture)
    assert learner.stage.camera == HOME


def test_empty_space_is_dragged_and_the_picture_follows_the_hand(learner):
    opened(learner, "digits")
    place = middle_neuron(learner)
    turn(learner, learner.at(place), 4)
    before, start = learner.stage.position_of(place), empty_point(learner)
    learner.qtbot.mousePress(learner.stage, LEFT, pos=start)
    assert learner.stage.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    move(learner.stage, start + QPoint(30, 20), LEFT)
    move(learner.stage, start + QPoint(40, -10), LEFT)
    learner.qtbot.mouseRelease(learner.stage, LEFT)
    assert close(learner.stage.position_of(place), before + QPointF(40, -10))
    assert learner.stage.cursor().shape() != Qt.CursorShape.ClosedHandCursor
    move(learner.stage, start + QPoint(90, 90), Qt.MouseButton.NoButton)
    assert close(learner.stage.position_of(place), before + QPointF(40, -10))


def test_where_everything_is_seen_nothing_is_dragged(learner):
    opened(learner, "digits")
    start = empty_point(learner)
    learner.qtbot.mousePress(learner.stage, LEFT, pos=start)
    move(learner.stage, start + QPoint(40, 0), LEFT)
    learner.qtbot.mouseRelease(learner.stage, LEFT)
    assert learner.stage.camera == HOME


def test_a_double_click_beside_everything_shows_everything(learner):
    opened(learner, "digits")
    turn(learner, learner.at(middle_neuron(learner)), 4)
    point = empty_point(drawn(learner))
    learner.qtbot.mouseDClick(learner.stage, LEFT, pos=point)
    assert learner.stage.camera == HOME


def test_in_a_corner_of_a_million_weights_are_circles_with_their_numbers(learner):
    opened(learner, "million")
    first = Place("neuron", 1, 0)
    for _ in range(60):
        turn(learner, learner.at(first), 1)
    drawn(learner)
    column = learner.stage.layout_shown().column(1)
    assert column.form == "circle"
    assert 0 in column.visible
    assert len(column.visible) < 12
    written = list(learner.stage.layout_shown().pills)
    assert written
    for layer, source, neuron in written:
        weight = learner.project.network.views(learner.project.parameters)[layer].w[source, neuron]
        assert number(float(weight), 2) in learner.texts


def test_pointing_at_one_of_a_thousand_neurons_names_it(learner):
    opened(learner, "million")
    at = learner.at(Place("neuron", 2, 700))
    seen = learner.stage.place_at(QPointF(at))
    assert seen.column == 2
    name = learner.project.names[2][seen.neuron]
    assert name not in learner.texts
    move(learner.stage, at, Qt.MouseButton.NoButton)
    assert name in learner.texts
    QApplication.sendEvent(learner.stage, QHelpEvent(QEvent.Type.ToolTip, at, learner.stage.mapToGlobal(at)))
    assert QToolTip.text().startswith(f"Neuron {name}: sum ")
    nowhere = QPoint(5, 5)
    QApplication.sendEvent(learner.stage, QHelpEvent(QEvent.Type.ToolTip, nowhere, learner.stage.mapToGlobal(nowhere)))


# -- the view and what changes beneath it ------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("adder", "spirals"), ("adder", "xor"), ("circles", "circles")])
def test_another_document_is_seen_whole(learner, first, second):
    opened(learner, first)
    turn(learner, learner.at(middle_neuron(learner)), 3)
    opened(learner, second)
    assert learner.stage.camera == HOME


def test_another_document_begins_unfolded(learner):
    opened(learner, "spirals")
    learner.stage.fold(1)
    opened(learner, "spirals")
    assert not learner.stage.layout_shown().folds


def test_the_view_stays_while_one_trains(learner):
    opened(learner, "digits")
    learner.press("Ctrl+2")
    turn(learner, learner.at(middle_neuron(learner)), 4)
    where = learner.stage.camera
    learner.page.step(1)
    learner.learn()
    drawn(learner)
    assert learner.trainer.snapshot.update > 0
    assert learner.stage.camera == where


def test_the_view_stays_when_neurons_come_and_go(learner):
    opened(learner, "circles")
    learner.click(Place("neuron", 1, 0))
    turn(learner, learner.at(middle_neuron(learner)), 1)
    where = learner.stage.camera
    learner.press("+")
    assert learner.project.network.sizes[1] == 7
    assert learner.stage.camera == where


def in_smaller_window(learner: Learner) -> None:
    learner.window.resize(960, 640)
    QCoreApplication.processEvents()


def in_train_mode(learner: Learner) -> None:
    learner.press("Ctrl+2")


def with_fewer_neurons(learner: Learner) -> None:
    learner.page.reshape((2, 2))


def with_more_neurons(learner: Learner) -> None:
    learner.page.reshape((30, 6))


@pytest.mark.parametrize("change", [in_smaller_window, in_train_mode, with_fewer_neurons, with_more_neurons])
def test_the_view_never_leaves_the_picture(learner, change):
    """Also where the picture under it has become another."""
    opened(learner, "spirals")
    for _ in range(40):
        turn(learner, learner.at(Place("neuron", 0, 0)), 1)
    change(learner)
    drawn(learner)
    made = learner.stage.layout_shown()
    assert made.manner.camera == kept(made.manner.camera, made.limits)
    assert any(column.visible and 0 <= column.x <= made.width for column in made.columns)


# -- many layers -------------------------------------------------------------------------------------------------------


def open_columns(learner: Learner) -> list[int]:
    """The columns that are drawn."""
    return [column.index for column in learner.stage.layout_shown().columns]


def folded_layers(learner: Learner) -> int:
    """How many are not."""
    return len(learner.project.network.sizes) - len(open_columns(learner))


def test_a_deep_network_says_how_many_layers_are_folded(learner):
    opened(learner, "deep")
    assert folded_layers(learner) > 80
    assert f"{folded_layers(learner)} layers folded" in caption(learner.stage.layout_shown())
    assert caption(learner.stage.layout_shown()) in learner.texts


@pytest.mark.parametrize("which", [0, 1])
def test_a_click_on_a_card_opens_layers_that_it_stood_for(learner, which):
    opened(learner, "deep")
    card = learner.stage.layout_shown().folds[which]
    place, before = Place("fold", card.first, card.last), open_columns(learner)
    move(learner.stage, learner.at(place), Qt.MouseButton.NoButton)
    assert learner.stage.tip(place) == "Click to unfold these layers"
    learner.click(place)
    new = set(open_columns(drawn(learner))) - set(before)
    assert new
    assert all(card.first <= column <= card.last for column in new)
    assert f"{folded_layers(learner)} layers folded" in caption(learner.stage.layout_shown())
    assert learner.stage.selected is None


def test_the_map_of_all_layers_leads_to_each_of_them(learner):
    opened(learner, "deep")
    (minimap,) = learner.stage.findChildren(Minimap)
    assert minimap.isVisible()
    plan = minimap.plan()
    x = (plan.edges[20] + plan.edges[21]) / 2 / plan.ratio
    y = (plan.heat.top + plan.heat.bottom) / 2 / plan.ratio
    learner.qtbot.mouseClick(minimap, LEFT, pos=QPoint(round(x), round(y)))
    assert 20 in open_columns(drawn(learner))
    minimap.setFocus(Qt.FocusReason.TabFocusReason)
    learner.press("Right", "Home", "Right", "Right", "Right", "Right", "Return")
    assert 4 in open_columns(learner)


def test_the_map_follows_what_is_open(learner):
    opened(learner, "deep")
    (minimap,) = learner.stage.findChildren(Minimap)
    learner.stage.unfold(20)
    assert minimap._content.open == tuple(open_columns(learner))


def test_a_layer_is_folded_and_its_card_brings_it_back(learner):
    opened(learner, "spirals")
    learner.stage.fold(1)
    drawn(learner)
    assert open_columns(learner) == [0, 2, 3]
    assert "1 layer folded" in caption(learner.stage.layout_shown())
    learner.click(Place("fold", 1, 1))
    assert open_columns(drawn(learner)) == [0, 1, 2, 3]
    assert caption(learner.stage.layout_shown()) not in learner.texts


def test_a_pass_goes_through_folded_layers_too(learner):
    opened(learner, "spirals")
    learner.stage.fold(1)
    for step in range(0, learner.player.length, 9):
        learner.player.seek(step)
        assert learner.subtitle
        assert not learner.stage.grab().isNull()


# -- what every neuron says --------------------------------------------------------------------------------------------


def maps(learner: Learner) -> list[Pixels]:
    """The maps on the stage."""
    return [item for item in learner.stage.frame().items if isinstance(item, Pixels)]


@pytest.mark.parametrize("name", ["circles", "spirals"])
def test_every_neuron_has_its_map_while_one_trains(learner, name):
    opened(learner, name)
    assert not maps(learner)
    learner.press("Ctrl+2")
    drawn(learner)
    assert len(maps(learner)) == sum(learner.project.network.sizes)
    before = [each.colors.copy() for each in maps(learner)]
    learner.page.step(1)
    learner.learn()
    drawn(learner)
    changed = [not np.array_equal(a, b.colors) for a, b in zip(before, maps(learner), strict=True)]
    assert changed == [False, False] + [True] * (len(before) - 2)
    learner.press("Ctrl+1")
    assert not maps(drawn(learner))


def test_where_there_is_room_for_numbers_the_blocks_have_the_maps(learner):
    opened(learner, "xor")
    learner.press("Ctrl+2")
    drawn(learner)
    gated = [column for column in learner.stage.layout_shown().columns if column.gate_x is not None]
    assert [(each.x, each.y) for each in maps(learner)] == [
        (column.gate_x, column.y_of(neuron)) for column in gated for neuron in column.visible
    ]


@pytest.mark.parametrize("name", ["circles", "spirals"])
def test_the_map_of_the_output_is_what_the_network_says(learner, name):
    opened(learner, name)
    learner.press("Ctrl+2")
    for _ in range(EPOCHS):
        learner.page.step(1)
        learner.learn()
    drawn(learner)
    network, parameters = learner.project.network, learner.trainer.snapshot.parameters
    grid = plane_of(learner.project).grid(TILE_POINTS)
    surplus = metrics.plane(network, parameters, *grid)[..., 0] - 0.5
    sure = [(row, column) for row, column in INSIDE if is_sure(surplus, row, column)]
    seen = tile_of_output(learner)
    found = [is_blue(seen, row, column) for row, column in sure]
    assert len({*found}) == 2
    assert found == [bool(surplus[place] > 0) for place in sure]


def is_sure(surplus: np.ndarray, row: int, column: int) -> bool:
    """Whether all around a point the network says clearly the same, so that nothing smoothed differs."""
    near = surplus[row - 2 : row + 3, column - 2 : column + 3]
    return bool((near > SURE).all() or (near < -SURE).all())


def tile_of_output(learner: Learner) -> QImage:
    """The map of the last neuron as it is seen, one pixel for each point of its grid."""
    column = learner.stage.layout_shown().columns[-1]
    image, size = learner.stage.grab().toImage(), 2 * column.radius
    ratio = image.devicePixelRatio()
    left, top = (round((middle - size / 2) * ratio) for middle in (column.x, column.y_of(0)))
    tile = image.copy(left, top, round(size * ratio), round(size * ratio))
    smooth = Qt.TransformationMode.SmoothTransformation
    return tile.scaled(TILE_POINTS, TILE_POINTS, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def is_blue(image: QImage, row: int, column: int) -> bool:
    """Whether a pixel is nearer to the colour of what is above zero than to that of what is below."""
    color = image.pixelColor(column, row)
    return distance(color, theme.color("pos")) < distance(color, theme.color("neg"))


def distance(a: QColor, b: QColor) -> int:
    return sum((p - q) ** 2 for p, q in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True))
