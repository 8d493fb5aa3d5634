"""The colour of every role, and which theme is shown now."""

import json
from collections.abc import Iterator, Mapping
from functools import cache

from PySide6.QtGui import QColor

from visualnn import assets

Ink = str | QColor
"""A role of the current theme, or a colour."""


class Theme(Mapping):
    """A table of roles: ``theme["edge_lo"]`` is what the file says, ``theme.color("text")`` a colour to paint with."""

    def __init__(self, tokens: dict):
        self._tokens = dict(tokens)
        self._colors = {role: QColor(value) for role, value in tokens.items() if str(value).startswith("#")}

    def __getitem__(self, role: str):
        return self._tokens[role]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    @property
    def name(self) -> str:
        return self._tokens["name"]

    @property
    def is_dark(self) -> bool:
        return self.name == "dark"

    def color(self, role: Ink) -> QColor:
        """The colour of `role`; a colour is handed through, so that callers can mix their own."""
        return QColor(self._colors[role]) if isinstance(role, str) else QColor(role)


@cache
def load(name: str) -> Theme:
    """The theme "dark" or "light"."""
    return Theme(json.loads(assets.read_text("themes", f"{name}.json")))


def current() -> Theme:
    """The theme to paint with now."""
    return load(_Now.name)


class _Now:
    """Which theme is shown; only `Appearance` changes it."""

    name = "dark"


def color(ink: Ink) -> QColor:
    """The colour of a role in the current theme."""
    return current().color(ink)


def mix(a: Ink, b: Ink, t: float) -> QColor:
    """The opaque colour `t` of the way from `a` to `b`: better than alpha, where strokes would overlap."""
    start, end = color(a), color(b)
    pairs = zip(start.getRgbF()[:3], end.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(x * (1 - t) + y * t for x, y in pairs))


def pressed(ink: Ink) -> QColor:
    """What `ink` becomes while it is held down: 4 % darker."""
    hue, saturation, lightness, alpha = color(ink).getHslF()
    return QColor.fromHslF(max(hue, 0.0), saturation, max(lightness - 0.04, 0.0), alpha)
