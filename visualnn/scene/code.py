"""The network as plain Python, like the article's, that gives the very same floats as the program.

Small networks are written neuron by neuron with a name for every number; larger ones as lists and loops. No ``sum()``:
since Python 3.12 it rounds differently from adding one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from visualnn.nn.functions import LEAK
from visualnn.nn.network import Network, Vector
from visualnn.scene.formula import number
from visualnn.scene.look import sign_role
from visualnn.scene.playback import Picture
from visualnn.scene.timeline import Step

MAX_NAMED = 120  # parameters up to which every number gets its own name

Kind = Literal["keyword", "function", "plain"]
Names = tuple[tuple[str, ...], ...]

SIGMOID = "1.0 / (1.0 + e) if x >= 0 else e / (1.0 + e)"
RAMP = "max(0.0, min(6.0, x + 3.0)) / 6.0"
FUNCTIONS = {
    "relu": "def relu(x):\n    return max(0.0, x)",
    "leaky_relu": f"def leaky_relu(x):\n    return x if x > 0 else {LEAK} * x",
    "elu": "def elu(x):\n    return x if x > 0 else math.expm1(x)",
    "gelu": "def gelu(x):\n    return x * (0.5 * (1.0 + math.erf(x / math.sqrt(2.0))))",
    "silu": f"def silu(x):\n    e = math.exp(-abs(x))\n    return x * ({SIGMOID})",
    "softplus": "def softplus(x):\n    return max(0.0, x) + math.log1p(math.exp(-abs(x)))",
    "tanh": "tanh = math.tanh",
    "sigmoid": f"def sigmoid(x):\n    e = math.exp(-abs(x))\n    return {SIGMOID}",
    "hard_tanh": "def hard_tanh(x):\n    return max(-1.0, min(1.0, x))",
    "hard_sigmoid": f"def hard_sigmoid(x):\n    return {RAMP}",
    "hard_silu": f"def hard_silu(x):\n    return x * ({RAMP})",
    "softmax": (
        "def softmax(z):\n    top = max(z)\n    e = [math.exp(v - top) for v in z]\n    total = 0.0\n"
        "    for v in e:\n        total += v\n    return [v / total for v in e]"
    ),
}
DENSE = (
    "def dense(x, w, b):\n    z = []\n    for j in range(len(b)):\n        s = x[0] * w[0][j]\n"
    "        for i in range(1, len(x)):\n            s += x[i] * w[i][j]\n        z.append(s + b[j])\n    return z"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a code line. `part`: which operand it is, a source's number, "bias", "activation" or "shortcut"."""

    text: str
    kind: Kind = "plain"
    part: int | str | None = None


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of `run`, and the neuron whose value it computes."""

    tokens: tuple[Token, ...]
    column: int | None = None
    neuron: int | None = None

    @property
    def text(self) -> str:
        """The line as it is typed."""
        return "".join(token.text for token in self.tokens)


def weight_name(names: Names, layer: int, source: int, neuron: int) -> str:
    """Wac for a→c, as in the article; with an underscore where names are longer than a letter."""
    a, b = names[layer][source], names[layer + 1][neuron]
    return f"w{a}{b}" if len(a) == len(b) == 1 else f"w_{a}_{b}"


def bias_name(names: Names, layer: int, neuron: int) -> str:
    """Bc for the bias of c."""
    name = names[layer + 1][neuron]
    return f"b{name}" if len(name) == 1 else f"b_{name}"


def run_lines(network: Network, names: Names) -> tuple[CodeLine, ...]:
    """The function `run`, line by line."""
    if network.parameter_count > MAX_NAMED:
        return _loop_lines(network)
    lines = [_def_line(", ".join(names[0]))]
    for layer, activation in enumerate(network.activations):
        source = network.shortcuts[layer + 1]
        skipped = ("",) * network.sizes[layer + 1] if source is None else names[source]
        lines += [_neuron_line(names, layer, n, activation, added) for n, added in enumerate(skipped)]
        if activation == "softmax":
            listed = ", ".join(names[layer + 1])
            call = (Token("softmax", "function", "activation"), Token(f"([{listed}])"))
            target = listed if network.sizes[layer + 1] > 1 else f"[{listed}]"
            lines.append(CodeLine((Token(f"    {target} = "), *call)))
    lines.append(CodeLine((Token("    return ", "keyword"), Token(", ".join(names[-1])))))
    return tuple(lines)


def _def_line(arguments: str) -> CodeLine:
    return CodeLine((Token("def ", "keyword"), Token("run", "function"), Token(f"({arguments}):")))


def _neuron_line(names: Names, layer: int, neuron: int, activation: str, added: str) -> CodeLine:
    """One neuron's sum and activation; `added` is the name of the neuron whose shortcut ends here, or nothing."""
    terms: list[Token] = []
    for source, name in enumerate(names[layer]):
        terms += [Token(f"{name}*{weight_name(names, layer, source, neuron)}", part=source), Token(" + ")]
    terms.append(Token(bias_name(names, layer, neuron), part="bias"))
    head = Token(f"    {names[layer + 1][neuron]} = ")
    tail = (Token(" + "), Token(added, part="shortcut")) if added else ()
    if activation in ("linear", "softmax"):
        return CodeLine((head, *terms, *tail), layer + 1, neuron)
    call = Token(activation, "function", "activation")
    return CodeLine((head, call, Token("("), *terms, Token(")"), *tail), layer + 1, neuron)


