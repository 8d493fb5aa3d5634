"""Two weights by name: typed, offered, taken, and refused in words."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import LEFT, move
from visualnn.gui.widgets.axes_sheet import LISTED, AxesSheet
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network, neuron_names
from visualnn.scene.landscape.portrait import Sitter

ENTER, DOWN, UP, TAB = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Tab


def sitter(shape: str, pair=(0, 3), mask=None) -> Sitter:
    network = Network.parse(shape)
    return Sitter(network, neuron_names(network), pair, mask)


@pytest.fixture
def sheet(window) -> AxesSheet:
    made = AxesSheet(window)
    made.ask_about(sitter("2-3-1"))
    return made


def retype(qtbot, field, text: str) -> None:
    field.setFocus(Qt.FocusReason.TabFocusReason)
    field.selectAll()
    qtbot.keyClicks(field, text)


def heard_from(sheet: AxesSheet) -> list[tuple[int, int]]:
    heard: list[tuple[int, int]] = []
    sheet.pair_wanted.connect(lambda first, second: heard.append((first, second)))
    return heard


def test_it_opens_with_the_two_axes_and_the_first_is_typed_over(qtbot, sheet):
    assert (sheet.first.text(), sheet.second.text()) == ("w_ac", "w_bc")
    assert QApplication.focusWidget() is sheet.first
    heard = heard_from(sheet)
    qtbot.keyClicks(sheet.first, "wcf")
    qtbot.keyClick(sheet.first, ENTER)
    assert heard == [(9, 3)]
    assert sheet.isHidden()


@pytest.mark.parametrize("typed", ["w_bd", "wbd", "WBD", " b_f", "w b→d", "wb->d"])
def test_a_name_may_be_joined_in_any_way(qtbot, sheet, typed):
    heard = heard_from(sheet)
    sheet.second.setText(typed)
    qtbot.mouseClick(sheet.accept_button, LEFT)
    assert heard == [(0, 12 if "f" in typed else 4)]


def test_tab_leads_from_name_to_name(qtbot, sheet):
    qtbot.keyClick(sheet.first, TAB)
    assert QApplication.focusWidget() is sheet.second
    qtbot.keyClicks(sheet.second, "wbe")
    with qtbot.waitSignal(sheet.pair_wanted) as wanted:
        qtbot.keyClick(sheet.second, ENTER)
    assert wanted.args == [0, 5]


def test_an_unknown_name_is_refused_in_words_and_stays_to_be_corrected(qtbot, sheet):
    heard = heard_from(sheet)
    retype(qtbot, sheet.second, "w_xy")
    qtbot.keyClick(sheet.second, ENTER)
    assert sheet.trouble == "There is no weight “w_xy” in 2-3-1."
    assert sheet.second.property("wrong")
    assert not sheet.first.property("wrong")
    assert sheet.isVisible()
    assert QApplication.focusWidget() is sheet.second
    assert sheet.suggestions.names()[0] == "w_ac"  # as much of it as there is
    sheet.grab()
    qtbot.keyClicks(sheet.second, "w")
    assert sheet.trouble == ""
    assert not sheet.second.property("wrong")
    qtbot.keyClicks(sheet.second, "ad")
    qtbot.keyClick(sheet.second, ENTER)
    assert heard == [(0, 1)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Name a weight for the second axis."),
        ("wac", "wac is the first axis already. Choose another weight."),
        ("w" * 60, f"There is no weight “{'w' * 23}…” in 2-3-1."),
    ],
)
def test_what_cannot_be_an_axis_is_refused(qtbot, sheet, typed, sentence):
    heard = heard_from(sheet)
    sheet.second.setText(typed)
    qtbot.mouseClick(sheet.accept_button, LEFT)
    assert sheet.trouble == sentence
    assert sheet.accessibleName() == sentence
    assert heard == []


def test_what_is_cut_is_neither_offered_nor_taken(qtbot, window):
    network = Network.of(2, 3, 1)
    made = AxesSheet(window)
    made.ask_about(sitter("2-3-1", (0, 3), mask_of(network, [], [1])))
    retype(qtbot, made.second, "wa")
    assert made.suggestions.names() == ["w_ac", "w_ae"]
    qtbot.keyClicks(made.second, "d")
    qtbot.keyClick(made.second, ENTER)
    assert made.trouble == "wad is cut, so it cannot move. Choose another."


def test_names_that_begin_with_what_is_typed_are_offered(qtbot, sheet):
    assert sheet.suggestions.names()[:3] == ["w_ac", "w_ad", "w_ae"]
    qtbot.keyClicks(sheet.first, "wb")
    assert sheet.suggestions.names() == ["w_bc", "w_bd", "w_be"]
    qtbot.keyClicks(sheet.first, "e")
    assert sheet.suggestions.names() == []
    qtbot.keyClick(sheet.first, Qt.Key.Key_Backspace)
    assert sheet.suggestions.names() == ["w_bc", "w_bd", "w_be"]


def test_arrows_light_a_name_and_enter_takes_it(qtbot, sheet):
    heard = heard_from(sheet)
    qtbot.keyClicks(sheet.first, "wb")
    for key, lit in ((DOWN, "w_bc"), (DOWN, "w_bd"), (UP, "w_bc"), (UP, None), (UP, "w_be")):
        qtbot.keyClick(sheet.first, key)
        assert sheet.suggestions.lit == lit
    sheet.grab()
    qtbot.keyClick(sheet.first, ENTER)
    assert sheet.first.text() == "w_be"
    assert heard == []
    qtbot.keyClick(sheet.first, ENTER)
    assert heard == [(5, 3)]


def test_a_name_is_taken_by_a_click_into_the_field_with_the_focus(qtbot, sheet):
    retype(qtbot, sheet.second, "b")
    at = sheet.suggestions.middle_of("b_f").toPoint()
    move(sheet.suggestions, at, Qt.MouseButton.NoButton)
    assert sheet.suggestions.lit == "b_f"
    assert sheet.suggestions.cursor().shape() == Qt.CursorShape.PointingHandCursor
    move(sheet.suggestions, QPoint(400, 60), Qt.MouseButton.NoButton)
    assert sheet.suggestions.lit is None
    qtbot.mouseClick(sheet.suggestions, LEFT, pos=at)
    assert (sheet.first.text(), sheet.second.text()) == ("w_ac", "b_f")
    assert QApplication.focusWidget() is sheet.second


def test_of_a_large_network_the_first_names_are_offered_and_every_name_is_understood(qtbot, window):
    made = AxesSheet(window)
    large = sitter("784-100-10", None)
    made.ask_about(large)
    assert (made.first.text(), made.second.text()) == ("", "")
    assert len(made._names) == LISTED
    retype(qtbot, made.first, "w_x784_h1_100")
    retype(qtbot, made.second, "b_y10")
    with qtbot.waitSignal(made.pair_wanted) as wanted:
        qtbot.keyClick(made.second, ENTER)
    assert wanted.args == [78_399, large.network.parameter_count - 1]


def test_escape_leaves_without_a_word(qtbot, sheet):
    heard = heard_from(sheet)
    qtbot.keyClicks(sheet.first, "wbd")
    qtbot.keyClick(sheet.first, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    assert heard == []


@pytest.mark.parametrize("size", [(960, 640), (360, 420)])
def test_everything_lies_inside_the_card_one_below_the_other(window, size):
    window.resize(*size)
    made = AxesSheet(window)
    made.ask_about(sitter("2-3-1"))
    parts = [made.first, made.second, made.suggestions, made.accept_button]
    for above, below in pairwise(parts):
        assert above.geometry().bottom() < below.geometry().top()
    assert all(made.card().contains(part.geometry().toRectF()) for part in parts)
