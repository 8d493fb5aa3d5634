"""Which class is taken for which, and the rows behind it."""

from dataclasses import replace

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn import metrics
from visualnn.nn.data import Dataset
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.project import new_project
from visualnn.scene.confusion import confusion_of, confusions_of, with_article


@pytest.fixture
def shapes():
    """Rows of one number, which three classes are told apart by; 4 of them are taken for another."""
    inputs = np.array([0.0, 0.1, 0.9, 1.0, 1.1, 1.9, 2.0, 2.2, 1.2, 0.2])[:, None]
    labels = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 1])
    rows = slice(0, 8)
    data = Dataset(
        "shapes",
        inputs[rows],
        np.eye(3)[labels[rows]],
        ("x",),
        classification=True,
        classes=("a", "b", "c"),
        test_inputs=inputs[8:],
        test_targets=np.eye(3)[labels[8:]],
    )
    weights = np.array([0.0, 2.0, 4.0, 0.0, -1.0, -4.0])  # sums 0, 2x − 1 and 4x − 4: a below 0.5, c above 1.5
    return new_project("Shapes", Network.of(1, 3, output="softmax"), data, Options(loss="cross_entropy"), weights)


def test_rows_are_counted_by_truth_and_by_answer(shapes):
    assert confusion_of(shapes, shapes.parameters).counts.tolist() == [[2, 1, 0], [0, 2, 0], [0, 0, 3]]
    assert confusion_of(shapes, shapes.parameters, held=True).counts.tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize("name", ["xor", "circles", "digits"])
def test_the_counts_are_those_of_the_metrics(name):
    project = load(name)
    out = metrics.predict(project.network, project.parameters, project.data.inputs)
    expected = metrics.confusion(out, project.data.targets, project.options.loss)
    confusion = confusions_of(project, project.parameters)[0]
    assert (confusion.counts == expected).all()
    assert confusion.right == np.trace(expected)


def test_clicks_step_through_the_rows_behind_a_count_and_begin_again(shapes):
    confusion, row, steps = confusion_of(shapes, shapes.parameters), None, []
    for _ in range(4):
        row, place, count = confusion.after(2, 2, row)
        steps.append((row, place, count))
    assert steps == [(5, 1, 3), (6, 2, 3), (7, 3, 3), (5, 1, 3)]
    assert confusion.after(0, 2, None) is None


def test_test_rows_are_counted_on_after_those_to_learn_from(shapes):
    confusion = confusion_of(shapes, shapes.parameters, held=True)
    assert confusion.after(2, 1, None) == (8, 1, 1)
    assert confusion.after(1, 0, None) == (9, 1, 1)


def test_shares_of_a_class(shapes):
    confusion = confusion_of(shapes, shapes.parameters)
    assert [confusion.recall(k) for k in range(3)] == pytest.approx([2 / 3, 1, 1])
    assert [confusion.precision(k) for k in range(3)] == pytest.approx([1, 2 / 3, 1])
    held = confusion_of(shapes, shapes.parameters, held=True)
    assert (held.recall(0), held.precision(2)) == (None, None)


def test_a_count_in_words(shapes):
    confusion = confusion_of(shapes, shapes.parameters)
    assert confusion.sentence(0, 1) == "1 of 3 rows that are an a is taken for a b."
    assert confusion.sentence(2, 2) == "3 of 3 rows that are a c are right."


def test_names_are_spoken_with_their_article():
    assert [with_article(name) for name in ("9", "8", "b", "x", "cat")] == ["a 9", "an 8", "a b", "an x", "cat"]


def test_rows_without_numbers_are_taken_for_nothing(shapes):
    confusion = confusion_of(shapes, np.full(6, np.nan))
    assert confusion.counts.sum() == 0
    assert (confusion.total, confusion.right) == (8, 0)


def test_with_hinge_a_single_output_is_cut_at_0():
    project = load("circles")
    data = replace(project.data, inputs=np.array([[0.4, 0.0], [-0.4, 0.0]]), targets=np.array([[0.0], [1.0]]))
    project = new_project("Sides", Network.of(2, 1), data, Options(loss="hinge"), np.array([1.0, 0.0, 0.0]))
    assert confusion_of(project, project.parameters).counts.tolist() == [[0, 1], [1, 0]]
