"""What both libraries are told about a network: its layers, its shortcuts, what is switched off, and its data."""

from __future__ import annotations

from itertools import groupby

from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.project import Project

FROM_SUMS = ("binary_cross_entropy", "cross_entropy")  # losses that are told the sums, not the activations
LAST = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}  # the activation that such a loss contains
INDENT = "    "
WIDE = 38  # letters, that a panel has room for


def said(network: Network, options: Options) -> tuple[str, ...]:
    """The activation of every layer as it stands in the model: that of the output may be part of the loss."""
    *hidden, last = network.activations
    return (*hidden, "linear" if options.loss in FROM_SUMS else last)


def alike(network: Network, options: Options) -> list[tuple[int, int, int, str]]:
    """Neighbouring layers that are the same, counted: how many, inputs, units, activation."""
    layers = zip(network.sizes, network.sizes[1:], said(network, options), strict=False)
    parts = [list(group) for _key, group in groupby(enumerate(layers), key=lambda pair: _key(network, *pair))]
    return [(len(part), *part[0][1]) for part in parts]


def _key(network: Network, index: int, layer: tuple[int, int, str]) -> tuple[object, ...]:
    """Layers with the same key are the same; the output is never one of several, as it has no dropout."""
    return (*layer, index == len(network.layers) - 1)


def landings(network: Network) -> str:
    """The columns to which an earlier one is added, as Python: ``(3, 5)``, or a range of many."""
    found = [column for column, source in enumerate(network.shortcuts) if source is not None]
    step = network.shortcut
    if len(found) > 2 and found == list(range(found[0], found[-1] + 1, step)):
        return f"range({found[0]}, {found[-1] + 1}, {step})"
    return f"({', '.join(map(str, found))},)"


def has_shortcuts(network: Network) -> bool:
    """Whether something is added to the activations of a column."""
    return any(source is not None for source in network.shortcuts)


def count(amount: int, noun: str) -> str:
    """1 row, 2 rows."""
    return f"{amount:,} {noun}" + ("" if amount == 1 else "s")


def data_lines(project: Project) -> list[str]:
    """What the program is to be given."""
    data, network = project.data, project.network
    lines = [
        f"# x: {count(data.rows, 'row')} of {count(network.inputs, 'number')}",
        f"# y: {count(data.rows, 'row')} of {count(network.outputs, 'number')}",
    ]
    if data.tests:
        lines.append(f"# x_test, y_test: {count(data.tests, 'row')} more")
    if data.scaling is not None:
        lines.append("# all scaled: (raw - mean) / spread")
    if project.silent or project.cut:
        lines += ["# What is silent or cut here", "# is trained by these lines."]
    return lines


def batch_of(project: Project) -> int:
    """Rows for each update."""
    return min(project.options.batch_size or project.data.rows, project.data.rows)


def is_whole(project: Project) -> bool:
    """Whether every update uses all rows."""
    return batch_of(project) >= project.data.rows


def indented(lines: list[str], depth: int = 1) -> list[str]:
    """The lines, so many levels deeper."""
    return [INDENT * depth + line if line else line for line in lines]


def call(name: str, arguments: list[str], before: str = "") -> list[str]:
    """A call on one line if that is short or has nothing to break, else with a line for every argument."""
    line = f"{before}{name}({', '.join(arguments)})"
    if len(line) <= WIDE or not arguments:
        return [line]
    return [f"{before}{name}(", *indented([f"{argument}," for argument in arguments]), ")"]
