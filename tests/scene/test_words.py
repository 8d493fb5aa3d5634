"""A typed review: the words, their shares and the sum, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from visualnn.nn.data import Dataset
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import Recipe, made, scaled
from visualnn.project import new_project
from visualnn.scene import words
from visualnn.scene.formula import plain

NAMES = ("boring", "funny", "great")
TEXTS = ("A great book.", "Boring!", "Funny, great")


def small(parameters, *hidden, data=None, output="sigmoid"):
    rows = Dataset(
        "few",
        np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 1]]),
        np.array([[1.0], [0], [1]]),
        NAMES,
        classification=True,
        classes=("negative", "positive"),
        texts=TEXTS,
    )
    network = Network.of(3, *hidden, 1, output=output)
    values = np.array(parameters, dtype=np.float64)
    return new_project("Few words", network, data or rows, Options(loss="binary_cross_entropy"), values)


ONE = (-1.5, 0.5, 2.0, 0.25)  # three weights and the bias


def test_one_neuron_adds_its_weights():
    read = words.reading(small(ONE), "Great fun, great and never BORING.")
    assert read.shares == (("great", 2.0), ("boring", -1.5))
    assert (read.base, read.total) == (0.25, 0.75)
    assert read.output == pytest.approx(1 / (1 + math.exp(-0.75)))
    assert read.adds_up


def test_what_is_written_adds_up():
    read = words.reading(small(ONE), "great but boring and funny")
    shown = words.sum_of(read, 2)
    assert [(line.label, line.text) for line in shown.lines] == [
        ("bias", "0.25"),
        ("great", "2.00"),
        ("boring", "−1.50"),
        ("1 other word", "0.50"),
    ]
    assert (shown.equal, shown.total) == ("=", "1.25")


def test_decimals_are_added_until_the_lines_add_up():
    read = words.reading(small((-1.5, 0.504, 2.004, 0.254)), "funny, great")
    shown = words.sum_of(read, 6)
    assert [line.text for line in shown.lines] == ["0.254", "2.004", "0.504"]
    assert (shown.equal, shown.total) == ("=", "2.762")


def test_a_sum_that_does_not_come_out_as_written_is_about_that():
    rough = words.sum_of(words.reading(small((0.0, 0.123456, 0.123456, 0.123456)), "funny, great"), 6)
    assert rough.equal == "≈"
    assert [line.text for line in rough.lines] == ["0.12", "0.12", "0.12"]
    assert rough.total == "0.37"


def test_the_verdict_is_for_the_class_that_is_more_likely():
    project = small(ONE)
    assert plain(words.verdict(project, words.reading(project, "great"))) == "The network says: positive, 90.5 %."
    assert plain(words.verdict(project, words.reading(project, "boring"))) == "The network says: negative, 77.7 %."
    assert 1 / (1 + math.exp(-2.25)) == pytest.approx(0.905, abs=5e-4)
    assert 1 - 1 / (1 + math.exp(1.25)) == pytest.approx(0.777, abs=5e-4)
    read = words.reading(project, "boring")
    assert plain(words.turned(project, read, "−1.25")) == "Sigmoid turns −1.25 into 0.223 for “positive”."


def test_in_a_deeper_network_a_share_is_the_sum_less_the_sum_without_the_word():
    weights = [[1.0, -1.0], [2.0, 1.0], [-1.0, 2.0]]  # of three words to two neurons
    parameters = [*np.ravel(weights), 0.5, -0.5, 1.5, -2.0, 0.1]
    project = small(parameters, 2)

    def total(*there):
        hidden = [max(0.0, sum(weights[k][n] for k in there) + (0.5, -0.5)[n]) for n in (0, 1)]
        return 1.5 * hidden[0] - 2.0 * hidden[1] + 0.1

    read = words.reading(project, "funny, great")
    assert read.total == pytest.approx(total(1, 2))
    assert dict(read.shares) == pytest.approx({"funny": total(1, 2) - total(2), "great": total(1, 2) - total(1)})
    assert read.base == pytest.approx(total())
    assert not read.adds_up
    shown = words.sum_of(read, 6)
    assert [line.label for line in shown.lines] == ["no words", "great", "funny", "acting together"]
    assert math.fsum(line.value for line in shown.lines) == pytest.approx(read.total)
    assert shown.lines[-1].value == pytest.approx(total(1, 2) - total() - sum(v for _, v in read.shares))


def test_words_that_do_not_act_together_are_said_to_add_nothing():
    project = small([*np.ravel([[1.0, 0.0], [2.0, 0.0], [0.3, 0.0]]), 0.1, 0.0, 1.0, 1.0, 0.0], 2)
    last = words.sum_of(words.reading(project, "boring, funny, great"), 6).lines[-1]
    assert (last.label, last.text) == ("acting together", "0.00")


def test_every_word_is_found_where_it_stands():
    text = "GREAT book, İ 😀 boring"
    read = words.reading(small(ONE), text)
    where = [(text[found.start : found.end], found.share) for found in read.found]
    assert where == [("GREAT", 2.0), ("book", None), ("İ", None), ("boring", -1.5)]


def test_cut_connections_and_silent_words_say_nothing():
    project = small(ONE)
    cut = words.reading(project.with_cut(0, 2, 0, True), "great and funny")
    assert dict(cut.shares) == {"great": 0.0, "funny": 0.5}
    assert cut.total == 0.75
    silent = words.reading(project.with_silent(0, 2, True), "great and funny")
    assert dict(silent.shares) == {"great": 0.0, "funny": 0.5}
    assert silent.total == 0.75


def test_scaled_columns_are_read_as_they_were_learned():
    data = scaled(small(ONE).data)
    project = small(ONE, data=data)
    read = words.reading(project, "great")
    assert read.sample == pytest.approx((np.array([0, 0, 1]) - data.scaling.mean) / data.scaling.spread)
    assert read.shares[0][1] == pytest.approx(2.0 / data.scaling.spread[2])
    assert math.fsum([read.base, *(v for _, v in read.shares)]) == pytest.approx(read.total)


def test_a_row_of_the_data_brings_its_text_and_other_rows_their_words():
    data = small(ONE).data
    assert [words.text_of(data, row) for row in data.inputs] == list(TEXTS)
    assert words.text_of(data, np.array([1.0, 1, 0])) == "boring funny"


def test_what_there_is_to_read_is_told():
    project = small(ONE)
    assert words.note(words.reading(project, "  !")) == "No word to read yet."
    assert words.note(words.reading(project, "it is the")) == "No word to read yet."
    assert words.note(words.reading(project, "splendid")) == "The network knows none of these words."


def test_other_outputs_are_numbers():
    project = small(ONE, output="linear")
    read = words.reading(project, "great")
    assert plain(words.verdict(project, read)) == "The network says 2.25."
    assert words.turned(project, read, "2.25") == ()


def test_a_network_that_diverged_says_so():
    project = small((np.nan, 0.5, 2.0, 0.25))
    read = words.reading(project, "boring and great")
    assert plain(words.verdict(project, read)) == "The network’s answer is no number."
    assert words.sum_of(read, 6).total == "not a number"


def test_the_reviews_of_the_program_can_be_read():
    data = made(Recipe("reviews", test_share=0.2))
    network = Network.of(data.inputs.shape[1], 1, output="sigmoid")
    project = new_project("Reviews", network, data, Options(), np.zeros(network.parameter_count))
    assert words.can_read(project)
    assert np.array_equal(words.sample_of(data, data.texts[5]), data.inputs[5])
    assert np.array_equal(words.sample_of(data, data.texts[data.rows]), data.test_inputs[0])
    assert len(words.tricky()) == 10
