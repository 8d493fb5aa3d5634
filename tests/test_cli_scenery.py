"""``visualnn render --mode landscape``: what it draws, and that it draws it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtGui import QImage

from visualnn import cli
from visualnn.cli.arguments import WrongUseError
from visualnn.cli.scenery import scenery
from visualnn.files.documents import open_document
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.metrics import score
from visualnn.scene.landscape.camera import HOME, view
from visualnn.scene.landscape.picking import pick


def test_a_classic_surface_with_its_minima_and_a_descent():
    made, marks, captions = scenery("himmelblau", 50)
    x, y = np.meshgrid(np.linspace(-5, 5, 101), np.linspace(-5, 5, 101))
    assert made.losses == pytest.approx((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)
    assert [(mark.x, mark.y) for mark in marks.minima] == [minimum[:2] for minimum in CLASSICS["himmelblau"].minima]
    assert len(marks.trails[0].losses) == 51
    assert "After 50 updates" in " ".join(captions)


def test_two_weights_of_a_network_have_the_losses_of_the_engine():
    made, marks, captions = scenery("adder", 5)
    project = open_document("adder")
    parameters = project.parameters.copy()
    names = made.names
    assert names == ("wac", "wad")
    assert "exact" in " ".join(captions)
    x0, _x1, y0, _y1 = made.window
    parameters[0], parameters[1] = x0, y0
    expected = score(project.network, parameters, project.data, project.options.loss, project.mask).loss
    assert made.losses[0, 0] == pytest.approx(expected, rel=1e-12)
    assert marks.trails[0].letter == "A"


def test_what_is_no_document_is_refused():
    with pytest.raises(WrongUseError):
        scenery("no-such-thing", None)


@pytest.mark.parametrize("name", list(CLASSICS))
def test_every_classic_surface_is_seen(name):
    made, marks, _captions = scenery(name, 20)
    assert not made.is_flat
    assert np.abs(made.world([marks.start[:2]])).max() <= 1
    seen = view(HOME, (900, 640))
    hits = [pick(made, seen, x, 300) for x in range(300, 600, 20)]
    assert all(hit is not None and np.isfinite(hit.loss) for hit in hits)


def test_the_picture_is_written(tmp_path):
    out = tmp_path / "bowl.png"
    command = [sys.executable, "-W", "error", "-m", "visualnn", "render", "bowl", str(out), "--mode", "landscape"]
    done = subprocess.run([*command, "--scale", "0.5"], capture_output=True, encoding="utf-8", timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (640, 400)
    colors = {picture.pixelColor(x, y).hue() // 30 for x in range(200, 460, 9) for y in range(40, 280, 9)}
    assert len(colors) > 5


@pytest.mark.parametrize("wrong", [["out.svg"], ["out.png", "--part", "stage"], ["out.gif"]])
def test_a_landscape_is_drawn_into_png_only(tmp_path, wrong, capsys):
    out, *more = wrong
    assert cli.main(["render", "bowl", str(tmp_path / out), "--mode", "landscape", *more]) == 2
    assert capsys.readouterr().err
