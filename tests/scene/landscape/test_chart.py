"""A landscape as a map: what is drawn on it, and where."""

from __future__ import annotations

from itertools import pairwise
from math import hypot

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, hills, on_grid
from visualnn.scene import look
from visualnn.scene.frame import Arrow, Box, Line, Pixels, Text
from visualnn.scene.landscape.axes import axis_ticks, log_reason
from visualnn.scene.landscape.chart import chart, plot
from visualnn.scene.landscape.chart_trails import BALL, bodies, trails
from visualnn.scene.landscape.marks import Marks, Minimum, Moment, Slope, trail
from visualnn.scene.landscape.pins import DOWNHILL
from visualnn.scene.landscape.relief import relief
from visualnn.scene.landscape.tints import tints

SIZE = 900, 640
LOOK = look.load("dark")
PINK, GREEN = 0xFF00AA, 0x00CC66


def loss(x, y):
    return x**2 + (y - 1) ** 2


def straight(points, color=PINK, name="Adam", **more):
    points = np.array(points, dtype=np.float64)
    return trail(points, loss(*points.T), color, name, **more)


def frame(made, size=SIZE, **marks):
    return chart(made, size, LOOK, marks=Marks(**marks), scale=0.25)


def of(items, kind, **wanted):
    return [each for each in items if isinstance(each, kind) and all(getattr(each, k) == v for k, v in wanted.items())]


def letter(items, text):
    found = of(items, Text, text=text)
    assert len(found) == 1, f"{len(found)} times {text}"
    return found[0]


# -- the map itself ------------------------------------------------------------------------------------------------


def test_the_map_fills_the_size_and_leaves_room_for_its_numbers(kernels, bowl):
    for size in ((380, 300), SIZE, (1600, 1000)):
        area = plot(bowl, size)
        assert 30 < area.left < 80
        assert size[0] - 120 < area.right < size[0] - 50
        assert area.top == 34
        assert area.bottom == size[1] - 46


def test_its_colours_lie_where_it_does(kernels, bowl):
    area, (pixels, *_rest) = plot(bowl, SIZE), frame(bowl).items
    assert isinstance(pixels, Pixels)
    assert (pixels.x - pixels.width / 2, pixels.y - pixels.height / 2) == (area.left, area.top)
    assert (pixels.width, pixels.height) == (area.width, area.height)
    wanted = tints(bowl, (round(area.width / 4), round(area.height / 4)), LOOK, scale=0.25)
    assert np.array_equal(pixels.colors, wanted)


def test_it_has_names_numbers_and_a_colour_bar(kernels, bowl):
    made = frame(bowl)
    assert {"x", "y", "−2", "−1", "0", "1", "2", "3", "loss", "8"} <= set(made.texts())
    area = plot(bowl, SIZE)
    for tick in axis_ticks(*WINDOW[:2]):
        x, _ = area.spot(tick.value, 0)
        assert of(made.around, Text, text=tick.text, x=x)
    bar = of(made.around, Pixels)[0]
    assert bar.x - bar.width / 2 > area.right


def test_numbers_below_have_room_beside_each_other(kernels):
    made = relief(on_grid(hills), (123456.0, 123456.4, 0.0, 1.0))
    texts = [each for each in frame(made, (380, 300)).around if isinstance(each, Text) and each.align == "center"]
    numbers = sorted((each for each in texts if each.text != "x"), key=lambda each: each.x)
    assert len(numbers) >= 2
    for one, other in pairwise(numbers):
        assert other.x - one.x > 6 * len(one.text)


def test_numbers_on_an_axis_have_the_digits_that_tell_them_apart():
    assert [tick.text for tick in axis_ticks(1e6, 1e6 + 0.4, 4)] == [
        "1,000,000.0", "1,000,000.1", "1,000,000.2", "1,000,000.3", "1,000,000.4",
    ]  # fmt: skip
    assert [tick.text for tick in axis_ticks(0, 1e-9, 4)] == ["0", "5e−10", "1e−9"]
    assert [tick.text for tick in axis_ticks(-1e300, 1e300, 4)] == ["−1e300", "−5e299", "0", "5e299", "1e300"]
    assert len(axis_ticks(-1.7e308, 1.7e308)) >= 2


def test_where_no_loss_is_a_number_no_colour_has_one(kernels):
    made = frame(relief(np.full((5, 5), np.nan), WINDOW))
    assert not of(made.around, Pixels)
    assert "0" in made.texts()  # of the axes
    assert not [each for each in made.around if isinstance(each, Text) and each.size == 12 and each.text == "0"]


