from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import ARTICLE, STAGES, networks
from visualnn.nn.network import Network
from visualnn.scene.layout import MAX_DRAWN, PILL_HEIGHT, PILL_WIDTH, Layout, bezier, layout

SMALL = ("2-3-1", "2-4-1", "3-5-2")


def test_the_article_on_its_stage() -> None:
    """As in the design, to within two pixels."""
    made = layout(ARTICLE, 920.0, 616.0)
    inputs, hidden, output = made.columns
    assert [c.x for c in made.columns] == pytest.approx([94.4, 427.1, 825.6], abs=2)
    assert hidden.gate_x == pytest.approx(551.1, abs=2)
    assert inputs.ys == pytest.approx((316 - 84, 316 + 84))
    assert hidden.ys == pytest.approx((166, 316, 466))
    assert output.ys == (316,)
    assert [c.radius for c in made.columns] == pytest.approx([36, 36, 36 * 1.12])
    assert (hidden.gate_size, output.gate_x, inputs.gate_x) == (54, None, None)
    assert (made.head_y, made.foot_y) == (34, 586)


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
    assert layout(Network.of(2, 1000, 1), 920.0, 616.0).pill_at(0, 0, 500) is None


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


def test_of_a_large_column_the_first_and_the_last_are_drawn() -> None:
    made = layout(Network.of(2, 1000, 1), 920.0, 616.0)
    hidden = made.columns[1]
    assert len(hidden.ys) == len(hidden.drawn) == MAX_DRAWN
    assert hidden.units == 1000
    assert hidden.drawn[:2] == (0, 1)
    assert hidden.drawn[-1] == 999
    assert hidden.y_of(0) == hidden.ys[0]
    assert hidden.y_of(999) == hidden.ys[-1]
    assert hidden.y_of(500) is None
    assert not made.pills
    with pytest.raises(KeyError):
        made.link(0, 0, 500)


@given(networks(most_units=60, most_layers=5), st.sampled_from(STAGES), st.booleans())
def test_every_network_stays_on_its_stage(network: Network, stage: tuple[float, float, float], heads: bool) -> None:
    made = layout(network, *stage, heads)
    assert [c.units for c in made.columns] == list(network.sizes)
    assert all(len(c.ys) == min(c.units, MAX_DRAWN) for c in made.columns)
    assert all(left.x < right.x for left, right in pairwise(made.columns))
    for column in made.columns:
        assert min(column.ys) - column.radius >= 0
        assert max(column.ys) + column.radius <= made.height
