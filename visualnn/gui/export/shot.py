"""One moment of the stage with its sentence beneath, as a value that any thread can paint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from visualnn.gui import theme
from visualnn.gui.views.network.picture import Sight
from visualnn.gui.widgets.subtitle import LINE_HEIGHT, MARGIN, WEIGHT, Setting, set_sentence
from visualnn.scene import network
from visualnn.scene.arrangement import layout
from visualnn.scene.formula import Sentence
from visualnn.scene.frame import Frame, Text
from visualnn.scene.layout import Layout
from visualnn.scene.look import RGB

SUBTITLE_HEIGHT, SUBTITLE_SIZE = 68.0, 20
NUMBER_WEIGHT = 650
LARGE_FROM, LARGE_SIZE = 1.4, 24  # how much larger the stage is drawn where the sentence is too
INVITATION = re.compile(r"\s*Press (play|Space) to [^.]*\.")  # to somebody at the window
Run = tuple[str, str, int]  # a part of a sentence: text, role of its colour, weight


@dataclass(frozen=True, eq=False)
class Shot:
    """What is to be seen on the stage, and the sentence; `title` names it."""

    sight: Sight
    words: tuple[Run, ...]
    title: str

    @property
    def width(self) -> float:
        """In points, as the height."""
        return self.sight.layout.width

    @property
    def height(self) -> float:
        """Of the stage and the sentence."""
        return self.sight.layout.height + SUBTITLE_HEIGHT

    @property
    def description(self) -> str:
        """The sentence in letters alone."""
        return "".join(text for text, _role, _weight in self.words)

    def frame(self) -> Frame:
        """The stage as shapes, connections included."""
        return network.frame(*self.sight.what, self.sight.maps)

    def caption(self) -> list[Text]:
        """The sentence as texts, set as it is beneath the stage."""
        made, colors = self.sight.layout, theme.load("dark" if self.sight.look.dark else "light")
        size = LARGE_SIZE if made.head_scale >= LARGE_FROM else SUBTITLE_SIZE
        setting = set_sentence(self.words, made.width - 2 * MARGIN, size)
        y = made.height + SUBTITLE_HEIGHT / 2 - setting.size * LINE_HEIGHT * (len(setting.lines) - 1) / 2
        found: list[Text] = []
        for number, line in enumerate(setting.lines):
            at = y + number * setting.size * LINE_HEIGHT
            found += _placed(line, made.width / 2, at, setting, colors)
        return found


def _placed(line: Sequence, middle: float, y: float, setting: Setting, colors: theme.Theme) -> list[Text]:
    """The words of one line where they stand; neighbours that look alike are one text."""
    left, found = middle - theme.runs_width(line, setting.size, WEIGHT) / 2, []
    for text, role, weight in _joined(line):
        color: RGB = colors.color(role).rgb() & 0xFFFFFF
        found.append(Text(left, y, text, setting.size, weight, color, "left"))
        left += theme.text_width(text, setting.size, weight)
    return found


def _joined(line: Sequence[Run]) -> list[Run]:
    made: list[Run] = []
    for text, role, weight in line:
        if made and made[-1][1:] == (role, weight):
            made[-1] = (made[-1][0] + text, role, weight)
        else:
            made.append((text, role, weight))
    return made


def runs(sentence: Sentence) -> tuple[Run, ...]:
    """A sentence as it is written: its numbers in their colours, and heavier; without what only a window can do."""
    parts = [(INVITATION.sub("", part.text), part.role) for part in sentence]
    return tuple((text, role or "text", NUMBER_WEIGHT if role else WEIGHT) for text, role in parts if text)


def shown_runs(setting: Setting) -> tuple[Run, ...]:
    """The sentence that stands beneath the stage now."""
    parts = [part for index, line in enumerate(setting.lines) for part in ([" "] if index else []) + list(line)]
    split = [(part,) if isinstance(part, str) else part for part in parts]
    full = [(text, *style, *(None,) * (2 - len(style))) for text, *style in split]
    return tuple((text, role or "text", weight or WEIGHT) for text, role, weight in full)


def plain_sight(sight: Sight) -> Sight:
    """Without what only the pointer sees: controls become words, nothing is hovered, no room is left for a map."""
    style = replace(sight.style, controls=False, hovered=None, editable=False)
    return replace(sight, layout=fitted(sight.layout, sight.layout.width, sight.layout.height), style=style)


def fitted(made: Layout, width: float, height: float) -> Layout:
    """The same view of the network in a picture of another size."""
    return layout(made.network, width, height, made.head_scale, True, replace(made.manner, foot=0.0))
