"""Strokes: where they run, how much of a pixel they cover, and what lies over what."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.scene.kernels import choose, plain
from visualnn.scene.kernels.raster import ink, stroke

FINE = 12  # points a pixel, each way, of the direct drawing


def stroked(*curve, size=(80, 60), gap=(0.0, 80.0)):
    buffer = ink(*size)
    stroke(buffer, *gap, *curve)
    return buffer.amounts


def covered(x0, x1, y0, y1, width, size):
    """How much of each pixel is nearer to the curve than half its width, counted point by point."""
    t = np.linspace(0.0, 1.0, 4000)
    curve = np.column_stack([x0 + (x1 - x0) * (1.5 * t * (1 - t) + t**3), y0 + (y1 - y0) * (3 - 2 * t) * t * t])
    along, across = ((np.arange(n * FINE) + 0.5) / FINE for n in size)
    inside = np.zeros((along.size, across.size), bool)
    for i, x in enumerate(along):
        near = curve[np.abs(curve[:, 0] - x) <= width / 2 + 0.1]
        distance = np.hypot(near[:, 0] - x, near[:, 1] - across[:, None]).min(axis=1, initial=np.inf)
        inside[i] = distance <= width / 2
    return inside.reshape(size[0], FINE, size[1], FINE).mean(axis=(1, 3))


@pytest.mark.parametrize(
    ("y0", "y1", "width"), [(30.5, 30.5, 1.0), (10.0, 50.0, 2.4), (48.3, 14.1, 6.0), (5.0, 55.0, 1.3)]
)
def test_a_stroke_covers_what_the_curve_covers(kernels, y0, y1, width):
    amounts = stroked(y0, y1, width, 1.0, 1)[..., 0]
    area = covered(0.0, 80.0, y0, y1, width, (80, 60))
    assert np.abs(amounts - area)[3:-3].max() < 0.2
    assert np.abs(amounts - area)[3:-3].mean() < 0.01
    assert amounts[3:-3].sum() == pytest.approx(area[3:-3].sum(), rel=0.03)


def curves(rng, count):
    y0, y1 = rng.uniform(-20, 80, (2, count))
    return y0, y1, rng.uniform(0.3, 9.0, count), rng.uniform(0, 1, count), rng.integers(-1, 2, count)


def test_plain_and_compiled_strokes_are_the_same_picture(compiled, rng, monkeypatch):
    pictures = []
    some = curves(rng, 60)
    for kernels in (plain, compiled):
        monkeypatch.setattr(choose.SWITCH, "used", kernels)
        pictures.append([stroked(*some), stroked(*some, gap=(30.2, 41.7)), stroked(*some, size=(80, 3))])
    for one, other in zip(*pictures, strict=True):
        assert one.any()
        assert np.abs(one - other).max() < 1e-5


def test_a_gap_partly_outside_is_a_crop_of_the_larger_picture(kernels, rng):
    y0, y1, *rest = curves(rng, 20)
    whole = stroked(y0, y1, *rest, gap=(10.5, 71.25))
    crop = stroked(y0 - 20, y1 - 20, *rest, size=(30, 25), gap=(-19.5, 41.25))
    assert np.allclose(crop, whole[30:60, 20:45], atol=1e-4)


@pytest.mark.parametrize("gap", [(-90.0, -10.0), (80.0, 160.0), (40.0, 40.0), (50.0, 30.0), (np.nan, 80.0)])
def test_a_gap_outside_leaves_no_ink(kernels, gap):
    assert not stroked(10.0, 40.0, 2.0, 1.0, 1, gap=gap).any()


def test_later_strokes_lie_over_earlier_ones(kernels):
    both = stroked([20.0, 20.0], [20.0, 20.0], 4.0, [1.0, 0.75], [1, -1])
    assert both[40, 20].tolist() == [0.25, 0.75]


def test_a_stroke_without_a_sign_takes_half_of_both_colours(kernels):
    assert stroked(20.0, 20.0, 4.0, 0.5, 0)[40, 20].tolist() == [0.25, 0.25]


def test_a_thin_stroke_fades(kernels):
    assert stroked(20.5, 20.5, 0.25, 1.0, 1)[40, 19:22, 0].tolist() == [0.0, 0.25, 0.0]


def test_what_cannot_be_seen_changes_nothing(kernels):
    seen = stroked(20.0, 40.0, 2.0, 1.0, 1)
    hidden = [np.nan, np.inf, 20.0, 20.0, 9e9, -50.0]
    widths, strengths = [2.0, 2.0, 0.0, 2.0, 2.0, 2.0, 2.0], [1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0]
    assert np.array_equal(stroked([*hidden, 20.0], [*hidden, 40.0], widths, strengths, 1), seen)
    assert not stroked([], [], [], [], []).any()


def test_a_steep_stroke_ends_at_its_neurons(kernels):
    amounts = stroked(10.0, 110.0, 1.0, 1.0, 1, size=(6, 120), gap=(0.0, 6.0))[..., 0]
    assert amounts[:, 12:108].sum(axis=0).min() > 0.4
    assert not amounts[:, :9].any()
    assert not amounts[:, 111:].any()
