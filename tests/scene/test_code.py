from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import ARTICLE, adder, adder_trace, networks, parameters_of
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS
from visualnn.nn.network import Layer, Network, neuron_names
from visualnn.nn.passes import predict
from visualnn.nn.trace import trace
from visualnn.scene.code import MAX_NAMED, bias_name, listing, run_lines, source, valued_lines, weight_name
from visualnn.scene.timeline import Timeline

ARTICLE_CODE = """\
def run(a, b):
    c = relu(a*wac + b*wbc + bc)
    d = relu(a*wad + b*wbd + bd)
    e = relu(a*wae + b*wbe + be)
    f = c*wcf + d*wdf + e*wef + bf
    return f"""


LOOP = "x2 = [relu(v) + k for v, k in zip(z2, x1)]"


def executed(program: str) -> tuple[dict, str]:
    """A program's names and what it printed."""
    space: dict = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(program, space)
    return space, out.getvalue()


def numbers(result: object) -> list[float]:
    return list(result) if isinstance(result, Iterable) else [result]


def check(network: Network, parameters: np.ndarray, rows: list[np.ndarray]) -> None:
    program = source(trace(network, parameters, rows[0]), neuron_names(network), "A test")
    space, printed = executed(program)
    for row in rows:
        answer = space["run"](*row.tolist())
        assert isinstance(answer, float) == (network.outputs == 1)
        assert numbers(answer) == predict(network, parameters, row).tolist()
    assert printed.strip() == str(space["run"](*rows[0].tolist()))


def test_the_article_as_it_stands() -> None:
    names = adder().names
    assert "\n".join(line.text for line in run_lines(ARTICLE, names)) == ARTICLE_CODE
    program = source(trace(ARTICLE, adder().parameters, adder().sample), names, "Add two numbers")
    assert program.startswith("# Add two numbers: a 2-3-1 network, written by VisualNN\n\n# Weights\nwac = 0.9907079\n")
    assert "import" not in program
    assert program.endswith("\n\nprint(run(2.0, 2.0))\n")
    _, printed = executed(program)
    assert float(printed) == adder_trace().output[0]


@given(networks(), st.integers(0, 2**16))
def test_named_code_gives_the_same_floats(network: Network, seed: int) -> None:
    rng = np.random.default_rng(seed)
    check(network, parameters_of(network, seed), [rng.normal(0, 3, network.inputs) for _ in range(3)])


@given(networks(most_units=12, most_layers=5), st.integers(0, 2**16))
def test_code_of_any_length_gives_the_same_floats(network: Network, seed: int) -> None:
    rng = np.random.default_rng(seed)
    check(network, parameters_of(network, seed), [rng.normal(0, 3, network.inputs) for _ in range(2)])


@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(2, 3, 1), (2, 3, 4), (4, 30, 1), (4, 30, 3), (1, 150, 1)])
def test_both_forms_with_one_output_and_with_several(output: str, sizes: tuple[int, ...]) -> None:
    network = Network.of(*sizes, hidden="tanh", output=output)
    parameters = parameters_of(network, 5)
    rows = [np.linspace(-1, 2, network.inputs), np.zeros(network.inputs)]
    loops = "dense(" in source(trace(network, parameters, rows[0]), neuron_names(network), "A test")
    assert loops == (network.parameter_count > MAX_NAMED)
    check(network, parameters, rows)


@pytest.mark.parametrize("hidden", HIDDEN_ACTIVATIONS)
@pytest.mark.parametrize("units", [2, 9])
def test_shortcuts_are_added_in_both_forms(hidden: str, units: int) -> None:
    network = Network(2, (*[Layer(units, hidden)] * 5, Layer(1, "linear")), shortcut=2)
    assert network.shortcuts == (None, None, None, 1, None, 3, None)
    rows = [np.array([0.3, -1.7]), np.array([2.0, 0.1]), np.zeros(2)]
    check(network, parameters_of(network, 4), rows)


def test_how_shortcuts_are_written() -> None:
    named = [line.text for line in run_lines(Network.of(1, 1, 1, 1), (("a",), ("b",), ("c",), ("d",)))]
    skipping = Network(1, Network.of(1, 1, 1, 1).layers, shortcut=1)
    lines = [line.text for line in run_lines(skipping, (("a",), ("b",), ("c",), ("d",)))]
    assert lines[2] == named[2] + " + b" == "    c = relu(b*wbc + bc) + b"
    assert lines[:2] + lines[3:] == named[:2] + named[3:]
    wide = Network(9, Network.of(9, 9, 9, 9).layers, shortcut=1)
    loops = [line.text.strip() for line in run_lines(wide, neuron_names(wide))]
    assert loops[2:5] == ["x1 = [relu(v) for v in z1]", "z2 = dense(x1, w2, b2)", LOOP]


def test_large_sums_do_not_break_the_functions() -> None:
    for activation in ACTIVATIONS:
        network = Network.of(1, 2, output=activation)
        check(network, np.array([1000.0, -1000.0, 0.0, 0.0]), [np.array([v]) for v in (1.0, -1.0, 0.0, 5.0)])


def test_names_of_numbers() -> None:
    short = neuron_names(ARTICLE)
    assert (weight_name(short, 0, 1, 2), bias_name(short, 1, 0)) == ("wbe", "bf")
    long = neuron_names(Network.of(30, 2))
    assert (weight_name(long, 0, 29, 1), bias_name(long, 0, 1)) == ("w_x30_y2", "b_y2")


ADDER = listing(adder_trace(), adder().names)


@pytest.mark.parametrize(
    ("t", "shown"),
    [
        (0, ["", "…", "…", "…", "…", ""]),
        (4.5, ["", "…", "…", "…", "…", ""]),
        (6, ["", "4.03", "…", "…", "…", ""]),
        (11, ["", "4.03", "0.00", "…", "…", ""]),
        (20, ["", "4.03", "0.00", "3.27", "3.99", ""]),
    ],
)
def test_values_appear_when_they_are_computed(t: float, shown: list[str]) -> None:
    lines = valued_lines(ADDER, adder_trace(), Timeline(ARTICLE, "mse"), t, 2)
    assert [line.value for line in lines] == shown


@pytest.mark.parametrize(
    ("number", "line", "part"), [(1, 1, 0), (2, 1, 1), (3, 1, None), (4, 1, "bias"), (10, 2, "activation"), (18, 4, 2)]
)
def test_the_line_being_computed_is_lit(number: int, line: int, part: int | str | None) -> None:
    lines = valued_lines(ADDER, adder_trace(), Timeline(ARTICLE, "mse"), number, 2)
    assert [each.lit for each in lines].index(True) == line
    assert sum(each.lit for each in lines) == 1
    assert lines[line].part == part
    tokens = [token.text for token in lines[line].line.tokens if part is not None and token.part == part]
    assert len(tokens) == (part is not None)


def test_a_name_of_several_lines_stays_a_comment() -> None:
    network = Network.of(1, 1)
    followed = trace(network, np.array([2.0, 1.0]), np.array([3.0]))
    text = source(followed, neuron_names(network), "x\nimport os\r\u2028y")
    assert text.splitlines()[0] == "# x import os y: a 1-1 network, written by VisualNN"
    assert "import os" not in text.splitlines()
