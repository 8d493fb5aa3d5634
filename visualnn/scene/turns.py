"""In which order slopes and parameters have their turns, so that nothing is shown before its own."""

from __future__ import annotations

from typing import NamedTuple

from visualnn.scene.timeline import Step

BACKWARD = {"slope_output": 0, "slope_neuron": 0, "slope_gate": 1, "slope_weight": 2, "slope_bias": 3}


class Turn(NamedTuple):
    """An operation of the backward pass or the update, by its kind and where it works."""

    kind: str
    layer: int
    neuron: int
    source: int | None = None


def has_come(turn: Turn, step: Step) -> bool:
    """Whether the pass, which is at `step`, has come to an operation of the same phase, be it done or still at work."""
    return _order(turn) <= _order(Turn(step.kind, step.layer, step.neuron, step.source))


def _order(turn: Turn) -> tuple[int, ...]:
    """What operations of a phase are sorted by: layers from the last to the first, but in the update from the first."""
    where = turn.neuron, turn.source or 0
    if turn.kind in BACKWARD:
        return -turn.layer, BACKWARD[turn.kind], *where
    return turn.layer, int(turn.kind == "update_bias"), *where
