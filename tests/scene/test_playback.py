from __future__ import annotations

import random
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import adder_story, adder_trace, networks, parameters_of
from visualnn.nn.network import Network
from visualnn.nn.passes import predict
from visualnn.nn.trace import trace
from visualnn.scene.frame import Place
from visualnn.scene.moment import NONE_LIT, GateState, Lit, NeuronState, Picture, ease
from visualnn.scene.playback import MOVING, picture, whole
from visualnn.scene.reckoning import reckoning
from visualnn.scene.timeline import Step, Timeline
from visualnn.scene.ways import MOST_LINKS, way_back, ways_of_layer

TRACE = adder_trace()
TIMELINE = Timeline(TRACE.network, "mse")


def neurons(at: Picture) -> list[list[NeuronState]]:
    return [[at.neuron(c, n) for n in range(units)] for c, units in enumerate(at.trace.network.sizes)]


def gates(at: Picture) -> list[list[GateState]]:
    return [[at.gate(c, n) for n in range(units)] for c, units in enumerate(at.trace.network.sizes) if c]


def shown(at: Picture) -> tuple:
    return neurons(at), gates(at), at.bright, at.focus, at.pulse, at.complete


def states(t: float) -> list[list[str]]:
    return [[neuron.state for neuron in column] for column in neurons(picture(TRACE, TIMELINE, t))]


def test_the_same_moment_is_the_same_picture() -> None:
    moments = [k / 4 for k in range(4 * 55 + 1)]
    forwards = {t: shown(picture(TRACE, TIMELINE, t)) for t in moments}
    random.Random(1).shuffle(moments)
    assert all(shown(picture(TRACE, TIMELINE, t)) == forwards[t] for t in moments)


@pytest.mark.parametrize(
    ("t", "hidden", "output"),
    [
        (0, ["todo"] * 3, "todo"),
        (1, ["now", "todo", "todo"], "todo"),
        (4, ["now", "todo", "todo"], "todo"),
        (5, ["done", "todo", "todo"], "todo"),
        (8.5, ["done", "now", "todo"], "todo"),
        (10, ["done", "done", "todo"], "todo"),
        (15, ["done"] * 3, "todo"),
        (16, ["done"] * 3, "now"),
        (20, ["done"] * 3, "now"),
        (21, ["done"] * 3, "done"),
    ],
)
def test_what_is_to_come_what_is_now_and_what_is_done(t: float, hidden: list[str], output: str) -> None:
    assert states(t) == [["done", "done"], hidden, [output]]


def test_nothing_is_known_before_the_first_step_but_the_inputs() -> None:
    at = picture(TRACE, TIMELINE, 0)
    assert [n.value for n in neurons(at)[0]] == [2.0, 2.0]
    assert all(n.value is None for column in neurons(at)[1:] for n in column)
    assert (at.bright, at.focus, at.pulse, at.complete) == (NONE_LIT, None, None, False)


@pytest.mark.parametrize("t", [20, 22, 30.5, 54])
def test_the_end_shows_the_trace(t: float) -> None:
    at = picture(TRACE, TIMELINE, t)
    assert at.complete
    for column, layer in zip(neurons(at)[1:], TRACE.layers, strict=True):
        assert [n.value for n in column] == layer.z.tolist()
    assert [g.a for g in gates(at)[0]] == TRACE.layers[0].a.tolist()


def test_whole_lights_everything() -> None:
    at = whole(TRACE)
    assert (at.bright, at.focus, at.complete) == (None, None, True)
    assert {n.state for column in neurons(at) for n in column} == {"done"}


def test_a_product_travels_along_its_connection() -> None:
    at = picture(TRACE, TIMELINE, 6 + MOVING / 2)
    assert at.pulse is not None
    assert (at.pulse.layer, at.pulse.source, at.pulse.neuron) == (0, 1, 1)
    assert at.pulse.share == pytest.approx(0.5)
    assert (at.pulse.before, at.pulse.after) == ("2", "−1.79")
    assert at.bright == Lit(0, 1, 1)
    assert at.focus == Place("weight", 1, 1, 1)
    assert picture(TRACE, TIMELINE, 7).pulse is None


def test_what_has_moved_stands_for_the_rest_of_its_step_to_be_read() -> None:
    assert picture(TRACE, TIMELINE, 6.01 + MOVING).pulse is None
    assert picture(TRACE, TIMELINE, 7.8).neuron(1, 1) == picture(TRACE, TIMELINE, 8).neuron(1, 1)


def test_a_sum_grows_from_zero_and_the_bias_moves_it() -> None:
    layer = TRACE.layers[0]
    values = [picture(TRACE, TIMELINE, t).neuron(1, 1).value for t in (7 + MOVING / 2, 8, 8 + MOVING / 2, 9)]
    total, z = layer.total[1], layer.z[1]
    assert values == pytest.approx([total / 2, total, (total + z) / 2, z])


