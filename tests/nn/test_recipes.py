from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import visualnn.files  # noqa: F401  # adds the sources that come with a file
from visualnn.nn.data import RECIPES, Dataset, Recipe, circles, spirals
from visualnn.nn.errors import VisualNNError
from visualnn.nn.recipes import SOURCES, chosen_tests, held_of, made, split


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_source_tells_what_it_makes(name: str):
    source, data = SOURCES[name], RECIPES[name]()
    assert (data.name, data.inputs.shape[1], data.targets.shape[1]) == (name, source.inputs, source.outputs)
    assert data.rows + (0 if source.own_tests else data.tests) == source.rows
    assert source.fewest <= source.rows <= source.most
    assert (source.noise is None) == (source.most_noise == 0.0)
    assert all((source.title, source.summary, source.credit))
    assert len(data.input_names) == source.inputs
    assert len(data.output_names) in (0, source.outputs)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_source_makes_as_many_rows_as_it_is_asked_for(name: str):
    source = SOURCES[name]
    for rows in (source.fewest, min(source.most, source.fewest + 51)):
        data = made(Recipe(name, rows, seed=4, test_share=source.test_share))
        assert data.rows + (0 if source.own_tests else data.tests) == rows
        assert data.recipe.rows == rows


@pytest.mark.parametrize("name", sorted(name for name, source in SOURCES.items() if source.noise is not None))
def test_noise_changes_the_rows_of_every_source_that_has_some(name: str):
    few = SOURCES[name].fewest
    calm, loud = (made(Recipe(name, few, noise)) for noise in (0.0, SOURCES[name].most_noise))
    assert not (np.array_equal(calm.inputs, loud.inputs) and np.array_equal(calm.targets, loud.targets))
    assert calm.rows == loud.rows == few


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_another_seed_makes_other_rows_or_holds_others_back(name: str):
    share = SOURCES[name].test_share or 0.3
    one, other = (made(Recipe(name, seed=seed, test_share=share)) for seed in (0, 1))
    same = one.inputs.shape == other.inputs.shape and np.array_equal(one.inputs, other.inputs)
    assert not same


def test_nothing_chosen_makes_what_the_formula_does():
    assert made(Recipe("spirals")).inputs.tobytes() == spirals().inputs.tobytes()
    assert made(Recipe("circles", seed=3)).inputs.tobytes() == circles(seed=3).inputs.tobytes()
    assert made(Recipe("spirals", 80, 0.1)).inputs.tobytes() == spirals(80, noise=0.1).inputs.tobytes()


def test_a_share_is_held_back_by_a_permutation_of_the_seed():
    data = made(Recipe("spirals", seed=2, test_share=0.3))
    assert (data.rows, data.tests) == (140, 60)
    everything, order = spirals(seed=2), np.random.default_rng((2, 1)).permutation(200)
    assert np.array_equal(data.test_inputs, everything.inputs[np.sort(order[:60])])
    assert np.array_equal(data.targets, everything.targets[np.sort(order[60:])])


def test_a_share_is_rounded_up_and_something_is_left_to_learn_from():
    assert [held_of(rows, share) for rows, share in ((200, 0.3), (1797, 0.2), (81, 0.3), (10, 0.01))] == [
        60,
        360,
        25,
        1,
    ]
    assert (held_of(4, 0.9), held_of(100, 0.0), held_of(1000, 0.07)) == (3, 0, 70)
    assert chosen_tests(9, 0.0).size == 0


def test_texts_go_with_their_rows():
    data = Dataset("mine", np.arange(10.0)[:, None], np.zeros((10, 1)), ("a",), texts=tuple("abcdefghij"))
    parted = split(data, 0.4, seed=1)
    said = dict(zip("abcdefghij", range(10), strict=True))
    assert [said[text] for text in parted.texts] == [*parted.inputs[:, 0], *parted.test_inputs[:, 0]]


def test_columns_are_scaled_by_the_rows_to_learn_from():
    raw = made(Recipe("houses", test_share=0.25))
    data = made(Recipe("houses", test_share=0.25, scaled=True))
    for values in (data.inputs, data.targets):
        assert np.allclose(values.mean(axis=0), 0.0)
        assert np.allclose(values.std(axis=0), 1.0)
    assert np.allclose(data.scaling.undo(data.test_inputs), raw.test_inputs)
    assert np.allclose(data.scaling.undo_targets(data.test_targets), raw.test_targets)
    assert raw.scaling is None


def test_classes_stay_0_and_1_and_a_scaled_set_has_no_formula():
    data = made(Recipe("xor", scaled=True))
    assert set(data.targets.ravel()) == {0.0, 1.0}
    assert (data.rule, data.target_of(np.array([9.0, 9.0]))) == (None, None)


def test_the_same_recipe_is_made_once():
    assert made(Recipe("moons", noise=0.05)) is made(Recipe("moons", noise=0.05))
    assert RECIPES["moons"]() is made(Recipe("moons"))
    assert list(RECIPES) == list(SOURCES)
    assert len(RECIPES) == len(SOURCES)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "cake"}, f"There are no data “cake”. Known: {', '.join(SOURCES)}."),
        ({"rows": 7}, "“Two spirals” has 8 to 2,000 rows, not 7."),
        ({"rows": 2001}, "“Two spirals” has 8 to 2,000 rows, not 2,001."),
        ({"noise": 0.3}, "The noise of “Two spirals” must be from 0 to 0.2, not 0.3."),
        ({"noise": float("nan")}, "The noise of “Two spirals” must be from 0 to 0.2, not nan."),
        ({"name": "digits", "noise": 0.3}, "“Handwritten digits” has no noise."),
        ({"test_share": 0.95}, "The share to test on must be from 0 to 0.9, not 0.95."),
        ({"test_share": -0.1}, "The share to test on must be from 0 to 0.9, not -0.1."),
        ({"seed": -1}, "The seed must be a whole number from 0 to 2⁶³ − 1, not -1."),
    ],
)
def test_a_recipe_that_makes_nothing_is_told(change: dict[str, object], sentence: str):
    with pytest.raises(VisualNNError) as caught:
        made(replace(Recipe("spirals"), **change))
    assert str(caught.value) == sentence


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_recipes_are_reproducible_and_read_only(name: str):
    one, other = RECIPES[name](), made.__wrapped__(SOURCES[name].recipe)
    assert isinstance(one, Dataset)
    assert one.name == name
    assert np.array_equal(one.inputs, other.inputs)
    assert np.array_equal(one.targets, other.targets)
    for array in (one.inputs, one.targets, one.test_inputs, one.test_targets):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0.0
