"""The Python view: its lit line, its values, and a copy that computes what the network says, to the last bit."""

from __future__ import annotations

import contextlib
import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import NOTHING
from visualnn.gui.theme import text_width
from visualnn.gui.views import python
from visualnn.gui.views.python import rows
from visualnn.nn.kernels import choose
from visualnn.nn.network import Network
from visualnn.nn.passes import predict
from visualnn.scene import code
from visualnn.scene.code import Token, run_lines
from visualnn.scene.frame import Place

INPUTS = ((2.0, 2.0), (0.0, 0.0), (100.0, -250.0), (-0.3, 0.7), (1e-9, 3.25))


def run(text: str) -> dict:
    """The program's names after it ran, with what it printed as "printed"."""
    names: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "copied.py", "exec"), names)
    return {**names, "printed": printed.getvalue()}


def copied(learner) -> dict:
    """What is on the clipboard after a click on Copy, executed."""
    QGuiApplication.clipboard().clear()
    if learner.page.mode == 0:
        learner.push(learner.page.python._copy)
    else:
        learner.press("Ctrl+Shift+C")
    return run(QGuiApplication.clipboard().text().split("# Inputs and target")[0])


def check(learner) -> None:
    """The copied program and the network on screen agree to the last bit, before the program updates it."""
    names, project = copied(learner), learner.page.shown_project()
    for x in INPUTS:
        assert names["run"](*x) == predict(project.network, project.parameters, np.array(x))[0]
    answer = predict(project.network, project.parameters, project.sample)[0]
    assert float(names["printed"]) == answer
    assert learner.window.toast.text() == "The Python code is on the clipboard."


@pytest.mark.parametrize("name", ["adder", "xor", "circles", "backprop"])
def test_the_copied_program_computes_what_the_network_says(learner, name):
    learner.window.open_document(name)
    check(learner)


def test_after_an_edit_it_computes_the_edited_network(adder):
    adder.player.seek(20)
    adder.drag(Place("weight", 1, 0, 0), 123)
    adder.drag(Place("bias", 2, 0), -77)
    check(adder)


@pytest.mark.parametrize("name", ["adder", "circles"])
def test_in_train_mode_it_has_the_weights_of_the_run(learner, name):
    learner.window.open_document(name)
    before = learner.project.parameters
    learner.press("Ctrl+2")
    check(learner)
    learner.press("Right", "Right", "Right")
    learner.learn()
    check(learner)
    assert learner.page.shown_project().parameters.tolist() != before.tolist()


def test_after_training_it_computes_the_trained_network(adder):
    choose.load()
    adder.press("Ctrl+2")
    adder.trainer.set_speed(float("inf"))
    adder.press("Space")
    adder.learn()
    names = copied(adder)
    assert names["run"](100.0, -250.0) == pytest.approx(-150, abs=1e-2)
    check(adder)


# -- lines -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "line", "part"), [(1, "c", 0), (7, "d", 1), (9, "d", "bias"), (10, "d", "activation"), (18, "f", 2)]
)
def test_the_line_being_computed_is_lit(adder, step, line, part):
    adder.player.seek(step)
    lit = [valued for valued in adder.page.python._lines if valued.lit]
    assert [valued.line.text.split()[0] for valued in lit] == [line]
    assert lit[0].part == part


@pytest.mark.parametrize(
    ("step", "line", "value"),
    [
        (21, "miss = f - y", "-0.50"),
        (22, "loss = miss*miss", "0.25"),
        (23, "df = 2*(f - y)", "-1.00"),
        (35, "dwbc = dc * b", "-1.20"),
        (44, "wbc -= rate * dwbc", "1.024"),
    ],
)
def test_the_code_goes_on_with_loss_slopes_and_update(learner, step, line, value):
    learner.window.open_document("backprop")
    learner.player.seek(step)
    (lit,) = (valued for valued in learner.page.python._lines if valued.lit)
    assert (lit.line.text, lit.value.replace("−", "-")) == (line, value)


def test_nothing_is_lit_before_the_first_step(adder):
    adder.player.seek(0)
    assert not any(valued.lit for valued in adder.page.python._lines)


