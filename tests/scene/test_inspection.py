"""What the Inspector writes can be checked by hand: “=” stands only where the numbers shown give the result shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import adder, adder_story, adder_trace, networks, parameters_of
from visualnn.nn.functions import HIDDEN_ACTIVATIONS, activate
from visualnn.nn.network import Layer, Network, neuron_names
from visualnn.nn.trace import Trace, trace
from visualnn.scene.findings import Bars
from visualnn.scene.formula import MINUS, Part, number, precise
from visualnn.scene.frame import Place
from visualnn.scene.inspection import HIDDEN, Inspection, inspect
from visualnn.scene.timeline import Timeline

C, D, E, F = (Place("neuron", *at) for at in ((1, 0), (1, 1), (1, 2), (2, 0)))


def decimal_of(text: str) -> Decimal:
    """A number as it is written; “≈ 0” is what it says."""
    return Decimal(0) if "≈" in text else Decimal(text.replace(MINUS, "-").replace(",", ""))


def of_adder(place: Place, step: int | None = None) -> Inspection:
    timeline = adder_story().timeline
    return inspect(adder_trace(), adder().names, place, timeline.step(step) if step else None)


def all_places(made: Trace) -> list[Place]:
    sizes = made.network.sizes
    places = [Place("neuron", c, n) for c, size in enumerate(sizes) for n in range(size)]
    places += [Place("bias", c, n) for c, size in enumerate(sizes) if c for n in range(size)]
    return places + [
        Place("weight", c, n, s) for c in range(1, len(sizes)) for n in range(sizes[c]) for s in range(sizes[c - 1])
    ]


# -- the adder ---------------------------------------------------------------------------------------------------------


def test_a_finished_neuron_in_full():
    found = of_adder(D)
    assert (found.title, found.subtitle) == ("Neuron d", "hidden layer")
    assert [row.label for row in found.rows] == ["a × weight", "b × weight", "bias"]
    assert [row.result.text for row in found.rows] == ["0.0284", "−1.7901", "−0.0685"]
    assert found.total.result == Part("−1.8302", "neg")
    assert found.total.equal == "="
    assert found.activation.result == Part("0", "text")
    assert found.activation.known
    assert found.rows[1].exact == "−1.7900622"
    assert not any(row.lit for row in found.rows)


@pytest.mark.parametrize(
    ("step", "results", "lit", "total"),
    [
        (6, ["0.0284", "…", "…"], 0, "…"),
        (7, ["0.0284", "−1.7901", "…"], 1, "…"),
        (8, ["0.0284", "−1.7901", "…"], None, "−1.7617"),
        (9, ["0.0284", "−1.7901", "−0.0685"], 2, "−1.8302"),
        (10, ["0.0284", "−1.7901", "−0.0685"], None, "−1.8302"),
    ],
)
def test_only_what_the_pass_has_reached(step, results, lit, total):
    found = of_adder(D, step)
    assert [row.result.text for row in found.rows] == results
    assert [i for i, row in enumerate(found.rows) if row.lit] == ([] if lit is None else [lit])
    assert found.total.result.text == total
    assert found.activation.known == (step == 10)
    assert found.activation.lit == (step == 10)


def test_the_sum_so_far_is_lit_when_it_is_added():
    assert of_adder(D, 8).total.label == "Sum so far"
    assert of_adder(D, 8).total.lit
    assert not of_adder(D, 7).total.lit


def test_a_neuron_still_to_come_is_a_riddle():
    found = of_adder(F, 3)
    assert {row.result for row in found.rows} == {HIDDEN}
    assert found.total.result == HIDDEN
    assert found.activation.result == HIDDEN
    assert {row.exact for row in found.rows} == {""}


def test_after_the_forward_pass_all_is_known():
    assert of_adder(D, 21) == of_adder(D)
    assert of_adder(C, 12) == of_adder(C)


def test_a_linear_output_is_known_with_its_bias():
    assert not of_adder(F, 19).activation.known
    assert of_adder(F, 20).activation.known


def test_a_weight_with_and_without_it():
    found = of_adder(Place("weight", 1, 1, 1))
    assert (found.title, found.subtitle) == ("Weight b → d", f"now {MINUS}0.90")
    values = {line.label: line.result.text for line in found.rows}
    assert values["Sum of d with it"] == "−1.8302"
    assert values["Sum of d without it"] == "−0.0401"
    assert found.exact == "−0.8950311"


def test_with_a_weight_and_without_it_adds_up():
    found = of_adder(Place("weight", 1, 1, 0)).rows
    product, whole, rest = (line.result.text for line in found)
    assert decimal_of(rest) + decimal_of(product) == decimal_of(whole)
    assert found[2].equal == "="


def test_an_input_lists_what_becomes_of_it():
    found = of_adder(Place("neuron", 0, 0))
    assert found.title == "Input a"
    assert [row.label for row in found.rows] == ["to c", "to d", "to e"]
    assert found.exact == "2.0"


def test_a_bias_has_all_its_digits():
    assert of_adder(Place("bias", 1, 1)).exact == "−0.06846002"
    assert of_adder(D).exact == ""


def test_layers_are_counted_where_there_are_several():
    net = Network.of(2, 3, 3, 1)
    made = trace(net, parameters_of(net, 1), np.ones(2))
    titles = [inspect(made, neuron_names(net), Place("neuron", c, 0)).subtitle for c in (1, 2, 3)]
    assert titles == ["hidden layer 1", "hidden layer 2", "output layer"]


def test_a_long_sum_is_drawn_as_its_strongest_terms():
    net = Network.of(784, 1)
    made = trace(net, parameters_of(net, 2), np.random.default_rng(0).random(784))
    found = inspect(made, neuron_names(net), Place("neuron", 1, 0))
    many, few = found.bars
    values = [abs(bar.value) for bar in many.bars]
    assert [row.label for row in found.rows] == ["bias"]
    assert (len(many.bars), len(few.bars)) == (24, 12)
    assert values == sorted(values, reverse=True)
    for bars in found.bars:
        rest = sum(map(Fraction, made.layers[0].products[:, 0].tolist())) - sum(
            Fraction(bar.value) for bar in bars.bars
        )
        assert float(bars.exact.replace(MINUS, "-")) == float(rest)
        assert bars.note == f"{len(bars.bars)} of 784 terms shown, the rest sum to {number(float(rest), 4)}."


def test_the_terms_of_a_long_sum_come_one_by_one():
    net = Network.of(40, 2)
    made = trace(net, parameters_of(net, 2), np.linspace(-1, 1, 40))
    timeline, names = Timeline(net), neuron_names(net)
    bars = inspect(made, names, Place("neuron", 1, 0), timeline.step(3)).bars[0]
    assert set(known(bars)) <= set(names[0][:3])
    assert [bar.label for bar in bars.bars if bar.lit] == [names[0][2]]
    assert bars.note.startswith("3 of 40 terms so far")
    assert not known(inspect(made, names, Place("neuron", 1, 1), timeline.step(3)).bars[0])


def known(bars: Bars) -> list[str]:
    return [bar.label for bar in bars.bars if bar.known]


def test_the_bars_of_a_long_sum_keep_their_rows_and_their_scale():
    net = Network.of(40, 2)
    made = trace(net, parameters_of(net, 2), np.linspace(-1, 1, 40))
    timeline, names, place = Timeline(net), neuron_names(net), Place("neuron", 1, 0)
    final = inspect(made, names, place).bars[0]
    labels, products = [bar.label for bar in final.bars], made.layers[0].products[:, 0]
    for at in range(1, 41):
        bars = inspect(made, names, place, timeline.step(at)).bars[0]
        at_work = names[0][at - 1]
        assert [bar.label for bar in bars.bars] == labels + ([at_work] if at_work not in labels else [])
        assert (bars.slots, bars.span) == (25, final.span)
        written = {bar.label for bar in bars.bars}
        rest = sum(Fraction(float(products[i])) for i in range(at) if names[0][i] not in written)
        assert float(bars.exact.replace(MINUS, "-")) == float(rest)


def test_what_is_chosen_is_shown_in_full():
    timeline = adder_story().timeline
    assert inspect(adder_trace(), adder().names, F, timeline.step(3), chosen=True) == of_adder(F)


# -- any network -------------------------------------------------------------------------------------------------------


@st.composite
def passes(draw: st.DrawFn) -> Trace:
    net = draw(networks())
    scale = draw(st.sampled_from((1e-3, 1.0, 300.0, 1e6)))
    x = np.random.default_rng(draw(st.integers(0, 99))).normal(0, scale, net.inputs)
    return trace(net, parameters_of(net, draw(st.integers(0, 99))), x)


@given(passes())
def test_equal_is_true(made):
    names = neuron_names(made.network)
    for place in all_places(made):
        found = inspect(made, names, place)
        for row in found.rows:
            if row.equal == "=" and row.factors:
                product = decimal_of(row.factors[0].text) * decimal_of(row.factors[2].text)
                decimals = len(row.result.text.partition(".")[2]) or 4
                assert round(product, decimals) == decimal_of(row.result.text)
        if found.total is not None and found.total.equal == "=":
            assert sum(decimal_of(row.result.text) for row in found.rows) == decimal_of(found.total.result.text)


@given(passes())
def test_the_activation_of_the_sum_shown_is_the_result_shown(made):
    names = neuron_names(made.network)
    for column in range(1, len(made.network.sizes)):
        for n in range(made.network.sizes[column]):
            line = inspect(made, names, Place("neuron", column, n)).activation
            if line.equal == "=" and line.name != "softmax":
                z = next(part.text for part in line.formula if part.role in ("pos", "neg", "zero"))
                a = float(activate(line.name, np.array([float(decimal_of(z))]))[0])
                decimals = len(line.result.text.partition(".")[2])
                assert line.result.text in ("0", number(a, decimals), precise(a))


@pytest.mark.parametrize("activation", [name for name in HIDDEN_ACTIVATIONS if name != "linear"])
def test_every_activation_has_its_formula(activation):
    net = Network(1, (Layer(1, activation), Layer(1, "sigmoid")))
    made = trace(net, np.array([0.5, 0.1, 1.0, 0.0]), np.array([1.0]))
    names = neuron_names(net)
    line = inspect(made, names, Place("neuron", 1, 0)).activation
    text = "".join(part.text for part in line.formula)
    assert text == ("max(0, 0.6000)" if activation == "relu" else f"{activation}(0.6000)")
    assert inspect(made, names, Place("neuron", 2, 0)).activation.name == "sigmoid"


def test_a_shortcut_has_a_row_of_its_own():
    net = Network(1, (Layer(1, "tanh"), Layer(1, "tanh"), Layer(1, "linear")), shortcut=1)
    made = trace(net, np.array([0.5, 0.1, 1.0, 0.0, 1.0, 0.0]), np.array([1.0]))
    names, timeline, place = neuron_names(net), Timeline(net), Place("neuron", 2, 0)
    assert inspect(made, names, Place("neuron", 1, 0)).shortcut is None
    line = inspect(made, names, place).shortcut
    written = [decimal_of(part.text) for part in (line.factors[0], line.factors[2], line.result)]
    assert line.label == "with b"
    assert line.equal == "="
    assert written[0] + written[1] == written[2]
    assert float(line.exact) == made.layers[1].a.item() == made.layers[1].f.item() + made.layers[0].a.item()
    step = timeline.find("shortcut", 1, 0)
    before, at = (inspect(made, names, place, timeline.step(number)) for number in (step - 1, step))
    assert before.shortcut.result == HIDDEN
    assert before.activation.known
    assert at.shortcut.lit
    assert at.shortcut.result == line.result


def test_softmax_is_a_share():
    net = Network.of(2, 3, output="softmax")
    made = trace(net, parameters_of(net, 3), np.ones(2))
    lines = [inspect(made, neuron_names(net), Place("neuron", 1, n)).activation for n in range(3)]
    assert lines[0].formula[0].text == "share of e^"
    assert sum(line.a for line in lines) == pytest.approx(1)


@pytest.mark.parametrize("scale", [1e100, 1e308])
def test_numbers_beyond_all_measure(scale):
    net = Network.of(2, 2, 1)
    with np.errstate(all="ignore"):
        made = trace(net, parameters_of(net, 4), np.full(2, scale))
        for place in all_places(made):
            assert inspect(made, neuron_names(net), place).title
