"""What ``visualnn render --mode landscape`` draws: a relief with a path, and what is said about them."""

from __future__ import annotations

import argparse
from pathlib import Path

from visualnn.cli import terrain
from visualnn.cli.arguments import check_document
from visualnn.cli.terrain import Terrain
from visualnn.nn.landscape.grid import losses
from visualnn.nn.landscape.ground import PICTURE_ROWS
from visualnn.scene.landscape.marks import Marks, Minimum, trail
from visualnn.scene.landscape.ramp import runner
from visualnn.scene.landscape.relief import Relief, relief
from visualnn.scene.landscape.trails import short
from visualnn.scene.names import OPTIMIZERS

SIZE, COARSE = 101, 49  # places along a side; of a network that takes long, fewer
LONG = 2e9  # multiplications of a picture
QUIET = ("axes", "plane", "rows", "window", "start", "optimizer", "rate", "seed")
EXACT = "Only these two weights move. All others are fixed, so this surface is exact."
SLICE = "This is one flat slice through all weights; the path is a shadow on it and may seem to float or cut corners."


def scenery(document: str, updates: int | None) -> tuple[Relief, Marks, tuple[str, ...]]:
    """The relief of a classic surface, or of a network along two of its weights; what lies on it; its captions."""
    found = _terrain(document, updates)
    cost = getattr(found.surface, "cost", 1)
    heights = losses(found.surface, found.window, SIZE if cost * SIZE**2 < LONG else COARSE).heights
    window = (found.window.x0, found.window.x1, found.window.y0, found.window.y1)
    start = None if found.path is None else float(found.path.losses[0])
    made = relief(heights, window, names=found.names, start=start)
    return made, _marks(found, document), (*_captions(found), *made.notes)


def _terrain(document: str, updates: int | None) -> Terrain:
    options = argparse.Namespace(document=document, updates=updates, **dict.fromkeys(QUIET))
    known = None if Path(document).is_file() else terrain.classic(document)
    if known is not None:
        found = terrain.of_classic(known, options)
    else:
        from visualnn.files.documents import open_work

        check_document(document)
        options.rows = PICTURE_ROWS
        found = terrain.of_work(open_work(document), options)
    terrain.check_surface(found)
    return found


def _marks(found: Terrain, document: str) -> Marks:
    known = terrain.classic(document) if found.kind == "formula" else None
    minima = () if known is None else tuple(Minimum(*minimum) for minimum in known.minima)
    if found.path is None:
        return Marks(minima=minima)
    path = found.path
    x, y = path.points[0].tolist()
    shown = trail(path.points, path.losses, runner(found.rule.name), OPTIMIZERS[found.rule.name][0], floors=path.floors)
    return Marks((shown,), minima, start=(x, y, float(path.losses[0])))


def _captions(found: Terrain) -> list[str]:
    said = [f"{found.title}."]
    if found.kind != "formula":
        said.append(EXACT if found.kind == "weights" else SLICE)
    if found.rows is not None and found.rows[0] < found.rows[1]:
        said.append(f"Computed from {found.rows[0]:,} of {found.rows[1]:,} rows.")
    if found.path is not None:
        said.append(f"After {len(found.path.losses) - 1:,} updates the loss is {short(float(found.path.losses[-1]))}.")
    return said