def test_the_stamp_is_written_where_there_is_room_for_it(kernels, bowl):
    stamp = "surface at update 120"
    assert stamp in chart(bowl, SIZE, LOOK, scale=0.2, stamp=stamp).texts()
    assert stamp not in chart(bowl, (180, 200), LOOK, scale=0.2, stamp=stamp).texts()


def test_why_heights_cannot_be_logarithms():
    assert log_reason(relief(on_grid(loss), WINDOW)) == ""
    assert log_reason(relief(on_grid(loss), WINDOW, logarithmic=False)) == ""
    assert "below 0" in log_reason(relief(-on_grid(loss), WINDOW))
    assert "same everywhere" in log_reason(relief(np.full((3, 3), 2.0), WINDOW))
    assert "much alike" in log_reason(relief(10 + on_grid(loss), WINDOW))
    assert "Nowhere" in log_reason(relief(np.full((3, 3), np.nan), WINDOW))


# -- paths and balls -----------------------------------------------------------------------------------------------


def test_a_path_leads_through_its_points_with_a_dark_line_below(kernels, bowl):
    points = [(-1.5, 0), (0.3, 2.5), (1.2, 2)]
    items, area = frame(bowl, trails=(straight(points),)).items, plot(bowl, SIZE)
    (line,) = of(items, Line, color=PINK)
    assert np.array(line.points) == pytest.approx(area.spots(points), abs=1e-9)
    below = [each for each in of(items, Line) if each.points == line.points and each.width > 2 * line.width]
    assert items.index(below[0]) < items.index(line)


def test_a_path_goes_on_to_the_edge_of_the_map(kernels, bowl):
    items, area = frame(bowl, trails=(straight([(0, 1), (9, 1)]),)).items, plot(bowl, SIZE)
    (line,) = of(items, Line, color=PINK)
    assert line.points[-1] == pytest.approx((area.right, area.spot(0, 1)[1]))


def test_beads_are_updates_and_stay_while_a_path_grows(kernels, bowl):
    area = plot(bowl, SIZE)
    points = np.column_stack([np.linspace(-1.9, 1.9, 90), np.linspace(-0.5, 2, 90) ** 2])
    spots = {tuple(spot) for spot in area.spots(points).tolist()}
    grown = [
        {(each.x, each.y) for each in of(trails(area, Marks((straight(points[:count]),))), Box)}
        for count in (40, 60, 90)
    ]
    assert 5 < len(grown[0]) < len(grown[1]) < len(grown[2]) < 60
    assert grown[0] < grown[1] < grown[2] < spots


def test_a_path_in_two_parts_is_the_whole_path(kernels, bowl):
    area = plot(bowl, SIZE)
    steps = np.random.default_rng(3).normal(scale=0.05, size=(400, 2))
    marks = Marks((straight(np.cumsum(steps, axis=0)), straight([(0, 0), (1, 1)], GREEN)), selected=0)
    whole, parts = trails(area, marks), [*bodies(area, marks, (256, 0)), *trails(area, marks, skipped=(256, 0))]

    def beads(items):
        return {(each.x, each.y) for each in items if isinstance(each, Box)}

    assert beads(parts) == beads(whole)
    ends = {spot for line in of(parts, Line, color=PINK) for spot in line.points}
    assert tuple(area.spots(marks.trails[0].points[-1])[0].tolist()) in ends


def test_a_ball_stands_at_the_end_with_its_letter(kernels, bowl):
    items, area = frame(bowl, trails=(straight([(-1, 0), (0.5, 1)]),)).items, plot(bowl, SIZE)
    text = letter(items, "A")
    assert (text.x, text.y) == area.spot(0.5, 1)
    assert of(items, Box, x=text.x, y=text.y, fill=PINK, width=2 * BALL)


def test_the_chosen_one_of_several_lies_above_the_others_and_has_a_ring(kernels, bowl):
    both = straight([(-1, 0), (0.5, 1)]), straight([(1, 0), (0.5, 1)], GREEN, "Momentum")
    for chosen, top in ((0, "A"), (1, "M")):
        items = frame(bowl, trails=both, selected=chosen).items
        letters = [each.text for each in items if isinstance(each, Text) and each.text in "AM"]
        assert letters[-1] == top
        assert len(of(items, Box, fill=LOOK["accent"])) == 1


