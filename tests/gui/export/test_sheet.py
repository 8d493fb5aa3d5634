"""The export sheet alone: two columns that are walked by keys and by pointer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.gui.conftest import LEFT, move
from visualnn.gui.export.sheet import NOTE, ExportSheet
from visualnn.gui.export.shelf import Offer

Key = Qt.Key
LONG = "This reason is so long that no row of the sheet could ever show all of it in its one line, however wide it is."
OFFERS = [
    Offer("png", "Picture", "image", "PNG", "For slides."),
    Offer("python", "Code", "file-code-2", "Python", "For reading.", keys="Ctrl+P"),
    Offer("numpy", "Code", "file-code-2", "NumPy", "For matrices."),
    Offer("onnx", "Model", "box", "ONNX", "For servers.", LONG),
    Offer("csv", "Numbers", "table-2", "CSV", "For spreadsheets."),
]


@pytest.fixture
def host(qtbot):
    window = QWidget()
    window.resize(960, 640)
    window.show()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def sheet(host):
    made = ExportSheet(host)
    made.set_offers(OFFERS)
    made.open()
    return made


def press(sheet: ExportSheet, *keys: Qt.Key) -> str:
    """Where the light is after these keys."""
    for key in keys:
        QTest.keyClick(sheet, key)
    return sheet.current.id


def middle(sheet: ExportSheet, name: str) -> QPoint:
    return next(spot.box for spot in sheet.rows() if spot.offer.id == name).center().toPoint()


def test_rows_come_as_they_are_read(sheet):
    assert [spot.offer.id for spot in sheet.rows()] == ["python", "numpy", "onnx", "png", "csv"]
    assert [spot.column for spot in sheet.rows()] == [0, 0, 0, 1, 1]
    assert [spot.begins for spot in sheet.rows()] == [True, False, True, True, True]


def test_no_row_lies_on_another(sheet):
    boxes = [spot.box for spot in sheet.rows()]
    assert not any(one.intersects(other) for one in boxes for other in boxes if one is not other)


def test_up_and_down_go_through_all_and_round(sheet):
    walked = [press(sheet, Key.Key_Down) for _ in range(5)]
    assert walked == ["numpy", "onnx", "png", "csv", "python"]
    assert press(sheet, Key.Key_Up) == "csv"


def test_tab_walks_too(sheet):
    assert press(sheet, Key.Key_Tab) == "numpy"
    assert press(sheet, Key.Key_Backtab) == "python"


def test_left_and_right_change_the_column_at_the_same_height(sheet):
    assert press(sheet, Key.Key_Right) == "png"
    assert press(sheet, Key.Key_Left) == "python"
    assert press(sheet, Key.Key_Down, Key.Key_Down, Key.Key_Right) == "csv"
    assert press(sheet, Key.Key_Right) in ("numpy", "onnx")


def test_home_and_end(sheet):
    assert press(sheet, Key.Key_End) == "csv"
    assert press(sheet, Key.Key_Home) == "python"


def test_what_is_lit_is_said(sheet):
    assert sheet.accessibleName() == "Export. Code: Python. For reading."
    press(sheet, Key.Key_Down, Key.Key_Down)
    assert sheet.accessibleName() == f"Export. Model: ONNX. {LONG}"


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Space])
def test_enter_takes_the_lit_row(sheet, qtbot, key):
    with qtbot.waitSignal(sheet.chosen) as chosen:
        press(sheet, Key.Key_Down, key)
    assert chosen.args == ["numpy"]
    assert sheet.isHidden()


def test_what_cannot_be_had_is_not_taken(sheet, qtbot):
    with qtbot.assertNotEmitted(sheet.chosen):
        press(sheet, Key.Key_Down, Key.Key_Down, Key.Key_Return)
        qtbot.mouseClick(sheet, LEFT, pos=middle(sheet, "onnx"))
    assert sheet.isVisible()


def test_the_pointer_lights_and_takes(sheet, qtbot):
    move(sheet, middle(sheet, "csv"), Qt.MouseButton.NoButton)
    assert sheet.current.id == "csv"
    with qtbot.waitSignal(sheet.chosen) as chosen:
        qtbot.mouseClick(sheet, LEFT, pos=middle(sheet, "csv"))
    assert chosen.args == ["csv"]


def test_a_click_between_the_rows_takes_nothing(sheet, qtbot):
    with qtbot.assertNotEmitted(sheet.chosen):
        qtbot.mouseClick(sheet, LEFT, pos=sheet.card().topLeft().toPoint() + QPoint(40, 30))
    assert sheet.isVisible()


def test_a_line_without_room_has_it_below(sheet):
    low = sheet.card().height()
    assert [sheet.whole_line(spot) for spot in sheet.rows()] == ["", "", LONG, "", ""]
    sheet.set_offers(OFFERS[:3])
    assert [sheet.whole_line(spot) for spot in sheet.rows()] == ["", "", ""]
    sheet.set_offers([replace(offer, reason="") for offer in OFFERS])
    assert sheet.card().height() == low - NOTE


def test_a_line_without_room_is_whole_in_its_tooltip(sheet):
    move(sheet, middle(sheet, "onnx"), Qt.MouseButton.NoButton)
    assert sheet.toolTip() == LONG
    move(sheet, middle(sheet, "png"), Qt.MouseButton.NoButton)
    assert sheet.toolTip() == ""


def test_escape_leaves(sheet, qtbot):
    with qtbot.waitSignal(sheet.closed):
        press(sheet, Key.Key_Escape)
    assert sheet.isHidden()


@pytest.mark.parametrize("width", [500, 700, 960, 2560])
def test_the_card_stays_in_the_window(sheet, width):
    sheet.parentWidget().resize(width, 640)
    assert 8 <= sheet.card().left() < sheet.card().right() <= width - 8
    assert all(sheet.card().contains(spot.box) for spot in sheet.rows())


def test_it_begins_at_the_first_row_that_can_be_had(sheet):
    sheet.set_offers([replace(offer, reason="Too large.") if offer.id == "python" else offer for offer in OFFERS])
    assert sheet.current.id == "numpy"
    sheet.set_offers([replace(offer, reason="Not now.") for offer in OFFERS])
    assert sheet.current.id == "python"
