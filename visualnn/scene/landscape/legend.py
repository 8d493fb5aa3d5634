"""What stands around a landscape in a picture of it: whose path is which, and what has to be said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from visualnn.scene.frame import Box, Item, Line, Text
from visualnn.scene.landscape.marks import Trail
from visualnn.scene.landscape.plates import INK
from visualnn.scene.look import Look, text_width

LEFT, TOP, ROW = 28.0, 32.0, 26.0
LENGTH, BALL = 34.0, 8.0
HEADLINE, HEAD_LINE = 16.0, 23.0  # size, and from a line to the next
CAPTION, LINE = 13.0, 19.0
APART = 24.0  # from the last headline to what is below it
BOTTOM = 22.0  # from the last line's middle to the edge


def legend(look: Look, shown: Sequence[Trail]) -> Iterator[Item]:
    """The paths in the upper left corner, each with its ball."""
    middle = LEFT + LENGTH / 2
    for row, trail in enumerate(shown):
        y = TOP + row * ROW
        yield Line(((LEFT, y), (LEFT + LENGTH, y)), INK, 5.0)
        yield Line(((LEFT + 1, y), (LEFT + LENGTH - 1, y)), trail.color, 3.0)
        yield Box(middle, y, 2 * BALL, 2 * BALL, BALL, trail.color, INK, 2.0)
        yield Text(middle, y, trail.letter, 10, 700, INK)
        yield Text(LEFT + LENGTH + 12, y, trail.name, 14, 500, look["text"], "left")


def caption(look: Look, size: tuple[float, float], headline: str, sentences: Sequence[str]) -> Iterator[Text]:
    """Below, from the top: what is said of the moment, and smaller what has to be said of the surface."""
    width, middle = size[0] - 2 * LEFT, size[0] / 2
    heads = balanced(headline, width, HEADLINE)
    rows = balanced(" ".join(sentences), width, CAPTION)
    y = size[1] - BOTTOM - LINE * max(len(rows) - 1, 0)
    top = (y - APART if rows else y) - HEAD_LINE * (len(heads) - 1)
    for row, text in enumerate(heads):
        yield Text(middle, top + row * HEAD_LINE, text, HEADLINE, 550, look["text"])
    for row, text in enumerate(rows):
        yield Text(middle, y + row * LINE, text, CAPTION, 450, look["text2"])


def balanced(text: str, width: float, size: float) -> list[str]:
    """As many lines as it takes, about equally long."""
    rows, narrow = wrapped(text, width, size), width / 2
    while width - narrow > 1 and len(rows) > 1:
        middle = (width + narrow) / 2
        if len(wrapped(text, middle, size)) > len(rows):
            narrow = middle
        else:
            width = middle
    return wrapped(text, width, size) if len(rows) > 1 else rows


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines of words, each at most so wide; no line begins with a %."""
    rows: list[str] = []
    for word in filter(None, text.replace(" %", "\u00a0%").split(" ")):
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(longer, size) * 0.86 <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows
