"""Compiles all kernels for some kinds of GPU, and says what has become of them; a process of its own, without a GPU.

``python -m tests.nn.gpu.ptx MODULE 8.0 9.0`` prints JSON: `Facts` by kind and name, of the ``kernels()`` of a module;
``python -m tests.nn.gpu.ptx MODULE 9.0 train draw`` the code of some of them by name.
What Numba makes of them takes longest, and is the same for kinds that all copy later, or none of them (`intrinsics`):
those may share a process.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np


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
    blocks: int  # are to share a processor, at least
    registers: int
    stack_bytes: int
    spill_bytes: int
    shared_bytes: int  # static


def assembler() -> str | None:
    """NVIDIA's, from its package or of the system."""
    package = find_spec("nvidia")
    folders = [Path(place) / "cu13" / "bin" for place in package.submodule_search_locations or ()] if package else []
    return next(filter(None, (shutil.which("ptxas", path=str(folder)) for folder in folders)), shutil.which("ptxas"))


class _Device:
    """All that device functions ask of a GPU while they are compiled."""

    compute_capability: tuple[int, int]


def _facts(dispatcher: Any, signature: str, capabilities: list[tuple[int, int]]) -> list[Facts]:
    """One for each kind."""
    bounds = dispatcher.targetoptions["launch_bounds"]
    library = _library(dispatcher, signature, capabilities[0])
    return [_facts_of(library.get_asm_str(cc=capability), bounds) for capability in capabilities]


def _library(dispatcher: Any, signature: str, capability: tuple[int, int]) -> Any:
    from numba.core.sigutils import normalize_signature
    from numba.cuda.compiler import _compile_pyfunc_with_fixup

    arguments, _ = normalize_signature(signature)
    bounds = dispatcher.targetoptions["launch_bounds"]
    options = {"device": False, "abi": "numba", "cc": capability, "launch_bounds": bounds}
    return _compile_pyfunc_with_fixup(dispatcher.py_func, arguments, **options)[0]


def _facts_of(ptx: str, bounds: tuple[int, int]) -> Facts:
    def count(pattern: str) -> int:
        return len(re.findall(pattern, ptx))

    return Facts(
        doubles=[line.strip() for line in ptx.splitlines() if ".f64" in line and ".reg" not in line],
        barriers=count(r"\bbar(?:rier)?\.sync"),
        warp_barriers=count(r"\bbar\.warp\.sync"),
        wide_loads=count(r"\bld\.shared\.v4"),
        tensor_products=count(r"\bmma\.sync"),
        copies=count(r"\bcp\.async\.c[ag]\."),
        threads=bounds[0],
        blocks=bounds[1],
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


def main(module: str, arguments: list[str]) -> None:
    """Prints the facts of all kernels, or the code of those that are named."""
    kinds, names = ([each for each in arguments if each[0].isdigit() == is_kind] for is_kind in (True, False))
    vars(np).pop("row_stack", None)  # NumPy 2.5 has none; the door knows what to do
    kernels = import_module(module).kernels
    capabilities = [tuple(map(int, kind.split("."))) for kind in kinds]
    _Device.compute_capability = capabilities[0]
    import_module("numba.cuda.dispatcher").get_current_device = lambda: _Device
    if names:
        chosen = {
            name: _library(*compiled, capabilities[0]) for name, *compiled in kernels(capabilities[0]) if name in names
        }
        print(json.dumps({name: library.get_asm_str(cc=capabilities[0]) for name, library in chosen.items()}))
        return
    found: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    for name, kernel, signature in kernels(capabilities[0]):
        for kind, facts in zip(kinds, _facts(kernel, signature, capabilities), strict=True):
            found[kind][name] = asdict(facts)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
