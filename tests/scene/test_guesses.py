"""What the network takes a picture for, in words that are true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn import metrics
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import Recipe, made
from visualnn.project import new_project
from visualnn.scene.formula import plain
from visualnn.scene.guesses import article, guesses, percent, right_percent, right_words, sentence, truth


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.fixture(scope="module")
def faces():
    data = made(Recipe("cats_dogs", rows=20, test_share=0.4))
    network = Network.of(256, 1, output="sigmoid")
    return new_project("Faces", network, data, Options(loss="binary_cross_entropy"), np.zeros(257))


def shares(**by_digit):
    return np.array([by_digit.get(f"d{k}", 0.0) for k in range(10)])


def test_the_strongest_three_stand_first(digits):
    found = guesses(digits, shares(d3=0.937, d9=0.05, d8=0.013))
    assert [(guess.name, guess.text) for guess in found] == [("3", "93.7 %"), ("9", "5.0 %"), ("8", "1.3 %")]
    assert found[0].share == 0.937
    assert found[0].exact == "0.937"


def test_the_sentence_of_the_design(digits):
    assert plain(sentence(digits, shares(d3=0.937, d9=0.063))) == "The network reads a 3: 93.7 % sure."
    assert plain(sentence(digits, shares(d8=1.0))) == "The network reads an 8: 100.0 % sure."
    assert plain(sentence(digits, shares(d8=0.99999, d1=0.00001))) == "The network reads an 8: more than 99.9 % sure."


def test_one_sigmoid_gives_p_and_what_is_left(faces):
    found = guesses(faces, np.array([0.29]))
    assert [(guess.name, guess.text) for guess in found] == [("cat", "71.0 %"), ("dog", "29.0 %")]
    assert plain(sentence(faces, np.array([0.29]))) == "The network sees a cat: 71.0 %."


def test_only_a_softmax_is_sure(digits):
    assert plain(sentence(digits, shares(d1=0.6, d7=0.4))) == "The network reads a 1: 60.0 % sure."
    sigmoids = Network.of(64, 32, 10, output="sigmoid")
    several = replace(digits, network=sigmoids)
    assert plain(sentence(several, shares(d1=0.6, d7=0.55))) == "The network reads a 1: 60.0 %."
    assert [guess.text for guess in guesses(several, shares(d1=0.6, d7=0.55))][:2] == ["60.0 %", "55.0 %"]


def test_numbers_that_are_no_shares_are_not_percent(digits):
    linear = replace(digits, network=Network.of(64, 32, 10, output="linear"))
    found = guesses(linear, shares(d4=1.25, d2=0.5) - 0.25)
    assert [(guess.name, guess.text, guess.share) for guess in found[:2]] == [("4", "1.00", 1.0), ("2", "0.250", 0.25)]
    assert plain(sentence(linear, shares(d4=1.25))) == "The strongest answer is a 4: 1.25."


def test_a_network_that_diverged_says_so(digits):
    nothing = np.full(10, np.nan)
    assert plain(sentence(digits, nothing)) == "The network’s answer is no number."
    assert all(guess.share == 0 for guess in guesses(digits, nothing))


def test_numbers_are_no_guesses():
    adder = load("adder")
    assert guesses(adder, np.array([4.0])) == ()
    assert sentence(adder, np.array([4.0])) == ()


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.0 %"), (1e-9, "< 0.1 %"), (0.0005, "0.1 %"), (0.5, "50.0 %"), (0.9996, "> 99.9 %"), (1.0, "100.0 %")],
)
def test_no_share_is_rounded_into_a_certainty(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("right", "rows", "text"),
    [(354, 360, "98.3 %"), (360, 360, "100 %"), (9999, 10000, "99.9 %"), (0, 8, "0 %"), (1, 10000, "0.1 %")],
)
def test_all_right_means_all(right, rows, text):
    assert right_percent(right, rows) == text


def test_what_is_right_is_counted_on_the_rows_held_back(digits):
    held = digits.data.held
    score = metrics.score(digits.network, digits.parameters, held, "cross_entropy")
    answers = metrics.predict(digits.network, digits.parameters, held.inputs).argmax(axis=1)
    right = int((answers == held.targets.argmax(axis=1)).sum())
    assert right_words(digits, score) == ("On 360 unseen digits: ", f"{100 * right / 360:.1f} % right")
    assert right_words(digits, None) == ("", "")


def test_the_truth_is_what_the_data_say(digits, faces):
    row = 7
    assert truth(digits.with_row(row)) == str(int(digits.data.targets[row].argmax()))
    assert truth(digits.with_sample(np.full(64, 0.5))) == ""
    assert [truth(faces.with_row(row)) for row in (0, 1)] == ["cat", "dog"]


def test_articles():
    assert [article(name) for name in ("3", "8", "11", "owl", "cat")] == ["a", "an", "an", "an", "a"]
