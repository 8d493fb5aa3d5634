"""The controls on the stage: where they stand, what they ask for, and what leaves them alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.gui.conftest import LEFT
from visualnn.gui import theme
from visualnn.gui.views.network.shaping import ColumnSpot, GapSpot, Shaping
from visualnn.gui.widgets.add_button import AddButton
from visualnn.gui.widgets.curve_icon import draw_curve
from visualnn.gui.widgets.head_button import HeadButton
from visualnn.gui.widgets.stepper import Stepper
from visualnn.scene.curves import TITLES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

HIDDEN = ("relu", "leaky_relu", "tanh", "sigmoid", "linear")
OUTPUT = ("linear", "sigmoid", "softmax")
LINES = {"head_y": 54.0, "foot_y": 500.0}
INITIALIZERS = {"glorot_uniform": "Glorot uniform", "he_normal": "He normal"}


def columns(*units: int, pitch: float = 200, left: float = 100) -> tuple[ColumnSpot, ...]:
    """The columns of a network, `pitch` pixels apart."""
    last = len(units) - 1
    found = []
    for place, count in enumerate(units):
        kind = "input" if place == 0 else "output" if place == last else "hidden"
        title = f"Hidden {place}" if kind == "hidden" else kind.capitalize()
        activation = {"input": None, "hidden": "relu", "output": "sigmoid"}[kind]
        choices = {"input": (), "hidden": HIDDEN, "output": OUTPUT}[kind]
        inner = kind == "hidden"
        spot = ColumnSpot(
            place, left + place * pitch, pitch, count, kind, activation, choices, title, removable=inner, foldable=inner
        )
        found.append(spot)
    return tuple(found)


def gaps(spots: tuple[ColumnSpot, ...]) -> tuple[GapSpot, ...]:
    """A place for a layer between any two columns."""
    return tuple(GapSpot(a.column, (a.x + b.x) / 2) for a, b in pairwise(spots))


class Table(QWidget):
    """A stage with controls and nothing else."""

    def __init__(self):
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resize(900, 560)
        self.shaping = Shaping(self)

    def shows(self, spots: tuple[ColumnSpot, ...], scale: float = 1.0) -> None:
        self.shaping.show(spots, gaps(spots), **LINES, scale=scale, initializers=INITIALIZERS)

    def seen(self, kind: type[QWidget]) -> list[QWidget]:
        """The controls of a kind from left to right."""
        found = [each for each in self.findChildren(kind) if not each.isHidden()]
        return sorted(found, key=QWidget.x)


@pytest.fixture
def stage(qtbot):
    theme.appearance().set_reduced_motion(True)
    stage = Table()
    qtbot.addWidget(stage)
    stage.shows(columns(2, 8, 6, 1))
    stage.show()
    stage.activateWindow()
    qtbot.waitUntil(stage.isActiveWindow)
    stage.setFocus()
    yield stage
    theme.appearance().set_reduced_motion(None)


@pytest.fixture
def requests(stage):
    """Everything it asked for, by the signal's name."""
    made = []
    names = "units layer layer_removal activation initializer matrix fold"
    for name in names.split():
        getattr(stage.shaping, f"{name}_requested").connect(lambda *what, name=name: made.append((name, *what)))
    return made


def middle(widget: QWidget) -> tuple[int, int]:
    return widget.x() + widget.width() // 2, widget.y() + widget.height() // 2


def entry(menu: QMenu, text: str):
    return next(action for action in menu.actions() if action.text() == text)


def take(qtbot, menu: QMenu, text: str) -> None:
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry(menu, text)).center())


# -- where they stand --------------------------------------------------------------------------------------------------


def test_steppers_stand_under_hidden_columns_only(stage):
    assert [middle(each) for each in stage.seen(Stepper)] == [(300, 500), (500, 500)]
    assert [each.value() for each in stage.seen(Stepper)] == [8, 6]


def test_heads_name_the_activations_and_the_data_set_the_size_of_the_output(stage):
    heads = stage.seen(HeadButton)
    assert [each.label() for each in heads] == ["ReLU", "ReLU", "Sigmoid"]
    assert [abs(middle(each)[1] - 54) <= 1 for each in heads] == [True] * 3
    assert heads[0].toolTip() == "Activation of Hidden 1  (A)"
    assert heads[2].toolTip().endswith("set by the data")


def test_a_layer_can_be_added_in_every_gap(stage):
    assert [middle(each) for each in stage.seen(AddButton)] == [(200, 500), (400, 500), (600, 500)]


def test_where_it_is_narrow_rings_go_first_then_steppers(stage):
    stage.shows(columns(2, 8, 6, 1, pitch=120))
    assert (len(stage.seen(Stepper)), len(stage.seen(AddButton))) == (2, 0)
    stage.shows(columns(2, 8, 6, 1, pitch=103))
    assert (len(stage.seen(Stepper)), len(stage.seen(AddButton))) == (0, 3)


