"""The network small, beside its landscape: nothing overlaps, the two chosen weights are seen, every weight is hit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from visualnn.nn.landscape import axes
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Layer, Network, neuron_names
from visualnn.scene.clearance import outlines
from visualnn.scene.frame import Box, Dots, Frame, Line, Links, Place, Text
from visualnn.scene.landscape.portrait import (
    Portrait,
    Sitter,
    called,
    drawn,
    index_of,
    is_whole,
    parameter_at,
    place_of,
    plan,
    portrait,
)
from visualnn.scene.landscape.portrait.pills import LARGE, fitting
from visualnn.scene.landscape.portrait.placing import MOST_LINKS
from visualnn.scene.landscape.portrait.sitter import named
from visualnn.scene.links import stroke
from visualnn.scene.look import Look, load
from visualnn.scene.pills import bezier

DARK, LIGHT = load("dark"), load("light")
SIZE = (300.0, 480.0)
UNITS = (1, 2, 3, 4, 5, 8, 10, 11, 16, 32, 64, 300)


def sitter(shape: str, pair=(0, 1), *, mask=None, decimals: int = 2, hidden: str = "relu") -> Sitter:
    network = Network.parse(shape, hidden)
    return Sitter(network, neuron_names(network), pair, mask, decimals)


def weights(network: Network, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.9, network.parameter_count)


def made(who: Sitter, size=SIZE, look: Look = DARK, parameters=None) -> Portrait:
    return portrait(who, weights(who.network) if parameters is None else parameters, size, look)


def pills(frame: Frame) -> dict[str, Box]:
    """The pills by what they say."""
    found = [item for item in frame.moving if not isinstance(item, Line)]
    return {text.text: box for box, text in zip(found[::2], found[1::2], strict=True)}


def rectangles(frame: Frame) -> list[tuple[float, float, float, float]]:
    """What may not overlap: neurons, crowds, folds, pills, and words that stand in none of them."""
    bodies = [item for item in (*frame.items, *frame.around, *frame.moving) if isinstance(item, Box | Dots)]
    found = outlines(bodies)
    for text in (item for item in (*frame.items, *frame.around, *frame.moving) if isinstance(item, Text)):
        ((left, top, right, bottom),) = outlines([text])
        held = any(a <= left and b <= top and c >= right and d >= bottom for a, b, c, d in found[: len(bodies)])
        found += [] if held else [(left, top, right, bottom)]
    return found


def overlaps(frame: Frame) -> list[object]:
    return [
        (a, b)
        for a, b in combinations(rectangles(frame), 2)
        if min(a[2], b[2]) > max(a[0], b[0]) + 0.01 and min(a[3], b[3]) > max(a[1], b[1]) + 0.01
    ]


# -- what is drawn -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """Any network beside a landscape: shallow or a hundred layers deep, two weights or none, some of it cut."""

    sizes: tuple[int, ...]
    pair: tuple[int, int] | None
    size: tuple[float, float]
    off: tuple[tuple[tuple[int, int], ...], tuple[int, ...]] = ((), ())
    decimals: int = 2
    scale: float = 0.9

    @property
    def shown(self) -> Portrait:
        network = Network.of(*self.sizes, hidden="tanh")
        who = Sitter(network, neuron_names(network), self.pair, mask_of(network, *self.off), self.decimals)
        return portrait(who, weights(network) * self.scale, self.size, DARK)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    sizes = draw(st.lists(st.sampled_from(UNITS), min_size=2, max_size=8))
    if draw(st.integers(0, 4)) == 0:
        sizes = [*sizes, *([draw(st.sampled_from((2, 8, 16)))] * draw(st.integers(1, 97)))]
    index = st.integers(0, Network.of(*sizes).parameter_count - 1)
    pair = draw(st.none() | st.tuples(index, index))
    cut = tuple(draw(st.sets(index, max_size=3)) - set(pair or ()))
    silent = ((0, 0),) if pair is None and draw(st.booleans()) else ()
    size = float(draw(st.integers(250, 360))), float(draw(st.integers(360, 1000)))
    decimals, scale = draw(st.sampled_from((2, 4))), draw(st.sampled_from((0.0, 0.9, 30.0, 1e6)))
    return Case(tuple(sizes), pair, size, (silent, cut), decimals, scale)


@settings(max_examples=200)
@given(cases())
@example(Case((64, 32, 10), (100, 2300), (250.0, 360.0)))
@example(Case((10,) * 7, (0, 250), (250.0, 360.0)))
@example(Case((2, *[8] * 99, 1), (30, 4000), (250.0, 360.0), decimals=4))
def test_nothing_overlaps_and_nothing_is_outside(case):
    frame = case.shown.frame
    assert overlaps(frame) == []
    for left, top, right, bottom in rectangles(frame):
        assert min(left, top) >= 0
        assert right <= case.size[0]
        assert bottom <= case.size[1]


@given(cases())
def test_both_chosen_weights_are_seen_with_their_numbers(case):
    shown = case.shown
    network = shown.plan.sitter.network
    violet = [item for item in shown.frame.moving if isinstance(item, Box) and item.edge == DARK["accent"]]
    assert len(violet) == len(set(case.pair or ()))
    for index in case.pair or ():
        place = place_of(network, index)
        if place.source is not None:
            lit = [links for links in shown.lit if links.layer == place.column - 1]
            assert shown.frame.ground[-len(shown.lit) :] == shown.lit  # above the others
            (at,) = np.flatnonzero((lit[0].source == place.source) & (lit[0].neuron == place.neuron))
            assert lit[0].strength[at] == 1.0


def test_the_two_neurons_of_the_mockup():
    model = MODELS["twins"]
    who = Sitter(model.network, (("x",), ("b", "c"), ("f",)), model.weights)
    frame = made(who, parameters=np.array([0.63, 2.61, 0, 0, 1, 1, 0])).frame
    assert frame.texts() == ["x", "f", "b", "c", "0.63", "2.61", "1.00", "1.00"]
    circles = [item for item in frame.items if isinstance(item, Box) and item.radius * 2 == item.width]
    blocks = [item for item in frame.items if isinstance(item, Box) and item.radius * 2 < item.width]
    assert [circle.width for circle in circles] == [44, 52]
    assert [block.width for block in blocks] == [54, 54]
    assert circles[0].x < blocks[0].x == blocks[1].x < circles[1].x


def test_connections_are_as_wide_as_on_the_stage():
    who = sitter("2-3-1")
    parameters = weights(who.network)
    shown = made(who, parameters=parameters)
    assert sum(map(len, shown.frame.ground)) == 9
    for links in shown.frame.ground:
        layer = who.network.views(parameters)[links.layer].w
        w = layer[links.source, links.neuron]
        assert links.width == pytest.approx(stroke(w, 1.0, max(1.2, np.abs(layer).max())))
        assert (links.sign == np.sign(w)).all()


def test_what_is_not_chosen_is_faded_and_everything_is_lit_where_nothing_is():
    chosen = made(sitter("2-3-1", (0, 4)))
    strengths = {
        index_of(chosen.plan.sitter.network, Place("weight", links.layer + 1, int(n), int(s))): float(strength)
        for links in chosen.frame.ground
        for s, n, strength in zip(links.source, links.neuron, links.strength, strict=True)
    }
    assert {index for index, strength in strengths.items() if strength == 1.0} == {0, 4}
    others = [strength for index, strength in strengths.items() if index not in (0, 4)]
    assert others == pytest.approx([DARK.faded] * 7)
    everything = made(sitter("2-3-1", None))
    assert all((links.strength == 1.0).all() for links in everything.frame.ground)
    assert not any(isinstance(item, Box) and item.edge == DARK["accent"] for item in everything.frame.moving)


@pytest.mark.parametrize("look", [DARK, LIGHT])
@pytest.mark.parametrize("pair", [(0, 3), None])
def test_numbers_are_readable_also_where_they_are_faded(look, pair):
    frame = made(sitter("2-3-1", pair), look=look).frame
    found = [item for item in frame.moving if not isinstance(item, Line)]
    assert len(found) == 18
    for box, text in zip(found[::2], found[1::2], strict=True):
        assert contrast(box.fill, text.color) >= 4.5


def contrast(a: int, b: int) -> float:
    def light(color: int) -> float:
        parts = [(color >> shift & 255) / 255 for shift in (16, 8, 0)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lights = sorted((light(a), light(b)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.63, "0.63"), (-0.9, "−0.90"), (0.001, "≈ 0"), (0.0, "0.00"), (-12.345, "−12.3"), (12345.6, "1.2e4"),
        (-1234567.0, "−1e6"), (3e300, "3e300"), (float("nan"), "NaN"), (float("-inf"), "−∞"),
    ],
)  # fmt: skip
def test_a_number_has_as_many_decimals_as_there_is_room_for(value, text):
    assert fitting(value, 2, LARGE, LARGE.wide(2)) == text


def test_a_run_that_diverged_is_still_drawn():
    who = sitter("2-3-1", (0, 4))
    broken = np.full(13, np.nan)
    broken[4] = np.inf
    frame = made(who, parameters=broken).frame
    assert "NaN" in frame.texts()
    assert "∞" in frame.texts()
    assert all(np.isfinite(links.width).all() for links in frame.ground)


def test_a_chosen_bias_stands_below_its_neuron():
    who = sitter("2-3-1", (0, 7))  # the bias of the second hidden neuron
    shown = made(who)
    column = shown.plan.made.column(1)
    violet = [item for item in shown.frame.moving if isinstance(item, Box) and item.edge == DARK["accent"]]
    below = max(violet, key=lambda box: box.x)
    assert below.x == column.x
    assert below.y - below.height / 2 > column.y_of(1) + column.half
    assert below.y + below.height / 2 < column.y_of(2) - column.half


# -- crowds and depth --------------------------------------------------------------------------------------------------


def test_large_columns_are_dots_and_larger_ones_a_bar():
    frame = made(sitter("16-16-16", (0, 300))).frame
    assert [len(item.ys) for item in frame.items if isinstance(item, Dots)] == [16, 16, 16]
    assert [text for text in frame.texts() if text.isdigit()] == ["16", "16", "16"]
    wide = made(sitter("784-20-2", (0, 15680))).frame
    assert [len(item.ys) for item in wide.items if isinstance(item, Dots)] == [20]
    assert any(isinstance(item, Box) and item.height > 300 for item in wide.items)
    assert "784" in wide.texts()


def test_of_a_crowd_the_strongest_are_drawn_and_the_chosen_one():
    who = sitter("64-32-10", (100, 2300))
    parameters = weights(who.network)
    parameters[100] = 1e-6
    shown = made(who, parameters=parameters)
    w = np.abs(who.network.views(parameters)[0].w)
    others, chosen = (w[links.source, links.neuron] for links in (shown.quiet[0], shown.lit[0]))
    assert others.size + chosen.size == MOST_LINKS
    assert chosen == [1e-6]
    assert others.min() == np.sort(w.ravel())[-(MOST_LINKS - 1)]
    assert "The 120 strongest of each gap" in shown.frame.texts()
    assert not is_whole(who, 300.0)
    assert is_whole(sitter("2-3-1"), 300.0)
    one = made(sitter("2-16-16-1", (0, 1)))
    assert "The 120 strongest of 256 weights" in one.frame.texts()


def test_deep_networks_are_folded_but_for_what_is_chosen():
    sizes = [2, *[8] * 99, 1]
    network = Network.of(*sizes)
    first, later = network.weight_index(30, 3, 4), network.weight_index(70, 0, 0)
    made_of = plan(Sitter(network, neuron_names(network), (first, later)), SIZE)
    assert [column.index for column in made_of.made.columns] == [0, 30, 31, 70, 71, 100]
    assert [(fold.first, fold.last) for fold in made_of.made.folds] == [(1, 29), (32, 69), (72, 99)]
    assert made_of.notes == ("29, 38 and 28 layers folded",)
    near = made(Sitter(network, neuron_names(network), (0, 1)), (360.0, 480.0))
    assert [column.index for column in near.plan.made.columns] == [0, 1, 100]
    assert "98 layers" in near.frame.texts()
    assert not is_whole(Sitter(network, neuron_names(network)), 300.0)
    assert is_whole(sitter("2-4-4-1"), 300.0)


def test_what_is_cut_is_dashed_and_cannot_be_chosen():
    network = Network.of(2, 3, 1)
    who = Sitter(network, neuron_names(network), (0, 1), mask_of(network, [(1, 2)], [4]))
    shown = made(who)
    assert len([item for item in shown.frame.trails if isinstance(item, Line) and item.dash]) == 4  # 4 and 3 of e
    assert [item.dashed for item in shown.frame.items if isinstance(item, Box)] == [False] * 4 + [True] + [False]
    hit = {parameter_at(shown, x, y) for x in range(0, 300, 3) for y in range(0, 480, 3)}
    assert hit == {None, 0, 1, 3, 6, 7, 9, 10, 12}


# -- where things are hit ----------------------------------------------------------------------------------------------


def middle(links: Links, at: int, share: float) -> tuple[float, float]:
    ends = links.x0, float(links.y0[at]), links.x1, float(links.y1[at])
    ((x, y),) = bezier(ends, np.array([share])).tolist()
    return x, y


@pytest.mark.parametrize("shape", ["1-1-1", "2-1", "2-3-1", "2-5-2", "3-3-3"])
def test_every_weight_is_hit_on_its_connection_and_every_bias_at_the_foot_of_its_neuron(shape):
    who = sitter(shape, None)
    shown = made(who)
    network, seen = who.network, set()
    for column in shown.plan.made.columns[1:]:
        for neuron in range(column.units):
            at = parameter_at(shown, column.x, column.y_of(neuron) + column.half - 2)
            assert at == network.bias_index(column.index - 1, neuron)
            seen.add(at)
    for links in shown.frame.ground:
        for k in range(len(links)):
            place = Place("weight", links.layer + 1, int(links.neuron[k]), int(links.source[k]))
            hits = [parameter_at(shown, *middle(links, k, share)) for share in np.linspace(0.02, 0.98, 97)]
            assert index_of(network, place) in hits
            seen.add(index_of(network, place))
    assert seen == set(range(network.parameter_count))


def test_a_connection_is_hit_within_8_px_and_no_farther():
    shown = made(sitter("1-1", None))
    links = shown.frame.ground[0]
    x, y = middle(links, 0, 0.05)  # beside its number
    assert parameter_at(shown, x, y - 7.5) == 0
    assert parameter_at(shown, x, y - 9) is None
    assert parameter_at(shown, 5, 5) is None


def test_a_steep_connection_is_hit_beside_it_as_well():
    shown = made(sitter("1-2-1", None), (250.0, 900.0))
    links = shown.frame.ground[0]
    x, y = middle(links, 0, 0.6)
    assert abs(links.y1[0] - links.y0[0]) > links.x1 - links.x0
    hits = [parameter_at(shown, x + dx, y) for dx in (-6, 6)]
    assert hits == [0, 0]


def test_what_is_pointed_at_brightens_and_says_its_number():
    who = sitter("64-32-10", (100, 2300))
    parameters = weights(who.network)
    seen = plan(who, SIZE)
    before, after = drawn(seen, parameters, DARK), drawn(seen, parameters, DARK, pointed=7)
    assert len(after.frame.trails) == len(before.frame.trails) + 1
    text = after.frame.texts()[-1]
    assert text == f"{parameters[7]:.2f}".replace("-", "−")
    assert text not in before.frame.texts()[-2:]


def test_where_everything_stands_does_not_depend_on_the_weights():
    who = sitter("2-3-1", (0, 4))
    seen = plan(who, SIZE)
    first, second = (drawn(seen, weights(who.network, seed), DARK).frame for seed in (1, 2))
    assert first.items is second.items
    assert first.spots is second.spots
    assert [box.x for box in pills(first).values()] == [box.x for box in pills(second).values()]


# -- names -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 30), min_size=2, max_size=5), st.data())
def test_places_and_names_lead_back_to_the_parameter(sizes, data):
    network = Network.of(*sizes)
    names = neuron_names(network)
    index = data.draw(st.integers(0, network.parameter_count - 1))
    place = place_of(network, index)
    assert index_of(network, place) == index
    name = called(names, place)
    assert axes.find(network, names, name) == named(network, names, name) == index
    joined = name.replace("_", data.draw(st.sampled_from(("→", "->", " ", "__", ""))), 1).upper()
    assert named(network, names, joined) == axes.find(network, names, joined)


@pytest.mark.parametrize("text", ["", "w", "b", "wzz", "waa", "w_x1_x2", "xac", "b_", "→"])
@pytest.mark.parametrize("shape", ["2-3-1", "12-12-3"])
def test_what_is_no_name_names_nothing(shape, text):
    network = Network.parse(shape)
    assert named(network, neuron_names(network), text) is None


def test_neurons_whose_names_differ_by_a_joint_are_told_apart():
    network = Network.of(*[12] * 13)
    names = neuron_names(network)
    for name in ("b_h1_11", "b_h11_1", "w_h1_11_h2_1", "w_h11_1_y1"):
        assert named(network, names, name) == axes.find(network, names, name)


def test_names_are_those_of_the_lessons():
    network = Network.of(2, 3, 1)
    names = neuron_names(network)
    assert [called(names, place_of(network, index)) for index in (0, 5, 6, 9, 12)] == [
        "w_ac",
        "w_be",
        "b_c",
        "w_cf",
        "b_f",
    ]
    large = Network(30, (Layer(8), Layer(1)))
    assert called(neuron_names(large), Place("weight", 1, 1, 0)) == "w_x1_h1_2"
