"""The card that says what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from visualnn.gui import theme
from visualnn.gui.views.trouble import MARGIN, PAD, SIZE, TroubleCard, filled
from visualnn.nn.options import Options
from visualnn.scene.formula import Part, words
from visualnn.scene.mends import Mend
from visualnn.scene.trouble import Advice

CAUSE = words(
    "Two steps at rate {} were too large. The loss jumped from {} to {}. "
    "All sums are now below zero, so ReLU passes no slope back to the hidden layer.",
    *(Part(text, "text") for text in ("0.1", "0.59", "26.0")),
)
STUCK = Advice("Training is stuck", CAUSE, (Part("Stuck:", "bad"),), Mend("Same start, rate 0.01", Options()))


@pytest.fixture
def card(qtbot) -> Iterator[TroubleCard]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(360, 600)
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    made = TroubleCard(host)
    column.addWidget(made)
    column.addStretch(1)
    host.show()
    yield made
    theme.appearance().set_mode("dark")


def settle(card: TroubleCard, width: int = 360) -> None:
    card.parentWidget().setFixedWidth(width)
    card.parentWidget().layout().activate()


def test_without_an_advice_it_takes_no_room(card: TroubleCard):
    assert card.isHidden()
    card.show_advice(STUCK)
    assert card.isVisible()
    card.show_advice(None)
    assert card.isHidden()


@pytest.mark.parametrize("width", [320, 360, 420])
def test_every_word_is_there_and_no_line_is_too_wide(card: TroubleCard, width: int):
    card.show_advice(STUCK)
    settle(card, width)
    lines = card.lines()
    assert " ".join("".join(text for text, *_ in line).strip() for line in lines) == card.text().partition(". ")[2]
    assert max(theme.runs_width(line, SIZE) for line in lines) <= width - 2 * (MARGIN + PAD)
    assert card.mend.width() == width - 2 * (MARGIN + PAD)
    assert card.card().contains(card.mend.geometry())
    assert card.card().contains(card.close_button.geometry())


def test_numbers_are_bold_and_nothing_else():
    bold = [text for line in filled(CAUSE, 1000) for text, _ink, weight in line if weight is not None]
    assert bold == ["0.1", "0.59", "26.0"]


def test_a_number_and_its_full_stop_are_not_parted():
    for width in range(60, 400, 7):
        for line in filled(CAUSE, width):
            assert not line[0][0].startswith(".")


def test_wider_is_lower(card: TroubleCard):
    card.show_advice(STUCK)
    settle(card, 320)
    high = card.height()
    settle(card, 420)
    assert card.height() < high


def test_the_button_asks_for_the_mend_by_pointer_and_by_key(card: TroubleCard, qtbot):
    card.show_advice(STUCK)
    settle(card)
    asked = []
    card.mend_requested.connect(asked.append)
    QTest.mouseClick(card.mend, Qt.MouseButton.LeftButton)
    card.mend.setFocus(Qt.FocusReason.TabFocusReason)
    assert card.mend.has_ring()
    QTest.keyClick(card.mend, Qt.Key.Key_Return)
    assert asked == [STUCK.mend, STUCK.mend]
    assert card.mend.label() == "Same start, rate 0.01"


def test_it_can_be_put_away(card: TroubleCard, qtbot):
    card.show_advice(STUCK)
    with qtbot.waitSignal(card.dismissed):
        QTest.mouseClick(card.close_button, Qt.MouseButton.LeftButton)
    assert card.close_button.accessibleName() == "Dismiss"


def test_where_nothing_mends_it_there_is_no_button(card: TroubleCard):
    card.show_advice(STUCK)
    settle(card)
    high = card.height()
    card.show_advice(Advice(STUCK.title, CAUSE, ()))
    assert card.mend.isHidden()
    assert card.height() < high


def test_it_is_read_aloud(card: TroubleCard):
    card.show_advice(STUCK)
    assert card.accessibleName().startswith("Training is stuck. Two steps at rate 0.1 were too large.")


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_it_is_red_in_both_themes(card: TroubleCard, mode: str):
    theme.appearance().set_mode(mode)
    card.show_advice(STUCK)
    settle(card)
    picture = card.grab().toImage()
    edge = picture.pixelColor(
        int(card.width() / 2 * picture.devicePixelRatio()), int(12.9 * picture.devicePixelRatio())
    )
    ground = theme.color("badbg")
    assert picture.pixelColor(MARGIN + 8, 60) == ground
    assert edge.red() > max(edge.green(), edge.blue()) + 40
