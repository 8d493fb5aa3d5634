from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import ARTICLE, timelines
from visualnn.nn.network import Layer, Network
from visualnn.scene.frame import Place
from visualnn.scene.timeline import GRAINS, Grain, Timeline

ADDER = Timeline(ARTICLE, "mse")
FORWARD_KINDS = ["multiply", "multiply", "sum", "bias", "activate"] * 3 + ["multiply"] * 3 + ["sum", "bias"]


def test_the_article_takes_55_steps() -> None:
    assert ADDER.phases == (("Forward", 20), ("Loss", 2), ("Backward", 20), ("Update", 13))
    assert len(ADDER) == 55
    assert ADDER.forward_length == 20


def test_without_an_answer_the_timeline_ends_after_the_forward_pass() -> None:
    timeline = Timeline(ARTICLE)
    assert timeline.phases == (("Forward", 20),)
    assert len(timeline) == 20


def test_forward_order_of_the_article() -> None:
    steps = [ADDER.step(number) for number in range(1, 21)]
    assert [step.kind for step in steps] == FORWARD_KINDS
    assert [(step.layer, step.neuron) for step in steps] == [(0, n) for n in range(3) for _ in range(5)] + [(1, 0)] * 5
    assert [step.source for step in steps if step.kind == "multiply"] == [0, 1, 0, 1, 0, 1, 0, 1, 2]


def test_the_rest_of_the_article() -> None:
    steps = [ADDER.step(number) for number in range(21, 56)]
    assert [step.kind for step in steps[:2]] == ["miss", "loss"]
    backward = [(step.kind, step.neuron, step.source) for step in steps[2:22]]
    assert backward == [
        ("slope_output", 0, None),
        *[("slope_weight", 0, source) for source in range(3)],
        ("slope_bias", 0, None),
        *[("slope_neuron", neuron, None) for neuron in range(3)],
        *[("slope_gate", neuron, None) for neuron in range(3)],
        *[("slope_weight", neuron, source) for neuron in range(3) for source in range(2)],
        *[("slope_bias", neuron, None) for neuron in range(3)],
    ]
    update = [(step.kind, step.layer) for step in steps[22:]]
    assert update == [("update_weight", 0)] * 6 + [("update_bias", 0)] * 3 + [("update_weight", 1)] * 3 + [
        ("update_bias", 1)
    ]


@pytest.mark.parametrize(
    ("number", "place"),
    [
        (1, Place("weight", 1, 0, 0)),
        (3, Place("neuron", 1, 0)),
        (4, Place("bias", 1, 0)),
        (10, Place("gate", 1, 1)),
        (18, Place("weight", 2, 0, 2)),
        (20, Place("bias", 2, 0)),
        (22, Place("neuron", 2, 0)),
        (23, Place("neuron", 2, 0)),
        (24, Place("weight", 2, 0, 0)),
        (27, Place("bias", 2, 0)),
        (31, Place("gate", 1, 0)),
        (43, Place("weight", 1, 0, 0)),
        (55, Place("bias", 2, 0)),
    ],
)
def test_what_a_step_is_about(number: int, place: Place) -> None:
    assert ADDER.step(number).place == place


@pytest.mark.parametrize("number", [-1, 0, 56])
def test_there_is_nothing_outside(number: int) -> None:
    with pytest.raises(IndexError):
        ADDER.step(number)


def test_softmax_with_cross_entropy_starts_at_the_sums() -> None:
    net = Network.of(2, 3, output="softmax")
    kinds = {"cross_entropy": [], "mse": ["slope_gate"] * 3}
    for loss, gates in kinds.items():
        timeline = Timeline(net, loss)
        found = [timeline.step(n).kind for n in range(1, len(timeline) + 1)]
        assert [kind for kind in found if kind == "slope_gate"] == gates


def test_a_shortcut_is_a_step_of_its_own() -> None:
    net = Network(1, (Layer(1, "relu"), Layer(1, "linear"), Layer(1, "tanh"), Layer(1, "linear")), shortcut=1)
    timeline = Timeline(net)
    kinds = [
        [s.kind for s in map(timeline.step, range(1, len(timeline) + 1)) if s.layer == layer] for layer in range(4)
    ]
    assert kinds == [
        ["multiply", "sum", "bias", "activate"],
        ["multiply", "sum", "bias", "shortcut"],
        ["multiply", "sum", "bias", "activate", "shortcut"],
        ["multiply", "sum", "bias"],
    ]
    assert timeline.step(8).place == Place("gate", 2, 0)


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "hinge"])
def test_only_cross_entropies_start_at_the_sums(loss: str) -> None:
    timeline = Timeline(Network.of(1, 1, output="tanh"), loss)
    assert timeline.find("slope_gate", 0, 0) is not None


