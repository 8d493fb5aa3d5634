"""What a place of a relief is in words."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.scene.landscape.marks import Marks, trail
from visualnn.scene.landscape.reading import coordinate, description, place_words, reading, title
from visualnn.scene.landscape.relief import relief


def test_the_loss_comes_first_and_then_both_numbers(bowl):
    assert reading(bowl, 0.5, 1.0) == "loss ≈ 0.25 · x 0.50 · y 1.00"


def test_of_what_is_cut_off_it_is_only_said_that_it_is_more():
    made = relief(on_grid(lambda x, y: 1 + 20 * x**2), WINDOW, start=1.0, logarithmic=False)
    assert reading(made, 1.5, 0.0) == "loss above 10 · x 1.50 · y 0.00"


def test_beside_the_surface_only_the_place_is_told(bowl):
    assert reading(bowl, 5.0, 0.0) == "x 5.00 · y 0.00"


@pytest.mark.parametrize(
    ("value", "extent", "text"),
    [
        (0.6349, 6.0, "0.63"),
        (-0.001, 6.0, "0.00"),
        (-0.5, 4.0, "−0.50"),
        (12.3456, 0.01, "12.34560"),
        (12345.6, 4000.0, "12,346"),
        (0.25, 0.0, "0.25"),
        (1.5e8, 1e9, "1.5e8"),
        (float("nan"), 4.0, "not a number"),
    ],
)
def test_a_coordinate_has_as_many_digits_as_the_window_tells_apart(value, extent, text):
    assert coordinate(value, extent) == text


def test_everybody_is_said_to_be_where_they_are(bowl):
    trails = (
        trail(np.array([(0.0, 1.0), (0.5, 1.0)]), np.array([1.0, 0.25]), 0, "Adam"),
        trail(np.array([(0.0, 1.0), (9.0, 1.0)]), np.array([1.0, 81.0]), 0, "SGD"),
        trail(np.array([(0.0, 1.0), (np.nan, 1.0)]), np.array([1.0, np.nan]), 0, "Lion"),
    )
    assert title(bowl) == "Loss over x and y"
    assert description(bowl, Marks(trails, start=(0.0, 1.0, 1.0))) == (
        "Losses from 0 to 8. Adam: loss 0.25 at x 0.50, y 1.00. "
        "SGD: loss 81 at x 9.00, y 1.00, outside of this picture. Lion: its loss is no longer a number. "
        "Start: loss 1 at x 0.00, y 1.00."
    )
    assert place_words(bowl, -1.0, 0.0) == "x −1.00 · y 0.00"
