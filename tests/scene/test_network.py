from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import ARTICLE, STAGES, adder, adder_trace, networks, parameters_of
from visualnn.nn.network import Network, neuron_names
from visualnn.nn.trace import trace
from visualnn.scene.frame import Box, Frame, Glow, Line, Links, Place, Text, moved
from visualnn.scene.layout import MAX_DRAWN, MAX_LINKS, bezier, layout
from visualnn.scene.links import stroke
from visualnn.scene.look import load, text_width
from visualnn.scene.network import Style, frame, link_at
from visualnn.scene.playback import picture, whole
from visualnn.scene.timeline import Timeline

LOOK = load("dark")
TIMELINE = Timeline(ARTICLE, "mse")
STAGE = layout(ARTICLE, 920.0, 616.0)


def drawn(t: float | None = None, style: Style | None = None, stage: tuple[float, float, float] = STAGES[1]) -> Frame:
    """The adder at a moment, whole if there is none."""
    at = whole(adder_trace()) if t is None else picture(adder_trace(), TIMELINE, t)
    return frame(layout(ARTICLE, *stage), at, adder().names, LOOK, style or Style())


def of(made: Frame, kind: type) -> list:
    return [item for item in made.items if isinstance(item, kind)]


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
        for start, end, width, color in zip(links.start, links.end, links.width, links.color, strict=True):
            by_ends[(*start, *end)] = (width, color)
        for (source, neuron), w in np.ndenumerate(adder_trace().layers[layer].w):
            width, color = by_ends[STAGE.link(layer, source, neuron)]
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
    assert links.end[-1].tolist() == [STAGE.columns[1].entry_x, STAGE.columns[1].ys[1]]


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
    bare = replace(STAGE, pills={})
    for layer, source, neuron in ((0, 0, 0), (0, 1, 2), (1, 2, 0)):
        ends = bare.link(layer, source, neuron)
        for share in (0.3, 0.7):
            x, y = bezier(*ends, share)
            near = link_at(bare, x, y)
            assert near is not None
            assert near.column == layer + 1
        x, y = bezier(*ends, 0.85 if layer == 0 else 0.15)
        assert link_at(bare, x, y) == Place("weight", layer + 1, neuron, source)
    x, y = bezier(*bare.link(0, 0, 0), 0.5)
    assert link_at(bare, x, y - 7.5) == Place("weight", 1, 0, 0)
    assert link_at(bare, x, y - 9) is None
    assert link_at(bare, 2, 2) is None


def test_a_large_network_says_what_it_leaves_out() -> None:
    net = Network.of(2, 100, 100, 1)
    made = trace(net, parameters_of(net, 1), np.array([1.0, -1.0]))
    place = layout(net, 920.0, 616.0)
    shown = frame(place, whole(made), neuron_names(net), LOOK, Style())
    assert [len(links) for links in of(shown, Links)] == [2 * MAX_DRAWN, MAX_LINKS, MAX_DRAWN]
    columns = "48 of 100 neurons in column 2, 48 of 100 neurons in column 3"
    assert shown.texts()[-1] == f"Drawn: {columns}, the 420 strongest connections of each gap."
    weakest = min(of(shown, Links)[1].width)
    rows = np.array(place.columns[1].drawn)
    weights = np.sort(np.abs(made.layers[1].w[np.ix_(rows, rows)]).ravel())
    assert weakest == pytest.approx(stroke(weights[-MAX_LINKS], 12 / MAX_LINKS**0.5), rel=0.3)


def test_shifting_a_frame_shifts_all_of_it() -> None:
    made = drawn(10)
    there = moved(made, 10, -5)
    assert there.at(made.spots[0].x + 10, made.spots[0].y - 5) == made.spots[0].place
    for before, after in zip(made.items, there.items, strict=True):
        if isinstance(before, Box | Text | Glow):
            assert (after.x, after.y) == (before.x + 10, before.y - 5)
        elif isinstance(before, Links):
            assert (after.start == before.start + np.array((10, -5))).all()
            assert (after.end == before.end + np.array((10, -5))).all()
        else:
            assert after.points == tuple((x + 10, y - 5) for x, y in before.points)


@given(networks(), st.integers(0, 9), st.floats(0, 1), st.sampled_from(STAGES))
def test_every_network_can_be_drawn_at_every_moment(
    net: Network, seed: int, share: float, stage: tuple[float, float, float]
) -> None:
    made = trace(net, parameters_of(net, seed), parameters_of(net, seed + 1)[: net.inputs])
    timeline = Timeline(net)
    shown = frame(layout(net, *stage), picture(made, timeline, share * len(timeline)), neuron_names(net), LOOK, Style())
    for item in shown.items:
        if isinstance(item, Box | Text | Glow):
            assert np.isfinite((item.x, item.y)).all()
        if isinstance(item, Links):
            assert np.isfinite(item.start).all()
            assert (item.width > 0).all()
