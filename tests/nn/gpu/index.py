"""All kernels that the program launches, with the types of what it launches them with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from visualnn.gpu import TENSOR_CORES
from visualnn.nn.kernels.gpu import block, orders, steps

UPDATE = "void(uint32, uint32[::1], uint32[::1], float32[::1], float32[::1], int32[::1], float32[::1])"
MOVE = "void(uint32, uint32[::1], float32[::1], uint32, uint32, float32[::1])"
OTHERS = {"clear": "void(float32[::1], uint32)", "spread": MOVE, "collect": MOVE}
PRODUCTS = ("forward", "backward", "gradient")

Entry = tuple[str, Any, str]  # name, kernel, signature


def kernels(capability: tuple[int, int]) -> list[Entry]:
    """Those of one block, those for wide networks, and those of products in every size of their tiles."""
    of_blocks = [(name, *known) for module in (block, orders) for name, known in module.KERNELS.items()]
    of_grids = [
        (name, kernel, OTHERS.get(name, UPDATE)) for name, kernel in steps.kernels_of(steps.MACHINE)._asdict().items()
    ]
    return [*of_blocks, *of_grids, *_products(capability)]


def _products(capability: tuple[int, int]) -> Iterator[Entry]:
    for machine in (steps.MACHINE, steps.TENSOR_MACHINE) if capability >= TENSOR_CORES else (steps.MACHINE,):
        for tile in machine.tiles:
            suffix = " tf32" if tile.is_tensor else ""
            for kind in PRODUCTS:
                yield f"{kind} {tile.rows}{suffix}", steps.product_of(kind, tile), UPDATE
