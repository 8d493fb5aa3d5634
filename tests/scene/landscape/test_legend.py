"""What stands around a landscape in a picture of it."""

from __future__ import annotations

import numpy as np

from visualnn.scene import look
from visualnn.scene.frame import Box, Line, Text
from visualnn.scene.landscape.legend import LEFT, balanced, caption, legend, wrapped
from visualnn.scene.landscape.marks import trail
from visualnn.scene.look import text_width

LOOK = look.load("dark")
SIZE = (900.0, 640.0)
SAID = "Only wac and wbc move. All others are fixed, so this surface is exact."


def test_every_path_has_its_colour_its_letter_and_its_name() -> None:
    paths = [
        trail(np.zeros((2, 2)), np.ones(2), color, name) for color, name in ((0xFF0000, "SGD"), (0x00FF00, "Adam"))
    ]
    items = list(legend(LOOK, paths))
    texts = [item for item in items if isinstance(item, Text)]
    assert [text.text for text in texts] == ["S", "SGD", "A", "Adam"]
    for letter, name, color in zip(texts[::2], texts[1::2], (0xFF0000, 0x00FF00), strict=True):
        [ball] = [item for item in items if isinstance(item, Box) and item.fill == color]
        assert (ball.x, ball.y) == (letter.x, letter.y)
        assert any(isinstance(item, Line) and item.color == color and item.points[0][1] == name.y for item in items)
        assert ball.x + ball.width / 2 < name.x
    assert texts[1].y < texts[3].y
    assert not list(legend(LOOK, []))


def test_captions_are_broken_where_the_width_ends() -> None:
    rows = wrapped(SAID, 300, 13)
    assert " ".join(rows) == SAID
    assert len(rows) > 1
    assert all(text_width(row, 13) * 0.86 <= 300 for row in rows)


def test_a_number_keeps_its_sign() -> None:
    text = "It keeps 93.8 % of the movement."
    assert all("%" not in row[:2] for width in range(60, 240, 5) for row in wrapped(text, width, 13))


def test_lines_are_about_equally_long() -> None:
    rows = balanced(f"{SAID} {SAID}", 700, 13)
    assert len(rows) == len(wrapped(f"{SAID} {SAID}", 700, 13)) > 1
    widths = [text_width(row, 13) for row in rows]
    assert min(widths) > 0.75 * max(widths)
    assert balanced("short", 700, 13) == ["short"]
    assert balanced("", 700, 13) == []


def test_what_is_said_stands_in_the_middle_below_each_other() -> None:
    texts = list(caption(LOOK, SIZE, "Adam leads.", [SAID] * 5))
    assert texts[0].text == "Adam leads."
    assert texts[0].size > texts[1].size
    assert " ".join(text.text for text in texts[1:]) == " ".join([SAID] * 5)
    assert {text.x for text in texts} == {SIZE[0] / 2}
    ys = [text.y for text in texts]
    assert ys == sorted(ys)
    assert ys[-1] < SIZE[1]
    assert all(text_width(text.text, text.size) * 0.86 <= SIZE[0] - 2 * LEFT for text in texts)


def test_a_lonely_line_stands_where_the_last_one_does() -> None:
    assert not list(caption(LOOK, SIZE, "", []))
    [head], [said] = (list(caption(LOOK, SIZE, *given)) for given in (("Adam leads.", []), ("", ["Exact."])))
    assert head.y == said.y < SIZE[1]
