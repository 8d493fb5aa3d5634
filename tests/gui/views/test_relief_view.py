"""The landscape in 3-D: turned, zoomed, pointed at; balls and starts; what is drawn while it moves and at rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.conftest import LEFT, move
from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.gui.views.landscape.relief_view import TURNS, ReliefView
from visualnn.scene.landscape import picture
from visualnn.scene.landscape.camera import COAST_SECONDS, HOME, Camera, turned
from visualnn.scene.landscape.drape import placed
from visualnn.scene.landscape.marks import Marks, trail
from visualnn.scene.landscape.picking import pick
from visualnn.scene.landscape.picture import Quality
from visualnn.scene.landscape.relief import FLOOR, Relief, relief
from visualnn.scene.landscape.scenery import EMPTY, Scenery

NO_BUTTON = Qt.MouseButton.NoButton
CTRL = Qt.KeyboardModifier.ControlModifier
SIZE = 480, 360
WINDOW = (-2.0, 2.0, -1.0, 3.0)
SHAPES = Qt.CursorShape


def loss(x, y):
    return 0.1 + x**2 + (y - 1) ** 2


def bowl(size: int = 41, window=WINDOW, names=("w_ac", "w_bc")) -> Relief:
    x, y = np.meshgrid(np.linspace(*window[:2], size), np.linspace(*window[2:], size))
    return relief(loss(x, y), window, names=names, logarithmic=False)


def path(name: str, *places, color: int = 0xFF00AA):
    points = np.array(places, dtype=np.float64)
    return trail(points, loss(*points.T), color, name)


def scenery(made: Relief | None = None, **given) -> Scenery:
    made = bowl() if made is None else made
    trails = path("Adam", (-1.5, 0.0), (-1.0, 0.5)), path("SGD", (-1.5, 0.0), (1.0, 1.5))
    marks = given.pop("marks", Marks(trails, start=(-1.5, 0.0, loss(-1.5, 0.0))))
    return Scenery(made, marks, given.pop("may_start", True), **given)


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(False)
    yield
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(None)


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    assert picture.load()


@pytest.fixture
def clock(stopped_clock, qapp):
    return FrameClock()


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(SIZE[0] + 40, SIZE[1] + 40)
    return window


@pytest.fixture
def view(window, clock, qtbot):
    made = ReliefView(clock, window)
    made.setGeometry(20, 20, *SIZE)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.show_scenery(scenery())
    made.finish()
    yield made
    made.rest()


def heard(signal) -> list:
    """Everything that a signal brings from now on."""
    found: list = []
    signal.connect(lambda *values: found.append(values if len(values) > 1 else values[0]))
    return found


def spot(view: ReliefView, x: float, y: float) -> QPoint:
    """Where a place of the surface is seen."""
    aspect = view.easel.drawing.aspect
    point = placed(aspect.relief, np.array([(x, y)]), np.array([loss(x, y)]))
    across, down, _ = aspect.seen.seen(point[0]).tolist()
    return QPointF(across, down).toPoint()


def wheel(view: ReliefView, eighths: int) -> None:
    middle = QPointF(view.rect().center())
    event = QWheelEvent(
        middle, view.mapToGlobal(middle), QPoint(), QPoint(0, eighths), NO_BUTTON, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def gesture(view: ReliefView, kind: Qt.NativeGestureType, value: float) -> None:
    middle = QPointF(view.rect().center())
    device = QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(
        kind, device, 2, middle, middle, view.mapToGlobal(middle), value, QPointF()
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def drag(view: ReliefView, qtbot, start: QPoint, *ways: QPoint, release: bool = True) -> None:
    qtbot.mousePress(view, LEFT, pos=start)
    for way in ways:
        move(view, start + way, LEFT)
    if release:
        qtbot.mouseRelease(view, LEFT, pos=start + ways[-1])


def settle(view: ReliefView, qtbot) -> None:
    """Until everything is to be seen, drawn by its own threads."""
    qtbot.waitUntil(lambda: not view.busy, timeout=20_000)


# -- the camera --------------------------------------------------------------------------------------------------------


def test_a_drag_turns_as_far_as_the_hand_moved(view, qtbot):
    start = view.orbit.camera
    drag(view, qtbot, QPoint(30, 300), QPoint(4, 0), QPoint(40, 12), release=False)
    assert view.orbit.camera == turned(turned(start, 4, 0), 36, 12)
    assert view.cursor().shape() == SHAPES.ClosedHandCursor
    qtbot.mouseRelease(view, LEFT, pos=QPoint(70, 312))
    assert view.cursor().shape() == SHAPES.ArrowCursor


def test_let_go_while_it_moves_it_coasts_and_comes_to_rest(view, qtbot, clock, monkeypatch):
    times = iter([0.0, 0.0, 0.02, 0.03])
    monkeypatch.setattr(view.orbit, "_now", lambda: next(times))
    view.orbit.put(Camera(1.0))
    drag(view, qtbot, QPoint(30, 300), QPoint(6, 0), QPoint(30, 0))
    held = view.orbit.camera
    assert view.orbit.is_moving
    clock.advance(COAST_SECONDS / 4)
    some = view.orbit.camera
    assert some.turn < held.turn
    clock.advance(COAST_SECONDS)
    assert view.orbit.camera.turn < some.turn
    assert not view.orbit.is_moving
    assert not clock._held


def test_let_go_after_a_rest_it_stays(view, qtbot, monkeypatch):
    times = iter([0.0, 0.0, 0.02, 0.5])
    monkeypatch.setattr(view.orbit, "_now", lambda: next(times))
    drag(view, qtbot, QPoint(30, 300), QPoint(6, 0), QPoint(30, 0))
    assert not view.orbit.is_moving


def test_a_press_stops_what_coasts(view, qtbot, monkeypatch):
    times = iter([0.0, 0.0, 0.02, 0.03])
    monkeypatch.setattr(view.orbit, "_now", lambda: next(times))
    drag(view, qtbot, QPoint(30, 300), QPoint(6, 0), QPoint(30, 0))
    qtbot.mousePress(view, LEFT, pos=QPoint(30, 300))
    assert not view.orbit.is_moving
    qtbot.mouseRelease(view, LEFT, pos=QPoint(30, 300))


def test_wheel_and_pinch_zoom(view):
    wheel(view, 480)
    assert view.orbit.camera.zoom == pytest.approx(2.0)
    gesture(view, Qt.NativeGestureType.ZoomNativeGesture, -0.25)
    assert view.orbit.camera.zoom == pytest.approx(1.5)


def test_a_double_click_glides_home_and_begins_nothing(view, qtbot, clock):
    starts = heard(view.start_requested)
    home = view.orbit.home
    view.turn(200, 60)
    view.finish()
    away = view.orbit.camera
    place = spot(view, 0.2, 0.6)
    qtbot.mouseClick(view, LEFT, pos=place)
    qtbot.mouseDClick(view, LEFT, pos=place)
    clock.advance(0.1)
    assert view.orbit.camera not in (away, home)
    clock.advance(1.0)
    assert view.orbit.camera == home
    assert not view._patience.isActive()
    assert starts == []


def test_two_fingers_tapping_go_home(view, clock):
    view.zoom(2)
    gesture(view, Qt.NativeGestureType.SmartZoomNativeGesture, 0.0)
    clock.advance(1.0)
    assert view.orbit.camera == view.orbit.home


def test_where_motion_is_reduced_nothing_coasts_or_glides(view, qtbot, monkeypatch):
    theme.appearance().set_reduced_motion(True)
    times = iter([0.0, 0.0, 0.02, 0.03])
    monkeypatch.setattr(view.orbit, "_now", lambda: next(times))
    drag(view, qtbot, QPoint(30, 300), QPoint(6, 0), QPoint(30, 0))
    assert not view.orbit.is_moving
    view.go_home()
    assert view.orbit.camera == view.orbit.home


def test_keys_turn_zoom_and_go_home_but_plain_arrows_are_not_theirs(view, qtbot, clock):
    heard_keys = []
    view.window().keyPressEvent = lambda event: heard_keys.append(event.key())
    view.clearFocus()
    qtbot.keyClick(view.window(), Qt.Key.Key_Tab)
    assert view.has_ring()
    start = view.orbit.camera
    qtbot.keyClick(view, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_Down, CTRL)
    assert view.orbit.camera == turned(turned(start, 20, 0), 0, 20)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.orbit.camera.zoom == pytest.approx(1.2)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.orbit.camera.zoom == pytest.approx(1.0)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert [key for key in heard_keys if key in TURNS] == [Qt.Key.Key_Left]
    qtbot.keyClick(view, Qt.Key.Key_0)
    clock.advance(1.0)
    assert view.orbit.camera == start


def test_another_place_is_seen_from_where_most_of_it_is_seen(view):
    x, y = np.meshgrid(np.linspace(0, 1, 21), np.linspace(0, 1, 21))
    cliff = relief(1 / (1 + np.exp(30 * (x + y - 1))), (0, 1, 0, 1), names=("a", "b"), logarithmic=False)
    view.show_scenery(Scenery(cliff))
    view.finish()
    assert view.orbit.home != HOME
    assert view.orbit.camera == view.orbit.home == view.easel.drawing.aspect.camera


def test_the_camera_stays_where_it_is_while_the_surface_is_refined_or_moves_along(view):
    view.turn(50, 10)
    there = view.orbit.camera
    for made in (bowl(61), bowl(41, (-1.5, 2.5, -1.2, 2.8))):
        view.show_scenery(scenery(made))
        view.finish()
        assert view.orbit.camera == there


# -- pointing ----------------------------------------------------------------------------------------------------------


def crosses(view: ReliefView) -> list:
    return [item.points for item in view._above(view.easel.drawing) if getattr(item, "width", 0) == 1.4]


def test_the_place_under_the_pointer_is_told_and_marked_on_the_map(view):
    told = heard(view.pointed_changed)
    point = spot(view, -1.95, -0.95)
    move(view, point, NO_BUTTON)
    hit = pick(view.scenery.relief, view.easel.drawing.aspect.seen, point.x(), point.y())
    assert told == [(hit.x, hit.y)]
    below = view.easel.drawing.aspect.seen.seen(np.array([*view.scenery.relief.world([told[0]])[0], FLOOR]))
    assert np.mean(crosses(view), axis=(0, 1)) == pytest.approx(below[:2], abs=1e-6)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert told[1:] == [None]
    assert not list(view._above(view.easel.drawing))


def test_where_the_surface_hides_the_map_only_the_place_on_the_surface_is_marked(view):
    move(view, spot(view, 0.5, 1.0), NO_BUTTON)
    assert not crosses(view)
    assert list(view._above(view.easel.drawing))


def test_over_a_ball_its_name_and_its_loss_are_told(view):
    move(view, spot(view, 1.0, 1.5), NO_BUTTON)
    assert view._words(view.easel.drawing) == "SGD: loss 1.35"
    move(view, spot(view, 0.5, 1.0), NO_BUTTON)
    x, y = view._pointed
    assert view._words(view.easel.drawing) == f"loss ≈ {loss(x, y):.3g} · w_ac {x:.2f} · w_bc {y:.2f}"


def test_in_a_large_view_letters_and_lines_are_larger_and_places_are_where_they_are_seen(view, qtbot):
    view.set_presenting(True)
    view.finish()
    assert view.scale == 1.28
    assert view.easel.drawing.aspect.size == (375, 282)
    assert view.easel.drawing.ground.image.devicePixelRatio() == pytest.approx(1.28 * view.devicePixelRatioF())
    starts = heard(view.start_requested)
    qtbot.mouseClick(view, LEFT, pos=spot(view, 0.5, 1.0) * 1.28)
    assert starts[0] == pytest.approx((0.5, 1.0), abs=0.03)
    view.resize(2200, 1600)
    assert view.scale == 1.5
    view.set_presenting(False)
    view.resize(*SIZE)
    assert view.scale == 1.0


def test_the_same_place_is_found_on_the_map_beneath(view):
    seen = view.easel.drawing.aspect.seen
    x, y, _ = seen.seen(np.array([-0.98, -0.98, FLOOR])).tolist()
    told = heard(view.pointed_changed)
    move(view, QPointF(x, y).toPoint(), NO_BUTTON)
    assert view.scenery.relief.world([told[0]])[0] == pytest.approx((-0.98, -0.98), abs=0.02)


def test_where_nothing_is_nothing_is_told(view):
    told = heard(view.pointed_changed)
    move(view, QPoint(3, 3), NO_BUTTON)
    assert told == []


def test_the_other_views_pointer_is_shown(view):
    view.show_pointed((0.5, 1.0))
    x, y = spot(view, 0.5, 1.0).toTuple()
    rings = [item for item in view._above(view.easel.drawing) if getattr(item, "height", 0) == 11]
    assert rings[0].x == pytest.approx(x, abs=2)
    assert rings[0].y == pytest.approx(y, abs=2)
    view.show_pointed(None)
    assert not list(view._above(view.easel.drawing))


def test_cursors_tell_what_can_be_done(view):
    move(view, spot(view, 0.5, 1.0), NO_BUTTON)
    assert view.cursor().shape() == SHAPES.CrossCursor
    move(view, spot(view, 1.0, 1.5), NO_BUTTON)
    assert view.cursor().shape() == SHAPES.OpenHandCursor
    move(view, QPoint(3, 3), NO_BUTTON)
    assert view.cursor().shape() == SHAPES.ArrowCursor
    view.show_scenery(scenery(view.scenery.relief, may_start=False))
    view.finish()
    move(view, spot(view, 1.0, 1.5), NO_BUTTON)
    assert view.cursor().shape() == SHAPES.PointingHandCursor
    move(view, spot(view, 0.5, 1.0), NO_BUTTON)
    assert view.cursor().shape() == SHAPES.ArrowCursor


# -- starts and balls --------------------------------------------------------------------------------------------------


def test_a_click_on_the_surface_asks_for_a_start_there(view, qtbot):
    starts = heard(view.start_requested)
    qtbot.mouseClick(view, LEFT, pos=spot(view, 0.5, 1.0))
    assert starts[0] == pytest.approx((0.5, 1.0), abs=0.03)
    qtbot.mouseClick(view, LEFT, pos=QPoint(3, 3))
    assert len(starts) == 1


def test_away_from_home_a_click_waits_whether_a_second_one_comes(view, qtbot, monkeypatch):
    monkeypatch.setattr(QApplication, "doubleClickInterval", lambda: 1)
    view.turn(40, 0)
    view.finish()
    starts = heard(view.start_requested)
    qtbot.mouseClick(view, LEFT, pos=spot(view, 0.5, 1.0))
    assert starts == []
    qtbot.waitUntil(lambda: len(starts) == 1)
    assert starts[0] == pytest.approx((0.5, 1.0), abs=0.03)


def test_where_no_start_may_be_chosen_a_click_does_nothing_and_a_ball_is_not_dragged(view, qtbot):
    view.show_scenery(scenery(view.scenery.relief, may_start=False))
    view.finish()
    starts, dragged = heard(view.start_requested), heard(view.ball_dragged)
    qtbot.mouseClick(view, LEFT, pos=spot(view, 0.5, 1.0))
    before = view.orbit.camera
    drag(view, qtbot, spot(view, 1.0, 1.5), QPoint(10, 0), QPoint(40, 0))
    assert (starts, dragged) == ([], [])
    assert view.orbit.camera != before


def test_a_click_on_a_ball_chooses_it(view, qtbot):
    chosen, starts = heard(view.ball_chosen), heard(view.start_requested)
    qtbot.mouseClick(view, LEFT, pos=spot(view, 1.0, 1.5))
    qtbot.mouseClick(view, LEFT, pos=spot(view, -1.0, 0.5))
    assert chosen == [1, 0]
    assert starts == []


def test_a_ball_follows_the_pointer_over_the_surface_and_is_dropped_there(view, qtbot):
    dragged, dropped, camera = heard(view.ball_dragged), heard(view.ball_dropped), view.orbit.camera
    goal = spot(view, 0.5, 1.0)
    drag(
        view, qtbot, spot(view, 1.0, 1.5), (goal - spot(view, 1.0, 1.5)) / 2, goal - spot(view, 1.0, 1.5), release=False
    )
    assert len(dragged) == 2
    assert dragged[-1] == (1, pytest.approx(0.5, abs=0.04), pytest.approx(1.0, abs=0.04))
    discs = [item for item in view._above(view.easel.drawing) if getattr(item, "radius", 0) == 8.5]
    assert (discs[-1].x, discs[-1].y) == pytest.approx(goal.toTuple(), abs=3)
    assert dropped == []
    qtbot.mouseRelease(view, LEFT, pos=goal)
    assert dropped == [dragged[-1]]
    assert view.orbit.camera == camera


def test_a_dragged_ball_is_drawn_once(view, qtbot):
    start = spot(view, 1.0, 1.5)
    drag(view, qtbot, start, QPoint(10, 0), release=False)
    settle(view, qtbot)
    assert [end.trail for end in view.easel.drawing.ends] == [0]
    qtbot.mouseRelease(view, LEFT, pos=start + QPoint(10, 0))
    assert view._held is not None
    view.show_scenery(scenery(view.scenery.relief))
    assert view._held is None


def test_dragged_off_the_surface_a_ball_stays_at_its_last_place(view, qtbot):
    dragged, dropped = heard(view.ball_dragged), heard(view.ball_dropped)
    start = spot(view, 1.0, 1.5)
    drag(view, qtbot, start, QPoint(10, 0), QPoint(5, 5) - start)
    assert len(dragged) == 1
    assert dropped == dragged


def test_the_start_is_dragged_where_no_ball_is(view, qtbot):
    dropped, starts = heard(view.ball_dropped), heard(view.start_requested)
    goal = spot(view, -1.0, -0.2)
    drag(view, qtbot, spot(view, -1.5, 0.0), goal - spot(view, -1.5, 0.0))
    assert dropped == [(-1, pytest.approx(-1.0, abs=0.05), pytest.approx(-0.2, abs=0.05))]
    qtbot.mouseClick(view, LEFT, pos=spot(view, -1.5, 0.0))
    assert starts == []


def test_a_chosen_ball_lies_above_the_others(view, qtbot):
    trails = path("Adam", (0.0, 1.0), (1.0, 1.5)), path("SGD", (0.0, 1.0), (1.0, 1.5))
    chosen = heard(view.ball_chosen)
    for number in (0, 1):
        view.show_scenery(scenery(view.scenery.relief, marks=Marks(trails, selected=number)))
        view.finish()
        qtbot.mouseClick(view, LEFT, pos=spot(view, 1.0, 1.5))
    assert chosen == [0, 1]


# -- drawing -----------------------------------------------------------------------------------------------------------


def test_at_rest_every_pixel_is_the_mean_of_four(view, qtbot):
    view.turn(30, 0)
    settle(view, qtbot)
    made = view.easel.drawing
    assert made.ground.quality == Quality(view.devicePixelRatioF(), 2)
    assert made.aspect.camera == view.orbit.camera


def test_while_it_is_turned_pixels_and_lines_belong_to_one_camera(view, qtbot):
    shown = []
    view.easel.drawn.connect(lambda: shown.append(view.easel.drawing))
    for _ in range(5):
        view.turn(12, 0)
        qtbot.waitUntil(lambda: bool(shown) and shown[-1].aspect.camera == view.orbit.camera)
    from visualnn.scene import look
    from visualnn.scene.landscape.overlay import overlay

    for made in shown:
        aspect = made.aspect
        again = overlay(
            aspect.relief, aspect.camera, aspect.size, look.load("dark"), marks=made.marks, palette=aspect.palette
        )
        assert again.items == made.frame.items
    settle(view, qtbot)


def test_while_only_marks_change_the_pixels_stay(view, qtbot):
    before = view.easel.drawing.ground
    for x in (-0.8, -0.6):
        trails = path("Adam", (-1.5, 0.0), (x, 0.5)), *view.scenery.marks.trails[1:]
        view.show_scenery(scenery(view.scenery.relief, marks=Marks(trails)))
        settle(view, qtbot)
        assert view.easel.drawing.ground is before
    end = next(end for end in view.easel.drawing.ends if end.trail == 0)
    assert (end.x, end.y) == pytest.approx(spot(view, -0.6, 0.5).toTuple(), abs=1)


def test_another_relief_theme_palette_or_size_is_drawn_anew(view, qtbot):
    grounds = [view.easel.drawing.ground]
    view.show_scenery(scenery(bowl()))
    view.finish()
    grounds.append(view.easel.drawing.ground)
    theme.appearance().set_mode("light")
    view.finish()
    grounds.append(view.easel.drawing.ground)
    view.set_palette("vivid")
    view.finish()
    grounds.append(view.easel.drawing.ground)
    view.resize(300, 300)
    view.finish()
    grounds.append(view.easel.drawing.ground)
    view.redraw()
    view.finish()
    grounds.append(view.easel.drawing.ground)
    assert len({id(made) for made in grounds}) == 6
    assert [made.aspect.size for made in grounds[-2:]] == [(300, 300)] * 2
    assert grounds[2].image.pixelColor(2, 2).lightness() > 200 > grounds[1].image.pixelColor(2, 2).lightness()


def test_the_picture_is_that_of_the_surface_with_the_ball_on_it(view):
    image = view.grab().toImage()
    x, y = spot(view, 1.0, 1.5).toTuple()
    ratio = image.devicePixelRatio()
    beside = image.pixelColor(round((x - 6) * ratio), round(y * ratio))
    pink = QColor(0xFF, 0x00, 0xAA)
    assert abs(beside.red() - pink.red()) + abs(beside.green() - pink.green()) + abs(beside.blue() - pink.blue()) < 30
    canvas = theme.color("canvas")
    assert abs(image.pixelColor(3, 3).lightness() - canvas.lightness()) <= 3


def test_without_a_surface_the_reason_and_the_progress_are_shown(view):
    view.show_scenery(Scenery(None, waiting="The surface is being computed.", progress=0.5))
    assert view.easel.drawing is None
    assert not view.busy
    assert view.accessibleDescription() == "The surface is being computed."
    image = view.grab().toImage()
    row = [image.pixelColor(x, SIZE[1] // 2 + 30) for x in range(image.width())]
    accent, rail = theme.color("accent"), theme.color("line2")
    assert sum(color == accent for color in row) == pytest.approx(120, abs=4)
    assert sum(color == rail for color in row) == pytest.approx(120, abs=4)


def test_the_stamp_stands_at_the_lower_left(view):
    before = view.grab().toImage()
    view.show_scenery(replace(view.scenery, stamp="surface at update 120"))
    after = view.grab().toImage()
    changed = [(x, y) for x in range(0, SIZE[0], 2) for y in range(SIZE[1]) if before.pixel(x, y) != after.pixel(x, y)]
    assert changed
    assert max(x for x, _ in changed) < SIZE[0] / 2
    assert min(y for _, y in changed) > SIZE[1] - 40


def test_it_says_what_it_is_and_where_everybody_stands(view):
    assert view.accessibleName() == "Loss over w_ac and w_bc, in 3-D"
    assert "Adam: loss 1.35 at w_ac −1.00, w_bc 0.50." in view.accessibleDescription()
    view.show_scenery(EMPTY)
    assert view.accessibleName() == "Loss surface"


def test_hidden_it_draws_nothing_until_it_is_shown(view, qtbot):
    view.hide()
    before = view.easel.drawing
    view.show_scenery(scenery(bowl()))
    assert view.easel.drawing is before
    view.show()
    settle(view, qtbot)
    assert view.easel.drawing.aspect.relief is view.scenery.relief


def test_presses_before_anything_is_drawn_are_no_trouble(window, clock, qtbot):
    view = ReliefView(clock, window)
    view.setGeometry(20, 20, *SIZE)
    window.show()
    drag(view, qtbot, QPoint(30, 30), QPoint(40, 0))
    qtbot.mouseDClick(view, LEFT, pos=QPoint(30, 30))
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.easel.drawing is None
    view.rest()
