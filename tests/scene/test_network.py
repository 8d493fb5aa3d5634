from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import ARTICLE, STAGES, adder, adder_trace, networks, parameters_of
from visualnn.nn.network import Network, neuron_names
from visualnn.nn.trace import trace
from visualnn.scene.arrangement import layout
from visualnn.scene.camera import Camera
from visualnn.scene.frame import Box, Dots, Field, Frame, Glow, Line, Links, Pixels, Place, Sparks, Text, moved
from visualnn.scene.layout import Manner, bezier
from visualnn.scene.links import DIMMEST, FIELD_LINKS, MAX_LINKS, stroke
from visualnn.scene.look import load, text_width
from visualnn.scene.network import Style, caption, frame, link_at, place_at
from visualnn.scene.playback import picture, whole
from visualnn.scene.timeline import Timeline
from visualnn.scene.traffic import curves_at

LOOK = load("dark")
TIMELINE = Timeline(ARTICLE, "mse")
STAGE = layout(ARTICLE, 920.0, 616.0)


def drawn(t: float | None = None, style: Style | None = None, stage: tuple[float, float, float] = STAGES[1]) -> Frame:
    """The adder at a moment, whole if there is none."""
    at = whole(adder_trace()) if t is None else picture(adder_trace(), TIMELINE, t)
    return frame(layout(ARTICLE, *stage), at, adder().names, LOOK, style or Style())


def of(made: Frame, kind: type) -> list:
    everything = (*made.ground, *made.items, *made.around, *made.moving)
    return [item for item in everything if isinstance(item, kind)]


def test_texts_of_the_article() -> None:
    texts = drawn().texts()
    weights = ["0.99", "0.01", "0.88", "1.03", "−0.90", "0.75", "0.79", "1.17", "0.24"]
    values = ["2.00", "4.03", "−1.83", "0.00", "3.27", "3.99"]
    words = ["a", "b", "c", "d", "e", "f", "bias ≈ 0", "bias −0.07", "Input", "Hidden layer", "Output", "ReLU"]
    assert not {*weights, *values, *words, "type a value", "Linear"} - set(texts)


def test_before_the_first_step_only_inputs_and_numbers_of_the_network_are_known() -> None:
    texts = drawn(0).texts()
    assert texts.count("2.00") == 2
    assert not {"4.03", "−1.83", "3.27", "3.99", "0.00"} & set(texts)


def test_connections_have_the_colour_of_their_sign_and_the_width_of_their_weight() -> None:
    first, second = of(drawn(), Links)
    assert (len(first), len(second)) == (6, 3)
    for links, layer in ((first, 0), (second, 1)):
        by_ends = {}
        for y0, y1, width, color in zip(links.y0, links.y1, links.width, links.color, strict=True):
            by_ends[(float(y0), float(y1))] = (width, color)
        for (source, neuron), w in np.ndenumerate(adder_trace().layers[layer].w):
            x0, y0, x1, y1 = STAGE.link(layer, source, neuron)
            assert (links.x0, links.x1) == (x0, x1)
            width, color = by_ends[y0, y1]
            assert width == pytest.approx(stroke(w, 1.0))
            assert color == LOOK["pos" if w > 0 else "neg"]


def test_stroke_is_true_to_scale_up_to_its_limit() -> None:
    widths = stroke(np.array([0.0, 0.6, -0.6, 1.2, 99.0]), 1.0)
    assert widths.tolist() == pytest.approx([1.2, 3.3, 3.3, 5.4, 5.4])
    assert stroke(np.array([0.6]), 2.0) == 2 * stroke(np.array([0.6]), 1.0)


