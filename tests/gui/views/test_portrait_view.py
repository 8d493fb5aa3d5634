"""The pane left of the landscape: weights that become axes by a click or a key, and formulas to check by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from tests.gui.conftest import LEFT, move
from visualnn.gui import theme
from visualnn.gui.views.portrait import FormulaContent, PortraitContent, PortraitView
from visualnn.gui.views.portrait.backdrop import FEW
from visualnn.gui.views.portrait.formula import broken, line_width
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network, neuron_names
from visualnn.scene.frame import Box, Line
from visualnn.scene.kernels import raster
from visualnn.scene.landscape.formula_card import written
from visualnn.scene.landscape.portrait import index_of
from visualnn.scene.look import load

NO_BUTTON = Qt.MouseButton.NoButton
CAPTION = "Only the two marked weights move. All others are fixed, so this surface is exact."
WAC, WAD, WBC, WCF, BC = 0, 1, 3, 9, 6


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")
    QToolTip.hideText()


def content(shape: str = "2-3-1", pair=(WAC, WBC), **more) -> PortraitContent:
    network = Network.parse(shape)
    parameters = np.random.default_rng(1).normal(0, 0.9, network.parameter_count)
    if shape == "2-3-1":
        parameters[WAC] = 0.9907079
    said = {"subtitle": "at Adam’s position", "caption": CAPTION, "choosable": True} | more
    return PortraitContent(network, parameters, neuron_names(network), pair, **said)


@pytest.fixture
def view(qtbot):
    made = PortraitView()
    qtbot.addWidget(made)
    made.resize(300, 688)
    made.show_portrait(content())
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.rest()


def spot(view: PortraitView, index: int) -> QPoint:
    """Where the number of a weight stands, or the foot of a neuron."""
    frame = view.canvas.portrait().frame
    network = view.content.network
    found = next(spot for spot in frame.spots if index_of(network, spot.place) == index)
    return QPoint(round(found.x), round(found.y))


def click(view: PortraitView, qtbot, index: int) -> None:
    qtbot.mouseClick(view.canvas, LEFT, pos=spot(view, index))


def pairs_from(view: PortraitView) -> list[tuple[int, int]]:
    heard: list[tuple[int, int]] = []
    view.pair_requested.connect(lambda first, second: heard.append((first, second)))
    return heard


def tip_at(view: PortraitView, point: QPoint) -> str:
    canvas = view.canvas
    QApplication.sendEvent(canvas, QHelpEvent(QEvent.Type.ToolTip, point, canvas.mapToGlobal(point)))
    return QToolTip.text()


# -- pointer -----------------------------------------------------------------------------------------------------------


def test_a_clicked_connection_is_the_second_axis_and_the_former_second_the_first(view, qtbot):
    heard = pairs_from(view)
    click(view, qtbot, WCF)
    assert heard == [(WBC, WCF)]


@pytest.mark.parametrize("index", [WAC, WBC])
def test_a_click_on_a_chosen_one_swaps_both(view, qtbot, index):
    heard = pairs_from(view)
    click(view, qtbot, index)
    assert heard == [(WBC, WAC)]


def test_a_connection_is_clicked_beside_its_number_as_well(view, qtbot):
    heard = pairs_from(view)
    links = next(links for links in view.canvas.portrait().quiet if links.layer == 1)
    qtbot.mouseClick(view.canvas, LEFT, pos=QPoint(round(links.x0) + 4, round(float(links.y0[2])) + 5))
    assert heard == [(WBC, 11)]


def test_a_bias_is_chosen_at_the_foot_of_its_neuron(view, qtbot):
    heard = pairs_from(view)
    click(view, qtbot, BC)
    assert heard == [(WBC, BC)]
    view.show_portrait(content(pair=(WBC, BC)))
    violet = [item for item in view.canvas.portrait().frame.moving if isinstance(item, Box) and item.edge_width == 2.0]
    assert len(violet) == 2


def test_other_buttons_and_empty_places_ask_for_nothing(view, qtbot):
    heard = pairs_from(view)
    qtbot.mouseClick(view.canvas, Qt.MouseButton.RightButton, pos=spot(view, WCF))
    qtbot.mouseClick(view.canvas, LEFT, pos=QPoint(3, 3))
    assert heard == []


def test_where_nothing_can_be_chosen_a_click_asks_for_nothing(view, qtbot):
    heard = pairs_from(view)
    view.show_portrait(content(choosable=False))
    click(view, qtbot, WCF)
    move(view.canvas, spot(view, WCF), NO_BUTTON)
    assert heard == []
    assert view.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert tip_at(view, spot(view, WAC)) == "w_ac = 0.9907079"


def test_without_axes_a_weight_is_paired_with_the_first_that_can_move(view, qtbot):
    heard = pairs_from(view)
    view.show_portrait(content(pair=None))
    click(view, qtbot, WCF)
    click(view, qtbot, WAC)
    assert heard == [(WAC, WCF), (WAD, WAC)]
    network = Network.parse("1-1")
    alone = mask_of(network, [], [1])  # one weight, its bias cut
    view.show_portrait(PortraitContent(network, np.ones(2), neuron_names(network), None, choosable=True, mask=alone))
    click(view, qtbot, 0)
    assert len(heard) == 2


def test_a_connection_under_the_pointer_brightens_and_says_what_a_click_does(view):
    at = spot(view, WCF)
    before = view.grab().toImage()
    assert tip_at(view, QPoint(3, 3)) == ""
    move(view.canvas, at, NO_BUTTON)
    assert view.canvas.pointed == WCF
    assert view.canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert len([item for item in view.canvas.portrait().frame.trails if isinstance(item, Line)]) == 1
    assert view.grab().toImage() != before
    value = repr(float(view.content.parameters[WCF])).replace("-", "−")
    assert tip_at(view, at) == f"w_cf = {value}\nClick: make it an axis of the landscape"
    assert tip_at(view, spot(view, WBC)).endswith("\nThe second axis of the landscape. Click: swap the axes")
    QApplication.sendEvent(view.canvas, QEvent(QEvent.Type.Leave))
    assert view.canvas.pointed is None
    assert view.grab().toImage() == before


# -- keys --------------------------------------------------------------------------------------------------------------


def test_keys_walk_the_weights_and_enter_chooses(view, qtbot):
    heard, canvas = pairs_from(view), view.canvas
    canvas.clearFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert canvas.hasFocus()
    assert canvas.has_ring()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)  # nothing reached yet
    assert heard == []
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.pointed == WBC  # begins where the second axis is
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.pointed == WBC + 1
    assert canvas.accessibleDescription().startswith("w_bd = ")
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Enter)
    assert heard == [(WBC, WBC + 1), (WBC, WAC)]
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.pointed == 0
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    assert canvas.pointed == 12  # round to the last bias
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    assert canvas.pointed == 12
    canvas.clearFocus()
    assert canvas.pointed is None


def test_everything_that_can_be_clicked_can_be_reached_by_keys(view):
    assert view.canvas.choices() == list(range(13))
    view.show_portrait(content("2-16-16-1", (40, 200)))
    choices = view.canvas.choices()
    assert {40, 200} <= set(choices)
    assert len([index for index in choices if 48 <= index < 304]) == 120


# -- what is drawn -----------------------------------------------------------------------------------------------------


def test_while_weights_move_everything_stays_in_its_place(view):
    first, seen = view.content, view.canvas.plan()
    still = view.canvas.portrait().frame.items
    for step in range(3):
        view.show_portrait(replace(first, parameters=first.parameters + step))
        assert view.canvas.plan() is seen
        assert view.canvas.portrait().frame.items is still
    texts = view.canvas.portrait().frame.texts()
    assert "2.99" in texts
    view.show_portrait(replace(first, pair=(WAC, WCF)))
    assert view.canvas.plan() is not seen


@pytest.mark.parametrize("compiled", [True, False])
def test_many_connections_are_drawn_beside_the_window_and_again_only_if_they_change(view, compiled, monkeypatch):
    assert raster.load()
    if not compiled:
        monkeypatch.setattr(raster, "loaded", lambda: False)
    large = content("8-8-8", (0, 70))
    assert large.network.connection_count > FEW
    view.show_portrait(large)
    view.finish()
    QApplication.processEvents()
    drawn = view.canvas.grab().toImage()
    links = view.canvas.portrait().quiet[0]
    strongest = int(np.argmax(links.width))
    y = float(links.y0[strongest])
    assert drawn.pixelColor(round(links.x0) + 2, round(y)).rgb() & 0xFFFFFF != load("dark")["canvas"]
    view.show_portrait(replace(large, parameters=large.parameters + np.eye(1, 144)[0]))  # the first axis alone
    view.canvas.grab()
    assert not view.busy
    view.show_portrait(replace(large, parameters=-large.parameters))
    view.canvas.grab()
    view.finish()
    QApplication.processEvents()
    assert view.canvas.grab().toImage() != drawn


def test_another_theme_has_other_colours(view):
    view.show_portrait(content("8-8-8", (0, 70)))
    colors = set()
    for name in ("dark", "light"):
        theme.appearance().set_mode(name)
        view.finish()
        QApplication.processEvents()
        image = view.grab().toImage()
        assert image.pixelColor(10, 300).rgb() & 0xFFFFFF == load(name)["canvas"]
        colors.add(image.pixelColor(150, 400).rgb())
    view.redraw()
    assert len(colors) == 2


def test_who_it_is_and_what_may_be_said_is_read_aloud(view):
    assert view.accessibleName() == "Network at Adam’s position"
    assert view.accessibleDescription() == CAPTION
    assert view.canvas.accessibleName() == "Network 2-3-1"
    view.show_portrait(content(subtitle="at the start"))
    assert view.accessibleName() == "Network at the start"


@pytest.mark.parametrize("size", [(250, 360), (300, 688), (360, 1000)])
def test_drawing_button_and_caption_lie_below_each_other(view, size):
    view.show_portrait(content("64-32-10", (100, 2300)))
    view.resize(*size)
    assert view.canvas.geometry().bottom() < view.choose_button.geometry().top()
    assert view.choose_button.geometry().bottom() < view._caption_top(view.content)
    assert view.canvas.height() > size[1] * 0.35


# -- weights by name ---------------------------------------------------------------------------------------------------


def test_weights_that_cannot_be_clicked_are_chosen_by_name(view, qtbot):
    assert view.choose_button.isHidden()
    view.show_portrait(content("2-16-16-1", (0, 1)))
    assert view.choose_button.isVisible()
    with qtbot.waitSignal(view.sheet_requested):
        qtbot.mouseClick(view.choose_button, LEFT)
    view.show_portrait(content("2-16-16-1", (0, 1), choosable=False))
    assert view.choose_button.isHidden()


# -- formulas ----------------------------------------------------------------------------------------------------------


def test_a_surface_without_a_network_is_a_formula(view, qtbot):
    view.show_formula(FormulaContent("rosenbrock", -1.2, 1.0, "Rosenbrock’s valley", "at the start", "Exact."))
    assert view.canvas.isHidden()
    assert view.formula.isVisible()
    assert view.formula.card.loss == "24.2000"
    assert "the loss is 24.2000" in view.formula.accessibleName()
    before = view.formula.grab().toImage()
    view.show_formula(FormulaContent("rosenbrock", 1.0, 1.0, "Rosenbrock’s valley", "at the start", "Exact."))
    assert view.formula.card.loss == "0.0000"
    assert view.formula.grab().toImage() != before
    view.show_portrait(content())
    assert view.canvas.isVisible()
    assert view.formula.isHidden()


def test_a_network_that_has_a_formula_shows_it_beneath(view):
    model = MODELS["twins"]
    names = (("x",), ("b", "c"), ("f",))
    shown = PortraitContent(model.network, model.parameters, names, model.weights, formula="twins", caption=CAPTION)
    view.show_portrait(shown)
    assert view.formula.isVisible()
    assert view.formula.card is None
    assert view.canvas.geometry().bottom() < view.formula.geometry().top()
    assert view.formula.geometry().bottom() < view._caption_top(shown)
    view.grab()
    view.show_portrait(replace(shown, pair=(1, 0)))  # x and y would be the other way round
    assert view.formula.isHidden()


@pytest.mark.parametrize("width", [172, 252])
def test_a_small_formula_has_room_in_a_narrow_pane(width):
    whole = written("twins")
    lines = [each for line in whole for each in broken(line, width, 12)]
    assert all(line_width(line, 12) <= width for line in lines)
    said = [" ".join("".join(run.text for run in line).split()) for line in (*whole, *lines)]
    assert " ".join(said[: len(whole)]) == " ".join(said[len(whole) :])


class Letters:
    """Draws text, and knows where."""

    def __init__(self, monkeypatch):
        self.boxes: list[tuple[float, float, float, float]] = []
        self._draw = theme.draw_text
        monkeypatch.setattr(theme, "draw_text", self.draw)

    def draw(self, painter, x, y, text, size=13.0, weight=400, ink="text", align="l", mono=False):
        wide = self._draw(painter, x, y, text, size, weight, ink, align, mono)
        left = x - (wide if align == "r" else 0)
        if text:
            self.boxes.append((left, y - 0.4 * size, left + wide, y + 0.4 * size))
        return wide


@pytest.mark.parametrize("height", [500, 688])
@pytest.mark.parametrize("width", [250, 300])
@pytest.mark.parametrize("name", CLASSICS)
def test_every_formula_has_room(view, monkeypatch, name, width, height):
    view.resize(width, height)
    view.show_formula(FormulaContent(name, 1.2345678, -0.7654321, CLASSICS[name].title, "at the start", CAPTION))
    letters = Letters(monkeypatch)
    view.formula.grab()
    assert len(letters.boxes) > 6
    for left, top, right, bottom in letters.boxes:
        assert left >= -0.01
        assert right <= view.formula.width() + 0.01
        assert top >= 0
        assert bottom <= view.formula.height()
    for a, b in combinations(letters.boxes, 2):
        assert min(a[2], b[2]) <= max(a[0], b[0]) + 0.01 or min(a[3], b[3]) <= max(a[1], b[1]) + 0.01


def test_before_anything_is_shown_the_pane_is_empty(qtbot):
    made = PortraitView()
    qtbot.addWidget(made)
    assert made.content is None
    made.resize(300, 688)
    made.grab()
    assert made.canvas.portrait() is None
    assert made.canvas.choices() == []
    move(made.canvas, QPoint(10, 10), NO_BUTTON)
    assert made.canvas.pointed is None
    assert made.sizeHint().width() == 300
    made.finish()
