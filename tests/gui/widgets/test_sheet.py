import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from visualnn.gui.widgets.key_caps import caps
from visualnn.gui.widgets.keys_sheet import KeysSheet
from visualnn.gui.widgets.search import Entry, find, score
from visualnn.gui.widgets.sheet import WIDTH, FindSheet

LEFT = Qt.MouseButton.LeftButton
ENTRIES = [
    Entry("play", "Play or pause", "Space", "play", group="Play"),
    Entry("forward", "Step forward", "→", "step-forward", group="Play"),
    Entry("step", "Step", "Ctrl+1", "footprints", group="Modes"),
    Entry("start", "Same start", "R", "rotate-ccw", detail="keeps the settings", group="Training"),
    Entry("new", "New weights", "Shift+R", "dices", group="Training"),
    Entry("restore", "Restore these weights", enabled=False, detail="No run is chosen.", group="Training"),
    *[Entry(f"neuron-{letter}", f"Neuron {letter}", detail="hidden layer") for letter in "cdefghijklm"],
]


@pytest.fixture
def sheet(window):
    sheet = FindSheet(window)
    sheet.set_entries(ENTRIES)
    return sheet


def names(hits):
    return [hit.entry.text for hit in hits]


# -------------------------------------------------------------------------------------------------------------- search


def test_nothing_typed_finds_everything():
    assert names(find(ENTRIES, " ")) == [entry.text for entry in ENTRIES]


def test_the_start_of_the_name_comes_first_then_the_start_of_a_word():
    assert names(find(ENTRIES, "st")) == ["Step", "Step forward", "Same start", "Restore these weights"]


def test_places_are_the_letters_typed():
    assert find(ENTRIES, "fo st")[0].places == frozenset({0, 1, 5, 6})
    assert score("Same start", "ss") == (1.0, frozenset({0, 5}))


def test_letters_may_be_apart_but_not_lacking():
    assert names(find(ENTRIES, "nw"))[0] == "New weights"
    assert find(ENTRIES, "xyz") == []
    assert find(ENTRIES, "z") == []


def test_case_does_not_matter():
    assert names(find(ENTRIES, "NEURON D")) == ["Neuron d"]


# ---------------------------------------------------------------------------------------------------------------- find


def test_it_opens_with_the_cursor_in_it_a_fifth_down(sheet, window, qtbot):
    sheet.open()
    qtbot.waitUntil(sheet.line().hasFocus)
    assert sheet.card().width() == WIDTH
    assert sheet.card().top() == 120
    assert not sheet.grab().isNull()


def test_typing_and_enter_choose(sheet, qtbot):
    sheet.open()
    qtbot.keyClicks(sheet.line(), "same")
    with qtbot.waitSignal(sheet.chosen) as heard:
        qtbot.keyClick(sheet.line(), Qt.Key.Key_Return)
    assert heard.args == ["start"]
    assert sheet.isHidden()


@pytest.mark.parametrize(
    ("keys", "current"),
    [
        ([], "play"),
        ([Qt.Key.Key_Down], "forward"),
        ([Qt.Key.Key_Up], "neuron-m"),
        ([Qt.Key.Key_PageDown], "neuron-f"),
        ([Qt.Key.Key_PageDown] * 3, "neuron-m"),
        ([Qt.Key.Key_PageDown] * 3 + [Qt.Key.Key_Down], "play"),
        ([Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp], "play"),
    ],
)
def test_keys_move_in_the_list(sheet, qtbot, keys, current):
    sheet.open()
    for key in keys:
        qtbot.keyClick(sheet.line(), key)
    assert sheet.current().id == current
    assert not sheet.grab().isNull()


def test_escape_gives_the_focus_back(sheet, window, qtbot):
    before = QLineEdit(window)
    before.show()
    before.setFocus()
    sheet.open()
    qtbot.waitUntil(sheet.line().hasFocus)
    with qtbot.waitSignal(sheet.closed), qtbot.assertNotEmitted(sheet.chosen):
        qtbot.keyClick(sheet.line(), Qt.Key.Key_Escape)
    assert before.hasFocus()


def test_tab_stays(sheet, qtbot):
    sheet.open()
    qtbot.waitUntil(sheet.line().hasFocus)
    qtbot.keyClick(sheet.line(), Qt.Key.Key_Tab)
    assert sheet.line().hasFocus()


def test_the_mouse_lights_and_chooses(sheet, qtbot):
    sheet.open()
    third = sheet.row_rect(2).center().toPoint()
    qtbot.mouseMove(sheet, third + QPoint(1, 0))
    qtbot.waitUntil(lambda: sheet.current().id == "step")
    with qtbot.waitSignal(sheet.chosen) as heard:
        qtbot.mouseClick(sheet, LEFT, pos=third)
    assert heard.args == ["step"]


