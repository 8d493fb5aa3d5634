from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from visualnn import assets
from visualnn.files import native
from visualnn.files.errors import FileError
from visualnn.files.examples import load
from visualnn.files.handwriting import digits, stored
from visualnn.nn.data import RECIPES, Recipe
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.nn.training import Training


def test_the_digits_are_pictures_with_a_class_each():
    data = digits()
    assert (data.inputs.shape, data.targets.shape) == ((1437, 64), (1437, 10))
    assert (data.inputs.min(), data.inputs.max()) == (0.0, 1.0)
    assert set(np.unique(data.inputs * 16)) == set(range(17))
    assert (data.targets.sum(axis=1) == 1).all()
    assert (data.image, data.classes, data.classification) == ((8, 8), tuple("0123456789"), True)
    assert (data.input_names[0], data.input_names[-1]) == ("p1", "p64")


def test_the_rows_that_are_held_back_are_the_others_of_the_file():
    data = digits()
    assert (data.test_inputs.shape, data.test_targets.shape) == ((360, 64), (360, 10))
    pixels, labels = stored()
    order = np.random.default_rng(0).permutation(1797)
    assert np.array_equal(data.test_inputs * 16, pixels[order[1437:]])
    assert np.array_equal(data.test_targets.argmax(axis=1), labels[order[1437:]])
    everything = np.concatenate([data.inputs, data.test_inputs])
    assert np.array_equal(np.sort(everything * 16, axis=0), np.sort(pixels, axis=0))


def test_fewer_digits_can_be_asked_for_and_others_held_back():
    data = made(Recipe("digits", 500, seed=3, test_share=0.3))
    assert (data.rows, data.tests) == (350, 150)
    assert not np.array_equal(data.inputs, made(Recipe("digits", 500, test_share=0.3)).inputs)
    assert (made(Recipe("digits")).rows, made(Recipe("digits")).tests) == (1797, 0)


def test_an_upright_one_has_its_ink_in_the_middle():
    data = digits()
    ones = data.inputs[data.targets[:, 1] == 1].mean(axis=0).reshape(data.image)
    assert ones[:, 3:5].sum() > 0.5 * ones.sum()


def test_the_digits_are_those_that_the_lessons_were_measured_on():
    options = Options(Optimizer("adam", 0.005), "cross_entropy", batch_size=32, initializer="he_normal", seed=0)
    training = Training(Network.of(64, 32, 10, output="softmax"), digits(), options)
    training.run(100)
    losses = training.snapshot().curve.losses[[0, 1, 10, 50]]
    assert losses == pytest.approx([2.25173, 2.37091, 1.9048, 0.715313], rel=1e-5)


def test_they_are_a_recipe_that_is_read_once_and_kept_out_of_files(tmp_path: Path):
    assert RECIPES["digits"]() is RECIPES["digits"]()
    path = tmp_path / "digits.vnn"
    native.write(path, load("digits"))
    assert path.stat().st_size < 40_000
    assert native.read(path).data is RECIPES["digits"]()


def test_a_missing_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(assets, "root", lambda: tmp_path)
    with pytest.raises(FileError, match=r"data/digits\.npz is missing from"):
        stored.__wrapped__()
