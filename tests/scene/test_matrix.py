"""Matrices as pictures: what is in full colour, which pixel shows which weight, and what can be read on it."""

import numpy as np
import pytest

from visualnn.scene import look, matrix

RNG = np.random.default_rng(7)


def shown(weights, down, across):
    """The strongest weight of every pixel, found one by one."""
    rows, columns = len(down[0]), len(across[0])
    found = np.empty((rows, columns))
    for row in range(rows):
        for column in range(columns):
            block = weights[down[0][row] : down[1][row], across[0][column] : across[1][column]]
            found[row, column] = block.flat[np.abs(block).argmax()]
    return found


def test_the_largest_of_few_weights_is_in_full_colour():
    weights = np.array([[0.5, -2.0, 0.0]])
    assert matrix.scale_of(weights) == 2
    assert matrix.ranks_of(weights, 2).tolist() == [[2 * 32, 2 * 126 + 1, 0]]


def test_of_many_weights_a_single_huge_one_does_not_pale_the_rest():
    weights = RNG.uniform(-1, 1, (100, 100))
    weights[3, 4] = 1e6
    assert 0.99 < matrix.scale_of(weights) <= 1
    assert matrix.ranks_of(weights, 1.0)[3, 4] == 2 * matrix.STRONGEST


@pytest.mark.parametrize("weights", [np.zeros((3, 4)), np.zeros((0, 4)), np.zeros((40, 40)), np.full((2, 2), 1e-310)])
def test_where_nothing_is_large_there_is_a_scale_all_the_same(weights):
    assert matrix.scale_of(weights) == 1
    assert not matrix.ranks_of(weights, 1.0).any()


def test_what_is_not_a_number_is_seen_first_and_sets_no_scale():
    weights = np.array([[np.nan, -1.0, np.inf, -np.inf]])
    assert matrix.scale_of(weights) == 1
    assert matrix.ranks_of(weights, 1.0).tolist() == [[255, 253, 252, 253]]


@pytest.mark.parametrize("start", [0.0, 0.4, -3.7])
@pytest.mark.parametrize("cell", [0.05, 0.31, 0.77, 0.999, 1.0, 1.3, 17.2])
def test_every_cell_in_sight_has_its_pixel_and_no_pixel_is_empty(start, cell):
    cells = 300
    pixels = int(min(start + cells * cell, 200))
    first, after = matrix.spread(start, cell, pixels, cells)
    assert (first < after).all()
    assert (first[1:] >= (after[:-1] if cell < 1 else first[:-1])).all()
    seen = {index for low, high in zip(first, after, strict=True) for index in range(low, high)}
    assert seen == set(range(min(seen), max(seen) + 1))
    assert abs(start + min(seen) * cell) <= max(1, cell) or min(seen) == 0
    middles = start + (first + 0.5) * cell
    assert (np.abs(middles - (np.arange(pixels) + 0.5)) <= max(1, cell)).all()


@pytest.mark.parametrize(("rows", "columns"), [(30, 20), (33, 7), (1, 50), (61, 61)])
def test_a_pixel_shows_the_strongest_of_its_weights_with_its_sign(rows, columns):
    weights = RNG.normal(size=(rows, columns))
    down, across = matrix.spread(0, 20 / 61, -(-rows * 20 // 61), rows), matrix.spread(0, 0.6, 4, columns)
    ranks = matrix.pooled(matrix.ranks_of(weights, 3.0), down, across)
    assert ranks.tolist() == matrix.ranks_of(shown(weights, down, across), 3.0).tolist()


def test_the_strongest_of_a_block_is_found_again():
    weights = RNG.normal(size=(9, 9))
    row, column = matrix.strongest(matrix.ranks_of(weights, 3.0), range(2, 5), range(4, 8))
    assert abs(weights[row, column]) == np.abs(weights[2:5, 4:8]).max()


@pytest.mark.parametrize("name", ["dark", "light"])
def test_ranks_go_from_the_ground_to_the_colour_of_their_sign(name):
    colors = look.load(name)
    table = matrix.colors_of_ranks(colors).tolist()
    ground = 0xFF000000 | colors.mix("canvas", "raised", matrix.GROUND)
    assert table[:2] == [ground, ground]
    assert table[252:] == [0xFF000000 | colors[role] for role in ("pos", "neg", "pos", "bad")]


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_number_can_be_read_on_every_colour(name):
    colors = look.load(name)
    inks = matrix.inks_of_ranks(colors)
    for ground, ink in zip(matrix.colors_of_ranks(colors).tolist(), inks, strict=True):
        assert matrix._contrast(matrix._luminance(ground), matrix._luminance(colors[ink])) > 3.9
    assert set(inks) == {"text", "canvas"}
