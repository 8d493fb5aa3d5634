"""Pictures: the vector files hold curves and letters, look like the PNG, and are there whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from visualnn.gui.export import exports
from visualnn.gui.export.gif import pixels_of
from visualnn.gui.export.paper import picture
from visualnn.gui.export.picture import WRITERS, write_pdf, write_png, write_svg
from visualnn.gui.export.shot import Shot
from visualnn.nn.errors import VisualNNError

SVG = "{http://www.w3.org/2000/svg}"


def rendered(path: Path, like: QImage) -> QImage:
    image = QImage(like.size(), QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        QSvgRenderer(str(path)).render(painter)
    return image


def apart(a: QImage, b: QImage) -> float:
    """The mean difference of two pictures' greens, of 255."""
    size = a.width(), a.height()
    greens = [(pixels_of(image, size) >> 8 & 255).astype(float) for image in (a, b)]
    return float(np.abs(greens[0] - greens[1]).mean())


def words(made: Shot) -> str:
    return "".join(text for text, _role, _weight in made.words)


def test_an_svg_holds_curves_and_letters_and_no_picture(shot, tmp_path):
    write_svg(shot(10), tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    texts = ["".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")]
    assert {"Hidden layer", "ReLU", "1.03", "−0.90", "4.03"} <= set(texts)
    assert "neuron d passes nothing on." in " ".join(texts)
    curves = [path for path in root.iter(f"{SVG}path") if re.search(r"M[\d., ]+C[\d., ]+$", path.get("d").strip())]
    assert len(curves) >= 9
    assert not list(root.iter(f"{SVG}image"))
    assert {each.get("font-family") for each in root.iter(f"{SVG}text")} == {"Inter"}


def test_an_svg_says_what_it_is(shot, tmp_path):
    made = shot(10)
    write_svg(made, tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    assert root.findtext(f"{SVG}title") == "Add two numbers, step 10"
    assert root.findtext(f"{SVG}desc") == words(made) == "ReLU clips −1.83 to 0: neuron d passes nothing on."
    assert root.get("width") == str(round(made.width))


@pytest.mark.parametrize("step", [0, 4, 10, 20, 35, 55])
def test_an_svg_looks_like_the_picture(shot, tmp_path, step):
    made = shot(step)
    write_svg(made, tmp_path / "a.svg")
    expected = picture(made, 1.0)
    assert apart(rendered(tmp_path / "a.svg", expected), expected) < 0.6


def test_every_text_of_an_svg_keeps_its_width_with_other_fonts(shot, tmp_path):
    write_svg(shot(20), tmp_path / "a.svg")
    texts = list(ET.parse(tmp_path / "a.svg").getroot().iter(f"{SVG}text"))
    assert texts
    assert all(float(text.get("textLength")) > 0 for text in texts)


def test_a_giant_network_has_one_haze_beneath_its_lines(adder, tmp_path):
    adder.window.open_document("2-100-100-1")
    write_svg(exports.shot(adder.page), tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    wide = [each for each in root.iter(f"{SVG}image") if float(each.get("width")) > 200]
    assert len(wide) == 1  # beside the two columns of a hundred neurons, which are pictures themselves
    assert len(list(root.iter(f"{SVG}path"))) > 400


def test_a_view_that_is_zoomed_in_ends_where_the_stage_ends_it(adder, shot, tmp_path):
    adder.stage.zoom(3.0)
    made = shot(20)
    expected = picture(made, 1.0)
    write_svg(made, tmp_path / "a.svg")
    assert apart(rendered(tmp_path / "a.svg", expected), expected) < 1.0
    canvas = expected.pixelColor(3, round(made.height) - 3)
    assert expected.pixelColor(3, round(made.sight.layout.clip[1]) + 2) == canvas


def test_a_pdf_has_one_page_and_brings_its_letters(shot, tmp_path):
    write_pdf(shot(10), tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert re.search(rb"/FontName /\w+\+Inter-", content)
    assert b"/FontFile2" in content
    assert b"/Subtype /Image" not in content
    assert "Add two numbers".encode("utf-16-be") in content


def test_a_png_has_two_pixels_to_the_point(shot, tmp_path):
    made = shot(10)
    write_png(made, tmp_path / "a.png")
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (round(2 * made.width), round(2 * made.height))
    assert image.text("Title") == "Add two numbers, step 10"


def test_a_picture_does_not_ask_anybody_to_press_anything(shot):
    assert words(shot(0)) == "The inputs are 2 and 2."


def test_controls_of_the_stage_are_words_in_the_picture(shot):
    texts = shot(10).frame().texts()
    assert "ReLU" in texts
    assert "Linear" in texts


def test_the_picture_of_training_shows_the_present_weights(adder):
    adder.press("Ctrl+2", "Right")
    adder.learn()
    made = exports.shot(adder.page)
    assert made.title == "Add two numbers"
    assert words(made) == adder.subtitle


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_what_cannot_be_written_is_told_in_a_sentence_and_leaves_nothing(shot, tmp_path, suffix):
    with pytest.raises(VisualNNError, match=r"a\S+ could not be written: there is no folder"):
        WRITERS[suffix](shot(1), tmp_path / "none" / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []
