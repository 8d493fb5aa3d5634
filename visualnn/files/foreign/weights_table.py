"""Every weight and bias of a network as CSV, a row each, with all their digits.

::

    layer,from,to,weight
    1,a,c,0.5
    1,b,c,-0.25
    1,bias,c,1.0

sum by sum as one writes them down. What is switched off counts as 0 and is written so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import LayerParameters
from visualnn.project import Project

HEADINGS = ("layer", "from", "to", "weight")
BIAS = "bias"
MAX_ROWS = 10_000_000


def content(project: Project) -> bytes:
    """The table. Raises `VisualNNError` where it would be longer than any program opens."""
    count = project.network.parameter_count
    if count > MAX_ROWS:
        raise VisualNNError(f"A table of {count:,} rows is too long to be opened; the limit is {MAX_ROWS:,}.")
    parameters = project.parameters if project.mask is None else project.mask.kept(project.parameters)
    lines = [",".join(HEADINGS)]
    for number, layer in enumerate(project.network.views(parameters), start=1):
        lines += _lines(number, layer, project.names[number - 1], project.names[number])
    return ("\n".join(lines) + "\n").encode()


def _lines(number: int, layer: LayerParameters, sources: Sequence[str], neurons: Sequence[str]) -> Iterator[str]:
    for neuron, weights, bias in zip(neurons, layer.w.T.tolist(), layer.b.tolist(), strict=True):
        for source, weight in zip(sources, weights, strict=True):
            yield f"{number},{source},{neuron},{weight!r}"
        yield f"{number},{BIAS},{neuron},{bias!r}"