@pytest.mark.parametrize(("there", "way"), [((9, 1), (1, 0)), ((0, 99), (0, -1)), ((-1e6, 1), (-1, 0))])
def test_a_runner_outside_is_an_arrow_at_the_rim(kernels, bowl, there, way):
    items, area = frame(bowl, trails=(straight([(0, 1), there]),)).items, plot(bowl, SIZE)
    text, arrows = letter(items, "A"), of(items, Arrow)
    assert area.holds(text.x, text.y)
    assert all((each.dx, each.dy) == pytest.approx(way, abs=1e-3) for each in arrows)
    assert len(arrows) == 2


def test_a_runner_whose_place_is_no_number_stays_where_it_was_last(kernels, bowl):
    items, area = frame(bowl, trails=(straight([(0, 1), (0.5, 1.5), (np.nan, np.inf)]),)).items, plot(bowl, SIZE)
    assert (letter(items, "A").x, letter(items, "A").y) == area.spot(0.5, 1.5)


def test_a_ball_whose_loss_is_not_the_surfaces_has_a_ring_and_both_numbers(kernels, bowl):
    path = trail(np.array([(1.0, 1.0), (0.5, 1.0)]), np.array([3.0, 4.0]), PINK, "Adam")
    items, area = frame(bowl, trails=(path,)).items, plot(bowl, SIZE)
    assert "loss 4 · surface 0.25" in [each.text for each in items if isinstance(each, Text)]
    x, y = area.spot(0.5, 1)
    assert of(items, Box, x=x, y=y, fill=None, edge=PINK)


def test_where_they_are_the_same_there_is_neither(kernels, bowl):
    for path in (
        straight([(1, 1), (0.5, 1)]),
        straight([(1, 1), (0.5, 1)], floors=loss(*np.array([(1, 1), (0.5, 1)]).T)),
    ):
        made = frame(bowl, trails=(path,))
        assert not [text for text in made.texts() if "surface" in text]
        assert not of(made.items, Box, fill=None, edge=PINK)


def test_a_surface_that_is_coarser_than_its_path_is_believed_where_its_true_heights_are_given(kernels):
    coarse = relief(on_grid(lambda x, y: -np.exp(-20 * loss(x, y)), 4), WINDOW)
    points = np.array([(1.5, 2.0), (0.1, 1.0)])
    true = -np.exp(-20 * loss(*points.T))
    guessed, known = (trail(points, true, PINK, "Adam", floors=floors) for floors in (None, true))
    assert any("surface" in text for text in frame(coarse, trails=(guessed,)).texts())
    assert not any("surface" in text for text in frame(coarse, trails=(known,)).texts())


def test_numbers_of_two_balls_do_not_lie_on_each_other(kernels, bowl):
    points = np.array([(0.0, 0.0), (0.5, 1.0)])
    paths = tuple(trail(points + 0.02 * k, np.array([5.0, 5.0 + k]), PINK, f"{k}") for k in range(4))
    items = frame(bowl, trails=paths).items
    plates = [each for each in items if isinstance(each, Box) and each.fill == LOOK["panel"]]
    assert len(plates) >= 2
    for index, one in enumerate(plates):
        for other in plates[index + 1 :]:
            assert abs(one.x - other.x) >= (one.width + other.width) / 2 or abs(one.y - other.y) >= one.height


# -- the other marks -----------------------------------------------------------------------------------------------


def test_minima_and_the_start_stand_at_their_places(kernels, bowl):
    made, area = frame(bowl, minima=(Minimum(0.0, 1.0, 0.0), Minimum(9, 9, 0)), start=(-1, 2, 2.0)), plot(bowl, SIZE)
    rings = [each for each in made.items if isinstance(each, Box) and each.width == 15]
    assert {(ring.x, ring.y) for ring in rings} == {area.spot(0, 1)}
    assert "start" in made.texts()
    assert of(made.items, Box, x=area.spot(-1, 2)[0], y=area.spot(-1, 2)[1], width=11)


@pytest.mark.parametrize("gradient", [(2.0, 0.0), (0.0, -3.0), (1.0, 2.0), (-1e-9, 0.0), (1e9, 1e9)])
def test_the_arrow_leads_the_way_of_the_steepest_descent(kernels, bowl, gradient):
    items, area = frame(bowl, slope=Slope(0.5, 1.0, gradient)).items, plot(bowl, SIZE)
    (line,) = of(items, Line, color=DOWNHILL)
    (x0, y0), (x1, y1) = line.points
    assert (x0, y0) == area.spot(0.5, 1)
    way = np.array([-gradient[0] * area.width / 4, gradient[1] * area.height / 4])
    assert (np.array([x1 - x0, y1 - y0]) / hypot(x1 - x0, y1 - y0)) == pytest.approx(way / hypot(*way))
    assert hypot(x1 - x0, y1 - y0) > 15


