"""The right panel: as wide as designed or as dragged, and never at the cost of the stage."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QWidget

from tests.gui.conftest import LEFT, move
from visualnn.gui.panel import NARROWEST, STAGE_LEAST, WIDEST, Page, Panel, Rule, designed_width


@pytest.fixture
def panel(qtbot):
    """A panel of two pages at the right of a window of 1280 px."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1280, 600)
    panel = Panel([Page([QLabel("one"), QLabel("two")], {1}), Page([QLabel("three")], set())], host)
    panel.fit(1280)
    panel.setGeometry(1280 - panel.width(), 0, panel.width(), 600)
    host.show()
    yield panel
    host.close()


@pytest.mark.parametrize(("window", "width"), [(960, 320), (1099, 320), (1100, 360), (1280, 360), (1600, 420)])
def test_it_is_as_wide_as_designed(panel, window, width):
    assert designed_width(window) == width
    panel.fit(window)
    assert panel.width() == width


@pytest.mark.parametrize("chosen", [1, 350, 10_000])
@pytest.mark.parametrize("window", [960, 1280, 3000])
def test_the_stage_keeps_its_room(panel, chosen, window):
    panel.chosen_width = chosen
    panel.fit(window)
    assert NARROWEST <= panel.width() <= WIDEST
    assert window - panel.width() >= STAGE_LEAST


def test_the_edge_is_dragged(panel, qtbot):
    heard = []
    panel.width_chosen.connect(heard.append)
    edge = panel._edge
    qtbot.mousePress(edge, LEFT, pos=QPoint(3, 100))
    move(edge, QPoint(-37, 100), LEFT)
    qtbot.mouseRelease(edge, LEFT)
    assert heard == [panel.width()]
    assert panel.width() == pytest.approx(400, abs=4)
    qtbot.mouseDClick(edge, LEFT, pos=QPoint(3, 100))
    assert heard[-1] == 0
    assert panel.width() == 360


def test_the_edge_lies_over_every_page(panel):
    for page in (1, 0):
        panel.show_page(page)
        assert panel.childAt(3, 300) is panel._edge


def test_a_section_that_has_grown_is_scrolled_into_view(qtbot):
    above, grown = QLabel("above"), QLabel("grown")
    page = Page([above, grown], set())
    qtbot.addWidget(page)
    page.resize(300, 200)
    page.show()
    above.setFixedHeight(150)
    for height, top in ((100, 50), (400, 150)):  # all of it, or its top at the top
        page.verticalScrollBar().setValue(0)
        grown.setFixedHeight(height)
        page.reveal(grown)
        assert page.verticalScrollBar().value() == top


def test_one_page_is_seen_at_a_time(panel):
    labels = {label.text(): label for label in panel.findChildren(QLabel)}
    panel.show_page(1)
    assert [text for text, label in labels.items() if label.isVisible()] == ["three"]
    panel.show_page(0)
    assert [text for text, label in labels.items() if label.isVisible()] == ["one", "two"]
    assert len(panel.findChildren(Rule)) == 1
    assert not panel.grab().isNull()