def test_what_is_not_involved_fades_and_lies_beneath() -> None:
    links, _ = of(drawn(7), Links)
    full = {LOOK["pos"], LOOK["neg"]}
    assert [int(color) in full for color in links.color] == [False] * 5 + [True]
    assert links.color[-1] == LOOK["neg"]  # b→d
    assert (links.x1, links.y1[-1]) == (STAGE.columns[1].entry_x, STAGE.columns[1].ys[1])
    assert (links.layer, links.source[-1], links.neuron[-1]) == (0, 1, 1)


def test_the_wire_behind_a_closed_relu_is_dashed() -> None:
    column = STAGE.columns[1]

    def wires(t: float) -> list[bool]:
        found = [x for x in of(drawn(t), Line) if x.points[0][0] == column.x + column.radius and len(x.points) == 2]
        return [wire.dash is not None for wire in found]

    assert wires(9) == [False, False, False]
    assert wires(10) == [False, True, False]
    assert wires(20) == [False, True, False]


def test_now_glows() -> None:
    assert [(glow.x, glow.y) for glow in of(drawn(3), Glow)] == [(STAGE.columns[1].x, STAGE.columns[1].ys[0])]
    assert [(glow.x, glow.y) for glow in of(drawn(10), Glow)] == [(STAGE.columns[1].gate_x, STAGE.columns[1].ys[1])]
    assert not of(drawn(), Glow)


def test_a_number_travels_as_input_and_arrives_as_product() -> None:
    early, late = drawn(6.1), drawn(6.5)
    assert early.texts().count("−1.79") == 0
    assert late.texts().count("−1.79") == 1
    ends = STAGE.link(0, 1, 1)
    assert len([glow for glow in of(late, Glow) if ends[0] < glow.x < ends[2]]) == 1


def test_style_leaves_out_what_is_not_wanted() -> None:
    bare = drawn(style=Style(heads=False, biases=False, editable=False)).texts()
    assert not any(text.startswith("bias") for text in bare)
    assert not {"Input", "Output", "type a value"} & set(bare)
    assert "3.9896" in drawn(style=Style(decimals=4)).texts()


def test_a_dead_neuron_is_dashed() -> None:
    made = drawn(style=Style(dead=frozenset({(1, 1)})))
    column = STAGE.columns[1]
    (circle,) = [box for box in of(made, Box) if (box.x, box.y, box.width) == (column.x, column.ys[1], 72)]
    assert circle.dashed
    assert circle.edge == LOOK["zero"]


def test_selected_is_violet() -> None:
    place = Place("neuron", 1, 0)
    column = STAGE.columns[1]
    made = drawn(style=Style(selected=place))
    (circle,) = [box for box in of(made, Box) if (box.x, box.y, box.width) == (column.x, column.ys[0], 72)]
    assert circle.edge == LOOK["accent"]


def rectangles(made: Frame) -> list[tuple[str, float, float, float, float]]:
    """Each text with about the room its letters take."""
    found = []
    for text in of(made, Text):
        wide, high = text_width(text.text, text.size) * 0.92, text.size * 0.76
        left = text.x - {"left": 0.0, "center": wide / 2, "right": wide}[text.align]
        found.append((text.text, left, left + wide, text.y - high / 2, text.y + high / 2))
    return found


@pytest.mark.parametrize("stage", STAGES[:3])
def test_no_text_covers_another_at_any_step(stage: tuple[float, float, float]) -> None:
    for t in (None, *range(56)):
        for one, other in combinations(rectangles(drawn(t, stage=stage)), 2):
            apart = one[2] <= other[1] or other[2] <= one[1] or one[4] <= other[3] or other[4] <= one[3]
            assert apart, f"“{one[0]}” and “{other[0]}” at {t}"


@pytest.mark.parametrize("stage", STAGES)
def test_all_text_stays_on_the_stage(stage: tuple[float, float, float]) -> None:
    for name, left, right, top, bottom in rectangles(drawn(20, stage=stage)):
        assert left >= 0, name
        assert right <= stage[0], name
        assert top >= 0, name
        assert bottom <= stage[1], name


