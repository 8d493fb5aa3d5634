import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QShortcut

from visualnn.gui import theme
from visualnn.gui.widgets.button import IconButton, PlayButton, TextButton

LEFT = Qt.MouseButton.LeftButton
MAKERS = [
    lambda: IconButton("pin", "Pin", key="P"),
    lambda: PlayButton(),
    lambda: TextButton("Same start", "rotate-ccw"),
    lambda: TextButton("Check", kind="primary"),
    lambda: TextButton("Just look around", kind="hero-secondary"),
]


@pytest.mark.parametrize("make", MAKERS)
def test_mouse_and_keyboard_click_it(make, place, qtbot):
    button = place(make())
    for act in (
        lambda: qtbot.mouseClick(button, LEFT),
        lambda: qtbot.keyClick(button, Qt.Key.Key_Space),
        lambda: qtbot.keyClick(button, Qt.Key.Key_Return),
    ):
        with qtbot.waitSignal(button.clicked):
            act()


@pytest.mark.parametrize("make", MAKERS)
def test_it_has_a_name_and_is_large_enough(make, place):
    button = place(make())
    assert button.accessibleName()
    assert button.width() >= 32
    assert button.height() >= 32


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("mode", ["dark", "light"])
def test_every_state_can_be_painted(make, mode, place, appearance):
    appearance.set_mode(mode)
    button = place(make())
    images = [button.grab().toImage()]
    button.setDown(True)
    images.append(button.grab().toImage())
    button.setDown(False)
    button.setEnabled(False)
    images.append(button.grab().toImage())
    assert images[0] != images[1]
    assert images[0] != images[2]


def test_hover_lights_it(place, qtbot, window):
    button = place(IconButton("pin", "Pin"))
    rest = button.grab().toImage()
    qtbot.mouseMove(window, QPoint(500, 500))
    qtbot.mouseMove(button)
    qtbot.waitUntil(lambda: button.grab().toImage() != rest)
    qtbot.mouseMove(window, QPoint(500, 500))
    qtbot.waitUntil(lambda: button.grab().toImage() == rest)


def test_tooltip_has_the_key(place):
    assert place(IconButton("pin", "Pin", key="P")).toolTip() == "Pin  (P)"
    assert place(TextButton("Data")).toolTip() == ""
    assert place(TextButton("Data", key="D")).toolTip() == "Data  (D)"


def test_disabled_it_says_why(place, qtbot):
    button = place(IconButton("redo-2", "Redo", key="Ctrl+Y"))
    button.set_enabled(False, "There is nothing to redo.")
    assert button.toolTip() == "There is nothing to redo."
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.mouseClick(button, LEFT)
    button.set_enabled(True)
    assert button.toolTip() == "Redo  (Ctrl+Y)"


def test_only_tab_brings_the_ring(place, qtbot, window):
    first, second = place(TextButton("One")), place(TextButton("Two"), x=200)
    qtbot.mouseClick(first, LEFT)
    assert not first.hasFocus()
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert first.has_ring()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.has_ring()
    assert not first.has_ring()
    qtbot.keyClick(second, Qt.Key.Key_Backtab)
    assert first.has_ring()


def test_the_ring_is_two_pixels_of_accent_two_pixels_away_and_stays_there(place, qtbot, window):
    button = place(TextButton("One", kind="solid"), x=40, y=40)
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    button.move(60, 80)
    image = window.grab().toImage()
    middle = 80 + button.height() // 2
    accents = [x for x in range(40, 62) if image.pixelColor(x, middle).name() == theme.color("accent").name()]
    assert accents == [56, 57]
    button.hide()
    assert not button.has_ring()


def test_space_is_the_buttons_while_it_has_the_focus(place, qtbot, window):
    button = place(TextButton("One"))
    shortcut = QShortcut(Qt.Key.Key_Space, window)
    heard = []
    shortcut.activated.connect(lambda: heard.append("window"))
    button.clicked.connect(lambda: heard.append("button"))
    button.setFocus(Qt.FocusReason.TabFocusReason)
    event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    button.event(event)
    assert event.isAccepted()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert heard == ["button"]


def test_play_becomes_pause(place):
    button = place(PlayButton())
    play = button.grab().toImage()
    button.set_playing(True)
    assert button.is_playing()
    assert button.accessibleName() == "Pause"
    assert button.toolTip() == "Pause  (Space)"
    assert button.grab().toImage() != play
    button.set_playing(False, "Continue from here")
    assert button.accessibleName() == "Continue from here"


def test_only_the_disc_plays(place, qtbot):
    button = place(PlayButton())
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.mouseClick(button, LEFT, pos=QPoint(2, 2))


def test_narrow_buttons_lose_their_word_but_not_their_name(place):
    button = place(TextButton("Lessons", "book-open"))
    wide = button.sizeHint().width()
    button.set_compact(True)
    assert button.sizeHint().width() == 40 < wide
    assert button.accessibleName() == "Lessons"
    assert button.toolTip() == "Lessons"
    assert not button.grab().isNull()


def test_a_new_word_needs_new_room(place):
    button = place(TextButton("Runs · 3", "history", trailing="chevron-right"))
    before = button.sizeHint().width()
    button.set_label("Runs · 333 & more")
    assert button.sizeHint().width() > before
    assert button.label() == button.accessibleName() == "Runs · 333 & more"


def test_checked_is_violet(place):
    button = place(TextButton("Lessons", "book-open"))
    button.setCheckable(True)
    button.setChecked(True)
    assert button.grab().toImage().pixelColor(20, 4).name() == theme.color("accentbg").name()
    icon = place(IconButton("pin", "Pin"), y=80)
    icon.setCheckable(True)
    icon.setChecked(True)
    icon.set_icon("x")
    assert icon.grab().toImage().pixelColor(18, 4).name() == theme.color("accentbg").name()


def test_hero_has_the_measures_of_the_picture(place):
    start, look = (
        place(TextButton("Start here · 5 min", "play", "hero")),
        place(TextButton("Just look around", kind="hero-secondary")),
    )
    assert (start.width(), start.height()) == (pytest.approx(206, abs=2), 48)
    assert (look.width(), look.height()) == (pytest.approx(152, abs=2), 48)
    assert place(TextButton("Same start, rate 0.01", kind="primary", height=42)).height() == 42
