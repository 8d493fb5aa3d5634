"""Who takes part: a process each, asked one question after the other, and started afresh after it has failed.

A kernel that reads where it must not costs its process the GPU, and no other one.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from visualnn.bench.competitor import MISLEADING, WORK, script_command
from visualnn.bench.gpu import simulation
from visualnn.bench.process import Worker, WorkerError

GPU, CPU, TORCH = "cuda", "cpu", "torch"
MODULES = {
    GPU: "visualnn.bench.gpu.ours",
    CPU: "visualnn.bench.gpu.processor",
    TORCH: "visualnn.bench.rivals.torch_cuda",
}
PATIENCE_S = 120.0  # the longest to wait for an answer


class Crew:
    """The processes; a context manager that leaves none behind."""

    def __init__(self, environment: Mapping[str, str], python: str, kernels: Path, *, simulated: bool = False) -> None:
        """`kernels` is the folder that those for the GPU are kept in; PyTorch is run by another `python`."""
        kept = {name: value for name, value in environment.items() if name not in MISLEADING}
        self.environment = simulation.environment(kept) if simulated else kept
        self.own = {"VISUALNN_CACHE_DIR": str(kernels), "CUDA_CACHE_PATH": str(kernels)}
        self.device = "cpu" if simulated else "cuda"  # for those who can do without a GPU
        self.versions: dict[str, str] = {}
        self.traces: list[dict[str, Any]] = []  # of what went wrong
        self._python = python
        self._missing: dict[str, WorkerError] = {}
        self._workers: dict[str, Worker] = {}

    def ask(self, name: str, call: str, *, patience_s: float = PATIENCE_S, **given: Any) -> dict[str, Any]:
        """What one of them answers. Raises `WorkerError`; who is not there at all is not started again."""
        if name in self._missing:
            raise self._missing[name]
        try:
            return self._worker(name).ask({"call": call, "with": given}, patience_s)
        except WorkerError as error:
            if error.for_good:
                self._missing[name] = error
            if error.trace:
                self.traces.append({"who": name, "call": call, "with": given, "trace": error.trace})
            self.end(name)
            raise

    def is_there(self, name: str) -> bool:
        """Whether one has not said that it cannot take part."""
        return name not in self._missing

    def end(self, name: str) -> None:
        """Ends the process of one, if it runs: what it has on the GPU is free again."""
        if name in self._workers:
            self._workers.pop(name).close()

    def close(self) -> None:
        """Ends all of them."""
        with ExitStack() as stack:
            for worker in self._workers.values():
                stack.callback(worker.close)
        self._workers.clear()

    def command(self, name: str) -> tuple[str, ...]:
        """What starts one."""
        python = self._python if name == TORCH else sys.executable
        return (*script_command(python, WORK), MODULES[name], "1")

    def environment_of(self, name: str) -> dict[str, str]:
        """The variables of one."""
        return {**self.environment, **self.own} if name == GPU else self.environment

    def _worker(self, name: str) -> Worker:
        if name not in self._workers:
            worker = Worker(self.command(name), self.environment_of(name))
            self._workers[name] = worker
            self.versions[name] = worker.version
        return self._workers[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
