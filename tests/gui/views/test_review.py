"""Somebody types reviews, and the network says what it makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.scene.test_words import ONE, small
from visualnn.gui import theme
from visualnn.gui.views.review import ReviewView
from visualnn.gui.views.review import view as module
from visualnn.gui.views.review.places import COMPACT, LOW, ROOMY
from visualnn.nn import metrics
from visualnn.scene import words
from visualnn.scene.formula import plain

SOLID, DASHED = QTextCharFormat.UnderlineStyle.SingleUnderline, QTextCharFormat.UnderlineStyle.DashUnderline
TYPED = "😀 Great but BORING."


class Reader:
    """Somebody at the view of a window, which answers as the program does."""

    def __init__(self, view: ReviewView, project):
        self.view, self.field, self.project = view, view.field, project
        self.score = metrics.score(project.network, project.parameters, project.data, "binary_cross_entropy")
        self.samples: list[np.ndarray] = []
        view.sample_typed.connect(self.take)
        self.show()

    def take(self, sample: np.ndarray) -> None:
        self.samples.append(sample)
        self.project = self.project.with_sample(sample)
        self.show()

    def show(self) -> None:
        self.view.show_content(self.project, self.score)

    def tints(self):
        return {mark.cursor.selectedText(): QTextCharFormat(mark.format) for mark in self.field.extraSelections()}


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def view(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    view = ReviewView(holder)
    view.resize(360, 100)
    holder.resize(360, 720)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    yield view
    view.rest()
    holder.close()


@pytest.fixture
def reader(view):
    return Reader(view, small(ONE))


def test_the_row_on_the_stage_brings_its_text(reader):
    assert reader.field.toPlainText() == "A great book."
    assert not reader.samples
    assert plain(reader.view.verdict()) == "The network says: positive, 90.5 %."
    reader.project = reader.project.with_row(1)
    reader.show()
    assert reader.field.toPlainText() == "Boring!"


def test_what_is_typed_becomes_a_sample(reader):
    reader.field.clear()
    QTest.keyClicks(reader.field, "funny great")
    assert reader.field.toPlainText() == "funny great"
    assert reader.samples[-1].tolist() == [0, 1, 1]
    assert [sample.tolist() for sample in reader.samples] == [[0, 0, 0], [0, 1, 0], [0, 1, 1]]


def test_the_words_have_the_colours_of_their_shares_and_lines_too(reader):
    reader.field.setPlainText(TYPED)
    tints = reader.tints()
    assert list(tints) == ["Great", "but", "BORING"]
    assert tints["Great"].underlineStyle() == SOLID
    assert tints["BORING"].underlineStyle() == DASHED
    assert tints["Great"].background().color() == theme.color("posfill")
    assert tints["BORING"].background().color() == theme.mix("raised", "negfill", 0.75)
    assert tints["but"].foreground().color() == theme.color("text3")
    theme.appearance().set_mode("light")
    assert reader.tints()["Great"].background().color() == theme.load("light").color("posfill")


def test_the_sum_is_told_as_it_is_shown(reader):
    reader.field.setPlainText(TYPED)
    spoken = reader.view.accessibleDescription()
    assert "The network says: positive, 67.9 %." in spoken
    assert "bias 0.25, great 2.00, boring −1.50. Sum 0.75." in spoken


def test_a_share_pointed_at_has_all_its_digits(reader):
    reader.field.setPlainText(TYPED)
    rows = reader.view.places
    second, sum_row = (QPointF(100, rows.rows + (row + 0.5) * rows.pitch) for row in (1, 3))
    assert reader.view.tip_at(second) == "great: 2.0"
    assert reader.view.tip_at(sum_row) == "Sum: 0.75"
    assert reader.view.tip_at(QPointF(100, 5)) == ""


def test_an_empty_text_is_waited_for(reader):
    reader.field.clear()
    assert reader.view.verdict() == ()
    assert reader.view.sum() is None
    assert reader.samples[-1].tolist() == [0, 0, 0]
    assert "Type a review to see what it says." in reader.view.accessibleDescription()


def test_typing_unknown_words_asks_for_nothing(reader):
    reader.field.setPlainText("A great book. Splendid")
    assert not reader.samples
    assert reader.tints()["Splendid"].foreground().color() == theme.color("text3")


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_tricky_sentences_can_be_chosen(reader):
    menu = reader.view.open_tricky()
    texts = [action.data() for action in menu.actions()]
    assert texts == list(words.tricky())
    action = next(action for action in menu.actions() if "not boring" in action.data())
    action.trigger()
    menu.close()
    assert reader.field.toPlainText() == "The hero is not boring."
    assert reader.samples[-1].tolist() == [1, 0, 0]


def test_a_test_review_can_be_asked_for(reader, qtbot):
    with qtbot.waitSignal(reader.view.test_row_requested):
        qtbot.mouseClick(reader.view.test_button, Qt.MouseButton.LeftButton)


def test_tab_leaves_the_text(reader):
    reader.field.setFocus()
    QTest.keyClick(reader.field, Qt.Key.Key_Tab)
    assert not reader.field.hasFocus()
    assert "\t" not in reader.field.toPlainText()


def test_a_large_network_reads_beside_the_window(view, monkeypatch, qtbot):
    monkeypatch.setattr(module, "SLOW", 0)
    reader = Reader(view, small(ONE))
    reader.field.setPlainText("boring")
    qtbot.waitUntil(lambda: view.reading is not None and view.reading.text == "boring")
    assert view.reading.total == -1.25
    assert not view.busy


def test_a_reading_of_an_earlier_text_tints_nothing(reader):
    late = words.reading(reader.project, "great")
    reader.field.setPlainText("boring boring")
    before = list(reader.tints())
    reader.field.tint(late)
    assert list(reader.tints()) == before


@pytest.mark.parametrize("places", [ROOMY, LOW, COMPACT])
def test_everything_has_its_place(places):
    bottom = places.field[0] + places.field[1]
    order = [places.title, bottom, places.legend or bottom, places.verdict, places.rows, places.total, places.right]
    assert order == sorted(order)
    assert places.button + 32 <= places.height


def test_it_fits_the_panel_of_the_first_window(reader):
    assert reader.view.height() <= 688
    reader.view.set_low(True)
    assert reader.view.height() <= 588
    reader.view.set_compact(True)
    assert reader.view.height() <= 310


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_bars_stand_on_their_side_of_zero(reader, mode):
    theme.appearance().set_mode(mode)
    reader.field.setPlainText("great but boring")
    image, places = reader.view.grab().toImage(), reader.view.places
    rows = [round(places.rows + (row + 0.5) * places.pitch) for row in (1, 2)]
    blue, orange = theme.color("pos").rgb(), theme.color("neg").rgb()
    across = range(70, 290)
    right = [x for x in across if image.pixel(x, rows[0]) == blue]
    left = [x for x in across if image.pixel(x, rows[1]) == orange]
    assert right
    assert left
    assert min(right) >= max(left)
    assert len(right) / len(left) == pytest.approx(2.0 / 1.5, rel=0.05)
