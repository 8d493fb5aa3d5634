"""Somebody draws digits, and the network reads them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.conftest import move
from tests.scene.penmanship import THREE, ZERO
from visualnn.files.examples import load
from visualnn.files.fresh import from_data
from visualnn.gui import theme
from visualnn.gui.views.pad import PadView
from visualnn.gui.views.pad.places import Places
from visualnn.nn import metrics
from visualnn.nn.passes import predict
from visualnn.scene import ink

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


class Drawer:
    """Somebody at the pad of a window, which answers as the program does."""

    def __init__(self, view: PadView, name: str):
        self.view, self.surface = view, view.surface
        self.project = load(name) if name == "digits" else from_data(name)
        data = self.project.data
        self.score = metrics.score(
            self.project.network, self.project.parameters, data.held or data, self.project.options.loss
        )
        self.samples: list[np.ndarray] = []
        view.sample_drawn.connect(self.take)
        self.show()

    def take(self, sample: np.ndarray) -> None:
        self.samples.append(sample)
        self.project = self.project.with_sample(sample)
        self.show()

    def show(self) -> None:
        output = predict(self.project.network, self.project.parameters, self.project.sample)
        self.view.show_content(self.project, output, self.score)

    def at(self, point) -> QPoint:
        return QPoint(round(point[0] * self.surface.width()), round(point[1] * self.surface.height()))

    def draw(self, line, button=LEFT, held=NONE) -> None:
        QTest.mousePress(self.surface, button, held, self.at(line[0]))
        for point in line[1:]:
            move(self.surface, self.at(point), button, held)
        QTest.mouseRelease(self.surface, button, held, self.at(line[-1]))

    def press(self, key, held=NONE) -> None:
        QTest.keyClick(self.surface, key, held)

    def image(self) -> QImage:
        return self.view.grab().toImage()


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(True)
    yield
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(None)


@pytest.fixture
def view(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    view = PadView(holder)
    view.resize(360, 100)
    holder.resize(360, 720)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    yield view
    holder.close()


@pytest.fixture
def drawer(view):
    return Drawer(view, "digits")


def test_a_drawn_three_is_read_as_one(drawer):
    drawer.draw(THREE)
    assert drawer.view.found[0].name == "3"
    assert drawer.view.accessibleDescription().startswith("The network reads a 3: ")
    assert np.array_equal(drawer.samples[-1], ink.pixels(drawer.surface.drawing, (8, 8)))
    assert drawer.view.caption() == "What the network sees: 8 × 8 pixels"


def test_the_network_reads_while_one_draws_once_a_frame(drawer, qtbot):
    QTest.mousePress(drawer.surface, LEFT, NONE, drawer.at(THREE[0]))
    for point in THREE[1:40]:
        move(drawer.surface, drawer.at(point), LEFT)
    assert not drawer.samples
    qtbot.waitUntil(lambda: len(drawer.samples) == 1)
    assert drawer.samples[0].any()
    assert drawer.surface.is_drawing
    with qtbot.waitSignal(drawer.view.stroke_finished):
        QTest.mouseRelease(drawer.surface, LEFT, NONE, drawer.at(THREE[-1]))
    assert not drawer.surface.is_drawing


def test_a_new_drawing_begins_where_a_row_of_the_data_was_shown(drawer):
    assert drawer.view.caption() == "From the data: a 3"
    drawer.draw(ZERO)
    assert len(drawer.surface.drawing.strokes) == 1
    assert drawer.view.found[0].name == "0"
    drawer.project = drawer.project.with_row(5)
    drawer.show()
    assert drawer.surface.drawing.is_blank
    assert drawer.view.caption().startswith("From the data: a")


def test_ctrl_z_on_the_pad_takes_back_a_stroke_and_only_there(drawer):
    drawer.draw(THREE)
    drawer.draw(ZERO)
    three = drawer.samples[0]
    assert drawer.surface.hasFocus()
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, CTRL)
    override.ignore()
    QApplication.sendEvent(drawer.surface, override)
    assert override.isAccepted()
    drawer.press(Qt.Key.Key_Z, CTRL)
    assert len(drawer.surface.drawing.strokes) == 1
    assert np.array_equal(drawer.samples[-1], ink.pixels(drawer.surface.drawing, (8, 8)))
    drawer.press(Qt.Key.Key_Z, CTRL)
    assert drawer.view.is_blank
    again = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, CTRL)
    again.ignore()
    QApplication.sendEvent(drawer.surface, again)
    assert not again.isAccepted()
    assert three.any()


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_key_clears_the_pad(drawer, key, qtbot):
    drawer.draw(THREE)
    with qtbot.waitSignal(drawer.view.cleared):
        drawer.press(key)
    assert not drawer.samples[-1].any()
    assert drawer.view.is_blank
    assert drawer.view.accessibleDescription().startswith("Draw a digit with the mouse.")
    drawer.press(Qt.Key.Key_Z, CTRL)
    assert drawer.view.found[0].name == "3"


def test_the_button_clears_and_cannot_where_nothing_is_drawn(drawer, qtbot):
    drawer.draw(THREE)
    qtbot.mouseClick(drawer.view.clear_button, LEFT)
    assert drawer.view.is_blank
    assert not drawer.view.clear_button.isEnabled()
    assert drawer.view.clear_button.toolTip() == "Nothing is drawn."


@pytest.mark.parametrize(("button", "held"), [(RIGHT, NONE), (LEFT, SHIFT)])
def test_the_right_button_and_shift_erase(drawer, button, held):
    drawer.draw(THREE)
    drawer.draw(THREE, button, held)
    assert drawer.surface.drawing.is_blank
    assert not drawer.samples[-1].any()


def test_ink_is_painted_and_erased(drawer):
    middle = drawer.surface.geometry().center()
    drawer.draw([(0.2, 0.5), (0.8, 0.5)])
    assert drawer.image().pixelColor(middle) == theme.color("text")
    drawer.draw([(0.5, 0.2), (0.5, 0.8)], RIGHT)
    image = drawer.image()
    assert image.pixelColor(middle + QPoint(4, 4)) == theme.color("canvas")
    assert image.pixelColor(middle + QPoint(60, 0)) == theme.color("text")


def test_guesses_of_an_empty_pad_are_grey(drawer):
    drawer.draw(THREE)
    places = drawer.view.places
    spot = QPoint(places.guesses.toRect().left() + 40, round(places.guesses.top() + 0.5 * places.pitch))
    assert drawer.image().pixelColor(spot) == theme.color("pos")
    drawer.surface.clear()
    assert drawer.image().pixelColor(spot) != theme.color("pos")


def test_keys_move_a_cursor_and_draw_where_the_pad_was_reached_by_key(drawer):
    drawer.surface.clearFocus()
    drawer.surface.setFocus(Qt.FocusReason.TabFocusReason)
    assert drawer.surface.has_ring()
    drawer.press(Qt.Key.Key_Up)
    drawer.press(Qt.Key.Key_Space)
    for _ in range(3):
        drawer.press(Qt.Key.Key_Down)
        drawer.press(Qt.Key.Key_Space)
    assert "row 7, column 5" in drawer.surface.accessibleName()
    points = drawer.surface.drawing.points
    assert points[:, 0] == pytest.approx(4.5 / 8)
    assert np.diff(np.sort(points[:, 1])).max() <= ink.SPACING + 1e-9
    drawer.press(Qt.Key.Key_Space, SHIFT)
    assert drawer.surface.drawing.strokes[-1].erases


def test_after_a_click_space_and_arrows_do_what_they_do_elsewhere(drawer):
    drawer.draw(THREE)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, NONE)
        event.ignore()
        QApplication.sendEvent(drawer.surface, event)
        assert not event.isAccepted()


def test_a_stroke_that_leaves_the_pad_runs_along_its_edge(drawer):
    drawer.draw([(0.5, 0.5), (1.4, 0.5), (1.4, 0.9)])
    assert drawer.surface.drawing.points[:, 0].max() == 1.0


def test_what_the_data_hold_back_is_counted_and_can_be_shown(drawer, qtbot):
    assert drawer.view.test_button.label() == "Show a test digit"
    assert f"On 360 unseen digits: {100 * drawer.score.right / 360:.1f} % right" in drawer.view.spoken()
    with qtbot.waitSignal(drawer.view.test_row_requested):
        qtbot.mouseClick(drawer.view.test_button, LEFT)


def test_a_guess_pointed_at_has_all_its_digits(drawer):
    drawer.draw(THREE)
    places = drawer.view.places
    found = drawer.view.found[1]
    spot = QPointF(places.guesses.center().x(), places.guesses.top() + 1.5 * places.pitch)
    assert drawer.view.tip_at(spot) == f"{found.name}: {found.exact}"
    assert drawer.view.tip_at(QPointF(5, 5)) == ""


def test_photographs_are_shown_and_cannot_be_drawn(view):
    drawer = Drawer(view, "cats_dogs")
    assert not view.clear_button.isVisible()
    assert view.accessibleName() == "The picture"
    assert view.caption() == "From the data: a cat"
    assert [guess.name for guess in view.found] in (["cat", "dog"], ["dog", "cat"])
    drawer.draw(THREE)
    assert not drawer.samples


@pytest.mark.parametrize("width", [320, 360, 420])
@pytest.mark.parametrize(("compact", "low"), [(False, False), (False, True), (True, False)])
def test_everything_has_its_place(width, compact, low):
    places = Places.of(width, compact=compact, low=low, classes=3)
    assert places.pad.width() == places.pad.height()
    assert places.pad.left() >= 24
    assert places.pad.right() < width - 24 + 1
    assert places.guesses.right() <= width - 24
    assert places.guesses.bottom() < places.right.y() + 12
    assert places.button.y() + 32 <= places.height
    assert compact == (places.guesses.left() > places.pad.right())


def test_the_pad_is_as_large_as_designed():
    places = Places.of(360, compact=False, low=False, classes=3)
    assert (places.pad.width(), places.pad.top()) == (312, 64)
    assert places.height <= 688 - 24  # of a window of 1280 × 800


def test_beside_the_guesses_it_leaves_room_for_charts_and_settings(drawer):
    drawer.view.set_compact(True)
    assert drawer.view.height() <= 270
    drawer.draw(THREE)
    assert drawer.view.found[0].name == "3"
    assert drawer.view.caption() == "8 × 8 pixels"


def test_another_theme_paints_other_ink(drawer):
    drawer.draw([(0.2, 0.5), (0.8, 0.5)])
    middle = drawer.surface.geometry().center()
    theme.appearance().set_mode("light")
    assert drawer.image().pixelColor(middle) == theme.color("text")
    assert theme.color("text").lightness() < 60


def test_a_pen_whose_events_are_not_taken_is_a_mouse(drawer):
    at = QPointF(drawer.at((0.5, 0.5)))
    press = QMouseEvent(QEvent.Type.MouseButtonPress, at, drawer.surface.mapToGlobal(at), LEFT, LEFT, NONE)
    QApplication.sendEvent(drawer.surface, press)
    assert drawer.surface.is_drawing
    QTest.mouseRelease(drawer.surface, LEFT, NONE, at.toPoint())
    assert len(drawer.surface.drawing.strokes) == 1