def test_heads_lose_their_chevron_then_leave(stage):
    for pitch, chevrons in ((70, [True] * 2), (60, [False] * 2), (30, [])):
        stage.shows(columns(2, 8, 6, 1, pitch=pitch)[:3])
        assert [each.has_chevron() for each in stage.seen(HeadButton)] == chevrons


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("pitch", range(40, 260, 22))
def test_nothing_overlaps(stage, pitch, scale):
    stage.shows(columns(2, 8, 100_000, 1000, 1, pitch=pitch), scale)
    foot = sorted([*stage.seen(Stepper), *stage.seen(AddButton)], key=QWidget.x)
    for line in (foot, stage.seen(HeadButton)):
        assert all(a.geometry().right() < b.x() for a, b in pairwise(line))


def test_what_lies_beside_the_stage_is_left_out(stage):
    stage.shows(columns(2, 8, 6, 1, left=-300))
    assert [middle(each)[0] for each in stage.seen(Stepper)] == [100]
    assert len(stage.seen(HeadButton)) == 2


def test_widgets_are_used_again(stage):
    before = set(stage.findChildren(QWidget))
    stage.shows(columns(2, 8, 1))
    stage.shows(columns(2, 5, 5, 1))
    assert set(stage.findChildren(QWidget)) == before
    assert [each.value() for each in stage.seen(Stepper)] == [5, 5]


def test_a_larger_stage_brings_larger_controls(stage):
    stage.shows(columns(2, 8, 6, 1), 1.5)
    assert stage.seen(Stepper)[0].size() == QSize(144, 51)
    assert stage.seen(AddButton)[0].size() == QSize(50, 50)


def test_all_can_leave(stage):
    stage.shaping.hide_all()
    assert [*stage.seen(Stepper), *stage.seen(AddButton), *stage.seen(HeadButton)] == []


# -- what they ask for -------------------------------------------------------------------------------------------------


def test_signs_rings_and_typed_numbers_ask(stage, requests, qtbot):
    qtbot.mouseClick(stage.seen(Stepper)[1].plus, LEFT)
    qtbot.mouseClick(stage.seen(AddButton)[1], LEFT)
    qtbot.mouseClick(stage.seen(Stepper)[0].number, LEFT)
    qtbot.keyClicks(QApplication.focusWidget(), "1000")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert requests == [("units", 2, 7), ("layer", 1), ("units", 1, 1000)]
    assert stage.hasFocus()


def test_the_minus_of_a_single_neuron_removes_its_layer(stage, requests, qtbot):
    stage.shows(columns(2, 8, 1, 1))
    qtbot.mouseClick(stage.seen(Stepper)[1].minus, LEFT)
    assert requests == [("layer_removal", 2)]


def test_an_activation_is_chosen_at_the_head(stage, requests, qtbot):
    qtbot.mouseClick(stage.seen(HeadButton)[0], LEFT)
    take(qtbot, QApplication.activePopupWidget(), "Tanh")
    assert requests == [("activation", 1, "tanh")]


def test_the_present_activation_again_asks_for_nothing(stage, requests, qtbot):
    menu = stage.shaping.open_head_menu(1)
    take(qtbot, menu, "ReLU")
    assert requests == []


