"""Pictures of a landscape: only the surface is a picture in a vector file, and all of it stands in the file or none."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from visualnn.gui.export import landscape
from visualnn.gui.export.gif import pixels_of
from visualnn.gui.export.landscape import LandscapeShot, picture_of
from visualnn.gui.export.landscape_picture import WRITERS, write_pdf, write_png, write_svg
from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape.grid import losses
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window
from visualnn.scene import look
from visualnn.scene.frame import Text
from visualnn.scene.landscape.camera import HOME, turned, view
from visualnn.scene.landscape.marks import Marks, trail
from visualnn.scene.landscape.picking import pick
from visualnn.scene.landscape.ramp import color_at
from visualnn.scene.landscape.relief import relief

SVG = "{http://www.w3.org/2000/svg}"
SIZE = 640, 420


@pytest.fixture
def shot(qapp, quick) -> LandscapeShot:
    """The bowl with two paths."""
    bowl = CLASSICS["bowl"]
    made = relief(losses(bowl, Window(*bowl.window), 33).heights, bowl.window)
    points = np.array([[-1.0, 2.5], [0.0, 2.0], [0.9, 1.2]])
    heights = bowl.heights(points[:, 0], points[:, 1])
    paths = (trail(points, heights, 0xFFFFFF, "SGD"), trail(points[:2], heights[:2], 0x33CCFF, "Adam"))
    return LandscapeShot(
        made,
        look.load("dark"),
        Marks(paths),
        size=SIZE,
        headline="Adam leads.",
        captions=("Two weights.", "Nothing else moves."),
        title="Bowl",
    )


def greens(image: QImage) -> np.ndarray:
    return np.asarray(pixels_of(image, (image.width(), image.height())) >> 8 & 255).astype(float)


def rendered(path: Path, like: QImage) -> QImage:
    image = QImage(like.size(), QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        QSvgRenderer(str(path)).render(painter)
    return image


def letters(path: Path) -> list[str]:
    return ["".join(each.itertext()).strip() for each in ET.parse(path).getroot().iter(f"{SVG}text")]


@pytest.mark.parametrize("shown", ["relief", "map"])
def test_a_png_has_two_pixels_to_the_point_and_its_title(shot, tmp_path, shown):
    write_png(replace(shot, shown=shown), tmp_path / "a.png")
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (2 * SIZE[0], 2 * SIZE[1])
    assert image.text("Title") == "Bowl"


def test_the_surface_has_the_colour_of_its_height(shot):
    made = picture_of(replace(shot, shown="map", marks=Marks()), 1.0)
    found = {made.pixelColor(x, y).rgb() & 0xFFFFFF for x in range(100, 480, 3) for y in range(60, 300, 3)}
    for share in (0.3, 0.6):
        wanted = color_at(share, shot.look)
        nearest = min(sum(abs((a >> k & 255) - (wanted >> k & 255)) for k in (0, 8, 16)) for a in found)
        assert nearest < 24


def test_nothing_is_below_what_is_said(shot):
    assert shot.area[1] < min(text.y - text.size / 2 for text in shot.said)
    bare = replace(shot, headline="", captions=())
    assert bare.area == SIZE
    assert not bare.said
    assert replace(bare, foot=90.0).area == (SIZE[0], SIZE[1] - 90)
    texts = [item.text for item in shot.items(1.0) if isinstance(item, Text)]
    assert {"Adam leads.", "Two weights. Nothing else moves.", "SGD", "Adam", "S", "A"} <= set(texts)


def test_it_is_seen_from_where_one_stands(shot):
    other = replace(shot, camera=turned(HOME, 200, 0))
    assert np.abs(greens(picture_of(shot, 1.0)) - greens(picture_of(other, 1.0))).mean() > 3
    x, y = 320, 180
    hit = pick(shot.relief, view(shot.camera, shot.area), x, y)
    assert hit is not None


def test_palettes_and_themes_differ(shot):
    pictures = [shot, replace(shot, palette="even"), replace(shot, look=look.load("light"))]
    first, *others = (greens(picture_of(each, 0.5)) for each in pictures)
    assert all(np.abs(first - other).mean() > 2 for other in others)


@pytest.mark.parametrize("shown", ["relief", "map"])
def test_an_svg_has_one_picture_and_all_else_as_curves_and_letters(shot, tmp_path, shown):
    write_svg(replace(shot, shown=shown), tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    assert len(list(root.iter(f"{SVG}image"))) == 1
    assert {"Adam leads.", "SGD", "Adam", "loss, log"} <= set(letters(tmp_path / "a.svg"))
    assert len(list(root.iter(f"{SVG}linearGradient"))) == 1  # the colour bar
    assert (root.findtext(f"{SVG}title"), root.get("width")) == ("Bowl", str(SIZE[0]))
    assert root.findtext(f"{SVG}desc") == "Adam leads. Two weights. Nothing else moves."
    assert all(float(text.get("textLength")) > 0 for text in root.iter(f"{SVG}text"))


def test_contour_lines_of_a_map_are_curves(shot, tmp_path):
    lines = {}
    for shown in ("relief", "map"):
        write_svg(replace(shot, shown=shown, marks=Marks()), tmp_path / f"{shown}.svg")
        lines[shown] = len(list(ET.parse(tmp_path / f"{shown}.svg").getroot().iter(f"{SVG}polyline")))
    assert lines["map"] > lines["relief"] + 10


@pytest.mark.parametrize("shown", ["relief", "map"])
def test_an_svg_looks_like_the_picture(shot, tmp_path, shown):
    made = replace(shot, shown=shown)
    write_svg(made, tmp_path / "a.svg")
    expected = picture_of(made, 2.0)
    assert np.abs(greens(rendered(tmp_path / "a.svg", expected)) - greens(expected)).mean() < 0.6


@pytest.mark.parametrize("shown", ["relief", "map"])
def test_a_pdf_has_one_page_a_picture_and_letters(shot, tmp_path, shown):
    write_pdf(replace(shot, shown=shown), tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", content)) == 1
    assert content.count(b"/Subtype /Image") == 1
    assert re.search(rb"/FontName /\w+\+Inter-", content)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_any_thread_writes_it_and_says_when_it_is_done(shot, tmp_path, suffix):
    told: list[tuple[int, int]] = []
    path = tmp_path / f"a{suffix}"
    thread = threading.Thread(target=WRITERS[suffix], args=(shot, path, lambda *done: told.append(done)))
    thread.start()
    thread.join(60)
    assert path.stat().st_size > 1000
    assert told == [(1, 1)]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_what_cannot_be_written_is_told_in_a_sentence_and_leaves_nothing(shot, tmp_path, suffix):
    with pytest.raises(VisualNNError, match=r"a\S+ could not be written: there is no folder"):
        WRITERS[suffix](shot, tmp_path / "none" / f"a{suffix}", lambda *done: None)
    assert list(tmp_path.iterdir()) == []


def test_a_fraction_of_a_point_at_the_edge_is_canvas(shot):
    made = picture_of(replace(shot, size=(640, 421)), 0.75)
    assert made.pixelColor(3, made.height() - 1).rgb() & 0xFFFFFF == shot.look["canvas"]


@pytest.mark.parametrize("heights", [np.full((5, 5), np.nan), np.full((5, 5), 2.0), np.diag([1.0, np.inf, 1e300])])
@pytest.mark.parametrize("shown", ["relief", "map"])
def test_odd_surfaces_are_pictures_too(shot, heights, shown):
    made = replace(shot, relief=relief(heights, (0.0, 1.0, 0.0, 1.0)), shown=shown)
    assert picture_of(made, 0.5).width() == SIZE[0] // 2


def test_a_map_is_no_wider_than_looks_well(shot):
    wide = replace(shot, shown="map", size=(1920, 420))
    xs = [item.x for item in wide.items(1.0) if isinstance(item, Text) and item.size == 11]
    assert max(xs) - min(xs) < landscape.WIDEST * wide.area[1]
