"""The kernels of an update of a wide network, one after the other, and how their work is cut into blocks.

Launched one by one they would wait for Python; where the GPU's packages can, some updates are recorded as a graph once
and launched as a whole from then on. All that changes from update to update stands in the GPU's memory.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.gpu import judgement, moves, tiles, whole
from visualnn.nn.kernels.gpu.door import SIMULATED
from visualnn.nn.kernels.gpu.places import BLOCKS_OF_SQUARES, GRADIENT, IS_NORM_CLIPPED, Ground, padded
from visualnn.nn.kernels.gpu.products import Tile

log = logging.getLogger(__name__)

RECORDED = (8, 1)  # updates of a graph


class Machine(NamedTuple):
    """How kernels divide their work: tiles of products with their share of a processor's speed, and other blocks."""

    tiles: tuple[Tile, ...]
    speeds: tuple[float, ...]
    side: int = 32  # of the squares in which matrices are turned over
    threads: int = 256
    teams: int = 8
    lanes: int = 32
    most_blocks: int = 1024

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of tiles."""
        return tuple(tile.rows for tile in self.tiles)


MACHINE = Machine(
    (Tile(32, 32, 32, 4, 4, 4), Tile(64, 64, 16, 8, 8, 4), Tile(128, 128, 8, 8, 8, 1)), speeds=(0.5, 0.75, 0.8)
)


TENSOR_MACHINE = Machine(  # with tensor cores, where the matrices are read rather than multiplied most of the time
    (Tile(32, 32, 32, 16, 32, 4, 1), Tile(64, 64, 16, 32, 32, 2, 1), Tile(128, 128, 8, 64, 32, 1, 1)),
    speeds=(0.3, 0.6, 1.0),
)


class Kernels(NamedTuple):
    """All that a machine has but for products."""

    gather: Any
    judge: Any
    decide: Any
    weigh: Any
    measure: Any
    apply: Any
    clear: Any
    spread: Any
    collect: Any


def kernels_of(machine: Machine) -> Kernels:
    """The kernels of a machine, the same for other tiles; compiled when they are launched for the first time."""
    return _kernels(machine.side, machine.threads, machine.teams, machine.lanes)


@cache
def _kernels(side: int, threads: int, teams: int, lanes: int) -> Kernels:
    return Kernels(
        judgement.gather_kernel(side, threads),
        judgement.judge_kernel(teams, lanes),
        judgement.decide_kernel(threads),
        whole.weigh_kernel(threads),
        whole.measure_kernel(),
        whole.apply_kernel(side, threads),
        moves.clear_kernel(threads),
        moves.spread_kernel(threads),
        moves.collect_kernel(threads),
    )


@cache
def product_of(kind: str, tile: Tile) -> Any:
    """One of the kernels of `tiles`."""
    makers = {
        "forward": tiles.forward_kernel,
        "backward": tiles.backward_kernel,
        "gradient": tiles.gradient_kernel,
    }
    return makers[kind](tile)


class Step(NamedTuple):
    """A launch of a kernel for a column."""

    kernel: Any
    blocks: tuple[int, int]
    threads: int
    column: int


class Cut(NamedTuple):
    """What is known when work is cut into blocks."""

    machine: Machine
    ground: Ground
    sizes: tuple[int, ...]
    batch: int
    processors: int


def gathering(cut: Cut) -> Step:
    """Collects the rows of an update; those of a full batch need not be collected again."""
    side = cut.machine.side
    blocks = (_parts(cut.sizes[0], side), _parts(cut.batch, side))
    return Step(kernels_of(cut.machine).gather, blocks, cut.machine.threads, 0)


def steps_of(task: Task, cut: Cut) -> list[Step]:
    """An update, without `gathering`."""
    machine, kernels, last = cut.machine, kernels_of(cut.machine), len(cut.sizes) - 1
    steps = [_product(cut, "forward", column) for column in range(1, last + 1)]
    judges = (_parts(cut.batch, machine.teams), 1)
    steps.append(Step(kernels.judge, judges, machine.teams * machine.lanes, last))
    steps.append(Step(kernels.decide, (1, 1), machine.threads, last))
    for column in range(last, 0, -1):
        if column > 1:
            steps.append(_product(cut, "backward", column - 1))
        steps.append(_product(cut, "gradient", column))
    return steps if not cut.ground.head(GRADIENT) else [*steps, *_with_whole_gradient(cut)]


def _with_whole_gradient(cut: Cut) -> Iterator[Step]:
    machine, kernels = cut.machine, kernels_of(cut.machine)
    yield Step(kernels.weigh, (BLOCKS_OF_SQUARES, 1), machine.threads, 0)
    if cut.ground.head(IS_NORM_CLIPPED):
        yield Step(kernels.measure, (1, 1), 1, 0)
    for column in range(1, len(cut.sizes)):
        blocks = (_parts(cut.sizes[column], machine.side), _parts(cut.sizes[column - 1] + 1, machine.side))
        yield Step(kernels.apply, blocks, machine.threads, column)


def _product(cut: Cut, kind: str, column: int) -> Step:
    """A product with the tile that is fastest for it."""
    rows, extra = (cut.sizes[column - 1], 1) if kind == "gradient" else (cut.batch, 0)
    tile = tile_for(cut.machine, rows, cut.sizes[column], cut.processors)
    blocks = (_parts(cut.sizes[column], tile.columns), _parts(rows, tile.rows) + extra)
    return Step(product_of(kind, tile), blocks, tile.threads, column)


def tile_for(machine: Machine, rows: int, columns: int, processors: int) -> Tile:
    """The tile of which the GPU's processors, one tile each at a time, are done with a product first."""

    def cost(at: int) -> float:
        tile = machine.tiles[at]
        rounds = _parts(_parts(rows, tile.rows) * _parts(columns, tile.columns), processors)
        return rounds * tile.rows * tile.columns / machine.speeds[at]

    def fits(at: int) -> bool:
        return all(padded(count, machine.sizes) % machine.tiles[at].rows == 0 for count in (rows, columns))

    return machine.tiles[min(filter(fits, range(len(machine.tiles))), key=cost)]


