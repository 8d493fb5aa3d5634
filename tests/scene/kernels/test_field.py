"""A field shows every strong connection of a gap where it runs, whatever the columns look like."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.scene.kernels import choose, plain
from visualnn.scene.kernels.curve import columns
from visualnn.scene.kernels.lattice import Side, points_for
from visualnn.scene.kernels.raster import field, ink


def drawn(weights, y_first=(10.0, 10.0), y_step=(3.0, 3.0), *, size=(60, 400), gap=(0.0, 60.0), **options):
    """The ink of a field whose alphas are the strengths themselves."""
    buffer = ink(*size)
    options = {"scale": 1.0, "amount": 1.0, "bend": 1.0, **options}
    field(buffer, *gap, np.asarray(weights, np.float32), y_first, y_step, **options)
    return buffer.amounts


def paths(weights, y_first, y_step, count, *, width=60):
    """The signs, strengths and heights, column by column, of the strongest connections."""
    order = np.argsort(-np.abs(weights), axis=None)[:count]
    i, j = np.unravel_index(order, weights.shape)
    s = columns(0.0, float(width), width).s[:, None]
    y = (1 - s) * (y_first[0] + i * y_step[0]) + s * (y_first[1] + j * y_step[1])
    return np.sign(weights[i, j]), np.abs(weights[i, j]), y


@pytest.mark.parametrize(
    ("shape", "y_first", "y_step"),
    [
        ((300, 300), (10.0, 10.0), (1.3, 1.3)),
        ((200, 331), (3.5, 60.2), (1.9, 0.71)),
        ((6, 500), (20.0, 5.0), (70.0, 0.78)),
        ((700, 64), (0.4, 150.0), (0.55, 2.0)),
        ((600, 600), (0.0, 0.0), (0.66, 0.66)),
        ((1500, 1100), (10.0, 4.0), (0.25, 0.35)),
    ],
    ids=lambda value: "x".join(map(str, value)),
)
def test_the_strongest_connections_are_where_they_would_be_drawn_one_by_one(compiled, rng, shape, y_first, y_step):
    weights = (rng.standard_normal(shape) / 6).astype(np.float32)
    amounts = drawn(weights, y_first, y_step).max(axis=2)
    _, strength, y = paths(weights, y_first, y_step, 200)
    around = np.clip(np.floor(y).astype(int)[..., None] + [-1, 0, 1], 0, amounts.shape[1] - 1)
    found = amounts[np.arange(len(y))[:, None, None], around].max(axis=2)
    assert (found >= strength - 1e-4).all()


def test_a_lone_connection_is_a_thin_line_of_its_sign(kernels):
    weights = np.zeros((40, 25))
    weights[31, 4] = -0.5
    y_first, y_step = (8.0, 12.0), (9.5, 15.2)
    amounts = drawn(weights, y_first, y_step, points=1024)
    assert not amounts[..., 0].any()
    (_,), (_,), y = paths(weights, y_first, y_step, 1)
    x, rows = np.nonzero(amounts[..., 1])
    assert np.abs(rows + 0.5 - y[x, 0]).max() < 1.5
    assert np.bincount(x, minlength=60).min() >= 1
    assert np.bincount(x).max() <= 2
    assert amounts.max() == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("points", [256, 512, 1024])
def test_the_compiled_transform_is_the_plain_one_bit_for_bit(compiled, rng, points):
    w = rng.standard_normal((points - 100, points + 300)).astype(np.float32)
    w[3, 5], w[7, 2], w[9, 9] = np.nan, np.inf, -0.0
    left, right = (Side.of(n, 0.0, 1.0, points) for n in w.shape)
    results = []
    for kernels in (plain, compiled):
        keys = np.zeros((2, 2, points, points * 3 // 2), np.uint16)
        kernels.place(w, left.rows, right.rows, np.float32(10_000), keys[0, 0])
        kernels.turn(keys[0, 0], keys[1, 0])
        for octant in keys:
            kernels.transform(*octant)
        results.append(keys)
    assert results[0].any()
    assert np.array_equal(*results)


def test_plain_and_compiled_fields_are_the_same_picture(compiled, rng, monkeypatch):
    weights = rng.standard_normal((90, 400))
    pictures = []
    for kernels in (plain, compiled):
        monkeypatch.setattr(choose.SWITCH, "used", kernels)
        pictures.append(drawn(weights, (-30.0, 5.0), (5.0, 1.1), scale=2.0, bend=2.6, gap=(-20.3, 41.8)))
    assert np.array_equal(*pictures)


def test_a_gap_partly_outside_is_a_crop_of_the_larger_picture(kernels, rng):
    weights = rng.standard_normal((50, 80)) / 4
    whole = drawn(weights, (30.0, 50.0), (7.0, 4.5), size=(100, 420), gap=(5.25, 92.0), points=512)
    crop = drawn(weights, (-70.0, -50.0), (7.0, 4.5), size=(40, 200), gap=(-24.75, 62.0), points=512)
    assert whole.any()
    assert np.allclose(crop, whole[30:70, 100:300], atol=1e-6)


def test_left_and_right_are_alike(kernels, rng):
    weights = rng.standard_normal((70, 45)) / 4
    there = drawn(weights, (20.0, 35.0), (4.0, 7.0))
    back = drawn(weights.T, (35.0, 20.0), (7.0, 4.0))
    assert np.mean(there[:30] != back[::-1][:30]) < 0.02  # rounding may differ where a line meets the edge of a pixel


def test_several_threads_draw_the_same_picture(compiled, rng, monkeypatch):
    from visualnn.scene.kernels import halves

    weights = rng.standard_normal((300, 300)) / 4
    pictures = []
    for threads in (1, 3):
        monkeypatch.setattr(halves, "THREADS", threads)
        pictures.append(drawn(weights, size=(700, 1000), gap=(0.0, 700.0), points=1024))
    assert pictures[0].any()
    assert np.array_equal(*pictures)


def test_weights_that_are_nothing_leave_no_ink(kernels):
    assert not drawn(np.zeros((5, 7))).any()
    assert not drawn(np.full((5, 7), np.nan)).any()
    assert not drawn(np.zeros((0, 7))).any()
    assert not drawn(np.ones((5, 7)), scale=0.0).any()
    assert not drawn(np.ones((5, 7)), (0.0, np.inf)).any()


def test_a_weight_that_is_not_a_number_hides_no_other(kernels):
    weights = np.full((3, 3), np.nan)
    weights[1, 1] = 0.75
    lone = np.where(np.isnan(weights), 0, weights)
    assert drawn(weights).any()
    assert np.array_equal(drawn(weights), drawn(lone))


def test_equal_weights_fill_the_gap(kernels):
    amounts = drawn(np.full((200, 200), 0.25), (0.0, 0.0), (2.0, 2.0))
    assert np.allclose(amounts[:, 1:398, 0], 0.25, atol=1e-4)
    assert not amounts[..., 1].any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1)])
def test_a_column_may_have_one_neuron(kernels, shape):
    weights = np.linspace(0.2, 1.0, max(shape)).reshape(shape).astype(np.float32)
    y_first, y_step = (100.0, 40.0), (5.0, 5.0)
    amounts = drawn(weights, y_first, y_step)
    _, strength, y = paths(weights, y_first, y_step, weights.size)
    around = np.floor(y).astype(int)[..., None] + [-1, 0, 1]
    found = amounts[np.arange(60)[:, None, None], around, 0].max(axis=2)
    assert (found >= strength - 1e-4).all()


def test_strength_saturates_and_is_bent(kernels):
    weights = [[0.5]]
    half = drawn(weights, amount=0.8, bend=2.0).max()
    full = drawn(weights, amount=0.8, bend=2.0, scale=0.1).max()
    assert (half, full) == (pytest.approx(0.2, abs=1e-4), pytest.approx(0.8))


def test_a_field_covers_what_was_there(kernels):
    buffer = ink(30, 30)
    buffer.amounts[..., 0] = 0.5
    field(buffer, 0.0, 30.0, np.array([[-1.0]]), (15.5, 15.5), (0.0, 0.0), 1.0, amount=0.5)
    assert buffer.amounts[10, 15].tolist() == [0.25, 0.5]
    assert buffer.amounts[10, 5].tolist() == [0.5, 0.0]


def test_points_are_a_power_of_two():
    assert [points_for(height) for height in (0, 256, 300, 800, 1600, 9000)] == [256, 256, 512, 1024, 2048, 2048]
    with pytest.raises(ValueError, match="not 1000"):
        drawn([[1.0]], points=1000)
