import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from visualnn.gui.widgets.numbers import InlineEditor, NumberError, read_number, write_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2.0),
        (" −0.895 ", -0.895),
        ("-1", -1.0),
        ("–1", -1.0),
        ("0,5", 0.5),
        ("0,125", 0.125),
        ("1e-3", 0.001),
        ("1E−3", 0.001),
        ("1,000.5", 1000.5),
        ("1 000", 1000.0),
        ("+.5", 0.5),
    ],
)
def test_numbers_are_read(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "n/a", "1,000", "nan", "inf", "1_000", "1..2", "--1", "1,2,3"])
def test_others_are_refused_with_a_sentence(text):
    with pytest.raises(NumberError) as problem:
        read_number(text)
    assert str(problem.value).endswith((".", "?"))


def test_limits_are_named():
    with pytest.raises(NumberError, match=r"smallest number here is −1\."):
        read_number("-2", -1, 1)
    with pytest.raises(NumberError, match=r"largest number here is 1\."):
        read_number("2", -1, 1)


@pytest.mark.parametrize("value", [0.02, -0.895, 1e-6, 140.0, 0.0])
def test_what_is_written_can_be_read(value):
    assert read_number(write_number(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-5, "0.00001"), (-2.5e-5, "−0.000025"), (1e-8, "1e−8"), (1e6, "1e6"), (0.02, "0.02"), (1000.0, "1000")],
)
def test_small_numbers_are_written_out_and_exponents_have_no_zeros_before_them(value, text):
    assert write_number(value) == text


@pytest.fixture
def editor(window):
    editor = InlineEditor(window)
    editor.open_at(QPoint(300, 200), -0.895, "Weight b→d")
    return editor


def test_it_opens_over_the_number_ready_to_be_typed_over(editor, qtbot):
    assert editor.geometry().center() == QPoint(300, 200)
    assert editor.text() == editor.selectedText() == "−0.895"
    assert editor.accessibleName() == "Weight b→d"
    qtbot.waitUntil(editor.hasFocus)


def test_it_stays_inside(window):
    editor = InlineEditor(window)
    editor.open_at(QPoint(0, 100), 1)
    assert window.rect().contains(editor.geometry())


@pytest.mark.parametrize("value", [1.1687347, -0.8950311, -1.234567890123e-300, 2.0])
def test_it_is_as_wide_as_its_number(window, value):
    editor = InlineEditor(window)
    editor.open_at(QPoint(300, 200), value)
    assert 92 <= editor.width() <= 220
    assert editor.width() >= editor.fontMetrics().horizontalAdvance(editor.text()) + 28
    assert editor.selectedText() == editor.text()
    assert editor.cursorPosition() == 0


def test_it_grows_with_what_is_typed_but_not_out_of_the_window(window, qtbot):
    editor = InlineEditor(window)
    editor.open_at(QPoint(40, 100), 1)
    assert editor.width() == 92
    widths = []
    for figure in "0.12345678901234567890123456789":
        qtbot.keyClicks(editor, figure)
        widths.append(editor.width())
        assert window.rect().contains(editor.geometry())
    assert widths == sorted(widths)
    assert widths[-1] == 220
    assert editor.cursorPosition() == len(editor.text())


def test_a_long_number_shows_its_beginning(window):
    editor = InlineEditor(window)
    editor.WIDEST = 92
    editor.open_at(QPoint(300, 200), -1.23456789012)
    editor.grab()
    assert editor.cursorPositionAt(QPoint(14, 16)) <= 1


def test_a_window_narrower_than_the_number_is_filled(window):
    frame = QWidget(window)
    frame.resize(100, 100)
    editor = InlineEditor(frame)
    editor.open_at(QPoint(50, 50), -0.123456789012)
    assert frame.rect().contains(editor.geometry())


def test_enter_commits(editor, qtbot):
    qtbot.keyClicks(editor, "0,5")
    with qtbot.waitSignal(editor.committed) as heard:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert heard.args == [0.5]
    assert editor.isHidden()


def test_escape_cancels(editor, qtbot):
    qtbot.keyClicks(editor, "7")
    with qtbot.waitSignal(editor.cancelled), qtbot.assertNotEmitted(editor.committed):
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.isHidden()


@pytest.mark.parametrize(("key", "direction"), [(Qt.Key.Key_Tab, 1), (Qt.Key.Key_Backtab, -1)])
def test_tab_commits_and_asks_for_the_next(editor, qtbot, key, direction):
    heard = []
    editor.committed.connect(lambda value: heard.append(value))
    editor.moved.connect(heard.append)
    qtbot.keyClicks(editor, "3")
    qtbot.keyClick(editor, key)
    assert heard == [3.0, direction]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_a_bad_text_stays_with_a_red_edge_and_a_sentence(editor, qtbot, key):
    qtbot.keyClicks(editor, "n/a")
    with qtbot.assertNotEmitted(editor.committed), qtbot.assertNotEmitted(editor.moved):
        qtbot.keyClick(editor, key)
    assert editor.isVisible()
    assert editor.text() == "n/a"
    assert editor.is_wrong()
    assert "n/a" in editor.toolTip()
    qtbot.keyClicks(editor, "1")
    assert not editor.is_wrong()
    QToolTip.hideText()


def test_a_click_elsewhere_commits_what_is_good(editor, window, qtbot):
    other = QLineEdit(window)
    other.show()
    qtbot.keyClicks(editor, "4")
    with qtbot.waitSignal(editor.committed) as heard:
        other.setFocus(Qt.FocusReason.MouseFocusReason)
    assert heard.args == [4.0]


def test_a_click_elsewhere_drops_what_is_bad(editor, window, qtbot):
    other = QLineEdit(window)
    other.show()
    qtbot.keyClicks(editor, "n/a")
    with qtbot.waitSignal(editor.cancelled):
        other.setFocus(Qt.FocusReason.MouseFocusReason)
    assert editor.isHidden()
    QToolTip.hideText()
