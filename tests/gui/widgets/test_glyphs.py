"""Texts painted glyph by glyph look as those that Qt lays out."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from visualnn.gui import theme
from visualnn.gui.widgets.glyphs import Glyphs


def painted(paint):
    image = QImage(220, 40, QImage.Format.Format_RGB32)
    image.fill(theme.color("panel"))
    with QPainter(image) as painter:
        paint(painter)
    return np.frombuffer(image.constBits(), np.uint8).reshape(40, 220, 4)[..., :3].astype(int)


TEXTS = ["−0.196", "12,345.678", "orange", "≈ 0", "1e−5", "Straße", "a b"]


@pytest.mark.parametrize("text", TEXTS)
def test_it_looks_as_drawn_by_qt(appearance, text):
    def ours(painter):
        glyphs = Glyphs(13, 500)
        glyphs.add(200, 20, text, "pos", right=True)
        glyphs.paint(painter)

    theirs = painted(lambda painter: theme.draw_text(painter, 200, 20, text, 13, 500, "pos", "r"))
    assert np.abs(theirs - theirs[0, 0]).max() > 50
    assert np.abs(painted(ours) - theirs).mean() < 0.5


@pytest.mark.parametrize("text", TEXTS)
def test_it_is_as_wide(appearance, text):
    assert Glyphs(13, 500).width(text) == pytest.approx(theme.text_width(text, 13, 500), abs=0.5)


def test_what_has_no_room_is_cut(appearance):
    glyphs = Glyphs(13, 500)
    assert glyphs.width("a very long sentence") > 60
    assert glyphs.add(0, 20, "a very long sentence", "text", room=60) <= 60
