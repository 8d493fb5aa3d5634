"""All that is known about the program on this computer, as one value."""

from __future__ import annotations

import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from visualnn import __version__, assets
from visualnn.health import needs
from visualnn.health.cuda import Cuda, cuda
from visualnn.health.kernels import Kernel, ahead, all_kernels
from visualnn.health.libraries import Library, all_libraries
from visualnn.health.machine import Machine, machine
from visualnn.health.parts import Found, all_found
from visualnn.health.places import Place, all_places
from visualnn.health.screen import Screen, Toolkit, screen

RESOURCES = ("examples", "fonts", "icon", "icons", "themes")  # folders without which no window opens


@dataclass(frozen=True)
class Health:
    """What was found, all of it at one moment."""

    version: str
    origin: str  # "a checkout", "an installed package" or "a packaged app"
    python: str
    executable: str
    parts: tuple[Found, ...]
    libraries: tuple[Library, ...]
    unmet: tuple[str, ...]  # sentences on versions that do not suit
    toolkit: Toolkit
    screen: Screen
    resources: str  # where they are, "" if nowhere
    missing: tuple[str, ...]  # folders that are not in them
    fonts: tuple[str, ...]
    places: tuple[Place, ...]
    kernels: tuple[Kernel, ...]
    ahead: (
        str | None
    )  # for which level of processors they were compiled ahead, "": for none like this, None: they were not
    machine: Machine
    cuda: Cuda


def gather(toolkit: Toolkit) -> Health:
    """Look at everything, with what Qt says of itself. Takes 100 ms, or seconds where a screen does not answer."""
    root, missing = _resources()
    return Health(
        version=__version__,
        origin=_origin(),
        python=f"{platform.python_version()}, {platform.python_implementation()}",
        executable=sys.executable or "",
        parts=all_found(),
        libraries=all_libraries(),
        unmet=needs.unmet(),
        toolkit=toolkit,
        screen=screen(),
        resources=str(root or ""),
        missing=missing,
        fonts=tuple(sorted(file.stem for file in root.glob("fonts/*.ttf"))) if root else (),
        places=all_places(),
        kernels=all_kernels(),
        ahead=_ahead(),
        machine=machine(),
        cuda=cuda(),
    )


def plain(health: Health) -> dict[str, Any]:
    """The same for JSON."""
    told = asdict(health)
    told["parts"] = [
        {"name": part.name, "licence": part.licence, "here": here, "version": version}
        for part, here, version in health.parts
    ]
    told["places"] = [{"name": one.name, "path": one.path, "writable": one.writable} for one in health.places]
    told["libraries"] = dict(health.libraries)
    told["kernels"] = {kernel.name: kernel.compiled for kernel in health.kernels}
    told["cuda"] = health.cuda._asdict() | {
        "packages": dict(health.cuda.packages),
        "kernels": {kernel.name: kernel.compiled for kernel in health.cuda.kernels},
    }
    told["toolkit"], told["machine"] = health.toolkit._asdict(), health.machine._asdict()
    told["screen"] = health.screen._asdict() | {
        "missing": [library._asdict() for library in health.screen.missing],
        "variables": dict(health.screen.variables),
    }
    return told


def _ahead() -> str | None:
    try:
        return ahead()
    except ImportError:
        return None


def _origin() -> str:
    if getattr(sys, "frozen", False):
        return "a packaged app"
    beside = Path(assets.PACKAGE).parent / "pyproject.toml"
    return "a checkout" if beside.is_file() else "an installed package"


def _resources() -> tuple[Path | None, tuple[str, ...]]:
    try:
        root = assets.root()
    except assets.AssetError:
        return None, RESOURCES
    return root, tuple(name for name in RESOURCES if not (root / name).is_dir())
