"""Small pictures of data sets: they show rows that are there."""

import numpy as np
import pytest

from visualnn.files.handwriting import DIGITS
from visualnn.files.reviews import REVIEWS
from visualnn.nn.recipes import SOURCES, made
from visualnn.scene.sketches import Pictures, Points, Words, sketch_of


def sketch(name):
    return sketch_of(made(SOURCES[name].recipe))


def line(words):
    return "".join(part.text for part in words.parts)


def test_sums_and_differences_are_a_row_as_it_is_written():
    assert line(sketch("pairs")) == "2 + 2 = 4"
    assert line(sketch("difference")) == "|2 − 5| = 3"


@pytest.mark.parametrize("name", ["xor", "circles", "spirals", "gaussians", "moons", "checkerboard"])
def test_points_are_in_their_places_with_their_classes(name):
    data, drawn = made(SOURCES[name].recipe), sketch(name)
    assert isinstance(drawn, Points)
    count = len(drawn.at)
    assert ((drawn.values > 0) == (data.targets[:count, 0] > 0.5)).all()
    assert np.abs(drawn.at).max() == pytest.approx(1.0)
    assert np.corrcoef(drawn.at[:, 0], data.inputs[:count, 0])[0, 1] == pytest.approx(1.0)
    assert np.corrcoef(drawn.at[:, 1], data.inputs[:count, 1])[0, 1] == pytest.approx(1.0)


def test_a_plane_is_coloured_by_height():
    data, drawn = made(SOURCES["plane"].recipe), sketch("plane")
    assert not drawn.classes
    assert np.corrcoef(drawn.values, data.targets[: len(drawn.values), 0])[0, 1] == pytest.approx(1.0)


def test_a_curve_goes_through_its_test_rows():
    drawn = sketch("sine")
    assert drawn.line is not None
    assert len(drawn.line) == made(SOURCES["sine"].recipe).tests
    assert np.abs(drawn.at).max() <= 1.0
    assert np.abs(drawn.line).max() <= 1.0


def test_prices_rise_with_the_area():
    data, drawn = made(SOURCES["houses"].recipe), sketch("houses")
    assert np.corrcoef(drawn.at[:, 1], data.targets[: len(drawn.at), 0])[0, 1] == pytest.approx(1.0)


def test_digits_are_a_three_and_a_seven_of_the_data():
    data, drawn = made(DIGITS.recipe), sketch_of(made(DIGITS.recipe))
    assert isinstance(drawn, Pictures)
    labels = data.targets.argmax(axis=1)
    for pixels, digit in zip(drawn.pixels, (3, 7), strict=True):
        row = int((labels == digit).argmax())
        assert (pixels.ravel() == data.inputs[row] / data.inputs.max()).all()


def test_words_are_known_to_the_reviews():
    data, drawn = made(REVIEWS.recipe), sketch_of(made(REVIEWS.recipe))
    assert isinstance(drawn, Words)
    (good, _, bad) = (part.text for part in drawn.parts)
    right = data.targets[:, -1] > 0.5
    for word, share in ((good, 1), (bad, -1)):
        counts = data.inputs[:, data.input_names.index(word)]
        assert share * (counts[right].mean() - counts[~right].mean()) > 0
