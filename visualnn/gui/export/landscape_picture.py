"""Pictures of a landscape: PNG, and SVG and PDF whose surface is a picture and all else curves and letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from visualnn.gui.export import page
from visualnn.gui.export.landscape import LandscapeShot, paint, picture_of
from visualnn.gui.export.page import PNG_RATIO
from visualnn.gui.export.target import Report, quietly


def write_png(shot: LandscapeShot, path: Path, report: Report = quietly, *, ratio: float = PNG_RATIO) -> None:
    """A picture of pixels, `ratio` to the point."""
    page.png(shot, picture_of(shot, ratio), path)
    report(1, 1)


def write_svg(shot: LandscapeShot, path: Path, report: Report = quietly) -> None:
    """Curves, shapes and letters above the surface."""
    page.svg(shot, partial(paint, shot=shot), path)
    report(1, 1)


def write_pdf(shot: LandscapeShot, path: Path, report: Report = quietly) -> None:
    """One page as large as the picture, its letters embedded."""
    page.pdf(shot, partial(paint, shot=shot), path)
    report(1, 1)


WRITERS: dict[str, Callable[[LandscapeShot, Path, Report], None]] = {
    ".png": write_png,
    ".svg": write_svg,
    ".pdf": write_pdf,
}
