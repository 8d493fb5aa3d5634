import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from visualnn.gui import theme
from visualnn.gui.widgets.segmented import Segmented
from visualnn.gui.widgets.tabs import Tabs

LEFT = Qt.MouseButton.LeftButton
MODES = ["Step", "Train", "Landscape"]
ICONS = ["footprints", "activity", "mountain"]


@pytest.fixture
def modes(place):
    return place(Segmented(MODES, ICONS))


def middle(control, index) -> QPoint:
    return control.segment_rect(index).center().toPoint()


def test_a_click_chooses(modes, qtbot):
    with qtbot.waitSignal(modes.chosen) as heard:
        qtbot.mouseClick(modes, LEFT, pos=middle(modes, 2))
    assert heard.args == [2]
    assert modes.index() == 2


def test_the_chosen_one_again_says_nothing(modes, qtbot):
    with qtbot.assertNotEmitted(modes.chosen):
        qtbot.mouseClick(modes, LEFT, pos=middle(modes, 0))


def test_leaving_before_release_chooses_nothing(modes, qtbot):
    with qtbot.assertNotEmitted(modes.chosen):
        qtbot.mousePress(modes, LEFT, pos=middle(modes, 1))
        qtbot.mouseRelease(modes, LEFT, pos=middle(modes, 2))


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ([Qt.Key.Key_Right], [1]),
        ([Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right], [1, 2]),
        ([Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up], [2, 1, 0]),
        ([Qt.Key.Key_End, Qt.Key.Key_Home], [2, 0]),
        ([Qt.Key.Key_X], []),
    ],
)
def test_arrows_move(modes, qtbot, keys, chosen):
    heard = []
    modes.chosen.connect(heard.append)
    modes.setFocus()
    for key in keys:
        qtbot.keyClick(modes, key)
    assert heard == chosen


def test_a_disabled_choice_is_passed_over_and_says_why(modes, qtbot):
    modes.set_choice_enabled(1, False, "Load data first.")
    assert not modes.is_choice_enabled(1)
    with qtbot.assertNotEmitted(modes.chosen):
        qtbot.mouseClick(modes, LEFT, pos=middle(modes, 1))
    qtbot.keyClick(modes, Qt.Key.Key_Right)
    assert modes.index() == 2
    point = middle(modes, 1)
    QApplication.sendEvent(modes, QHelpEvent(QHelpEvent.Type.ToolTip, point, modes.mapToGlobal(point)))
    assert QToolTip.text() == "Load data first."
    QToolTip.hideText()
    modes.set_choice_enabled(1, True)
    qtbot.keyClick(modes, Qt.Key.Key_Left)
    assert modes.index() == 1


def test_each_choice_has_its_hint(modes):
    modes.set_hints(["Step  (Ctrl+1)", "Train  (Ctrl+2)", "Landscape  (Ctrl+3)"])
    point = middle(modes, 2)
    QApplication.sendEvent(modes, QHelpEvent(QHelpEvent.Type.ToolTip, point, modes.mapToGlobal(point)))
    assert QToolTip.text() == "Landscape  (Ctrl+3)"
    QToolTip.hideText()


def test_set_index_is_silent(modes, qtbot):
    with qtbot.assertNotEmitted(modes.chosen):
        modes.set_index(1)
    assert modes.accessibleDescription() == "Train, 2 of 3"


def test_other_labels(modes):
    wide = modes.sizeHint().width()
    modes.set_index(2)
    modes.set_labels(["Update", "Epoch"])
    assert modes.index() == 1
    assert modes.sizeHint().width() < wide


@pytest.mark.parametrize(("mode", "fill"), [("dark", "hover"), ("light", "panel")])
def test_the_chosen_one_is_raised(modes, appearance, mode, fill):
    appearance.set_mode(mode)
    box = modes.segment_rect(0)
    image = modes.grab().toImage()
    assert image.pixelColor(int(box.left()) + 5, int(box.center().y())).name() == theme.color(fill).name()
    other = modes.segment_rect(1)
    assert image.pixelColor(int(other.left()) + 5, int(other.center().y())).name() == theme.color("raised").name()


def test_hover_and_disabled_look_different(modes, qtbot, window):
    rest = modes.grab().toImage()
    qtbot.mouseMove(modes, middle(modes, 1))
    qtbot.waitUntil(lambda: modes.grab().toImage() != rest)
    qtbot.mouseMove(window, QPoint(500, 500))
    qtbot.waitUntil(lambda: modes.grab().toImage() == rest)
    modes.setEnabled(False)
    assert modes.grab().toImage() != rest


def test_tab_shows_the_ring(modes, qtbot, window):
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert modes.has_ring()


def test_tabs_that_are_wide_can_become_narrow(window):
    tabs = Tabs(["Built-in", "My file", "Draw"], window)
    before = tabs.minimumSizeHint()
    tabs.resize(400, 32)
    assert tabs.minimumSizeHint() == before
    assert before.width() <= 300 - 2 * 24  # in the narrowest panel
    assert max(tabs.segment_rect(index).right() for index in range(3)) <= 400
