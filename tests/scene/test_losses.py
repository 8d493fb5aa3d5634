"""The loss in its own arithmetic, checked with what is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.formulas import amount, computed, rounds_to
from tests.scene.test_chain import at, passes, worked_card
from visualnn.nn.network import Layer, Network
from visualnn.nn.trace import Batch, Trace, trace
from visualnn.scene.formula import MAX_ROWS, plain
from visualnn.scene.frame import Place
from visualnn.scene.inspection import Inspection


def rows(shown: Inspection) -> list[tuple[str, str, str]]:
    return [(row.label, plain((*row.factors, *row.below)), row.result.text) for row in shown.rows]


def answering(outputs: list[float], target: list[float], loss: str, activation: str = "linear") -> Trace:
    """A pass whose sums are these, since its only input is 0."""
    net = Network(1, (Layer(len(outputs), activation),))
    return trace(net, np.array([*[0.0] * len(outputs), *outputs]), np.zeros(1), target=np.array(target), loss=loss)


def of_loss(made: Trace, kind: str = "loss") -> Inspection:
    return at(made, kind, Place("neuron", len(made.layers), 0))


def test_the_worked_card():
    miss, loss = of_loss(worked_card(), "miss"), of_loss(worked_card())
    assert rows(miss) == [("Target", "", "3"), ("Answer", "", "2.5000"), ("Miss", "2.5 − 3", "−0.5000")]
    assert rows(loss) == [*rows(miss), ("Squared", "(−0.5)²", "0.2500")]
    assert (loss.total.equal, loss.total.result.text) == ("=", "0.2500")


@pytest.mark.parametrize(
    ("loss", "label", "formula", "result"),
    [
        ("mae", "Without its sign", "|−1.5|", "1.5000"),
        ("huber", "Less one half", "|−1.5| − ½", "1.0000"),
        ("hinge", "What is missing", "max(0, 1 − (−1) × (−1.5))", "0"),
    ],
)
def test_a_loss_has_its_own_words(loss, label, formula, result):
    assert rows(of_loss(answering([-1.5], [0.0], loss)))[-1] == (label, formula, result)


def test_several_outputs_have_a_row_each_and_their_mean():
    shown = of_loss(answering([1.0, 2.0, 4.0], [0.0, 2.0, 1.0], "mse"))
    assert [row[2] for row in rows(shown)] == ["1.0000", "0", "9.0000"]
    assert (shown.total.label, shown.total.equal, shown.total.result.text) == ("Loss, the mean", "=", "3.3333")


def test_softmax_is_written_out():
    shown = of_loss(answering([0.0, 1.0], [1.0, 0.0], "cross_entropy", "softmax"))
    assert rows(shown) == [
        ("b (right)", "e^0", "1.0000"),
        ("c", "e^1", "2.7183"),
        ("All together", "", "3.7183"),
        ("Share of b", "1 ÷ 3.7183", "0.2689"),
        ("−ln of that", "−ln 0.26894", "1.3133"),
    ]


def test_large_sums_are_taken_less_the_largest():
    shown = of_loss(answering([1000.0, 998.0], [0.0, 1.0], "cross_entropy", "softmax"))
    assert rows(shown)[1] == ("c (right)", "e^(998 − 1,000)", "0.1353")
    assert shown.total.result.text == "2.1269"


def test_the_sigmoid_is_written_out():
    shown = of_loss(answering([1.0], [0.0], "binary_cross_entropy", "sigmoid"))
    assert [row[0] for row in rows(shown)] == ["Target", "e^−sum", "Answer", "Share of 0", "−ln of that"]
    assert rows(shown)[2][1:] == ("1 ÷ (1 + 0.36788)", "0.7311")
    assert shown.total.result.text == "1.3133"


@pytest.mark.parametrize("count", [3, 25])
def test_a_batch_is_averaged_with_this_row_marked(count):
    net = Network.of(1, 1)
    targets = np.linspace(0, 2, count)[:, None]
    made = trace(net, np.array([0.0, 0.0]), batch=Batch(np.ones((count, 1)), targets, 1))
    shown = of_loss(made, "mean")
    assert [row.label for row in shown.rows if row.lit] == ["Row 2, this one"]
    assert len(shown.rows) == (3 if count == 3 else MAX_ROWS + 1)
    assert shown.rows[-1].label == ("Row 3" if count == 3 else "15 other rows")
    assert (shown.total.label, shown.total.equal) == (f"Mean of {count} rows", "=")
    assert rounds_to(sum(amount(row.result.text) for row in shown.rows) / count, shown.total.result.text)


@given(passes(), st.data())
def test_equal_is_true_in_every_loss(made, data):
    kind = data.draw(st.sampled_from(("miss", "loss")))
    for row in of_loss(made, kind).rows:
        formula = (*row.factors, *row.below)
        if row.equal == "=" and formula:
            assert rounds_to(computed(formula), row.result.text), (plain(formula), row.result.text)
