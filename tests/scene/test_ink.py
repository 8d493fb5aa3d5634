"""What is drawn looks to a network like what it learned from, wherever and however large it is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.penmanship import DIGITS, THREE, ZERO, drawn
from visualnn.files.examples import load
from visualnn.files.handwriting import digits
from visualnn.nn.passes import predict
from visualnn.nn.recipes import Recipe, made
from visualnn.scene import ink
from visualnn.scene.ink import Drawing

EIGHT = (8, 8)
ONE_DOT = 1 / 16


def smaller(line, share, to=(0.0, 0.0)):
    return (line - 0.5) * share + 0.5 + to


def read(pixels):
    project = load("digits")
    return int(predict(project.network, project.parameters, pixels).argmax())


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize(("share", "to"), [(1.0, (0, 0)), (0.5, (0.2, -0.2)), (0.6, (-0.15, 0.1))])
def test_a_digit_is_read_wherever_and_however_large_it_is_drawn(digit, share, to):
    assert read(ink.pixels(drawn(smaller(DIGITS[digit], share, to)), EIGHT)) == digit


def test_a_drawing_that_is_only_shrunk_to_the_pixels_is_not_read_there():
    dots = np.zeros((32, 32))
    for x, y in drawn(smaller(THREE, 0.5, (0.2, -0.2))).points * 32:
        dots[int(y), int(x)] = 1
    assert read(dots.reshape(8, 4, 8, 4).mean(axis=(1, 3)).ravel()) != 3


def test_place_and_size_change_hardly_a_dot():
    at_home, away = (ink.pixels(drawn(smaller(THREE, 0.9, to)), EIGHT) for to in ((0, 0), (0.04, -0.03)))
    assert np.abs(at_home - away).max() <= 2 * ONE_DOT
    small = ink.pixels(drawn(smaller(THREE, 0.45)), EIGHT)
    assert np.abs(at_home - small).max() <= 3 * ONE_DOT


def test_a_slanted_drawing_is_set_upright():
    slanted = THREE.copy()
    slanted[:, 0] += 0.4 * (0.5 - slanted[:, 1])
    difference = ink.pixels(drawn(slanted), EIGHT) - ink.pixels(drawn(THREE), EIGHT)
    assert np.abs(difference).mean() < 0.04
    points = ink.upright(drawn(slanted).points)
    assert np.cov(points.T)[0, 1] == pytest.approx(0, abs=1e-9)


def test_drawings_have_the_room_and_the_ink_of_the_data():
    data = digits()
    for line in DIGITS.values():
        picture = ink.pixels(drawn(line), EIGHT).reshape(EIGHT)
        assert picture[0].any()
        assert picture[-1].any()
        assert not picture[:, 0].any()
        assert picture.mean() == pytest.approx(data.inputs.mean(), abs=0.02)
    known = data.inputs[data.targets[:, 0] == 1].reshape(-1, 8, 8)
    zero = ink.pixels(drawn(ZERO), EIGHT).reshape(EIGHT)
    assert (zero.any(axis=0) == [False, *[True] * 6, False]).all()
    assert np.mean((known > 0).any(axis=1).sum(axis=1) == 6) > 0.95


def test_pixels_are_counts_of_dots():
    drawing = drawn(THREE)
    pixels, dots = ink.pixels(drawing, EIGHT), ink.bitmap(drawing, EIGHT)
    assert dots.shape == (32, 32)
    for row, column in ((0, 3), (3, 4), (7, 2)):
        block = dots[4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
        assert pixels[8 * row + column] == block.sum() / 16


def test_distances_are_those_to_the_nearest_point():
    rng = np.random.default_rng(3)
    cells = rng.integers(0, 12 * ink.FINE, (7, 2))
    points = (cells + 0.5) / ink.FINE  # in the middles of the grid's cells
    found = ink._distances(points, (12, 12))
    for row, column in ((0, 0), (5, 11), (8, 3)):
        nearest = min(np.hypot(column + 0.5 - x, row + 0.5 - y) for x, y in points)
        assert found[row, column] == pytest.approx(nearest)


def test_nothing_drawn_is_nothing():
    assert Drawing().is_blank
    assert not ink.pixels(Drawing(), EIGHT).any()


def test_what_is_erased_is_gone_and_what_was_drawn_later_is_not():
    line, across = np.array([(0.2, 0.5), (0.8, 0.5)]), np.array([(0.5, 0.2), (0.5, 0.8)])
    gap = drawn(line, erased=across)
    assert np.abs(gap.points[:, 0] - 0.5).min() > ink.RUBBER / 2 - 0.02
    assert drawn(line, erased=line).is_blank
    assert gap.with_stroke(ink.Stroke(across)).points[:, 1].max() == 0.8


def test_a_stroke_is_added_to_a_drawing_and_not_into_it():
    before = drawn(THREE)
    after = before.with_stroke(ink.Stroke(ZERO))
    assert len(before.strokes) == 1
    assert len(after.strokes) == 2
    assert len(after.points) > len(before.points)


@pytest.mark.parametrize("line", [[(0.5, 0.5)], [(0.1, 0.9), (0.9, 0.9)], [(0.3, 0.1), (0.3, 0.9)], [(0, 0), (1, 1)]])
def test_a_dot_and_straight_lines_are_pictures_too(line):
    pixels = ink.pixels(drawn(np.array(line, dtype=np.float64)), EIGHT)
    assert pixels.any()
    assert ((pixels >= 0) & (pixels <= 1)).all()


def test_a_tall_line_is_thick_as_the_ones_of_the_data_are_and_stays_in_the_middle():
    picture = ink.pixels(drawn(np.array([(0.8, 0.1), (0.8, 0.9)])), EIGHT).reshape(EIGHT)
    assert picture[:, 3:5].sum() > 0.75 * picture.sum()
    assert picture.mean() > 0.25


def test_other_pictures_have_other_numbers_of_pixels():
    assert ink.pixels(drawn(THREE), (6, 10)).shape == (60,)
    assert ink.bitmap(drawn(THREE), (6, 10)).shape == (24, 40)


def test_counted_ink_is_told_from_photographs():
    assert ink.is_counted(digits())
    assert ink.is_counted(made(Recipe("digits", scaled=True)))
    assert not ink.is_counted(made(Recipe("cats_dogs", rows=20)))
    assert not ink.is_counted(made(Recipe("xor")))


def test_scaled_columns_get_scaled_pixels():
    data = made(Recipe("digits", scaled=True))
    pixels = ink.pixels(drawn(THREE), EIGHT)
    sample = ink.as_sample(data, pixels)
    assert sample[20] == pytest.approx((pixels[20] - data.scaling.mean[20]) / data.scaling.spread[20])
    assert ink.raw(data, sample) == pytest.approx(pixels)
    assert ink.as_sample(digits(), pixels) is pixels
