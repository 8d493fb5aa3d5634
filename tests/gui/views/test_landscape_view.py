"""The landscape on the stage: both views under one row, with real clicks, keys and widths."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolTip, QWidget

from tests.gui.conftest import move
from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.gui.views.landscape import LandscapeView
from visualnn.gui.views.landscape.head import NO_ROOM, Head
from visualnn.nn.landscape.window import Window
from visualnn.scene.landscape import picture
from visualnn.scene.landscape.marks import Marks, trail
from visualnn.scene.landscape.relief import Relief, relief
from visualnn.scene.landscape.scenery import Scenery

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

NONE, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
EDGES = (-2.0, 2.0, -1.0, 3.0)
SURFACES = [
    ("weights", "Two chosen weights", ""),
    ("path", "Main directions of the path", "Train a few steps first."),
    ("random", "Random plane", ""),
]
EXAMPLES = [
    ("Learning rate", [("crawls", "Too small: it crawls", "Rate 0.001 crawls."), ("rings", "It rings & rings", "")]),
    ("Traps", [("saddle", "Saddle", "Equal weights stay equal.")]),
]


def loss(x, y):
    return x**2 + (y - 1) ** 2


def bowl(size: int = 31, lift: float = 0.0, **more) -> Relief:
    x, y = np.meshgrid(np.linspace(*EDGES[:2], size), np.linspace(*EDGES[2:], size))
    return relief(loss(x, y) + lift, EDGES, **more)


def path(points, name="Adam"):
    points = np.array(points, dtype=np.float64)
    return trail(points, loss(*points.T), 0x5CE1FF, name, floors=loss(*points.T))


MARKS = Marks((path([(-1.5, 2.0), (-1.0, 1.5)]), path([(-1.5, 2.0), (1.0, 0.0)], "SGD")), start=(-1.5, 2.0, 3.25))


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    assert picture.load()


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(960, 440)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def view(window, stopped_clock):
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(True)
    view = LandscapeView(FrameClock(), window)
    view.setGeometry(window.rect())
    view.show_surfaces(SURFACES, "weights")
    view.show_examples(EXAMPLES)
    view.show()
    view.show_scenery(Scenery(bowl(), MARKS, may_start=True))
    view.finish()
    yield view
    view.rest()
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(None)


def resized(view: LandscapeView, width: int, height: int = 440) -> LandscapeView:
    view.window().resize(width, height)
    view.setGeometry(0, 0, width, height)
    return view


def click(control: QWidget, qtbot, at: QPoint | None = None) -> None:
    qtbot.mouseClick(control, LEFT, pos=at or control.rect().center())


def segment(view: LandscapeView, index: int) -> QPoint:
    return view.head.views.segment_rect(index).center().toPoint()


def pick(menu: QMenu, text: str, qtbot) -> None:
    action = next(action for action in menu.actions() if action.text().replace("&&", "&") == text)
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def walk(menu: QMenu, text: str, qtbot) -> None:
    """To an item of a menu with the arrow keys, and into it."""
    assert menu.isVisible()
    while menu.activeAction() is None or menu.activeAction().text().replace("&&", "&") != text:
        qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Right if menu.activeAction().menu() else Qt.Key.Key_Return)


def spot(view: LandscapeView, x: float, y: float) -> QPoint:
    """A point of the window in the map."""
    return QPoint(*(round(part) for part in view.map.plot().spot(x, y)))


def seen(view: LandscapeView) -> tuple[bool, bool]:
    return not view.relief.isHidden(), not view.map.isHidden()


# -- which views ---------------------------------------------------------------------------------------------------


def test_it_begins_in_3d(view):
    assert view.shown == "relief"
    assert seen(view) == (True, False)
    view.grab()


def test_a_click_changes_between_the_views(view, qtbot):
    for index, shown, both in ((1, "map", (False, True)), (2, "both", (True, True)), (0, "relief", (True, False))):
        with qtbot.waitSignal(view.shown_changed) as told:
            click(view.head.views, qtbot, segment(view, index))
        assert told.args == [shown]
        assert (view.shown, seen(view)) == (shown, both)
        view.finish()
        view.grab()
        assert not view.busy


def test_the_map_and_back_to_what_was_seen_before(view):
    view.set_shown("both")
    view.toggle_map()
    assert view.shown == "map"
    assert view.head.views.index() == 1
    view.toggle_map()
    assert view.shown == "both"


def test_both_lie_beside_each_other(view):
    view.set_shown("both")
    assert view.relief.geometry().right() < view.map.geometry().left()
    assert view.relief.width() == view.map.width()
    assert view.relief.y() == view.map.y() == view.head.height()


def test_beside_each_other_they_have_one_colour_bar(view):
    view.show_scenery(Scenery(bowl(), MARKS))
    view.set_shown("both")
    view.finish()
    corner = QRect(view.relief.width() - 60, 30, 50, 150)
    without = view.relief.grab(corner).toImage()
    view.relief.set_bar(True)
    assert view.relief.grab(corner).toImage() != without


def test_without_room_for_both_it_is_said_why_and_the_relief_is_seen(view, qtbot):
    view.set_shown("both")
    with qtbot.waitSignal(view.shown_changed) as told:
        resized(view, 899)
    assert told.args == ["relief"]
    assert seen(view) == (True, False)
    at = segment(view, 2)
    QApplication.sendEvent(view.head.views, QHelpEvent(QEvent.Type.ToolTip, at, view.head.views.mapToGlobal(at)))
    assert QToolTip.text() == NO_ROOM
    QToolTip.hideText()
    with qtbot.assertNotEmitted(view.shown_changed):
        click(view.head.views, qtbot, at)
    with qtbot.waitSignal(view.shown_changed) as told:
        resized(view, 900)
    assert told.args == ["both"]


def test_a_view_that_is_not_seen_draws_nothing(view):
    view.show_scenery(Scenery(bowl(41), MARKS))
    view.grab()
    assert not view.map.busy


# -- one pointer ---------------------------------------------------------------------------------------------------


def test_the_pointer_in_one_view_is_marked_in_the_other(view, qtbot):
    view.set_shown("both")
    view.finish()
    before = view.relief.grab().toImage()
    with qtbot.waitSignal(view.pointed_changed) as told:
        move(view.map, spot(view, 1.2, 2.0), NONE)
    assert told.args[0] == pytest.approx((1.2, 2.0), abs=0.02)
    assert view.relief.grab().toImage() != before
    move(view.map, QPoint(2, 2), NONE)
    assert view.relief.grab().toImage() == before


def test_and_the_other_way_round(view, qtbot):
    view.set_shown("both")
    view.finish()
    before = view.map.grab().toImage()
    with qtbot.waitSignal(view.pointed_changed) as told:
        move(view.relief, QPoint(view.relief.width() // 2, view.relief.height() // 2), NONE)
    assert told.args[0] is not None
    assert view.map.grab().toImage() != before


def test_a_pointer_elsewhere_is_marked_in_both(view):
    view.set_shown("both")
    view.finish()
    before = view.relief.grab().toImage(), view.map.grab().toImage()
    view.show_pointed((0.5, 0.5))
    assert view.relief.grab().toImage() != before[0]
    assert view.map.grab().toImage() != before[1]


# -- wishes --------------------------------------------------------------------------------------------------------


def test_wishes_of_the_map_are_handed_on(view, qtbot):
    view.set_shown("map")
    view.finish()
    with qtbot.waitSignal(view.start_requested) as asked:
        qtbot.mouseClick(view.map, LEFT, pos=spot(view, 1.5, 2.5))
    assert asked.args == pytest.approx([1.5, 2.5], abs=0.02)
    with qtbot.waitSignal(view.ball_chosen) as chosen:
        qtbot.mouseClick(view.map, LEFT, pos=spot(view, 1.0, 0.0))
    assert chosen.args == [1]
    with qtbot.waitSignals([view.ball_dragged, view.ball_dropped]):
        qtbot.mousePress(view.map, LEFT, pos=spot(view, 1.0, 0.0))
        move(view.map, spot(view, 1.0, 1.0), LEFT)
        qtbot.mouseRelease(view.map, LEFT, pos=spot(view, 1.0, 1.0))
    view.map.setFocus()
    with qtbot.waitSignal(view.window_requested) as asked:
        qtbot.keyClick(view.map, Qt.Key.Key_Plus)
    assert isinstance(asked.args[0], Window)


def test_a_click_on_the_relief_is_handed_on(view, qtbot):
    with qtbot.waitSignal(view.start_requested, timeout=20_000):
        qtbot.mouseClick(view.relief, LEFT, pos=QPoint(view.relief.width() // 2, view.relief.height() // 2))


def test_the_whole_is_asked_for_and_the_camera_goes_home(view, qtbot):
    view.relief.turn(60, 20)
    view.map.zoom(2.0)
    with qtbot.waitSignal(view.window_reset_requested):
        click(view.head.whole, qtbot)
    assert view.map.plot().window == EDGES
    assert view.relief.orbit.camera == view.relief.orbit.home


# -- the row above -------------------------------------------------------------------------------------------------


def test_a_surface_is_chosen_from_the_menu(view, qtbot):
    assert view.head.surfaces.label() == "Two chosen weights"
    menu = view.head.surfaces.open_menu()
    refused = next(action for action in menu.actions() if action.data() == "path")
    assert (refused.isEnabled(), refused.toolTip()) == (False, "Train a few steps first.")
    with qtbot.waitSignal(view.surface_chosen) as chosen:
        pick(menu, "Random plane", qtbot)
    assert chosen.args == ["random"]


def test_an_example_is_opened_from_its_group(view, qtbot):
    with qtbot.assertNotEmitted(view.example_chosen):
        click(view.head.examples, qtbot)
    menu = view.head.open_examples()
    groups = [action.text() for action in menu.actions()]
    assert groups == ["Learning rate", "Traps"]
    below = menu.actions()[0].menu()
    assert next(action.toolTip() for action in below.actions()) == "Rate 0.001 crawls."
    walk(menu, "Learning rate", qtbot)
    with qtbot.waitSignal(view.example_chosen) as chosen:
        walk(below, "It rings & rings", qtbot)
    assert chosen.args == ["rings"]
    close_menus()


def test_an_example_is_opened_with_keys_alone(view, qtbot):
    view.head.examples.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view.head.examples, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(menu, key)
    with qtbot.waitSignal(view.example_chosen) as chosen:
        qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert chosen.args == ["saddle"]
    close_menus()


def close_menus() -> None:
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()


def test_without_examples_there_is_no_button(view):
    view.show_examples([])
    assert view.head.examples.isHidden()


def test_heights_are_chosen_and_told(view, qtbot):
    heights = view.head.heights
    assert heights.index() == 0
    with qtbot.waitSignal(view.height_chosen) as chosen:
        click(heights, qtbot, heights.segment_rect(1).center().toPoint())
    assert chosen.args == [False]
    view.show_scenery(Scenery(bowl(logarithmic=False), MARKS))
    assert (heights.index(), heights.is_choice_enabled(0)) == (1, True)
    with qtbot.waitSignal(view.height_chosen) as chosen:
        click(heights, qtbot, heights.segment_rect(0).center().toPoint())
    assert chosen.args == [True]


def test_where_there_are_no_logarithms_it_is_said_why(view, qtbot):
    view.show_scenery(Scenery(bowl(lift=-9.0), MARKS))
    heights = view.head.heights
    assert (heights.index(), heights.is_choice_enabled(0)) == (1, False)
    at = heights.segment_rect(0).center().toPoint()
    QApplication.sendEvent(heights, QHelpEvent(QEvent.Type.ToolTip, at, heights.mapToGlobal(at)))
    assert QToolTip.text() == "Losses below 0 have no logarithm."
    QToolTip.hideText()
    with qtbot.assertNotEmitted(view.height_chosen):
        click(heights, qtbot, at)


def test_colours_are_chosen_from_the_menu_at_the_end(view, qtbot):
    view.set_shown("both")
    view.finish()
    before = view.map.grab().toImage()
    menu = view.head.open_more()
    with qtbot.waitSignal(view.palette_chosen) as chosen:
        pick(menu, "Vivid colours: more heights told apart", qtbot)
    assert chosen.args == ["vivid"]
    view.finish()
    assert view.map.grab().toImage() != before
    with qtbot.assertNotEmitted(view.palette_chosen):
        pick(view.head.open_more(), "Vivid colours: more heights told apart", qtbot)


def test_a_surface_that_grows_finer_can_be_stopped(view, qtbot):
    assert view.head.stop.isHidden()
    assert view.head.line.isHidden()
    view.show_scenery(Scenery(bowl(), MARKS, progress=0.4))
    assert view.head.line.share() == 0.4
    assert view.head.line.accessibleDescription() == "40 %"
    with qtbot.waitSignal(view.refinement_cancelled):
        click(view.head.stop, qtbot)
    view.show_scenery(Scenery(bowl(), MARKS))
    assert view.head.stop.isHidden()
    assert view.head.line.isHidden()


def test_while_nothing_is_known_that_is_said(view):
    for shown in ("relief", "map"):
        view.set_shown(shown)
        view.show_scenery(Scenery(waiting="The surface is being computed.", progress=0.1))
        view.grab()
        assert not view.busy
    assert view.map.accessibleDescription() == "The surface is being computed."


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("compact", [True, False])
@pytest.mark.parametrize("width", [380, 404, 484, 560, 640, 704, 920, 1600])
def test_at_any_width_nothing_overlaps_and_the_surface_can_be_read(window, width, compact, mode):
    theme.appearance().set_mode(mode)
    head = Head(window)
    head.show_surfaces(SURFACES, "weights")
    head.show_examples(EXAMPLES)
    head.set_compact(compact)
    head.show_progress(0.4)
    head.setGeometry(0, 0, width, head.height())
    head.show()
    controls = [head.views, head.surfaces, head.examples, head.stop, head.heights, head.whole, head.more]
    shown = [each for each in controls if not each.isHidden()]
    assert {head.views, head.surfaces, head.stop, head.more} <= set(shown)
    for one, other in combinations(shown, 2):
        assert not one.geometry().intersects(other.geometry())
    assert all(head.rect().contains(each.geometry()) for each in shown)
    assert head.surfaces.width() >= 90
    head.grab()
    theme.appearance().set_mode("dark")


def test_the_name_of_the_surface_has_room_before_a_choice_that_could_not_be_made(view):
    resized(view, 620)
    head = view.head
    assert head.views.count() == 2
    assert not head.heights.isHidden()
    assert head.surfaces.width() >= 200
    resized(view, 900)
    assert head.views.count() == 3
    assert head.views.is_choice_enabled(2)


def test_while_a_surface_grows_finer_nothing_moves(view):
    head = view.head
    for width in (620, 780, 1100):
        resized(view, width)
        view.show_scenery(Scenery(bowl(), MARKS))
        before = head.heights.geometry(), head.heights.isHidden(), head.surfaces.geometry(), head.more.geometry()
        view.show_scenery(Scenery(bowl(), MARKS, progress=0.4))
        assert not head.stop.isHidden()
        after = head.heights.geometry(), head.heights.isHidden(), head.surfaces.geometry(), head.more.geometry()
        assert after == before


def test_what_has_no_room_is_in_the_menu_at_the_end(view, qtbot):
    resized(view, 404)
    view.show_scenery(Scenery(bowl(), MARKS, progress=0.4))
    head = view.head
    assert head.heights.isHidden()
    assert head.whole.isHidden()
    assert head.examples.isHidden()
    with qtbot.waitSignal(view.window_reset_requested):
        pick(head.open_more(), "Show the whole surface", qtbot)
    with qtbot.waitSignal(view.height_chosen) as chosen:
        pick(head.open_more(), "Heights: losses as they are", qtbot)
    assert chosen.args == [False]
    menu = head.open_more()
    below = next(action.menu() for action in menu.actions() if action.text() == "Traps")
    walk(menu, "Traps", qtbot)
    with qtbot.waitSignal(view.example_chosen) as chosen:
        walk(below, "Saddle", qtbot)
    assert chosen.args == ["saddle"]
    close_menus()


def test_everything_is_reached_by_tab(view, qtbot):
    view.show_scenery(Scenery(bowl(), MARKS, progress=0.4))
    view.set_shown("both")
    head = view.head
    wanted = [head.views, head.surfaces, head.examples, head.heights, head.stop, head.more, view.relief, view.map]
    head.views.setFocus(Qt.FocusReason.TabFocusReason)
    reached = {QApplication.focusWidget()}
    for _ in range(10):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert set(wanted) <= reached
    assert all(each.accessibleName() for each in wanted)


def test_presented_there_is_only_the_landscape_and_the_keyboard_comes_to_it(view):
    view.head.views.setFocus(Qt.FocusReason.TabFocusReason)
    view.set_presenting(True)
    assert view.head.isHidden()
    assert view.relief.geometry() == view.rect()
    assert view.relief.hasFocus()
    assert not view.relief.has_ring()
    view.set_presenting(False)
    assert not view.head.isHidden()
    assert view.relief.y() == view.head.height()


def test_everything_is_drawn_anew(view, qtbot):
    view.set_shown("both")
    view.finish()
    view.redraw()
    view.grab()
    assert view.busy
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)
