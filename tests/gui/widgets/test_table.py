"""A table of any length: only what is seen is asked for, and everything can be reached by key."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import LEFT, NOTHING, move
from visualnn.gui import theme
from visualnn.gui.widgets.table import HEAD, PITCH, RowsTable
from visualnn.scene.rows import Cell, Heading


class Numbers:
    """A million rows that note which of them are asked for."""

    def __init__(self, rows=1_000_000, columns=3):
        self.rows = rows
        self.headings = tuple(Heading(f"column {i}", "Read", tip=f"what {i} is") for i in range(columns))
        self.asked = set()

    def cell(self, row, column):
        self.asked.add(row)
        return Cell(f"{row}.{column}")

    def is_test(self, row):
        return row % 2 == 1

    def line(self, row):
        return row + 1


@pytest.fixture
def table(place):
    table = place(RowsTable("Rows"), width=340)
    table.resize(340, HEAD + 10 * PITCH)
    table.set_rows(Numbers())
    return table


def wheel(table, turn, held=NOTHING):
    position = QPointF(100, 100)
    event = QWheelEvent(
        position,
        table.mapToGlobal(position),
        QPoint(),
        QPoint(0, turn),
        LEFT & ~LEFT,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(table, event)
    return event.isAccepted()


def test_only_what_is_seen_is_asked_for(table):
    table.show_cell(500_000)
    table._rows.asked.clear()
    table.grab()
    assert table._rows.asked == set(table.visible_rows())
    assert 500_000 in table.visible_rows()
    assert len(table.visible_rows()) <= 11


def test_a_row_is_chosen_by_click(table, qtbot):
    chosen = []
    table.row_chosen.connect(chosen.append)
    qtbot.mouseClick(table, LEFT, pos=table.row_rect(3).center())
    assert chosen == [3]
    assert table.current() == 3
    assert table.accessibleDescription().startswith("Row 4, for testing: column 0 3.0")


def test_keys_go_through_rows_and_enter_chooses(table, qtbot):
    chosen = []
    table.row_chosen.connect(chosen.append)
    table.setFocus(Qt.FocusReason.TabFocusReason)
    for key, row in (
        (Qt.Key.Key_Down, 0),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_PageDown, 10),
        (Qt.Key.Key_End, 999_999),
        (Qt.Key.Key_Up, 999_998),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Up, 0),
    ):
        qtbot.keyClick(table, key)
        assert table.current() == row
        assert row in table.visible_rows()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert chosen == [0]


def test_the_wheel_scrolls_until_the_end_and_then_leaves_it_to_the_page(table):
    assert wheel(table, -120)
    assert table.visible_rows().start == 3
    assert wheel(table, 1200)
    assert not wheel(table, 120)
    assert table.visible_rows().start == 0


def test_columns_that_have_no_room_scroll_sideways(place):
    table = place(RowsTable("Rows"), width=340)
    table.set_rows(Numbers(20, 50))
    assert table._across.isVisible()
    table.show_cell(0, 49)
    assert table.head_rect(49).right() <= 340
    assert not table._across.value() < table._across.maximum() - 1
    assert table.hint_at(QPoint(table.head_rect(49).center().x(), 10)) == "what 49 is"


def test_few_columns_share_the_room(table):
    assert not table._across.isVisible()
    assert table.head_rect(2).right() == pytest.approx(340 - 12, abs=1.5)
    widths = [table.head_rect(column).width() for column in range(3)]
    assert max(widths) - min(widths) <= 2


def test_what_a_column_is_for_is_asked_by_click_and_by_key(place, qtbot):
    table = place(RowsTable("Rows", chooses_heads=True), width=340)
    table.set_rows(Numbers(20, 4))
    asked = []
    table.head_chosen.connect(asked.append)
    qtbot.mouseClick(table, LEFT, pos=table.head_rect(1).center())
    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked == [1, 2]
    assert table.accessibleName() == "Column column 2, Read"
    table.set_rows(Numbers(20, 4), keep=True)
    assert table.column() == 2


def test_a_test_row_says_so(table):
    assert "never learns" in table.hint_at(table.row_rect(1).topLeft() + QPoint(5, 10))
    assert table.hint_at(table.row_rect(0).topLeft() + QPoint(5, 10)) == ""
    assert table.hint_at(QPoint(table.head_rect(1).center().x(), table.row_rect(2).center().y())) == "2.1"


def test_marks_and_the_lit_row_are_seen(table):
    def color(row, column):
        box, head = table.row_rect(row), table.head_rect(column)
        spot = QPoint(head.left() + 6, box.top() + 3) * table.devicePixelRatio()
        return table.grab().toImage().pixelColor(spot).name()

    assert color(2, 1) == color(4, 1)
    table.set_marks(frozenset({(2, 1)}))
    assert color(2, 1) == theme.color("badbg").name()
    table.set_current(4)
    assert color(4, 1) == theme.color("accentbg").name()


def test_no_rows_are_an_empty_table(place, qtbot):
    table = place(RowsTable("Rows"), width=340)
    table.set_rows(Numbers(0))
    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.mouseClick(table, LEFT, pos=QPoint(100, 100))
    move(table, QPoint(100, 100), LEFT & ~LEFT)
    assert table.current() == -1
    assert not table.grab().isNull()
    table.set_rows(None)
    assert not table.grab().isNull()
