"""An activation may be written with one operator or with several; what only resembles one is told."""

from __future__ import annotations

from math import sqrt

import numpy as np
import onnx
import pytest

from tests.files.foreign.onnx_text import FIRST, LAST, model, number, ours, read, theirs
from visualnn.nn.errors import VisualNNError

HALF, ONE, SIX, THREE = (number(value) for value in (0.5, 1.0, 6.0, 3.0))
ROOT = number(sqrt(2))
ACTIVATIONS = {
    "relu": ["a = Relu(h)", "a = Max(h, zero)", "a = Clip(h, zero)"],
    "leaky_relu": ["a = LeakyRelu(h)", "a = PRelu(h, leak)"],
    "elu": ["a = Elu(h)", "a = Celu(h)"],
    "gelu": [
        "d = Div(h, root) e = Erf(d) p = Add(e, one) m = Mul(h, p) a = Mul(m, half)",
        "k = Mul(half, h) d = Mul(h, inverse) e = Erf(d) p = Add(one, e) a = Mul(k, p)",
        "d = Div(h, root) e = Erf(d) p = Add(e, one) m = Mul(half, p) a = Mul(m, h)",
    ],
    "silu": ["s = Sigmoid(h) a = Mul(h, s)", "s = Sigmoid(h) a = Mul(s, h)"],
    "softplus": ["a = Softplus(h)", "s = Softplus(h) g = Greater(h, twenty) a = Where(g, h, s)"],
    "tanh": ["a = Tanh(h)"],
    "sigmoid": ["a = Sigmoid(h)"],
    "hard_tanh": ["a = Clip(h, minus, one)", "k = Min(h, one) a = Max(k, minus)", "k = Max(minus, h) a = Min(k, one)"],
    "hard_sigmoid": [
        "a = HardSigmoid <alpha = 0.16666667, beta = 0.5> (h)",
        "p = Add(h, three) k = Clip(p, zero, six) a = Div(k, six)",
        "p = Add(three, h) k = Clip(p, zero, six) a = Mul(sixth, k)",
    ],
    "hard_silu": [
        "a = HardSwish(h)",
        "s = HardSigmoid <alpha = 0.16666667, beta = 0.5> (h) a = Mul(h, s)",
        "p = Add(h, three) k = Clip(p, zero, six) s = Div(k, six) a = Mul(s, h)",
        "p = Add(h, three) k = Clip(p, zero, six) m = Mul(h, k) a = Div(m, six)",
    ],
    "softmax": ["a = Softmax(h)", "a = Softmax <axis = 1> (h)"],
}
NUMBERS = {
    "zero": number(0.0),
    "one": ONE,
    "minus": number(-1.0),
    "half": HALF,
    "three": THREE,
    "six": SIX,
    "root": ROOT,
    "inverse": number(1 / sqrt(2)),
    "sixth": number(1 / 6),
    "twenty": number(20.0),
    "leak": np.array([0.01], np.float32),
    "three_nearly": number(3.1),
}


def sentence(made: onnx.ModelProto) -> str:
    with pytest.raises(VisualNNError) as caught:
        read(made)
    return str(caught.value)


@pytest.mark.parametrize(("name", "body"), [(name, body) for name, bodies in ACTIVATIONS.items() for body in bodies])
def test_an_activation_may_be_written_in_many_ways(name: str, body: str):
    end = "y = Identity(a)" if name == "softmax" else LAST
    made = model(f"{FIRST} {body} {end}", **NUMBERS)
    project = read(made)
    assert project.network.activations[0] == name
    assert ours(project) == pytest.approx(theirs(made), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("body", ["a = Gelu(h)", "a = Swish(h)"])
def test_newer_operators_are_known(body: str):
    made = model(f"{FIRST} {body} {LAST}", opset=24)
    assert ours(read(made)) == pytest.approx(theirs(made), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("a = LeakyRelu <alpha = 0.2> (h)", "LeakyRelu (node 2) has a slope below zero of 0.2; here it is 0.01"),
        ("a = Elu <alpha = 2.0> (h)", "Elu (node 2) has an alpha of 2; here it is 1"),
        ("a = HardSigmoid(h)", "HardSigmoid (node 2) has a slope of 0.2; here it is 1/6"),
        ("a = HardSigmoid <alpha = 0.16666667, beta = 0.4> (h)", "has a value at 0 of 0.4; here it is 0.5"),
        ('a = Gelu <approximate = "tanh"> (h)', "Gelu (node 2) is GELU approximated by tanh; here it is the exact one"),
        ("a = Selu(h)", "Selu (node 2) cannot be shown here"),
        ("a = Softsign(h)", "Softsign (node 2) cannot be shown here"),
        ("e = Exp(h) a = Relu(e)", "Exp (node 2) cannot be shown here"),
        ("a = com.acme.Magic(h)", "com.acme.Magic (node 2) cannot be shown here"),
        ("a = Max(h, minus)", "Max (node 2) keeps numbers from -1 to inf; here it is 0 to inf, or -1 to 1"),
        (
            "p = Add(h, three_nearly) k = Clip(p, zero, six) a = Div(k, six)",
            "(node 3) keeps numbers from 0 to 6; here it is 0 to inf, or -1 to 1",
        ),
        ("a = Mul(h, h)", "Mul (node 2) cannot be shown here"),
        (
            "s = Sigmoid(h) t = Tanh(h) a = Mul(s, t)",
            "together with Sigmoid, Tanh, makes no activation that can be shown here",
        ),
        ("s = Tanh(h) a = Relu(s)", "Relu (node 3) follows the operator Tanh (node 2) without a layer between them"),
        ("a = Softmax <axis = 0> (h)", "Softmax (node 2) does not share out the numbers of a row (axis 0)"),
        ("a = PRelu(h, b)", "PRelu (node 2) has a slope below zero of"),
    ],
)
def test_what_only_resembles_an_activation_is_told(body: str, said: str):
    made = model(f"{FIRST} {body} {LAST}", opset=20, **NUMBERS)
    assert said in sentence(made)


def test_log_probabilities_are_told_how_they_can_be():
    said = sentence(model(f"{FIRST} a = Relu(h) l = Gemm(a, u, c) y = LogSoftmax(l)"))
    assert said.endswith(
        "LogSoftmax (node 4) cannot be shown here; a network that ends with Softmax, or before it, can"
    )


def test_softmax_between_layers_is_told():
    assert sentence(model(f"{FIRST} a = Softmax(h) {LAST}")) == "“softmax” is for the output layer only."
