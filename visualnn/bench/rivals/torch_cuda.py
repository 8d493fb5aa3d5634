"""PyTorch on a GPU: as its tutorials write it, and in a CUDA graph, which costs no Python and hardly a launch.

A graph holds one update, as PyTorch's documentation shows it, or several with a batch each. The rows are on the GPU
before. The optimizer is the fused one; products are those of float32, or of TF32 where the case wants it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn

from visualnn.bench.gpu.cases import Case
from visualnn.bench.gpu.turns import Watch
from visualnn.bench.job import Run, UnavailableError
from visualnn.bench.rivals.torch_eager import model_of

MANY = 16  # updates in the larger graph
WARM = 11  # updates before a graph is captured
VARIANTS = ("eager", "graph", f"graph of {MANY}")

Step = Callable[[Any, Any], None]
_watches: dict[str, Watch] = {}


def begin(threads: int) -> str:
    """Its version."""
    return f"{torch.__version__}, CUDA {torch.version.cuda}"


def prepare(case: dict[str, Any], device: str) -> dict[str, Any]:
    """Makes everything ready for the turns of every variant, and warms up."""
    _watches.clear()
    _check(device)
    wanted, longer = Case.of(case), 4 if device == "cuda" else 2
    _set_tf32(wanted.tf32)
    for variant in VARIANTS:
        _watches[variant] = Watch(_run(wanted, variant, device), longer=longer)
    return {variant: {"first_s": watch.first_s} for variant, watch in _watches.items()}


def turn(variant: str, seconds: float) -> dict[str, Any]:
    """Of one variant."""
    return _watches[variant].turn(seconds)


def product(size: int, tf32: bool, device: str, repeats: int) -> dict[str, Any]:
    """One product of square matrices, by cuBLAS: microseconds."""
    _check(device)
    _set_tf32(tf32)
    a, b = (torch.randn(size, size, device=device) for _ in range(2))
    out = torch.empty(size, size, device=device)
    torch.matmul(a, b, out=out)
    _wait(device)
    begun = perf_counter()
    for _ in range(repeats):
        torch.matmul(a, b, out=out)
    _wait(device)
    return {"us": (perf_counter() - begun) / repeats * 1e6}


CALLS = {"prepare": prepare, "turn": turn, "product": product}


def _check(device: str) -> None:
    if device == "cuda" and not torch.cuda.is_available():
        raise UnavailableError("this PyTorch has no CUDA, or finds no GPU.")


def _set_tf32(tf32: bool) -> None:
    torch.set_float32_matmul_precision("high" if tf32 else "highest")


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def _run(case: Case, variant: str, device: str) -> Run:
    step, batches = _step(case, device)
    if variant == "eager":
        return _eager(step, batches, device)
    count = 1 if variant == "graph" else MANY
    chosen = list(itertools.islice(itertools.cycle(batches), count))
    replay = _captured(step, chosen) if device == "cuda" else _repeated(step, chosen)

    def run(updates: int) -> int:
        calls = max(1, round(updates / count))
        for _ in range(calls):
            replay()
        _wait(device)
        return calls * count

    return run


def _eager(step: Step, batches: list[tuple[Any, Any]], device: str) -> Run:
    stream = itertools.cycle(batches)

    def run(updates: int) -> int:
        for x, y in itertools.islice(stream, updates):
            step(x, y)
        _wait(device)
        return updates

    return run


def _step(case: Case, device: str) -> tuple[Step, list[tuple[Any, Any]]]:
    """What does an update of a network of its own, and the batches."""
    workload = case.workload
    inputs, targets, layers = workload.problem()
    model = model_of(workload, layers).to(device)
    extras = {"capturable": True} if device == "cuda" else {}
    rule = torch.optim.Adam(model.parameters(), lr=workload.rate, fused=True, **extras)
    loss = nn.CrossEntropyLoss() if workload.output == "softmax" else nn.MSELoss()
    answers = targets.argmax(axis=1) if workload.output == "softmax" else targets.astype(np.float32)
    x, y = torch.tensor(inputs, dtype=torch.float32, device=device), torch.tensor(answers, device=device)
    batches = list(zip(x.split(workload.batch), y.split(workload.batch), strict=True))[: workload.batches]

    def step(x: Any, y: Any) -> None:
        rule.zero_grad(set_to_none=True)
        loss(model(x), y).backward()
        rule.step()

    return step, batches


def _captured(step: Step, batches: list[tuple[Any, Any]]) -> Callable[[], None]:
    """A graph of an update with each of these batches; what replays it."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for x, y in itertools.islice(itertools.cycle(batches), WARM):
            step(x, y)
    torch.cuda.current_stream().wait_stream(side)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for x, y in batches:
            step(x, y)
    replay: Callable[[], None] = graph.replay
    return replay


def _repeated(step: Step, batches: list[tuple[Any, Any]]) -> Callable[[], None]:
    """The same without a graph, where the command itself is tried without a GPU."""

    def replay() -> None:
        for x, y in batches:
            step(x, y)

    return replay
