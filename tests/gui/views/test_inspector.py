"""The Inspector: what a neuron, a weight or an input is made of, with “=” only where it is true, and a way back."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from tests.gui.conftest import LEFT, move
from tests.scene.samples import traced
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.theme import runs_width
from visualnn.gui.views.inspector import EMPTY, InspectorView
from visualnn.gui.views.inspector.fit import fitted, runs, written_in
from visualnn.gui.views.inspector.rows import PITCH
from visualnn.nn.network import Layer, Network, neuron_names
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.trace import Batch, trace
from visualnn.scene.formula import Part
from visualnn.scene.frame import Place
from visualnn.scene.inspection import inspect
from visualnn.scene.timeline import Timeline
from visualnn.scene.updates import optimizer_rows

A, D, F = Place("neuron", 0, 0), Place("neuron", 1, 1), Place("neuron", 2, 0)
AC, BIAS_D, BIAS_F = Place("weight", 1, 0, 0), Place("bias", 1, 1), Place("bias", 2, 0)


@pytest.fixture
def at_end(adder):
    """The adder after its forward pass."""
    adder.player.seek(20)
    return adder


def spoken(learner) -> str:
    return learner.page.inspector.accessibleName()


def test_a_shortcut_is_written_below_the_activation(qtbot):
    net = Network(1, (Layer(1, "relu"), Layer(1, "relu"), Layer(1, "linear")), shortcut=1)
    made = trace(net, np.array([2.0, 0.0, -1.0, 0.0, 1.0, 0.0]), np.array([1.0]))
    heights = []
    for column in (1, 2):
        view = InspectorView()
        qtbot.addWidget(view)
        view.show_inspection(inspect(made, neuron_names(net), Place("neuron", column, 0)))
        view.grab()
        heights.append(view.sizeHint().height())
    assert view.accessibleName().endswith("ReLU gives 0. with b 0.0000 + 2.0000 = 2.0000")
    assert heights[1] == heights[0] + PITCH


def test_without_a_selection_it_says_what_to_do(adder):
    assert spoken(adder) == EMPTY


def test_it_follows_the_pass(adder):
    adder.player.seek(8)
    assert spoken(adder).startswith("Neuron d, hidden layer. a × weight 2 × 0.0142 = 0.0284.")
    assert "Sum so far −1.7617" in spoken(adder)
    assert "ReLU gives …" in spoken(adder)
    adder.player.seek(10)
    assert spoken(adder).endswith("bias = −0.0685. Sum −1.8302. ReLU gives 0")


@pytest.mark.parametrize(
    ("place", "beginning"),
    [
        (D, "Neuron d, hidden layer. a × weight 2 × 0.0142 = 0.0284. b × weight 2 × −0.89503 = −1.7901."),
        (F, "Neuron f, output layer. c × weight "),
        (Place("gate", 1, 1), "Neuron d, hidden layer. "),
        (BIAS_D, "Neuron d, hidden layer. "),
        (AC, "Weight a → c, now 0.99. a × weight 2 × 0.9907 = 1.9814. Sum of c with it = 4.0337."),
        (A, "Input a, type a value. to c 2 × 0.9907 = 1.9814."),
    ],
)
def test_a_click_inspects(at_end, place, beginning):
    if place == A:
        at_end.grab(place)
        at_end.qtbot.mouseRelease(at_end.stage, LEFT, pos=at_end.at(place))
        at_end.press("Escape")
    else:
        at_end.click(place)
    assert spoken(at_end).startswith(beginning)


def test_a_click_on_a_curve_inspects_its_weight(at_end):
    layout = at_end.stage.layout_shown()
    x0, y0, _, _ = layout.link(1, 1, 0)  # d→f runs straight on
    at_end.qtbot.mouseClick(at_end.stage, LEFT, pos=QPoint(round(x0) + 15, round(y0)))
    assert spoken(at_end).startswith("Weight d → f, now 1.17.")


def test_a_selection_stays_while_the_pass_goes_on(at_end):
    at_end.click(F)
    at_end.press("Home")
    at_end.player.seek(3)
    assert spoken(at_end).startswith("Neuron f, output layer.")
    at_end.stage.setFocus()
    at_end.press("Escape")
    assert spoken(at_end).startswith("Neuron c, hidden layer.")


# -- loss, slopes, update ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "beginning", "end"),
    [
        (21, "Miss of f, mean squared error. Target = 3. ", "Miss 2.5 − 3 = −0.5000"),
        (22, "Loss, mean squared error. ", "Squared (−0.5)² = 0.2500. Loss 0.2500"),
        (
            35,
            "Weight b → c, now 1.00. How the loss reacts, link by link. output misses by, 2 × (2.50 − 3.00) ",
            "Slope of this weight −1.20. Next: the update, rate 0.02: 1.000 − 0.02 × (−1.20) = 1.024",
        ),
        (44, "Weight b → c, minus rate times slope. Slope of the loss = −1.20. ", "After 1.024"),
        (55, "Bias of f, ", "Same inputs again: loss 0.250 → 0.0383"),
    ],
)
def test_it_follows_the_update(learner, step, beginning, end):
    learner.window.open_document("backprop")
    learner.page.player.seek(step)
    assert spoken(learner).startswith(beginning)
    assert spoken(learner).endswith(end)


def test_a_chosen_weight_has_its_chain_and_its_field(learner):
    learner.window.open_document("backprop")
    learner.page.player.seek(33)
    learner.page.select(Place("weight", 1, 0, 1))
    assert "Slope of this weight −1.20" in spoken(learner)
    assert learner.page.inspector._field.isVisible()


@pytest.mark.parametrize(
    ("step", "heard"),
    [
        (12, "Sum of c without it = 0.5000"),
        (22, "Sum of c without it = 0.5000"),
        (24, "still to come, ReLU′ = …. arrives with input, b ∂sum / ∂w = 2.00. Slope of this weight …"),
        (43, "Next: the update, rate 0.02: 1.000 − 0.02 × (−1.20) = 1.024"),
        (44, "Before = 1.000. Change = 0.024. After 1.024"),
        (50, "After 1.024"),
    ],
)
def test_what_is_chosen_keeps_step_with_the_stage(learner, step, heard):
    learner.window.open_document("backprop")
    learner.page.select(Place("weight", 1, 0, 1))
    learner.page.player.seek(step)
    assert spoken(learner).endswith(heard)


def test_a_cross_entropy_is_said_to_react_to_the_sum(learner):
    learner.window.open_document("xor")
    timeline = learner.player.timeline
    learner.page.player.seek(timeline.find("slope_output", len(learner.project.network.layers) - 1, 0))
    assert "Slope of its sum" in spoken(learner)


# -- the field ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "name"), [(AC, "Weight"), (BIAS_D, "Bias"), (BIAS_F, "Bias"), (A, "Input")])
def test_a_number_that_can_be_edited_has_a_field(at_end, place, name):
    at_end.page.select(place)
    field = at_end.page.inspector._field
    assert field.isVisible()
    assert field.accessibleName() == name


@pytest.mark.parametrize("place", [D, F, Place("gate", 1, 0)])
def test_a_result_has_none(at_end, place):
    at_end.page.select(place)
    assert not at_end.page.inspector._field.isVisible()


def test_dragging_the_field_is_one_undo_step(at_end):
    at_end.page.select(BIAS_F)
    field = at_end.page.inspector._field
    before = field.value()
    middle = field.rect().center()
    for _ in range(2):
        at_end.qtbot.mousePress(field, LEFT, pos=middle)
        for pixels in (10, 20, 40):
            move(field, middle + QPoint(pixels, 0), LEFT)
        at_end.qtbot.mouseRelease(field, LEFT, pos=middle + QPoint(40, 0))
    stack = at_end.window.workspace.stack
    assert [stack.text(i) for i in range(stack.count())] == ["Bias of f", "Bias of f"]
    assert field.value() == pytest.approx(before + 0.8, abs=0.01)
    at_end.press("Ctrl+Z", "Ctrl+Z")
    assert field.value() == before


def test_typing_in_the_field(at_end):
    at_end.page.select(AC)
    field = at_end.page.inspector._field
    field.setFocus(Qt.FocusReason.TabFocusReason)
    at_end.press("Return")
    at_end.type("-2.5")
    at_end.press("Return")
    assert "−2.50" in at_end.texts
    assert spoken(at_end).startswith("Weight a → c, now −2.50.")
    assert at_end.window.workspace.stack.count() == 1


def test_escape_while_the_field_is_dragged_leaves_nothing(at_end):
    at_end.page.select(AC)
    field = at_end.page.inspector._field
    before = at_end.project.parameters.tolist()
    field.setFocus(Qt.FocusReason.TabFocusReason)
    at_end.qtbot.mousePress(field, LEFT, pos=field.rect().center())
    move(field, field.rect().center() + QPoint(30, 0), LEFT)
    at_end.press("Escape")
    at_end.qtbot.mouseRelease(field, LEFT)
    assert at_end.project.parameters.tolist() == before


def test_reset_this_weight(at_end):
    origin = float(at_end.project.parameters[0])
    at_end.page.select(AC)
    reset = at_end.page.inspector._reset
    assert not reset.isVisible()
    at_end.drag(AC, 40)
    at_end.drag(AC, 40)
    assert reset.isVisible()
    assert reset.label() == "Reset this weight"
    at_end.push(reset)
    assert float(at_end.project.parameters[0]) == origin
    assert not reset.isVisible()
    assert at_end.window.workspace.stack.count() == 3
    at_end.press("Ctrl+Z")
    assert float(at_end.project.parameters[0]) == pytest.approx(origin + 0.8)


def test_reset_names_a_bias(at_end):
    at_end.drag(BIAS_D, 40)
    assert at_end.page.inspector._reset.label() == "Reset this bias"


def test_reset_without_a_selection_does_nothing(at_end):
    at_end.window.actions_table.run("reset")
    at_end.page.select(D)
    at_end.window.actions_table.run("reset")
    assert not at_end.window.workspace.stack.canUndo()


# -- details -----------------------------------------------------------------------------------------------------------


def test_the_tooltip_has_all_digits(at_end):
    at_end.page.select(D)
    inspector = at_end.page.inspector
    inspector.grab()
    area, text = inspector._tips[1]
    point = area.center().toPoint()
    QApplication.sendEvent(inspector, QHelpEvent(QEvent.Type.ToolTip, point, inspector.mapToGlobal(point)))
    assert QToolTip.text() == text == "−1.7900622"
    QApplication.sendEvent(
        inspector, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), inspector.mapToGlobal(QPoint(1, 1)))
    )


@pytest.mark.parametrize("name", ["adder", "xor", "circles", "backprop"])
def test_everything_can_be_painted(learner, name):
    learner.window.open_document(name)
    project = learner.project
    places = [Place("neuron", c, n) for c, size in enumerate(project.network.sizes) for n in range(size)]
    places += [Place("weight", 1, 0, 0), Place("bias", 1, 0)]
    for place in places:
        learner.page.select(place)
        assert not learner.page.inspector.grab().isNull()
    learner.page.inspector.set_compact(True)
    assert not learner.page.inspector.grab().isNull()


def test_a_low_window_does_without_the_curve(at_end):
    at_end.page.select(D)
    high = at_end.page.inspector.sizeHint().height()
    at_end.page.inspector.set_compact(True)
    assert at_end.page.inspector.sizeHint().height() < high


# -- room --------------------------------------------------------------------------------------------------------------


class Paper:
    """Remembers where texts are drawn."""

    def __init__(self, monkeypatch, half=6.0):
        self.half = half  # px from the middle of a text to its edge
        self.texts: list[tuple[str, QRectF]] = []
        for module in ("bars", "cards", "curve", "rows", "view"):
            monkeypatch.setattr(f"visualnn.gui.views.inspector.{module}.draw_text", self.draw)
        monkeypatch.setattr("visualnn.gui.views.inspector.rows.draw_runs", self.draw_runs)

    def draw(self, _painter, x, y, text, size=13.0, weight=400, _ink="text", align="l"):
        return self.note(x, y, text, theme.text_width(text, size, weight), align)

    def draw_runs(self, _painter, x, y, runs, size=13, weight=400, align="l"):
        return self.note(x, y, "".join(text for text, *_ in runs), theme.runs_width(runs, size, weight), align)

    def note(self, x, y, text, width, align):
        left = x - {"l": 0.0, "c": width / 2, "r": width}[align]
        if text:
            self.texts.append((text, QRectF(left, y - self.half, width, 2 * self.half)))
        return width

    def overlaps(self):
        pairs = itertools.combinations(self.texts, 2)
        return [(a[0], b[0]) for a, b in pairs if a[1].adjusted(0.5, 0, -0.5, 0).intersects(b[1])]

    def outside(self, width):
        return [text for text, box in self.texts if box.left() < 24 - 0.5 or box.right() > width - 24 + 0.5]


@pytest.fixture
def view(qtbot):
    view = InspectorView()
    qtbot.addWidget(view)
    view.show()
    return view


def paint(view, monkeypatch, width, half=6.0):
    view.resize(width, view.sizeHint().height())
    paper = Paper(monkeypatch, half)
    view.grab()
    return paper


@pytest.mark.parametrize("width", [300, 320, 360, 520])
@pytest.mark.parametrize("scale", [1e300, 1e9, 99_999.123456, 1234.5678, 1.0, 0.0123456, 1e-9, 1e-300])
@pytest.mark.parametrize("name", ["adder", "xor"])
def test_no_text_overlaps_or_leaves_the_panel(view, monkeypatch, name, scale, width):
    project = load(name)
    sizes = project.network.sizes
    places = [Place("neuron", c, n) for c, size in enumerate(sizes) for n in range(size)]
    places += [Place("weight", 1, 0, 0), Place("weight", 2, 0, 1), Place("bias", 1, 0)]
    with np.errstate(all="ignore"):
        made = trace(project.network, project.parameters, np.array([scale, -0.7 * scale]), target=np.ones(1))
        for place in places:
            view.show_inspection(inspect(made, project.names, place), *((0.5, True, "Weight") if place.source else ()))
            paper = paint(view, monkeypatch, width)
            assert not paper.overlaps()
            assert not paper.outside(width)
            assert not any("×" in text and "…" in text for text, _ in paper.texts)


def updates_of(scale):
    """A step of every kind of a pass, with every optimizer, loss and batch that is longest to write."""
    project, rows = load("backprop"), np.array([[1.0, 2.0], [-2.0, 1.5]]) * scale
    deep = Network(2, (Layer(5, "gelu"), Layer(5, "tanh"), Layer(4, "softmax")), shortcut=1)
    parameters = np.random.default_rng(1).normal(size=deep.parameter_count)
    classes = Batch(rows, np.eye(4)[:2], 1)
    penalties = {"l1": 0.01, "l2": 0.013, "clip_value": 0.004, "clip_norm": 0.01}
    yield trace(deep, parameters, batch=classes, options=Options(Optimizer("nadam"), "cross_entropy", **penalties))
    for name in OPTIMIZERS:
        optimizer = Optimizer("sgd", 0.0173).renamed(name)
        target = np.array([3.0])
        yield trace(project.network, project.parameters, rows[0], target=target, optimizer=optimizer)


@pytest.mark.parametrize("width", [300, 320, 360, 500])
@pytest.mark.parametrize("scale", [1e6, 1.0, 0.00123])
@pytest.mark.parametrize("low", [False, True])
def test_cards_and_arithmetic_fit(view, monkeypatch, scale, width, low):
    view.set_compact(low)
    with np.errstate(all="ignore"):
        for made in updates_of(scale):
            timeline, names = Timeline(made.network, made.loss_name, made.batch is not None), neuron_names(made.network)
            kinds = {(step.kind, step.layer): step for step in map(timeline.step, range(1, len(timeline) + 1))}
            for step in kinds.values():
                if step.phase != "Forward":
                    view.show_inspection(inspect(made, names, step.place, step), 0.5, False, "Weight")
                    paper = paint(view, monkeypatch, width, half=4.5)
                    assert not paper.overlaps()
                    assert not paper.outside(width)
                    assert not any(sign in text and "…" in text for text, _ in paper.texts for sign in "×÷√")


@pytest.mark.parametrize("width", [300, 320, 360, 500])
@pytest.mark.parametrize(("low", "bars", "most"), [(False, 24, 570), (True, 12, 470)])
def test_a_long_sum_fits_and_leaves_room_for_the_code(view, monkeypatch, width, low, bars, most):
    net = Network.of(784, 3, 1)
    made = trace(net, np.random.default_rng(3).normal(size=net.parameter_count), np.ones(784))
    view.set_compact(low)
    view.show_inspection(inspect(made, neuron_names(net), Place("bias", 1, 0)), 0.5, False, "Bias")
    paper = paint(view, monkeypatch, width, half=4.5)
    assert view.sizeHint().height() <= most
    assert sum(text.startswith("x") for text, _ in paper.texts) == bars
    assert not paper.overlaps()
    assert not paper.outside(width)
    assert "24 of 784 terms shown, the rest sum to " in view.accessibleName()


def test_a_card_says_all_its_digits(view, monkeypatch):
    project = load("backprop")
    made = trace(project.network, project.parameters, np.array([1.0, 2.1]), target=np.array([3.0]))
    step = Timeline(project.network, "mse").step(35)
    view.show_inspection(inspect(made, project.names, step.place, step))
    paint(view, monkeypatch, 360)
    assert [text for _, text in view._tips][1:4] == ["∂f / ∂c = 0.6", "ReLU′ = 1.0", "∂sum / ∂w = 2.1"]


def test_a_huge_sum_is_written_short_at_the_curve(view, monkeypatch):
    project = load("adder")
    with np.errstate(all="ignore"):
        made = trace(project.network, project.parameters, np.array([1e300, 1e300]))
        view.show_inspection(inspect(made, project.names, Place("neuron", 1, 0)))
    texts = [text for text, _ in paint(view, monkeypatch, 320).texts]
    assert max(map(len, texts)) < 40
    assert sum(text.endswith("e300") for text in texts) >= 2


@pytest.mark.parametrize("width", [300, 340, 360, 380, 400, 440, 520])
def test_the_labels_of_a_table_are_long_or_short_alike(view, monkeypatch, width):
    project = load("xor")
    made = trace(project.network, project.parameters, np.array([0.5, -0.5]))
    view.show_inspection(inspect(made, project.names, Place("neuron", 2, 0)))
    texts = [text for text, _ in paint(view, monkeypatch, width).texts]
    long = [f"{name} × weight" in texts for name in "cdef"]
    assert all(long) if width == 520 else len(set(long)) == 1
    assert [name in texts for name in "cdef"] == [not each for each in long]


def test_factors_that_had_to_be_rounded_are_about_right(view, monkeypatch):
    project = load("adder")
    made = trace(project.network, project.parameters, np.array([1234.5678, -864.19746]))
    found = inspect(made, project.names, Place("neuron", 1, 1))
    assert [row.equal for row in found.rows] == ["=", "=", "="]
    view.show_inspection(found)
    wide = [text for text, _ in paint(view, monkeypatch, 520).texts]
    narrow = [text for text, _ in paint(view, monkeypatch, 300).texts]
    assert "".join(part.text for part in found.rows[0].factors) in wide
    assert "≈" not in wide
    assert narrow.count("≈") == 2


@pytest.mark.parametrize("width", [300, 320, 360, 520])
def test_the_way_back_and_the_field_share_a_row(at_end, width):
    at_end.drag(AC, 40)
    view = at_end.page.inspector
    view.resize(width, 400)
    assert view._reset.width() == view._reset.sizeHint().width()
    assert view._reset.geometry().right() < view._field.geometry().left()
    assert view._field.geometry().right() < width - 24
    assert view._field.width() >= 90


def test_a_negative_factor_in_brackets_is_rounded_too(qapp):
    parts = (Part("(−2.93353)", "neg"), Part(" × ", "text3"), Part("1.25", "pos"))
    shown = fitted(parts, runs_width(runs(parts), 14, 500) - 1)
    assert [part.text for part in shown] == ["(−2.9335)", " × ", "1.25"]


def test_of_a_tiny_number_three_digits_are_left(qapp):
    parts = (Part("(−0.00003574)", "neg"), Part(" ÷ √", "text3"), Part("1.2772551e−9", "pos"))
    shown = fitted(parts, 10)
    assert [part.text for part in shown] == ["(−0.0000357)", " ÷ √", "1.28e−9"]


@pytest.mark.parametrize("room", [340, 272, 252, 170])
def test_a_formula_takes_two_lines_before_anything_is_left_out(qapp, room):
    made = traced(load("circles"))
    index = made.network.weight_index(0, 0, 1)
    (row,) = (row for row in optimizer_rows(made, index) if row.label == "Step")
    written = written_in(row.below, room)
    assert "…" not in "".join(part.text for line in written.lines for part in line)
    assert all(runs_width(runs(line), written.size, 500) <= room for line in written.lines)
    assert len(written.lines) == (2 if room == 170 else 1)
    assert "".join(part.text for line in written.lines for part in line).replace(" ", "").endswith("+1e−8)")


@pytest.mark.parametrize("width", [300, 320, 360])
def test_ways_to_classes_with_long_names_are_written_out(view, monkeypatch, width):
    project = load("digits")
    made = traced(project)
    timeline = Timeline(project.network, "cross_entropy")
    step = timeline.step(timeline.find("slope_neuron", 0, 4))
    view.show_inspection(inspect(made, project.titles, step.place, step))
    texts = [text for text, _ in paint(view, monkeypatch, width, half=4.5).texts]
    ways = [text for text in texts if " via y" in text]
    assert len(ways) == 3
    assert all(text.endswith(")") for text in ways)