def test_numpy_is_chosen_with_a_click_and_stays_chosen(learner):
    learner.window.open_document("backprop")
    learner.player.seek(35)
    view = learner.page.python
    switch = view._forms
    learner.qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=switch.segment_rect(1).center().toPoint())
    (lit,) = (valued for valued in view._lines if valued.lit)
    assert (lit.line.text, lit.value) == ("dw1 = x0[:, None] * d1", "[1, 0] −1.20")
    assert copied(learner)["run"](1.0, 2.0) == 2.5
    learner.window.open_document("adder")
    assert view.form == "numpy"


def test_the_whole_copy_runs_the_update_too(learner):
    learner.window.open_document("backprop")
    learner.push(learner.page.python._copy)
    trace = learner.page.workspace.trace()
    said = run(QGuiApplication.clipboard().text())["printed"].splitlines()
    assert said == ["2.5", f"loss {trace.loss}", f"loss after the update {trace.loss_after}"]


def test_a_giant_network_is_not_listed(learner, monkeypatch):
    learner.window.open_document("backprop")
    monkeypatch.setattr(code, "MAX_LISTED", 12)
    QGuiApplication.clipboard().setText("before")
    learner.push(learner.page.python._copy)
    assert QGuiApplication.clipboard().text() == "before"
    assert "too large for a listing" in learner.window.toast.text()
    assert "too large for a listing" in learner.window.actions_table.reason("copy_code")


def test_values_appear_when_they_are_known(adder):
    def values() -> list[str]:
        return [valued.value for valued in adder.page.python._lines if valued.line.neuron is not None]

    assert values() == ["…"] * 4
    adder.player.seek(12)
    assert values() == ["4.03", "0.00", "…", "…"]
    adder.player.seek(20)
    assert values() == ["4.03", "0.00", "3.27", "3.99"]


def test_the_lit_line_has_a_lit_ground(adder):
    view = adder.page.python
    adder.player.seek(1)
    accent = adder.window.look.theme.color("accent").name()
    image = view.grab().toImage()
    column = {image.pixelColor(13, y).name() for y in range(image.height())}
    assert accent in column
    adder.player.seek(0)
    image = view.grab().toImage()
    assert accent not in {image.pixelColor(13, y).name() for y in range(image.height())}


def test_a_long_program_scrolls(learner):
    learner.window.open_document("circles")
    view = learner.page.python
    view.resize(view.width(), 48 + 3 * 23 + 20)
    learner.player.seek(learner.player.timeline.forward_length)
    seen = view._rows[view._first : view._first + view._fit()]
    assert all(row in seen for row in view._rows if view._lines[row.line].lit)
    first = view._first
    for delta in (1200, -12000):
        event = QWheelEvent(
            QPointF(10, 60), QPointF(10, 60), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, NOTHING,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)
        assert view._first == (0 if delta > 0 else len(view._rows) - view._fit())
        assert not view.grab().isNull()
    assert first > 0


# -- rows --------------------------------------------------------------------------------------------------------------

NARROW = (300, 320, 360, 420, 520)


def written(made: list[tuple[Token, ...]]) -> list[str]:
    return ["".join(token.text for token in row) for row in made]


def test_a_long_line_breaks_before_a_plus():
    network = Network.of(6, 1)
    line = run_lines(network, (tuple("cdefgh"), ("i",)))[1]
    assert written(rows(line.tokens, 36, len)) == [
        "    i = c*wci + d*wdi + e*wei",
        "            + f*wfi + g*wgi + h*whi",
        "            + bi",
    ]
    assert written(rows(line.tokens, 200, len)) == [line.text]


@given(
    st.lists(
        st.sampled_from((" + ", " / ", "for ", "a, b, c", "(", "x*wx", "averyveryverylongname*wandmore")), max_size=20
    ),
    st.integers(16, 60),
)
def test_no_row_is_too_wide_and_no_letter_is_lost(texts, room):
    tokens = (Token("    "), *map(Token, texts))
    made = written(rows(tokens, room, len))
    assert all(len(row) <= room for row in made)
    assert "".join(made).replace(" ", "") == "".join(texts).replace(" ", "")
    assert all(row.startswith(" " * 12) for row in made[1:])


