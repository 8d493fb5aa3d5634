"""Whether a network fits into memory: asked before it is made, so that a typed shape cannot stall the machine.

Sizes are in bytes.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import NamedTuple

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network

NUMBER = 8  # bytes
COPIES = 7  # of each parameter: shown, at the start, trained, its slope, two moments, and one to look at meanwhile
PASSES = 3  # numbers for each neuron in each row: its sum, its activation, its slope
MEMINFO = Path("/proc/meminfo")
STATUS = struct.Struct("II7Q")  # Windows' MEMORYSTATUSEX; the fourth is what is free


class Memory(NamedTuple):
    """How much there may be for us, and how a sentence says so."""

    size: int
    words: str


def check_room(network: Network, rows: int = 0) -> None:
    """Raises `VisualNNError` if training the network on so many rows needs more memory than there is."""
    needed, memory = needed_memory(network, rows), known_memory()
    if memory is not None and needed > memory.size:
        words = memory.words.format(_in_words(memory.size))
        raise VisualNNError(f"This network would need about {_in_words(needed)} of memory; {words}.")


def needed_memory(network: Network, rows: int) -> int:
    """What training takes at most, roughly."""
    data = rows * (network.inputs + network.outputs)
    return NUMBER * (COPIES * network.parameter_count + PASSES * rows * sum(network.sizes) + data)


def known_memory() -> Memory | None:
    """What is free, else all that the machine has, else None."""
    for measure, words in ((_free, "{} are free"), (_total, "this computer has {}")):
        try:
            size = measure()
        except (OSError, ValueError, AttributeError):  # not on this system
            continue
        if size > 0:
            return Memory(size, words)
    return None


def _free() -> int:
    """Free memory, with what the system would give up. Raises what Python raises where it cannot be asked."""
    if sys.platform == "win32":
        return _free_on_windows()
    if MEMINFO.exists():
        line = next(line for line in MEMINFO.read_text("ascii").splitlines() if line.startswith("MemAvailable:"))
        return int(line.split()[1]) * 1024
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _free_on_windows() -> int:
    import ctypes

    status = bytearray(STATUS.pack(STATUS.size, *[0] * 8))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # not there elsewhere
    if not kernel.GlobalMemoryStatusEx((ctypes.c_char * STATUS.size).from_buffer(status)):
        return 0
    return int(STATUS.unpack(status)[3])


def _total() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _in_words(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e8 else f"{size / 1e6:,.0f} MB"
