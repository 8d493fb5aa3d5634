"""Lines and letters on a relief."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.scene import look
from visualnn.scene.frame import Arrow, Box, Line, Text
from visualnn.scene.landscape.axes import axis_ticks
from visualnn.scene.landscape.camera import HOME, Camera, view
from visualnn.scene.landscape.drape import LIFT, placed, standing
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Marks, Minimum, Moment, Slope, trail
from visualnn.scene.landscape.overlay import overlay
from visualnn.scene.landscape.picking import are_hidden, height
from visualnn.scene.landscape.pins import DOWNHILL, slope_words
from visualnn.scene.landscape.relief import TALL, relief
from visualnn.scene.landscape.standpoint import facing
from visualnn.scene.look import text_width

SIZE = 900, 640
LOOK = look.load("dark")
PINK = 0xFF00AA


def loss(x, y):
    return x**2 + (y - 1) ** 2


def frame(made, camera=HOME, **marks):
    return overlay(made, camera, SIZE, LOOK, marks=Marks(**marks))


def drawn(items, color):
    return [item for item in items if isinstance(item, Line) and item.color == color]


def straight(points, made=None):
    points = np.array(points, dtype=np.float64)
    return trail(points, loss(*points.T), PINK, "Adam")


def between(points, count=100):
    """Points all along a line of corners."""
    corners, share = np.array(points), np.linspace(0, 1, count)[:, None]
    return np.concatenate([a + share * (b - a) for a, b in itertools.pairwise(corners)])


def test_a_path_lies_on_the_surface(kernels, bowl):
    camera = Camera(HOME.turn, 1.2)
    lines = drawn(frame(bowl, camera, trails=(straight([(-1.5, 0), (1.2, 2)]),)).items, PINK)
    share = np.linspace(0, 1, 2001)
    x, y = -1.5 + 2.7 * share, 2 * share
    there = np.column_stack([bowl.world(np.column_stack([x, y])), loss(x, y) / 8 * TALL + LIFT])
    way = view(camera, SIZE).seen(there)[:, :2]
    points = np.concatenate([between(line.points) for line in lines])
    distances = np.abs(points[:, None] - way).sum(axis=-1)
    assert distances.min(axis=1).max() < 1.0
    assert distances.min(axis=0).max() < 1.0


def test_behind_a_hill_a_path_is_dashed_and_thin(kernels):
    made = relief(on_grid(lambda x, y: np.exp(-8 * loss(x, y))), WINDOW, logarithmic=False)
    points = np.array([(-1.5, 2.0), (1.5, 2.0)])
    path = trail(points, np.exp(-8 * loss(*points.T)), PINK, "Adam")
    camera = Camera(-np.pi / 2, 0.2)
    items = frame(made, camera, trails=(path,)).items
    dashed = [item for item in items if isinstance(item, Line) and item.dash == (2.5, 4.0)]
    under, path = dashed  # on dark dashes, so that it is seen on any colour
    assert under.points == path.points
    assert path.color == PINK
    solid = [item for item in drawn(items, PINK) if item.dash is None]
    assert len(solid) == 2
    assert all(path.width < item.width for item in solid)
    middle = view(camera, SIZE).seen(np.zeros(3))[0]
    assert dashed[0].points[0][0] < middle < dashed[0].points[-1][0]


def test_a_ball_above_the_surface_stands_on_a_stalk_that_says_both_losses(kernels, bowl):
    path = trail(np.array([(1.0, 1.0), (0.5, 1.0)]), np.array([3.0, 4.0]), PINK, "Adam")
    items = frame(bowl, trails=(path,)).items
    assert "loss 4 · surface 0.25" in [item.text for item in items if isinstance(item, Text)]
    seen = view(HOME, SIZE)
    top = seen.seen(placed(bowl, path.points[-1:], path.losses[-1:])[0])
    foot = seen.seen(np.array([*bowl.world([(0.5, 1.0)])[0], 0.25 / 8 * TALL]))
    stalk = [item for item in items if isinstance(item, Line) and len(item.points) == 2 and item.width == 1.6]
    assert stalk[0].points[0] == pytest.approx(foot[:2], abs=0.5)
    assert stalk[0].points[1] == pytest.approx(top[:2], abs=0.5)


def test_on_an_exact_surface_there_is_no_stalk(kernels, bowl):
    texts = frame(bowl, trails=(straight([(1, 1), (0.5, 1)]),)).texts()
    assert "A" in texts
    assert not [text for text in texts if "surface" in text]


def test_a_path_ends_where_the_window_ends_and_where_losses_are_no_numbers(kernels, bowl):
    points = np.array([(-1.0, 1), (0, 1), (9, 9), (1, 1), (1, 2), (1.5, 2)])
    losses = loss(*points.T)
    losses[4] = np.nan
    path = trail(points, losses, PINK, "Adam")
    camera = Camera(0.3, 1.5)
    lines = drawn(frame(bowl, camera, trails=(path,)).items, PINK)
    rim = np.array([[*bowl.world([at])[0], loss(*at) / 8 * TALL] for at in ((2, 1 + 16 / 9), (2, 1 + 1))])
    ends = [line.points[end] for line, end in ((lines[0], -1), (lines[1], 0))]
    assert len(lines) == 2
    assert np.abs(ends - view(camera, SIZE).seen(rim)[:, :2]).max() < 3


@pytest.mark.parametrize("away", [(9.0, 1.0), (9.0, 9.0), (1e300, 1.0)])
def test_an_arrow_at_the_rim_points_to_a_ball_that_left_the_window(kernels, bowl, away):
    camera = Camera(-np.pi / 2, 1.2)
    path = trail(np.array([(0.0, 1.0), away]), np.array([1.0, np.inf]), PINK, "Adam")
    made = frame(bowl, camera, trails=(path,))
    arrow = next(item for item in made.items if isinstance(item, Arrow) and item.color == PINK)
    rim = bowl.world([np.clip(away, (-2, -1), (2, 3))])[0]
    x, y, _ = view(camera, SIZE).seen(np.array([*rim, loss(*np.clip(away, (-2, -1), (2, 3))) / 8 * TALL]))
    assert np.hypot(arrow.x - x, arrow.y - y) < 60
    assert arrow.dx > 0.5
    assert "A" in made.texts()


def test_a_known_minimum_is_marked_at_its_place(kernels, bowl):
    items = frame(bowl, minima=(Minimum(0.5, 1.0, 0.25),)).items
    x, y, _ = view(HOME, SIZE).seen(np.array([*bowl.world([(0.5, 1.0)])[0], 0.25 / 8 * TALL + LIFT]))
    rings = [item for item in items if isinstance(item, Box) and item.width == 15]
    assert rings
    assert (rings[0].x, rings[0].y) == pytest.approx((x, y))


def test_the_arrow_points_downhill(kernels, bowl):
    given = Slope(1.0, 1.0, (2.0, 0.0))
    camera = Camera(-np.pi / 2, 1.2)
    colored = drawn(frame(bowl, camera, slope=given).items, DOWNHILL)
    (x0, _), (x1, _) = colored[0].points[0], colored[0].points[-1]
    assert x1 < x0 - 20


def test_how_much_of_a_slope_leads_out_of_the_picture_is_said():
    assert slope_words(Slope(0, 0, (1, 0), 0.36, 11)) == (
        "36 % of the slope leads out of this picture, into 11 more directions."
    )
    assert slope_words(Slope(0, 0, (1, 0))) is None


def test_a_gradient_that_is_none_draws_nothing(kernels, bowl):
    for gradient in ((0.0, 0.0), (np.nan, 1.0), (np.inf, 0.0)):
        assert not drawn(frame(bowl, slope=Slope(0, 1, gradient)).items, DOWNHILL)


def test_axes_carry_names_and_round_numbers(kernels, bowl):
    texts = frame(bowl).texts()
    assert {"x", "y", "−2", "0", "2", "loss"} <= set(texts)
    assert [tick.text for tick in axis_ticks(3.0, 3.0)] == ["3"]
    assert [tick.text for tick in axis_ticks(-0.4, 0.4)] == ["−0.4", "−0.2", "0", "0.2", "0.4"]


def test_axes_stand_in_front_wherever_one_looks_from(kernels, bowl):
    for turn in (-2.2, -0.7, 0.8, 2.4):
        items = frame(bowl, Camera(turn, 0.6)).items
        names = {item.text: item for item in items if isinstance(item, Text) and item.text in "xy"}
        middle = view(Camera(turn, 0.6), SIZE).seen(np.array([0, 0, -0.36]))[1]
        assert all(item.y > middle for item in names.values())


@pytest.mark.parametrize("losses", [np.full((3, 3), np.nan), np.full((2, 2), 1.0), np.zeros((1, 4))])
def test_marks_on_nothing_are_no_trouble(kernels, losses):
    path = trail(np.array([(0.0, 1.0), (1.0, 1.0)]), np.array([1.0, 1.0]), PINK, "Adam")
    marks = Marks(
        (path, path),
        (Minimum(0, 1, 0.0),),
        Slope(0, 1, (1.0, 0.0)),
        Moment(0, 1, (0.1, 0.0), (0.1, 0.2)),
        start=(0, 1, 1.0),
        selected=1,
        pointed=(0.0, 1.0),
    )
    for window in (WINDOW, (0.0, 0.0, 1.0, 1.0)):
        made = overlay(relief(losses, window), HOME, SIZE, LOOK, marks=marks)
        for item in made.items:
            if isinstance(item, Line):
                assert np.isfinite(item.points).all()
            elif not isinstance(item, Text) or item.text:
                assert np.isfinite((item.x, item.y)).all()


FAR_AWAY = ((np.nan, 1.0), (np.inf, -np.inf), (1e308, -1e308), (0.5, 1.0))
ENORMOUS = (
    np.array([[1.7e308, 1e-9], [1.0, 1.7e308]]),
    np.array([[5e-324, 0.0], [1e-320, 1e-310]]),
    np.array([[-1e300, 1e300], [np.inf, np.nan]]),
)


@pytest.mark.parametrize("losses", ENORMOUS)
@pytest.mark.parametrize("at", FAR_AWAY)
def test_numbers_as_large_as_there_are_are_no_trouble(kernels, losses, at):
    path = trail(np.array([(0.0, 1.0), at, (1.0, 1.0), at]), np.array([1.0, 1e300, np.inf, np.nan]), PINK, "Adam")
    huge = (1e300, -1e300)
    marks = Marks((path,), (Minimum(*at, 0.0),), Slope(*at, huge), Moment(*at, huge, huge), (*at, 1e300), 0, at)
    for window in (WINDOW, (-1e300, 1e300, -1.0, 1.0), (1e9, 1e9 + 1, 0.0, 1e-9)):
        for logarithmic in (True, False):
            made = relief(losses, window, start=1e300, logarithmic=logarithmic)
            assert facing(made, marks) is not None
            for item in overlay(made, HOME, SIZE, LOOK, marks=marks).items:
                if isinstance(item, Line):
                    assert np.isfinite(item.points).all()


def test_a_path_whose_losses_are_the_surface_lies_on_it_however_coarse_it_is_drawn(kernels):
    made = relief(on_grid(loss, 5), WINDOW)
    points = np.array([(1.5, 2.0), (0.5, 0.7)])
    path = trail(points, loss(*points.T), PINK, "Adam", floors=loss(*points.T))
    flat = made.world(points)
    drawn_there = height(ground(made), flat)
    assert standing(made, path, slice(None))[:, 2] == pytest.approx(drawn_there + LIFT)
    assert not [text for text in frame(made, trails=(path,)).texts() if "surface" in text]


def test_the_camera_turns_where_more_of_a_path_is_seen(kernels):
    made = relief(on_grid(lambda x, y: x + y), WINDOW, logarithmic=False)
    points = np.array([(-1.5, -0.5), (1.5, 2.5)])
    path = trail(points, points.sum(axis=1), PINK, "Adam")
    assert facing(made, Marks((path,))) == HOME
    steep = relief(on_grid(lambda x, y: np.exp(-9 * (x + 0.5) ** 2 - 9 * (y - 0.5) ** 2)), WINDOW, logarithmic=False)
    behind = np.array([(0.2, 1.2), (0.4, 1.4)])
    hid = trail(behind, np.zeros(2), PINK, "Adam")
    seen = facing(steep, Marks((hid,)))
    points = standing(steep, hid, slice(None))
    assert are_hidden(steep, view(seen, SIZE), points).sum() <= are_hidden(steep, view(HOME, SIZE), points).sum()


@pytest.mark.parametrize("turn", [-2.2, -1.9, -0.7, 0.8, 2.4])
def test_long_names_of_axes_cover_no_number(bowl, turn):
    long = replace(bowl, names=("first main direction", "second main direction"))
    texts = [item for item in overlay(long, Camera(turn, 0.74), SIZE, LOOK).items if isinstance(item, Text)]
    names = [text for text in texts if text.text in long.names]
    assert len(names) == 2
    for name in names:
        half = text_width(name.text, name.size) / 2
        assert half <= name.x <= SIZE[0] - half
        for other in texts:
            room = half + text_width(other.text, other.size) / 2
            assert other is name or abs(other.x - name.x) > room or abs(other.y - name.y) > 12, other.text


def test_words_cover_neither_each_other_nor_a_ball(kernels, bowl):
    where = {"x": 0.6, "y": 1.2}
    moment = Moment(**where, velocity=(0.4, 0.1), rates=(0.1, 0.2))
    slope = Slope(**where, gradient=(1.2, 0.4))
    trails = tuple(replace(straight([(-1, 0), (0.6, 1.2 + 0.1 * each)]), letter="SMA"[each]) for each in range(3))
    items = frame(bowl, trails=trails, start=(0.6, 1.1, 0.4), slope=slope, moment=moment, selected=0).items
    texts = [
        each for each in items if isinstance(each, Text) and each.text in ("start", "downhill", "velocity", "rates")
    ]
    discs = [each for each in items if isinstance(each, Text) and each.text in ("S", "M", "A")]
    assert {each.text for each in texts} >= {"start", "downhill"}
    assert len(discs) == 3
    plates = [(each.x, each.y, text_width(each.text, 11) * 0.9, 16.0) for each in texts]
    balls = [(each.x, each.y, 16.0, 16.0) for each in discs]
    for index, (x, y, wide, high) in enumerate(plates):
        for other_x, other_y, other_wide, other_high in (*plates[index + 1 :], *balls):
            assert abs(x - other_x) * 2 >= wide + other_wide or abs(y - other_y) * 2 >= high + other_high


def test_a_ball_behind_a_hill_keeps_its_letter_on_a_dark_disc(kernels, bowl):
    low = Camera(HOME.turn, 0.12)
    lost = replace(straight([(0.0, 1.0), (0.05, 1.0)]), letter="A")
    items = frame(bowl, low, trails=(lost,)).items
    letter = next(each for each in items if isinstance(each, Text) and each.text == "A")
    assert letter.color == PINK


def test_a_path_that_goes_to_and_fro_is_finer(kernels, bowl):
    def width(points):
        return max(item.width for item in drawn(frame(bowl, trails=(straight(points),)).items, PINK))

    to_and_fro = [((-1) ** step * 0.8, 0.4 + 0.01 * step) for step in range(60)]
    assert width(to_and_fro) < 0.6 * width([(-0.8, 0.4), (0.8, 1.0)])
