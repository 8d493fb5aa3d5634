"""The cells of a sweep as pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.engine.sweep_moment import Field, Ground, Moment, moment_of
from visualnn.files.examples import load
from visualnn.nn.data import Dataset
from visualnn.nn.metrics import plane
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.scene import look
from visualnn.scene.maps import map_pixels
from visualnn.scene.sweep_board import Board
from visualnn.scene.sweep_picture import Plate, blend, boundary, covered, enlarged, has_map, picture, plane_lines

FIELD = Field((0.03, 0.1, 1.0), (4, 5))
COLORS = look.load("dark")


@pytest.fixture
def ground() -> Ground:
    project = load("circles")
    return Ground(project.network, project.data, replace(project.options, goal=None))


def moment(ground: Ground, updates: int = 30) -> Moment:
    trainings = [ground.training(FIELD, index) for index in range(len(FIELD))]
    for training in trainings:
        training.run(updates)
    return moment_of(trainings, updates, 0.0)


def cell(board: Board, pixels: np.ndarray, index: int) -> np.ndarray:
    row, column = divmod(index, len(board.xs))
    x, y = board.xs[column] - board.xs[0], board.ys[row] - board.ys[0]
    return pixels[y : y + board.height, x : x + board.width]


def channels(pixels: np.ndarray) -> np.ndarray:
    return np.stack([(pixels >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(int)


def test_a_cell_shows_what_its_network_says(ground):
    now, board = moment(ground), Board.within((400, 400), 3, 2)
    pixels = picture(Plate(ground, board, COLORS), now)
    assert pixels.shape == board.size[::-1]
    assert (pixels >> 24 == 255).all()
    x, y, wide, high = board.map
    for index in range(len(FIELD)):
        xs, ys = plane_lines(ground, wide, high)
        xs, ys = np.linspace(xs[0], xs[-1], wide), np.linspace(ys[0], ys[-1], high)
        said = plane(ground.network, now.parameters[index].astype(float), xs, ys)[..., 0]
        wanted = channels(map_pixels(2 * said - 1, COLORS))
        seen = channels(cell(board, pixels, index)[y : y + high, x : x + wide])
        away = np.abs(seen - wanted).max(axis=-1)
        assert np.median(away) <= 6, "all but the boundary"


def test_nothing_is_distorted_by_wide_cells(ground):
    square = [np.ptp(line) for line in plane_lines(ground, 100, 100)]
    wide = [np.ptp(line) for line in plane_lines(ground, 200, 100)]
    high = [np.ptp(line) for line in plane_lines(ground, 100, 200)]
    assert wide == pytest.approx([2 * square[0], square[1]])
    assert high == pytest.approx([square[0], 2 * square[1]])


def test_who_has_diverged_shows_no_map(ground):
    now, board = moment(ground), Board.within((400, 400), 3, 2)
    broken = now.parameters.copy()
    broken[1] = np.nan
    lost = np.arange(len(FIELD)) == 1
    pixels = picture(Plate(ground, board, COLORS), replace(now, parameters=broken, diverged=lost))
    x, y, wide, high = board.map
    shown = cell(board, pixels, 1)[y + 6 : y + high - 6, x + 6 : x + wide - 6]
    assert len(np.unique(shown)) == 1
    others = cell(board, pixels, 0)[y + 6 : y + high - 6, x + 6 : x + wide - 6]
    assert len(np.unique(others)) > 10


def test_the_curve_of_who_has_diverged_is_red(ground):
    now, board = moment(ground), Board.within((400, 400), 3, 2)
    lost = np.arange(len(FIELD)) == 1
    pixels = picture(Plate(ground, board, COLORS), replace(now, diverged=lost))
    x, y, wide, high = board.curve

    def redness(index: int) -> int:
        part = channels(cell(board, pixels, index)[y : y + high, x : x + wide])
        return int((part[..., 0] - part[..., 2]).max())

    assert redness(1) > redness(0) + 20


def test_all_cells_show_the_same_scale_of_losses(ground):
    now, board = moment(ground), Board.within((400, 400), 3, 2)
    flat = now.curves.copy()
    flat[0], flat[1] = 1.0, 0.1
    pixels = picture(Plate(ground, board, COLORS), replace(now, curves=flat, firsts=np.ones(len(FIELD))))
    x, y, wide, high = board.curve

    def height(index: int) -> int:
        part = channels(cell(board, pixels, index)[y : y + high, x : x + wide]).sum(axis=-1)
        return int(part[:, wide // 2].argmax())

    assert height(0) < height(1)


def test_a_goal_is_a_line(ground):
    plain = moment(ground)
    aimed = replace(ground, options=replace(ground.options, goal=0.2))
    board = Board.within((400, 400), 3, 2)
    without = picture(Plate(ground, board, COLORS), plain)
    within = picture(Plate(aimed, board, COLORS), plain)
    good = 0xFF000000 | COLORS["good"]
    assert not (without == good).any()
    assert (within == good).any()


def test_one_input_shows_the_fit_over_the_data():
    x = np.linspace(-1, 1, 20)[:, None]
    data = Dataset("parabola", x, x**2, ("x",))
    ground = Ground(Network.of(1, 4, 1), data, Options())
    assert has_map(ground)
    now, board = moment(ground), Board.within((400, 400), 3, 2)
    pixels = picture(Plate(ground, board, COLORS), now)
    assert (pixels == (0xFF000000 | COLORS["text3"])).any(), "the data"
    blue = channels(cell(board, pixels, 0))
    assert (blue[..., 2] - blue[..., 0]).max() > 80, "the fit"


def test_more_inputs_show_only_the_losses():
    project = load("digits")
    assert not has_map(Ground(project.network, project.data, project.options))


def test_both_themes_have_colours_of_their_own(ground):
    now, board = moment(ground), Board.within((400, 400), 3, 2)
    dark, light = (picture(Plate(ground, board, look.load(name)), now) for name in ("dark", "light"))
    assert channels(light).mean() > channels(dark).mean() + 80


def test_a_line_covers_its_thickness():
    cover = covered(np.full((1, 5), 0.5, dtype=np.float32), 21, 10, 2.0)
    assert cover.shape == (1, 21, 10)
    assert np.allclose(cover.sum(axis=1), 2.0)
    assert np.flatnonzero(cover[0, :, 3]).mean() == 10


def test_a_steep_line_is_not_thinner_than_a_flat_one():
    steep = np.array([[0.0] * 20 + [1.0] * 20], dtype=np.float32)
    thin, thick = (float(covered(steep, 101, 40, each)[0, 50].sum()) for each in (1.3, 2.6))
    assert thin >= 1.3
    assert thick - thin == pytest.approx(1.3)


def test_a_line_ends_where_its_numbers_end():
    line = np.array([[0.5, 0.5, 0.5, np.nan, np.nan]], dtype=np.float32)
    cover = covered(line, 21, 40, 2.0)
    assert cover[0, :, 5].sum() == pytest.approx(2.0)
    assert cover[0, :, 35].sum() == 0.0


def test_a_boundary_lies_where_the_sign_changes():
    values = np.linspace(-1, 1, 41, dtype=np.float32)[None, None, :].repeat(9, axis=1)
    cover = boundary(values, 1.0)
    assert cover[0, 4].argmax() == 20
    assert not cover[0, 4, :15].any()
    assert not boundary(np.zeros((1, 5, 5), dtype=np.float32), 1.0).any()


def test_enlarged_grids_keep_their_ends():
    grids = np.arange(12, dtype=np.float32).reshape(1, 3, 4)
    large = enlarged(grids, 9, 16)
    assert large.shape == (1, 9, 16)
    assert large[0, 0, 0] == 0
    assert large[0, -1, -1] == 11
    assert np.all(np.diff(large[0, 0]) > 0)


def test_ink_is_laid_over_as_much_as_it_covers():
    cells = np.full((2, 1, 1), 0xFF000000, dtype=np.uint32)
    blend(cells, np.array([[[1.0]], [[0.5]]], dtype=np.float32), np.array([0xFF0000, 0x00FF00]))
    assert cells[0, 0, 0] == 0xFFFF0000
    assert channels(cells[1])[0, 0].tolist() == [0, 128, 0]
