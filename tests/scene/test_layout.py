from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import ARTICLE, STAGES, networks
from visualnn.nn.network import Network
from visualnn.scene.arrangement import layout, most_open
from visualnn.scene.camera import Camera, kept, panned, zoomed
from visualnn.scene.layout import PILL_HEIGHT, PILL_WIDTH, Layout, Manner, bezier

SMALL = ("2-3-1", "2-4-1", "3-5-2")


def test_the_article_on_its_stage() -> None:
    """As in the design, to within two pixels."""
    made = layout(ARTICLE, 920.0, 616.0)
    inputs, hidden, output = made.columns
    assert [c.x for c in made.columns] == pytest.approx([94.4, 427.1, 825.6], abs=2)
    assert hidden.gate_x == pytest.approx(551.1, abs=2)
    assert inputs.ys.tolist() == pytest.approx([316 - 84, 316 + 84])
    assert hidden.ys.tolist() == pytest.approx([166, 316, 466])
    assert output.ys.tolist() == [316]
    assert [c.radius for c in made.columns] == pytest.approx([36, 36, 36 * 1.12])
    assert (hidden.gate_size, output.gate_x, inputs.gate_x) == (54, None, None)
    assert (made.head_y, made.foot_y) == (34, 590)


def test_without_heads_the_network_stands_in_the_middle() -> None:
    made = layout(ARTICLE, 684.0, 344.0, 0.86, heads=False)
    assert made.columns[1].ys[1] == made.columns[2].ys[0] == 172


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("text", [*SMALL, "1-1", "2-8-6-1", "4-9-9-9-3"])
def test_columns_follow_each_other(text: str, stage: tuple[float, float, float]) -> None:
    made = layout(Network.parse(text), *stage)
    for left, right in pairwise(made.columns):
        assert left.exit_x < right.entry_x
    check_inside(made)


def check_inside(made: Layout) -> None:
    for column in made.columns:
        assert column.x - column.radius >= 0
        assert column.exit_x <= made.width
        assert min(column.ys) - column.radius >= 0
        assert max(column.ys) + column.radius <= made.height
        assert all(b - a >= 2 * column.radius for a, b in pairwise(column.ys))
        if column.gate_x is not None:
            assert column.gate_x - column.gate_size / 2 >= column.x + column.radius
            assert all(b - a >= column.gate_size for a, b in pairwise(column.ys))


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("text", SMALL)
def test_pills_do_not_touch_each_other(text: str, stage: tuple[float, float, float]) -> None:
    made = layout(Network.parse(text), *stage)
    wide, high = PILL_WIDTH * stage[2], PILL_HEIGHT * stage[2]
    for (_, (x0, y0)), (_, (x1, y1)) in combinations(made.pills.items(), 2):
        assert abs(x0 - x1) >= wide or abs(y0 - y1) >= high


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("text", ["2-3-1", "2-4-1"])
def test_small_networks_have_all_their_weights_written(text: str, stage: tuple[float, float, float]) -> None:
    network = Network.parse(text)
    assert len(layout(network, *stage).pills) == network.connection_count


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("text", [*SMALL, "3-8-2", "4-6-1", "2-8-1"])
def test_a_gap_has_all_its_labels_or_none(text: str, stage: tuple[float, float, float]) -> None:
    network = Network.parse(text)
    pills = layout(network, *stage).pills
    for gap, (n_in, n_out) in enumerate(pairwise(network.sizes)):
        assert sum(layer == gap for layer, _, _ in pills) in (0, n_in * n_out)


def test_a_label_that_has_no_place_is_still_found_on_its_connection() -> None:
    made = layout(Network.of(3, 8, 2), 704.0, 516.0)
    assert (0, 0, 0) not in made.pills
    assert made.pill_at(0, 0, 0) == bezier(*made.link(0, 0, 0), 0.5)
    assert layout(Network.parse("-".join(["4"] * 40)), 920.0, 616.0).pill_at(10, 0, 0) is None  # folded


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("text", SMALL)
def test_a_pill_lies_on_its_own_connection(text: str, stage: tuple[float, float, float]) -> None:
    made = layout(Network.parse(text), *stage)
    for link, (x, y) in made.pills.items():
        ends = made.link(*link)
        assert ends[0] < x < ends[2]
        assert min(abs(bezier(*ends, k / 200)[0] - x) + abs(bezier(*ends, k / 200)[1] - y) for k in range(201)) < 3


def test_a_curve_begins_and_ends_where_its_link_does() -> None:
    assert bezier(1.0, 2.0, 9.0, 5.0, 0.0) == (1.0, 2.0)
    assert bezier(1.0, 2.0, 9.0, 5.0, 1.0) == (9.0, 5.0)
    assert bezier(1.0, 2.0, 9.0, 5.0, 0.5) == (5.0, 3.5)


def test_every_neuron_of_a_large_column_has_its_place() -> None:
    made = layout(Network.of(2, 1000, 1), 920.0, 616.0)
    hidden = made.columns[1]
    assert (hidden.form, hidden.units, hidden.visible) == ("bar", 1000, range(1000))
    assert hidden.y_of(999) - hidden.y_of(0) == pytest.approx(616 - 196)
    assert [hidden.neuron_at(hidden.x, hidden.y_of(n)) for n in (0, 1, 500, 999)] == [0, 1, 500, 999]
    assert hidden.neuron_at(hidden.x, hidden.top - 5) is None
    assert hidden.neuron_at(hidden.x + 20, hidden.y_of(500)) is None
    assert not made.pills


