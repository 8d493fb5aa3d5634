"""Frames become pixels: each shape where it belongs, in its colour, at any density of the screen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from tests.scene.samples import adder, adder_story, adder_trace
from visualnn.gui.canvas import paint
from visualnn.scene import look, network, playback
from visualnn.scene.arrangement import layout
from visualnn.scene.frame import Arrow, Box, Dots, Frame, Glow, Item, Line, Links, Pixels, Sparks, Text

BLACK, BLUE, WHITE = 0x000000, 0x5AA9FF, 0xFFFFFF


@pytest.fixture
def drawn(qapp):
    """Paints items on black and gives the picture."""

    def draw(*items: Item | Links, ratio: float = 1.0, size: tuple[int, int] = (100, 80)) -> QImage:
        image = QImage(round(size[0] * ratio), round(size[1] * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(BLACK))
        with QPainter(image) as painter:
            below = tuple(item for item in items if isinstance(item, Links))
            above = tuple(item for item in items if not isinstance(item, Links))
            paint(painter, Frame(*map(float, size), below, above))
        return image

    return draw


def rgb(image: QImage, x: float, y: float) -> int:
    return image.pixelColor(round(x), round(y)).rgb() & 0xFFFFFF


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_disc(drawn, ratio):
    image = drawn(Box(50, 40, 40, 40, 20, BLUE), ratio=ratio)
    assert rgb(image, 50 * ratio, 40 * ratio) == BLUE
    assert rgb(image, 32 * ratio, 22 * ratio) == BLACK
    assert rgb(image, 68 * ratio, 40 * ratio) == BLUE


def test_a_pill_has_round_ends_and_an_edge(drawn):
    image = drawn(Box(50, 40, 60, 20, 10, BLUE, WHITE, 2.0))
    assert rgb(image, 50, 40) == BLUE
    assert rgb(image, 50, 30) == WHITE
    assert rgb(image, 20, 30) == BLACK


def test_a_box_without_fill_is_a_frame(drawn):
    image = drawn(Box(50, 40, 60, 40, 4, None, WHITE, 2.0))
    assert rgb(image, 50, 40) == BLACK
    assert rgb(image, 20, 40) == WHITE


def test_a_dashed_edge_has_gaps(drawn):
    image = drawn(Box(50, 40, 60, 60, 30, None, WHITE, 2.0, True))
    ring = {rgb(image, 50 + 30 * np.cos(angle), 40 + 30 * np.sin(angle)) for angle in np.linspace(0, 6, 200)}
    assert BLACK in ring
    assert len(ring) > 1


def test_lines(drawn):
    solid = drawn(Line(((10, 40), (90, 40)), WHITE, 4.0))
    dashed = drawn(Line(((10, 40), (90, 40)), WHITE, 4.0, (8.0, 8.0)))
    assert all(rgb(solid, x, 40) == WHITE for x in range(12, 88))
    assert {BLACK, WHITE} <= {rgb(dashed, x, 40) for x in range(12, 88)}


def links(y0: list[float], width: list[float], color: list[int]) -> Links:
    """Level connections from the left edge to the right one."""
    n = len(y0)
    ys, one = np.array(y0, np.float32), np.ones(n, np.float32)
    nobody = np.arange(n)
    return Links(
        0, nobody, nobody, 0.0, 100.0, ys, ys, np.array(width, np.float32), np.array(color, np.uint32),
        np.ones(n, np.int8), one,
    )  # fmt: skip


def test_connections_are_curves_of_their_own_width_and_colour(drawn):
    image = drawn(links([20, 60], [6.0, 2.0], [BLUE, WHITE]))
    assert [rgb(image, 50, y) for y in (18, 21, 59, 60)] == [BLUE, BLUE, WHITE, WHITE]
    assert rgb(image, 50, 66) == BLACK


def test_dots_stand_below_each_other(drawn):
    fills = np.array([BLUE, WHITE], np.uint32)
    image = drawn(Dots(50, np.array([20.0, 60.0]), 5.0, fills, fills))
    assert [rgb(image, 50, y) for y in (20, 40, 60)] == [BLUE, BLACK, WHITE]


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize(("radius", "cell"), [(0.0, 0.0), (6.0, 0.0), (0.0, 20.0)])
def test_a_small_picture_is_enlarged_into_its_place(drawn, ratio, radius, cell):
    colors = np.array([[BLUE, WHITE], [WHITE, BLUE]], np.uint32) | np.uint32(0xFF000000)
    image = drawn(Pixels(50, 40, 40, 40, colors, radius, cell=cell), ratio=ratio)
    found = [rgb(image, (50 + dx) * ratio, (40 + dy) * ratio) for dy in (-10, 10) for dx in (-10, 10)]
    assert found == [BLUE, WHITE, WHITE, BLUE]
    assert rgb(image, 20 * ratio, 40 * ratio) == BLACK


def test_sparks_have_the_colour_of_their_sign(drawn):
    image = drawn(Sparks(np.array([[20.0, 40.0], [80.0, 40.0]]), np.array([1, -1], np.int8), 3.0, BLUE, WHITE))
    assert rgb(image, 20, 40) == pytest.approx(BLUE, abs=0x202020)
    assert image.pixelColor(80, 40).lightness() > 200
    assert rgb(image, 50, 40) == BLACK


def test_text_stands_on_its_middle(drawn):
    image = drawn(Text(50, 40, "H", 40, 700, WHITE))
    rows = [y for y in range(80) if any(rgb(image, x, y) == WHITE for x in range(100))]
    assert (rows[0] + rows[-1] + 1) / 2 == pytest.approx(40, abs=1)


def test_a_glow_fades_out(drawn):
    image = drawn(Glow(50, 40, 20, 20, 10, 20, WHITE))
    lights = [image.pixelColor(50 + x, 40).lightness() for x in (11, 16, 21, 26)]
    assert lights == sorted(lights, reverse=True)
    assert lights[0] > lights[-1] + 20
    assert image.pixelColor(50 + 32, 40).lightness() == 0


def test_later_items_cover_earlier_ones(drawn):
    image = drawn(Box(50, 40, 40, 40, 20, BLUE), Box(50, 40, 20, 20, 10, WHITE))
    assert rgb(image, 50, 40) == WHITE


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("step", [0, 7, 10, 20, 40])
def test_a_whole_network(drawn, name, step):
    timeline = adder_story().timeline
    picture = playback.picture(adder_trace(), timeline, step - 0.5 if step else 0)
    place = layout(adder().network, 920.0, 616.0, 1.0)
    made = network.frame(place, picture, adder().names, look.load(name), network.Style())
    image = drawn(*made.ground, *made.items, *made.moving, size=(920, 616))
    inputs = {rgb(image, place.columns[0].x + dx, place.columns[0].ys[0] + 25) for dx in (-8, 0, 8)}
    assert look.load(name)["posfill"] in inputs


def test_an_arrow_head_is_wide_behind_and_narrow_in_front(drawn):
    image = drawn(Arrow(50, 40, -1.0, 0.0, 20, 16, BLUE))
    assert [rgb(image, x, 40) for x in (38, 45, 58, 62)] == [BLACK, BLUE, BLUE, BLACK]
    assert (rgb(image, 58, 44), rgb(image, 43, 44)) == (BLUE, BLACK)


def test_dashes_move_along_their_line(drawn):
    def dashes(drift: float) -> list[bool]:
        image = drawn(Line(((90, 40), (10, 40)), BLUE, 4.0, (8.0, 8.0), drift))
        return [rgb(image, x, 40) == BLUE for x in range(12, 88, 8)]

    still, moved = dashes(4.0), dashes(12.0)
    assert any(still)
    assert moved == [not on for on in still]
