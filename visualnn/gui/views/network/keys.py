"""What keys mean on the stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from visualnn.gui.edits import editable
from visualnn.gui.views.network import walk
from visualnn.gui.views.network.drag import STEP_PER_PX, factor
from visualnn.scene.frame import Place

TYPED = "0123456789.-−"  # begins a number
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
UP_DOWN = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
LEFT_RIGHT = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True)
class Typing:
    """The chosen number is to be typed, beginning with a text or with what it is."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class Nudge:
    """The chosen number is to grow by so much."""

    by: float


@dataclass(frozen=True, slots=True)
class Step:
    """A step through the pass."""

    direction: int
    larger: int


@dataclass(frozen=True, slots=True)
class Inside:
    """The chosen neuron is to be stepped through."""


@dataclass(frozen=True, slots=True)
class Reshape:
    """The network is to change at the chosen place."""

    what: Literal["switch", "remove", "fewer", "more", "layer", "activation", "matrix"]


Wish = Place | Typing | Nudge | Step | Inside | Reshape  # a place: go there
LETTERS = {
    Qt.Key.Key_X: Reshape("switch"),
    Qt.Key.Key_Delete: Reshape("remove"),
    Qt.Key.Key_Backspace: Reshape("remove"),
    Qt.Key.Key_A: Reshape("activation"),
    Qt.Key.Key_W: Reshape("matrix"),
}


def begins_number(event: QKeyEvent) -> bool:
    """Whether a key begins a number."""
    command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return bool(event.text()) and event.text() in TYPED and not event.modifiers() & command


def opens(place: Place | None) -> bool:
    """Whether there is a neuron at a place that can be stepped through: a hidden one or an output."""
    return place is not None and place.column > 0 and place.kind in ("neuron", "gate")


def meant(event: QKeyEvent, sizes: tuple[int, ...], place: Place | None) -> Wish | None:
    """What a key means while a place is chosen; without a network, `sizes` is empty."""
    key, modifiers = event.key(), event.modifiers()
    if key in ENTER and editable(place):
        return Typing()
    if key in ENTER and opens(place):
        return Inside()
    if key in UP_DOWN:
        return _up_down(UP_DOWN[key], modifiers, sizes, place) if sizes else None
    if key in LEFT_RIGHT:
        return _left_right(LEFT_RIGHT[key], modifiers, sizes, place)
    if key == Qt.Key.Key_C and not modifiers:
        return walk.connection(sizes, place) if sizes and place is not None else None
    if begins_number(event) and editable(place):
        return Typing(event.text())
    return _reshaped(event) if place is not None else None


def _reshaped(event: QKeyEvent) -> Reshape | None:
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    if event.key() == Qt.Key.Key_Plus:
        return Reshape("layer" if held == Qt.KeyboardModifier.ControlModifier else "more")
    if held:
        return None
    return Reshape("fewer") if event.key() == Qt.Key.Key_Minus else LETTERS.get(event.key())


def _up_down(direction: int, modifiers: Qt.KeyboardModifier, sizes: tuple[int, ...], place: Place | None) -> Wish:
    if place is not None and place.kind in ("weight", "bias", "target"):
        return Nudge(direction * STEP_PER_PX * factor(modifiers))
    return walk.above(sizes, place, direction)


def _left_right(
    direction: int, modifiers: Qt.KeyboardModifier, sizes: tuple[int, ...], place: Place | None
) -> Wish | None:
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return walk.beside(sizes, place, direction) if sizes else None
    return Step(direction, int(bool(modifiers & Qt.KeyboardModifier.ShiftModifier)))