class Paper:
    """Remembers where texts are drawn."""

    def __init__(self, monkeypatch):
        self.texts: list[tuple[str, QRectF, int, str]] = []
        monkeypatch.setattr(python, "draw_text", self.draw)

    def draw(self, _painter, x, y, text, size=13.0, weight=400, ink="text", align="l", mono=False):
        width = text_width(text, size, weight, mono)
        left = x - {"l": 0.0, "c": width / 2, "r": width}[align]
        if text.strip():
            self.texts.append((text, QRectF(left, y - 5, width, 10), weight, ink))
        return width


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("name", ["adder", "xor", "circles", "backprop"])
def test_all_of_every_line_is_painted(learner, monkeypatch, name, compact):
    learner.window.open_document(name)
    learner.player.seek(learner.player.timeline.forward_length)
    view = learner.page.python
    view.set_compact(compact)
    for width in NARROW:
        view.resize(width, 900)
        paper = Paper(monkeypatch)
        view.grab()
        boxes = [box for _, box, _, _ in paper.texts]
        assert all(box.left() >= 24 and box.right() <= width - 24 + 0.01 for box in boxes)
        assert not any(
            a.intersects(b) for a, b in itertools.combinations([b.adjusted(0, 0, -0.5, 0) for b in boxes], 2)
        )
        painted = "".join(text for text, _, _, _ in paper.texts)
        lines = "".join(v.line.text + v.value.replace("−", "-") for v in view._lines)
        assert painted.replace(" ", "") == f"Code{lines}".replace(" ", "")


def test_the_numbers_of_an_array_stay_together_beside_their_line(learner, monkeypatch):
    learner.window.open_document("backprop")
    learner.page.python._forms.choose(1)
    learner.player.seek(42)
    view = learner.page.python
    view.resize(300, 900)
    paper = Paper(monkeypatch)
    view.grab()
    texts = [text for text, *_ in paper.texts]
    assert texts.count("[-0.60, …, -0.50]") == 2
    code_only = "".join(text for text in texts if not text.startswith(("[-", "-")) and text != "Code")
    lines = "".join(valued.line.text for valued in view._lines)
    shapes = "".join(valued.value for valued in view._lines if "×" in valued.value)
    assert len(code_only.replace(" ", "")) == len((lines + shapes).replace(" ", ""))


def test_the_value_stands_on_the_last_row_and_the_ground_under_all(learner):
    learner.window.open_document("circles")
    learner.player.seek(learner.player.timeline.forward_length - 1)
    view = learner.page.python
    view.resize(300, 900)
    lit = [number for number, row in enumerate(view._rows) if view._lines[row.line].lit]
    assert len(lit) > 1
    values = [view._rows[number].value for number in lit]
    assert values[-1]
    assert not any(values[:-1])
    image = view.grab().toImage()
    ground = learner.window.look.theme.color("accentbg").name()
    for number in lit:
        assert image.pixelColor(19, 48 + number * 23 + 11).name() == ground


def test_the_token_being_worked_on_is_heavy_in_any_row(learner, monkeypatch):
    learner.window.open_document("circles")
    learner.player.seek(learner.player.timeline.forward_length - 3)
    view = learner.page.python
    view.resize(300, 900)
    (valued,) = (valued for valued in view._lines if valued.lit)
    paper = Paper(monkeypatch)
    view.grab()
    heavy = [text for text, _, weight, ink in paper.texts if (weight, ink) == (700, "accent")]
    assert heavy == [token.text for token in valued.line.tokens if token.part == valued.part]
    (row,) = (row for row in view._rows if any(t.part == valued.part and t.text == heavy[0] for t in row.tokens))
    assert row.tokens[0].text == " " * 12


@pytest.mark.parametrize(("more", "label"), [(0, None), (1, "1 more line"), (2, "2 more lines")])
def test_it_says_how_many_lines_are_below(adder, monkeypatch, more, label):
    view = adder.page.python
    view.resize(520, 48 + (6 - more) * 23 + 20)
    paper = Paper(monkeypatch)
    view.grab()
    assert [text for text, *_ in paper.texts if "more" in text] == ([label] if label else [])


def test_a_narrow_window_has_smaller_code(adder):
    adder.page.python.set_compact(True)
    assert not adder.page.python.grab().isNull()


def test_a_long_program_is_written_beside_the_window(learner):
    learner.window.open_document("digits")
    QGuiApplication.clipboard().setText("before")
    learner.page.copy_code()
    assert QGuiApplication.clipboard().text() == "before"
    learner.until(lambda: QGuiApplication.clipboard().text() != "before")
    assert "def learn(" in QGuiApplication.clipboard().text()
    assert learner.window.toast.text() == "The Python code is on the clipboard."