def test_a_closed_relu_counts_down_to_nothing() -> None:
    found = [picture(TRACE, TIMELINE, t).gate(1, 1) for t in (9, 9 + MOVING / 2, 10, 11)]
    assert [gate.state for gate in found] == ["todo", "now", "now", "done"]
    assert found[1].a == pytest.approx(TRACE.layers[0].z[1] / 2)
    assert found[2].a == found[3].a == 0.0
    assert found[3].z == TRACE.layers[0].z[1]


def test_a_slope_comes_through_the_connections_behind_its_neuron() -> None:
    step = next(n for n in range(1, 56) if TIMELINE.step(n).kind == "slope_neuron")
    assert picture(TRACE, TIMELINE, step).bright == Lit(1, source=0)
    assert picture(TRACE, TIMELINE, step).focus == Place("gate", 1, 0)
    gate = next(n for n in range(1, 56) if TIMELINE.step(n).kind == "slope_gate")
    assert picture(TRACE, TIMELINE, gate + 1).focus == Place("gate", 1, 1)


def test_ease_runs_from_zero_to_one_and_only_upwards() -> None:
    values = [ease(k / 50) for k in range(51)]
    assert (values[0], values[25], values[50]) == (0, 0.5, 1)
    assert values == sorted(values)


@given(networks(), st.integers(0, 9), st.floats(0, 1))
def test_what_is_done_shows_its_value_of_the_trace(net: Network, seed: int, share: float) -> None:
    made = trace(net, parameters_of(net, seed), parameters_of(net, seed + 1)[: net.inputs])
    timeline = Timeline(net)
    at = picture(made, timeline, share * len(timeline))
    assert sum(n.state == "now" for column in neurons(at) for n in column) <= 1
    assert sum(g.state == "now" for column in gates(at) for g in column) <= 1
    for column, blocks, layer in zip(neurons(at)[1:], gates(at), made.layers, strict=True):
        for neuron, gate, z, a in zip(column, blocks, layer.z, layer.a, strict=True):
            assert neuron.state != "done" or neuron.value == z
            assert gate.state != "done" or (gate.z, gate.a) == (z, a)
            assert (neuron.state == "todo") <= (neuron.value is None)


@given(networks(), st.integers(0, 9))
def test_nothing_leaps_between_two_steps(net: Network, seed: int) -> None:
    """A number that is being changed stands at the end of a step where the next one takes it up."""
    made = trace(net, parameters_of(net, seed), parameters_of(net, seed + 1)[: net.inputs])
    timeline = Timeline(net)
    for number in range(1, len(timeline)):
        at, soon = picture(made, timeline, number), picture(made, timeline, number + 1e-9)
        for before, after in zip(chain(*neurons(at)), chain(*neurons(soon)), strict=True):
            if before.value is not None and after.value is not None:
                assert after.value == pytest.approx(before.value, abs=1e-6)


def test_the_update_moves_one_number_after_the_other() -> None:
    before, after = TRACE.parameters, TRACE.updated
    assert after is not None
    order = [TIMELINE.step(n) for n in range(43, 56)]
    for count, step in enumerate(order):
        at = picture(TRACE, TIMELINE, 42 + count)
        now = np.concatenate([part.ravel() for layer in range(2) for part in at.parameters(layer)])
        if count == 0:
            assert now.tolist() == before.tolist()
        done = _indices(order[:count])
        assert np.count_nonzero(now != before) == np.count_nonzero(after[done] != before[done])
        half = picture(TRACE, TIMELINE, 42 + count + MOVING / 2)
        moving = np.concatenate([part.ravel() for layer in range(2) for part in half.parameters(layer)])
        index = _indices([step])[0]
        assert moving[index] == pytest.approx((before[index] + after[index]) / 2)


def _indices(steps: list[Step]) -> list[int]:
    network = TRACE.network
    return [
        network.bias_index(s.layer, s.neuron) if s.source is None else network.weight_index(s.layer, s.source, s.neuron)
        for s in steps
    ]


def test_single_numbers_of_the_update_are_those_of_the_whole() -> None:
    for t in np.arange(42.0, 55.01, 0.3):
        at = picture(TRACE, TIMELINE, min(t, 55.0))
        for layer, (w, b) in enumerate((at.parameters(0), at.parameters(1))):
            assert [at.weight(layer, s, n) for s, n in np.ndindex(w.shape)] == w.ravel().tolist()
            assert [at.bias(layer, n) for n in range(b.size)] == b.tolist()


@given(networks(), st.integers(0, 9), st.data())
def test_slopes_are_known_in_the_order_of_the_steps(net: Network, seed: int, data: st.DataObject) -> None:
    made = trace(net, parameters_of(net, seed), np.ones(net.inputs), target=np.full(net.outputs, 0.5), loss="mse")
    timeline = Timeline(net, "mse")
    number = data.draw(st.integers(timeline.forward_length + 1, len(timeline) - net.parameter_count))
    known = reckoning(made, timeline, number)
    steps = [timeline.step(n) for n in range(1, number + 1)]
    for layer, units in enumerate(net.sizes[1:]):
        gated = any(
            s.kind == "slope_gate" and s.layer == layer for s in map(timeline.step, range(1, len(timeline) + 1))
        )
        first = ("slope_output", "slope_neuron")
        for n in range(units):
            done = {s.kind for s in steps if s.layer == layer and s.neuron == n}
            assert (known.slope_of_sum(layer, n) is not None) == bool(done & ({"slope_gate"} if gated else {*first}))
            assert (known.slope_of_output(layer, n) is not None) == (gated and bool(done & {*first}))


