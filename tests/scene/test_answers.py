"""The adder's answers against those worked out by hand, and what is said about them."""

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.files.fresh import fresh_project
from visualnn.nn.data import Recipe
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.scene.answers import SPANS, answers_of, best_span, span_name

BY_HAND = {  # what the adder with the thirteen numbers of the article says
    (0, 0): -0.00000929,
    (1, 1): 1.994442,
    (1, 2): 2.990824,
    (2, 1): 2.993206,
    (2, 2): 3.9895875277625037,
    (3, 5): 7.977497,
    (10, 0): 10.072590,
    (0, 10): 9.963115,
    (10, 10): 19.950752,
    (3, -2): 3.064620,
    (2, -2): 2.106698,
    (-1, -1): 0.949466,
    (-2, 3): 0.990915,
}


@pytest.fixture
def adder():
    return load("adder")


@pytest.mark.parametrize(("pair", "said"), BY_HAND.items())
def test_every_cell_is_what_the_adder_says(adder, pair, said):
    span = next(span for span in SPANS if span[0] <= min(pair) and max(pair) <= span[1])
    answers = answers_of(adder, adder.parameters, span)
    row, column = pair[0] - span[0], pair[1] - span[0]
    assert answers.pair(row, column).tolist() == list(pair)
    assert answers.said[row, column] == pytest.approx(said, abs=6e-7)
    assert answers.right[row, column] == sum(pair)


def test_every_sum_of_numbers_up_to_10_rounds_right(adder):
    answers = answers_of(adder, adder.parameters, (0, 10))
    assert answers.rounding_right == 121
    assert np.abs(answers.misses).max() == pytest.approx(0.0726, abs=1e-4)
    assert answers.summary().startswith("All 121 round right. Mean miss 0.02")


def test_negative_numbers_do_not(adder):
    answers = answers_of(adder, adder.parameters, (-4, 4))
    wrong = sum(abs(said - right) >= 0.5 for said, right in zip(answers.said.flat, answers.right.flat, strict=True))
    assert answers.rounding_right == 81 - wrong
    assert answers.summary().startswith(f"{81 - wrong} of 81 round right.")


def test_a_cell_is_told_with_its_miss(adder):
    answers = answers_of(adder, adder.parameters, (0, 10))
    assert answers.sentence(2, 2) == "2 + 2: it says 3.9896, right is 4, misses by −0.0104."
    assert answers.sentence(10, 0).startswith("10 + 0: it says 10.0726, right is 10, misses by +0.0726.")
    assert answers_of(adder, adder.parameters, (-4, 4)).sentence(6, 1).startswith("2 + (−3): it says")


def test_cells_beyond_the_rows_say_so(adder):
    answers = answers_of(adder, adder.parameters, (0, 10))
    low, high = adder.data.inputs.min(axis=0), adder.data.inputs.max(axis=0)
    for row in range(11):
        for column in range(11):
            pair = np.array([row, column])
            inside = bool((pair >= low).all() and (pair <= high).all())
            assert answers.inside[row, column] == inside
            assert ("training rows" in answers.sentence(row, column)) is not inside


def test_differences_are_told_as_such():
    project = fresh_project("Difference", Network.of(2, 4, 1), made(Recipe("difference")), Options())
    answers = answers_of(project, project.parameters, (0, 10))
    assert answers.right[7, 3] == 4
    assert answers.sum_words(7, 3) == "|7 − 3|"


def test_a_diverged_network_is_told_of_too(adder):
    answers = answers_of(adder, np.full(13, np.nan), (0, 10))
    assert answers.rounding_right == 0
    assert "not a number" in answers.sentence(0, 0)


def test_the_first_span_holds_the_rows(adder):
    assert best_span(adder) == (-4, 4)
    assert span_name((-4, 4)) == "−4 … 4"
