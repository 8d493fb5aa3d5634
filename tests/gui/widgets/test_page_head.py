"""The head of a page over the panel: the way back, the title, and what fits beside it."""

import pytest
from PySide6.QtCore import Qt

from tests.gui.conftest import LEFT
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.page_head import PADDING, PageHead


@pytest.fixture
def head(qtbot):
    head = PageHead("Runs")
    qtbot.addWidget(head)
    head.resize(320, head.height())
    head.show()
    return head


def test_the_arrow_leads_back(head, qtbot):
    assert head.back.label() == "Train"
    assert head.back.toolTip() == "Back to Train  (Esc)"
    with qtbot.waitSignal(head.back_requested):
        qtbot.mouseClick(head.back, LEFT)
    with qtbot.waitSignal(head.back_requested):
        qtbot.keyClick(head.back, Qt.Key.Key_Return)


def test_the_note_is_read_aloud(head):
    head.set_note("3 kept")
    assert head.accessibleName() == "Runs"
    assert head.accessibleDescription() == "3 kept"
    head.grab()


@pytest.mark.parametrize("width", [300, 360, 520])
def test_tools_stand_at_the_right_one_beside_the_other(head, width):
    first, second = TextButton("Newest"), TextButton("More")
    head.add_tool(first)
    head.add_tool(second)
    head.resize(width, head.height())
    assert first.geometry().right() + 1 == width - PADDING + 12
    assert second.geometry().right() < first.geometry().left()
    head.grab()
