"""The page of runs: every run has its row, ticked ones are compared, and every wish goes up as a signal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.conftest import LEFT
from visualnn.gui import theme
from visualnn.gui.views.runs import RunsView
from visualnn.gui.views.runs.order import ORDERS, ordered
from visualnn.gui.views.runs.view import EMPTY, HINT
from visualnn.nn.curve import CurveView
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.readings import Readings
from visualnn.runs import Run

NET = Network.of(2, 3, 1)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")


def make(number: int, loss: float, options: Options | None = None, **more: Any) -> Run:
    options = options or Options(Optimizer("adam", 0.02), seed=number)
    measured = np.array([[1.0, loss], [1.1, loss * 1.5], [0.5, 0.9], [0.5, 0.8], [0.4, 0.1], [0.4, 0.1]])
    given: dict[str, Any] = {
        "name": f"Adam 0.02, seed {number}",
        "update": 100 * number,
        "epoch_length": 4,
        "loss": more.pop("last", loss),
        "curve": CurveView(np.geomspace(1.0, loss, 100 * number), 1),
        "parameters": np.zeros(13),
        "start": np.zeros(13),
        "readings": Readings.of(np.array([0, 100 * number]), measured),
        "data_name": "pairs",
    }
    return Run(number=number, options=options, network=NET, **(given | more))


RUNS = (make(1, 0.03), make(2, 0.01), make(3, 0.02, name="the best so far", parent=2, branched_at=120))


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def view(qtbot):
    view = RunsView()
    qtbot.addWidget(view)
    view.resize(360, 690)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.show_runs(RUNS, 3)
    return view


def shown(view: RunsView) -> list[int]:
    """The numbers of the runs from top to bottom."""
    rows = sorted((row.pos().y(), number) for number, row in view._rows.items())
    return [number for _y, number in rows]


def choose(menu: QMenu, text: str, qtbot) -> None:
    action = next(action for action in menu.actions() if action.text().partition("\t")[0] == text)
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def test_an_empty_page_says_what_it_is_for(qtbot):
    view = RunsView()
    qtbot.addWidget(view)
    view.resize(360, 690)
    view.show()
    assert view.note.text() == EMPTY
    assert view.chart.isHidden()
    view.grab()


def test_a_row_says_how_long_a_run_was_and_where_it_came_to(view):
    row = view.row(2)
    assert row.accessibleName() == "Adam 0.02, seed 2"
    assert row.accessibleDescription() == "run 2 · 50 epochs, 200 updates, train 0.0100, test 0.0150"
    assert view.row(3).accessibleDescription().endswith("on the stage")
    assert "Branched at update 120 of run 2" in view.row(3).toolTip()
    view.grab()


def test_the_loss_over_all_rows_is_shown_where_it_was_measured(view):
    none = Readings.of(np.empty(0, dtype=np.int64), np.empty((6, 0)))
    view.show_runs([make(1, 0.03, last=0.5), make(2, 0.01, last=0.5, readings=none)], None)
    assert view.row(1).loss_line() == "train 0.0300, test 0.0450"
    assert view.row(2).loss_line() == "train 0.500"


def test_two_ticks_make_a_comparison(view, qtbot):
    changes = []
    view.ticked_changed.connect(changes.append)
    assert view.note.text() == HINT
    qtbot.mouseClick(view.row(1), LEFT, pos=QPoint(60, 20))
    assert view.chart.isHidden()
    qtbot.mouseClick(view.row(2), LEFT, pos=QPoint(60, 20))
    assert changes == [(1,), (1, 2)]
    assert view.chart.isVisible()
    assert view.note.isHidden()
    assert {row.label: row.values for row in view.differences.rows} == {"Seed": ("1", "2")}
    qtbot.mouseClick(view.row(1), LEFT, pos=QPoint(60, 20))
    assert changes[-1] == (2,)
    assert view.chart.isHidden()


def test_the_curves_in_the_chart_are_the_recorded_ones(view):
    view.show_runs(RUNS, 3, (3, 1))
    first, second = view.chart.lines
    assert (first.name, second.name) == ("Adam 0.02, seed 1", "the best so far")
    assert np.array_equal(first.values[:-1], RUNS[0].curve.losses)
    assert (first.updates[-1], first.values[-1]) == (100, 0.03)
    assert (first.letter, second.letter) == ("1", "3")
    view.chart.keyPressEvent(key(Qt.Key.Key_End))
    assert view.chart.readout() == "Update 300: Adam 0.02, seed 1 ended; the best so far 0.02000"
    view.grab()


def key(code: Qt.Key) -> Any:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    return QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier)


def test_runs_that_have_gone_are_ticked_no_more(view):
    view.show_runs(RUNS, 3, (1, 2))
    view.show_runs(RUNS[1:], 3, view.ticked)
    assert view.ticked == (2,)
    assert shown(view) == [3, 2]


def test_a_double_click_on_the_name_renames(view, qtbot):
    row = view.row(1)
    qtbot.mouseDClick(row, LEFT, pos=QPoint(80, 18))
    editor = row._editor
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "  my   best ")
    with qtbot.waitSignal(view.renamed) as renamed:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == [1, "my best"]
    assert row._editor is None


def test_a_double_click_ticks_nothing(view, qtbot):
    qtbot.mouseClick(view.row(1), LEFT, pos=QPoint(80, 18))
    qtbot.mouseDClick(view.row(1), LEFT, pos=QPoint(80, 18))
    assert view.ticked == ()


@pytest.mark.parametrize("typed", ["", "   ", "Adam 0.02, seed 1"])
def test_no_name_and_the_same_name_rename_nothing(view, qtbot, typed):
    editor = view.row(1).start_naming()
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    qtbot.keyClicks(editor, typed)
    with qtbot.assertNotEmitted(view.renamed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)


def test_escape_keeps_the_name_and_stays_on_the_page(view, qtbot):
    editor = view.row(1).start_naming()
    qtbot.keyClicks(editor, "other")
    with qtbot.assertNotEmitted(view.renamed), qtbot.assertNotEmitted(view.back_requested):
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
    with qtbot.waitSignal(view.back_requested):
        qtbot.keyClick(view.row(1), Qt.Key.Key_Escape)


def test_keys_do_all_that_the_menu_does(view, qtbot):
    row = view.row(2)
    row.setFocus(Qt.FocusReason.TabFocusReason)
    assert row.has_ring()
    qtbot.keyClick(row, Qt.Key.Key_Space)
    assert view.ticked == (2,)
    with qtbot.waitSignal(view.restore_requested) as restored:
        qtbot.keyClick(row, Qt.Key.Key_Return)
    assert restored.args == [2]
    qtbot.keyClick(row, Qt.Key.Key_F2)
    assert row._editor is not None
    qtbot.keyClick(row._editor, Qt.Key.Key_Escape)
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):  # Backspace is what a Mac's key sends
        with qtbot.waitSignal(view.deleted) as deleted:
            qtbot.keyClick(row, key)
        assert deleted.args == [2]


def test_arrows_walk_through_the_list(view, qtbot):
    view.row(3).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view.row(3), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is view.row(2)
    qtbot.keyClick(view.row(2), Qt.Key.Key_Up)
    qtbot.keyClick(view.row(3), Qt.Key.Key_Up)
    assert QApplication.focusWidget() is view.row(3)


def test_what_is_deleted_leaves_the_focus_in_the_list(view, qtbot):
    view.row(1).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view.row(1), Qt.Key.Key_Delete)
    view.show_runs(RUNS[1:], 3, ())
    assert QApplication.focusWidget() is view.row(2)


@pytest.mark.parametrize(
    ("text", "signal", "expected"),
    [
        ("Restore these weights", "restore_requested", [2]),
        ("Export as CSV…", "export_requested", [2]),
        ("Delete", "deleted", [2]),
    ],
)
def test_the_menu_of_a_row_asks(view, qtbot, text, signal, expected):
    with qtbot.waitSignal(getattr(view, signal)) as asked:
        choose(view.row(2).open_menu(), text, qtbot)
    assert asked.args == expected


def test_the_weights_on_the_stage_need_not_be_restored(view, qtbot):
    with qtbot.assertNotEmitted(view.restore_requested):
        qtbot.keyClick(view.row(3), Qt.Key.Key_Return)
    menu = view.row(3).open_menu()
    assert not menu.actions()[0].isEnabled()
    menu.close()


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("newest", [3, 2, 1]),
        ("oldest", [1, 2, 3]),
        ("train", [2, 3, 1]),
        ("test", [2, 3, 1]),
        ("updates", [3, 2, 1]),
        ("name", [1, 2, 3]),
    ],
)
def test_the_list_can_be_sorted(view, order, numbers):
    view.set_order(order)
    QApplication.processEvents()
    assert shown(view) == numbers
    assert set(ORDERS) == {"newest", "oldest", "train", "test", "updates", "name"}


def test_a_run_without_a_number_comes_last():
    broken = make(4, 0.02, last=float("nan"))
    lost = replace(broken.readings, train_loss=np.array([1.0, np.inf]))
    assert [run.number for run in ordered([replace(broken, readings=lost), *RUNS], "train")] == [2, 3, 1, 4]


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("width", [320, 360, 420])
def test_the_page_can_be_shown_at_every_width(view, mode, width):
    theme.appearance().set_mode(mode)
    diverged = make(4, 0.02, last=float("nan"), curve=CurveView(np.array([1.0, 1e9, np.inf, np.nan]), 1))
    view.resize(width, 588)
    view.show_runs([*RUNS, diverged, make(5, 0.1, update=0, curve=CurveView(np.empty(0), 1))], 3, (1, 2, 3, 4, 5))
    view.grab()
    assert len(view.chart.lines) == 5