@pytest.mark.parametrize(("units", "form"), [(5, "circle"), (32, "dot"), (48, "dot"), (64, "bar"), (1000, "bar")])
def test_what_a_neuron_looks_like_follows_from_the_room_it_has(units: int, form: str) -> None:
    assert layout(Network.of(2, units, 1), 920.0, 616.0).columns[1].form == form


def test_pixels_stand_in_their_picture_and_leave_it_at_its_edge() -> None:
    made = layout(Network.of(64, 32, 10), 920.0, 616.0, 1.0, True, Manner(image=(8, 8), shares=True))
    image = made.columns[0]
    assert (image.form, image.across) == ("image", 8)
    assert [image.neuron_at(image.x_of(n), image.y_of(n)) for n in (0, 7, 8, 63)] == [0, 7, 8, 63]
    assert image.exit_x > image.x_of(7)
    assert made.link(0, 9, 0)[:2] == (image.exit_x, image.y_of(8))
    assert made.columns[2].exit_x + 84 <= made.width


def test_a_deep_network_is_folded_between_its_ends_and_its_middle() -> None:
    made = layout(Network.of(*[24] * 100), 920.0, 616.0)
    opened = [column.index for column in made.columns]
    assert opened[:3] + opened[-3:] == [0, 1, 2, 97, 98, 99]
    assert 50 in opened
    assert sum(fold.count for fold in made.folds) == 100 - len(opened)
    assert [layer for layer, _left, _right in made.gaps] == [n for n in opened if n + 1 in opened]
    xs = sorted([column.x for column in made.columns] + [fold.x for fold in made.folds])
    assert min(b - a for a, b in pairwise(xs)) > 60
    with pytest.raises(KeyError):
        made.link(20, 0, 0)


def test_wider_stages_show_more_columns() -> None:
    assert most_open(704, 1.0) < most_open(920, 1.0) < most_open(1400, 1.0)
    assert len(layout(Network.of(*[8] * 9), 920.0, 616.0).columns) == 9


def test_tiles_have_room_for_their_maps() -> None:
    made = layout(Network.of(2, 8, 6, 1), 920.0, 616.0, 1.0, True, Manner(tiles=True))
    assert [column.form for column in made.columns] == ["tile"] * 4
    assert [2 * column.radius for column in made.columns] == [55, 46, 46, 63]
    check_inside(made)


WIDE = Network.of(2, 1000, 1000, 1)


def seen_from(camera: Camera) -> Layout:
    return layout(WIDE, 920.0, 616.0, 1.0, True, Manner(camera))


def test_zooming_into_a_corner_shows_single_connections_with_their_weights() -> None:
    limits = seen_from(Camera()).limits
    near = seen_from(zoomed(Camera(), limits, 1e9, (0.5, 0.17)))
    left, right = near.column(1), near.column(2)
    assert left is not None
    assert right is not None
    assert left.form == right.form == "circle"
    assert 0 < len(left.visible) * len(right.visible) <= 36
    assert near.pills
    assert {layer for layer, _, _ in near.pills} == {1}


@given(st.floats(1.01, 500), st.floats(0, 1), st.floats(0.2, 0.8))
def test_what_is_zoomed_into_stays_under_the_pointer(factor: float, across: float, down: float) -> None:
    limits = seen_from(Camera()).limits
    camera = zoomed(Camera(), limits, factor, (across, down))
    stretch = limits.stretch(camera)
    for middle, point, by in zip((camera.x, camera.y), (across, down), stretch, strict=True):
        assert middle + (point - 0.5) / by == pytest.approx(point)


@given(st.floats(1, 600), st.floats(-3, 3), st.floats(-3, 3))
def test_nobody_gets_lost_beside_the_network(zoom: float, dx: float, dy: float) -> None:
    limits = seen_from(Camera()).limits
    camera = panned(kept(Camera(zoom), limits), limits, (dx, dy))
    across, down = limits.stretch(camera)
    assert 0.5 / across <= camera.x + 1e-9 <= 1 - 0.5 / across + 2e-9
    assert 0.5 / down <= camera.y + 1e-9 <= 1 - 0.5 / down + 2e-9
    assert zoomed(camera, limits, 1e-9).is_home


@given(st.floats(1, 600), st.floats(0, 1), st.floats(0, 1), st.floats(0, 920), st.floats(0, 616))
def test_a_point_of_the_view_is_found_again(zoom: float, x: float, y: float, px: float, py: float) -> None:
    made = seen_from(kept(Camera(zoom, x, y), seen_from(Camera()).limits))
    assert made.seen(*made.home(px, py)) == pytest.approx((px, py), abs=1e-6)
    home = seen_from(Camera())
    for before, after in zip(home.columns, made.columns, strict=True):
        if before.form == "bar":
            there = made.seen(*home.home(before.x, before.y_of(500)))
            assert there == pytest.approx((after.x, after.y_of(500)), abs=1e-6)


@given(networks(most_units=60, most_layers=5), st.sampled_from(STAGES), st.booleans())
def test_every_network_stays_on_its_stage(network: Network, stage: tuple[float, float, float], heads: bool) -> None:
    made = layout(network, *stage, heads)
    assert [c.units for c in made.columns] == list(network.sizes)
    assert all(c.visible == range(c.units) for c in made.columns)
    assert all(left.x < right.x for left, right in pairwise(made.columns))
    for column in made.columns:
        assert min(column.ys) - column.radius >= 0
        assert max(column.ys) + column.radius <= made.height