def test_a_gradient_that_is_none_draws_nothing(kernels, bowl):
    for gradient in ((0.0, 0.0), (np.nan, 1.0), (np.inf, 0.0), (1e308, 1e308)):
        assert not of(frame(bowl, slope=Slope(0, 1, gradient)).items, Line, color=DOWNHILL)
    assert not of(frame(bowl, slope=Slope(9, 1, (1.0, 0.0))).items, Line, color=DOWNHILL)


def test_a_velocity_is_as_long_as_the_way_it_leads(kernels, bowl):
    items, area = frame(bowl, moment=Moment(0, 1, velocity=(1.0, -0.5))).items, plot(bowl, SIZE)
    assert "velocity" in [each.text for each in items if isinstance(each, Text)]
    arrow = of(items, Arrow, color=0xFFFFFF)[0]
    tip = arrow.x + arrow.dx * 3.5, arrow.y + arrow.dy * 3.5
    assert tip == pytest.approx(area.spot(1.0, 0.5), abs=1e-6)


def test_a_velocity_too_short_to_be_seen_shows_its_way_only(kernels, bowl):
    items, area = frame(bowl, moment=Moment(0, 1, velocity=(1e-6, 0.0))).items, plot(bowl, SIZE)
    arrow = of(items, Arrow, color=0xFFFFFF)[0]
    assert (arrow.dx, arrow.dy) == pytest.approx((1, 0))
    assert arrow.x > area.spot(0, 1)[0] + 10
    assert not of(frame(bowl, moment=Moment(0, 1, velocity=(0.0, 0.0))).items, Arrow)


def test_the_rates_of_both_weights_are_as_long_as_they_are_to_each_other(kernels, bowl):
    made, area = frame(bowl, moment=Moment(0, 1, rates=(0.3, 0.1))), plot(bowl, SIZE)
    assert {"x: 0.3", "y: 0.1"} <= set(made.texts())
    across, up = (np.ptp(np.array(line.points), axis=0) for line in of(made.items, Line, width=1.9))
    assert across[0] / area.width == pytest.approx(3 * up[1] / area.height)


def test_the_pointer_is_told_where_it_is_and_how_high(kernels, bowl):
    made, area = frame(bowl, pointed=(0.5, 2.0)), plot(bowl, SIZE)
    (words,) = [text for text in made.texts() if "≈" in text]
    assert "loss ≈ 1.25" in words
    assert "x 0.5" in words
    assert "y 2.0" in words
    x, y = area.spot(0.5, 2)
    assert of(made.items, Box, x=x, y=y, width=11)
    hairs = [line for line in of(made.items, Line) if line.dash]
    assert {line.points[0][0] for line in hairs} == {area.left, x}


def test_of_a_hole_and_of_what_is_cut_off_the_pointer_is_told_so(kernels):
    losses = on_grid(loss, 41)
    losses[:10, :10] = np.nan
    made = relief(losses, WINDOW, logarithmic=False, start=0.3)
    assert any("no number" in text for text in frame(made, pointed=(-1.8, -0.8)).texts())
    assert any("loss above 3" in text for text in frame(made, pointed=(1.9, 2.9)).texts())


@pytest.mark.parametrize("losses", [np.full((3, 3), np.nan), np.full((2, 2), 1.0), np.zeros((1, 4)), np.ones((9, 1))])
@pytest.mark.parametrize("window", [WINDOW, (0.0, 0.0, 1.0, 1.0), (0.0, 1e-300, -1e300, 1e300)])
def test_marks_on_nothing_are_no_trouble(kernels, losses, window):
    path = trail(np.array([(0.0, 1.0), (1.0, 1.0)]), np.array([1.0, np.inf]), PINK, "Adam")
    moment = Moment(0, 1, (0.1, 0.1), (0.0, 0.2))
    marks = Marks((path,), (Minimum(0, 1, 0.0),), Slope(0, 1, (1.0, 0.0)), moment, (0, 1, 1.0), 0, (0.0, 1.0))
    made = chart(relief(losses, window), (380, 300), LOOK, marks=marks, scale=0.5)
    for item in (*made.items, *made.around):
        if isinstance(item, Line):
            assert np.isfinite(item.points).all()
        else:
            assert np.isfinite((item.x, item.y)).all()
