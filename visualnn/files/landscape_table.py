"""A landscape as numbers: all heights with the paths over them, as NPZ or as CSV.

The NPZ holds ``x``, ``y``, ``loss`` (rows from below), ``axes`` and ``kind``; of a slice through a network ``origin``,
``u``, ``v``; and of each path the points, the true losses and the heights of the surface there, as ``path``,
``path_loss``, ``path_height``, ``path_update``. Of several paths the second has ``path_2``, ``path_2_loss`` …, and
``runners`` are their names.

The CSV has one line for each place. Of a race two columns more say whose path it is and after which update: empty for
the places of the grid, which come first.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.files.disk import replace_file
from visualnn.files.errors import FileError
from visualnn.files.native import reason
from visualnn.nn.landscape.grid import Grid
from visualnn.nn.landscape.path import Path
from visualnn.nn.landscape.plane import Plane


@dataclass(frozen=True, eq=False, slots=True)
class Way:
    """A path over it: whose it is, and after how many updates each of its points was reached."""

    name: str
    path: Path
    updates: NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class LandscapeTable:
    """What is written."""

    kind: str  # “formula”, or that of the plane
    names: tuple[str, str]  # of the axes
    grid: Grid
    plane: Plane | None = None
    ways: tuple[Way, ...] = ()


def write_landscape(path: FilePath, table: LandscapeTable) -> None:
    """All numbers with all their digits, as the file's name ends. Raises `FileError` if it cannot be written."""
    content = archive(table) if path.suffix.lower() == ".npz" else text(table).encode()
    try:
        replace_file(path, content)
    except (OSError, ValueError) as error:
        raise FileError(f"“{path.name}” cannot be written: {reason(error)}.") from error


def archive(table: LandscapeTable) -> bytes:
    """The NPZ."""
    grid = table.grid
    arrays: dict[str, Any] = {"x": grid.xs, "y": grid.ys, "loss": grid.heights, "axes": np.array(table.names)}
    arrays["kind"] = np.array(table.kind)
    for number, way in enumerate(table.ways, start=1):
        name = "path" if number == 1 else f"path_{number}"
        arrays |= {name: way.path.points, f"{name}_loss": way.path.losses, f"{name}_height": way.path.floors}
        arrays[f"{name}_update"] = way.updates
    if len(table.ways) > 1:
        arrays["runners"] = np.array([way.name for way in table.ways])
    if table.plane is not None:
        arrays |= {"origin": table.plane.origin, "u": table.plane.u, "v": table.plane.v}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def text(table: LandscapeTable) -> str:
    """The CSV, row by row from below; what is not finite is inf or nan."""
    raced = len(table.ways) > 1
    lines = [",".join((*map(_cell, table.names), "loss", *(("runner", "update") if raced else ())))]
    end = ",," if raced else ""
    for y, row in zip(table.grid.ys.tolist(), table.grid.heights.tolist(), strict=True):
        lines += [f"{x!r},{y!r},{height!r}{end}" for x, height in zip(table.grid.xs.tolist(), row, strict=True)]
    for way in table.ways if raced else ():
        points, losses = way.path.points.tolist(), way.path.losses.tolist()
        numbers = zip(points, losses, repeat(_cell(way.name)), way.updates.tolist(), strict=False)
        lines += [f"{x!r},{y!r},{loss!r},{name},{update}" for (x, y), loss, name, update in numbers]
    return "\n".join(lines) + "\n"


def _cell(name: str) -> str:
    """A name that may have a comma in it."""
    return '"' + name.replace('"', '""') + '"' if any(sign in name for sign in ',"\n') else name
