"""The matrix, looked at, zoomed and moved with real wheels, drags and keys."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from tests.gui.conftest import move
from visualnn.gui import theme
from visualnn.gui.views.matrix import MatrixContent, MatrixView
from visualnn.gui.views.matrix.grid import LARGEST, Box, Grid
from visualnn.gui.views.matrix.map import MatrixMap
from visualnn.gui.views.matrix.names import Line, step_of
from visualnn.gui.widgets.button import IconButton
from visualnn.scene import look
from visualnn.scene.formula import full
from visualnn.scene.matrix import colors_of_ranks

NONE, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(920, 616)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def view(window):
    view = MatrixView(window)
    view.setGeometry(window.rect())
    view.show()
    return view


@pytest.fixture
def cells(view):
    """The part of the view with the cells."""
    return view.findChild(MatrixMap)


def content(rows, columns, weights=None, **more):
    if weights is None:
        weights = np.random.default_rng(rows).normal(size=(rows, columns)) / rows
    names = [tuple(f"{letter}{i + 1}" for i in range(n)) for letter, n in (("a", rows), ("c", columns))]
    return MatrixContent(np.array(weights), *names, "Hidden 1 → Hidden 2", 1, **more)


def press(widget, qtbot, *keys, held=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        qtbot.keyClick(widget, key, held)


def wheel(cells, at, turns):
    local, nothing = QPointF(at), Qt.KeyboardModifier.NoModifier
    args = (QPoint(), QPoint(0, 120 * turns), NONE, nothing, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(cells, QWheelEvent(local, cells.mapToGlobal(local), *args))


def rest(cells, at):
    """The pointer stays where it is until a tooltip comes."""
    move(cells, at, NONE)
    QApplication.sendEvent(cells, QHelpEvent(QEvent.Type.ToolTip, at, cells.mapToGlobal(at)))


def middle(cells, cell):
    return cells.position_of(cell).toPoint()


def ground():
    return QColor.fromRgb(int(colors_of_ranks(look.load(theme.current().name))[0]))


def color_of(view, cells, cell):
    image = view.grab().toImage()
    return image.pixelColor(
        (QPointF(cells.pos() + middle(cells, cell) - QPoint(12, 12)) * image.devicePixelRatio()).toPoint()
    )


# -- what is to be seen ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_a_cell_has_the_colour_of_its_sign_in_both_themes(view, cells, mode):
    view.show_content(content(2, 3, [[2.0, 0.0, -2.0], [0.0, 0.0, 1.0]]))
    view.grab()
    theme.appearance().set_mode(mode)
    assert color_of(view, cells, (0, 0)) == theme.color("pos")
    assert color_of(view, cells, (0, 2)) == theme.color("neg")
    assert color_of(view, cells, (0, 1)) == ground()


def test_one_strong_weight_in_a_million_is_seen(view, cells):
    weights = np.zeros((1000, 1000))
    weights[321, 654] = -1.0
    view.show_content(content(1000, 1000, weights))
    ((y, x),) = found(cells, "neg") + 0.5
    box = cells.grid().box((321, 654))
    assert abs(x - box.left) <= 0.5
    assert abs(y - box.top) <= 0.5


def found(cells, role):
    """Where there are pixels of this colour: rows and columns."""
    image = cells.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    return np.argwhere(pixels == theme.color(role).rgb())


def test_a_cut_weight_is_hatched_and_without_colour(view, cells):
    view.show_content(content(2, 2, [[1.0, 1.0], [1.0, 1.0]], cut=frozenset({(0, 1)})))
    image = cells.grab().toImage()
    box = cells.grid().box((0, 1))
    seen = {
        image.pixelColor(round(box.left) + x, round(box.top) + y).name() for x in range(4, 40) for y in range(4, 30)
    }
    assert seen == {theme.color("line3").name(), ground().name()}
    assert color_of(view, cells, (0, 0)) == theme.color("pos")


def test_numbers_stand_in_cells_that_are_large_enough(view, cells):
    flat = np.full((20, 10), 0.5)
    view.show_content(content(20, 10, flat))
    assert inks(cells, (9, 4)) == 1
    view.zoom(3)
    assert inks(cells, (9, 4)) > 1


def inks(cells, cell):
    """How many colours there are in a cell, away from its edges."""
    image, box = cells.grab().toImage(), cells.grid().box(cell)
    xs = range(round(box.left) + 3, round(box.left + box.width) - 3)
    ys = range(round(box.top) + 3, round(box.top + box.height) - 3)
    return len({image.pixel(x, y) for x in xs for y in ys})


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (1, 1), (2, 600), (600, 2), (784, 128)])
def test_every_shape_can_be_shown_zoomed_and_pointed_at(view, cells, qtbot, shape):
    view.show_content(content(*shape))
    move(cells, QPoint(400, 250), NONE)
    view.grab()
    press(cells, qtbot, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_Down, Qt.Key.Key_0)
    wheel(cells, QPoint(300, 200), 40)
    assert not view.grab().isNull()


def test_a_network_that_has_diverged_is_shown_as_it_is(view, cells):
    view.show_content(content(2, 2, [[np.nan, np.inf], [-np.inf, 1e300]]))
    assert color_of(view, cells, (0, 0)) == theme.color("bad")
    rest(cells, middle(cells, (0, 0)))
    view.grab()
    assert "a1→c1: nan" in QToolTip.text()


def test_the_head_says_when_weights_share_a_pixel(view, cells):
    view.show_content(content(1000, 1000))
    before = head(view)
    assert cells.is_pooled()
    view.zoom(10)
    assert not cells.is_pooled()
    assert head(view) != before
    assert cells.accessibleName() == view.accessibleName() == "Weights Hidden 1 → Hidden 2, 1,000 by 1,000"


def head(view) -> QImage:
    return view.grab().toImage().copy(0, 0, view.width(), 48)


def test_names_keep_their_distance():
    assert [step_of(pitch, 17) for pitch in (30, 17, 9, 4, 1.7, 0.4)] == [1, 1, 2, 5, 10, 50]
    axis = Grid.within((600, 600), Box(60, 26, 800, 480)).down
    line = Line(axis, tuple(map(str, range(600))), {301: "text"}, 17, lambda _name: 17)
    places = sorted((y, ink) for y, _name, ink in line.names())
    assert np.diff([y for y, _ink in places]).min() >= 17
    assert [ink for _y, ink in places].count("text") == 1


# -- places ------------------------------------------------------------------------------------------------------------


def test_cells_fill_the_room_and_are_never_larger_than_96_px():
    box = Box(50, 26, 800, 480)
    small, wide, large = (Grid.within(shape, box) for shape in ((2, 3), (784, 128), (1000, 1000)))
    assert (small.across.cell, small.down.cell) == (LARGEST, LARGEST)
    assert (wide.across.extent, wide.down.extent) == pytest.approx((800, 480))
    assert (large.across.extent, large.down.extent) == pytest.approx((800, 480))


def test_what_is_under_the_pointer_stays_there_while_the_wheel_turns(view, cells):
    view.show_content(content(1000, 1000))
    at = QPoint(500, 300)
    before = cells.grid()
    row, column = before.cell_at(at.x(), at.y())
    for _turn in range(12):
        wheel(cells, at, 1)
        now = cells.grid().cell_at(at.x(), at.y())
        assert abs(now[0] - row) <= 1
        assert abs(now[1] - column) <= 1
    wheel(cells, at, 100)
    assert (cells.grid().across.cell, cells.grid().down.cell) == (LARGEST, LARGEST)
    wheel(cells, at, -200)
    assert cells.grid().zoom == 1


def test_a_pinch_zooms(view, cells):
    view.show_content(content(100, 100))
    at, device = QPointF(400, 200), QPointingDevice.primaryPointingDevice()
    kind = Qt.NativeGestureType.ZoomNativeGesture
    QApplication.sendEvent(cells, QNativeGestureEvent(kind, device, 2, at, at, at, 0.5, QPointF()))
    assert cells.grid().zoom == pytest.approx(1.5)


def test_a_drag_moves_the_cells_and_chooses_nothing(view, cells, qtbot):
    chosen = []
    view.weight_chosen.connect(lambda *cell: chosen.append(cell))
    view.show_content(content(100, 100))
    view.zoom(8)
    cell, start = cells.grid().cell_at(400, 200), QPoint(400, 200)
    qtbot.mousePress(cells, LEFT, pos=start)
    for way in (2, 9, 30):
        move(cells, start + QPoint(-way, way), LEFT)
    qtbot.mouseRelease(cells, LEFT, pos=start + QPoint(-30, 30))
    assert cells.grid().cell_at(370, 230) == cell
    assert not chosen
    cells.grab()
    qtbot.mouseDClick(cells, LEFT, pos=start)
    assert cells.grid().zoom == 1


def test_new_weights_keep_the_place_and_another_layer_does_not(view, cells):
    first = content(100, 80)
    view.show_content(first)
    view.zoom(5)
    view.select((40, 40))
    kept = cells.grid()
    view.show_content(replace(first, weights=first.weights * 2))
    assert cells.grid() is kept
    assert view.chosen == (40, 40)
    view.show_content(replace(first, layer=2))
    assert cells.grid().zoom == 1
    assert view.chosen is None


def test_another_size_keeps_the_zoom_and_the_middle(view, cells):
    view.show_content(content(200, 200))
    view.zoom(6)
    cells._go(cells.grid().panned(-300, 120))
    before = cells.grid()
    view.resize(704, 520)
    after = cells.grid()
    assert after.zoom == before.zoom
    assert (after.across.middle, after.down.middle) == pytest.approx((before.across.middle, before.down.middle))


# -- pointing and choosing ---------------------------------------------------------------------------------------------


def test_a_click_chooses_the_weight_that_was_pointed_at(view, cells, qtbot):
    view.show_content(content(64, 32))
    with qtbot.waitSignal(view.weight_chosen) as chosen:
        qtbot.mouseClick(cells, LEFT, pos=middle(cells, (20, 7)))
    assert chosen.args == [20, 7]
    assert view.chosen == (20, 7)
    box = cells.grid().box((20, 7))
    low, high = found(cells, "accent").min(axis=0), found(cells, "accent").max(axis=0)
    assert (low <= (box.top + 1, box.left + 1)).all()
    assert (high >= (box.top + box.height - 2, box.left + box.width - 2)).all()


def test_a_click_on_shared_pixels_chooses_the_weight_that_they_show(view, cells, qtbot):
    weights = np.zeros((1000, 1000))
    weights[501, 500] = 1.0
    view.show_content(content(1000, 1000, weights))
    box = cells.grid().box((501, 500))
    pixel = QPoint(int(box.left), int(box.top))  # a small cell is shown where it begins
    assert cells.grid().cell_at(pixel.x(), pixel.y()) != (501, 500)
    qtbot.mouseClick(cells, LEFT, pos=pixel)
    assert view.chosen == (501, 500)


def test_the_tooltip_has_all_digits_and_follows_the_training(view, cells):
    first = content(5, 4)
    view.show_content(first)
    rest(cells, middle(cells, (2, 1)))
    assert QToolTip.text() == f"Weight a3→c2: {full(first.weights[2, 1])}"
    later = replace(first, weights=first.weights + 0.125, cut=frozenset({(2, 1)}))
    view.show_content(later)
    assert full(later.weights[2, 1]) in QToolTip.text()
    assert "cut" in QToolTip.text()


def test_pointing_at_a_weight_lights_its_row_and_column(view, cells):
    view.show_content(content(8, 8, np.zeros((8, 8))))
    before = cells.grab().toImage()
    move(cells, middle(cells, (4, 4)), NONE)
    after, box = cells.grab().toImage(), cells.grid().box((4, 4))
    changed = [QPoint(round(box.left) - 30, round(box.top + box.height) - 1), QPoint(round(box.left) - 1, 60)]
    assert all(QColor(before.pixel(p)) != QColor(after.pixel(p)) for p in changed)


# -- keys --------------------------------------------------------------------------------------------------------------


def test_arrows_walk_from_weight_to_weight_and_stay_in_sight(view, cells, qtbot):
    chosen = []
    view.weight_chosen.connect(lambda *cell: chosen.append(cell))
    view.show_content(content(300, 300))
    cells.setFocus()
    view.zoom(100)
    press(cells, qtbot, Qt.Key.Key_Right)
    row, column = chosen[0]
    press(cells, qtbot, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert [(r - row, c - column) for r, c in chosen] == [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0), (-1, 0)]
    press(cells, qtbot, *[Qt.Key.Key_Down] * 40, held=Qt.KeyboardModifier.ShiftModifier)
    assert view.chosen == (299, column)
    assert cells.grid().cell_at(*cells.position_of(view.chosen).toTuple()) == view.chosen
    assert full(cells._content.weights[view.chosen]) in cells.accessibleDescription()


def test_plus_minus_and_zero_zoom_and_fit(view, cells, qtbot):
    view.show_content(content(300, 300))
    press(cells, qtbot, Qt.Key.Key_Plus, Qt.Key.Key_Equal)
    assert cells.grid().zoom == pytest.approx(2.25)
    press(cells, qtbot, Qt.Key.Key_Minus)
    assert cells.grid().zoom == pytest.approx(1.5)
    press(cells, qtbot, Qt.Key.Key_0)
    assert cells.grid().zoom == 1


def test_esc_and_the_cross_lead_back(view, cells, qtbot):
    view.show_content(content(3, 3))
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert cells.hasFocus()
    assert cells.has_ring()
    with qtbot.waitSignal(view.closed):
        press(cells, qtbot, Qt.Key.Key_Escape)
    back = view.findChild(IconButton)
    assert back.toolTip().startswith("Back to the network")
    with qtbot.waitSignal(view.closed):
        qtbot.mouseClick(back, LEFT)