def test_everything_can_be_pointed_at() -> None:
    made = drawn()
    kinds = [spot.place.kind for spot in made.spots]
    assert [kinds.count(kind) for kind in ("neuron", "gate", "weight", "bias")] == [6, 3, 9, 4]
    for spot in made.spots:
        assert made.at(spot.x, spot.y) == spot.place
    assert made.at(1, 1) is None


def test_a_connection_is_hit_near_its_curve() -> None:
    ground = drawn().ground
    for layer, source, neuron in ((0, 0, 0), (0, 1, 2), (1, 2, 0)):
        ends = STAGE.link(layer, source, neuron)
        for share in (0.3, 0.7):
            x, y = bezier(*ends, share)
            near = link_at(ground, x, y)
            assert near is not None
            assert near.column == layer + 1
        x, y = bezier(*ends, 0.85 if layer == 0 else 0.15)
        assert link_at(ground, x, y) == Place("weight", layer + 1, neuron, source)
    x, y = bezier(*STAGE.link(0, 0, 0), 0.5)
    assert link_at(ground, x, y - 7.5) == Place("weight", 1, 0, 0)
    assert link_at(ground, x, y - 9) is None
    assert link_at(ground, 2, 2) is None


def wide(sizes: tuple[int, ...], style: Style | None = None, manner: Manner | None = None) -> Frame:
    """A network of these sizes with everything computed."""
    net = Network.of(*sizes)
    made = trace(net, parameters_of(net, 1) / 8, np.linspace(1, 2, sizes[0]))
    place = layout(net, 920.0, 616.0, 1.0, True, manner)
    return frame(place, whole(made), neuron_names(net), LOOK, style or Style())


def test_of_many_connections_the_strongest_for_this_input_are_drawn() -> None:
    net = Network.of(40, 30, 1)
    made = trace(net, parameters_of(net, 1), np.linspace(0, 2, 40))
    shown = frame(layout(net, 920.0, 616.0), whole(made), neuron_names(net), LOOK, Style())
    links = of(shown, Links)[0]
    worth = np.abs(made.layers[0].products)
    drawn_ones = set(zip(links.source.tolist(), links.neuron.tolist(), strict=True))
    least = np.sort(worth.ravel())[-MAX_LINKS]
    assert drawn_ones == set(zip(*map(np.ndarray.tolist, np.nonzero(worth >= least)), strict=True))
    assert shown.texts()[-1] == "The 420 strongest of 1,200 connections."
    strongest = int(np.argmax(links.width))
    assert worth[links.source[strongest], links.neuron[strongest]] == worth.max()


def test_dense_gaps_are_drawn_as_a_field_with_the_strongest_on_top() -> None:
    shown = wide((2, 100, 100, 1))
    (field,) = of(shown, Field)
    assert field.weights.shape == (100, 100)
    assert [len(links) for links in of(shown, Links)] == [200, MAX_LINKS, 100]
    assert shown.texts()[-1] == "The 420 strongest of 10,000 connections as lines, the others as a haze."
    assert [type(item) for item in shown.ground] == [Links, Field, Links, Links]
    assert FIELD_LINKS == 64 * 64


def test_a_view_is_near_only_where_neurons_of_both_columns_stand_apart() -> None:
    assert of(wide((2, 5000, 1)), Field)
    far, near = (wide((2, 1000, 1000, 1), manner=Manner(Camera(zoom, 0.5, 0.5))) for zoom in (6.0, 300.0))
    assert far.texts()[-1] == "The 420 strongest connections of each gap as lines, the others as a haze."
    assert near.texts()[-1] == "The connections between the neurons seen here."
    middle = next(each for each in of(near, Links) if each.layer == 1)
    seen = layout(Network.of(2, 1000, 1000, 1), 920.0, 616.0, 1.0, True, Manner(Camera(300.0, 0.5, 0.5)))
    left, right = seen.columns[1].visible, seen.columns[2].visible
    assert {(s in left and n in right) for s, n in zip(middle.source, middle.neuron, strict=True)} == {True}
    assert len(middle) == len(left) * len(right)


