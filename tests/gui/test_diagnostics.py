"""Copy diagnostics: what the doctor tells, gathered beside the window, on the clipboard. About: whose work it is."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from visualnn import __version__
from visualnn.gui.commands import finding
from visualnn.gui.diagnostics import COPIED, COPIED_WITH_PROBLEMS
from visualnn.gui.menus import more_menu
from visualnn.gui.toolkit import toolkit
from visualnn.health import parts, report, screen
from visualnn.health.screen import Screen


@pytest.fixture(autouse=True)
def clipboard(qapp):
    QGuiApplication.clipboard().clear()
    return QGuiApplication.clipboard()


def copied(learner) -> str:
    """What is said when the report has come."""
    learner.until(lambda: bool(QGuiApplication.clipboard().text()))
    return learner.window.toast.text()


def test_the_report_is_copied_and_that_is_said(learner, clipboard):
    assert learner.window.actions_table.run("diagnostics")
    assert copied(learner) == COPIED
    told = clipboard.text()
    assert told.startswith(f"VisualNN     {__version__}")
    assert f", {QApplication.platformName()}" in told


def test_it_is_gathered_beside_the_window(learner, monkeypatch):
    threads = []
    gather = report.gather
    monkeypatch.setattr(report, "gather", lambda qt: threads.append(threading.current_thread()) or gather(qt))
    learner.window.actions_table.run("diagnostics")
    copied(learner)
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_a_problem_is_mentioned(learner, monkeypatch, clipboard):
    monkeypatch.setattr(report, "screen", lambda: Screen("", (), "", "There is no screen.", ()))
    learner.window.actions_table.run("diagnostics")
    assert copied(learner) == COPIED_WITH_PROBLEMS
    assert clipboard.text().endswith("PROBLEM  There is no screen.")


def test_it_stands_in_the_menu_and_in_find(learner):
    menu = more_menu(learner.window)
    assert "Copy diagnostics" in [action.text() for action in menu.actions()]
    menu.deleteLater()
    entries, _ = finding(learner.window)
    assert ("diagnostics", True) in [(entry.id, entry.enabled) for entry in entries]


def test_qt_says_where_it_shows_its_windows(qapp):
    told = toolkit()
    assert isinstance(told, screen.Toolkit)
    assert told.platform == QApplication.platformName()
    assert len(told.screens) == len(QApplication.screens())
    assert told.problem == ""


# -- about -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def about(learner):
    """About, with its list."""
    learner.window.actions_table.run("about")
    sheet = learner.window.sheets.about
    learner.until(lambda: not sheet.list.document().isEmpty())
    return sheet


def test_about_lists_every_part_with_its_licence(about):
    told = about.list.toPlainText()
    for found in map(parts.found, parts.PARTS):
        assert found.part.name in told
        assert found.version in told
        assert all(licence in told for licence in found.part.licence.split(" AND "))
    assert "may be replaced" in told
    assert str(parts.replaceable_qt()) in told


def test_about_does_not_claim_what_is_not_here(learner, monkeypatch):
    monkeypatch.setattr(parts, "is_here", lambda module: module != "av")
    learner.window.actions_table.run("about")
    sheet = learner.window.sheets.about
    learner.until(lambda: not sheet.list.document().isEmpty())
    assert "x264" not in sheet.list.toPlainText()


def test_about_is_left_by_esc_and_by_its_button(learner, about):
    learner.qtbot.keyClick(about.list, Qt.Key.Key_Escape)
    assert about.isHidden()
    learner.window.actions_table.run("about")
    learner.push(about.accept_button)
    assert about.isHidden()


def test_diagnostics_can_be_copied_from_about(learner, about):
    learner.push(about.leave_button)
    assert about.isHidden()
    assert copied(learner) == COPIED
