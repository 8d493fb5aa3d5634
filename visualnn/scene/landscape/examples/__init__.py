"""What opens in one click in Landscape mode: each shows one thing, and what becomes of its runners is known.

| module | is |
|---|---|
| `example` | what an example is |
| `ends` | what becomes of a runner, so that it can be looked up |
| `rates`, `traps`, `steps`, `races`, `adder` | the examples, group by group |
"""

from __future__ import annotations

from visualnn.scene.landscape.examples import adder, races, rates, steps, traps
from visualnn.scene.landscape.examples.example import Example

__all__ = ["EXAMPLES", "FIRST", "GROUPS", "Example", "find", "of_group"]

EXAMPLES: tuple[Example, ...] = (
    *rates.EXAMPLES,
    *traps.EXAMPLES,
    *steps.EXAMPLES,
    *races.EXAMPLES,
    *adder.EXAMPLES,
)
FIRST = "race-twins"  # of the models of two weights
GROUPS = tuple(dict.fromkeys(example.group for example in EXAMPLES))


def of_group(group: str) -> tuple[Example, ...]:
    """The examples of a group, in the order of a menu."""
    return tuple(example for example in EXAMPLES if example.group == group)


def find(name: str) -> Example:
    """The example of this id; there must be one."""
    return next(example for example in EXAMPLES if example.id == name)
