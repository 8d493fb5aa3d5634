import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.scene import charts, look


def texts(scale):
    return [tick.text for tick in scale.ticks]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1492, "0.1492"),
        (26.04, "26.04"),
        (1.0, "1.000"),
        (9.99996, "10.00"),
        (12345.0, "12,345"),
        (2e7, "2.000e7"),
        (3.1e-6, "3.100e−6"),
        (-0.5, "−0.5000"),
        (0.0, "0"),
        (float("nan"), "not a number"),
        (float("inf"), "∞"),
    ],
)
def test_four_significant_digits(value, text):
    assert charts.significant(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(10, "10"), (0.3, "0.3"), (0.001, "0.001"), (1e-6, "1e−6"), (3e-4, "3e−4"), (0, "0"), (-4, "−4")],
)
def test_ticks_are_written_short_with_a_true_minus(value, text):
    assert charts.tick_text(value) == text


def test_handsome_losses():
    assert texts(charts.loss_scale(0.149, 0.75, True)) == ["0.1", "0.3", "1"]
    assert texts(charts.loss_scale(1e-4, 0.9, True)) == ["1e−4", "0.001", "0.01", "0.1", "1"]
    assert texts(charts.loss_scale(0.59, 26, False)) == ["0", "10", "20", "30"]
    assert texts(charts.loss_scale(0.0, 0.0, False))[0] == "0"


def test_handsome_updates():
    assert texts(charts.update_scale(0)) == ["0", "5", "10"]
    assert texts(charts.update_scale(236)) == ["0", "100", "200", "300"]
    assert texts(charts.update_scale(1_234_567)) == ["0", "500,000", "1 M", "1.5 M"]


@given(st.integers(0, 10**12))
def test_the_axis_of_updates_holds_the_last_one_and_is_not_much_longer(last):
    scale = charts.update_scale(last)
    assert scale.holds(last)
    assert last <= 10 or scale.high <= 1.7 * last
    assert 3 <= len(scale.ticks) <= 6


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300))
def test_a_log_axis_holds_its_losses_and_a_few_ticks(a, b):
    low, high = min(a, b), max(a, b)
    scale = charts.loss_scale(low, high, True)
    assert scale.low <= low * (1 + 1e-6)
    assert scale.high >= high * (1 - 1e-6)
    assert 2 <= len(scale.ticks) <= 6
    assert all(0 <= scale.share(tick.value) <= 1 for tick in scale.ticks)


@given(st.floats(0, 1), st.booleans())
def test_a_share_goes_there_and_back(share, is_log):
    scale = charts.loss_scale(0.003, 0.7, is_log)
    assert scale.share(scale.value(share)) == pytest.approx(share, abs=1e-9)


def test_a_loss_of_0_lies_at_the_bottom_of_a_log_axis():
    scale = charts.loss_scale(0.01, 1, True)
    assert scale.share(0.0) == 0
    assert scale.share(np.array([0.0, 0.01, 1.0])).tolist() == [0, 0, 1]


