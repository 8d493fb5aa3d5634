"""The left panel: beside the stage where there is room, else over it; it takes the focus and gives it back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

from tests.gui.conftest import LEFT, move
from visualnn.gui.left_panel import LeftPanel, designed_width, lies_over
from visualnn.gui.panel import NARROWEST, STAGE_LEAST, WIDEST


@pytest.fixture
def host(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1280, 600)
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    host.page = QPushButton("page")
    host.panel = LeftPanel([host.page], host)
    host.stage = QPushButton("stage")
    row.addWidget(host.panel)
    row.addWidget(host.stage, 1)
    host.panel.fit(1280, 360)
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    return host


def settle(host, qtbot, width, beside=0):
    host.resize(width, 600)
    host.panel.fit(width, beside)
    QApplication.processEvents()
    return host.panel.body.geometry()


@pytest.mark.parametrize(("window", "width"), [(1024, 320), (1280, 352), (1920, 380)])
def test_it_is_as_wide_as_designed(window, width):
    assert designed_width(window) == width


@pytest.mark.parametrize(
    ("window", "beside", "over"), [(1024, 0, True), (1280, 360, False), (1150, 360, True), (1150, 0, False)]
)
def test_it_lies_over_the_stage_where_that_would_be_too_narrow(window, beside, over):
    assert lies_over(window, beside) == over
    assert over or window - beside - NARROWEST >= STAGE_LEAST


def test_it_is_closed_at_first(host):
    assert not host.panel.is_open
    assert not host.page.isVisible()
    assert host.stage.width() == 1280


def test_open_it_stands_beside_the_stage(host, qtbot):
    host.panel.set_open(True)
    place = settle(host, qtbot, 1280, 360)
    assert (place.x(), place.width(), place.height()) == (0, 352, 600)
    assert host.stage.x() == 352
    assert not host.panel.shade.isVisible()


def test_in_a_narrow_window_it_lies_over_the_stage(host, qtbot):
    host.panel.set_open(True)
    place = settle(host, qtbot, 1024)
    assert (place.x(), place.width(), place.height()) == (0, 320, 600)
    assert (host.stage.x(), host.stage.width()) == (0, 1024)
    assert host.panel.shade.x() == 320
    assert host.panel.shade.isVisible()
    assert not host.panel.shade.grab().isNull()
    assert host.childAt(100, 300) in (host.page, host.panel.body)


@pytest.mark.parametrize("chosen", [1, 400, 5_000])
@pytest.mark.parametrize(("window", "beside"), [(1024, 0), (1280, 360), (1280, 0), (2560, 420)])
def test_the_stage_keeps_its_room(host, qtbot, chosen, window, beside):
    host.panel.chosen_width = chosen
    host.panel.set_open(True)
    place = settle(host, qtbot, window, beside)
    assert NARROWEST <= place.width() <= WIDEST
    assert lies_over(window, beside) or window - beside - place.width() >= STAGE_LEAST


def test_the_edge_is_dragged(host, qtbot):
    heard = []
    host.panel.width_chosen.connect(heard.append)
    host.panel.set_open(True)
    settle(host, qtbot, 1280)
    edge = host.panel.body.edge
    qtbot.mousePress(edge, LEFT, pos=QPoint(3, 100))
    move(edge, QPoint(43, 100), LEFT)
    qtbot.mouseRelease(edge, LEFT)
    assert heard == [host.panel.body.width()]
    assert heard[0] == pytest.approx(392, abs=6)
    qtbot.mouseDClick(edge, LEFT, pos=QPoint(3, 100))
    assert heard[-1] == 0
    assert host.panel.body.width() == 352


def test_the_focus_comes_and_goes_with_it(host, qtbot):
    host.stage.setFocus(Qt.FocusReason.OtherFocusReason)
    opened = []
    host.panel.opened.connect(opened.append)
    host.panel.set_open(True)
    assert host.page.hasFocus()
    host.panel.set_open(True)
    host.panel.set_open(False)
    assert host.stage.hasFocus()
    assert opened == [True, False]
    assert not host.page.isVisible()
