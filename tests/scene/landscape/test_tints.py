"""The colours of a map."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.scene import look
from visualnn.scene.landscape.ramp import color_at
from visualnn.scene.landscape.relief import relief
from visualnn.scene.landscape.tints import hole_color, tints

SIZE = 200, 120
LOOK = look.load("dark")


def bowl(x, y):
    return x**2 + (y - 1) ** 2


def channels(pixels):
    return np.stack([np.asarray(pixels) >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(int)


def pixel(pixels, x, y):
    """At a point of the window."""
    rows, columns = pixels.shape
    column = round((x - WINDOW[0]) / (WINDOW[1] - WINDOW[0]) * (columns - 1))
    row = round((WINDOW[3] - y) / (WINDOW[3] - WINDOW[2]) * (rows - 1))
    return pixels[row, column]


@pytest.mark.parametrize("palette", ["vivid", "even"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_flat_surface_has_the_colour_of_its_height(kernels, palette, theme):
    colors = look.load(theme)
    made = relief(np.full((9, 9), 5.0), WINDOW)
    pixels = tints(made, SIZE, colors, palette=palette)
    assert pixels.shape == (120, 200)
    wanted = channels(color_at(float(made.share(5.0)), colors, palette))
    assert np.abs(channels(pixels) - wanted).max() <= 2


def test_colours_follow_the_heights_with_a_little_light_and_shade(kernels):
    made = relief(on_grid(bowl, 81), WINDOW, logarithmic=False)
    pixels = tints(made, SIZE, LOOK, palette="even")
    for point in ((-1.8, -0.8), (0, 1), (1.5, 2.0), (1.9, 2.9)):
        ground = channels(color_at(float(made.share(bowl(*point))), LOOK, "even"))
        assert np.abs(channels(pixel(pixels, *point)) - ground).max() < 45


def test_the_upper_left_of_a_hollow_lies_in_the_shade(kernels):
    made = relief(on_grid(bowl, 81), WINDOW, logarithmic=False)
    pixels = tints(made, SIZE, LOOK)
    dark, light = (channels(pixel(pixels, *at)).sum() for at in ((-1, 2), (1, 0)))
    assert dark < light - 30


def test_the_first_row_is_the_upper_edge(kernels):
    made = relief(on_grid(lambda x, y: y), WINDOW, logarithmic=False)
    pixels = channels(tints(made, SIZE, LOOK, palette="even")).sum(axis=-1)
    assert pixels[0].mean() > pixels[-1].mean() + 100  # the even ramp grows lighter


def test_a_hole_is_hatched_and_has_no_height(kernels):
    losses = on_grid(bowl, 41)
    losses[:20, :20] = np.nan
    pixels = tints(relief(losses, WINDOW), SIZE, LOOK)
    hole = channels(pixels[80:, :80]).reshape(-1, 3)
    ground = channels(hole_color(LOOK))
    assert (np.abs(hole - ground).max(axis=1) <= 1).mean() > 0.5
    assert (np.abs(hole - ground).max(axis=1) > 30).any()


def test_what_is_cut_off_is_hatched_and_darker_than_the_highest(kernels):
    made = relief(on_grid(bowl, 41), WINDOW, logarithmic=False, start=0.2)
    pixels = tints(made, SIZE, LOOK, palette="even")
    high = channels(color_at(1.0, LOOK, "even")).sum()
    corner = channels(pixels[:20, :20]).sum(axis=-1)
    assert (corner < 0.7 * high).mean() > 0.5
    assert np.ptp(corner) > 60


def test_nothing_known_is_all_hatched(kernels):
    pixels = tints(relief(np.full((5, 5), np.nan), WINDOW), SIZE, LOOK)
    assert len(np.unique(pixels)) >= 2
    assert (np.abs(channels(pixels) - channels(hole_color(LOOK))).max(axis=-1) <= 1).mean() > 0.5


@pytest.mark.parametrize("losses", [on_grid(bowl) * 1e-300, on_grid(bowl) * 1e300, -on_grid(bowl)])
def test_tiny_huge_and_negative_losses_have_colours(kernels, losses):
    pixels = tints(relief(losses, WINDOW), (64, 48), LOOK)
    assert (pixels >> 24 == 255).all()


def test_a_map_of_one_pixel_is_a_map(kernels):
    assert tints(relief(on_grid(bowl), WINDOW), (0, 1), LOOK).shape == (1, 1)
