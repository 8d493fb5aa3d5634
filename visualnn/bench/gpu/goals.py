"""What is wanted of each case, and whether it was reached; pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MEANINGS = {  # of a quantity, after its bound
    "us": "µs for an update",
    "eager": "× as fast as PyTorch",
    "graph": "× as fast as PyTorch in a CUDA graph",
    "alone": "of as many times what one network alone reaches",
    "updates_per_s": "updates of a network per second",
    "float32": "× as fast as our float32",
    "cublas": "of the speed of cuBLAS",
    "launch_us": "µs of the host for an update in a CUDA graph",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound for one number, and a better one that would be fine."""

    quantity: str
    bound: float
    stretch: float | None = None
    at_most: bool = False

    def describe(self) -> str:
        """Such as “at least 12 × as fast as PyTorch”."""
        bound = f"{self.bound:,.0f}" if self.bound >= 1000 else f"{self.bound:g}"
        return f"at {'most' if self.at_most else 'least'} {bound} {MEANINGS[self.quantity]}"

    def is_met(self, value: float | None, bound: float | None) -> bool | None:
        """Whether a number is on the good side; None where one of them is not known."""
        if value is None or bound is None:
            return None
        return value <= bound if self.at_most else value >= bound

    def verdict(self, measured: Mapping[str, float]) -> dict[str, Any]:
        """For JSON; “met” is None where the number is not known."""
        value = measured.get(self.quantity)
        return {
            "quantity": self.quantity,
            "goal": self.describe(),
            "bound": self.bound,
            "stretch": self.stretch,
            "value": value,
            "met": self.is_met(value, self.bound),
            "stretch_met": self.is_met(value, self.stretch),
        }


def verdicts(goals: Sequence[Goal], measured: Mapping[str, float]) -> list[dict[str, Any]]:
    """Of all goals of a case."""
    return [goal.verdict(measured) for goal in goals]