@given(timelines())
def test_steps_follow_the_phases(timeline: Timeline) -> None:
    steps = [timeline.step(number) for number in range(1, len(timeline) + 1)]
    assert [step.number for step in steps] == list(range(1, len(timeline) + 1))
    assert [step.phase for step in steps] == [phase for phase, count in timeline.phases for _ in range(count)]
    assert len({(step.kind, step.layer, step.neuron, step.source) for step in steps}) == len(steps)
    if timeline.loss is not None:
        updates = [step for step in steps if step.phase == "Update"]
        assert len(updates) == timeline.network.parameter_count


def stops(timeline: Timeline, grain: Grain) -> list[int]:
    """All stops from the start on."""
    found = [0]
    while found[-1] < len(timeline):
        found.append(timeline.after(found[-1], grain))
    return found


def test_stops_of_the_article() -> None:
    assert stops(ADDER, "operation") == list(range(56))
    assert stops(ADDER, "neuron")[:6] == [0, 5, 10, 15, 20, 21]
    assert stops(ADDER, "layer") == [0, 15, 20, 22, 27, 42, 51, 55]
    assert stops(ADDER, "pass") == [0, 20, 22, 42, 55]


@given(timelines(), st.sampled_from(GRAINS))
def test_the_way_back_has_the_stops_of_the_way_there(timeline: Timeline, grain: Grain) -> None:
    there = stops(timeline, grain)
    assert there == sorted(set(there))
    assert there[-1] == len(timeline)
    back = [len(timeline)]
    while back[-1] > 0:
        back.append(timeline.before(back[-1], grain))
    assert back[::-1] == there


@given(timelines(), st.sampled_from(GRAINS), st.floats(0, 1))
def test_between_two_stops_both_are_next(timeline: Timeline, grain: Grain, share: float) -> None:
    t = share * len(timeline)
    there = stops(timeline, grain)
    if t < len(timeline):
        assert timeline.after(t, grain) == min(stop for stop in there if stop > t)
    if t > 0:
        assert timeline.before(t, grain) == max(stop for stop in there if stop < t)


@given(timelines())
def test_coarser_stops_are_stops_of_the_finer(timeline: Timeline) -> None:
    sets = [set(stops(timeline, grain)) for grain in GRAINS]
    assert sets[0] > sets[3]
    assert sets[0] >= sets[1] >= sets[2] >= sets[3]


@given(timelines())
def test_find_finds_the_first_of_a_kind(timeline: Timeline) -> None:
    first: dict[tuple[str, int, int], int] = {}
    for number in range(1, len(timeline) + 1):
        step = timeline.step(number)
        first.setdefault((step.kind, step.layer, step.neuron), number)
    for (kind, layer, neuron), number in first.items():
        assert timeline.find(kind, layer, neuron) == number
    assert timeline.find("multiply", len(timeline.network.layers), 0) is None
    assert timeline.find("dance", 0, 0) is None


def test_a_million_weights_are_not_listed() -> None:
    started = time.perf_counter()
    timeline = Timeline(Network.of(2, 1000, 1000, 1), "mse")
    forward = 1000 * 5 + 1000 * 1003 + 1002
    assert timeline.forward_length == forward
    assert len(timeline) == forward + 2 + (1 + 1000 + 1) + 2 * 1000 + 1000 * 1000 + 1000 + 2 * 1000 + 2000 + 1000 + (
        timeline.network.parameter_count
    )
    middle = timeline.step(5000 + 1003 * 500 + 1)
    assert (middle.kind, middle.layer, middle.neuron, middle.source) == ("multiply", 1, 500, 0)
    assert timeline.after(5000, "layer") == 5000 + 1000 * 1003
    assert timeline.step(len(timeline)).kind == "update_bias"
    assert timeline.find("sum", 1, 999) == 5000 + 999 * 1003 + 1001
    assert time.perf_counter() - started < 0.1