def test_a_way_back_follows_the_strongest_products_and_none_that_is_nothing() -> None:
    step = next(TIMELINE.step(n) for n in range(1, 56) if TIMELINE.step(n).kind == "slope_weight" and n > 30)
    assert way_back(TRACE, step).links == {(0, 0, 0), (1, 0, 0)}
    closed = next(s for s in map(TIMELINE.step, range(30, 43)) if s.kind == "slope_weight" and s.neuron == 1)
    assert way_back(TRACE, closed).links == {(1, 1, 0)}
    assert way_back(TRACE, closed).wires == {(2, 0)}


def test_whole_layers_send_their_slopes_back_at_once() -> None:
    start, end = TIMELINE.after(25, "layer"), TIMELINE.after(30, "layer")
    at = picture(TRACE, TIMELINE, start + (end - start) * MOVING / 2, flowing=True)
    assert at.flow is not None
    assert (at.flow.layer, at.flow.share, at.flow.back) == (0, pytest.approx(0.5), True)
    assert at.way.links == {(0, 0, 0), (0, 1, 0), (0, 0, 2), (0, 1, 2)}  # nothing comes through the closed neuron
    assert at.way.wires == {(1, 0), (1, 2)}
    first = picture(TRACE, TIMELINE, start + 1.5, flowing=True)
    assert first.reckoning is not None
    assert (first.reckoning.outputs, first.reckoning.sums) == ((2, 0), (0, 1))  # one after the other
    there = picture(TRACE, TIMELINE, end, flowing=True)
    assert there.reckoning is not None
    assert there.reckoning.sums == (3, 1)


def test_the_slopes_of_the_output_layer_run_through_its_own_connections() -> None:
    at = picture(TRACE, TIMELINE, 24.5, flowing=True)
    assert at.flow is not None
    assert at.flow.layer == 1
    assert at.way.links == {(1, 0, 0), (1, 1, 0), (1, 2, 0)}
    assert at.reckoning is not None
    assert at.reckoning.sums == (0, 1)


def test_of_many_connections_of_a_layer_those_with_the_strongest_slopes_are_the_way() -> None:
    net = Network.of(40, 30, 1)
    inputs, target = np.linspace(-2, 2, 40), np.ones(1)
    made = trace(net, parameters_of(net, 1), inputs, target=target, loss="mse")
    strength = np.abs(made.slopes[0].dw)
    least = np.sort(strength.ravel())[-MOST_LINKS]
    wanted = {(0, int(i), int(n)) for i, n in np.argwhere(strength >= least)}
    assert ways_of_layer(made, 0).links == wanted
    assert ways_of_layer(made, 0).wires == {(1, n) for _layer, _source, n in wanted}


def test_where_slopes_begin_at_the_sum_no_dashes_run_before_it() -> None:
    net = Network.of(2, 3, 1, hidden="tanh", output="sigmoid")
    for loss, begins in (("binary_cross_entropy", False), ("mse", True)):
        made = trace(net, parameters_of(net, 1), np.ones(2), target=np.ones(1), loss=loss)
        step = next(s for s in map(Timeline(net, loss).step, range(20, 60)) if s.kind == "slope_weight" and not s.layer)
        assert ((2, 0) in way_back(made, step).wires) == begins
        assert ((2, 0) in ways_of_layer(made, 1).wires) == begins
        assert (1, 0) in way_back(made, step).wires


def test_at_the_very_end_the_pass_is_run_again_with_the_new_numbers() -> None:
    at = picture(TRACE, TIMELINE, 55)
    assert TRACE.updated is not None
    assert at.neuron(2, 0).value == predict(TRACE.network, TRACE.updated, TRACE.x)[0]
    assert at.parameters(1).w.ravel().tolist() == TRACE.network.views(TRACE.updated)[1].w.ravel().tolist()


def test_in_an_update_by_layers_all_parameters_of_a_layer_move_together() -> None:
    story = adder_story()
    trace, timeline = story.trace, story.timeline
    hidden_begins = timeline.find("update_weight", 0, 0) - 1
    made = picture(trace, timeline, hidden_begins + 2.0, flowing=True)
    (old, _), (new, _) = (trace.network.views(flat)[0] for flat in (trace.parameters, trace.updated))
    moving = (made.parameters(0).w - old) / np.where(new == old, 1.0, new - old)
    share = made.moved.share
    assert 0 < share < 1
    np.testing.assert_allclose(moving[new != old], share)
    assert made.weight(0, 1, 2) == made.parameters(0).w[1, 2]
    assert made.parameters(1).w.tolist() == trace.layers[1].w.tolist()
    assert made.focus is None
