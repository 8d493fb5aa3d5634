"""Contour lines of a map, and the losses written into them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, hills, on_grid
from visualnn.scene import look
from visualnn.scene.frame import Line, Text
from visualnn.scene.landscape.isolines import isolines, ruled
from visualnn.scene.landscape.levels import levels
from visualnn.scene.landscape.plot import Plot
from visualnn.scene.landscape.ramp import color_at
from visualnn.scene.landscape.relief import relief
from visualnn.scene.look import text_width

LOOK = look.load("dark")
PLOT = Plot(40, 30, 700, 500, WINDOW)


def bowl(x, y):
    return x**2 + (y - 1) ** 2


def items(made, plot=PLOT, colors=LOOK):
    drawn = list(ruled(made, plot, colors))
    return [each for each in drawn if isinstance(each, Line)], [each for each in drawn if isinstance(each, Text)]


def test_along_a_line_the_loss_is_that_of_the_line(kernels):
    made = relief(on_grid(bowl, 81), WINDOW, logarithmic=False)
    found = isolines(made)
    assert len(found) >= 10
    for line in found:
        for points in line.lines:
            assert bowl(*points.T) == pytest.approx(line.loss, abs=0.01)


def test_lines_run_at_the_levels_of_the_relief(kernels):
    for made in (relief(on_grid(bowl), WINDOW), relief(on_grid(hills), WINDOW, logarithmic=False)):
        across, first, main = levels(made)
        for line in isolines(made):
            number = line.share * across - first
            assert number == pytest.approx(round(number), abs=1e-6)
            assert line.is_main == (round(number) % main == 0)
            assert line.loss == made.loss(line.share)


def test_a_closed_valley_has_closed_lines(kernels):
    lowest = isolines(relief(on_grid(bowl, 81), WINDOW, logarithmic=False))[0]
    (points,) = lowest.lines
    assert points[0].tolist() == points[-1].tolist()
    radii = np.hypot(points[:, 0], points[:, 1] - 1)
    assert np.ptp(radii) < 0.02


def test_a_flat_surface_has_none(kernels):
    made = relief(np.full((9, 9), 3.0), WINDOW)
    assert isolines(made) == ()
    assert list(ruled(made, PLOT, LOOK)) == []


def test_lines_end_at_holes(kernels):
    losses = on_grid(bowl, 81)
    x, y = np.meshgrid(np.linspace(*WINDOW[:2], 81), np.linspace(*WINDOW[2:], 81))
    hole = (x > 0.5) & (y > 1.5)
    made = relief(np.where(hole, np.nan, losses), WINDOW, logarithmic=False)
    points = np.concatenate([points for line in isolines(made) for points in line.lines])
    assert not ((points[:, 0] > 0.51) & (points[:, 1] > 1.51)).any()


def test_nothing_but_numbers_missing_has_none(kernels):
    assert isolines(relief(np.full((5, 5), np.nan), WINDOW)) == ()


def test_above_what_is_cut_off_there_is_no_line_but_its_rim(kernels):
    made = relief(on_grid(bowl, 81), WINDOW, logarithmic=False, start=0.2)
    assert made.is_clipped
    assert max(line.loss for line in isolines(made)) <= made.high
    lines, _texts = items(made)
    rim = [line for line in lines if line.color == LOOK["warn"]]
    points = np.array([PLOT.point(*spot) for line in rim for spot in line.points])
    assert bowl(*points.T) == pytest.approx(made.high, abs=0.02)


def test_a_line_has_the_colour_of_its_height_made_lighter_or_darker(kernels):
    made = relief(on_grid(bowl), WINDOW, logarithmic=False)
    for name, brighter in (("dark", True), ("light", False)):
        colors = look.load(name)
        lines, _texts = items(made, colors=colors)
        for line in lines:
            at = PLOT.point(*line.points[len(line.points) // 2])
            ground = color_at(float(made.share(bowl(*at))), colors)
            assert (sum(parts(line.color)) > sum(parts(ground))) == brighter


def parts(color):
    return color >> 16 & 255, color >> 8 & 255, color & 255


def test_a_written_loss_is_that_of_its_place(kernels):
    _lines, texts = items(relief(on_grid(bowl, 81), WINDOW, logarithmic=False))
    assert texts
    for text in texts:
        there = bowl(*PLOT.point(text.x, text.y))
        assert float(text.text) == pytest.approx(there, rel=0.05, abs=0.02)


def test_a_line_has_a_gap_where_its_loss_is_written(kernels):
    lines, texts = items(relief(on_grid(bowl, 81), WINDOW, logarithmic=False))
    spots = np.concatenate([line.points for line in lines])
    for text in texts:
        wide = text_width(text.text, text.size)
        inside = (np.abs(spots[:, 0] - text.x) < wide / 2) & (np.abs(spots[:, 1] - text.y) < text.size / 2)
        assert not inside.any()


def test_written_losses_stand_apart_and_inside(kernels):
    _lines, texts = items(relief(on_grid(hills, 81), WINDOW, logarithmic=False))
    for index, one in enumerate(texts):
        half = text_width(one.text, one.size) / 2
        assert PLOT.holds(one.x - half, one.y)
        assert PLOT.holds(one.x + half, one.y)
        for other in texts[index + 1 :]:
            assert abs(one.x - other.x) > 2 * half - 1 or abs(one.y - other.y) > one.size


def test_where_lines_would_be_too_dense_only_the_main_ones_are_drawn(kernels):
    steep = relief(on_grid(lambda x, y: 1e4 ** np.tanh(3 * x), 81), WINDOW)
    small = Plot(0, 0, 60, 60, WINDOW)
    lines, _texts = items(steep, small)
    main = sum(line.is_main for line in isolines(steep))
    assert len(isolines(steep)) > 3 * main
    assert {line.width for line in lines if abs(line.points[0][0] - 30) < 3} == {1.3}


def test_a_ribbon_has_lines_across(kernels):
    made = relief(np.linspace(1, 9, 30)[:, None], (2.0, 2.0, 0.0, 1.0), logarithmic=False)
    lines, _texts = items(made, PLOT.showing(made.window))
    assert lines
    assert all(np.isfinite(line.points).all() for line in lines)
    assert max(np.ptp(np.array(line.points)[:, 0]) for line in lines) > 100
