"""What the figures depend on and the driver or the packages know: versions, libraries, clocks."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module, metadata
from typing import Any

import numpy as np

PACKAGES = (
    *("numba", "llvmlite", "numba-cuda", "cuda-core", "cuda-bindings", "cuda-pathfinder"),
    *("nvidia-nvvm", "nvidia-cuda-nvrtc", "nvidia-nvjitlink", "nvidia-cuda-runtime"),
)
LIBRARIES = ("nvvm", "nvrtc", "nvJitLink", "cudart")
ATTRIBUTES = {
    "name": "name",
    "capability": "compute_capability",
    "multiprocessors": "MULTIPROCESSOR_COUNT",
    "shared_bytes": "MAX_SHARED_MEMORY_PER_BLOCK_OPTIN",
    "clock_khz": "CLOCK_RATE",
    "memory_clock_khz": "MEMORY_CLOCK_RATE",
    "memory_bus_bits": "GLOBAL_MEMORY_BUS_WIDTH",
}
ASKED = (
    "name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,power.draw,power.limit,temperature.gpu,"
    "utilization.gpu,mig.mode.current"
)


def compiler(door: Any) -> str:
    """Which numba.cuda it is."""
    if door.SIMULATED:
        return "Numba's simulator: no figure counts"
    return f"numba-cuda {_version('numba-cuda')} ({door.cuda.implementation})"


def found() -> dict[str, Any]:
    """All there is to know."""
    door = import_module("visualnn.nn.kernels.gpu.door")
    return {
        "implementation": "simulator" if door.SIMULATED else str(door.cuda.implementation),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "packages": {name: _version(name) for name in PACKAGES},
        "libraries": dict(_libraries()),
        "device": {} if door.SIMULATED else _device(door.cuda),
        "driver_says": driver_says(),
    }


def driver_says() -> dict[str, str]:
    """What nvidia-smi tells of the first card; empty where there is none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return {}
    command = [program, f"--query-gpu={ASKED}", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        return {"error": str(error)}
    values = [value.strip() for value in answer.splitlines()[0].split(",")] if answer.strip() else []
    return dict(zip(ASKED.split(","), values, strict=False))


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _libraries() -> Iterator[tuple[str, str | None]]:
    """Where CUDA's libraries are loaded from."""
    for name in LIBRARIES:
        try:
            loaded = import_module("cuda.pathfinder").load_nvidia_dynamic_lib(name)
            yield name, f"{loaded.abs_path} ({loaded.found_via})"
        except Exception:  # noqa: BLE001  a package of its own, which has many ways to fail
            yield name, None


def _device(cuda: Any) -> dict[str, Any]:
    """What the package knows of the GPU; where it fails, the rest of what is found here says why."""
    try:
        device = cuda.get_current_device()
    except Exception as error:  # noqa: BLE001  a package of its own, as above
        return {"error": f"{type(error).__name__}: {error}".partition("\n")[0]}
    found = {label: getattr(device, name, None) for label, name in ATTRIBUTES.items()}
    return {label: _plain(value) for label, value in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    return list(value) if isinstance(value, tuple) else value