def _parts(count: int, size: int) -> int:
    return -(-count // size)


class Procession:
    """Launches updates: as graphs, or kernel by kernel."""

    def __init__(self, steps: Sequence[Step], arguments: Sequence[Any], stream: Any) -> None:
        self._steps, self._arguments, self._stream = steps, arguments, stream
        self._graphs: dict[int, Any] = {}
        self._is_recordable, self._has_run = not SIMULATED and len(steps) > 1, False

    def launch(self, updates: int) -> None:
        """Launches so many updates."""
        if self._is_recordable and self._has_run and not self._graphs:
            self._record()
        for count, graph in self._graphs.items():
            for _ in range(updates // count):
                graph.launch(self._graph_stream)
            updates %= count
        for _ in range(updates):
            self._one(self._stream)
            self._has_run = True  # only what has been loaded can be recorded

    def _one(self, stream: Any) -> None:
        for step in self._steps:
            step.kernel[step.blocks, step.threads, stream](np.uint32(step.column), *self._arguments)

    def _record(self) -> None:
        """Records graphs, or says once that this cannot be."""
        self._is_recordable = False
        try:
            core = import_module("cuda.core")
            device = core.Device()
            device.set_current()
            self._graph_stream = core.Stream.from_handle(int(self._stream.handle))
            graphs = {}
            for count in RECORDED:
                builder = device.create_graph_builder().begin_building()
                try:
                    for _ in range(count):
                        self._one(builder)
                finally:
                    builder.end_building()
                graphs[count] = builder.complete()
            self._graphs = graphs
        except Exception:  # of several packages, none of which says what it raises
            log.info("Updates on the GPU are launched kernel by kernel, for they cannot be recorded", exc_info=True)