def test_a_click_beside_leaves(sheet, qtbot):
    sheet.open()
    qtbot.mouseClick(sheet, LEFT, pos=QPoint(5, 5))
    assert sheet.isHidden()


def test_the_wheel_scrolls(sheet):
    sheet.open()
    for turns, current in ((-120, "forward"), (120, "forward")):
        place = sheet.row_rect(0).center()
        none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        glob = QPointF(sheet.mapToGlobal(place.toPoint()))
        QApplication.sendEvent(sheet, QWheelEvent(place, glob, QPoint(), QPoint(0, turns), *none, False))
        assert sheet.current().id == current


def test_what_cannot_be_done_is_shown_but_not_chosen(sheet, qtbot):
    sheet.open("restore")
    assert sheet.current().id == "restore"
    with qtbot.assertNotEmitted(sheet.chosen):
        qtbot.keyClick(sheet.line(), Qt.Key.Key_Return)
    assert sheet.isVisible()


def test_suggestions_come_first(sheet, qtbot):
    def suggest(text):
        word, _, number = text.partition(" ")
        return [Entry(f"rate:{number}", f"Set learning rate to {number}")] if word == "rate" and number else []

    sheet.set_entries(ENTRIES, suggest)
    sheet.open()
    qtbot.keyClicks(sheet.line(), "rate 0.03")
    assert sheet.current().text == "Set learning rate to 0.03"
    with qtbot.waitSignal(sheet.chosen) as heard:
        qtbot.keyClick(sheet.line(), Qt.Key.Key_Enter)
    assert heard.args == ["rate:0.03"]


def test_nothing_found_is_a_sentence(sheet, qtbot):
    sheet.open("qqq")
    assert sheet.hits() == []
    assert sheet.current() is None
    assert sheet.accessibleName() == "Nothing here is called “qqq”."
    assert not sheet.grab().isNull()
    with qtbot.assertNotEmitted(sheet.chosen):
        qtbot.keyClick(sheet.line(), Qt.Key.Key_Return)


def test_it_follows_its_window(sheet, window):
    sheet.open()
    window.resize(700, 400)
    assert sheet.size() == window.size()
    assert sheet.rect().contains(sheet.card().toRect())


def test_the_lit_entry_is_told(sheet, qtbot):
    sheet.open("same")
    assert sheet.accessibleName() == "Same start, R, keeps the settings"


# ---------------------------------------------------------------------------------------------------------------- keys


@pytest.mark.parametrize(
    ("keys", "single"),
    [
        ("Ctrl+Shift+Z", ["Ctrl", "Shift", "Z"]),
        ("Ctrl K", ["Ctrl", "K"]),
        ("Ctrl++", ["Ctrl", "+"]),
        ("+", ["+"]),
        ("→", ["→"]),
        ("", []),
    ],
)
def test_caps(keys, single):
    assert caps(keys) == single


@pytest.fixture
def keys_sheet(window):
    sheet = KeysSheet(window)
    sheet.set_entries(ENTRIES)
    return sheet


def test_only_entries_with_keys_are_listed_in_their_groups(keys_sheet):
    keys_sheet.open()
    groups = [group for column in keys_sheet.columns() for group in column]
    assert [name for name, _ in groups] == ["Play", "Modes", "Training"]
    assert [entry.id for entry in groups[2][1]] == ["start", "new"]
    assert "Same start: R." in keys_sheet.accessibleName()
    assert not keys_sheet.grab().isNull()


@pytest.mark.parametrize("width", [400, 800, 1400])
def test_columns_fit_the_window(keys_sheet, window, width):
    window.resize(width, 600)
    keys_sheet.open()
    assert len(keys_sheet.columns()) <= 3
    assert keys_sheet.card().width() <= max(width, 364)


def test_any_key_leaves_but_shift_alone_does_not(keys_sheet, qtbot):
    keys_sheet.open()
    qtbot.keyClick(keys_sheet, Qt.Key.Key_Shift)
    assert keys_sheet.isVisible()
    with qtbot.waitSignal(keys_sheet.closed):
        qtbot.keyClick(keys_sheet, Qt.Key.Key_Question)
    keys_sheet.open()
    qtbot.mouseClick(keys_sheet, LEFT)
    assert keys_sheet.isHidden()
    keys_sheet.leave()


def test_no_keys_at_all(window):
    sheet = KeysSheet(window)
    sheet.open()
    assert not sheet.grab().isNull()
