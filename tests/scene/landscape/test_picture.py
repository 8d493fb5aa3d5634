"""Pixels."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.scene import look
from visualnn.scene.kernels.terrain import choose, plain
from visualnn.scene.landscape import heights
from visualnn.scene.landscape.camera import HOME, Camera, view
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.picking import are_hidden, height
from visualnn.scene.landscape.picture import Quality, picture, sheet
from visualnn.scene.landscape.ramp import color_at, ramp
from visualnn.scene.landscape.relief import relief

SIZE = 150, 110
DARK, LIGHT = look.load("dark"), look.load("light")


def channels(pixels):
    return pixels.view(np.uint8).reshape(*pixels.shape, 4)[..., 2::-1].astype(int)


def spotty():
    """With a hole and a clipped hill."""
    losses = on_grid(lambda x, y: 0.5 + x**2 + (y - 1) ** 2 + 40 * np.exp(-6 * (x + 1) ** 2 - 6 * (y - 2) ** 2))
    losses[8:12, 28:33] = np.nan
    return relief(losses, WINDOW, start=0.6, logarithmic=False)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("camera", [HOME, Camera(1.0, 0.12, 1.6), Camera(-0.4, 1.45)])
def test_plain_and_compiled_pictures_differ_by_rounding_only(compiled, theme, camera, monkeypatch):
    pictures = []
    for kernels in (plain, compiled):
        monkeypatch.setattr(choose.SWITCH, "used", kernels)
        heights.field.cache_clear()
        heights.surface.cache_clear()
        pictures.append(channels(picture(spotty(), camera, SIZE, theme)))
    apart = np.abs(pictures[0] - pictures[1])
    assert (apart > 2).mean() < 0.004  # a pixel on the edge between two triangles may fall to either
    assert np.median(apart) == 0


def test_a_picture_has_the_size_asked_for(kernels, bowl):
    assert picture(bowl, HOME, SIZE, DARK).shape == (110, 150)
    assert picture(bowl, HOME, SIZE, DARK, quality=Quality(1.5, 2)).shape == (165, 225)
    assert picture(bowl, HOME, (0, 0), DARK).shape == (1, 1)


def test_the_corners_are_canvas(kernels, bowl):
    for theme in (DARK, LIGHT):
        corner = channels(picture(bowl, HOME, (300, 220), theme))[0, 0]
        canvas = [theme["canvas"] >> shift & 255 for shift in (16, 8, 0)]
        assert np.abs(corner - canvas).max() <= 2


def test_a_point_has_the_hue_of_its_height(kernels, hilly):
    """Light makes a colour lighter or darker; the order of its channels stays."""
    seen = view(HOME, (600, 440))
    pixels = channels(picture(hilly, HOME, (600, 440), DARK, quality=Quality(1.0, 2)))
    points = hilly.world(np.random.default_rng(5).uniform((-1.8, -0.8), (1.8, 2.8), (60, 2)))
    points = np.column_stack([points, height(ground(hilly), points)])
    shown = points[~are_hidden(hilly, seen, points)]
    for point in shown:
        x, y, _ = seen.seen(point)
        red, green, blue = pixels[int(y), int(x)]
        color = color_at(point[2] / 0.8, DARK)
        strong = max((16, 8, 0), key=lambda shift: color >> shift & 255)
        parts = {16: red, 8: green, 0: blue}
        assert parts[strong] >= max(parts.values()) - 40
    assert len(shown) > 30


def test_four_pixels_become_their_mean(kernels):
    fine = np.array([[0xFF000000, 0xFFFF0040], [0xFF00FF00, 0xFFFFFF41]], np.uint32)
    out = np.zeros((1, 1), np.uint32)
    choose.kernels().halved(0, 1, fine, out)
    assert f"{out[0, 0]:x}" == "ff808020"


def test_where_one_pixel_of_four_is_computed_the_others_are_between(kernels):
    coarse = np.array([[0xFF000000, 0xFF804020], [0xFF000080, 0xFFFF00FF], [0xFF0000FF, 0xFF00FF00]], np.uint32)
    pairs = np.zeros((6, 2), np.uint64)
    choose.kernels().doubled(0, 6, coarse, pairs)
    fine = channels(pairs.view(np.uint32))
    known, near = channels(coarse), np.clip(np.arange(-1, 7), 0, 5) // 2
    rows = 3 * known[near[1:-1]] + known[[0, 1, 0, 2, 1, 2]]
    assert np.array_equal(fine[:, 0], (4 * rows[:, 0] + 8) // 16)
    assert np.array_equal(fine[:, 1], (3 * rows[:, 0] + rows[:, 1] + 8) // 16)
    assert np.array_equal(fine[:, 2], (3 * rows[:, 1] + rows[:, 0] + 8) // 16)
    assert np.array_equal(fine[:, 3], (4 * rows[:, 1] + 8) // 16)


def test_such_a_picture_shows_the_same_as_a_fine_one(kernels, hilly):
    size = 301, 221
    fine = channels(picture(hilly, HOME, size, DARK))
    half = channels(picture(hilly, HOME, size, DARK, quality=Quality(1.0, 1, 2)))
    assert half.shape == fine.shape
    assert np.median(np.abs(half - fine)) <= 1
    assert np.abs(half - fine).mean() < 4


def test_through_a_hole_the_map_is_seen(kernels):
    losses = on_grid(lambda x, y: 1 + x + y)
    whole = picture(relief(losses, WINDOW), Camera(-2.2, 1.4), SIZE, DARK)
    losses[15:26, 15:26] = np.nan
    open_ = picture(relief(losses, WINDOW), Camera(-2.2, 1.4), SIZE, DARK)
    middle = (slice(48, 54), slice(72, 78))
    assert channels(open_)[middle].mean() < 0.5 * channels(whole)[middle].mean()


def test_where_it_is_cut_off_there_is_a_rim(kernels):
    camera, size = Camera(-2.2, 1.5), (300, 220)
    made = relief(on_grid(lambda x, y: 1 + 8 * x**2 + 8 * (y - 1) ** 2), WINDOW, start=1.0, logarithmic=False)
    pixels = channels(picture(made, camera, size, DARK, quality=Quality(1.0, 2)))
    angles = np.linspace(0, 6, 30)
    around = np.column_stack([np.cos(angles), np.sin(angles)])
    warn = np.array([DARK["warn"] >> shift & 255 for shift in (16, 8, 0)])

    def apart(loss):
        flat = made.world(np.sqrt((loss - 1) / 8) * around + (0, 1))
        x, y, _ = view(camera, size).seen(np.column_stack([flat, height(ground(made), flat)])).T
        return np.abs(pixels[y.astype(int), x.astype(int)] - warn).mean()

    assert apart(10) < 0.6 * min(apart(7), apart(14))


@pytest.mark.parametrize(
    "losses", [np.full((3, 3), np.nan), np.full((2, 2), 1.0), np.full((1, 5), 2.0), np.zeros((4, 4))]
)
def test_nothing_is_no_trouble(kernels, losses):
    for theme in (DARK, LIGHT):
        assert picture(relief(losses, WINDOW), HOME, SIZE, theme).shape == (110, 150)


def test_the_even_ramp_grows_lighter_all_the_way():
    colors = ramp("even", True)[:, :3]
    assert (np.diff(colors @ np.array([0.2126, 0.7152, 0.0722], np.float32)) > -1e-6).all()


def test_halves_of_a_picture_drawn_by_two_threads_fit(compiled, hilly, monkeypatch):
    from visualnn.scene.kernels import halves

    monkeypatch.setattr(choose.SWITCH, "used", compiled)
    one = picture(hilly, HOME, (260, 200), DARK)
    monkeypatch.setattr(halves, "WORTHWHILE", 1)
    monkeypatch.setattr(halves, "THREADS", 2)
    two = picture(hilly, HOME, (260, 200), DARK)
    assert np.array_equal(one, two)


def test_room_for_pixels_is_used_again_once_nobody_holds_them():
    first = sheet((3, 5), np.uint32)
    part = first[:2]
    second = sheet((3, 5), np.uint32)
    assert second is not first
    place = first.ctypes.data
    del first
    assert sheet((3, 5), np.uint32).ctypes.data != place
    del part
    assert sheet((3, 5), np.uint32).ctypes.data == place
    assert sheet((5, 3), np.uint32).shape == (5, 3)