@given(st.integers(0, 3000), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_thinning_keeps_every_columns_extremes_and_at_most_two_points(count, stride, seed):
    rng = np.random.default_rng(seed)
    x, y = np.arange(count) * stride, rng.normal(size=count)
    end = charts.update_scale(int(x[-1]) if count else 0).high
    thin_x, thin_y = charts.thinned(x, y, end, 50)
    assert (np.diff(thin_x) >= 0).all()
    edges = np.arange(1, 50) * (end / 50)
    column, thin_column = np.searchsorted(edges, x, "right"), np.searchsorted(edges, thin_x, "right")
    for k in np.unique(column):
        kept = thin_y[thin_column == k]
        assert kept.min() == y[column == k].min()
        assert kept.max() == y[column == k].max()
        assert kept.size <= 2 or count <= 100


def test_what_is_not_a_number_becomes_a_gap():
    y = np.ones(1000)
    y[300:700] = np.inf
    y[650] = -np.inf
    _x, thin = charts.thinned(np.arange(1000), y, 1000.0, 20)
    assert np.isnan(thin[len(thin) // 2])
    assert np.nanmax(thin) == 1


def test_the_plane_has_a_margin_around_the_data():
    plane = charts.plane_around(np.array([[-4.0, 0.0], [4.0, 2.0]]), 0.125)
    assert (plane.left, plane.right, plane.bottom, plane.top) == (-5, 5, -0.25, 2.25)
    assert plane.data == (-4, 4, 0, 2)
    assert plane.across(np.array([-5.0, 0.0])).tolist() == [0, 0.5]
    assert plane.down(np.array([2.25, -0.25])).tolist() == [0, 1]
    xs, ys = plane.grid(3)
    assert xs.tolist() == [-5, 0, 5]
    assert ys.tolist() == [2.25, 1, -0.25]


def test_data_on_a_line_still_make_a_plane():
    plane = charts.plane_around(np.array([[1.0, 3.0], [2.0, 3.0]]), 0.1)
    assert plane.bottom < 3 < plane.top


@pytest.mark.parametrize("name", ["dark", "light"])
def test_maps_are_orange_below_0_and_blue_above(name):
    colors = look.load(name)
    pixels = charts.map_pixels(np.array([[-1.0, 0.0, 1.0, 5.0, np.nan]]), colors)[0]
    ground = colors.mix("canvas", "raised", 0.5)
    assert pixels[0] == 0xFF000000 | look.blend(ground, colors["neg"], 0.5)
    assert pixels[2] == pixels[3] == 0xFF000000 | look.blend(ground, colors["pos"], 0.5)
    channels = [[(int(p) >> shift) & 255 for shift in (16, 8, 0)] for p in (pixels[1], pixels[4], ground)]
    assert np.abs(np.diff(channels, axis=0)).max() <= 4


def test_handsome_levels():
    assert charts.contour_levels(8.0) == (-8, -4, 0, 4, 8)
    assert charts.contour_levels(1.0) == pytest.approx((-0.8, -0.4, 0, 0.4, 0.8))
    assert charts.contour_levels(0.0) == (0,)


def test_the_contour_of_a_plain_slope_is_a_straight_line():
    grid = np.tile(np.arange(6.0), (4, 1))
    lines = charts.contour(grid, 2.5)
    assert (lines[..., 0] == 2.5).all()
    assert sorted(lines[..., 1].ravel().tolist()) == [0, 1, 1, 2, 2, 3]


def test_the_contour_of_a_bowl_is_one_closed_ring():
    x, y = np.meshgrid(np.linspace(-1, 1, 41), np.linspace(-1, 1, 41))
    lines = charts.contour(np.hypot(x, y), 0.5)
    assert np.hypot(*(lines / 20 - 1).reshape(-1, 2).T) == pytest.approx(0.5, abs=2e-3)
    (ring,) = charts.joined(lines)
    assert ring[0].tolist() == ring[-1].tolist()
    assert len(ring) > 70


def test_open_lines_are_joined_from_end_to_end():
    x, _y = np.meshgrid(np.linspace(-2, 2, 30), np.linspace(-1, 1, 30))
    joined = charts.joined(charts.contour(np.abs(x), 1.0))
    assert sorted(len(line) for line in joined) == [30, 30]


@pytest.mark.parametrize("saddle", [[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
@pytest.mark.parametrize("level", [0.4, 0.6])
def test_a_saddle_is_cut_so_that_its_middle_stays_on_its_side(saddle, level):
    grid = np.array(saddle)
    lines = charts.contour(grid, level)
    assert len(lines) == 2
    corners = {(0, 0): grid[0, 0], (1, 0): grid[0, 1], (0, 1): grid[1, 0], (1, 1): grid[1, 1]}
    for line in lines:
        x, y = np.rint(line.mean(axis=0) + (line.mean(axis=0) - 0.5) * 0.01)
        assert (corners[int(x), int(y)] > level) != (grid.mean() > level)


def test_no_contour_where_nothing_is_finite_or_all_is_plain():
    assert len(charts.contour(np.full((5, 5), np.nan), 0.0)) == 0
    plain = np.maximum(np.tile(np.arange(-5.0, 6.0), (11, 1)), 0)
    assert len(charts.contour(plain, 0.0)) == 0
    assert len(charts.contour(plain, 0.5)) == 10