def test_a_neuron_that_passes_on_nothing_lights_its_strongest_weights() -> None:
    net = Network.of(2, 600, 600, 1)
    made = trace(net, parameters_of(net, 1) / 8, np.array([1.0, 2.0]))
    silent = int(np.flatnonzero(made.layers[0].a == 0)[0])
    style = Style(hovered=Place("neuron", 1, silent))
    shown = frame(layout(net, 920.0, 616.0), whole(made), neuron_names(net), LOOK, style)
    links = next(each for each in of(shown, Links) if each.layer == 1)
    lit = set(links.neuron[links.source == silent].tolist())
    assert lit == set(np.argsort(np.abs(made.layers[1].w[silent]))[-MAX_LINKS:].tolist())


def test_small_neurons_are_coloured_by_what_they_pass_on() -> None:
    shown = wide((2, 32, 300, 1))
    (dots,) = of(shown, Dots)
    assert len(dots.ys) == len(dots.fill) == 32
    bar = max(of(shown, Pixels), key=lambda each: each.height)
    assert bar.colors.shape == (300, 1)
    values = whole(
        trace(Network.of(2, 32, 300, 1), parameters_of(Network.of(2, 32, 300, 1), 1) / 8, np.array([1.0, 2.0]))
    )
    silent = values.passed(2) == 0
    assert len(set(bar.colors[silent, 0].tolist())) == 1  # what passes on nothing has the colour of nothing
    assert len(set(bar.colors[~silent, 0].tolist())) > 20


def crowd(t: float | None, sizes: tuple[int, ...] = (64, 32, 3), image: tuple[int, int] | None = (8, 8)) -> Frame:
    """A network of small neurons at a moment of its update, everything computed if there is none."""
    net = Network.of(*sizes)
    x = np.zeros(sizes[0])
    x[1::2] = 1.0
    made = trace(net, parameters_of(net, 1) / 8, x, target=np.full(sizes[-1], 0.5), loss="mse")
    at = whole(made) if t is None else picture(made, Timeline(net, "mse"), t)
    return frame(layout(net, 920.0, 616.0, 1.0, True, Manner(image=image)), at, neuron_names(net), LOOK, Style())


def test_the_connection_at_work_is_seen_among_many_from_its_pixel_to_its_neuron() -> None:
    length = 64 + 3  # steps of a neuron
    shown = crowd(4 * length + 3.0)  # pixel 2, which is 0, on its way into neuron 4
    links = of(shown, Links)[0]
    (works,) = np.flatnonzero((links.source == 2) & (links.neuron == 4))
    assert links.strength[works] > 0.9
    assert links.width[works] == links.width.max()
    assert np.delete(links.strength, works).max() < 0.3
    stage = layout(Network.of(64, 32, 3), 920.0, 616.0, 1.0, True, Manner(image=(8, 8)))
    image, dots = stage.columns[:2]
    rings = {(box.x, box.y) for box in of(shown, Box) if box.edge == LOOK["accent"] and box.fill is None}
    assert rings == {(image.x_of(2), image.y_of(2)), (dots.x, dots.y_of(4))}


def test_on_the_way_back_small_neurons_keep_their_fill_and_a_ring_says_the_sign_of_the_slope() -> None:
    timeline = Timeline(Network.of(64, 32, 3), "mse")
    before, early = of(crowd(None), Dots), of(crowd(timeline.find("slope_output", 1, 0)), Dots)
    late = of(crowd(timeline.find("slope_weight", 0, 0)), Dots)
    assert (len(before), len(early), len(late)) == (1, 1, 2)
    assert early[0].fill.tolist() == late[1].fill.tolist() != before[0].fill.tolist()
    filled = before[0].fill != before[0].fill.min()
    assert len(set(early[0].fill[filled].tolist())) > 5
    rings = late[0]
    assert rings.radius > late[1].radius
    assert {LOOK["pos"], LOOK["neg"]} <= set(rings.edge.tolist())


