"""The landscape as a map, at the real widget: pointed at, clicked, dragged, turned by the wheel, and typed at."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.conftest import move
from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.gui.views.landscape.map_view import MapView
from visualnn.nn.landscape.window import Window
from visualnn.scene.landscape import ramp, soundings
from visualnn.scene.landscape.marks import Marks, Trail, trail
from visualnn.scene.landscape.plot import Plot
from visualnn.scene.landscape.relief import Relief, relief
from visualnn.scene.landscape.scenery import Scenery
from visualnn.scene.look import load

NONE, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
EDGES = (-2.0, 2.0, -1.0, 3.0)
WHEEL_S = 0.1


def loss(x, y):
    return x**2 + (y - 1) ** 2


def bowl(edges=EDGES, size: int = 41, names=("w_ac", "w_bc")) -> Relief:
    x, y = np.meshgrid(np.linspace(*edges[:2], size), np.linspace(*edges[2:], size))
    return relief(loss(x, y), edges, names=names, logarithmic=False)


def path(points, name="Adam", color=0x5CE1FF) -> Trail:
    points = np.array(points, dtype=np.float64)
    return trail(points, loss(*points.T), color, name, floors=loss(*points.T))


ADAM, SGD = path([(-1.5, 2.0), (-1.0, 1.5), (-0.5, 1.2)]), path([(-1.5, 2.0), (1.0, 0.0)], "SGD", 0xFFFFFF)
MARKS = Marks((ADAM, SGD), start=(-1.5, 2.0, loss(-1.5, 2.0)), selected=0)


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 640)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def clock(stopped_clock):
    return FrameClock()


@pytest.fixture
def view(window, clock):
    theme.appearance().set_mode("dark")
    view = MapView(clock, window)
    view.setGeometry(window.rect())
    view.show()
    view.show_scenery(Scenery(bowl(), MARKS, may_start=True))
    view.finish()
    yield view
    view.rest()
    theme.appearance().set_mode("dark")


def spot(view: MapView, x: float, y: float) -> QPoint:
    """Where a point of the window is in the widget."""
    return QPoint(*(round(part) for part in plot(view).spot(x, y)))


def plot(view: MapView) -> Plot:
    area = view.plot()
    assert area is not None
    return area


def drag(view: MapView, qtbot, start: QPoint, *way: QPoint) -> None:
    qtbot.mousePress(view, LEFT, pos=start)
    for point in way:
        move(view, point, LEFT)
    qtbot.mouseRelease(view, LEFT, pos=way[-1])


def wheel(view: MapView, at: QPoint, eighths: int) -> None:
    local, nothing = QPointF(at), Qt.KeyboardModifier.NoModifier
    args = (QPoint(), QPoint(0, eighths), NONE, nothing, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view, QWheelEvent(local, view.mapToGlobal(local), *args))


def words(view: MapView) -> str:
    """What is written at the pointer."""
    area, relief = plot(view), view.scenery.relief
    assert relief is not None
    marks, said = view.standing(relief, area)
    return said or ("" if marks.pointed is None else soundings.surface_words(relief, *marks.pointed))


def edges(window: Window) -> tuple[float, ...]:
    return window.x0, window.x1, window.y0, window.y1


# -- what is seen --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_heights_have_their_colours(view, mode):
    theme.appearance().set_mode(mode)
    view.set_palette("vivid")
    view.finish()
    image = view.grab().toImage()
    for x, y in ((1.6, 2.4), (-1.7, -0.6), (1.7, 0.1)):
        place = spot(view, x, y) + QPoint(0, 4)
        shown = image.pixelColor(place * image.devicePixelRatio())
        share = float(view.scenery.relief.share(loss(*plot(view).point(place.x(), place.y()))))
        wanted = QColor.fromRgb(ramp.color_at(share, load(mode), "vivid"))
        assert abs(shown.hue() - wanted.hue()) < 14


def test_nothing_is_known_yet(view):
    view.show_scenery(Scenery(waiting="The surface is being computed."))
    view.grab()
    assert view.plot() is None
    assert not view.busy
    assert view.accessibleDescription() == "The surface is being computed."


def test_its_name_and_who_is_where_can_be_heard(view):
    assert view.accessibleName() == "Loss over w_ac and w_bc, as a map"
    assert "Adam: loss 0.29" in view.accessibleDescription()


def test_a_picture_is_made_in_a_thread_and_replaces_the_one_before(view, qtbot):
    assert not view.busy
    view.show_scenery(Scenery(bowl(size=81), MARKS))
    view.grab()
    assert view.busy
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)


def test_only_marks_make_no_new_picture(view):
    made = view.scenery.relief
    view.show_scenery(Scenery(made, Marks((path([(0, 0), (1, 1)]),))))
    view.grab()
    assert not view.busy


def test_no_thread_is_left_behind(view):
    view.show_scenery(Scenery(bowl(size=61)))
    view.grab()
    view.rest()
    assert [thread for thread in threading.enumerate() if thread.name == "newest"] == []


def test_a_long_path_is_drawn_like_a_short_one(view):
    steps = np.random.default_rng(1).normal(scale=0.03, size=(1500, 2)).cumsum(axis=0) * (0.5, 0.5) + (0, 1)
    whole, marks = path(steps), MARKS
    images = []
    for count in (1500, 1500, 1499):
        view.show_scenery(Scenery(view.scenery.relief, replace(marks, trails=(path(steps[:count]),), selected=None)))
        view.finish()
        images.append(view.grab().toImage())
    assert not view.busy
    spots = plot(view).spots(whole.points[::50]).round().astype(int)
    for x, y in spots[:-1].tolist():
        colors = {images[0].pixelColor(x + a, y + b).name() for a in range(-2, 3) for b in range(-2, 3)}
        assert colors & {"#5ce1ff", "#0b0e18", "#ffffff"}
    assert images[0] == images[1]


@pytest.mark.parametrize("made", [
    relief(np.full((5, 5), np.nan), EDGES),
    relief(np.full((5, 5), 2.0), EDGES),
    relief(np.ones((1, 7)), (0.0, 0.0, 1.0, 1.0)),
    bowl((1e6, 1e6 + 1e-3, -1e-9, 1e-9)),
])  # fmt: skip
def test_strange_surfaces_can_be_looked_at_and_played_with(view, qtbot, made):
    view.show_scenery(Scenery(made, MARKS, may_start=True))
    view.finish()
    view.grab()
    middle = view.rect().center()
    move(view, middle, NONE)
    wheel(view, middle, 120)
    qtbot.mouseClick(view, LEFT, pos=middle)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    qtbot.keyClick(view, Qt.Key.Key_Left, CTRL)
    view.grab()


@pytest.mark.parametrize("size", [(160, 140), (380, 300), (1600, 1000)])
def test_every_size_has_its_picture(view, window, size):
    window.resize(*size)
    view.setGeometry(window.rect())
    view.finish()
    view.grab()
    assert not view.busy


# -- the pointer ---------------------------------------------------------------------------------------------------


def test_the_pointer_tells_where_it_is(view, qtbot):
    with qtbot.waitSignal(view.pointed_changed) as told:
        move(view, spot(view, 1.0, 2.0), NONE)
    assert told.args[0] == pytest.approx((1.0, 2.0), abs=0.01)
    assert words(view).startswith("loss ≈ 2")
    view.grab()
    with qtbot.waitSignal(view.pointed_changed) as told:
        move(view, QPoint(3, 3), NONE)
    assert told.args == [None]


def test_on_a_ball_the_pointer_tells_whose_it_is(view):
    move(view, spot(view, 1.0, 0.0), NONE)
    assert words(view) == "SGD: loss 2"
    view.grab()


def test_another_views_pointer_is_marked(view):
    before = view.grab().toImage()
    view.show_pointed((1.2, 2.2))
    assert view.grab().toImage() != before
    view.show_pointed(None)
    assert view.grab().toImage() == before


def test_a_click_asks_for_a_start(view, qtbot):
    with qtbot.waitSignal(view.start_requested) as asked:
        qtbot.mouseClick(view, LEFT, pos=spot(view, 1.5, 2.5))
    assert asked.args == pytest.approx([1.5, 2.5], abs=0.01)


def test_where_there_is_no_loss_nobody_can_start(view, qtbot):
    losses = view.scenery.relief.losses.copy()
    losses[30:, 30:] = np.nan
    view.show_scenery(Scenery(relief(losses, EDGES), MARKS, may_start=True))
    view.finish()
    with qtbot.assertNotEmitted(view.start_requested):
        qtbot.mouseClick(view, LEFT, pos=spot(view, 1.8, 2.8))
        qtbot.mouseClick(view, LEFT, pos=QPoint(3, 3))


def test_where_it_may_not_a_click_starts_nothing(view, qtbot):
    view.show_scenery(Scenery(view.scenery.relief, MARKS, may_start=False))
    with qtbot.assertNotEmitted(view.start_requested):
        qtbot.mouseClick(view, LEFT, pos=spot(view, 1.5, 2.5))


@pytest.mark.parametrize("may_start", [True, False])
def test_a_click_on_a_ball_chooses_it(view, qtbot, may_start):
    view.show_scenery(Scenery(view.scenery.relief, MARKS, may_start))
    with qtbot.waitSignal(view.ball_chosen) as chosen, qtbot.assertNotEmitted(view.start_requested):
        qtbot.mouseClick(view, LEFT, pos=spot(view, 1.0, 0.0))
    assert chosen.args == [1]


def test_a_runner_outside_is_chosen_at_the_rim(view, qtbot):
    gone = path([(0, 0), (40, 1)])
    view.show_scenery(Scenery(view.scenery.relief, Marks((ADAM, gone))))
    area = plot(view)
    with qtbot.waitSignal(view.ball_chosen) as chosen:
        qtbot.mouseClick(view, LEFT, pos=QPoint(round(area.right) - 15, round(area.spot(0, 1)[1])))
    assert chosen.args == [1]


def test_a_ball_is_dragged_up_the_hill_and_let_go(view, qtbot):
    dragged = []
    view.ball_dragged.connect(lambda *where: dragged.append(where))
    with qtbot.waitSignal(view.ball_dropped) as dropped, qtbot.assertNotEmitted(view.ball_chosen):
        drag(view, qtbot, spot(view, 1.0, 0.0), spot(view, 1.2, 0.5), spot(view, 1.8, 2.8))
    assert [each[0] for each in dragged] == [1, 1]
    assert dragged[-1][1:] == pytest.approx((1.8, 2.8), abs=0.01)
    assert dropped.args == [*dragged[-1]]
    marks, _said = view.standing(view.scenery.relief, plot(view))
    assert marks.trails[1].points.tolist() == [list(dragged[-1][1:])]
    assert marks.trails[1].height == pytest.approx(loss(1.8, 2.8), abs=0.05)
    view.show_scenery(Scenery(view.scenery.relief, MARKS))
    marks, _said = view.standing(view.scenery.relief, plot(view))
    assert marks.trails[1] is SGD


def test_while_it_is_dragged_a_ball_is_under_the_pointer(view, qtbot):
    qtbot.mousePress(view, LEFT, pos=spot(view, 1.0, 0.0))
    place = spot(view, 1.5, 2.5)
    move(view, place, LEFT)
    image = view.grab().toImage()
    around = [image.pixelColor(place + QPoint(a, b)).name() for a, b in ((-6, 0), (6, 0), (0, -6))]
    assert around == ["#ffffff"] * 3
    qtbot.mouseRelease(view, LEFT, pos=place)


def test_a_ball_cannot_be_dragged_out_of_the_map(view, qtbot):
    with qtbot.waitSignal(view.ball_dropped) as dropped:
        drag(view, qtbot, spot(view, 1.0, 0.0), QPoint(5, 5))
    assert dropped.args == [1, EDGES[0], EDGES[3]]


def test_the_start_is_dragged_by_its_pin(view, qtbot):
    with qtbot.waitSignal(view.ball_dropped) as dropped:
        drag(view, qtbot, spot(view, -1.5, 2.0), spot(view, 0.5, 2.5))
    assert dropped.args == pytest.approx([-1, 0.5, 2.5], abs=0.01)


def test_escape_lets_go_of_a_ball_without_a_word(view, qtbot):
    view.setFocus()
    with qtbot.assertNotEmitted(view.ball_dropped):
        qtbot.mousePress(view, LEFT, pos=spot(view, 1.0, 0.0))
        move(view, spot(view, 1.5, 2.5), LEFT)
        qtbot.keyClick(view, Qt.Key.Key_Escape)
        qtbot.mouseRelease(view, LEFT, pos=spot(view, 1.5, 2.5))
    marks, _said = view.standing(view.scenery.relief, plot(view))
    assert marks.trails[1] is SGD


# -- another part of the plane -------------------------------------------------------------------------------------


def test_dragging_the_ground_moves_the_picture_and_asks_in_the_end(view, qtbot):
    asked = []
    view.window_requested.connect(asked.append)
    start, way = spot(view, 0.5, 2.0), QPoint(80, 40)
    area = plot(view)
    qtbot.mousePress(view, LEFT, pos=start)
    move(view, start + way, LEFT)
    assert asked == []
    assert plot(view).spot(0.5, 2.0) == pytest.approx((start + way).toTuple(), abs=1)
    view.grab()
    with qtbot.assertNotEmitted(view.start_requested):
        qtbot.mouseRelease(view, LEFT, pos=start + way)
    across, up = -80 / area.width * 4, 40 / area.height * 4
    assert edges(asked[0]) == pytest.approx((-2 + across, 2 + across, -1 + up, 3 + up))
    assert plot(view).window == pytest.approx(edges(asked[0]))


def test_what_was_asked_for_stays_until_it_comes(view, qtbot):
    with qtbot.waitSignal(view.window_requested) as asked:
        view.pan(0.5, 0.0)
    wish = edges(asked.args[0])
    view.show_scenery(Scenery(bowl(size=81), MARKS))  # the old part, finer
    assert plot(view).window == wish
    view.show_scenery(Scenery(bowl(wish), MARKS))
    assert plot(view).window == wish
    view.show_scenery(Scenery(bowl(wish, 81), MARKS))
    assert plot(view).window == wish


def test_an_older_wish_that_comes_late_changes_nothing(view):
    asked = []
    view.window_requested.connect(asked.append)
    view.pan(0.5, 0.0)
    view.pan(0.5, 0.0)
    view.show_scenery(Scenery(bowl(edges(asked[0])), MARKS))
    assert plot(view).window == edges(asked[1])


def test_another_surface_is_seen_whole_and_not_with_the_picture_before(view):
    view.pan(0.5, 0.0)
    view.grab()
    view.show_scenery(Scenery(bowl((10.0, 20.0, 0.0, 5.0)), MARKS))
    assert plot(view).window == (10.0, 20.0, 0.0, 5.0)
    image = view.grab().toImage()
    area = plot(view)
    ground = {image.pixelColor(round(area.left) + a, round(area.top) + 100).name() for a in range(20, 200, 9)}
    assert len(ground) == 1
    assert view.busy


def test_the_wheel_shows_a_smaller_part_around_the_pointer_and_asks_now_and_then(view, clock):
    asked = []
    view.window_requested.connect(asked.append)
    at = spot(view, 1.0, 2.0)
    point = plot(view).point(at.x(), at.y())
    for _ in range(4):
        wheel(view, at, 120)
    assert plot(view).point(at.x(), at.y()) == pytest.approx(point)
    x0, x1, _y0, _y1 = plot(view).window
    assert x1 - x0 == pytest.approx(2.0)
    assert asked == []
    for _ in range(4):
        clock.advance(WHEEL_S / 3)
    assert [edges(each) for each in asked] == [plot(view).window]
    clock.advance(WHEEL_S)
    assert len(asked) == 1


def test_the_wheel_beside_the_map_is_not_its_own(view):
    before = plot(view).window
    wheel(view, QPoint(5, 5), 120)
    assert plot(view).window == before


def test_two_fingers_zoom(view, clock):
    at = QPointF(spot(view, 0.0, 1.0))
    kind, device = Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(kind, device, 2, at, at, view.mapToGlobal(at), 1.0, QPointF())
    QApplication.sendEvent(view, event)
    x0, x1, _y0, _y1 = plot(view).window
    assert x1 - x0 == pytest.approx(2.0)
    clock.advance(WHEEL_S)


def test_a_double_click_shows_the_whole_and_starts_nothing(view, qtbot):
    view.zoom(2.0)
    at = spot(view, 0.3, 1.5)
    with qtbot.assertNotEmitted(view.start_requested), qtbot.waitSignal(view.window_reset_requested):
        qtbot.mouseClick(view, LEFT, pos=at)
        qtbot.mouseDClick(view, LEFT, pos=at)
    assert plot(view).window == EDGES


def test_where_a_double_click_could_come_a_start_waits_for_it_and_is_seen(view, qtbot):
    view.zoom(2.0)
    qtbot.mouseClick(view, LEFT, pos=spot(view, 0.3, 1.5))
    marks, _said = view.standing(view.scenery.relief, plot(view))
    assert marks.start[:2] == pytest.approx((0.3, 1.5), abs=0.01)
    with qtbot.waitSignal(view.start_requested) as asked:
        pass
    assert asked.args == pytest.approx([0.3, 1.5], abs=0.01)


# -- keys ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "moved"), [
    (Qt.Key.Key_Left, (-0.4, 0)), (Qt.Key.Key_Right, (0.4, 0)), (Qt.Key.Key_Up, (0, 0.4)), (Qt.Key.Key_Down, (0, -0.4)),
])  # fmt: skip
def test_ctrl_and_an_arrow_pan(view, qtbot, key, moved):
    view.setFocus()
    with qtbot.waitSignal(view.window_requested) as asked:
        qtbot.keyClick(view, key, CTRL)
    across, up = moved
    assert edges(asked.args[0]) == pytest.approx((-2 + across, 2 + across, -1 + up, 3 + up))


def test_plus_minus_and_nought(view, qtbot):
    view.setFocus()
    with qtbot.waitSignal(view.window_requested) as asked:
        qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert asked.args[0].x1 - asked.args[0].x0 == pytest.approx(4 / 1.5)
    with qtbot.waitSignal(view.window_requested) as asked:
        qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert edges(asked.args[0]) == pytest.approx(EDGES)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    with qtbot.waitSignal(view.window_reset_requested):
        qtbot.keyClick(view, Qt.Key.Key_0)
    assert plot(view).window == EDGES


def test_arrows_alone_and_digits_belong_to_others(view, qtbot, window):
    pressed = []
    window.keyPressEvent = lambda event: pressed.append(event.key())
    view.setFocus()
    with qtbot.assertNotEmitted(view.window_requested):
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_Escape):
            qtbot.keyClick(view, key)
    assert pressed == [Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_Escape]


def test_a_start_is_chosen_without_a_pointer(view, qtbot):
    view.setFocus()
    told = []
    view.pointed_changed.connect(told.append)
    for _ in range(10):
        qtbot.keyClick(view, Qt.Key.Key_Right, ALT)
    qtbot.keyClick(view, Qt.Key.Key_Up, ALT)
    assert told[-1] == pytest.approx((0.8, 1.08))
    assert view.accessibleName().startswith("loss ≈")
    with qtbot.waitSignal(view.start_requested) as asked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == pytest.approx([0.8, 1.08])
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert told[-1] is None


def test_presented_it_has_larger_letters_and_is_as_exact(view, qtbot):
    view.set_presenting(True)
    view.finish()
    at = plot(view).spot(1.5, 2.5)
    with qtbot.waitSignal(view.start_requested) as asked:
        qtbot.mouseClick(view, LEFT, pos=QPoint(round(at[0] * 1.28), round(at[1] * 1.28)))
    assert asked.args == pytest.approx([1.5, 2.5], abs=0.02)
