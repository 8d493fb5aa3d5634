"""Pictures of a shot: PNG at twice the points, SVG and PDF as true curves and letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from visualnn.gui.export import page
from visualnn.gui.export.page import PNG_RATIO
from visualnn.gui.export.paper import paint_shot, picture
from visualnn.gui.export.shot import Shot


def write_png(shot: Shot, path: Path, ratio: float = PNG_RATIO) -> None:
    """A picture of pixels, `ratio` to the point."""
    page.png(shot, picture(shot, ratio), path)


def write_svg(shot: Shot, path: Path) -> None:
    """Curves, shapes and letters; only what is a picture itself is one in the file."""
    page.svg(shot, partial(paint_shot, shot=shot, vector=True), path)


def write_pdf(shot: Shot, path: Path) -> None:
    """One page as large as the picture, its letters embedded."""
    page.pdf(shot, partial(paint_shot, shot=shot, vector=True), path)


WRITERS: dict[str, Callable[[Shot, Path], None]] = {".png": write_png, ".svg": write_svg, ".pdf": write_pdf}
