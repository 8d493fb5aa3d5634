from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from visualnn import assets
from visualnn.files.errors import FileError
from visualnn.files.fresh import from_data
from visualnn.files.reviews import reviews, row_of, stored, words_of
from visualnn.nn.data import RECIPES, Recipe
from visualnn.nn.passes import predict
from visualnn.nn.recipes import made
from visualnn.nn.training import Training


def test_words_are_found_in_lower_case_and_common_ones_are_left_out():
    assert words_of("The hero didn't move ME; all of it was Dull-ish!") == ("hero", "didn't", "move", "dull", "ish")


def test_a_review_is_a_row_of_the_words_that_are_in_it_however_often():
    assert row_of("Good, good, GOOD story", ("bad", "good", "story")).tolist() == [0.0, 1.0, 1.0]


def test_the_words_are_those_of_the_reviews_to_learn_from():
    data = RECIPES["reviews"]()
    assert (data.inputs.shape, data.targets.shape, data.tests) == ((128, 297), (128, 1), 32)
    assert (data.classes, data.classification, data.targets.mean()) == (("negative", "positive"), True, 0.5)
    assert list(data.input_names) == sorted({word for text in data.texts[:128] for word in words_of(text)})
    for row, text in zip(data.inputs, data.texts, strict=False):
        assert {data.input_names[i] for i in np.flatnonzero(row)} == set(words_of(text))
    unknown = set(words_of(data.texts[-1])) - set(data.input_names)
    assert data.test_inputs[-1].sum() == len(set(words_of(data.texts[-1]))) - len(unknown)


def test_they_are_split_as_the_file_is():
    data = RECIPES["reviews"]()
    file = json.loads(assets.read_bytes("data", "reviews.json"))
    assert data.texts == tuple(each["text"] for part in ("train", "test") for each in file[part])
    assert data.targets[:, 0].tolist() == [each["label"] for each in file["train"]]
    assert data.test_targets[:, 0].tolist() == [each["label"] for each in file["test"]]
    assert data.held.texts == data.texts[128:]


def test_five_seeds_hold_back_every_review_once():
    held = [reviews(seed).held.texts for seed in range(5)]
    assert sorted(text for part in held for text in part) == sorted(reviews().texts)
    assert reviews(5).texts == reviews(0).texts


def test_any_other_share_can_be_held_back():
    data = made(Recipe("reviews", test_share=0.5, seed=1))
    assert (data.rows, data.tests, len(data.texts)) == (80, 80, 160)
    assert made(Recipe("reviews")).rows == 160


def test_the_same_words_in_another_order_are_the_same_row():
    project = from_data("reviews")
    training = Training(project.network, project.data, project.options)
    training.run(300)
    mess, masterpiece = stored()["tricky"][5]["text"], stored()["tricky"][6]["text"]
    rows = [row_of(text, project.data.input_names) for text in (mess, masterpiece)]
    assert np.array_equal(*rows)
    assert predict(project.network, training.parameters, rows[0])[0] == pytest.approx(0.47, abs=0.005)


def test_a_missing_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(assets, "root", lambda: tmp_path)
    with pytest.raises(FileError, match=r"data/reviews\.json is missing from"):
        stored.__wrapped__()
