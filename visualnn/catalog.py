"""What VisualNN brings along, by name: known before anything that it takes to open it is imported.

Imports nothing but the standard library.
"""

from typing import NamedTuple

SUFFIX = ".vnn"  # of our own files


class Example(NamedTuple):
    """A built-in network: its id on the command line, what a card calls it and says about it."""

    id: str
    title: str
    subtitle: str


EXAMPLES = (
    Example("adder", "Add two numbers", "Thirteen numbers that learned to add"),
    Example("xor", "XOR", "A straight line cannot do it"),
    Example("circles", "Circles", "Bend the boundary"),
    Example("spirals", "Two spirals", "Width, depth and patience"),
    Example("digits", "Handwritten digits", "Sixty-four pixels in, ten guesses out"),
    Example("backprop", "Backprop by hand", "Friendly numbers to work through on paper"),
    Example("million", "A million weights", "The same sums, with every number still random"),
    Example("deep", "A hundred layers", "Shortcuts carry the slopes all the way back"),
)
IDS = tuple(example.id for example in EXAMPLES)
