"""What the numbers that our loops choose by themselves are worth: threads of a block, tiles of a product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

from visualnn.bench.gpu.turns import Watch
from visualnn.nn.device import Device
from visualnn.nn.kernels.arguments import Loop
from visualnn.nn.training import Training

GPU = "visualnn.nn.kernels.gpu"
THREADS = (32, 64, 128, 256, 512)  # of a block
WORTH = 3e8  # floating-point operations of an update from which on a single block is no choice

Make = Callable[[], Loop]
Advance = Callable[[Loop, Training, int], int]
Fresh = Callable[[], Training]


def tuned(fresh: Fresh, advance: Advance, *, tf32: bool, flops: int, seconds: float) -> dict[str, Any]:
    """Microseconds for an update by each choice, the one that is made by default first; or why not."""
    found: dict[str, Any] = {}
    for label, make in _choices(fresh().task, tf32=tf32, flops=flops):
        training = fresh()
        try:
            loop = make()
            watch = Watch(partial(advance, loop, training))
            found[label] = watch.turn(seconds)["us"] if seconds else watch.us
        except Exception as error:  # noqa: BLE001  this choice does not work, another may
            found[label] = f"{type(error).__name__}: {error}"
    return found


def _choices(task: Any, *, tf32: bool, flops: int) -> Iterator[tuple[str, Make]]:
    device = Device("cuda", tf32=tf32)
    yield "by default", lambda: import_module(f"{GPU}.loops").loop_for(task, device)
    if flops < WORTH and not tf32:
        for threads in THREADS:
            yield f"{threads} threads", partial(_block, task, threads)
    steps = import_module(f"{GPU}.steps")
    machine = steps.TENSOR_MACHINE if tf32 else steps.MACHINE
    for tile in machine.tiles:
        only = machine._replace(tiles=(tile,), speeds=(1.0,))
        yield f"tiles of {tile.rows}×{tile.columns}", partial(_grid, task, device, only)


def _block(task: Any, threads: int) -> Loop:
    loop: Loop = import_module(f"{GPU}.fleet").BlockLoop(task, threads)
    return loop


def _grid(task: Any, device: Device, machine: Any) -> Loop:
    loop: Loop = import_module(f"{GPU}.grid").GridLoop(task, device, machine)
    return loop
