"""Runs the kernels that the fake driver launches, on its memory: in the tests' simulator, or hastily.

A process of its own, as Numba has either kernels of a GPU or its simulator:  executor.py SOCKET simulate|hasty
It makes a child for each process that connects. See `launches.c` for what that says, `fake.py` for names of kernels.
"""

from __future__ import annotations

import inspect
import json
import mmap
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ["NUMBA_ENABLE_CUDASIM"] = "1"

import numpy as np

from tests.driver import hasty
from tests.nn.gpu.simulator import installed
from visualnn.nn.kernels.gpu import judgement, moves, steps, tiles, whole
from visualnn.nn.kernels.gpu.products import Tile

ARENA, ARENA_SIZE = 0x7E0000000000, 8 << 30  # as in driver.h
NORESERVE = 0x4000
FAILED = 719  # CUDA_ERROR_LAUNCH_FAILED
HEAD = struct.Struct("<9Q")  # handle, grid and block (3 each), bytes of shared memory, bytes of the arguments
BEFORE = 5  # words in front of an array's shape: two of Python's, its size, that of an item, its address
MAKERS = {
    (module.__name__, name): getattr(module, name)
    for module in (tiles, judgement, moves, whole)
    for name in dir(module)
    if name.endswith("_kernel")
}


class Kernel:
    """A kernel of the simulator, and how its arguments lie in the memory that a launch hands on."""

    def __init__(self, module: str, name: str, choices: dict[str, str], arguments: Sequence[tuple[str, int]]) -> None:
        self.name, self._arguments = name, arguments
        maker, _, is_made = name.partition(".<locals>.")
        self.kernel = _made(MAKERS[module, maker], choices) if is_made else getattr(import_module(module), name)

    def unpacked(self, packed: bytes, memory: mmap.mmap) -> list[Any]:
        """The arguments: arrays are views into the memory of the GPU."""
        at, found = 0, []
        for name, dimensions in self._arguments:
            kind = np.dtype(name)
            size = kind.itemsize if dimensions is None else 8
            at = -(-at // size) * size
            if dimensions is None:
                found.append(np.frombuffer(packed, kind, 1, at)[0])
            else:
                words = struct.unpack_from(f"<{BEFORE + 2 * dimensions}q", packed, at)
                shape, strides = words[BEFORE : BEFORE + dimensions], words[BEFORE + dimensions :]
                found.append(np.ndarray(shape, kind, memory, words[BEFORE - 1] - ARENA, strides))
                size *= len(words)
            at += size
        return found


def _made(maker: Any, choices: dict[str, str]) -> Any:
    """What a kernel does not remember of its maker's choices is that of the machine that all have."""
    names, usual = inspect.signature(maker).parameters, steps.MACHINE._asdict()
    return maker(*(eval(choices[name], {"Tile": Tile}) if name in choices else usual[name] for name in names))


class Client:
    """A process that uses the fake driver."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._kernels = connection, dict[int, Kernel]()
        process, file = struct.unpack("<2Q", self._read(16))
        self._names = Path(f"{os.environ['FAKE_CUDA_NAMES']}.{process}")
        arena = os.open(f"/proc/{process}/fd/{file}", os.O_RDWR)
        self._memory = mmap.mmap(arena, ARENA_SIZE, flags=mmap.MAP_SHARED | NORESERVE)

    def serve(self, is_hasty: bool) -> None:
        """Runs kernels until the process ends."""
        with installed() as launches, np.errstate(all="ignore"):
            while True:
                handle, *shape, shared, size = HEAD.unpack(self._read(HEAD.size))
                grid, block = tuple(shape[:3]), tuple(shape[3:])
                packed = self._read(size)
                code = 0
                try:
                    kernel = self._kernel(handle)
                    arguments = kernel.unpacked(packed, self._memory)
                    if is_hasty:
                        hasty.run(kernel.name, arguments)
                    else:
                        launches.run(kernel.kernel, (grid, block, 0, shared), arguments)
                except Exception:  # noqa: BLE001  whatever it was, the launch has failed
                    traceback.print_exc()
                    code = FAILED
                self._connection.sendall(struct.pack("<Q", code))

    def _kernel(self, handle: int) -> Kernel:
        if handle not in self._kernels:
            told = {number: rest for number, *rest in map(json.loads, self._names.read_text().splitlines())}
            self._kernels[handle] = Kernel(*told[handle])
        return self._kernels[handle]

    def _read(self, size: int) -> bytes:
        found = self._connection.recv(size, socket.MSG_WAITALL) if size else b""
        if len(found) < size:
            os._exit(0)  # the process has ended
        return found


def main(path: str, mode: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        print("ready", flush=True)
        while True:
            connection, _ = door.accept()
            if not os.fork():
                door.close()
                Client(connection).serve(mode == "hasty")
            connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