def _loop_lines(network: Network) -> tuple[CodeLine, ...]:
    lines = [_def_line("*x")]
    for layer, activation in enumerate(network.activations, start=1):
        lines.append(CodeLine((Token(f"    z = dense(x, w{layer}, b{layer})"),), layer))
        lines.append(_layer_line(layer, activation, skips=network.shortcuts[layer] is not None))
        if layer in network.shortcuts:  # the next one starts where the one before has ended
            lines.append(CodeLine((Token("    kept = x"),), layer))
    result = "x[0]" if network.outputs == 1 else "x"
    lines.append(CodeLine((Token("    return ", "keyword"), Token(result))))
    return tuple(lines)


def _layer_line(layer: int, activation: str, *, skips: bool) -> CodeLine:
    """The activations of a layer; with `skips` what was kept of an earlier one is added."""
    head = Token("    x = ")
    if activation == "softmax":
        return CodeLine((head, Token("softmax", "function"), Token("(z)")), layer)
    if activation == "linear" and not skips:
        return CodeLine((head, Token("z")), layer)
    value = (Token("v"),) if activation == "linear" else (Token(activation, "function"), Token("(v)"))
    names, values = ("v, k", "zip(z, kept)") if skips else ("v", "z")
    loop = (Token("for ", "keyword"), Token(f"{names} "), Token("in ", "keyword"), Token(f"{values}]"))
    return CodeLine((head, Token("["), *value, Token(" + k " if skips else " "), *loop), layer)


def source(network: Network, parameters: Vector, names: Names, sample: Vector, title: str) -> str:
    """A whole program: numbers, functions, `run`, and a line that prints the answer for the sample shown."""
    used = dict.fromkeys(a for a in network.activations if a != "linear")
    name = " ".join(title.split())  # a name is one line, or it would be code
    parts = [f"# {name}: a {network} network, written by VisualNN"]
    if any("math." in FUNCTIONS[a] for a in used):
        parts.append("import math")
    named = network.parameter_count <= MAX_NAMED
    parts.append(_named_numbers(network, parameters, names) if named else _listed_numbers(network, parameters))
    parts += [FUNCTIONS[a] for a in used]
    if not named:
        parts.append(DENSE)
    parts.append("\n".join(line.text for line in run_lines(network, names)))
    arguments = ", ".join(repr(float(v)) for v in sample)
    parts.append(f"print(run({arguments}))")
    return "\n\n".join(parts) + "\n"


def _named_numbers(network: Network, parameters: Vector, names: Names) -> str:
    weights, biases = ["# Weights"], ["# Biases"]
    for layer, (w, b) in enumerate(network.views(parameters)):
        for i, n in np.ndindex(w.shape):
            weights.append(f"{weight_name(names, layer, i, n)} = {float(w[i, n])!r}")
        biases += [f"{bias_name(names, layer, n)} = {float(v)!r}" for n, v in enumerate(b)]
    return "\n".join(weights) + "\n\n" + "\n".join(biases)


def _listed_numbers(network: Network, parameters: Vector) -> str:
    lines = []
    for layer, (w, b) in enumerate(network.views(parameters), start=1):
        lines += [f"w{layer} = {w.tolist()!r}", f"b{layer} = {b.tolist()!r}"]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ValuedLine:
    """A code line beside what it has computed so far: a text with its sign's role, or "…" while it is still to come."""

    line: CodeLine
    value: str
    role: str
    lit: bool
    part: int | str | None = None  # the token being worked on


def valued_lines(lines: tuple[CodeLine, ...], picture: Picture, step: Step | None, decimals: int) -> list[ValuedLine]:
    """The lines of `run` with their values at the moment of a picture."""
    return [_valued(line, picture, step, decimals) for line in lines]


def _valued(line: CodeLine, picture: Picture, step: Step | None, decimals: int) -> ValuedLine:
    if line.column is None or line.neuron is None:
        return ValuedLine(line, "", "text3", False)
    lit = step is not None and step.phase == "Forward" and (step.layer + 1, step.neuron) == (line.column, line.neuron)
    part = _part(step) if lit and step else None
    layer = picture.trace.layers[line.column - 1]
    state = picture.neuron(line.column, line.neuron)
    activation = picture.trace.network.activations[line.column - 1]
    ready = picture.gate(line.column, line.neuron).a is not None or activation in ("linear", "softmax")
    if state.value is None or not ready:
        return ValuedLine(line, "…", "text3", lit, part)
    result = float((layer.z if activation == "softmax" else layer.a)[line.neuron])
    done = state.state == "done" or picture.complete
    if not done:
        return ValuedLine(line, "…", "text3", lit, part)
    return ValuedLine(line, number(result, decimals), sign_role(result), lit, part)


def _part(step: Step) -> int | str | None:
    parts = {"multiply": step.source, "bias": "bias", "activate": "activation", "shortcut": "shortcut"}
    return parts.get(step.kind)