def test_keys_reach_the_menu_and_what_is_in_it(stage, requests, qtbot):
    head = stage.seen(HeadButton)[1]
    head.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(head, Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert requests == [("activation", 2, "leaky_relu")]


@pytest.mark.parametrize(
    ("text", "request_made"),
    [
        ("Matrix of these weights", ("matrix", 1)),
        ("Fold this layer", ("fold", 1)),
        ("Remove layer", ("layer_removal", 1)),
    ],
)
def test_the_menu_has_more_to_do(stage, requests, qtbot, text, request_made):
    take(qtbot, stage.shaping.open_head_menu(1), text)
    assert requests == [request_made]


def test_new_weights_are_chosen_below_also_when_opened_twice(stage, requests, qtbot):
    menu = stage.shaping.open_head_menu(1)
    below = entry(menu, "New weights here").menu()
    menu.setActiveAction(entry(menu, "New weights here"))
    for _ in range(2):
        qtbot.keyClick(menu, Qt.Key.Key_Right)
        assert below.isVisible()
        qtbot.keyClick(below, Qt.Key.Key_Left)
    qtbot.keyClick(menu, Qt.Key.Key_Right)
    take(qtbot, below, "He normal")
    assert requests == [("initializer", 1, "he_normal")]


def test_an_output_is_neither_folded_nor_removed(stage):
    menu = stage.shaping.open_head_menu(3)
    texts = [action.text() for action in menu.actions() if action.text()]
    menu.close()
    assert texts == ["Linear", "Sigmoid", "Softmax", "New weights here", "Matrix of these weights"]


def test_every_choice_has_its_curve(stage, qtbot):
    menu = stage.shaping.open_head_menu(1)
    image, green = menu.grab().toImage(), theme.color("act").name()
    for action in menu.actions()[: len(HIDDEN)]:
        box = menu.actionGeometry(action)
        found = {image.pixelColor(x, y).name() for x in range(box.left(), box.left() + 70) for y in box_rows(box)}
        assert green in found, action.text()
    menu.close()


def box_rows(box) -> range:
    return range(box.top(), box.bottom())


def test_curves_differ_and_stay_in_their_box(qapp):
    images = [drawn(name) for name in ("relu", "tanh", "sigmoid", "linear", "gelu")]
    assert all(a != b for place, a in enumerate(images) for b in images[:place])
    empty = images[0].pixelColor(0, 0)
    for image in map(drawn, TITLES):
        assert {image.pixelColor(x, y).name() for x in range(48) for y in (9, 31)} == {empty.name()}


def drawn(name: str) -> QImage:
    """A curve in the middle of a larger picture."""
    image = QImage(48, 40, QImage.Format.Format_RGB32)
    image.fill(theme.color("raised"))
    with QPainter(image) as painter:
        draw_curve(painter, name, 24, 20)
    return image


# -- keys of the stage -------------------------------------------------------------------------------------------------


def test_units_are_typed_also_where_the_stepper_found_no_room(stage, requests, qtbot):
    stage.shows(columns(2, 8, 6, 1, pitch=60))
    assert stage.shaping.edit_units(2)
    qtbot.keyClicks(QApplication.focusWidget(), "4")
    stage.shows(columns(2, 8, 6, 1, pitch=60, left=110))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert requests == [("units", 2, 4)]
    assert stage.seen(Stepper) == []


def test_sizes_that_come_from_the_data_are_not_typed(stage):
    assert [stage.shaping.edit_units(column) for column in (0, 3, 9)] == [False] * 3
    assert stage.shaping.open_head_menu(0) is None


# -- zooming and panning leave them alone ------------------------------------------------------------------------------


def test_an_open_editor_goes_along_and_keeps_what_is_typed(stage, qtbot):
    stage.shaping.edit_units(1)
    editor = QApplication.focusWidget()
    qtbot.keyClicks(editor, "12")
    before = editor.geometry().center()
    stage.shows(columns(2, 8, 6, 1, left=130))
    assert editor.hasFocus()
    assert editor.text() == "12"
    assert editor.geometry().center() - before == QPoint(30, 0)


def test_an_editor_closes_with_its_column(stage, requests):
    stage.shaping.edit_units(2)
    editor = QApplication.focusWidget()
    stage.shows(columns(2, 8, 1))
    assert not editor.isVisible()
    assert stage.hasFocus()
    assert requests == []


def test_a_number_being_typed_is_asked_for_before_columns_get_other_numbers(stage, requests, qtbot):
    stage.shaping.edit_units(2)
    qtbot.keyClicks(QApplication.focusWidget(), "12")
    qtbot.mouseClick(stage.seen(AddButton)[0], LEFT)
    assert requests == [("units", 2, 12), ("layer", 0)]


def test_the_focus_stays_while_things_move_and_goes_to_the_stage_if_they_leave(stage):
    stepper = stage.seen(Stepper)[0]
    stepper.setFocus(Qt.FocusReason.TabFocusReason)
    stage.shows(columns(2, 9, 6, 1, left=120))
    assert stepper.hasFocus()
    stage.shows(columns(2, 9, 6, 1, pitch=90))
    assert stage.hasFocus()


def test_the_same_spots_again_touch_nothing(stage):
    stepper = stage.seen(Stepper)[0]
    stepper.move(1, 1)
    stage.shows(columns(2, 8, 6, 1))
    assert stepper.pos() == QPoint(1, 1)
    stage.shows(
        (*columns(2, 8, 6)[:2], *columns(2, 8, 6, 1)[2:3], replace(columns(2, 8, 6, 1)[3], activation="linear"))
    )
    assert stepper.pos() != QPoint(1, 1)


def test_tab_walks_from_the_stage_through_the_controls_from_left_to_right(stage, qtbot):
    def walk() -> list[tuple[str, int]]:
        stage.setFocus()
        passed = []
        for _ in range(8):
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            passed.append((type(QApplication.focusWidget()).__name__, middle(QApplication.focusWidget())[0]))
        return passed

    add, head, step = "AddButton", "HeadButton", "Stepper"
    expected = [(add, 200), (head, 300), (step, 300), (add, 400), (head, 500), (step, 500), (add, 600), (head, 700)]
    assert walk() == expected
    stage.shows(columns(2, 8, 1))
    stage.shows(columns(2, 8, 6, 1))
    assert walk() == expected
