"""Histograms over time as pixels: where the numbers are, how many, and of which sign."""

import numpy as np
import pytest

from visualnn.nn.statistics import histogram
from visualnn.scene import look
from visualnn.scene.scales import Scale, SignedScale
from visualnn.scene.strips import SHADES, columns, ramps, strip

LOOK = look.load("dark")
GROUND = 0xFF000000 | LOOK["panel"]


def tint(pixels, sign):
    """Of every pixel how strong it is, 0 for the ground, and −1 where it has the other sign's colour."""
    ramp = {int(color): index for index, color in enumerate(ramps(LOOK)[sign])}
    return np.array([[ramp.get(int(pixel), -1) for pixel in row] for row in pixels])


def test_every_number_colours_the_pixels_of_its_bin_and_no_others():
    numbers = np.array([-1.0, -1.0, -1.0, 0.2, 2.0])
    shown = strip([10], [histogram(numbers)])
    assert (shown.up.low, shown.up.high) == (-1, 2)
    column = shown.pixels(5, 300, LOOK)[:, 2]
    above, below = tint(column[:, None], 0)[:, 0], tint(column[:, None], 1)[:, 0]
    values = 2 - (np.arange(300) + 0.5) / 100
    edges = histogram(numbers).edges
    for low, high, count in ((edges[0], edges[1], 3), (edges[9], edges[10], 1), (edges[23], edges[24], 1)):
        inside = (values > low + 0.01) & (values < high - 0.01)
        expected = 1 + round((SHADES - 2) * np.sqrt(count / 3))
        assert inside.any()
        assert np.abs((above if low > 0 else below)[inside] - expected).max() <= 1
    assert (column[(values > edges[10] + 0.01) & (values < edges[23] - 0.01)] == GROUND).all()


def test_numbers_too_close_for_a_pixel_are_not_lost():
    wide, narrow = histogram(np.array([-50.0, 50.0])), histogram(np.array([4.0, 4.001]))
    shown = strip([0, 10], [wide, narrow])
    assert isinstance(shown.up, Scale)
    column = tint(shown.pixels(10, 60, LOOK)[:, 9:], 0)[:, 0]
    assert column.max() == SHADES - 1
    assert (column > 0).sum() == 1


def test_time_goes_across_and_behind_the_last_moment_there_is_nothing():
    shown = strip([0, 10, 40], [histogram(np.array([value - 1.0, value])) for value in (1.0, 2.0, 3.0)])
    assert shown.across.high == 40
    assert columns(shown.updates, shown.across, 8).tolist() == [0, 1, 1, 1, 1, 2, 2, 2]
    early = strip([0, 12], [histogram(np.array([0.0, 1.0]))] * 2)
    assert early.across.high > 12
    assert columns(early.updates, early.across, 20).max() == 2
    assert (early.pixels(20, 8, LOOK)[:, -1] == GROUND).all()
    assert columns(early.updates[:0], early.across, 3).tolist() == [0, 0, 0]


def test_slopes_that_shrink_a_thousandfold_are_still_seen():
    sizes = np.logspace(0, -4, 40)
    shown = strip(range(40), [histogram(np.array([-size, 0.3 * size, size])) for size in sizes])
    assert isinstance(shown.up, SignedScale)
    last = shown.pixels(40, 120, LOOK)[:, 38]
    assert (last != GROUND).sum() >= 4


def test_a_strip_without_numbers_is_empty():
    empty = histogram(np.full(3, np.nan))
    shown = strip([5], [empty])
    assert (shown.pixels(10, 10, LOOK) == GROUND).all()
    assert shown.told(0, 0.0) == "No finite number."
    assert strip([], []).pixels(4, 3, LOOK).shape == (3, 4)
    assert strip([], []).nearest(3) is None


def test_the_numbers_of_a_bin_are_told():
    shown = strip([10], [histogram(np.append(np.linspace(0, 24, 25), np.inf))])
    assert shown.nearest(99) == 0
    assert shown.told(0, 2.5) == "1 of 25 between 2.00 and 3.00, 1 not finite"
    assert shown.told(0, 24.0) == "2 of 25 between 23.0 and 24.0, 1 not finite"
    assert shown.told(0, 99.0) == shown.told(0, None) == "All 25 between 0 and 24.0, 1 not finite"


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_colours_grow_from_the_ground_to_the_sign(name):
    colors = look.load(name)
    shades = ramps(colors)
    assert shades.shape == (2, SHADES)
    assert (shades[:, 0] == 0xFF000000 | colors["panel"]).all()
    far = [abs(int(shades[0, k] & 0xFF) - (colors["panel"] & 0xFF)) for k in range(SHADES)]
    assert far == sorted(far)
