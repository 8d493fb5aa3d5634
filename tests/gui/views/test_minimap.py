"""The map at the foot of the stage: pointed at, clicked, dragged over and walked through by keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from tests.gui.conftest import LEFT, move
from visualnn.gui import theme
from visualnn.gui.views.network.minimap import SLOPES_TIP, Minimap
from visualnn.scene.look import load
from visualnn.scene.minimap import MinimapContent, heat_shades

NO_BUTTON = Qt.MouseButton.NoButton


def deep(columns=100, slopes=True):
    """A network whose neuron 0 is always the largest, neuron 1 below zero and all others off."""
    values = np.zeros(24)
    values[:2] = 1.32, -0.5
    norms = tuple((10.0 ** -np.arange(columns - 1)[::-1] / 50).tolist()) if slopes else None
    return MinimapContent((values,) * columns, norms, (0, 1, 49, 50), tuple(f"Hidden {i}" for i in range(columns)))


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")
    QToolTip.hideText()


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 300)
    return window


@pytest.fixture
def card(window, qtbot):
    made = Minimap(window)
    made.setGeometry(20, 60, 860, 188)
    made.show_content(deep())
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return made


def middle(card: Minimap, column: int, bar: bool = False) -> QPoint:
    """The middle of a column's colours, or the foot of its bar."""
    plan = card.plan()
    x = (plan.edges[column] + plan.edges[column + 1]) / 2 / plan.ratio
    y = plan.bars.bottom - 1 if bar else (plan.heat.top + plan.heat.bottom) / 2
    return QPoint(int(x), int(y / plan.ratio))


def tip_at(card: Minimap, point: QPoint) -> str:
    QApplication.sendEvent(card, QHelpEvent(QEvent.Type.ToolTip, point, card.mapToGlobal(point)))
    return QToolTip.text()


def color_at(card: Minimap, point: QPoint) -> int:
    image = card.grab().toImage()
    return image.pixel(round(point.x() * image.devicePixelRatio()), round(point.y() * image.devicePixelRatio()))


def heard_from(card: Minimap) -> list[int]:
    heard: list[int] = []
    card.column_requested.connect(heard.append)
    return heard


# -- pointer -----------------------------------------------------------------------------------------------------------


def test_a_click_asks_for_the_column_or_that_of_the_bar(card, qtbot):
    heard = heard_from(card)
    qtbot.mouseClick(card, LEFT, pos=middle(card, 37))
    qtbot.mouseClick(card, LEFT, pos=middle(card, 98, bar=True))
    assert heard == [37, 98]


def test_a_drag_asks_for_each_column_once_and_ends_at_the_last(card, qtbot):
    heard = heard_from(card)
    qtbot.mousePress(card, LEFT, pos=middle(card, 10))
    for point in (middle(card, 10), middle(card, 12), middle(card, 99) + QPoint(300, -200)):
        move(card, point, LEFT)
    qtbot.mouseRelease(card, LEFT, pos=middle(card, 99))
    move(card, middle(card, 5), NO_BUTTON)
    assert heard == [10, 12, 99]


def test_beside_the_columns_nothing_is_asked(card, qtbot):
    heard = heard_from(card)
    qtbot.mouseClick(card, LEFT, pos=QPoint(30, 20))
    qtbot.mouseClick(card, LEFT, pos=QPoint(5, 80))
    qtbot.mouseClick(card, Qt.MouseButton.RightButton, pos=middle(card, 3))
    assert heard == []


def test_pointing_tells_of_the_column_and_of_what_a_slope_is(card, qtbot):
    assert tip_at(card, middle(card, 98)) == "Hidden 98 · largest 1.32 · 22 of 24 are 0 · slope norm 0.0020"
    assert tip_at(card, middle(card, 60, bar=True)).endswith(", vanishing")
    assert tip_at(card, QPoint(60, middle(card, 0).y() + 40)) == SLOPES_TIP
    tip_at(card, QPoint(5, 5))
    qtbot.waitUntil(lambda: not QToolTip.text())


def test_the_column_pointed_at_is_lighter(card):
    point, other = middle(card, 37), middle(card, 38)
    before = color_at(card, point)
    assert before == color_at(card, other)
    move(card, point, NO_BUTTON)
    assert color_at(card, point) != before == color_at(card, other)
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))
    assert color_at(card, point) == before


# -- keys --------------------------------------------------------------------------------------------------------------


def test_keys_walk_through_the_columns_and_enter_asks(card, qtbot):
    heard = heard_from(card)
    card.clearFocus()
    qtbot.keyClick(card.window(), Qt.Key.Key_Tab)
    assert card.has_ring()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(card, key)
    assert card.accessibleDescription().startswith("Hidden 2 · ")
    for key in (Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Enter):
        qtbot.keyClick(card, key)
    assert heard == [2, 99]


def test_the_cursor_goes_with_the_focus_and_with_the_columns(card, qtbot):
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, Qt.Key.Key_End)
    card.show_content(deep())
    assert card.cursor_column == 99
    card.show_content(deep(12))
    assert card.cursor_column is None
    card.grab()
    qtbot.keyClick(card, Qt.Key.Key_End)
    card.clearFocus()
    assert card.cursor_column is None
    assert card.accessibleDescription() == ""


def test_it_is_called_by_the_number_of_layers(card):
    assert card.accessibleName() == "Map of all 100 layers"


# -- what is to be seen ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_the_largest_is_at_the_top_and_open_columns_are_framed(card, mode):
    theme.appearance().set_mode(mode)
    image, plan = card.grab().toImage(), card.plan()
    x, top, bottom = int(plan.edges[70]) + 2, plan.heat.top, plan.heat.bottom
    shades = heat_shades(load(mode))
    assert image.pixel(x, top) == shades[-1]
    assert image.pixel(x, bottom - 1) == shades[len(shades) // 2]
    assert image.pixelColor(int(plan.edges[50]), top - 3) == theme.color("accent")
    assert image.pixelColor(x, top - 3) == theme.color("panel")


def test_bars_shrink_by_the_decade_and_vanishing_ones_are_yellow(card):
    assert QColor(color_at(card, middle(card, 99, bar=True))) == theme.color("act")
    assert QColor(color_at(card, middle(card, 90, bar=True))) == theme.color("warn")


@pytest.mark.parametrize("width", [320, 480, 1400])
@pytest.mark.parametrize("height", [150, 190])
def test_it_can_be_painted_at_any_size_with_any_numbers(card, width, height):
    card.resize(width, height)
    nan, inf = float("nan"), float("inf")
    values = (np.array([nan, inf, -inf]), np.zeros(5000), np.array([1e-320]), np.array([2.0]))
    for slopes in (None, (0.0, 0.0, 0.0), (nan, inf, 0.0), (1e-300, 1.0, 1e300)):
        card.show_content(MinimapContent(values, slopes, (0, 3), ("Input", "Hidden 1", "Hidden 2", "Output")))
        assert not card.grab().isNull()
    card.show_content(deep(1000))
    assert not card.grab().isNull()


def test_before_it_has_something_to_show_it_is_an_empty_card(qtbot):
    card = Minimap()
    qtbot.addWidget(card)
    card.resize(480, 188)
    assert not card.grab().isNull()
    qtbot.mouseClick(card, LEFT, pos=QPoint(100, 60))
    qtbot.keyClick(card, Qt.Key.Key_Right)
    assert card.cursor_column is None
