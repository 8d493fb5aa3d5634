"""Compiles all kernels for one kind of GPU, and says what has become of them; a process of its own, without a GPU.

``python -m tests.nn.gpu.ptx 9.0 MODULE…`` prints JSON: what is in `Facts`, by kernel.  Each kind needs a process: a
device function is compiled once in a process, for the first kind that asks.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@dataclass(frozen=True)
class Facts:
    """What the compiler and the assembler made of a kernel."""

    doubles: list[str]  # instructions in 64 bits
    barriers: int
    warp_barriers: int
    wide_loads: int  # four numbers of shared memory at once
    tensor_products: int
    copies: int  # asynchronous
    threads: int  # a block has, at most
    registers: int
    stack_bytes: int
    spill_bytes: int
    shared_bytes: int  # static
    seconds: float


def assembler() -> str | None:
    """NVIDIA's, from its package or of the system."""
    package = find_spec("nvidia")
    folders = [Path(place) / "cu13" / "bin" for place in package.submodule_search_locations or ()] if package else []
    return next(filter(None, (shutil.which("ptxas", path=str(folder)) for folder in folders)), shutil.which("ptxas"))


class _Device:
    """All that device functions ask of a GPU while they are compiled."""

    compute_capability: tuple[int, int]


def _facts(dispatcher: Any, signature: str, capability: tuple[int, int]) -> Facts:
    from numba import cuda
    from numba.core.sigutils import normalize_signature

    begun = time.perf_counter()
    bounds = dispatcher.targetoptions.get("launch_bounds")
    arguments, _ = normalize_signature(signature)
    code, _ = cuda.compile(
        dispatcher.py_func, arguments, device=False, abi="numba", cc=capability, launch_bounds=bounds
    )
    ptx = code if isinstance(code, str) else code.decode()
    return Facts(
        doubles=[line.strip() for line in ptx.splitlines() if ".f64" in line and ".reg" not in line],
        barriers=len(re.findall(r"\bbar(?:rier)?\.sync", ptx)),
        warp_barriers=len(re.findall(r"\bbar\.warp\.sync", ptx)),
        wide_loads=len(re.findall(r"\bld\.shared\.v4", ptx)),
        tensor_products=len(re.findall(r"\bmma\.sync", ptx)),
        copies=len(re.findall(r"\bcp\.async\.c[ag]\.", ptx)),
        threads=bounds[0] if isinstance(bounds, tuple) else bounds or 1024,
        seconds=round(time.perf_counter() - begun, 2),
        **_assembled(ptx),
    )


def _assembled(ptx: str) -> dict[str, int]:
    target = re.search(r"^\.target (\w+)", ptx, re.MULTILINE)[1]
    with TemporaryDirectory() as folder:
        source = Path(folder, "kernel.ptx")
        source.write_text(ptx, encoding="utf-8")
        command = [assembler(), "-v", f"-arch={target}", str(source), "-o", str(source.with_suffix(".cubin"))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)

    def largest(pattern: str) -> int:
        return max(map(int, re.findall(pattern, done.stderr)), default=0)

    return {
        "registers": largest(r"Used (\d+) registers"),
        "stack_bytes": largest(r"(\d+) bytes stack frame"),
        "spill_bytes": largest(r"(\d+) bytes spill"),
        "shared_bytes": largest(r"(\d+) bytes smem"),
    }


def main(capability: str, modules: list[str]) -> None:
    """Prints the facts."""
    from numba.cuda import dispatcher

    _Device.compute_capability = tuple(map(int, capability.split(".")))
    dispatcher.get_current_device = lambda: _Device
    found = {}
    for module in modules:
        for name, (kernel, signature) in import_module(module).KERNELS.items():
            found[f"{module.rpartition('.')[2]} {name}"] = asdict(_facts(kernel, signature, _Device.compute_capability))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