def test_on_the_way_back_the_slopes_of_a_bar_stand_beside_its_values() -> None:
    timeline = Timeline(Network.of(2, 300, 1), "mse")
    early = max(of(crowd(timeline.find("slope_output", 1, 0), (2, 300, 1), None), Pixels), key=lambda bar: bar.height)
    late = max(of(crowd(timeline.find("slope_weight", 0, 0), (2, 300, 1), None), Pixels), key=lambda bar: bar.height)
    assert early.colors.shape == late.colors.shape == (300, 3)
    assert (early.colors[:, 2] == early.colors[:, 0]).all()
    assert (late.colors[:, 0] == early.colors[:, 0]).all()
    assert (late.colors[:, 2] != late.colors[:, 0]).any()


def test_pointing_at_a_neuron_lights_its_connections_and_says_its_name() -> None:
    place = Place("neuron", 1, 7)
    shown = wide((2, 32, 20, 1), Style(hovered=place))
    for links in of(shown, Links)[:2]:
        lit = links.neuron == 7 if links.layer == 0 else links.source == 7
        assert lit.sum() == (2 if links.layer == 0 else 20)
        assert links.strength[lit].min() >= DIMMEST - 1e-6
        assert links.strength[~lit].max() <= LOOK.faded < 0.5
    assert "h1_8" in shown.texts()


def test_everything_in_a_wide_network_can_be_pointed_at() -> None:
    net = Network.of(2, 1000, 1)
    shown, place = wide((2, 1000, 1)), layout(net, 920.0, 616.0)
    column = place.columns[1]
    for neuron in (0, 1, 499, 998, 999):
        assert place_at(place, shown, column.x, column.y_of(neuron)) == Place("neuron", 1, neuron)
    links = of(shown, Links)[0]
    x, y = curves_at(links, np.full(len(links), 0.5))[-1]
    found = place_at(place, shown, x, y)
    assert found is not None
    assert found.kind == "weight"


def test_near_enough_connections_have_their_weights_written() -> None:
    camera = Camera(300.0, 0.5, 0.5)
    shown = wide((2, 1000, 1000, 1), manner=Manner(camera))
    assert not of(shown, Field)
    assert len([spot for spot in shown.spots if spot.place.kind == "weight"]) > 3
    assert all(spot.place.column == 2 for spot in shown.spots if spot.place.kind == "weight")


def test_a_layer_sends_sparks_along_its_connections() -> None:
    net = Network.of(2, 32, 20, 1)
    made = trace(net, parameters_of(net, 1) / 8, np.array([1.0, 2.0]))
    timeline = Timeline(net)
    end = timeline.after(0, "layer")
    at = picture(made, timeline, end * 0.3, flowing=True)
    shown = frame(layout(net, 920.0, 616.0), at, neuron_names(net), LOOK, Style())
    (sparks,) = of(shown, Sparks)
    links = of(shown, Links)[0]
    assert len(sparks.points) == len(links) == 64
    assert links.x0 <= sparks.points[:, 0].min() < sparks.points[:, 0].max() <= links.x1
    assert np.isnan(at.passed(1)).all()
    there = picture(made, timeline, end * 0.95, flowing=True)
    assert not of(frame(layout(net, 920.0, 616.0), there, neuron_names(net), LOOK, Style()), Sparks)
    assert (there.passed(1) == made.layers[0].a).all()


def test_what_is_folded_is_said_and_can_be_opened() -> None:
    net = Network.of(*[24] * 100)
    place = layout(net, 1280.0, 616.0)
    shown = wide((24,) * 100)
    folds = [spot.place for spot in shown.spots if spot.place.kind == "fold"]
    assert len(folds) == 2
    hidden = sum(fold.count for fold in place.folds)
    assert caption(place) == f"57,024 connections, {hidden} layers folded, the 420 strongest connections of each gap."
    assert any(text.endswith(" layers") for text in shown.texts())


