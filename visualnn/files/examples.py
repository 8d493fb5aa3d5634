"""The built-in networks, in the order they are shown. `resources/examples/make.py` makes their files."""

from __future__ import annotations

from typing import NamedTuple

from visualnn import assets
from visualnn.files.errors import FileError
from visualnn.files.native import SUFFIX, read
from visualnn.nn.errors import VisualNNError
from visualnn.project import Project


class Example(NamedTuple):
    """A built-in network: its id on the command line, what a card calls it and says about it."""

    id: str
    title: str
    subtitle: str


EXAMPLES = (
    Example("adder", "Add two numbers", "Thirteen numbers that learned to add"),
    Example("xor", "XOR", "A straight line cannot do it"),
    Example("circles", "Circles", "Bend the boundary"),
    Example("backprop", "Backprop by hand", "Friendly numbers to work through on paper"),
)
IDS = tuple(example.id for example in EXAMPLES)


def load(name: str) -> Project:
    """The project of an example. Raises `VisualNNError` naming all examples if there is none of that id."""
    if name not in IDS:
        raise VisualNNError(f"There is no example “{name}”. Known: {', '.join(IDS)}.")
    try:
        path = assets.path("examples", name + SUFFIX)
    except assets.AssetError as error:
        raise FileError(str(error)) from error
    return read(path)
