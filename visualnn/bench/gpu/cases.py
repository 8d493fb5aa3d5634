"""The networks of the comparison. PyTorch's process reads this, so that it imports nothing but `workload`, `goals`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from visualnn.bench.gpu.goals import Goal
from visualnn.bench.workload import Workload

SWEEP = 132  # networks side by side: one for each multiprocessor of an H200
LARGE = 1e8  # floating-point operations of an update from which they are worth counting


@dataclass(frozen=True, slots=True)
class Case:
    """Updates of one network on the GPU, or of many of the same shape at once."""

    workload: Workload
    goals: tuple[Goal, ...] = ()
    networks: int = 1
    tf32: bool = False  # products of matrices on tensor cores, for everybody
    floor_us: float | None = None  # what an H200 cannot do an update in less than

    @property
    def name(self) -> str:
        """The workload's."""
        return self.workload.name

    @property
    def large(self) -> bool:
        """Whether operations per second are of interest."""
        return self.workload.flops >= LARGE

    def describe(self) -> str:
        """Such as “132 × 2-8-8-1 tanh → linear, batch 32, Adam”."""
        crowd = f"{self.networks} × " if self.networks > 1 else ""
        return f"{crowd}{self.workload.describe()}, {'TF32' if self.tf32 else 'float32'}"

    def values(self) -> dict[str, Any]:
        """As JSON knows it; without the goals, which are no business of who trains."""
        return {"workload": self.workload.values(), "networks": self.networks, "tf32": self.tf32}

    @classmethod
    def of(cls, values: dict[str, Any]) -> Case:
        """What `values` made of it."""
        return cls(Workload.of(values["workload"]), networks=values["networks"], tf32=values["tf32"])

    def tiny(self) -> Case:
        """The same for Numba's simulator, in which an update takes a second, and nothing is judged."""
        sizes = tuple(min(size, 3) for size in self.workload.sizes)
        return replace(
            self,
            workload=replace(self.workload, sizes=sizes, batch=4, rows=16),
            goals=(),
            networks=min(2, self.networks),
        )


def _workload(name: str, *sizes: int, batch: int, **more: Any) -> Workload:
    rest: dict[str, Any] = {"rate": 1e-3, "rows": 1024, "output": "softmax", **more}
    return Workload(name, sizes, batch, "adam", **rest)


TINY = _workload("tiny", 2, 8, 8, 1, batch=32, hidden="tanh", output="linear")
WIDE = _workload("wide", 1000, 1000, 1000, batch=512, rate=1e-4, rows=4096)

CASES: tuple[Case, ...] = (
    Case(
        TINY,
        (Goal("us", 2.0, 1.0, at_most=True), Goal("eager", 100, 200), Goal("graph", 15, 30)),
        floor_us=0.45,
    ),
    Case(
        _workload("small", 2, 64, 64, 2, batch=64),
        (Goal("us", 15.0, 8.0, at_most=True), Goal("eager", 12), Goal("graph", 3)),
        floor_us=3.3,
    ),
    Case(
        replace(TINY, name="sweep"),
        (Goal("alone", 0.9), Goal("updates_per_s", 60e6, 120e6)),
        networks=SWEEP,
    ),
    Case(
        _workload("mnist", 784, 128, 64, 10, batch=64, rate=1e-4, rows=4096),
        (Goal("eager", 6), Goal("graph", 1.5, 2.5)),
    ),
    Case(WIDE, (Goal("eager", 1.2), Goal("graph", 0.8, 1.1)), floor_us=76.0),
    Case(replace(WIDE, name="wide-tf32"), (Goal("graph", 0.7, 1.0), Goal("float32", 2)), tf32=True, floor_us=15.0),
)