def test_what_is_cut_is_drawn_as_cut() -> None:
    plain, shown = drawn(), drawn(style=Style(cut=frozenset({(0, 1, 1)})))
    dashed = [line for line in of(shown, Line) if line.dash == (4.0, 5.0)]
    assert len(dashed) == 2
    assert "−0.90" in plain.texts()
    assert "−0.90" not in shown.texts()
    assert len(of(shown, Links)[0]) == 5


def test_a_silent_neuron_is_crossed_out() -> None:
    plain, shown = drawn(), drawn(style=Style(silent=frozenset({(1, 0)})))
    column = STAGE.columns[1]
    middle = np.array((column.x, column.ys[0]))
    strokes = [line for line in of(shown, Line) if line not in of(plain, Line)]
    assert len(strokes) == 4
    assert (np.abs(np.mean([line.points for line in strokes], axis=(0, 1)) - middle) < 1e-9).all()
    assert all(0.5 < np.abs(np.array(line.points) - middle).max() / column.radius < 0.9 for line in strokes)


def test_the_outputs_of_a_classifier_have_their_names_and_bars() -> None:
    net = Network.of(64, 12, 10, output="softmax")
    made = trace(net, parameters_of(net, 3) / 4, np.linspace(0, 1, 64))
    place = layout(net, 920.0, 616.0, 1.0, True, Manner(image=(8, 8), shares=True))
    shown = frame(place, whole(made), neuron_names(net), LOOK, Style(classes=tuple("0123456789")))
    assert set("0123456789") <= set(shown.texts())
    column = place.columns[2]
    bars = [box for box in of(shown, Box) if box.x > column.exit_x and box.fill == LOOK["pos"]]
    assert max(bars, key=lambda box: box.width).y == column.y_of(int(np.argmax(made.output)))
    (glow,) = [glow for glow in of(shown, Glow) if glow.x == column.x]
    assert glow.y == column.y_of(int(np.argmax(made.output)))


def test_shifting_a_frame_shifts_all_of_it() -> None:
    made = drawn(10)
    there = moved(made, 10, -5)
    assert there.at(made.spots[0].x + 10, made.spots[0].y - 5) == made.spots[0].place
    for before, after in zip(made.ground, there.ground, strict=True):
        assert (after.x0, after.x1) == (before.x0 + 10, before.x1 + 10)
        assert (after.y0 == before.y0 - 5).all()
        assert (after.y1 == before.y1 - 5).all()
    shapes = (made.items, made.around, made.moving), (there.items, there.around, there.moving)
    for before, after in zip(*(sum(parts, ()) for parts in shapes), strict=True):
        if isinstance(before, Box | Text | Glow):
            assert (after.x, after.y) == (before.x + 10, before.y - 5)
        else:
            assert after.points == tuple((x + 10, y - 5) for x, y in before.points)


@given(networks(), st.integers(0, 9), st.floats(0, 1), st.sampled_from(STAGES))
def test_every_network_can_be_drawn_at_every_moment(
    net: Network, seed: int, share: float, stage: tuple[float, float, float]
) -> None:
    made = trace(net, parameters_of(net, seed), parameters_of(net, seed + 1)[: net.inputs])
    timeline = Timeline(net)
    shown = frame(layout(net, *stage), picture(made, timeline, share * len(timeline)), neuron_names(net), LOOK, Style())
    for item in (*shown.items, *shown.around, *shown.moving):
        if isinstance(item, Box | Text | Glow):
            assert np.isfinite((item.x, item.y)).all()
    for links in of(shown, Links):
        assert np.isfinite(links.y0).all()
        assert (links.width > 0).all()
